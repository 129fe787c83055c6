"""How far planning and applying are. Only reads, little and often: two small questions to the store a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from checks import jobs
from checks.settings import Settings
from checks.store import Store
from dashboard.parts import fix_words, fix_work
from dashboard.parts.fix_worker import seconds_left, worker_of
from dashboard.parts.place import refusal
from dashboard.parts.words import FIX_STATES, duration, number, plain

_POLL = 0.8

_WISHES = {"pause": "Pausing after the one it is at", "stop": "Stopping after the one it is at"}


@st.fragment(run_every=_POLL)
def planning(job_id: str) -> None:
    """A plan that is being made."""
    job = jobs.job(job_id)
    if job is None or job.state != "running":
        st.rerun()
    share = min(1.0, job.done / job.total) if job.total else 0.0
    of = f", {job.done:,} of {job.total:,}" if job.total else ""
    with st.container(horizontal=True, vertical_alignment="center", key="plan-planning"):
        st.progress(share, text=f"Planning: reading each one as it is now{of}. Nothing is changed.")
        st.button("Stop", icon=":material/stop_circle:", key="plan-stop", on_click=job.stop)


@st.fragment(run_every=_POLL)
def applying(store: Store, settings: Settings, plan: Mapping[str, Any]) -> None:
    """A plan that is carried out, by this session or by anybody else. Ends with a run of the whole page."""
    states = store.journal.states(plan["id"])
    worker = worker_of(store, plan["source"])
    mine = worker is not None and worker["plan_id"] == plan["id"]
    job = fix_work.applying(plan["id"])
    waits = job is not None and job.state == "running"
    if not mine and not waits and not states.get("running"):
        st.rerun()  # what is closed leaves the list
    if worker is not None and mine:
        at_work(store, settings, worker, key="apply")
    elif waits and job is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="apply-waiting"):
            st.progress(0.0, text=_waiting(worker))
            st.button(
                "Stop",
                icon=":material/stop_circle:",
                key="apply-stop",
                on_click=fix_work.stop_waiting,
                args=(job.id,),
            )
    else:
        st.progress(0.0, text="It was cut off, and is carried on by itself within a minute …")
    st.caption(_so_far(states))


def _waiting(worker: Mapping[str, Any] | None) -> str:
    if worker is None:
        return "Starting …"
    done = f"{number(worker['done'])} of {number(worker['total'])}"
    return f"Waiting for its turn: {plain(worker['by'])} has {done} repaired in {plain(worker['source'])}. You may leave this page."


def _so_far(states: Mapping[str, int]) -> str:
    parts = [
        f"{look.icon} {number(states[state])} {fix_words.ended(state, states[state])}"
        for state, look in FIX_STATES.items()
        if states.get(state) and state != "running"
    ]
    return " · ".join(parts)


def at_work(store: Store, settings: Settings, worker: Mapping[str, Any], *, key: str) -> None:
    """A worker: how far, how long still, and the buttons that it hears."""
    done, total = worker["done"], max(1, worker["total"])
    paused, wish = worker["state"] == "paused", worker["wish"]
    why_not = refusal("fixer", "pause or stop repairs")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-worker"):
        st.progress(min(1.0, done / total), text=_doing(worker))
        if paused or wish == "pause":
            wanted, label, icon = "go", "Continue", ":material/play_arrow:"
        else:
            wanted, label, icon = "pause", "Pause", ":material/pause_circle:"
        st.button(
            label,
            icon=icon,
            key=f"{key}-{'continue' if wanted == 'go' else 'pause'}",
            disabled=why_not is not None or wish == "stop",
            on_click=fix_work.ask,
            args=(store, settings, worker["source"], wanted),
            help=why_not,
        )
        st.button(
            "Stop",
            icon=":material/stop_circle:",
            key=f"{key}-stop",
            disabled=why_not is not None or wish == "stop",
            on_click=fix_work.ask,
            args=(store, settings, worker["source"], "stop"),
            help=why_not or "Finishes the one it is at; the others stay planned.",
        )


def _doing(worker: Mapping[str, Any]) -> str:
    how_far = f"**{number(worker['done'])} of {number(worker['total'])}** worked through"
    if worker["wish"] == "stop":
        return f"{how_far} · {_WISHES['stop']} …"
    if worker["state"] == "paused":
        who = plain(worker["wish_by"]) or "somebody"
        return f"{how_far} · Paused by {who}" if worker["wish"] == "pause" else f"{how_far} · Going on …"
    if worker["wish"] == "pause":
        return f"{how_far} · {_WISHES['pause']} …"
    left = seconds_left(worker)
    still = "" if left is None else f" · about {duration(left)} left"
    return f"{how_far}{still} · You may leave this page"
