"""Findings with what the things are called and what hangs on them, and the columns of the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import polars as pl

from checks.addresses import finding_address
from checks.fixes.catalogue import FIXES
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

DECIDED_NAMES = ("decision", "decided_by", "reason", "until", "comment")

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
    *DECIDED_NAMES,
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


#: What `with_decisions` adds: the decision that holds, who took it, why, until when; and what was said last.
DECIDED = pl.Schema(
    {name: pl.Datetime("us", "UTC") if name == "until" else pl.String() for name in DECIDED_NAMES}
)


class Snapshots(Protocol):
    """What keeps the collected frames (`checks.store.Store`)."""

    def frame(self, source: str, name: str) -> pl.DataFrame | None: ...


class Decisions(Protocol):
    """What keeps the decisions and events (`checks.store.Store`)."""

    def decisions(self, ids: list[str] | None = None, active: bool = True) -> pl.DataFrame: ...

    def events_of(self, ids: list[str]) -> pl.DataFrame: ...


class Problems(Protocol):
    """What keeps the problems of the error log (`checks.store.Store().errors`)."""

    def groups(self, *, state: str) -> pl.DataFrame: ...


def described(
    findings: pl.DataFrame,
    store: Snapshots,
    now: datetime,
    days: Mapping[str, float] | None = None,
    problems: Problems | None = None,
) -> pl.DataFrame:
    """`findings` with the columns of DESCRIBED.

    A finding on a product, on a client's price of it or on an order list names the product; one on a client the client;
    one on an order the number of its client, never who that is: files are kept outside. One on a supplier's article has
    the article's name, brand and group, one on a debtor the debtor's name, one on a problem of the error log its title.

    Args:
        findings: schema `findings.KEPT`, more columns welcome; order is kept.
        store: names come from its newest snapshots; null where there is none.
        now, days: as for `impact.with_impact`.
        problems: where their titles are; null without.
    """
    plain = findings.drop(DESCRIBED.names(), strict=False)
    keyed = plain.with_columns(_of=_of(), _kind=_kind(), _thing=_thing())
    things = pl.concat([_nothing(), *(_things(store, source) for source in keyed["_of"].unique().sort())])
    named = keyed.join(
        things.rename({"source": "_of"}),
        on=["_of", "_kind", "_thing"],
        how="left",
        maintain_order="left",
        nulls_equal=False,
    )
    if problems is not None and (plain["entity"] == "error-group").any():
        titles = dict(problems.groups(state="all").select("id", "title").iter_rows())
        title = pl.col("key").replace_strict(titles, default=None, return_dtype=pl.String)
        is_problem = pl.col("entity") == "error-group"
        named = named.with_columns(name=pl.when(is_problem).then(title).otherwise("name"))
    return with_impact(named.drop("_of", "_kind", "_thing"), store, now, days)


def with_decisions(findings: pl.DataFrame, store: Decisions) -> pl.DataFrame:
    """`findings` with the columns of DECIDED, null where nothing was decided or said; order is kept."""
    plain = findings.drop(DECIDED.names(), strict=False)
    ids = plain["id"].to_list()
    decided = (
        store.decisions(ids)
        .unique("finding_id", keep="first", maintain_order=True)
        .select("reason", "until", id="finding_id", decision="kind", decided_by="by")
    )
    said = (
        store.events_of(ids)
        .filter(pl.col("event") == "comment")
        .unique("finding_id", keep="last", maintain_order=True)
        .select(id="finding_id", comment="detail")
    )
    both = plain.join(decided, on="id", how="left", maintain_order="left").join(
        said, on="id", how="left", maintain_order="left"
    )
    return both.select(*plain.columns, *(pl.col(name).cast(dtype) for name, dtype in DECIDED.items()))


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
    """`findings` with every column of DESCRIBED and DECIDED, null where it was not asked."""
    every = {**DESCRIBED, **DECIDED}
    missing = {name: dtype for name, dtype in every.items() if name not in findings.columns}
    return findings.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in missing.items())


def check_title(check: str) -> str:
    """The check's title; the id of one that this version does not know."""
    return CHECKS[check].title if check in CHECKS else check


