"""What the page Error logs shows first: the answer, how the log was read, the filters, the list of problems."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.triage import MASKS_VERSION
from dashboard.parts import address, error_deciding, error_groups, error_shapes, opening, selecting
from dashboard.parts.error_words import OPEN, STATE_MEANING, STATES, sentence
from dashboard.parts.place import Place, reader
from dashboard.parts.words import clock, number, plain, plural

CHECKS_HERE = ("error-regressed", "error-spike", "error-new")

#: The parameters of the URL that leave problems out.
FILTERS = ("state", "source", "who", "text")

VIEWS = {
    "problems": ":material/bug_report: Problems",
    "rows": ":material/list: Rows and days",
}

_SHORTEST = 8  # characters of an id in a link
_GRID = "error-grid"
_TALL, _SHORT = 620, 340


def regroup(place: Place) -> None:
    """A program with other masks groups the kept rows anew, once; what people decided stays."""
    if st.session_state.get("error-regrouped") != MASKS_VERSION:
        st.session_state["error-regrouped"] = MASKS_VERSION
        place.store.errors.regroup_if_needed()


def anything(place: Place, groups: pl.DataFrame) -> bool:
    """Is there a list to show: problems, or days on which the log was read?"""
    return groups.height > 0 or error_groups.read_at(place) is not None


def answer(place: Place, groups: pl.DataFrame) -> None:
    """How much wants a look, in a sentence; and where the log could not be read, why."""
    for row in error_groups.readings(place):
        if row["status"] in ("ok", "deferred"):
            continue
        st.warning(
            f"{plain(row['message'] or 'No reason was given.')} "
            f"{'' if groups.is_empty() else 'What is listed here is from before. '}The page Data tells "
            "what was collected; `keurmeester doctor` tests the source.",
            title=f"The error log of {row['source']} could not be read",
            icon=":material/block:",
        )
    if groups.is_empty():
        _nothing_known(place)
        return
    opened = error_groups.opened(groups)
    at = error_groups.read_at(place)
    read = f" :gray[Read {clock(at, place.now, place.zone)}.]" if at else ""
    st.markdown(sentence(opened) + read)


def _nothing_known(place: Place) -> None:
    """No problem at all: the log was read and is empty, or nobody knows."""
    at = error_groups.read_at(place)
    if at is None:
        return  # the strip says why
    read = clock(at, place.now, place.zone)
    st.success(
        f"0 rows in the last {error_shapes.TIMELINE_DAYS} days, read {read}: no request of yours failed.",
        title="No error at all",
        icon=":material/check_circle:",
    )


def filters(place: Place, groups: pl.DataFrame) -> pl.DataFrame:
    """The row of filters; gives the problems they leave, the gravest first."""
    counts = dict(groups.group_by("state").len().iter_rows())
    states = {
        name: f"{look.icon} {look.word} {number(counts.get(name, 0))}"
        for name, look in STATES.items()
        if counts.get(name) or name in address.given_all("state", list(STATES))
    }
    sources = {source.name: source.name for source in place.settings.shops}
    people = sorted(groups["assignee"].drop_nulls().unique())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="error-filters"):
        text = address.text("Search", "text", placeholder="Words, field, status", width=200)
        address.chips("State", "state", states)
        who = ""
        if people:
            mine = reader()
            names = {"": "Anybody's", **{name: "Mine" if name == mine else name for name in people}}
            who = address.picked("Assigned to", "who", names, width=150)
        chosen = (
            address.several("Source", "source", sources, placeholder="All sources", width=180)
            if len(sources) > 1
            else []
        )
        wanted = address.given_all("state", list(STATES)) or list(OPEN)
        left = error_shapes.chosen(groups, states=wanted, sources=chosen, text=text, who=who)
        st.caption(_counted(left), width="content")
        if _active():
            address.clear_button(*FILTERS, key="error-clear")
    return left


def list_of(place: Place, left: pl.DataFrame, groups: pl.DataFrame) -> str:
    """The actions and the table; gives the id of the open problem, empty where none is."""
    asked = _asked(groups)
    about = ticked(left)
    if about.is_empty():
        about = groups.filter(pl.col("id") == asked)
    below = "[:material/arrow_downward: See it below](#problem)" if asked and about.height < 2 else ""
    error_deciding.buttons(about, below)
    if left.is_empty():
        _no_match(groups)
        return asked
    return _table(place, left, asked)


def _asked(groups: pl.DataFrame) -> str:
    """The problem of the URL; the beginning of its id, as the command line prints it, is enough where only one fits."""
    given = address.given("group")
    fitting = (
        groups.filter(pl.col("id").str.starts_with(given)) if len(given) >= _SHORTEST else groups.clear()
    )
    if fitting.height == 1 and fitting["id"][0] != given:
        address.put("group", fitting["id"][0])
    return address.given("group")


def _counted(left: pl.DataFrame) -> str:
    rows = int(left["last_day"].sum())
    return f"{plural(left.height, 'problem')}, {plural(rows, 'row')} in 24 hours"


def _active() -> list[str]:
    return [name for name in FILTERS if address.given(name)]


def _table(place: Place, left: pl.DataFrame, asked: str) -> str:
    rows = error_groups.with_sparks(place, left)
    shown = rows.select(
        state=pl.col("state").replace_strict({name: look.cell for name, look in STATES.items()}, default=""),
        what="what",
        title="title",
        spark="spark",
        last_day="last_day",
        rows="rows",
        last_seen="last_seen",
        products="products",
        assignee="assignee",
        source="source",
    )
    columns: dict[str, Any] = {
        "state": st.column_config.TextColumn(
            "State",
            width=124,
            help=" ".join(f"{STATES[name].word}: {said}" for name, said in STATE_MEANING.items()),
        ),
        "what": st.column_config.TextColumn("Problem", width=210),
        "title": st.column_config.TextColumn(
            "Request, and what the shop says", width=326 if left["assignee"].count() == 0 else 226
        ),
        "spark": st.column_config.BarChartColumn(
            "14 days", width=110, y_min=0, help="Rows a day over the last 14 days"
        ),
        "last_day": st.column_config.NumberColumn(
            "24 h", format="localized", width=56, help="Rows of the 24 hours before the log was read"
        ),
        "rows": st.column_config.NumberColumn("In all", format="localized", width=60),
        "last_seen": st.column_config.DatetimeColumn(
            "Last seen", format="distance", width=104, help="Click a cell for the exact time"
        ),
        "products": st.column_config.NumberColumn(
            "Products", format="localized", width=70, help="Products that its rows name"
        ),
        "assignee": st.column_config.TextColumn("Assigned to", width=104),
    }
    if not left["assignee"].count():
        del columns["assignee"]
    if len(place.settings.shops) > 1:
        columns["source"] = st.column_config.TextColumn("Source", width=90)
    return opening.table(
        left,
        shown.select(*columns),
        columns,
        key=_GRID,
        name="group",
        alt="Problems in the error log, the gravest first",
        most=_SHORT if asked else _TALL,
        several=True,
    )


def ticked(left: pl.DataFrame) -> pl.DataFrame:
    """The ticked problems of the list."""
    return left.filter(pl.col("id").is_in(selecting.selected(_GRID)))


def _no_match(groups: pl.DataFrame) -> None:
    if not _active():
        closed = groups.height
        st.success(
            f"No problem is open; {plural(closed, 'is', 'are')} resolved or ignored.",
            icon=":material/check_circle:",
        )
        return
    address.no_match("problem", *FILTERS)
