"""The table of findings: a row is understood without a second click."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import selecting
from dashboard.parts.style import table_height
from dashboard.parts.words import SEVERITIES, STATUSES

#: More rows than this would be loaded lazily by Streamlit, without search, selection and download.
MOST_ROWS = 100_000

#: What the column of keys is called when all findings are about the same kind of thing.
_KEY_TITLES = {
    "product": "Article",
    "order": "Order",
    "client": "Client",
    "user": "E-mail",
    "client-product": "Article, client",
    "order-list-item": "Client, article",
    "frame": "Data",
    "error-group": "Problem",
    "article": "Article",
    "debtor": "Debtor",
}

#: Their keys say nothing to a person; their names stand in the place of these.
_BY_NAME = "error-group"

#: What stands before a key in a list of several kinds; an article number needs no word.
_KEY_WORDS = {"order": "Order ", "client": "Client ", "debtor": "Debtor "}


def severity_column(label: str = "Severity") -> Any:
    """Severity as colour, sign and word together."""
    looks = list(SEVERITIES.values())
    return st.column_config.MultiselectColumn(
        label, options=[look.cell for look in looks], color=[look.colour for look in looks], width=80
    )


def severity_cells(severity: pl.Expr) -> pl.Expr:
    return pl.concat_list(
        severity.replace_strict({name: look.cell for name, look in SEVERITIES.items()}, default="● Info")
    )


def status_cells(status: pl.Expr) -> pl.Expr:
    return status.replace_strict({name: look.cell for name, look in STATUSES.items()}, default=status)


def finding_table(
    findings: pl.DataFrame,
    *,
    key: str,
    with_check: bool = True,
    with_source: bool = False,
    height: int = 560,
    selectable: bool = True,
    without: Collection[str] = (),
    start: str | None = None,
    then: Callable[[list[str]], None] | None = None,
) -> list[str]:
    """Draws findings (as `loading.open_findings` gives them); returns the ids of the selected ones."""
    if findings.height > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} of {findings.height:,} are shown; filter to see the others.")
        findings = findings.head(MOST_ROWS)
    about = findings["entity"].unique().to_list()
    shown = findings.select(
        severity=severity_cells(pl.col("severity")),
        key=key_cells(about),
        name=pl.when(pl.col("entity") != _BY_NAME).then("name"),
        title="title",
        message=pl.when(pl.col("entity") == _BY_NAME)
        .then(without_title(pl.col("message"), pl.col("name")))
        .otherwise("message"),
        turnover="turnover",
        orders="orders",
        clients="clients",
        since="first_seen",
        status=status_cells(pl.col("status")),
        source="source",
    )
    one_check = with_check and findings["check"].n_unique() == 1  # every row would say the same
    columns: dict[str, Any] = {
        "severity": severity_column(),
        "key": key_column(about),
        "name": st.column_config.TextColumn("Name", width=130),
        "message": st.column_config.TextColumn("What is wrong", width=276 if one_check else 222),
        "since": st.column_config.DatetimeColumn(
            "Since",
            format="distance",
            width=88,
            help="When it was first found; click a cell for the exact time",
        ),
        **impact_columns(findings),
        "status": st.column_config.TextColumn("State", width=86),
    }
    if with_check and not one_check:
        columns["title"] = st.column_config.TextColumn("Check", width=160)
    if with_source:
        columns["source"] = st.column_config.TextColumn("Source", width=90)
    if about == [_BY_NAME]:
        del columns["name"]
    columns = {name: column for name, column in columns.items() if name not in without}
    shown = shown.select(*columns)
    if not selectable:
        st.dataframe(
            shown,
            hide_index=True,
            column_config=columns,
            column_order=list(columns),
            height=table_height(shown.height, height),
            placeholder="",
            key=key,
            alt="Findings",
        )
        return []
    return selecting.table(
        findings,
        shown,
        columns,
        key=key,
        alt="Findings, the gravest first",
        height=table_height(shown.height, height),
        start=start,
        then=then,
    )


def without_title(message: pl.Expr, title: pl.Expr) -> pl.Expr:
    """What the message of a problem says beside its title, with which it begins."""
    rest = message.str.strip_prefix(title.fill_null("")).str.strip_chars(" :")
    return rest.str.replace(r"^\((.*)\)$", "$1")


def key_column(about: Collection[str]) -> Any:
    """The column of keys, called by what the findings are about."""
    title = _KEY_TITLES.get(next(iter(about)), "About") if len(about) == 1 else "About"
    width = {"Article": 86, "Problem": 280}.get(title, 100)
    return st.column_config.TextColumn(title, width=width)


def key_cells(about: Collection[str]) -> pl.Expr:
    """Keys; where findings are about things of several kinds, an order or client says that it is one."""
    key = (
        pl.when(pl.col("entity") == _BY_NAME)
        .then(pl.coalesce("name", pl.lit("A problem")))
        .otherwise("called")
    )
    if len(about) < 2:
        return key
    words = pl.col("entity").replace_strict(_KEY_WORDS, default="", return_dtype=pl.String)
    return words + key


def impact_columns(findings: pl.DataFrame) -> dict[str, Any]:
    """Columns of what findings touch; without those that have nothing to say about any of them."""
    columns = {
        "turnover": st.column_config.NumberColumn(
            "Turnover",
            format="€ %,.0f",
            width=76,
            help="Of the orders of the last 30 days that have it in them",
        ),
        "orders": st.column_config.NumberColumn(
            "Orders", format="localized", width=60, help="Of the last 30 days, that have it in them"
        ),
        "clients": st.column_config.NumberColumn(
            "Clients", format="localized", width=60, help="Clients with a price of their own for it"
        ),
    }
    return {name: column for name, column in columns.items() if findings[name].null_count() < findings.height}