def as_table(findings: pl.DataFrame, url: str) -> pl.DataFrame:
    """COLUMNS of `findings`; `link` is null without a `url`, `fix` where `keurmeester fix` cannot do it yet."""
    titles = {check: check_title(check) for check in findings["check"].unique()}
    return (
        completed(findings)
        .with_columns(
            title=pl.col("check").replace_strict(titles, default=None, return_dtype=pl.String),
            fix=pl.when(pl.col("fix").is_in(list(FIXES))).then(pl.col("fix")),
            link=pl.lit(finding_address(url, "")) + pl.col("id") if url else pl.lit(None, pl.String),
        )
        .select(*COLUMNS)
    )


def _is_debtor_of_erp() -> pl.Expr:
    """A shop's finding on a debtor names the ERP before it: `easyflor|417`."""
    return (pl.col("entity") == "debtor") & pl.col("key").str.contains("|", literal=True)


def _of() -> pl.Expr:
    """The source that knows what the thing is called."""
    erp = pl.col("key").str.extract(r"^([^|]*)\|")
    return pl.when(_is_debtor_of_erp()).then(erp).otherwise("source")


def _kind() -> pl.Expr:
    """Which kind of thing names the finding: a product, a client, an order, a supplier's article, a debtor."""
    entity = pl.col("entity")
    return (
        pl.when(entity.is_in(["product", "client-product", "order-list-item"]))
        .then(pl.lit("product"))
        .when(entity.is_in(["client", "order", "article", "debtor"]))
        .then(entity)
    )


def _thing() -> pl.Expr:
    """Its article or client number; keys of two parts hold the article beside the client."""
    key, entity = pl.col("key"), pl.col("entity")
    return (
        pl.when(entity == "client-product")
        .then(key.str.replace(r"\|[^|]*$", ""))
        .when((entity == "order-list-item") | _is_debtor_of_erp())
        .then(key.str.replace(r"^[^|]*\|", ""))
        .otherwise(key)
    )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(
        schema=dict.fromkeys(("source", "_kind", "_thing", *_NAMES), pl.String),
    )


def _things(store: Snapshots, source: str) -> pl.DataFrame:
    """What the things of one source are called."""
    parts = [_nothing()]
    categories = store.frame(source, "categories")
    names = {} if categories is None else dict(categories.select("id", "name").iter_rows())
    category = pl.element().replace_strict(names, default=None, return_dtype=pl.String).drop_nulls()
    for frame in ("products", "linked_products"):
        if (data := store.frame(source, frame)) is not None:
            of_product = pl.col("category_ids").list.eval(category).list.join(", ").replace("", None)
            parts.append(_called(data, source, "product", "article_number", pl.col("brand"), of_product))
    nothing = pl.lit(None, pl.String)
    if (clients := store.frame(source, "clients")) is not None:
        parts.append(_called(clients, source, "client", "client_number", nothing, nothing))
    if (orders := store.frame(source, "orders")) is not None:
        parts.append(_called(orders, source, "order", "order_number", nothing, nothing, "client_number"))
    if (articles := store.frame(source, "catalogue")) is not None:
        parts.append(_called(articles, source, "article", "article_key", pl.col("brand"), pl.col("group")))
    if (waiting := store.frame(source, "catalogue_waiting")) is not None:
        parts.append(_called(waiting, source, "article", "article_key", nothing, nothing))
    if (debtors := store.frame(source, "debtors")) is not None:
        parts.append(_called(debtors, source, "debtor", "debtor_id", nothing, nothing))
    return pl.concat(parts).unique(["_kind", "_thing"], keep="first", maintain_order=True)


def _called(
    data: pl.DataFrame,
    source: str,
    kind: str,
    key: str,
    brand: pl.Expr,
    category: pl.Expr,
    name: str = "name",
) -> pl.DataFrame:
    return data.select(
        source=pl.lit(source),
        _kind=pl.lit(kind),
        _thing=pl.col(key).cast(pl.String),
        name=name,
        brand=brand,
        category=category,
    )
