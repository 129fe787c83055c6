"""The form of a fix for many things: a table, one row a thing, one column a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from checks.fixes import Input
from dashboard.parts.style import table_height

Values = dict[str, str]

_MOST_SAID = 3

#: How a column of each kind is kept while it is edited; all others are text.
_TYPES: dict[str, Any] = {"number": pl.Float64, "date": pl.Date}


@dataclass(frozen=True)
class About:
    """A thing that a row is for: its name, and what is wrong with it."""

    key: str
    name: str | None = None
    wrong: str | None = None


def filled(
    by_key: Mapping[str, Sequence[Input]], about: Mapping[str, About], *, key: str
) -> dict[str, Values]:
    """Draws the table; gives what stands in each row as the fix takes it, by key."""
    columns = _columns(by_key)
    labels = {name: _labels(column) for name, column in columns.items()}
    config: dict[str, Any] = {
        "key": st.column_config.TextColumn("Article", disabled=True, width=110),
        "name": st.column_config.TextColumn("Name", disabled=True, width=200),
        "wrong": st.column_config.TextColumn("What is wrong", disabled=True, width=220),
    }
    for name, column in columns.items():
        config[name] = _config(column[0], labels[name])
        if labels[name] is None and any(one.choices for one in column):
            config[f"{name}?"] = st.column_config.TextColumn("Likeliest", disabled=True, width=300)
    kinds = {name: _TYPES.get(column[0].kind, pl.String) for name, column in columns.items()}
    rows = [_start(about.get(key, About(key)), its, config) for key, its in by_key.items()]
    edited = st.data_editor(
        pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in config}),
        key=key,
        hide_index=True,
        column_config=config,
        column_order=list(config),
        num_rows="fixed",
        placeholder="",
        height=table_height(len(by_key), 420),
        alt="What each one needs",
    )
    return {str(row["key"]): _taken(row, by_key[row["key"]]) for row in edited.iter_rows(named=True)}


def _columns(by_key: Mapping[str, Sequence[Input]]) -> dict[str, list[Input]]:
    found: dict[str, list[Input]] = {}
    for its in by_key.values():
        for one in its:
            found.setdefault(one.name, []).append(one)
    return found


def _labels(column: Sequence[Input]) -> dict[str, str] | None:
    """Value -> label where all rows may choose among few entries and none may write another; None for a free field."""
    if any(one.free or one.kind != "choice" for one in column):
        return None
    return {choice.value: choice.label for one in column for choice in one.choices}


def _config(one: Input, labels: Mapping[str, str] | None) -> Any:
    shared: dict[str, Any] = {"help": one.help or None, "width": 200}
    if labels is not None:
        return st.column_config.SelectboxColumn(
            one.title,
            options=list(labels),
            format_func=lambda value: labels.get(str(value), str(value)),
            **shared,
        )
    if one.kind == "number":
        return st.column_config.NumberColumn(one.title, min_value=0, **shared)
    if one.kind == "date":
        return st.column_config.DateColumn(one.title, format="DD/MM/YYYY", **shared)
    return st.column_config.TextColumn(one.title, **shared)


def _start(about: About, inputs: Sequence[Input], config: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it stands at first."""
    row: dict[str, Any] = {**dict.fromkeys(config), **vars(about)}
    for one in inputs:
        row[one.name] = float(one.default) if one.kind == "number" and one.default else one.default
        if f"{one.name}?" in config:
            said = [
                f"{choice.label} ({choice.why})" if choice.why else choice.label for choice in one.choices
            ]
            row[f"{one.name}?"] = "; ".join(said[:_MOST_SAID])
    return row


def _taken(row: Mapping[str, Any], inputs: Sequence[Input]) -> Values:
    """What was filled in of the fields that this row has."""
    values = {one.name: as_text(row[one.name]) for one in inputs}
    return {name: value for name, value in values.items() if value}


def as_text(value: Any) -> str:
    """A number, a day or words as a fix takes them; empty for nothing."""
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value).strip()
