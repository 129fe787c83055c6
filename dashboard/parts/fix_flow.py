"""From a selection to a proven repair: form, plan, dialog, apply, outcome, undo. The page only starts jobs and reads the journal.

1. A click on *Link 3 products* (`action`) asks what the fix needs from a person, if anything, and plans exactly the keys
   that stood on the page. Planning changes nothing.
2. When the plan is there, a dialog names count, classes, consequences and what is left out; nothing has happened yet.
3. A click on *Link 3 products* in the dialog starts the work. Starting the same plan twice does nothing twice.
4. While it runs and when it is done, the page reads the journal. Leaving the page stops nothing.

A page draws `flow` once, above its list. The plan's id stands in the URL (`?plan=`), so that a reload finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from checks import jobs
from checks.fixes import FIXES, Plan, load_plan
from checks.rules import CHECKS
from checks.store import Store, fix_history
from dashboard.parts import (
    address,
    fix_dialog,
    fix_form,
    fix_outcome,
    fix_progress,
    fix_words,
    fix_work,
    loading,
)
from dashboard.parts.fix_undo import undo_action
from dashboard.parts.fix_work import is_at_work, start
from dashboard.parts.fix_worker import worker_of
from dashboard.parts.links import ERROR_LOGS
from dashboard.parts.place import Place
from dashboard.parts.words import number, plain

__all__ = ["action", "flow", "is_at_work", "start", "undo_action", "verb_and_count", "why_not"]

verb_and_count = fix_words.verb_and_count

_REFRESHED = "fix-refreshed"
#: The plan that this session saw being applied.
_WATCHED = "fix-watched"
PHOTOS_PAGE = "app_pages/photos.py"


def action(
    place: Place,
    check: str,
    source: str,
    keys: Sequence[str],
    *,
    key: str,
    label: str | None = None,
    primary: bool = False,
    all: bool = False,
) -> None:
    """The button of the fix of `check` for exactly these keys; disabled with the reason beneath where it cannot be.

    Args:
        key: of the button.
        label: instead of verb and count.
        all: nobody looked at each of them, it is for all that stands on the page: then only what is safe is taken unless a
            person says otherwise.
    """
    fix = CHECKS[check].fix or ""
    if fix in FIXES and "photo" in FIXES[fix].options:
        _photos(keys, key, label)
        return
    if fix == "triage":
        _triage(keys, key)
        return
    reason = why_not(place, check, source, len(keys)) or _none_fits(place, check, source, keys)
    count = fix_words.verb_and_count(fix, len(keys)) if keys else f"{fix_words.verb(fix)} selected"
    with st.container(gap="xxsmall", key=f"{key}-action", width="content"):
        st.button(
            label or count,
            key=key,
            type="primary" if primary else "secondary",
            icon=fix_words.icon(fix),
            disabled=reason is not None,
            on_click=fix_form.ask,
            args=(place, fix_form.Asked(check, source, tuple(keys), all)),
            help=None if reason else "First a plan, which changes nothing; then you decide.",
        )
        if reason:
            st.caption(plain(reason))


def _photos(keys: Sequence[str], key: str, label: str | None) -> None:
    """Pictures are given on a page of their own."""
    one = {"text": keys[0]} if len(keys) == 1 else None
    with st.container(key=f"{key}-action", width="content"):
        st.page_link(
            PHOTOS_PAGE,
            label=label or "Upload photos",
            icon=fix_words.ICONS["upload-photo"],
            query_params=one,
        )


def _triage(keys: Sequence[str], key: str) -> None:
    """Problems of the error log are looked into on a page of their own."""
    one = {"group": keys[0]} if len(keys) == 1 else None
    with st.container(key=f"{key}-action", width="content"):
        st.page_link(ERROR_LOGS, label="Triage", icon=":material/bug_report:", query_params=one)


def why_not(place: Place, check: str, source: str, count: int) -> str | None:
    """Why the fix of `check` cannot be started now, with the step that unblocks it; None when it can."""
    fix = CHECKS[check].fix
    if fix is None or fix not in FIXES:
        return "There is no repair for this in Keurmeester: put it right in the shop itself."
    if (reason := fix_dialog.may_not_apply(place, source)) is not None:
        return reason
    if place.active is not None:
        return "A health check is under way: wait until it is done, or stop it."
    if (busy := fix_work.why_busy()) is not None:
        return busy
    if (worker := worker_of(place.store, source)) is not None:
        done = f"{number(worker['done'])} of {number(worker['total'])}"
        return (
            f"{worker['by']} has {source} repaired just now ({done}): wait, or stop that on the page Fixes."
        )
    if count == 0:
        return "Tick one or more rows first."
    return None


def _none_fits(place: Place, check: str, source: str, keys: Sequence[str]) -> str | None:
    """Why none of these findings can be fixed; one that can is enough, the plan says what becomes of the others."""
    fix, settings = FIXES[str(CHECKS[check].fix)], place.settings.shop(source)
    found = loading.open_findings(place).filter(
        (pl.col("check") == check) & (pl.col("source") == source) & pl.col("key").is_in(list(keys))
    )
    reason = None
    for finding in found.iter_rows(named=True):
        said = fix.available(finding, settings)
        if said.available:
            return None
        reason = reason or " ".join((*said.reasons, said.step or ""))
    return reason


def flow(place: Place) -> None:
    """Draws whatever stage the flow is in; nothing when there is none. Once a page."""
    # One element that is replaced as a whole: nothing of an earlier stage stays on the screen while the next is drawn.
    with st.empty().container():
        _flow(place)


def _flow(place: Place) -> None:
    job = fix_work.planning()
    if job is not None and job.state == "running":
        fix_progress.planning(job.id)
        return
    if job is not None:
        _planned(job)
    _trouble()
    plan_id = address.given("plan")
    plan = place.store.journal.plan(plan_id) if plan_id else None
    if (asked := fix_form.opened()) is not None:
        fix_form.dialog(place, asked)
    if plan is not None:
        _stage(place, plan)


def _planned(job: jobs.Job) -> None:
    """What this session planned is there, or came to nothing."""
    fix_work.planned()
    if job.state == "done" and job.plan_id:
        fix_work.open_dialog(job.plan_id)
    elif job.state != "stopped":
        fix_work.tell_trouble(job.message or "The plan could not be made.")


def _trouble() -> None:
    if trouble := fix_work.trouble():
        with st.container(key="fix-trouble-box"):
            st.error(plain(trouble), title="Nothing was changed", icon=":material/error:")
            st.button("Close", key="fix-trouble-close", on_click=fix_work.forget_trouble)


def _stage(place: Place, plan: Mapping[str, Any]) -> None:
    states = place.store.journal.states(plan["id"])
    job, worker = fix_work.applying(plan["id"]), worker_of(place.store, plan["source"])
    at_work = (job is not None and job.state == "running") or (
        worker is not None and worker["plan_id"] == plan["id"]
    )
    if at_work or states.get("running"):
        st.session_state[_REFRESHED] = None
        st.session_state[_WATCHED] = plan["id"]
        fix_progress.applying(place.store, place.settings, plan)
        return
    if fix_work.dialog_of() == plan["id"] and fix_form.opened() is None:
        waiting = fix_history.waiting_ids(place.store.journal, plan["id"])
        fix_dialog.confirm(place, _plan(place.store, place.settings.store.url, plan["id"]), waiting)
    if not states:
        return  # nothing could be planned: the dialog said why, and there is nothing to come back to
    if states.get("planned", 0) == sum(states.values()):
        _ready(plan, states.get("planned", 0))
    elif place.is_stale and st.session_state.get(_REFRESHED) != plan["id"]:
        st.session_state[_REFRESHED] = plan["id"]
        st.rerun()  # the last one closed while this script ran: its list still has it
    else:
        st.session_state[_REFRESHED] = plan["id"]
        if st.session_state.get(_WATCHED) == plan["id"]:
            st.session_state[_WATCHED] = None
            _at_the_top(plan, states)
        fix_outcome.outcome(place, plan)


def _at_the_top(plan: Mapping[str, Any], states: Mapping[str, int]) -> None:
    """Whoever pressed a button further down does not see the outcome, which stands at the top of the page."""
    undo, done = plan["kind"] == "undo", states.get("done", 0) + states.get("undone", 0)
    st.toast(
        f"{number(done)} of {number(sum(states.values()))} {fix_words.past(plan['fix'], undo=undo)}. "
        "How it went stands at the top of the page.",
        icon=":material/check_circle:" if done == sum(states.values()) else ":material/info:",
    )


@st.cache_resource(max_entries=4, show_spinner="Reading the plan …")
def _plan(_store: Store, url: str, plan_id: str) -> Plan:
    """A plan never changes: of thousands it is read once."""
    return load_plan(_store, plan_id)


def _ready(plan: Mapping[str, Any], count: int) -> None:
    """A plan nobody applied yet: where its dialog was closed, the way back to it."""
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="plan-ready", gap="small"
    ):
        words = f"A plan for {fix_words.things(plan['fix'], count)} is ready; nothing has been changed."
        st.markdown(f":material/pending_actions: {words}", width="stretch")
        if count:
            st.button("Review", key="plan-review", on_click=fix_work.open_dialog, args=(plan["id"],))
        st.button(
            "Put aside",
            key="plan-aside",
            on_click=fix_work.close,
            help="The plan stays on the page Fixes, for later.",
        )
