"""What a finding touches: orders and turnover of the last days, clients with a price of their own.

A missing photo on the best seller stands above one on a product that nobody orders. Pure: frames in, frames out; only
`with_impact` reads snapshots.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import polars as pl

from checks.findings import SEVERITIES
from checks.frames import FRAMES

#: Days of orders that count.
DAYS = 30

#: By product: `article_number`, distinct `orders` with a line for it, `turnover` in euro (the lines' totals; null where
#: it was ordered and no line has one), and distinct `clients` with a price row for it.
IMPACT = pl.Schema(
    {"article_number": pl.String, "orders": pl.Int64, "turnover": pl.Float64, "clients": pl.Int64}
)
CLIENT_IMPACT = pl.Schema({"client_number": pl.String, "orders": pl.Int64, "turnover": pl.Float64})

_COLUMNS = ("orders", "turnover", "clients")


class Snapshots(Protocol):
    """What keeps the collected frames (`checks.store.Store`)."""

    def frame(self, source: str, name: str) -> pl.DataFrame | None: ...


def impact(
    orders: pl.DataFrame | None,
    processed_orders: pl.DataFrame | None,
    client_prices: pl.DataFrame | None,
    now: datetime,
    days: float = DAYS,
) -> pl.DataFrame:
    """What hangs on each product, as IMPACT; products that nothing touches have no row.

    Args:
        orders, processed_orders, client_prices: frames of one source; None for one that was not collected.
        now: the moment from which the `days` count back, aware.
    """
    lines = (
        _lately(orders, processed_orders, now, days)
        .select("order_number", "order_lines")
        .explode("order_lines", empty_as_null=False, keep_nulls=False)
        .unnest("order_lines")
    )
    sold = (
        lines.filter(pl.col("article_number").is_not_null())
        .group_by("article_number")
        .agg(orders=pl.col("order_number").n_unique(), turnover=_sum("total"))
    )
    priced = (
        pl.DataFrame(schema={"article_number": pl.String, "clients": pl.UInt32})
        if client_prices is None
        else client_prices.group_by("article_number").agg(clients=pl.col("client_number").n_unique())
    )
    return (
        sold.join(priced, on="article_number", how="full", coalesce=True)
        .with_columns(
            pl.col("orders", "clients").fill_null(0),
            turnover=pl.when(pl.col("orders").is_null()).then(0.0).otherwise("turnover"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in IMPACT.items())
        .sort(
            "turnover",
            "orders",
            "clients",
            "article_number",
            descending=[True, True, True, False],
            nulls_last=True,
        )
    )


def client_impact(
    orders: pl.DataFrame | None,
    processed_orders: pl.DataFrame | None,
    now: datetime,
    days: float = DAYS,
) -> pl.DataFrame:
    """What each client ordered, as CLIENT_IMPACT; clients without orders have no row.

    `turnover` is null where none of the orders has a total.
    """
    return (
        _lately(orders, processed_orders, now, days)
        .filter(pl.col("client_number").is_not_null())
        .group_by("client_number")
        .agg(orders=pl.col("order_number").n_unique(), turnover=_sum("total"))
        .select(pl.col(name).cast(dtype) for name, dtype in CLIENT_IMPACT.items())
        .sort("turnover", "client_number", descending=[True, False], nulls_last=True)
    )


def with_impact(
    findings: pl.DataFrame, store: Snapshots, now: datetime, days: Mapping[str, float] | None = None
) -> pl.DataFrame:
    """`findings` with the columns orders, turnover and clients.

    A finding on a product, on one client's price of it, or on one client's order list counts what touches the product;
    one on a client or user counts that client's orders; one on an order counts the order. 0 where nothing does, null
    where it cannot be known: orders were never collected or have no totals, or the thing is not of the trade at all (a
    frame).

    Args:
        findings: schema `findings.KEPT`, more columns welcome; order is kept.
        now: the moment from which the days count back, aware.
        days: by source, how far back its orders were collected (`orders_days`), at most DAYS counts.
    """
    parts = [
        _of_source(part, store, source, now, min(DAYS, (days or {}).get(source, DAYS)))
        for (source,), part in findings.with_row_index("_place").group_by("source", maintain_order=True)
    ]
    if not parts:
        return findings.with_columns(
            orders=pl.lit(None, pl.Int64), turnover=pl.lit(None, pl.Float64), clients=pl.lit(None, pl.Int64)
        )
    return pl.concat(parts).sort("_place").drop("_place")


def _sum(column: str) -> pl.Expr:
    """Null where there is nothing to add up: that is not known, and not nothing."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum())


