"""What became of a plan that was applied: how many of what, the way to each, going on with the rest, undoing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from checks.store import fix_history
from dashboard.parts import fix_attention, fix_dialog, fix_undo, fix_words, fix_work
from dashboard.parts.place import Place
from dashboard.parts.words import CLASSES as LOOKS
from dashboard.parts.words import FIX_STATES, number, plain

FIX_PAGE, FIXES_PAGE = "app_pages/fix.py", "app_pages/fixes.py"
_MOST_NAMED = 6


def outcome(place: Place, plan: Mapping[str, Any]) -> None:
    """`plan`: its row in the journal."""
    tally = fix_history.tally(place.store.journal, plan["id"])
    states = Counter[str]()
    for (state, _), count in tally.items():
        states[state] += count
    undo, total = plan["kind"] == "undo", states.total()
    done = states["done"] + states["undone"]
    left = Counter({klass: count for (state, klass), count in tally.items() if state == "planned"})
    went_on = fix_work.chosen_classes(plan["id"])
    aside = _not_taken(left, went_on, tally)
    begun = total - aside.total()
    proof = fix_words.proof(plan["fix"], plan["check"], undo=undo)
    text = f"{number(done)} of {number(begun)} {proof}"
    with st.container(key="plan-outcome", gap="xsmall"):
        if done == begun:
            st.success(text, icon=":material/check_circle:")
        else:
            st.warning(
                plain(_what_else(place, plan["id"], states, aside)), title=text, icon=":material/warning:"
            )
        _troubled(place, plan, states)
        _aside(plan, aside)
        ids = _done(place, plan)
        refused = fix_undo.refused(place, ids) if ids else None
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="plan-next"):
            _go_on(place, plan, left - aside, undo)
            if ids and refused is None:
                fix_undo.undo_action(place, ids, key="plan-undo")
            st.page_link(
                FIXES_PAGE,
                label="Every step",
                icon=":material/build:",
                query_params={"plan": plan["id"]},
                width="content",
            )
            st.button(
                "Close", key="plan-close", icon=":material/close:", type="tertiary", on_click=fix_work.close
            )
        if refused is not None:
            st.caption(f":material/undo: {plain(refused)}")


def _done(place: Place, plan: Mapping[str, Any]) -> list[str]:
    """The fixes of a plan that could be undone together; what of it cannot be, the plan to undo says."""
    if plan["kind"] == "undo":
        return []
    return [row["id"] for row in place.store.journal.fixes(plan_id=plan["id"], state="done")]


def _not_taken(left: Counter[str], chosen: Any, tally: Mapping[tuple[str, str], int]) -> Counter[str]:
    """What is still planned because nobody wanted it: of a class that was not taken. In another session than that which
    chose: of a class of which nothing was begun."""
    begun = {klass for (state, klass), _ in tally.items() if state != "planned"}
    taken = begun if chosen is None else {*chosen}
    return Counter({klass: count for klass, count in left.items() if klass not in taken})


def _what_else(place: Place, plan_id: str, states: Counter[str], aside: Counter[str]) -> str:
    waiting = states["planned"] - aside.total()
    parts = [
        f"{number(count)} {'not begun' if state == 'planned' else fix_words.ended(state, count)}"
        for state in FIX_STATES
        if state not in ("done", "undone") and (count := waiting if state == "planned" else states[state])
    ]
    said = f"{', '.join(parts)}." if parts else ""
    return " ".join(filter(None, (said, _why_stopped(place, plan_id) if waiting else None)))


def _why_stopped(place: Place, plan_id: str) -> str | None:
    """Why the rest was not begun, where it was not a person who stopped it."""
    job = fix_work.applying(plan_id)
    if job is not None and job.state == "failed" and job.message:
        return job.message
    return fix_history.why_not_begun(place.store.journal, plan_id)


def _troubled(place: Place, plan: Mapping[str, Any], states: Counter[str]) -> None:
    """The way to each that did not end well."""
    for state in ("needs_attention", "failed"):
        if not states[state]:
            continue
        rows = place.store.journal.fixes(plan_id=plan["id"], state=state, limit=_MOST_NAMED)
        for row in rows:
            st.page_link(
                FIX_PAGE,
                label=f"{FIX_STATES[state].icon} **{plain(row['key'])}** {plain(row['title'])}: "
                f"{plain(fix_attention.two_states(row['message']).why)}",
                query_params={"fix": row["id"]},
            )
        if states[state] > len(rows):
            st.page_link(
                FIXES_PAGE,
                label=f"All {number(states[state])} that {_ENDED[state]}",
                icon=FIX_STATES[state].icon,
                query_params={"plan": plan["id"], "state": state},
            )


_ENDED = {"needs_attention": "need attention", "failed": "failed"}


def _aside(plan: Mapping[str, Any], aside: Counter[str]) -> None:
    """What was not taken, and is offered."""
    if not aside:
        return
    said = ", ".join(f"{LOOKS[klass].badge} {number(count)}" for klass, count in aside.items())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="plan-not-taken"):
        st.markdown(f"Not taken: {said}", width="content")
        st.button(
            f"Review the other {number(aside.total())}",
            key="plan-review",
            on_click=fix_work.open_dialog,
            args=(plan["id"],),
        )


def _go_on(place: Place, plan: Mapping[str, Any], left: Counter[str], undo: bool) -> None:
    if not left:
        return
    why_not = fix_dialog.may_not_apply(place, plan["source"])
    things = fix_words.things(plan["fix"], left.total())
    st.button(
        fix_words.verb_and_count(plan["fix"], left.total(), undo=undo).replace(things, f"the other {things}"),
        key="plan-go-on",
        icon=":material/play_arrow:",
        type="primary",
        disabled=why_not is not None,
        help=why_not,
        on_click=fix_work.apply,
        args=(place.settings, plan["id"], tuple(left)),
    )
