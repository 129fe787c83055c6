"""Runs: one at a time, alive by their heartbeat, ended in one transaction."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from checks.errors import StoreError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.store import Store, tables

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")


def found(*keys: str, value: str = "x") -> pl.DataFrame:
    """One missing photo a key."""
    rows = [
        ("missing-photo", "warning", "webshop", "product", key, None, value, f"{key} has no photo.", None)
        for key in keys
    ]
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def result(findings: int = 1, status: str = "failed") -> CheckResult:
    return CheckResult(
        "missing-photo", "webshop", status, findings, entities=None if status == "could_not_run" else 9
    )


def run(store: Store, *keys: str, now: datetime = NOW, check: CheckResult | None = None) -> str:
    run_id = store.begin_run("full", "test")
    store.finish_run(run_id, "complete", "full", None, [], [check or result(len(keys))], found(*keys), now)
    return run_id


def statuses(store: Store) -> dict[str, str]:
    return dict(store.findings(status="all").select("key", "status").iter_rows())


def test_findings_live_over_the_runs(store: Store) -> None:
    run(store, "A", "B")
    assert statuses(store) == {"A": "new", "B": "new"}
    run(store, "A", now=NOW + timedelta(days=1))
    assert statuses(store) == {"A": "ongoing", "B": "fixed"}
    run(store, "A", "B", now=NOW + timedelta(days=2))
    assert statuses(store) == {"A": "ongoing", "B": "regressed"}
    b = store.findings(key="B").row(0, named=True)
    assert (b["first_seen"], b["last_seen"], b["fixed_at"]) == (NOW, NOW + timedelta(days=2), None)
    assert store.events(b["id"])["event"].to_list() == ["new", "fixed", "regressed"]


def test_a_check_that_could_not_run_changes_no_finding(store: Store) -> None:
    run(store, "A")
    before = store.findings(status="all")
    run(store, now=NOW + timedelta(days=1), check=result(0, "could_not_run"))
    assert store.findings(status="all").equals(before)


def test_two_runs_at_once_are_refused_and_the_message_says_who(store: Store) -> None:
    store.begin_run("full", "Els")
    with pytest.raises(StoreError, match="A run by Els is busy since"):
        store.begin_run("full", "Jan")


def test_a_killed_runs_place_is_taken_after_its_heartbeat_stopped(store: Store) -> None:
    killed = store.begin_run("full", "Els")
    with store.engine.begin() as connection:
        old = datetime.now(UTC) - timedelta(minutes=2)
        connection.execute(sa.update(tables.runs).values(heartbeat_at=old))
    assert store.active_run() is None
    store.begin_run("full", "Jan")
    row = store.run(killed)
    assert row is not None
    assert row["status"] == "failed"
    assert "Interrupted" in row["message"]


def test_progress_is_seen_by_others_and_a_stop_is_heard(store: Store, url: str, tmp_path: Path) -> None:
    run_id = store.begin_run("full", "Els")
    assert store.report_progress(run_id, [{"step": "products", "done": 5}]) is False
    with Store.open(url, tmp_path) as other:
        active = other.active_run()
        assert active is not None
        assert active["progress"] == [{"step": "products", "done": 5}]
        other.request_stop(run_id)
    assert store.report_progress(run_id, []) is True


def test_a_failed_run_is_not_the_latest(store: Store) -> None:
    good = run(store, "A")
    store.fail_run(store.begin_run("full", "Els"), "failed", "The server is down.")
    latest = store.latest_run()
    assert latest is not None
    assert latest["id"] == good
    assert store.runs()["status"].to_list() == ["failed", "complete"]


def test_what_was_collected_comes_back_also_as_frame(store: Store) -> None:
    data = pl.DataFrame({"ean": ["5400000000003"]}, schema=FRAMES["central_eans"].schema)
    one = Collected("webshop", "central_eans", "ok", data, requests=3, unusable={"ean": "gone"})
    run_id = store.begin_run("full", "Els")
    store.save_snapshot(run_id, one)
    assert store.frame("webshop", "central_eans") is None  # the run is not finished
    store.finish_run(run_id, "complete", "full", None, [one], [], FOUND.to_frame(), NOW)
    frame = store.frame("webshop", "central_eans")
    assert frame is not None
    assert frame.equals(data)
    row = store.collected(run_id).row(0, named=True)
    assert (row["rows"], row["requests"], row["unusable"]) == (1, 3, '{"ean": "gone"}')


def _compete(url: str, folder: Path, start: Event, wins: multiprocessing.Queue[bool]) -> None:
    with Store.open(url, folder) as store:
        start.wait()
        try:
            store.begin_run("full", str(os.getpid()))
            wins.put(True)
        except StoreError:
            wins.put(False)


def test_of_two_processes_one_gets_the_run(url: str, tmp_path: Path) -> None:
    start, wins = SPAWN.Event(), SPAWN.Queue()
    both = [SPAWN.Process(target=_compete, args=(url, tmp_path, start, wins)) for _ in range(2)]
    for process in both:
        process.start()
    start.set()
    assert sorted(wins.get(timeout=60) for _ in both) == [False, True]
    for process in both:
        process.join()


def _die_in_the_middle(url: str, folder: Path) -> None:
    store = Store.open(url, folder)
    run_id = store.begin_run("full", "Els")

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    store._end = die  # type: ignore[method-assign]  # the last write of the transaction
    store.finish_run(
        run_id, "complete", "full", None, [], [result(2)], found("B", "C"), NOW + timedelta(days=1)
    )


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is Unix's")
def test_a_run_killed_half_way_leaves_the_last_good_state(store: Store, url: str, tmp_path: Path) -> None:
    run(store, "A")
    before = store.findings(status="all")
    process = SPAWN.Process(target=_die_in_the_middle, args=(url, tmp_path))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert store.findings(status="all").equals(before)
    assert store.counts()["findings"].to_list() == [1]
