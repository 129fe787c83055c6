"""*Run now*, its live progress and *Stop*. The work is done in the background; a page only reads how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from checks import jobs
from checks.errors import NotAllowed
from checks.frames import FRAMES
from checks.people import Person
from checks.settings import Settings
from checks.store import Store
from dashboard.parts.place import Place, demand, reader, refusal
from dashboard.parts.words import number, plain, plural, seconds

_STEP_ICONS = {
    "waiting": ":gray[:material/radio_button_unchecked:]",
    "running": ":blue[:material/sync:]",
    "done": ":green[:material/check_circle:]",
    "failed": ":red[:material/error:]",
}

_START, _STOP, _REFUSED = "start a health check", "stop a health check", "run-refused"

_STEP_TITLES = {"checks": "Judging", "details": "Details"}


def run_button(place: Place, *, key: str = "run-now", primary: bool = True) -> None:
    """The button that starts a health check of all sources; why not, beneath it, where it cannot."""
    why_not = refusal("fixer", _START)
    if why_not:
        why_not = plain(why_not)
    elif not place.settings.sources:
        why_not = "There is no source in the settings yet: add one to keurmeester.toml."
    elif under_way(place):
        by = place.active["started_by"] if place.active is not None else reader()
        why_not = f"A health check of {plain(by)} is under way."
    st.button(
        "Run now",
        icon=":material/play_arrow:",
        type="primary" if primary else "secondary",
        key=key,
        disabled=why_not is not None,
        on_click=_start,
        args=(place.settings,),
        help="Collects every source, judges it and compares with the last run. It only reads.",
    )
    if why_not:
        st.caption(why_not)


def under_way(place: Place) -> bool:
    """Does a health check run, of anybody, or one that this session just started?"""
    job = _job()
    return place.active is not None or (job is not None and job.state == "running")


def _job() -> jobs.Job | None:
    return jobs.job(st.session_state.get("run-job", ""))


def _start(settings: Settings) -> None:
    if by := _allowed(_START):
        st.session_state["run-job"] = jobs.start_run(settings, by.name).id


def _stop(store: Store, run_id: str) -> None:
    if _allowed(_STOP):
        store.request_stop(run_id)


def _allowed(doing: str) -> Person | None:
    try:
        return demand("fixer", doing)
    except NotAllowed as error:
        st.session_state[_REFUSED] = str(error)
        return None


def _tell_refusal() -> None:
    if refused := st.session_state.pop(_REFUSED, None):
        st.toast(plain(refused), icon=":material/lock:")


def strip(place: Place) -> bool:
    """On every page while a run is under way: how far it is. Says so when a run of this session ended badly.

    True when there was something to show.
    """
    _tell_refusal()
    job = _job()
    if under_way(place):
        _live(place.store, _last_took(place), details=False)
        return True
    if job is None or job.state not in ("failed", "stopped"):
        return False
    with st.container(key="run-ended"):
        if job.state == "stopped":
            st.info(plain(job.message), title="The health check was stopped", icon=":material/stop_circle:")
        else:
            st.error(plain(job.message), title="The health check did not finish", icon=":material/error:")
        st.button("Close", icon=":material/close:", type="tertiary", key="run-ended-close", on_click=_forget)
    return True


def _forget() -> None:
    st.session_state["run-job"] = ""


def details(place: Place) -> None:
    """The same with every step; for the Overview."""
    if under_way(place):
        _live(place.store, None, details=True)


@st.fragment(run_every=1.0)
def _live(store: Store, last_took: float | None, *, details: bool) -> None:
    _tell_refusal()
    job = _job()
    active = store.active_run()
    if active is None:
        if job is None or job.state != "running":
            st.rerun()  # the whole page: there are new findings, or a reason why not
        if not details:
            st.progress(0.0, text="Starting the health check …")
        return
    steps = active["progress"] or []
    if details:
        _steps(steps)
        return
    share, doing = how_far(steps)
    gone = (datetime.now(UTC) - active["started_at"]).total_seconds()
    left = "" if not last_took else f" · about {plural(max(1, round(last_took - gone)), 'second')} left"
    why_not = refusal("fixer", _STOP)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        stopping = bool(active.get("stop_requested"))
        text = (
            "Stopping after what it is doing now …"
            if stopping
            else f"Health check: {doing} · {seconds(gone)}{left}"
        )
        st.progress(share, text=text)
        st.button(
            "Stop",
            icon=":material/stop_circle:",
            key="run-stop",
            disabled=stopping or why_not is not None,
            on_click=_stop,
            args=(store, active["id"]),
            help=why_not or "Ends the run after what it is doing now. The findings stay as they were.",
        )


def _last_took(place: Place) -> float | None:
    if place.run is None or place.run["finished_at"] is None:
        return None
    return float((place.run["finished_at"] - place.run["started_at"]).total_seconds())


def how_far(steps: Sequence[Mapping[str, Any]]) -> tuple[float, str]:
    """Share of the work that is done, and what is being done, in words. Pure."""
    if not steps:
        return 0.0, "starting"
    shares = [1.0 if step["state"] in ("done", "failed") else _share(step) for step in steps]
    running = [step for step in steps if step["state"] == "running"]
    ended = sum(step["state"] in ("done", "failed") for step in steps)
    doing = ", ".join(step_title(step["step"]) for step in running[:3]) or "finishing"
    return min(1.0, sum(shares) / len(steps)), f"{ended} of {len(steps)} parts, {doing}"


def _share(step: Mapping[str, Any]) -> float:
    return min(1.0, step["done"] / step["total"]) if step["total"] else 0.0


def step_title(step: str) -> str:
    """The name of a part of the work: the frame's title, or the step as it is."""
    return (
        FRAMES[step].title if step in FRAMES else _STEP_TITLES.get(step, step.replace("_", " ").capitalize())
    )


def _steps(steps: Sequence[Mapping[str, Any]]) -> None:
    with st.grid("auto", min_column_width=230, gap="xsmall"):
        for step in steps:
            total = f" of {number(step['total'])}" if step["total"] else ""
            amount = f" :gray[{number(step['done'])}{total}]" if step["state"] != "waiting" else ""
            icon = _STEP_ICONS.get(step["state"], "")
            st.markdown(f":small[{icon} {step_title(step['step'])}{amount}]", wrap=False)


def first_run(place: Place, what: str) -> None:
    """The empty state before the first run: nothing is known yet, which differs from all is well."""
    with st.container(border=True, key="not-checked"):
        st.markdown(f"#### Not checked yet\n\n{what}")
        if not under_way(place):
            run_button(place, key="run-first")
        else:
            details(place)
