"""The worker of a source as a page sees it: is one alive, how far, how long still. Whoever started it, in whichever process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from checks.fixes.worker import are_gone
from checks.store import Store
from checks.store.journal import STALE

Row = Mapping[str, Any]

#: How many seconds back the pace is measured: a pause or a slow start an hour ago says nothing about now.
_WINDOW = 30.0


def worker_of(store: Store, source: str) -> Row | None:
    """The living worker of a source; None when nobody is at work on it."""
    row = store.workers.of(source)
    return row if row is not None and is_alive(row) else None


def is_alive(row: Row) -> bool:
    """Did it give a sign of late, and is its process still there as far as one can tell?"""
    return datetime.now(UTC) - row["heartbeat_at"] < STALE and not are_gone([row["worker"]])


def seconds_left(row: Row) -> float | None:
    """How long the worker needs still, by its pace of late; None while nobody can tell."""
    key, now = f"pace-{row['worker']}", datetime.now(UTC).timestamp()
    if row["state"] == "paused":
        st.session_state.pop(key, None)
        return None
    seen: list[tuple[float, int]] = [*st.session_state.get(key, []), (now, row["done"])]
    st.session_state[key] = seen = [one for one in seen if now - one[0] <= _WINDOW]
    return left(seen, row["total"])


def left(seen: Sequence[tuple[float, int]], total: int) -> float | None:
    """Seconds still, from moments and how many were done by then, the oldest first. Pure."""
    (since, before), (until, done) = seen[0], seen[-1]
    if done <= before or until - since < 1:
        return None
    return (total - done) * (until - since) / (done - before)
