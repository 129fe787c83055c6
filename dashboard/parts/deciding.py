"""Deciding about findings: accept with a reason, snooze, comment, reopen. A button, a dialog that names the count, undo.

What is decided about is the frozen list of ids that stood on the page when the button was pressed. Only callbacks change
anything, and each takes its dialog away first, so a second click finds nothing left to do.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError
from checks.findings import SET_ASIDE, Seen, end_of_day
from checks.store import Store
from dashboard.parts import loading, shaping
from dashboard.parts.place import Place, demand, refusal
from dashboard.parts.words import number, plain, plural

Kind = Literal["accept", "snooze", "comment", "reopen"]

_DOING = "decide about findings"
_OPEN, _DONE, _TROUBLE, _TOAST = "deciding", "decided", "deciding-trouble", "deciding-toast"
_REASON, _WHEN, _DAY = "deciding-reason", "deciding-when", "deciding-day"


@dataclass(frozen=True)
class _Deciding:
    """The dialog that is open: what is decided, about which findings."""

    kind: Kind
    ids: tuple[str, ...]
    seen: Mapping[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True)
class _Decided:
    """What was just done, for the strip that offers to undo it."""

    words: str
    ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class _Looks:
    verb: str
    icon: str
    meaning: str
    reason: str
    placeholder: str


_LOOKS: dict[Kind, _Looks] = {
    "accept": _Looks(
        "Accept",
        ":material/thumb_up:",
        "Accepted findings leave the open list and count as sound in the score. One comes back by itself when its value "
        "changes, when it gets graver, or after the day below.",
        "Why is this all right?",
        "For example: the supplier has no photo, agreed with An on the phone",
    ),
    "snooze": _Looks(
        "Snooze",
        ":material/snooze:",
        "Snoozed findings leave the open list for that time, whatever becomes of them. They go on counting in the score.",
        "Why? (may stay empty)",
        "For example: the new brand table comes on Monday",
    ),
    "comment": _Looks(
        "Comment on",
        ":material/chat:",
        "A comment stays with the finding for ever, with your name and the time.",
        "Comment",
        "What the next one who looks at this should know",
    ),
    "reopen": _Looks(
        "Reopen",
        ":material/undo:",
        "They stand in the open list again. Who had set them aside, and why, stays in their history.",
        "Why? (may stay empty)",
        "",
    ),
}

#: When a finding comes back: id -> words. The day is filled in by `_moment`.
_SNOOZES = {"day": "1 day", "week": "1 week", "month": "1 month", "date": "A date"}
_ACCEPTS = {"never": "No end date", "month": "1 month", "year": "1 year", "date": "A date"}


def buttons(findings: pl.DataFrame) -> None:
    """What can be done with these findings: the buttons with their counts.

    Args:
        findings: the selected ones as they are shown, with id, status, value and severity.
    """
    aside = findings.filter(pl.col("status").is_in(list(SET_ASIDE)))
    left = findings.filter(pl.col("status") != "fixed")
    several = findings.height > 1
    why_not = refusal("fixer", _DOING)
    with st.container(horizontal=True, gap="xsmall", key="decide"):
        actions: dict[Kind, pl.DataFrame] = {
            "reopen": aside,
            "accept": left,
            "snooze": left,
            "comment": findings,
        }
        for kind, about in actions.items():
            if about.is_empty():
                continue
            looks = _LOOKS[kind]
            verb = looks.verb if several else looks.verb.removesuffix(" on")
            st.button(
                f"{verb} {number(about.height)}" if several else verb,
                icon=looks.icon,
                key=kind,
                disabled=why_not is not None,
                on_click=_begin,
                args=(kind, _seen(about)),
            )
    if why_not:
        st.caption(plain(why_not))


def _seen(findings: pl.DataFrame) -> dict[str, Seen]:
    """What the reader sees of them now: nothing else is what they accept."""
    rows = findings.select("id", "value", "severity").iter_rows()
    return {ident: Seen(value, severity) for ident, value, severity in rows}


def _begin(kind: Kind, seen: Mapping[str, Seen]) -> None:
    st.session_state[_OPEN] = _Deciding(kind, tuple(seen), seen)
    st.session_state[_TROUBLE] = None
    st.session_state[_DONE] = None


def dialog(place: Place) -> None:
    """The dialog that is open, if one is; to be called once, from the page."""
    deciding: _Deciding | None = st.session_state.get(_OPEN)
    if deciding is None:
        return
    looks = _LOOKS[deciding.kind]
    what = f"{looks.verb} {plural(len(deciding.ids), 'finding')}"

    @st.dialog(f"{what}?", icon=looks.icon, on_dismiss=_dismissed)
    def body() -> None:
        if st.session_state.get(_OPEN) is None:
            st.rerun()  # decided: the whole page, for its list has changed
        _which(loading.some_findings(place, deciding.ids))
        st.caption(looks.meaning)
        st.text_area(looks.reason, key=_REASON, placeholder=looks.placeholder, height=80, width="stretch")
        _when(place, deciding.kind)
        if trouble := st.session_state.get(_TROUBLE):
            st.error(plain(trouble), icon=":material/error:")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button("Cancel", key="deciding-cancel", on_click=_dismissed)
            st.button(
                what,
                key="deciding-go",
                type="primary",
                icon=looks.icon,
                on_click=_decide,
                args=(place.store, place.zone),
            )

    body()


def _which(findings: pl.DataFrame) -> None:
    """The findings by check, with the first few of them by name."""
    lines = []
    for row in shaping.tally(findings).head(6).iter_rows(named=True):
        of_it = findings.filter(pl.col("check") == row["check"]).head(3)
        names = ", ".join(plain(one["name"] or one["key"]) for one in of_it.iter_rows(named=True))
        more = f" and {number(row['count'] - 3)} more" if row["count"] > 3 else ""
        lines.append(f"- **{plain(row['title'])}**: {names}{more}")
    st.markdown("\n".join(lines))


def _when(place: Place, kind: Kind) -> None:
    """Until when, with the day that it means in words."""
    choices = {"accept": _ACCEPTS, "snooze": _SNOOZES}.get(kind)
    if choices is None:
        return
    if st.session_state.get(_WHEN) not in choices:
        st.session_state[_WHEN] = next(iter(choices))
    st.segmented_control(
        "For" if kind == "snooze" else "It comes back, changed or not, after",
        list(choices),
        key=_WHEN,
        required=True,
        format_func=lambda choice: choices[choice],
    )
    today = place.now.astimezone(place.zone).date()
    if st.session_state[_WHEN] == "date":
        st.session_state.setdefault(_DAY, today + timedelta(days=14))
        st.date_input("Until the end of", key=_DAY, min_value=today, format="DD/MM/YYYY", width=180)
    day = comes_back(st.session_state[_WHEN], today, st.session_state.get(_DAY))
    if day is not None:
        st.caption(f"Back on {day:%A %d %B %Y}, with the first health check of that day.")


def comes_back(when: str, today: date, day: date | None) -> date | None:
    """The day on which a finding comes back; None: only when its value changes.

    `day` counts where `when` is date: the last day on which it stays away, as with `--until` on the command line.
    """
    if when == "day":
        return today + timedelta(days=1)
    if when == "week":
        return today + timedelta(days=7)
    if when in ("month", "year"):
        months = today.month + (1 if when == "month" else 12)
        year, month = today.year + (months - 1) // 12, (months - 1) % 12 + 1
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return day + timedelta(days=1) if when == "date" and day is not None else None


def _dismissed() -> None:
    st.session_state[_OPEN] = None
    st.session_state[_TROUBLE] = None


def _decide(store: Store, zone: tzinfo | None) -> None:
    """`on_click` of the dialog. A second click finds no dialog and does nothing."""
    deciding: _Deciding | None = st.session_state.get(_OPEN)
    if deciding is None:
        return
    st.session_state[_OPEN] = None
    now = datetime.now(UTC)
    try:
        words = _do(store, deciding, zone, now)
    except KeurmeesterError as error:
        st.session_state[_OPEN] = deciding
        st.session_state[_TROUBLE] = str(error)
        return
    st.session_state[_TROUBLE] = None
    if deciding.kind in ("accept", "snooze"):
        st.session_state[_DONE] = _Decided(words, deciding.ids, now)
    else:
        st.session_state[_TOAST] = (words, _LOOKS[deciding.kind].icon)


def _do(store: Store, deciding: _Deciding, zone: tzinfo | None, now: datetime) -> str:
    """Writes the decision; what was done, in words. Raises UsageError with what is missing, and NotAllowed."""
    who = demand("fixer", _DOING).name
    reason = st.session_state.get(_REASON) or ""
    back = comes_back(
        st.session_state.get(_WHEN) or "", now.astimezone(zone).date(), st.session_state.get(_DAY)
    )
    day = None if back is None else back - timedelta(days=1)
    until = None if day is None else end_of_day(day, zone).astimezone(UTC)
    ids = list(deciding.ids)
    if deciding.kind == "accept":
        count = store.accept(ids, reason, who, until=until, now=now, seen=deciding.seen)
        ends = f" until the end of {day:%d %B %Y}" if day is not None else ""
        changed = len(ids) - count
        alone = f" {number(changed)} changed meanwhile and {'was' if changed == 1 else 'were'} left alone."
        return f"{plural(count, 'finding')} accepted{ends}.{alone if changed else ''}"
    if deciding.kind == "snooze":
        assert until is not None, "every choice of a snooze has its day"
        count = store.snooze(ids, until, who, reason or None, now=now)
        return f"{plural(count, 'finding')} snoozed until the end of {day:%d %B %Y}."
    if deciding.kind == "comment":
        return f"Comment added to {plural(store.comment(ids, reason, who, now=now), 'finding')}."
    return f"{plural(store.reopen(ids, who, reason or None, now=now), 'finding')} reopened."


def outcome(store: Store) -> None:
    """The strip that says what was just decided, with *Undo*; nothing when nothing was."""
    if toast := st.session_state.pop(_TOAST, None):
        st.toast(plain(toast[0]), icon=toast[1])
    decided: _Decided | None = st.session_state.get(_DONE)
    if decided is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", border=True, key="decided-strip"
    ):
        st.markdown(f":green[:material/check_circle:] {plain(decided.words)}", width="content")
        st.button(
            "Undo",
            key="decided-undo",
            icon=":material/undo:",
            type="tertiary",
            on_click=_undo,
            args=(store, decided.ids, decided.at),
        )
        st.button("Close", key="decided-close", icon=":material/close:", type="tertiary", on_click=_forget)


def _undo(store: Store, ids: Sequence[str], made: datetime) -> None:
    """Everything as it was before; what somebody else decided since stays."""
    st.session_state[_DONE] = None
    try:
        count = store.undo_decision(list(ids), demand("fixer", _DOING).name, made=made)
    except KeurmeesterError as error:
        st.session_state[_TOAST] = (str(error), ":material/error:")
        return
    st.session_state[_TOAST] = (f"{plural(count, 'finding')} as before.", ":material/undo:")


def _forget() -> None:
    st.session_state[_DONE] = None
