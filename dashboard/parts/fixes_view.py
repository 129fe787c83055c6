"""What the page Fixes shows: what runs now, what a person has to look at, plans put aside, the journal with its filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from checks.settings import Settings
from checks.store import Store, fix_history
from checks.store.journal import STALE
from dashboard.parts import (
    address,
    fix_attention,
    fix_page_view,
    fix_progress,
    fix_words,
    fix_work,
    journal_view,
)
from dashboard.parts.fix_outcome import FIX_PAGE
from dashboard.parts.fix_worker import is_alive
from dashboard.parts.place import Place
from dashboard.parts.words import FIX_STATES, ago, number, plain, plural

_GRID = "fixes"  # of its own: another page's table remembers other rows

#: More rows nobody reads: filters find what is older.
_MOST = 2000
_MOST_ATTENTION, _MOST_PLANS = 5, 5
_FILTERS = ("text", "state", "by", "check", "plan", "fix")


def running(place: Place) -> None:
    """What is carried out now, on every source, whoever started it. Nothing where nothing is."""
    known = [source.name for source in place.settings.shops]
    drawn = (_alive(place.store, known), fix_work.is_at_work())
    _running(place.store, place.settings, known, drawn, address.given("plan"))


def _alive(store: Store, known: list[str]) -> list[tuple[str, str]]:
    return [
        (row["source"], row["plan_id"])
        for row in store.workers.all()
        if row["source"] in known and is_alive(row)
    ]


@st.fragment(run_every=1.5)
def _running(
    store: Store,
    settings: Settings,
    known: list[str],
    drawn: tuple[list[tuple[str, str]], bool],
    shown: str,
) -> None:
    """`drawn`: who was at work, and whether this session was, when the page was drawn; `shown`: the plan that stands
    above already."""
    if (_alive(store, known), fix_work.is_at_work()) != drawn:
        st.rerun()
    for worker in store.workers.all():
        if worker["source"] not in known or worker["plan_id"] == shown or not is_alive(worker):
            continue
        plan = store.journal.plan(worker["plan_id"])
        if plan is None:
            continue
        with st.container(border=True, key=f"running-{worker['plan_id']}", gap="xxsmall"):
            what = fix_words.verb_and_count(plan["fix"], worker["total"], undo=plan["kind"] == "undo")
            st.markdown(
                f":blue[:material/sync:] **{plain(what)}** in {plain(worker['source'])}, by {plain(worker['by'])}"
            )
            fix_progress.at_work(store, settings, worker, key=f"running-{worker['source']}")
            if st.button(
                "See this plan",
                key=f"running-see-{worker['plan_id']}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=address.put,
                args=("plan", worker["plan_id"]),
            ):
                st.rerun()  # the whole page, not this piece of it alone


def unfinished(place: Place) -> None:
    """Repairs that nobody carries on: both states, and what a person can do."""
    rows = fix_history.rows(place.store.journal, states=("needs_attention",), limit=_MOST_ATTENTION + 1)
    if not rows:
        _cut_off(place)
        return
    count = fix_history.count(place.store.journal)["needs_attention"]
    st.markdown(
        f"#### :orange[:material/front_hand:] {plural(count, 'repair needs', 'repairs need')} attention"
    )
    for row in rows[:_MOST_ATTENTION]:
        with st.container(border=True, key=f"unfinished-{row['id']}", gap="xsmall"):
            st.page_link(
                FIX_PAGE,
                label=f"**{plain(row['key'])}** {plain(row['title'])}: {plain(fix_words.title(row['fix'], undo=row['kind'] == 'undo'))}",
                query_params={"fix": row["id"]},
            )
            fix_attention.both(row["message"])
            fix_attention.buttons(place, row, key=f"unfinished-{row['id']}")
    if count > _MOST_ATTENTION:
        st.button(
            f"All {number(count)}",
            key="unfinished-all",
            type="tertiary",
            on_click=address.put,
            args=("state", ["needs_attention"]),
        )
    _cut_off(place)


def _cut_off(place: Place) -> None:
    """Fixes that a program left in the middle when it ended."""
    rows = fix_history.rows(place.store.journal, states=("running",), limit=50)
    silent = [row for row in rows if row["heartbeat_at"] and datetime.now(UTC) - row["heartbeat_at"] > STALE]
    if silent:
        names = ", ".join(plain(row["key"]) for row in silent[:5])
        st.info(
            f"{names}: their program ended in the middle. They are completed or put back by themselves within a minute; "
            "what is not certain is listed here then.",
            icon=":material/sync_problem:",
        )


def plans_put_aside(place: Place) -> None:
    """Plans of which nothing was begun: look again, or away with them."""
    plans = [
        plan
        for plan in fix_history.untouched_plans(place.store.journal)
        if plan["id"] != address.given("plan")
    ]
    if not plans:
        return
    label = plural(len(plans), "plan waits", "plans wait")
    with st.expander(f"{label} for somebody to decide", icon=":material/pending_actions:", key="plans-aside"):
        for plan in plans:
            _plan(place, plan)


def _plan(place: Place, plan: Mapping[str, Any]) -> None:
    what = fix_words.verb_and_count(plan["fix"], plan["count"], undo=plan["kind"] == "undo")
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"plan-row-{plan['id']}"
    ):
        st.markdown(
            f"**{plain(what)}** in {plain(plan['source'])} :gray[planned by {plain(plan['created_by'])}, "
            f"{ago(plan['created_at'], place.now)}]",
            width="stretch",
        )
        st.button("Review", key=f"review-{plan['id']}", on_click=fix_work.open_dialog, args=(plan["id"],))
        why_not = place.may_not_fix
        st.button(
            "Discard",
            key=f"discard-{plan['id']}",
            type="tertiary",
            icon=":material/delete:",
            disabled=why_not is not None,
            help=why_not or "Takes the plan away; nothing else changes.",
            on_click=fix_work.put_away,
            args=(place.store, place.settings, plan["id"]),
        )


def answer(place: Place) -> bool:
    """How the repairs went; False when there are none yet."""
    counts = fix_history.count(place.store.journal)
    if not counts:
        with st.container(border=True, key="no-fixes"):
            st.markdown(
                "**No repair was planned yet.** A repair starts from a finding: choose products, plan, look at what it "
                "means, and go. Every step is then kept here, with what was sent and what came back."
            )
            st.page_link(
                "app_pages/became_central.py",
                label="Own products that became central",
                icon=":material/link:",
            )
        return False
    words = [
        f"**{number(counts[state])}** {fix_words.ended(state, counts[state])}"
        for state in FIX_STATES
        if counts.get(state)
    ]
    st.markdown(", ".join(words) + ".")
    return True


def filters(place: Place) -> pl.DataFrame:
    """Search, person, check, outcome; gives the fixes that they leave, what was touched last first."""
    journal = place.store.journal
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Article, name, what came of it", width=240)
        people = fix_history.people(journal)
        by = ""
        if len(people) > 1 or address.given("by"):
            options = {"": "Anybody", **{name: name for name in people}}
            by = address.picked("By", "by", options, width=170)
        known = {check: journal_view.check_words(check) for check in fix_history.checks_of(journal)}
        checks = address.several("Check", "check", known, placeholder="Every check", width=230)
        plan = address.given("plan")
        counts = fix_history.count(journal, checks=checks, by=by, plan_id=plan, text=text)
        states = address.chips(
            "State",
            "state",
            {
                name: f"{look.icon} {look.word} {number(counts.get(name, 0))}"
                for name, look in FIX_STATES.items()
                if counts.get(name) or name in st.query_params.get_all("state")
            },
        )
        if any(address.given(name) for name in _FILTERS):
            st.button(
                "Clear",
                icon=":material/close:",
                type="tertiary",
                key="clear",
                on_click=address.clear,
                args=_FILTERS,
            )
    rows = fix_history.rows(
        journal, states=states, checks=checks, by=by, plan_id=plan, text=text, limit=_MOST
    )
    total = sum(count for state, count in counts.items() if not states or state in states)
    _how_many(len(rows), total, plan)
    return journal_view.as_frame(rows)


def _how_many(shown: int, total: int, plan: str) -> None:
    of_plan = " of this plan" if plan else ""
    if total > shown:
        st.caption(
            f"The {number(shown)} of {plural(total, 'repair')}{of_plan} that were touched last; filters find the others."
        )
    else:
        st.caption(f"{plural(total, 'repair')}{of_plan}")


def list_of(fixes: pl.DataFrame) -> str:
    """The journal; gives the id of the fix that is open."""
    wanted = address.given("fix")
    if fixes.is_empty():
        with st.container(border=True, key="no-match"):
            st.markdown("**No repair matches these filters.**")
        return wanted
    first = str(fixes["id"][0])
    selected = journal_view.fix_table(
        fixes,
        key=_GRID,
        start=wanted or first,
        then=lambda ids: address.put("fix", ids[0] if ids else None),
    )
    return selected[0] if selected else wanted or first


def panel(place: Place, fix_id: str) -> None:
    """The fix that is open, step by step; all about it on its own page."""
    fix = place.store.journal.fix(fix_id) if fix_id else None
    if fix is None:
        if fix_id:
            st.caption(
                "This repair is not in the journal: it was removed with the retention, or the link is wrong."
            )
        return
    with st.container(border=True, key="fix-panel"):
        st.markdown(f"#### {plain(fix['title'] or fix['key'])}")
        fix_page_view.head(place, fix)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                FIX_PAGE,
                label="**All about this repair**",
                icon=":material/open_in_full:",
                query_params={"fix": fix["id"]},
                width="content",
            )
            fix_page_view.actions(place, fix, key="panel")
        fix_page_view.timeline(place, fix, whole=False)
