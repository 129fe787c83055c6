"""From a selection to a proven repair: plan, dialog, apply, outcome. The page only starts jobs and reads the journal.

1. A click on *Link 3 products* starts a plan for exactly the keys that stood on the page. Planning changes nothing.
2. When the plan is there, a dialog names count, consequences and what is left out; nothing has happened yet.
3. A click on *Link 3 products* in the dialog starts the work. Starting the same plan twice does nothing twice.
4. While it runs and when it is done, the page reads the journal. Leaving the page stops nothing.

The plan's id stands in the URL, so that a reload finds it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from checks import jobs
from checks.fixes import FIXES, Plan, load_plan
from checks.rules import CHECKS
from checks.settings import Settings
from dashboard.parts import address
from dashboard.parts.place import Place, reader
from dashboard.parts.words import CLASS_MEANING, CLASSES, FIX_STATES, plain, plural

_JOB, _APPLY, _DIALOG = "fix-planning", "fix-applying", "fix-dialog"
FIXES_PAGE = "app_pages/fixes.py"

#: What the verb of a fix has become when it is done.
_PAST = {"Link": "linked"}

_ENDED = ("done", "failed", "undone", "needs_attention")


def verb_and_count(fix: str, count: int) -> str:
    """What the button says: `Link 3 products`."""
    return f"{FIXES[fix].verb} {plural(count, 'product')}"


def why_not(place: Place, check: str, source: str, count: int) -> str | None:
    """Why the fix of `check` cannot be started now, with the step that unblocks it; None when it can."""
    fix = CHECKS[check].fix
    if fix is None or fix not in FIXES:
        return "There is no repair for this in Keurmeester yet."
    if place.settings.source(source).read_only:
        return f"{source} is read-only: take `read_only = true` out of the settings to repair from here."
    if place.active is not None:
        return "A health check is under way: wait until it is done, or stop it."
    if is_at_work():
        return "Another repair is under way on this page."
    if count == 0:
        return "Tick one or more rows first."
    return None


def start(settings: Settings, check: str, keys: Sequence[str], source: str) -> None:
    """`on_click` of the button: plans the fix for exactly these keys."""
    address.put("plan", None)
    st.session_state[_JOB] = jobs.start_plan(settings, check, list(keys), reader(), source=source).id


def flow(place: Place, meaning: Sequence[str]) -> None:
    """Draws whatever stage the flow is in; nothing when there is none.

    Args:
        meaning: what the fix does to each product, in sentences, for the dialog.
    """
    # One element that is replaced as a whole: nothing of an earlier stage stays on the screen while the next is drawn.
    with st.empty().container():
        _flow(place, meaning)


def _flow(place: Place, meaning: Sequence[str]) -> None:
    job = jobs.job(st.session_state.get(_JOB, ""))
    if job is not None:
        if job.state == "running":
            _planning(job.id)
            return
        st.session_state[_JOB] = ""
        if job.state == "done" and job.plan_id:
            address.put("plan", job.plan_id)
            st.session_state[_DIALOG] = job.plan_id
        else:
            st.session_state["fix-trouble"] = job.message or "The plan could not be made."
    if trouble := st.session_state.get("fix-trouble"):
        with st.container(key="fix-trouble-box"):
            st.error(
                plain(trouble), title="Nothing was planned, nothing was changed", icon=":material/error:"
            )
            st.button("Close", key="fix-trouble-close", on_click=_forget_trouble)
    plan_id = address.given("plan")
    if plan_id and place.store.journal.plan(plan_id) is not None:
        _stage(place, plan_id, meaning)


def _stage(place: Place, plan_id: str, meaning: Sequence[str]) -> None:
    fixes = place.store.journal.fixes(plan_id=plan_id)
    job = jobs.job(st.session_state.get(_APPLY, ""))
    at_work = job is not None and job.plan_id == plan_id and job.state == "running"
    if at_work or any(fix["state"] == "running" for fix in fixes):
        _applying(place.store, plan_id)
    elif all(fix["state"] == "planned" for fix in fixes):
        _ready(place, load_plan(place.store, plan_id), meaning)
    elif place.is_stale:
        st.rerun()  # the last one closed while this script ran: its list still has it
    else:
        _outcome(
            place.settings, plan_id, fixes, job.message if job is not None and job.state == "failed" else None
        )


@st.fragment(run_every=0.7)
def _planning(job_id: str) -> None:
    job = jobs.job(job_id)
    if job is None or job.state != "running":
        st.rerun()
    share = min(1.0, job.done / job.total) if job.total else 0.0
    of = f", {job.done:,} of {job.total:,}" if job.total else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(share, text=f"Planning: reading each product as it is now{of}. Nothing is changed.")
        st.button("Stop", icon=":material/stop_circle:", key="plan-stop", on_click=job.stop)


def _ready(place: Place, plan: Plan, meaning: Sequence[str]) -> None:
    """A plan nobody applied yet: the dialog, and where it was closed, the way back to it."""
    if st.session_state.get(_DIALOG) == plan.id:
        _confirm(place.settings, plan, meaning)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="plan-ready"):
        words = f"A plan for {plural(len(plan.items), 'product')} is ready; nothing has been changed."
        st.markdown(f":material/pending_actions: {words}", width="stretch")
        if plan.items:
            st.button("Review", key="plan-review", on_click=_open, args=(plan.id,))
        st.button(
            "Put aside", key="plan-aside", on_click=_put_aside, help="The plan stays in the list of fixes."
        )


def _open(plan_id: str) -> None:
    st.session_state[_DIALOG] = plan_id


def _put_aside() -> None:
    st.session_state[_DIALOG] = None
    address.put("plan", None)


def _dismissed() -> None:
    st.session_state[_DIALOG] = None


def _forget_trouble() -> None:
    st.session_state["fix-trouble"] = None


def _go(settings: Settings, plan_id: str) -> None:
    """`on_click` of the dialog: starts the work. Idempotent: the same plan is never worked on twice."""
    st.session_state[_DIALOG] = None
    st.session_state[_APPLY] = jobs.start_apply(settings, plan_id, reader()).id


def _confirm(settings: Settings, plan: Plan, meaning: Sequence[str]) -> None:
    count = len(plan.items)
    title = f"{verb_and_count(plan.fix, count)}?" if count else "Nothing can be linked"

    @st.dialog(title, width="medium", on_dismiss=_dismissed)
    def dialog() -> None:
        lines = [*meaning, *plan.notes] if count else list(plan.notes)
        st.markdown("\n".join(f"- {plain(words)}" for words in lines))
        for klass, products in Counter(item.klass for item in plan.items).items():
            look = CLASSES[klass]
            st.markdown(f"{look.badge} {plural(products, 'product')}: {CLASS_MEANING[klass]}.")
        if plan.items:
            with st.expander("What it means, product by product", icon=":material/list:"):
                _list([(item.key, " ".join([item.title or "", *item.consequences])) for item in plan.items])
        if plan.not_planned:
            left = plural(len(plan.not_planned), "product is", "products are")
            with st.expander(
                f"{left} left to you", icon=":material/front_hand:", expanded=len(plan.not_planned) <= 5
            ):
                _list(list(plan.not_planned))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Cancel", key="dialog-cancel", on_click=_dismissed):
                st.rerun()
            if count and st.button(
                verb_and_count(plan.fix, count),
                key="dialog-confirm",
                type="primary",
                icon=":material/link:",
                on_click=_go,
                args=(settings, plan.id),
            ):
                st.rerun()

    dialog()


def _list(rows: Sequence[tuple[str, str]], most: int = 50) -> None:
    lines = [f"- **{plain(key)}** {plain(words)}" for key, words in rows[:most]]
    if len(rows) > most:
        lines.append(f"- … and {len(rows) - most:,} more, listed on the page Fixes")
    with st.container(height=260 if len(lines) > 6 else "content"):
        st.markdown("\n".join(lines))


@st.fragment(run_every=0.7)
def _applying(store: Any, plan_id: str) -> None:
    fixes = store.journal.fixes(plan_id=plan_id)
    job = jobs.job(st.session_state.get(_APPLY, ""))
    at_work = job is not None and job.plan_id == plan_id and job.state == "running"
    if not at_work and not any(fix["state"] == "running" for fix in fixes):
        st.rerun()  # the whole page: what is closed leaves the list
    ended = [fix for fix in fixes if fix["state"] in _ENDED]
    busy = next((fix for fix in fixes if fix["state"] == "running"), None)
    doing = f": {busy['key']} {busy['title'] or ''}" if busy else ""
    with st.container(horizontal=True, vertical_alignment="center", key="plan-applying"):
        st.progress(
            len(ended) / max(1, len(fixes)),
            text=f"{len(ended):,} of {plural(len(fixes), 'product')} worked through{plain(doing)}. You may leave this page.",
        )
        if at_work and job is not None:
            st.button(
                "Stop",
                icon=":material/stop_circle:",
                key="apply-stop",
                on_click=job.stop,
                help="Finishes the product it is at; the others stay planned.",
            )


def _outcome(settings: Settings, plan_id: str, fixes: Sequence[dict[str, Any]], trouble: str | None) -> None:
    """What became of a plan that was applied."""
    states = Counter(fix["state"] for fix in fixes)
    done, total = states["done"], len(fixes)
    verb = FIXES[fixes[0]["fix"]].verb if fixes else "Repair"
    text = f"{done:,} of {total:,} {_PAST.get(verb, 'repaired')}, read back and closed"
    with st.container(key="plan-outcome", gap="xsmall"):
        if done == total:
            st.success(text, icon=":material/check_circle:")
        else:
            parts = [
                f"{states[state]:,} {look.word.lower()}"
                for state, look in FIX_STATES.items()
                if state != "done" and states[state]
            ]
            st.warning(
                plain(" ".join([f"{', '.join(parts).capitalize()}.", trouble or ""])),
                title=text,
                icon=":material/warning:",
            )
        for row in [fix for fix in fixes if fix["state"] not in ("done", "planned")][:10]:
            st.page_link(
                FIXES_PAGE,
                label=f"{FIX_STATES[row['state']].icon} **{plain(row['key'])}** {plain(row['title'])}: "
                f"{plain(row['message'] or FIX_STATES[row['state']].word)}",
                query_params={"fix": row["id"]},
            )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if states["planned"]:
                left = f"{verb} the other {plural(states['planned'], 'product')}"
                st.button(
                    left,
                    key="plan-go-on",
                    icon=":material/play_arrow:",
                    on_click=_go,
                    args=(settings, plan_id),
                )
            st.button(
                "Close", key="plan-close", icon=":material/close:", type="tertiary", on_click=_put_aside
            )
            st.page_link(
                FIXES_PAGE, label="Every step", icon=":material/build:", query_params={"plan": plan_id}
            )


def is_at_work() -> bool:
    """Is this session planning or applying?"""
    return _running(_JOB) or _running(_APPLY)


def _running(which: str) -> bool:
    job = jobs.job(st.session_state.get(which, ""))
    return job is not None and job.state == "running"
