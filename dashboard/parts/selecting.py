"""A table whose rows are selected by what they are, not by where they stand.

Streamlit keeps positions. When a filter changes, or a run or a fix takes rows away, position 3 is another product. So the
ids of the rows as last shown are remembered; a selection is read with these, and moved along to the rows' new places.
A moved selection gets a table of its own: the browser may not have heard yet, and would send back the old positions, at
which other rows stand by now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import polars as pl
import streamlit as st


def table(
    rows: pl.DataFrame,
    shown: pl.DataFrame,
    columns: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    mode: Literal["single-row", "multi-row"] = "multi-row",
    height: int | Literal["auto", "content"] = "auto",
    start: str | None = None,
    then: Callable[[list[str]], None] | None = None,
) -> list[str]:
    """Draws `shown` and gives the ids of the selected rows, in the order of the table.

    Args:
        rows: has the column `id`, row by row the same things as `shown`.
        columns: `column_config`; its order is the order of the columns.
        start: an id that is selected when the table is first drawn (from the URL).
        then: told the selected ids when a person changes the selection; runs before the script.
    """
    ids = rows["id"]
    before = st.session_state.get(f"{key}:ids")
    if before is None and start is not None and widget(key) not in st.session_state:
        _put(key, _places(ids, [start]))
    elif before is not None and before is not ids and not before.equals(ids):
        old = _positions(key)
        new = _places(ids, _ids(before, old))
        if new != old:
            _anew(key)
            _put(key, new)
    st.session_state[f"{key}:ids"] = ids

    def changed() -> None:
        if then is not None:
            then(selected(key))

    st.dataframe(
        shown,
        key=widget(key),
        hide_index=True,
        column_config=dict(columns),
        column_order=list(columns),
        on_select=changed,
        selection_mode=mode,
        height=height,
        placeholder="",
        alt=alt,
    )
    return selected(key)


def selected(key: str) -> list[str]:
    """The ids selected in the table as it was last drawn."""
    ids = st.session_state.get(f"{key}:ids")
    return [] if ids is None else _ids(ids, _positions(key))


def select(key: str, wanted: list[str]) -> None:
    """Selects exactly these rows; for callbacks, before the table is drawn."""
    ids = st.session_state.get(f"{key}:ids")
    if ids is not None:
        _put(key, _places(ids, wanted))


def widget(key: str) -> str:
    """The key under which Streamlit has the table now."""
    count = st.session_state.get(f"{key}:moves", 0)
    return f"{key}-{count}" if count else key


def _anew(key: str) -> None:
    st.session_state[f"{key}:moves"] = st.session_state.get(f"{key}:moves", 0) + 1


def _positions(key: str) -> list[int]:
    state = st.session_state.get(widget(key))
    return sorted(state["selection"]["rows"]) if state else []


def _ids(ids: pl.Series, positions: list[int]) -> list[str]:
    return [ids[position] for position in positions if position < len(ids)]


def _places(ids: pl.Series, wanted: list[str]) -> list[int]:
    if not wanted:
        return []
    mask = ids.is_in(wanted)
    return [int(place) for place in mask.arg_true()]


def _put(key: str, places: list[int]) -> None:
    st.session_state[widget(key)] = {"selection": {"rows": places, "columns": [], "cells": []}}
