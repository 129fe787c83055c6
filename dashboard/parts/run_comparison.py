"""Two runs side by side: which findings appeared, which went, and what changed in the data behind them."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from checks.history import RunComparison, compare_runs, frame_changes
from dashboard.parts import address, runs_view, shaping
from dashboard.parts.finding_table import severity_column
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.style import table_height
from dashboard.parts.words import SEVERITIES, field_title, number, plain, plural

#: Rows shown of each list; the download has all.
_MOST = 1000

_KINDS = {"added": "+ new", "removed": "- gone", "changed": "~ changed"}


def compare(place: Place) -> None:
    """The pickers of two runs, and what lies between them."""
    runs = runs_view.finished(place)
    st.header("What changed between two", anchor="compare")
    if runs.height < 2:
        st.caption("There is something to compare after the second health check.")
        return
    options = {row["id"]: runs_view.words(place, row) for row in runs.iter_rows(named=True)}
    ids = list(options)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        before = address.picked("Before", "before", _first(options, ids[1]), width=330)
        st.markdown(":material/arrow_forward:", width="content")
        after = address.picked("After", "after", options, width=330)
        sources = [source.name for source in place.settings.sources]
        source = (
            address.picked("Source", "source", {name: name for name in sources}, width=180)
            if len(sources) > 1
            else sources[0]
        )
    if before == after:
        st.caption("Choose two different health checks.")
        return
    before, after = sorted((before, after), key=ids.index, reverse=True)
    found = _compared(place.store, place.settings.store.url, source, before, after)
    _answer(found)
    if found.appeared.height or found.went.height:
        left, right = st.columns(2, gap="medium")
        with left:
            _list(found.appeared, "Appeared", "appeared")
        with right:
            _list(found.went, "Went", "went")
    _data(place, source, found, before, after)


def _first(options: dict[str, str], first: str) -> dict[str, str]:
    """The options with one in front: what an empty URL means."""
    return {first: options[first], **options}


def _answer(found: RunComparison) -> None:
    moved = found.frames.filter(pl.sum_horizontal("added", "removed", "changed") > 0)
    rows = int(moved.select(pl.sum_horizontal("added", "removed", "changed").sum()).item() or 0)
    data = (
        f"{plural(rows, 'row')} of data changed in {plural(moved.height, 'frame')}"
        if rows
        else "no data changed"
    )
    st.markdown(
        f"**{plural(found.appeared.height, 'finding')}** appeared, **{number(found.went.height)}** went; {data}."
    )


def _list(findings: pl.DataFrame, title: str, key: str) -> None:
    st.subheader(f"{title} ({number(findings.height)})", anchor=key)
    if findings.is_empty():
        st.caption("Nothing.")
        return
    counts = (
        findings.group_by("check")
        .agg(pl.len().alias("count"), pl.col("severity").first())
        .sort("count", descending=True)
    )
    words = [
        f":{SEVERITIES[row['severity']].colour}[{SEVERITIES[row['severity']].icon}] "
        f"{plain(shaping.check_title(row['check']))} **{number(row['count'])}**"
        for row in counts.iter_rows(named=True)
    ]
    st.markdown(" · ".join(words))
    titles = {check: shaping.check_title(check) for check in counts["check"]}
    shown = findings.head(_MOST).select(
        severity=pl.concat_list(
            pl.col("severity").replace_strict(
                {name: look.cell for name, look in SEVERITIES.items()}, default="? Unknown"
            )
        ),
        title=pl.col("check").replace_strict(titles, return_dtype=pl.String),
        key="key",
        message="message",
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=table_height(shown.height, 320),
        placeholder="",
        alt=f"Findings that {title.lower()}",
        column_config={
            "severity": severity_column(),
            "title": st.column_config.TextColumn("Check", width=150),
            "key": st.column_config.TextColumn("What", width=110),
            "message": st.column_config.TextColumn("What is wrong", width=300),
        },
    )
    if findings.height > _MOST:
        st.caption(f"The first {_MOST:,} are shown.")


def _data(place: Place, source: str, found: RunComparison, before: str, after: str) -> None:
    """Frame by frame how many rows came, went and changed; one of them field by field."""
    st.subheader("In the data behind it", anchor="data")
    frames = found.frames
    moved = frames.filter(pl.sum_horizontal("added", "removed", "changed").fill_null(0) > 0)
    blind = frames.filter(pl.col("note").is_not_null())
    still = frames.height - moved.height - blind.height
    if moved.height:
        st.dataframe(
            moved.select("title", "added", "removed", "changed"),
            hide_index=True,
            height="content",
            alt="Rows that came, went and changed by frame",
            column_config={
                "title": st.column_config.TextColumn("Data", width=240),
                **{
                    name: st.column_config.NumberColumn(name.capitalize(), format="%,d", width=90)
                    for name in ("added", "removed", "changed")
                },
            },
        )
    st.caption(f"{plural(still, 'frame')} just as before.")
    for row in blind.iter_rows(named=True):
        st.caption(f":material/block: **{plain(row['title'])}** {plain(row['note'])}")
    if moved.is_empty():
        return
    options = {
        row["frame"]: f"{row['title']} ({number(row['added'] + row['removed'] + row['changed'])})"
        for row in moved.iter_rows(named=True)
    }
    frame = address.picked("Frame", "frame", options, width=320)
    changes = _changes(place.store, place.settings.store.url, source, frame, before, after)
    _fields(source, frame, changes)


def _fields(source: str, frame: str, changes: pl.DataFrame) -> None:
    fields = {one: field_title(one) for one in changes["field"].drop_nulls().unique()}
    shown = changes.select(
        pl.col("kind").replace_strict(_KINDS, default=pl.col("kind"), return_dtype=pl.String),
        "key",
        pl.col("field").replace_strict(fields, default=None, return_dtype=pl.String),
        "before",
        "after",
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=table_height(shown.height, 420),
        placeholder="",
        alt=f"Changes in {FRAMES[frame].title}, field by field",
        column_config={
            "kind": st.column_config.TextColumn("", width=85),
            "key": st.column_config.TextColumn(field_title(FRAMES[frame].key[0]), width=130),
            "field": st.column_config.TextColumn("Field", width=150),
            "before": st.column_config.TextColumn("Before", width=260),
            "after": st.column_config.TextColumn("After", width=260),
        },
    )
    if changes.height >= _MOST:
        st.caption(f"The first {_MOST:,} changes are shown.")
    _openers(source, frame, changes)


def _openers(source: str, frame: str, changes: pl.DataFrame) -> None:
    """Links to the first things that changed and have a page."""
    entities = {"products": "product", "linked_products": "product", "clients": "client", "orders": "order"}
    entity = entities.get(frame)
    if entity is None:
        return
    with st.container(horizontal=True, gap="small"):
        for key in changes["key"].unique(maintain_order=True).head(6):
            target = entity_page(entity, source, key)
            if target is not None:
                st.page_link(target[0], label=plain(key), query_params=target[1], width="content")


@st.cache_resource(max_entries=8, show_spinner="Comparing …")
def _compared(_store: Any, url: str, source: str, before: str, after: str) -> RunComparison:
    return compare_runs(_store, source, before, after)


@st.cache_resource(max_entries=8, show_spinner="Comparing …")
def _changes(_store: Any, url: str, source: str, frame: str, before: str, after: str) -> pl.DataFrame:
    return frame_changes(_store, source, frame, before, after, limit=_MOST)
