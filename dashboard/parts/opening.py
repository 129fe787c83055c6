"""A table of which one row is open beside it; which one stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, selecting
from dashboard.parts.style import table_height


def table(
    rows: pl.DataFrame,
    shown: pl.DataFrame,
    columns: Mapping[str, Any],
    *,
    key: str,
    name: str,
    alt: str,
    most: int = 620,
    several: bool = False,
) -> str:
    """Draws the table and gives the id that the URL's parameter `name` holds, whether the table has it or not.

    A person who ticks a row changes the URL; a link, the back button or a bookmark that changes the URL moves the tick.

    Args:
        rows: has the column `id`, row by row the same things as `shown`.
        most: height in pixels that the table does not pass.
        several: any number of rows may be ticked, which `selecting.selected(key)` gives; one is open while one is ticked.
    """
    asked = address.given(name)
    moved = asked != st.session_state.get(f"{key}:asked", asked)
    if moved:
        selecting.select(key, [asked] if asked else [])

    def changed(ids: list[str]) -> None:
        address.put(name, ids[0] if len(ids) == 1 else None)
        st.session_state[f"{key}:asked"] = address.given(name)  # by the tick, not by a link

    selected = selecting.table(
        rows,
        shown,
        columns,
        key=key,
        mode="multi-row" if several else "single-row",
        height=table_height(rows.height, most),
        alt=alt,
        start=asked or None,
        then=changed,
    )
    if len(selected) == 1 and selected[0] != asked and not moved:
        address.put(name, selected[0])
    st.session_state[f"{key}:asked"] = address.given(name)
    return address.given(name)


def link(label: str, key: str, **params: str | list[str]) -> None:
    """A link to this same page with other parameters; a page link would leave the browser's address as it is."""
    st.button(label, key=key, type="tertiary", on_click=_go, kwargs=params)


def _go(**params: str | list[str]) -> None:
    st.query_params.from_dict(params)
