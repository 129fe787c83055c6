"""Products without a photo, with what one wants to know of them. Pure functions."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

SORTS = {
    "turnover": "Highest turnover first",
    "price": "Highest price first",
    "name": "Name",
    "since": "Newest first",
    "brand": "Brand",
}

_NO_CATEGORY = "No category"


def pictured(
    findings: pl.DataFrame, products: pl.DataFrame | None, categories: pl.DataFrame | None
) -> pl.DataFrame:
    """Findings of missing-photo of one source with brand, category, ean and price of their product."""
    if products is None:
        return findings.with_columns(
            brand=pl.lit(None, pl.String),
            category=pl.lit(_NO_CATEGORY),
            ean=pl.lit(None, pl.String),
            price=pl.lit(None, pl.Float64),
        )
    first = pl.col("category_ids").list.first()
    name = pl.lit(None, pl.String)
    if categories is not None and categories.height:
        named = categories.drop_nulls("name").unique("id", keep="first")
        name = first.replace_strict(named["id"], named["name"], default=None, return_dtype=pl.String)
    more = products.select(
        "brand",
        "ean",
        key="article_number",
        price="sales_price",
        category=pl.coalesce(
            name, pl.when(first.is_not_null()).then(pl.format("Category {}", first)), pl.lit(_NO_CATEGORY)
        ),
    )
    joined = findings.join(more, on="key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("category").fill_null(_NO_CATEGORY)).select(
        *findings.columns, "brand", "category", "ean", "price"
    )


def by_category(rows: pl.DataFrame) -> pl.DataFrame:
    """category, products; most first."""
    counts = rows.group_by("category").agg(products=pl.len())
    return counts.sort("products", "category", descending=[True, False])


def ordered(rows: pl.DataFrame, sort: str, text: str = "", categories: Collection[str] = ()) -> pl.DataFrame:
    """What search and categories leave, in one of `SORTS`."""
    if categories:
        rows = rows.filter(pl.col("category").is_in(list(categories)))
    for word in text.lower().split():
        rows = rows.filter(
            pl.any_horizontal(
                pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
                for column in ("key", "name", "brand", "ean")
            )
        )
    columns, down = {
        "turnover": (["turnover", "orders", "price", "name"], [True, True, True, False]),
        "price": (["price", "name"], [True, False]),
        "name": (["name", "key"], [False, False]),
        "since": (["first_seen", "name"], [True, False]),
        "brand": (["brand", "name"], [False, False]),
    }[sort]
    return rows.sort(columns, descending=down, nulls_last=True)
