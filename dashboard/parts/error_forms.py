"""What a decision about problems of the error log needs to know: until when, by whom, into which. The forms in the dialog,
and what was chosen in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from typing import Any

import streamlit as st

from checks.errors import UsageError
from checks.findings import end_of_day
from dashboard.parts.error_words import title as titled
from dashboard.parts.place import Place, reader
from dashboard.parts.words import plural

_WAY, _DAY, _MORE, _REASON = "error-ignore-way", "error-ignore-day", "error-ignore-more", "error-reason"
_WHO, _INTO = "error-assignee", "error-into"

NOBODY = "nobody"

#: Until when a problem is ignored: id -> words.
WAYS = {
    "until": "Until a date",
    "more": "Until more rows",
    "escalating": "Until it escalates",
    "for_ever": "For ever",
}


@dataclass(frozen=True)
class Terms:
    """Until when problems are ignored: what `Store.errors.ignore` is given, and in words."""

    given: Mapping[str, Any]
    words: str


def named(titles: Mapping[str, str]) -> None:
    """The problems that are decided about."""
    few = list(titles.values())[:5]
    more = f"\n- and {len(titles) - 5:,} more" if len(titles) > 5 else ""
    st.markdown("\n".join(f"- {titled(one)}" for one in few) + more)


def ignore(place: Place) -> None:
    """Until when, and why."""
    if st.session_state.get(_WAY) not in WAYS:
        st.session_state[_WAY] = "until"
    way = st.radio("For how long", list(WAYS), key=_WAY, format_func=lambda one: WAYS[one])
    today = place.now.astimezone(place.zone).date()
    if way == "until":
        st.session_state.setdefault(_DAY, today + timedelta(days=14))
        st.date_input("Until the end of", key=_DAY, min_value=today, format="DD/MM/YYYY", width=180)
        st.caption("After that day it is open again, and a new row is not needed for that.")
    elif way == "more":
        st.session_state.setdefault(_MORE, 100)
        st.number_input("Rows more", key=_MORE, min_value=1, step=1, width=180)
        st.caption("With the last of these it is open again.")
    elif way == "escalating":
        st.caption("It comes back when it fails far more often than its own past lets expect.")
    else:
        st.caption("It never comes back by itself. Whoever finds it later wants to know why.")
    needed = way == "for_ever"
    st.text_area(
        "Why?" if needed else "Why? (may stay empty)",
        key=_REASON,
        placeholder="For example: the test system of the supplier, nobody orders there",
        height=80,
        width="stretch",
    )


def terms(zone: tzinfo | None) -> Terms:
    """What was chosen in `ignore`. Raises UsageError when the day is missing."""
    way = st.session_state.get(_WAY)
    if way == "until":
        day = st.session_state.get(_DAY)
        if not isinstance(day, date):
            raise UsageError("Choose the day until which it is ignored.")
        until = end_of_day(day, zone).astimezone(UTC)
        return Terms({"until": until}, f"until the end of {day:%d %B %Y}")
    if way == "more":
        more = int(st.session_state.get(_MORE) or 0)
        return Terms({"more": more}, f"until {plural(more, 'more row')}")
    if way == "escalating":
        return Terms({"escalating": True}, "until it escalates")
    return Terms({"for_ever": True}, "for ever")


def reason(chosen: Terms) -> str | None:
    """Why, as written in `ignore`. Raises UsageError where it has to be said and is not."""
    said = str(st.session_state.get(_REASON) or "").strip() or None
    if said is None and "for_ever" in chosen.given:
        raise UsageError("Say why: what is ignored for ever never comes back by itself.")
    return said


def assign(place: Place) -> None:
    """Who looks after them."""
    known = place.store.errors.groups(state="all")["assignee"].drop_nulls().unique().to_list()
    people = sorted({*known, *place.settings.team.people, reader()} - {NOBODY})
    if st.session_state.get(_WHO) is None:
        st.session_state[_WHO] = reader()
    st.selectbox(
        "To",
        [*people, NOBODY],
        key=_WHO,
        accept_new_options=True,
        format_func=lambda one: f"{one} (you)" if one == reader() else one,
        help="Choose somebody, or type another name",
    )


def assignee() -> str | None:
    """Who was chosen in `assign`; None for nobody."""
    to = str(st.session_state.get(_WHO) or "").strip()
    return None if to in ("", NOBODY) else to


def merge(titles: Mapping[str, str]) -> None:
    """Which of them the others become part of."""
    if st.session_state.get(_INTO) not in titles:
        st.session_state[_INTO] = next(iter(titles))
    st.radio("Into which", list(titles), key=_INTO, format_func=lambda one: titled(titles[one]))
    others = len(titles) - 1
    which = "problem" if others == 1 else plural(others, "problem")
    st.caption(
        f"The rows of the other {which} count there from now on, and so do those that come. That stays, "
        "until somebody splits it again."
    )


def into() -> str:
    """The id that was chosen in `merge`."""
    return str(st.session_state.get(_INTO))