def by_impact() -> list[pl.Expr]:
    """What to sort findings by (all ascending, nulls last): the gravest first, within it what touches most."""
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    return [
        pl.col("severity").replace_strict(rank, default=len(rank), return_dtype=pl.UInt8),
        *(-pl.col(name).cast(pl.Float64).fill_null(-1) for name in ("turnover", "orders", "clients")),
        pl.col("key"),
    ]


def _lately(
    orders: pl.DataFrame | None, processed_orders: pl.DataFrame | None, now: datetime, days: float
) -> pl.DataFrame:
    """Orders of the last days, each once: one that was processed between the two lists is in both."""
    columns = ("order_number", "client_number", "ordered_at", "total", "order_lines")
    given = [one.select(columns) for one in (processed_orders, orders) if one is not None]
    if not given:
        return FRAMES["orders"].empty().select(columns)
    both = pl.concat(given).unique("order_number", keep="first", maintain_order=True)
    return both.filter(pl.col("ordered_at").is_between(now - timedelta(days=days), now))


def _of_source(
    findings: pl.DataFrame, store: Snapshots, source: str, now: datetime, days: float
) -> pl.DataFrame:
    orders, processed = store.frame(source, "orders"), store.frame(source, "processed_orders")
    prices = store.frame(source, "client_prices")
    by_product = impact(orders, processed, prices, now, days)
    by_client = client_impact(orders, processed, now, days)
    users = store.frame(source, "users")
    known = orders is not None or processed is not None
    key, entity = pl.col("key"), pl.col("entity")
    of_user = {} if users is None else dict(users.select("email", "client_number").drop_nulls().iter_rows())
    with_keys = findings.with_columns(
        _article=pl.when(entity == "product")
        .then(key)
        .when(entity == "client-product")
        .then(key.str.replace(r"\|[^|]*$", ""))
        .when(entity == "order-list-item")
        .then(key.str.replace(r"^[^|]*\|", "")),
        _client=pl.when(entity == "client")
        .then(key)
        .when(entity == "user")
        .then(key.replace_strict(of_user, default=None, return_dtype=pl.String)),
        _order=pl.when(entity == "order").then(key.cast(pl.Int64, strict=False)),
    )
    totals = (
        pl.DataFrame(schema={"order_number": pl.Int64, "total": pl.Float64})
        if orders is None
        else orders.select("order_number", "total")
    )
    joined = (
        with_keys.join(
            by_product.rename({"article_number": "_article"}),
            on="_article",
            how="left",
            maintain_order="left",
        )
        .join(
            by_client.rename({"client_number": "_client", "orders": "_orders", "turnover": "_turnover"}),
            on="_client",
            how="left",
            maintain_order="left",
        )
        .join(
            totals.rename({"order_number": "_order", "total": "_total"}).with_columns(_waits=pl.lit(True)),
            on="_order",
            how="left",
            maintain_order="left",
        )
    )
    of_trade = pl.any_horizontal(pl.col(name).is_not_null() for name in ("_article", "_client", "_order"))
    of_order = pl.col("_order").is_not_null()
    nothing = pl.when(of_trade & pl.lit(known)).then(0)
    return joined.with_columns(
        orders=pl.when(of_order).then(1).otherwise(pl.coalesce("orders", "_orders", nothing)).cast(pl.Int64),
        turnover=pl.when(pl.coalesce("orders", "_orders").is_not_null() | pl.col("_waits").fill_null(False))
        .then(pl.coalesce("_total", "turnover", "_turnover"))
        .otherwise(nothing)
        .cast(pl.Float64),
        clients=pl.when(pl.col("_article").is_not_null() & pl.lit(prices is not None))
        .then(pl.col("clients").fill_null(0))
        .cast(pl.Int64),
    ).drop("_article", "_client", "_order", "_orders", "_turnover", "_total", "_waits")
