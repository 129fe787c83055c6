"""Orders that wait to be taken in, with what is wrong in each. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

CHECKS_HERE = (
    "order-unprocessed",
    "order-delivery-passed",
    "order-unknown-client",
    "order-unknown-article",
    "order-total-mismatch",
)

#: Checks that marking an order processed puts right.
OF_WAITING = ("order-unprocessed", "order-delivery-passed")

#: The chip of each check.
WORDS = {
    "order-unprocessed": "Too old",
    "order-delivery-passed": "Late",
    "order-unknown-client": "No such client",
    "order-unknown-article": "No such article",
    "order-total-mismatch": "Wrong sum",
}

SORTS = {
    "oldest": "Oldest first",
    "due": "Delivery soonest first",
    "total": "Highest amount first",
    "wrong": "What is wrong first",
}

#: How far a line's total may be from quantity x price, euro; as the check order-total-mismatch has it.
CENT = 0.01

#: As wide as a digit.
FIGURE_SPACE = "\u2007"


def waiting(orders: pl.DataFrame, chips: pl.DataFrame) -> pl.DataFrame:
    """Every unprocessed order, oldest first.

    Args:
        orders: the frame.
        chips: by `id` (order number as text): wrong, checks, rank.

    Returns id, order_number, shown (its number in full), client_number, client_name, ordered_at, due (delivery or
    pick-up date), is_pickup, lines, total, wrong, checks, rank (9 when nothing is wrong).
    """
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return (
        orders.filter(pl.col("processed_at").is_null())
        .select(
            "order_number",
            "client_number",
            "client_name",
            "ordered_at",
            "lines",
            "total",
            id=pl.col("order_number").cast(pl.String),
            shown=pl.coalesce("full_order_number", pl.col("order_number").cast(pl.String)),
            is_pickup=pl.col("is_pickup").fill_null(False),
            due=due(),
        )
        .join(chips, on="id", how="left", maintain_order="left")
        .with_columns(
            pl.col("wrong").fill_null(nothing),
            pl.col("checks").fill_null(nothing),
            pl.col("rank").fill_null(9),
        )
        .sort("ordered_at", "order_number", nulls_last=True)
    )


def due() -> pl.Expr:
    """The day the client expects it: pick-up where it is picked up, else delivery."""
    return pl.when(pl.col("is_pickup").fill_null(False)).then("pickup_date").otherwise("delivery_date")


def is_late(today: date) -> pl.Expr:
    """Is that day past?"""
    return (pl.col("due") < today).fill_null(False)


def chosen(
    rows: pl.DataFrame,
    today: date,
    *,
    show: str = "all",
    checks: Collection[str] = (),
    text: str = "",
    sort: str = "oldest",
) -> pl.DataFrame:
    """What the filters leave of `waiting`, in one of `SORTS`. `show` is all, late or wrong."""
    wanted = []
    if show == "late":
        wanted.append(is_late(today))
    if show == "wrong":
        wanted.append(pl.col("rank") < 9)
    if checks:
        wanted.append(pl.col("checks").list.eval(pl.element().is_in(list(checks))).list.any())
    for word in text.lower().split():
        wanted.append(
            pl.any_horizontal(
                pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
                for column in ("id", "shown", "client_number", "client_name")
            )
        )
    left = rows.filter(wanted) if wanted else rows
    columns, down = {
        "oldest": (["ordered_at", "order_number"], [False, False]),
        "due": (["due", "ordered_at"], [False, False]),
        "total": (["total", "ordered_at"], [True, False]),
        "wrong": (["rank", "ordered_at"], [False, False]),
    }[sort]
    return left.sort(columns, descending=down, nulls_last=True)


def to_mark(rows: pl.DataFrame) -> tuple[dict[str, list[str]], list[str]]:
    """By check of OF_WAITING the orders that can be marked processed, each under one; and those that neither found."""
    groups: dict[str, list[str]] = {}
    others = []
    for ident, checks in rows.select("id", "checks").iter_rows():
        check = next((check for check in OF_WAITING if check in checks), None)
        if check is None:
            others.append(ident)
        else:
            groups.setdefault(check, []).append(ident)
    if len(groups) == 2 and all("order-delivery-passed" in checks for checks in rows["checks"]):
        groups = {"order-delivery-passed": rows["id"].to_list()}  # one plan rather than two
    return groups, others


@dataclass(frozen=True)
class Summary:
    """The answer of the page: how many wait, since when, how many too late, how much money."""

    orders: int
    oldest: datetime | None
    late: int
    total: float
    wrong: int


def summary(rows: pl.DataFrame, today: date) -> Summary:
    """Counts over `waiting`."""
    oldest = rows["ordered_at"].min()
    return Summary(
        rows.height,
        oldest if isinstance(oldest, datetime) else None,
        rows.filter(is_late(today)).height,
        float(rows["total"].sum() or 0),
        rows.filter(pl.col("rank") < 9).height,
    )


@dataclass(frozen=True)
class Line:
    """One order line as shown: `unknown` when its article is none of the shop's, `off` when its total does not add up."""

    article: str
    name: str | None
    unit: str | None
    quantity: float | None
    price: float | None
    total: float | None
    unknown: bool
    off: bool


def lines_of(order: Mapping[str, Any], articles: pl.DataFrame | None, checks: Collection[str]) -> list[Line]:
    """The lines of one order, in its own order.

    Args:
        order: a row of the frame.
        articles: article_number and name of own and linked products; None when not known.
        checks: open checks of the order: only what they found is marked.
    """
    lines = order["order_lines"] or []
    numbers = [(line["article_number"] or "").strip() for line in lines]  # outer spaces: as the checks, none
    names: dict[str, str | None] = {}
    if articles is not None:
        rows = articles.filter(
            pl.col("article_number").str.strip_chars().is_in([one for one in numbers if one])
        )
        names = dict(rows.select(pl.col("article_number").str.strip_chars(), "name").iter_rows())
    return [
        Line(
            article=article,
            name=names.get(article),
            unit=line["unit"],
            quantity=line["quantity"],
            price=line["price"],
            total=line["total"],
            unknown="order-unknown-article" in checks and article not in names,
            off="order-total-mismatch" in checks and _off(line),
        )
        for article, line in zip(numbers, lines, strict=True)
    ]


def _off(line: Mapping[str, Any]) -> bool:
    if line["quantity"] is None or line["price"] is None or line["total"] is None:
        return False
    return bool(abs(line["total"] - line["quantity"] * line["price"]) > CENT + 1e-9)


def to_the_right(amounts: Sequence[str]) -> list[str]:
    """Amounts with figure spaces in front, so that they end below each other in a table that knows no alignment."""
    widest = max((len(amount) for amount in amounts), default=0)
    return [FIGURE_SPACE * (widest - len(amount)) + amount for amount in amounts]
