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

_COLOURS = {"Error": "red", "Warning": "orange", "Info": "blue"}


def severity_column(label: str = "Severity") -> Any:
    """Severity as colour, sign and word together."""
    looks = list(SEVERITIES.values())
    return st.column_config.MultiselectColumn(
        label, options=[look.cell for look in looks], color=[look.colour for look in looks], width=82
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
    shown = findings.select(
        severity=severity_cells(pl.col("severity")),
        key="key",
        name="name",
        title="title",
        message="message",
        since="first_seen",
        status=status_cells(pl.col("status")),
        source="source",
    )
    columns: dict[str, Any] = {
        "severity": severity_column(),
        "key": st.column_config.TextColumn("Article", width=86, help="Article number, or order number"),
        "name": st.column_config.TextColumn("Name", width=150),
    }
    columns["message"] = st.column_config.TextColumn("What is wrong", width=250)
    columns["since"] = st.column_config.DatetimeColumn(
        "Since", format="distance", width=88, help="When it was first found; click a cell for the exact time"
    )
    columns["status"] = st.column_config.TextColumn("State", width=82)
    if with_check:
        columns["title"] = st.column_config.TextColumn("Check", width=160)
    if with_source:
        columns["source"] = st.column_config.TextColumn("Source", width=90)
    columns = {name: column for name, column in columns.items() if name not in without}
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


def as_csv(findings: pl.DataFrame) -> bytes:
    """What *Export* writes: the contract's names, moments in UTC."""
    columns = [
        "id",
        "check",
        "severity",
        "source",
        "entity",
        "key",
        "name",
        "field",
        "value",
        "message",
        "status",
    ]
    return findings.select(*columns, "first_seen", "last_seen", "fix").write_csv().encode("utf-8-sig")
