"""Collects the lookup tables (guide, chapter 4), and the short lists beside them.

A table is read after what names its entries, and the one of earlier today is not taken for an entry that was named since:
an entry that is younger than the table would look like one that the shop does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.collecting import Task, small
from checks.sources.oresto.whole import whole
from checks.sources.task import Known

#: Lookup table (frame) -> its path (guide, chapter 4).
LOOKUP_PATHS = {
    "categories": "Categories",
    "brands": "Brands",
    "storage_conditions": "StorageConditions",
    "content_types": "ContentTypes",
    "unit_sales_prices": "UnitSalesPrices",
    "multiplier_types": "MultiplierTypes",
    "producers": "Producers",
    "suppliers": "Suppliers",
    "client_segments": "ClientSegments",
}

#: Lookup table -> the frame and the columns that name its entries.
NAMED_IN = {
    "categories": ("products", "category_ids"),
    "brands": ("products", "brand_id"),
    "storage_conditions": ("products", "storage_condition_id"),
    "content_types": ("products", "content_type"),
    "unit_sales_prices": ("products", "unit_sales_price"),
    "multiplier_types": ("products", "multiplier_type"),
    "producers": ("products", "producer_id"),
    "suppliers": ("products", "suppliers"),
    "client_segments": ("clients", "segment_id"),
}

CHAINS_PATH = "Categories/GetConcatenated"


def lookup(task: Task) -> pl.DataFrame:
    namer, _ = NAMED_IN[task.frame]
    if namer in task.run.order:
        task.result(namer)  # however it ended
    found = small(
        task, LOOKUP_PATHS[task.frame], {}, lambda rows, shape: lookups.table(task.frame, rows, shape)
    )
    if task.frame == "categories" and found.height and found["parent_id"].null_count() == found.height:
        task.unusable["parent_id"] = (
            "no category has a ParentId or children: which are end nodes cannot be told."
        )
    return found


def named_since(task: Task, table: Known) -> str | None:
    """Why the table of earlier today does not do, in words: entries it lacks are named, and were not when it was read.

    Those that were missing then are no reason: they would be one at every run.
    """
    namer, column = NAMED_IN[task.frame]
    try:
        now = task.needs(namer)
    except SourceError:
        return None  # nothing names an entry that could be judged
    past = task.run.past.together((task.frame, namer))
    missing = _missing(now[column], table.data)
    if isinstance(past, Mapping):
        missing -= _missing(past[namer].data[column], table.data)
    if not missing:
        return None
    example = min(missing, key=str)
    return f"Read again today: {len(missing):,} that it lacked are named by now, e.g. {example}."


def _missing(named: pl.Series, table: pl.DataFrame) -> set[Any]:
    """The ids or abbreviations that the table does not have; abbreviations without case, as they are compared."""
    if isinstance(named.dtype, pl.List):
        named = named.explode()
    if isinstance(named.dtype, pl.Struct):
        named = named.struct.field("supplier_id")
    entries = table["abbreviation" if named.dtype == pl.String else "id"]
    return _entries(named) - _entries(entries)


def _entries(values: pl.Series) -> set[Any]:
    different = values.drop_nulls().unique()
    if different.dtype == pl.String:
        different = different.str.strip_chars().str.to_lowercase()
    return set(different) - {""}


def category_chains(task: Task) -> pl.DataFrame:
    """Every end node's chain of names from the top: `Vis | Zeevis | Kabeljauw` (guide 4.2)."""
    return whole(task, CHAINS_PATH, {"Reverse": "true"}, wire.CategoryChain, columns.category_chains)


def multiplicator_products(task: Task) -> pl.DataFrame:
    """Article numbers of the own products that have a multiplier (guide 6.3)."""
    numbers = task.client.read(
        "Products/GetWholesalerArticleNumbers",
        {"MultiplicatorProducts": "true"},
        lambda raw: msgspec.json.decode(raw, type=list[str | None]),
    )
    return pl.DataFrame({"article_number": pl.Series(numbers, dtype=pl.String)})
