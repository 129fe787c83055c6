"""The journal as a list, and the steps of one fix as a timeline: what was asked, in words; what came back; what undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from checks.fixes import ONBOARDING
from dashboard.parts import fix_requests, fix_words, selecting
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.style import table_height
from dashboard.parts.words import FIX_STATES, STEP_STATES, Look, plain

_KINDS = {"do": "Answer", "compensate": "Answer, while putting back", "read-back": "What was found"}

_UNKNOWN = Look("Unknown", ":material/help:", "?", "gray")

#: Of more steps than these only those that did not go well stand open.
_MOST_OPEN = 8

_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "check": pl.String,
    "fix": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "title": pl.String,
    "state": pl.String,
    "message": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "who": pl.String,
}


def as_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of `fix_history.rows`, with what each fix does in words."""
    frame = pl.DataFrame([{name: row[name] for name in _SCHEMA} for row in rows], schema=_SCHEMA)
    kinds = frame.select("fix", "kind").unique().iter_rows()
    words = {f"{fix} {kind}": fix_words.title(fix, undo=kind == "undo") for fix, kind in kinds}
    does = (pl.col("fix") + " " + pl.col("kind")).replace_strict(words, default="", return_dtype=pl.String)
    return frame.with_columns(does=does)


def fix_table(
    fixes: pl.DataFrame, *, key: str, start: str | None, then: Callable[[list[str]], None] | None = None
) -> list[str]:
    """Draws the list; returns the ids of the selected fix."""
    looks = list(FIX_STATES.values())
    cells = {name: look.cell for name, look in FIX_STATES.items()}
    shown_rows = fixes.select(
        "key",
        "title",
        "does",
        "message",
        "at",
        "who",
        state=pl.concat_list(
            pl.col("state").replace_strict(cells, default="? Unknown", return_dtype=pl.String)
        ),
    )
    columns = {
        "state": st.column_config.MultiselectColumn(
            "State", options=[look.cell for look in looks], color=[look.colour for look in looks], width=120
        ),
        "key": st.column_config.TextColumn("Article", width=90),
        "title": st.column_config.TextColumn("Name", width=150),
        "does": st.column_config.TextColumn("Repair", width=170),
        "message": st.column_config.TextColumn("What came of it", width=190),
        "at": st.column_config.DatetimeColumn("When", format="distance", width=96),
        "who": st.column_config.TextColumn("By", width=80),
    }
    return selecting.table(
        fixes,
        shown_rows,
        columns,
        key=key,
        mode="single-row",
        height=table_height(fixes.height, 560),
        alt="Repairs, what was touched last first",
        start=start,
        then=then,
    )


def look_of(state: str) -> Look:
    return FIX_STATES.get(state, _UNKNOWN)


def check_words(check: str) -> str:
    return "Onboarding" if check == ONBOARDING else plain(check_title(check))


def timeline(place: Place, source: str, steps: Sequence[Mapping[str, Any]], *, whole: bool) -> None:
    """The steps, the first first.

    Args:
        whole: with bodies, pictures, and what undoes each; else line and answer alone.
    """
    st.markdown("**Step by step**")
    if not steps:
        st.caption("No step was taken: nothing was sent.")
    for step in steps:
        look = STEP_STATES.get(step["state"], _UNKNOWN)
        label = f"**{plain(step['title'])}** :{look.colour}[{look.word}]{_when(step['at'], place)}"
        fine = step["state"] in ("done", "skipped", "planned")
        with st.expander(
            label,
            icon=look.icon,
            type="step",
            expanded=len(steps) <= _MOST_OPEN or not fine,
            key=f"step-{step['fix_id']}-{step['number']}",
        ):
            _step(place, source, step, whole)


def _step(place: Place, source: str, step: Mapping[str, Any], whole: bool) -> None:
    if step["kind"] != "read-back":
        if whole:
            fix_requests.show(place, source, step["request"], step["compensation"])
        elif line := fix_requests.line(step["request"]):
            st.code(line, language=None, wrap_lines=True)
    if step["answer"]:
        who = f" Sent by {plain(step['by'])}." if whole and step["by"] else ""
        st.caption(f"{_KINDS.get(step['kind'], 'Answer')}: {plain(step['answer'])}{who}")
    undoing = [line for one in step["compensation"] if (line := fix_requests.line(one))]
    if whole and undoing and step["kind"] == "do":
        lines = ", ".join(f"`{line.replace('`', '')}`" for line in undoing)
        st.caption(f":material/undo: Undone by {lines}")


def _when(at: datetime | None, place: Place) -> str:
    return "" if at is None else f" :gray[{at.astimezone(place.zone).strftime('%H:%M:%S')}]"
