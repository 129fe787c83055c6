"""What is known of the fields of Oresto's answers; see `checks.sources.trust`."""

from __future__ import annotations

import msgspec

from checks.sources.oresto import columns, columns_trade, wire, wire_trade
from checks.sources.trust import Trust

#: The frames that are read by structs, whose known fields are therefore known.
KINDS: dict[str, type[msgspec.Struct]] = {
    "products": wire.AssortmentProduct,
    "linked_products": wire.AssortmentProduct,
    "central_products": wire.CentralProduct,
    "deleted_central_products": wire.CentralProduct,
    "photos": wire.Photo,
    "category_chains": wire.CategoryChain,
    "orders": wire_trade.Order,
    "processed_orders": wire_trade.Order,
    "clients": wire_trade.Client,
    "client_locations": wire_trade.ClientLocation,
    "users": wire_trade.User,
    "representatives": wire_trade.Representative,
    "client_prices": wire_trade.ClientPrice,
}

TRUST = Trust(
    KINDS,
    wire.KNOWN_EXTRAS,
    {**columns.SOURCES_OF, **columns_trade.SOURCES_OF},
    columns.NEED_ALL,
)
