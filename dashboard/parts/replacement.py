"""What a missing entry is replaced by: one choice for all products of its group, the likeliest first, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from checks.fixes.inputs import NONE, Input
from checks.fixes.kinds.field_fix import field_of
from dashboard.parts import fix_flow, fix_form, fix_words, repairs
from dashboard.parts.place import Place
from dashboard.parts.words import plain

_OTHER = "~other"

#: Entries that are offered with their reason, and others that one list holds.
_MOST_LIKELY, _MOST_OTHERS = 4, 2_000


def choose(place: Place, row: Mapping[str, Any], group: str, rows: pl.DataFrame, ticked: list[str]) -> None:
    """One choice for all products of the group, or for the ticked ones: the likeliest entries first, and why.

    Args:
        row: of the group, as `missing_entries.grouped`; `rows`: its findings.
        ticked: ids of findings.
    """
    check, source, every = row["check"], row["source"], rows["key"].unique(maintain_order=True).to_list()
    keys = rows.filter(pl.col("id").is_in(ticked))["key"].unique(maintain_order=True).to_list() or every
    alike = are_alike(row)
    with st.spinner("Looking for the likeliest entries …"):
        asked = _input(place, row, every if alike else keys)
    if asked is None or not asked.choices:
        st.caption(
            "What it can be set to is not known: its lookup table was not collected. The page Data says why."
        )
        return
    value = _chosen(
        asked if alike or len(keys) == 1 else replace(asked, default=None),
        group if alike else f"{group}-{len(keys)}-{keys[0]}",
    )
    why_not = fix_flow.why_not(place, check, source, len(keys)) or (
        None if value else "Choose an entry first."
    )
    st.button(
        repairs.label(check, len(keys)),
        key="set-reference",
        type="primary",
        icon=fix_words.icon("set-reference"),
        disabled=why_not is not None,
        on_click=fix_flow.start,
        args=(place.settings, check, keys, source),
        kwargs={"options": {asked.name: value or ""}},
        help="First a plan, which changes nothing; then you decide.",
    )
    if why_not:
        st.caption(plain(why_not))
    if len(every) > 1 and alike:
        st.caption("Only the ticked ones are set." if ticked else "Tick rows to set it on just those.")
    elif len(keys) > 1:
        st.caption(_TOGETHER)


def _input(place: Place, row: Mapping[str, Any], keys: list[str]) -> Input | None:
    """What is asked for the group's own reference; its products may lack another one too."""
    asked = fix_form.inputs_of(place, row["check"], row["source"], keys)
    return next((one for one in asked if one.name == field_of(row)), None)


def are_alike(row: Mapping[str, Any]) -> bool:
    """Did its products lose the same entry? Those that have none may each need another."""
    return bool(row["check"] != "missing-reference")


_TOGETHER = "Each of these may lack another one: tick those that belong together, and the likeliest for them stand first."


def _chosen(asked: Input, key: str) -> str | None:
    """The entry to set: one of the likely ones, each with what speaks for it, or any other."""
    likely = [one for one in asked.choices if one.why and one.value != NONE][:_MOST_LIKELY]
    likely += [one for one in asked.choices if one.value == NONE]
    others = {one.value: one.label for one in asked.choices if one not in likely}
    words = {one.value: one.label for one in likely} | ({_OTHER: "Another entry"} if others else {})
    options = list(words)
    value = st.radio(
        f"{asked.title} to set",
        options,
        index=options.index(asked.default) if asked.default in words else None if likely else 0,
        format_func=lambda one: plain(words[one]),
        captions=[
            *(plain(one.why) for one in likely),
            *([f"{len(others):,} to choose from"] if others else []),
        ],
        key=f"replacement-{key}",
    )
    if value != _OTHER:
        return value
    return st.selectbox(
        f"Another {asked.title.lower()}",
        list(others)[:_MOST_OTHERS],
        index=None,
        format_func=lambda one: f"{others[one]} ({one})" if one in others and others[one] != one else one,
        placeholder="Choose an entry"
        if len(others) <= _MOST_OTHERS
        else "Choose an entry, or write its number",
        accept_new_options=len(others) > _MOST_OTHERS,
        label_visibility="collapsed",
        key=f"other-{key}",
    )
