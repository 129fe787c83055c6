"""A stand-in of IB's bulk API: the assortments of several suppliers, with faults in the data (ib-api)."""

from checks.sandbox.ib.server import IbSandbox

__all__ = ["IbSandbox"]
