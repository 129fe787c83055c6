"""What is known of one article besides its own fields: orders, client prices, order lists, texts. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.frame_spec import UTC
from checks.gtin import gtin_number

#: The orders of one article: one row an order line.
ORDER_ROWS = pl.Schema(
    [
        ("order_number", pl.Int64()),
        ("full_order_number", pl.String()),
        ("client_number", pl.String()),
        ("client_name", pl.String()),
        ("ordered_at", UTC),
        ("processed", pl.Boolean()),
        ("quantity", pl.Float64()),
        ("unit", pl.String()),
        ("price", pl.Float64()),
        ("total", pl.Float64()),
    ]
)

PRICE_ROWS = pl.Schema(
    {
        "client_number": pl.String,
        "name": pl.String,
        "sales_price": pl.Float64,
        "promo_price": pl.Float64,
        "difference": pl.Float64,  # of the list price, 0.1 is ten per cent above it
        "exclusive": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Article:
    """Where an article stands in the newest data: its row, and whether it is own or linked."""

    number: str
    row: Mapping[str, Any] | None
    kind: str  # own | linked | gone

    @property
    def name(self) -> str:
        return (self.row or {}).get("name") or self.number


def find(number: str, products: pl.DataFrame | None, linked: pl.DataFrame | None) -> Article:
    """The article in the newest data; `gone` when neither list has it."""
    for kind, frame in (("own", products), ("linked", linked)):
        if frame is not None:
            rows = frame.filter(pl.col("article_number") == number)
            if rows.height:
                return Article(number, rows.row(0, named=True), kind)
    return Article(number, None, "gone")


def matching(
    text: str, products: pl.DataFrame | None, linked: pl.DataFrame | None, most: int
) -> pl.DataFrame:
    """Articles that hold every word of `text` in number, name, EAN or brand: article_number, name, ean, brand, kind."""
    columns = ("article_number", "name", "ean", "brand")
    parts = [
        frame.select(*columns, kind=pl.lit(kind))
        for kind, frame in (("own", products), ("linked", linked))
        if frame is not None
    ]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys((*columns, "kind"), pl.String))
    wanted = [
        pl.any_horizontal(
            pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
            for column in columns
        )
        for word in text.lower().split()
    ]
    found = pl.concat(parts)
    return (found.filter(wanted) if wanted else found).sort("article_number").head(most)


def order_rows(number: str, orders: pl.DataFrame | None, processed: pl.DataFrame | None) -> pl.DataFrame:
    """Order lines of the article as ORDER_ROWS, waiting ones on top, then the newest."""
    parts = []
    for frame, done in ((orders, False), (processed, True)):
        if frame is None:
            continue
        has_it = (
            pl.col("order_lines").list.eval(pl.element().struct.field("article_number") == number).list.any()
        )
        lines = frame.filter(has_it).explode("order_lines", empty_as_null=False, keep_nulls=False)
        line = pl.col("order_lines").struct
        parts.append(
            lines.filter(line.field("article_number") == number).select(
                "order_number",
                "full_order_number",
                "client_number",
                "client_name",
                "ordered_at",
                pl.lit(done).alias("processed"),
                line.field("quantity"),
                line.field("unit"),
                line.field("price"),
                line.field("total").alias("total"),
            )
        )
    if not parts:
        return pl.DataFrame(schema=ORDER_ROWS)
    # one that was processed between the two lists is in both
    found = pl.concat(parts).unique(
        ("order_number", "unit", "quantity", "total"), keep="last", maintain_order=True
    )
    return found.sort("processed", "ordered_at", descending=[False, True])


def price_rows(
    number: str, prices: pl.DataFrame | None, clients: pl.DataFrame | None, list_price: float | None
) -> pl.DataFrame:
    """The article's client prices as PRICE_ROWS, the farthest below the list price first."""
    if prices is None:
        return pl.DataFrame(schema=PRICE_ROWS)
    names = (
        pl.DataFrame(schema={"client_number": pl.String, "name": pl.String})
        if clients is None
        else clients.select("client_number", "name")
    )
    difference = pl.col("sales_price") / list_price - 1 if list_price else pl.lit(None, dtype=pl.Float64)
    return (
        prices.filter(pl.col("article_number") == number)
        .join(names, on="client_number", how="left", maintain_order="left")
        .with_columns(difference=difference)
        .select(PRICE_ROWS.names())
        .sort("difference", "client_number", nulls_last=True)
    )


def central_twin(row: Mapping[str, Any] | None, central: pl.DataFrame | None) -> Mapping[str, Any] | None:
    """The central product with the article's GTIN, compared as GTIN-14."""
    if row is None or central is None or not row["ean"]:
        return None
    wanted = pl.select(gtin_number(pl.lit(row["ean"]))).item()
    if wanted is None:
        return None
    # the last digits first: GTINs of all lengths share them, and looking at text ends is cheap
    near = central.filter(pl.col("ean").str.ends_with(str(row["ean"])[-8:]))
    same = near.filter(gtin_number(pl.col("ean")) == wanted)
    return same.row(0, named=True) if same.height else None
