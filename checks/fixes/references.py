"""Would POST Products take an own product back? Its references judged by the live lookup tables.

A product that a repair deletes may have to be put back. One that has no brand, or a brand that is gone, is refused then;
who plans must know that before anything is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.fixes.shop import Shop
from checks.sources.oresto import lookups, wire
from checks.sources.oresto.bodies import REQUIRED, Body
from checks.sources.oresto.collect import LOOKUP_PATHS

#: Field of the POST body -> what people call it, and its lookup table.
_REFERENCES = {
    "BrandId": ("brand", "brands"),
    "CategoryId": ("category", "categories"),
    "ContentType": ("content type", "content_types"),
    "MultiplierAbbreviation": ("multiplier type", "multiplier_types"),
    "ProducerId": ("producer", "producers"),
    "StorageConditionId": ("storage condition", "storage_conditions"),
    "UnitSalesPrice": ("unit sales price", "unit_sales_prices"),
}


@dataclass(frozen=True)
class References:
    """The keys of every lookup table, and the categories that have subcategories."""

    keys: dict[str, frozenset[int | str]]
    parents: frozenset[int]

    def knows(self, table: str, key: int | str) -> bool:
        return key in self.keys[table]

    def obstacles(self, body: Body) -> list[str]:
        """Why POST Products would refuse this body, e.g. `brand 77777 is not in its table`; empty when it would not."""
        found = []
        for field, (word, table) in _REFERENCES.items():
            value = body.get(field)
            if value is None and field in REQUIRED:
                found.append(f"it has no {word}")
            elif value is not None and not self.knows(table, value):
                found.append(f"its {word} {value} is not in the lookup table")
        found += [
            f"the shop does not say whether it is {_FLAGS[name]}" for name in _FLAGS if name not in body
        ]
        if body.get("CategoryId") in self.parents:
            found.append(f"its category {body['CategoryId']} has subcategories")
        supplier = body.get("Supplier")
        if supplier is not None and not self.knows("suppliers", supplier["Id"]):
            found.append(f"its supplier {supplier['Id']} is not in the lookup table")
        return found


_FLAGS = {"Active": "active", "OnOrder": "on order"}


def read_references(shop: Shop) -> References:
    """Reads all lookup tables once."""
    tables = {name: lookups.table(name, shop.rows(path), wire.Shape()) for name, path in LOOKUP_PATHS.items()}
    return References(
        {name: frozenset(table.to_series(0).drop_nulls()) for name, table in tables.items()},
        frozenset(tables["categories"]["parent_id"].drop_nulls()),
    )
