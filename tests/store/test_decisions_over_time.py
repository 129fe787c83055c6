"""Decisions over random histories: whatever people and runs do, a status always says what holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.findings import FOUND, OPEN_STATUSES, SET_ASIDE, STATUSES, CheckResult
from checks.store import Store

CHECK = "invalid-ean"
KEYS = ("A", "B")
DAY = timedelta(days=1)
_numbers = itertools.count()


@dataclass(frozen=True)
class Night:
    """A run, some days later: key -> value of what it found. None: the check could not run."""

    found: dict[str, str | None] | None
    days: int


@dataclass(frozen=True)
class Said:
    """What a person does to some findings; `days`: how long it is to hold, None for ever."""

    what: str  # accept | snooze | reopen | undo | comment | fixed | fix-failed
    keys: set[str] = field(default_factory=set)
    days: int | None = None


NIGHTS = st.builds(
    Night,
    st.none() | st.dictionaries(st.sampled_from(KEYS), st.sampled_from([None, "1", "2"])),
    st.integers(0, 3),
)
SAID = st.builds(
    Said,
    st.sampled_from(["accept", "accept", "snooze", "reopen", "undo", "comment", "fixed", "fix-failed"]),
    st.sets(st.sampled_from(KEYS), min_size=1),
    st.none() | st.integers(1, 4),
)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all examples, each with a source of its own: opening one takes longer than a history."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Store.open(f"sqlite:///{folder / 'keurmeester.db'}", folder / "snapshots") as opened:
        yield opened


def do(store: Store, step: Night | Said, source: str, now: datetime) -> None:
    if isinstance(step, Night):
        rows = [
            (CHECK, "error", source, "product", key, None, value, "Wrong.", None)
            for key, value in (step.found or {}).items()
        ]
        status = "could_not_run" if step.found is None else "failed" if rows else "passed"
        result = CheckResult(CHECK, source, status, len(rows), entities=9)  # type: ignore[arg-type]
        found = pl.DataFrame(rows, schema=FOUND, orient="row")
        run_id = store.begin_run("full", "test")
        store.finish_run(run_id, "complete", "full", None, [], [result], found, now)
        return
    ids = store.findings(key=step.keys, source=source, status="all")["id"].to_list()
    until = None if step.days is None else now + step.days * DAY
    if step.what == "accept":
        store.accept(ids, "Fine.", "Els", until, now)
    elif step.what == "snooze":
        store.snooze(ids, until or now + DAY, "Els", now=now)
    elif step.what == "reopen":
        store.reopen(ids, "Els", now=now)
    elif step.what == "undo":
        store.undo_decision(ids, "Els", now=now)
    elif step.what == "comment":
        store.comment(ids, "Hm.", "Els", now)
    else:
        for one in ids:
            store.set_finding(one, "fixed" if step.what == "fixed" else None, step.what, None, "Els", now=now)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(NIGHTS | SAID, min_size=3, max_size=12))
def test_a_status_always_says_what_holds(one_store: Store, steps: list[Night | Said]) -> None:
    store, source = one_store, f"shop{next(_numbers)}"
    now = datetime(2020, 1, 1, 6, tzinfo=UTC)
    before: dict[str, str] = {}
    values: dict[str, str | None] = {}
    ever: set[int] = set()
    for step in steps:
        now += step.days * DAY if isinstance(step, Night) else timedelta(minutes=1)
        revision = store.revision()
        do(store, step, source, now)

        rows = {row["id"]: row for row in store.findings(source=source, status="all").iter_rows(named=True)}
        decisions = store.decisions(rows, active=False)
        held = {row["finding_id"]: row for row in store.decisions(rows).iter_rows(named=True)}
        events = store.events_of(rows).filter(pl.col("number") > revision)

        assert decisions["ended_at"].null_count() == len(held), "one decision at most holds for a finding"
        assert ever <= set(decisions["number"]), "nothing that was decided is lost"
        ever = set(decisions["number"])
        for ident, row in rows.items():
            status, decision = row["status"], held.get(ident)
            assert status in STATUSES
            assert (row["fixed_at"] is not None) == (status == "fixed")
            if status in SET_ASIDE:
                assert decision is not None
                assert decision["kind"] == status
            if status in OPEN_STATUSES:
                assert decision is None
            if status == "accepted":
                assert decision is not None
                assert row["value"] == decision["value"], "an acceptance never hides another value"
            if isinstance(step, Night) and decision is not None and decision["until"] is not None:
                assert decision["until"] > now, "a date that passed holds nothing"
            was = before.get(ident)
            settled = was in OPEN_STATUSES and status == "ongoing"
            told = events.filter(pl.col("finding_id") == ident)["event"].to_list()
            if status != was and not settled:
                assert told, "every change of status has an event"
                assert told[-1] == status or (status in OPEN_STATUSES and told[-1] == "reopened")
            elif was is not None and isinstance(step, Night):
                assert told == (["changed"] if values[ident] != row["value"] else [])
            values[ident] = row["value"]
        before = {ident: row["status"] for ident, row in rows.items()}
