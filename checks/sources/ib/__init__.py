"""IB: the bulk articles of one or more suppliers (ib-api)."""
