"""The button that undoes repairs: the same plan, dialog and journal as any other. Where it cannot be, it says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from checks.fixes import undo_refusal
from dashboard.parts import fix_dialog, fix_words, fix_work
from dashboard.parts.place import Place
from dashboard.parts.words import plain

#: Of more than these, only the plan looks at each one.
_MOST_ASKED = 20


def undo_action(place: Place, fix_ids: Sequence[str], *, key: str) -> None:
    """The button *Undo* for these repairs, disabled with the reason where none of them can be undone."""
    rows = _rows(place, fix_ids)
    why_not, count = _refused(place, rows), len(rows)
    label = "Undo" if count < 2 else fix_words.verb_and_count(rows[0]["fix"], count, undo=True)
    with st.container(gap="xxsmall", key=f"{key}-action", width="content"):
        st.button(
            label,
            key=key,
            icon=":material/undo:",
            disabled=why_not is not None,
            on_click=fix_work.start_undo,
            args=(place.settings, [row["id"] for row in rows]),
            help=None if why_not else "First a plan, which changes nothing; then you decide.",
        )
        if why_not:
            st.caption(plain(why_not))


def refused(place: Place, fix_ids: Sequence[str]) -> str | None:
    """Why none of these repairs can be undone; None when at least one may be tried."""
    return _refused(place, _rows(place, fix_ids))


def _rows(place: Place, fix_ids: Sequence[str]) -> list[dict[str, Any]]:
    return place.store.journal.fixes(ids=list(fix_ids)) if fix_ids else []


def _refused(place: Place, rows: Sequence[Mapping[str, Any]]) -> str | None:
    if not rows:
        return "There is nothing to undo."
    if (why_not := _cannot_be(place, rows)) is not None:
        return why_not
    if (why_not := fix_dialog.may_not_apply(place, rows[0]["source"])) is not None:
        return why_not
    return fix_work.why_busy()


def _cannot_be(place: Place, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Why nobody can undo them; None when somebody may try."""
    if all(row["klass"] == "irreversible" and row["state"] == "done" for row in rows):
        return str(rows[0]["undo"] or "It cannot be undone.")
    if len(rows) > _MOST_ASKED:
        return None
    reason = None
    for row in rows:
        reason = undo_refusal(place.store, row)
        if reason is None:
            return None
    return reason
