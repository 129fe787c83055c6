"""Collects the lookup tables (guide, chapter 4)."""

from __future__ import annotations

import polars as pl

from checks.sources.oresto import lookups
from checks.sources.oresto.collecting import Task, small

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


def lookup(task: Task) -> pl.DataFrame:
    found = small(
        task, LOOKUP_PATHS[task.frame], {}, lambda rows, shape: lookups.table(task.frame, rows, shape)
    )
    if task.frame == "categories" and found.height and found["parent_id"].null_count() == found.height:
        task.unusable["parent_id"] = (
            "no category has a ParentId or children: which are end nodes cannot be told."
        )
    return found
