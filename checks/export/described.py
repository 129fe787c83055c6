"""Findings with what the things are called and what hangs on them, and the columns of the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import polars as pl

from checks.addresses import finding_address
from checks.impact import DAYS, with_impact
from checks.rules import CHECKS

_NAMES = ("name", "brand", "category")

#: What `described` adds to `findings.KEPT`. Turnover is in euro; null where it cannot be known.
DESCRIBED = pl.Schema(
    {
        **dict.fromkeys(_NAMES, pl.String()),
        "orders": pl.Int64(),
        "turnover": pl.Float64(),
        "clients": pl.Int64(),
    }
)

#: The columns of CSV and XLSX, in their order.
COLUMNS = (
    "severity",
    "check",
    "title",
    "source",
    "entity",
    "key",
    *_NAMES,
    "field",
    "value",
    "message",
    "status",
    "first_seen",
    "last_seen",
    "fixed_at",
    "orders",
    "turnover",
    "clients",
    "fix",
    "id",
    "link",
)


class Snapshots(Protocol):
    """What keeps the collected frames (`checks.store.Store`)."""

    def frame(self, source: str, name: str) -> pl.DataFrame | None: ...


def described(
    findings: pl.DataFrame, store: Snapshots, now: datetime, days: Mapping[str, float] | None = None
) -> pl.DataFrame:
    """`findings` with the columns of DESCRIBED.

    A finding on a product, on a client's price of it or on an order list names the product; one on a client the client.

    Args:
        findings: schema `findings.KEPT`, more columns welcome; order is kept.
        store: names come from its newest snapshots; null where there is none.
        now, days: as for `impact.with_impact`.
    """
    plain = findings.drop(DESCRIBED.names(), strict=False)
    keyed = plain.with_columns(_kind=_kind(), _thing=_thing())
    things = pl.concat([_nothing(), *(_things(store, source) for source in plain["source"].unique().sort())])
    named = keyed.join(
        things, on=["source", "_kind", "_thing"], how="left", maintain_order="left", nulls_equal=False
    )
    return with_impact(named.drop("_kind", "_thing"), store, now, days)


def days_in_words(days: Mapping[str, float] | None = None) -> str:
    """Over how many days `described` counts orders: `30 days`, `14 days`; `14 to 30 days` where sources differ.

    Args:
        days: by source, how far back its orders were collected; None: far enough.
    """
    counted = sorted({int(min(DAYS, one)) for one in (days or {}).values()} or {DAYS})
    if counted == [1]:
        return "1 day"
    return f"{counted[0]} to {counted[-1]} days" if len(counted) > 1 else f"{counted[0]} days"


def completed(findings: pl.DataFrame) -> pl.DataFrame:
    """`findings` with every column of DESCRIBED, null where it was not asked."""
    missing = {name: dtype for name, dtype in DESCRIBED.items() if name not in findings.columns}
    return findings.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in missing.items())


def check_title(check: str) -> str:
    """The check's title; the id of one that this version does not know."""
    return CHECKS[check].title if check in CHECKS else check


def as_table(findings: pl.DataFrame, url: str) -> pl.DataFrame:
    """COLUMNS of `findings`; `link` is null without a `url`."""
    titles = {check: check_title(check) for check in findings["check"].unique()}
    return (
        completed(findings)
        .with_columns(
            title=pl.col("check").replace_strict(titles, default=None, return_dtype=pl.String),
            link=pl.lit(finding_address(url, "")) + pl.col("id") if url else pl.lit(None, pl.String),
        )
        .select(*COLUMNS)
    )


def _kind() -> pl.Expr:
    """Which kind of thing names the finding: a product, or a client."""
    entity = pl.col("entity")
    return (
        pl.when(entity.is_in(["product", "client-product", "order-list-item"]))
        .then(pl.lit("product"))
        .when(entity == "client")
        .then(pl.lit("client"))
    )


def _thing() -> pl.Expr:
    """Its article or client number; keys of two parts hold the article beside the client."""
    key, entity = pl.col("key"), pl.col("entity")
    return (
        pl.when(entity == "client-product")
        .then(key.str.replace(r"\|[^|]*$", ""))
        .when(entity == "order-list-item")
        .then(key.str.replace(r"^[^|]*\|", ""))
        .otherwise(key)
    )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(
        schema=dict.fromkeys(("source", "_kind", "_thing", *_NAMES), pl.String),
    )


def _things(store: Snapshots, source: str) -> pl.DataFrame:
    """What the products and clients of one source are called."""
    parts = [_nothing()]
    categories = store.frame(source, "categories")
    names = {} if categories is None else dict(categories.select("id", "name").iter_rows())
    category = pl.element().replace_strict(names, default=None, return_dtype=pl.String).drop_nulls()
    for frame in ("products", "linked_products"):
        if (data := store.frame(source, frame)) is not None:
            of_product = pl.col("category_ids").list.eval(category).list.join(", ").replace("", None)
            parts.append(_called(data, source, "product", "article_number", pl.col("brand"), of_product))
    if (clients := store.frame(source, "clients")) is not None:
        nothing = pl.lit(None, pl.String)
        parts.append(_called(clients, source, "client", "client_number", nothing, nothing))
    return pl.concat(parts).unique(["_kind", "_thing"], keep="first", maintain_order=True)


def _called(
    data: pl.DataFrame, source: str, kind: str, key: str, brand: pl.Expr, category: pl.Expr
) -> pl.DataFrame:
    return data.select(
        source=pl.lit(source), _kind=pl.lit(kind), _thing=key, name="name", brand=brand, category=category
    )
