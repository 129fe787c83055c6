"""The questions about clients, prices and orders by hand: part of what the check pass is measured against."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from checks.frames import Frames

_ASSORTMENT = ("products", "linked_products")


def trade_searches(frames: Frames, order_warning_hours: float, now: datetime) -> dict[str, pl.LazyFrame]:
    """By check, a query for the wrong rows' key and guilty value."""

    def numbers(column: str, *names: str) -> pl.LazyFrame:
        return pl.concat(
            [frames[name].lazy().select(number=pl.col(column).str.strip_chars()) for name in names]
        )

    def unknown(rows: pl.LazyFrame, column: str, known: pl.LazyFrame, *kept: str) -> pl.LazyFrame:
        asked = rows.select(*kept, number=pl.col(column).str.strip_chars())
        return asked.join(known, on="number", how="anti")

    clients, articles = numbers("client_number", "clients"), numbers("article_number", *_ASSORTMENT)
    active = frames["clients"].lazy().filter("active")
    users, prices = frames["users"].lazy(), frames["client_prices"].lazy()
    price_key, item_key = ("article_number", "client_number"), ("client_number", "article_number")
    listed = pl.concat(
        [
            frames[name]
            .lazy()
            .select(number=pl.col("article_number").str.strip_chars(), listed="sales_price")
            .drop_nulls()
            for name in _ASSORTMENT
        ]
    )
    waiting = frames["orders"].lazy().filter(pl.col("processed_at").is_null())
    lines = waiting.select("order_number", "order_lines").explode("order_lines").unnest("order_lines")
    product = pl.col("quantity") * pl.col("price")
    due = (
        pl.when("is_pickup")
        .then(pl.coalesce("pickup_date", "delivery_date"))
        .otherwise(pl.coalesce("delivery_date", "pickup_date"))
    )
    today = pl.lit(now).dt.convert_time_zone("Europe/Brussels").dt.date()
    segments = pl.lit(frames["client_segments"]["id"]).implode()
    collection = frames["collection"].lazy()
    return {
        "client-without-user": unknown(
            active,
            "client_number",
            users.filter("active").select(number=pl.col("client_number").str.strip_chars()),
            "client_number",
        ),
        "client-without-location": unknown(
            active, "client_number", numbers("client_number", "client_locations"), "client_number"
        ),
        "client-unknown-segment": active.filter(~pl.col("segment_id").is_in(segments)).select(
            "client_number", "segment_id"
        ),
        "user-unknown-client": unknown(users, "client_number", clients, "email"),
        "client-product-unknown-article": unknown(prices, "article_number", articles, *price_key),
        "client-product-unknown-client": unknown(prices, "client_number", clients, *price_key),
        "client-product-same-price": prices.filter(
            pl.col("sales_price").is_not_null() & pl.col("promo_price").is_null()
        )
        .select(*price_key, "sales_price", number=pl.col("article_number").str.strip_chars())
        .join(listed, on="number", how="inner")
        .filter((pl.col("sales_price") - pl.col("listed")).abs() < 0.005),
        "order-list-unknown-article": unknown(
            frames["order_lists"].lazy(), "article_number", articles, *item_key
        ),
        "order-unprocessed": waiting.filter(
            pl.lit(now) - pl.col("ordered_at") > timedelta(hours=order_warning_hours)
        ).select("order_number", "ordered_at"),
        "order-delivery-passed": waiting.filter(due < today).select("order_number", due=due),
        "order-unknown-client": unknown(waiting, "client_number", clients, "order_number"),
        "order-unknown-article": unknown(lines, "article_number", articles, "order_number")
        .group_by("order_number")
        .agg(pl.col("number").unique()),
        "order-total-mismatch": lines.filter((pl.col("total") - product).abs() > 0.010001)
        .group_by("order_number")
        .agg("article_number", "total"),
        "collection-incomplete": collection.filter(
            (pl.col("status") == "failed") | (pl.col("rows") < pl.col("expected"))
        ),
        "schema-drift": frames["field_drift"].lazy().unique(["frame", "field"]),
    }
