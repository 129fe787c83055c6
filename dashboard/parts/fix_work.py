"""What clicks of the fix flow start: planning, applying, undoing, pausing, stopping; and what this session has under way.

Only callbacks change anything. Each asks anew who is at work (`demand`), and doing it twice does nothing twice: a plan under
way is not planned again, an applied one not applied again. Where it may not be, the flow says why (`trouble`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from checks import jobs
from checks.errors import KeurmeesterError
from checks.fixes import CLASSES, Klass, ask_worker, discard, leave_as_is
from checks.people import Person
from checks.settings import Settings
from checks.store import Store
from dashboard.parts import address
from dashboard.parts.place import demand

_PLANNING, _APPLYING, _DIALOG, _TROUBLE = "fix-planning", "fix-applying", "fix-dialog", "fix-trouble"
_CLASSES = "fix-classes"


def start(
    settings: Settings,
    check: str,
    keys: Sequence[str] | None,
    source: str,
    *,
    options: Mapping[str, str] | None = None,
    each: Mapping[str, Mapping[str, str]] | None = None,
    safe_only: bool = False,
) -> None:
    """`on_click`: plans the fix of `check` for exactly these keys, None for all open findings of the source.

    `safe_only`: of these keys only what is safe is taken, unless a person says otherwise in the dialog.
    """

    def begin(by: Person) -> None:
        wanted = None if keys is None else list(keys)
        _planning(jobs.start_plan(settings, check, wanted, by, source, options, each, safe_only))

    _try(begin, "plan fixes")


def start_undo(settings: Settings, fix_ids: Sequence[str]) -> None:
    """`on_click`: plans to undo these fixes."""
    _try(lambda by: _planning(jobs.start_undo(settings, list(fix_ids), by)), "undo fixes")


def apply(settings: Settings, plan_id: str, classes: Collection[str]) -> None:
    """`on_click`: carries out what is planned of these classes. The same plan is never worked on twice."""
    st.session_state[_DIALOG] = None

    def begin(by: Person) -> None:
        chosen = tuple(one for one in CLASSES if one in classes)
        st.session_state[_APPLYING] = jobs.start_apply(settings, plan_id, by, chosen).id
        st.session_state[_CLASSES] = {**st.session_state.get(_CLASSES, {}), plan_id: chosen}

    _try(begin, "apply fixes")


def chosen_classes(plan_id: str) -> Sequence[Klass] | None:
    """What this session had begun of the plan; None when it began nothing of it."""
    known: Mapping[str, Sequence[Klass]] = st.session_state.get(_CLASSES, {})
    return known.get(plan_id)


def resume(settings: Settings, fix_id: str) -> None:
    """`on_click`: goes on with a fix that was begun and not finished."""

    def begin(by: Person) -> None:
        st.session_state[_APPLYING] = jobs.start_resume(settings, by, fix_id).id

    _try(begin, "go on with fixes")


def ask(store: Store, settings: Settings, source: str, wish: str) -> None:
    """`on_click`: asks the worker of a source to `pause`, `go` on or `stop`, in whichever process it is."""
    _try(lambda by: ask_worker(store, settings, source, wish, by=by), f"{wish} repairs")


def stop_waiting(job_id: str) -> None:
    """`on_click`: ends a job of this session, also one that waits for its turn."""

    def begin(by: Person) -> None:
        if (job := jobs.job(job_id)) is not None:
            job.stop()

    _try(begin, "stop repairs")


def leave(store: Store, settings: Settings, fix_id: str, reason_key: str) -> None:
    """`on_click`: a person put it right by hand; the reason stands in the session under `reason_key`."""
    because = str(st.session_state.get(reason_key) or "").strip()
    if not because:
        tell_trouble("Say in a few words what you found, and did by hand.")
        return
    _try(lambda by: leave_as_is(store, settings, fix_id, by=by, because=because), "settle fixes by hand")


def put_away(store: Store, settings: Settings, plan_id: str) -> None:
    """`on_click`: takes a plan away of which nothing was begun."""
    if address.given("plan") == plan_id:
        close()
    _try(lambda by: discard(store, settings, plan_id, by=by), "discard plans")


def open_dialog(plan_id: str) -> None:
    """`on_click`: looks at a plan, wherever it was made."""
    address.put("plan", plan_id)
    st.session_state[_DIALOG] = plan_id


def close_dialog() -> None:
    """The dialog goes, the plan stays."""
    st.session_state[_DIALOG] = None


def close() -> None:
    """The flow goes from this page; the plan stays in the list of fixes."""
    st.session_state[_DIALOG] = None
    address.put("plan", None)


def dialog_of() -> str | None:
    """The plan whose dialog is open."""
    plan_id: str | None = st.session_state.get(_DIALOG)
    return plan_id


def trouble() -> str | None:
    """Why the last click came to nothing."""
    said: str | None = st.session_state.get(_TROUBLE)
    return said


def tell_trouble(message: str) -> None:
    st.session_state[_TROUBLE] = message


def forget_trouble() -> None:
    st.session_state[_TROUBLE] = None


def planning() -> jobs.Job | None:
    """The plan that this session is making, or has just made."""
    return jobs.job(st.session_state.get(_PLANNING, ""))


def planned() -> None:
    """What `planning` gave was taken note of."""
    st.session_state[_PLANNING] = ""


def applying(plan_id: str | None = None) -> jobs.Job | None:
    """What this session last had carried out, of this plan where one is named."""
    job = jobs.job(st.session_state.get(_APPLYING, ""))
    return job if job is not None and plan_id in (None, job.plan_id) else None


def is_at_work() -> bool:
    """Is this session planning or applying?"""
    return any(job is not None and job.state == "running" for job in (planning(), applying()))


def why_busy() -> str | None:
    """What this session is at, as the reason why nothing else is begun meanwhile."""
    job = planning()
    if job is not None and job.state == "running":
        return "A plan is being made: wait until it is there, or stop it."
    return "A repair of yours is under way: wait, or see it on the page Fixes." if is_at_work() else None


def _planning(job: jobs.Job) -> None:
    address.put("plan", None)
    st.session_state[_PLANNING] = job.id


def _try(begin: Callable[[Person], object], doing: str) -> None:
    st.session_state[_TROUBLE] = None
    try:
        begin(demand("fixer", doing))
    except KeurmeesterError as error:
        st.session_state[_TROUBLE] = str(error)
