"""What happens to the lookup tables: entries appear, get another name, vanish and come back.

Products that point at an entry that vanished go on showing its name, and their LastModified stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checks.sandbox.oresto.life import Life
from checks.sandbox.oresto.lookups import Category


def entry_appeared(life: Life) -> str | None:
    """A new brand, producer or client segment."""
    kind = life.rng.choice(("brand", "producer", "segment"))
    table = _table(life, kind)
    id_ = max(table, default=0) + life.rng.randint(1, 9)
    table[id_] = f"Nieuw {id_}"
    return f"{kind} {id_} appeared"


def entry_renamed(life: Life) -> str | None:
    lookups, kind = (
        life.shop.lookups,
        life.rng.choice(("brand", "producer", "segment", "supplier", "storage", "category", "unit")),
    )
    mark = f"v{life.rng.randint(2, 99)}"
    if kind == "category":
        category = life.any(lookups.categories.values())
        if category is None:
            return None
        lookups.categories[category.id] = replace(category, nl=f"{category.nl} {mark}")
        return f"category {category.id} has another name"
    table: dict[Any, Any] = lookups.unit_sales_prices if kind == "unit" else _table(life, kind)
    key = life.any(table)
    if key is None:
        return None
    old = table[key]
    table[key] = f"{old} {mark}" if isinstance(old, str) else (f"{old[0]} {mark}", *old[1:])
    return f"{kind} {key} has another name"


def entry_vanished(life: Life) -> str | None:
    """Also one that products or clients point at; never the last one."""
    kind = life.rng.choice(("brand", "producer", "supplier", "storage", "segment"))
    table = _table(life, kind)
    key = _used(life, kind) if life.rng.random() < 0.5 else life.any(table)
    if key not in table or len(table) < 2:
        return None
    old = table.pop(key)
    life.shop.lookups.gone[kind, key] = old if isinstance(old, str) else old[0]
    return f"{kind} {key} vanished"


def entry_came_back(life: Life) -> str | None:
    """Under its old number: what points at it is right again."""
    gone = life.shop.lookups.gone
    found = life.any(key for key in gone if key[0] in ("brand", "producer", "segment"))
    if found is None:
        return None
    kind, key = found
    _table(life, kind)[key] = gone.pop(found)
    return f"{kind} {key} is back"


def unit_vanished(life: Life) -> str | None:
    """A content type, unit sales price or multiplier type; never the last one."""
    lookups = life.shop.lookups
    tables = (lookups.content_types, lookups.unit_sales_prices, lookups.multiplier_types)
    table = life.rng.choice(tables)
    if len(table) < 3:
        return None
    abbreviation = life.rng.choice(sorted(table))
    del table[abbreviation]
    return f"unit {abbreviation} vanished"


def unit_appeared(life: Life) -> str | None:
    """One that vanished may be back; else a new one."""
    lookups = life.shop.lookups
    tables = (lookups.content_types, lookups.unit_sales_prices, lookups.multiplier_types)
    table, abbreviation = (
        life.rng.choice(tables),
        life.rng.choice(("KG", "ST", "L", "DS", "PAK", "OZ", "ZAK")),
    )
    short = abbreviation.lower()
    table.setdefault(abbreviation, (short, short, short, short))
    return f"unit {abbreviation} is there"


def category_divided(life: Life) -> str | None:
    """An end node gets subcategories: what hangs on it hangs wrong from then on."""
    lookups = life.shop.lookups
    leaf = life.any(lookups.leaves())
    if leaf is None:
        return None
    id_ = max(lookups.categories) + 4
    lookups.categories[leaf.id] = replace(leaf, is_leaf=False)
    lookups.categories[id_] = Category(id_, leaf.id, f"{leaf.nl} bijzonder", f"{leaf.fr} spécial", True)
    return f"category {leaf.id} got subcategory {id_}"


def category_vanished(life: Life) -> str | None:
    """An end node; a parent that has no other becomes an end node itself."""
    lookups = life.shop.lookups
    leaf = life.any(lookups.leaves())
    if leaf is None or leaf.parent_id is None:
        return None
    del lookups.categories[leaf.id]
    lookups.gone["category", leaf.id] = leaf.nl
    if not any(category.parent_id == leaf.parent_id for category in lookups.categories.values()):
        parent = lookups.categories[leaf.parent_id]
        lookups.categories[parent.id] = replace(parent, is_leaf=True)
    return f"category {leaf.id} vanished"


def reference_repaired(life: Life) -> str | None:
    """Somebody gives a product whose brand is gone one that is there."""
    brands = life.shop.lookups.brands
    row = life.any(row for row in life.shop.own.values() if row.brand_id not in brands)
    if row is None:
        return None
    row.brand_id, row.modified = life.any(brands), life.shop.now()
    return f"own product {row.article_number} has brand {row.brand_id}"


def _table(life: Life, kind: str) -> dict[int, Any]:
    lookups = life.shop.lookups
    tables: dict[str, dict[int, Any]] = {
        "brand": lookups.brands,
        "producer": lookups.producers,
        "supplier": lookups.suppliers,
        "storage": lookups.storage,
        "segment": lookups.segments,
    }
    return tables[kind]


def _used(life: Life, kind: str) -> int | None:
    """An entry that somebody points at."""
    if kind == "segment":
        client = life.any(life.trade.clients.values())
        return client.segment_id if client else None
    row = life.own()
    if row is None:
        return None
    return {
        "brand": row.brand_id,
        "producer": row.producer_id,
        "supplier": row.supplier_id,
        "storage": row.storage_id,
    }[kind]
