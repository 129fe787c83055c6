"""Collects the lookup tables (guide, chapter 4), and the short lists beside them."""

from __future__ import annotations

import msgspec
import polars as pl

from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.collecting import Task, small
from checks.sources.oresto.whole import whole

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

CHAINS_PATH = "Categories/GetConcatenated"


def lookup(task: Task) -> pl.DataFrame:
    found = small(
        task, LOOKUP_PATHS[task.frame], {}, lambda rows, shape: lookups.table(task.frame, rows, shape)
    )
    if task.frame == "categories" and found.height and found["parent_id"].null_count() == found.height:
        task.unusable["parent_id"] = (
            "no category has a ParentId or children: which are end nodes cannot be told."
        )
    return found


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
