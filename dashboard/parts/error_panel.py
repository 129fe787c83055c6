"""All about one problem of the error log: what it is, what causes it, when it failed, its rows, its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import (
    address,
    error_causes,
    error_charts,
    error_groups,
    error_history,
    error_rows_view,
    error_shapes,
)
from dashboard.parts.error_words import (
    STATE_MEANING,
    STATES,
    event_look,
    ignored_words,
    meaning_of,
    title,
    volume_words,
)
from dashboard.parts.place import Place
from dashboard.parts.words import ago, exact, plain, plural

#: Events that a rule in the timeline marks.
_MARKED = ("resolved", "fixed", "regressed")


def panel(place: Place, ident: str, groups: pl.DataFrame) -> None:
    """The problem `ident`; one that was merged leads to where it went."""
    group = place.store.errors.group(ident)
    if group is None:
        st.info(
            "There is no problem with the id in this link: its log was purged, or the link is not whole.",
            icon=":material/link_off:",
        )
        return
    with st.container(border=True, key="error-panel"):
        _head(place, group, ident)
        meaning = meaning_of(group)
        left, right = st.columns([8, 5], gap="medium")
        with left:
            error_causes.causes(place, group, meaning)
            st.markdown(
                f"**What it is** {plain(meaning.what)}\n\n**What usually helps** {plain(meaning.usually)}\n\n"
                f":gray[:material/menu_book: {plain(meaning.guide)} of the integration guide]"
            )
            _timeline(place, group, groups)
            error_rows_view.samples(place, group)
        with right:
            error_causes.affected(place, group)
            error_history.history(place, group)
            error_history.members(place, group)


def _head(place: Place, group: dict[str, Any], ident: str) -> None:
    look = STATES[group["state"]]
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key=f"error-is-{group['state']}",
    ):
        shop = f" · {plain(group['source'])}" if len(place.settings.shops) > 1 else ""
        who = f" · :material/person: {plain(group['assignee'])}" if group["assignee"] else ""
        st.markdown(f"{look.badge}{shop}{who}", width="content", help=STATE_MEANING[group["state"]])
        st.button(
            "Close",
            icon=":material/close:",
            type="tertiary",
            key="error-close",
            on_click=address.clear,
            args=("group",),
        )
    st.subheader(plain(meaning_of(group).title), anchor="problem")
    st.markdown(title(group["title"]))
    if ident != group["id"]:
        st.caption("The problem of the link was merged into this one.")
    until = ignored_words(group, place.zone)
    ignored = f" Ignored {until}." if until else ""
    products = f", {plural(group['products'], 'product')}" if group["products"] else ""
    st.markdown(
        f"{volume_words(group)}{products}. Last seen {ago(group['last_seen'], place.now)}, first seen "
        f"{ago(group['first_seen'], place.now)}.{ignored}",
        help=f"First {exact(group['first_seen'], place.zone)}, last {exact(group['last_seen'], place.zone)}",
    )


def _timeline(place: Place, group: dict[str, Any], groups: pl.DataFrame) -> None:
    last = error_groups.today(place, groups)
    since = last - timedelta(days=error_shapes.TIMELINE_DAYS - 1)
    counts = place.store.errors.counts([group["id"]], since=group["last_seen"] - timedelta(days=60))
    days = error_groups.days(place, group["source"], since, last)
    shown = error_shapes.timeline(counts, days, last, place.zone)
    st.markdown("**Rows a day, the last 30 days**")
    error_charts.timeline(shown, _moments(place, group, shown))
    gaps = shown.filter(pl.col("known") == "missing").height
    partly = shown.filter(pl.col("known") == "partly").height
    if gaps or partly:
        told = [
            f"{plural(gaps, 'day was', 'days were')} not read" if gaps else "",
            f"{plural(partly, 'day was', 'days were')} read in part" if partly else "",
        ]
        st.caption(f"Shaded: {' and '.join(one for one in told if one)}; what failed then, nobody knows.")


def _moments(place: Place, group: dict[str, Any], shown: pl.DataFrame) -> pl.DataFrame:
    """label, word: the days on which it was fixed, resolved, or came back."""
    labels = dict(shown.select("day", "label").iter_rows())
    marks: dict[str, str] = {}
    for event in place.store.errors.events(group["id"]).iter_rows(named=True):
        if event["event"] not in _MARKED or event["undone_at"]:
            continue
        label = labels.get(error_shapes.local_day(event["at"], place.zone))
        if label is not None:
            word = event_look(event["event"]).word.split(",")[0].lower()
            marks[label] = f"{marks[label]}, {word}" if label in marks and word not in marks[label] else word
    return pl.DataFrame(
        {"label": list(marks), "word": list(marks.values())}, schema={"label": pl.String, "word": pl.String}
    )


def several(groups: pl.DataFrame) -> None:
    """What stands in the panel's place when several are ticked."""
    with st.container(border=True, key="error-several"):
        st.markdown(f"#### {plural(groups.height, 'problem')} ticked")
        for row in groups.head(8).iter_rows(named=True):
            st.markdown(f"{STATES[row['state']].badge} {title(row['title'])}")
        if groups.height > 8:
            st.caption(f"and {groups.height - 8:,} more.")
