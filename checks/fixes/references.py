"""Would POST Products take an own product back? Its references judged by the live lookup tables.

A product that a repair deletes may have to be put back. One that has no brand, or a brand that is gone, would be refused
then and be nowhere: it is left alone, when a plan is made and again before anything is deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from checks.fixes.wording import names
from checks.sources.oresto import lookups
from checks.sources.oresto.bodies import REQUIRED, Body
from checks.sources.oresto.collect_lookups import LOOKUP_PATHS
from checks.sources.rows import Shape

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
    """The keys of every lookup table, what its entries are called, and the categories that have subcategories."""

    keys: dict[str, frozenset[int | str]]
    parents: frozenset[int]
    names: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def name(self, table: str, key: int | str) -> str | None:
        """What people call an entry."""
        return self.names.get(table, {}).get(str(key))

    def knows(self, table: str, key: int | str) -> bool:
        return key in self.keys[table]

    def refusal(self, body: Body) -> str | None:
        """Why POST Products would refuse this body, and what to mend first; None when it would take it."""
        obstacles = self.obstacles(body)
        if not obstacles:
            return None
        mend = names(dict.fromkeys(word for word, _ in obstacles))
        return (
            f"If linking failed, the shop would not take the product back, because {names(why for _, why in obstacles)}. "
            f"Mend its {mend} first (set-reference)."
        )

    def obstacles(self, body: Body) -> list[tuple[str, str]]:
        """What is wrong: what people call the field, and why."""
        found = []
        for name, (word, table) in _REFERENCES.items():
            value = body.get(name)
            if value is None and name in REQUIRED:
                found.append((word, f"it has no {word}"))
            elif value is not None and not self.knows(table, value):
                found.append((word, f"its {word} {value} is not in the lookup table"))
        for name, word in _FLAGS.items():
            if name not in body:
                found.append((f"field {name}", f"the shop does not say whether it is {word}"))
        if body.get("CategoryId") in self.parents:
            found.append(("category", f"its category {body['CategoryId']} has subcategories"))
        supplier = body.get("Supplier")
        if supplier is not None and not self.knows("suppliers", supplier["Id"]):
            found.append(("supplier", f"its supplier {supplier['Id']} is not in the lookup table"))
        return found


_FLAGS = {"Active": "active", "OnOrder": "on order"}


def read_table(name: str, rows: Callable[[str], list[dict[str, Any]]]) -> frozenset[int | str]:
    """The keys of one lookup table, by the name of its frame."""
    table = lookups.table(name, rows(LOOKUP_PATHS[name]), Shape())
    return frozenset(table.to_series(0).drop_nulls())


def read_references(rows: Callable[[str], list[dict[str, Any]]]) -> References:
    """Reads all lookup tables once; `rows` gives the list at a path."""
    tables = {name: lookups.table(name, rows(path), Shape()) for name, path in LOOKUP_PATHS.items()}
    return References(
        {name: frozenset(table.to_series(0).drop_nulls()) for name, table in tables.items()},
        frozenset(tables["categories"]["parent_id"].drop_nulls()),
        {
            name: {
                str(key): text for key, text in zip(table.to_series(0), table["name"], strict=True) if text
            }
            for name, table in tables.items()
            if "name" in table.columns
        },
    )
