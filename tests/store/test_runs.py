"""Runs: one at a time, alive by their heartbeat, ended in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from checks.errors import StoreError
from checks.findings import FOUND, CheckResult
from checks.frames import Collected, Drift
from checks.store import FixRecord, PlanRecord, Store, tables

DAY = timedelta(days=1)
FAILED = CheckResult("missing-photo", "webshop", "failed", 2, entities=9)


def statuses(store: Store) -> dict[str, str]:
    return dict(store.findings(status="all").select("key", "status").iter_rows())


def heart_stopped(store: Store, run_id: str) -> None:
    with store.engine.begin() as connection:
        old = datetime.now(UTC) - timedelta(seconds=61)
        connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(heartbeat_at=old))


def test_findings_live_over_the_runs(store: Store, run: Callable[..., str], now: datetime) -> None:
    run("A", "B")
    assert statuses(store) == {"A": "new", "B": "new"}
    run("A", now=now + DAY)
    assert statuses(store) == {"A": "ongoing", "B": "fixed"}
    run("A", "B", now=now + 2 * DAY)
    assert statuses(store) == {"A": "ongoing", "B": "regressed"}
    b = store.findings(key="B").row(0, named=True)
    assert (b["first_seen"], b["last_seen"], b["fixed_at"]) == (now, now + 2 * DAY, None)
    assert store.events(b["id"])["event"].to_list() == ["new", "fixed", "regressed"]


def test_a_check_that_could_not_run_changes_no_finding(
    store: Store, run: Callable[..., str], now: datetime
) -> None:
    run("A")
    before = store.findings(status="all")
    run(now=now + DAY, status="could_not_run")
    assert store.findings(status="all").equals(before)


def test_what_a_fix_closed_while_a_run_was_busy_stays_closed(
    store: Store, run: Callable[..., str], found: Callable[..., pl.DataFrame], now: datetime
) -> None:
    run("A", "B")
    a = store.findings(key="A")["id"][0]
    busy = store.begin_run("full", "Els")  # it has collected A as it was
    store.set_finding(a, "fixed", "fixed", "Photo uploaded.", "Jan")
    store.finish_run(busy, "complete", "full", None, [], [FAILED], found("A", "B"), datetime.now(UTC))
    assert statuses(store) == {"A": "fixed", "B": "ongoing"}
    run("A", "B", now=datetime.now(UTC))
    assert statuses(store) == {"A": "regressed", "B": "ongoing"}


def test_two_runs_at_once_are_refused_and_the_message_says_who(store: Store) -> None:
    store.begin_run("full", "Els")
    with pytest.raises(StoreError, match="A run by Els is busy since"):
        store.begin_run("full", "Jan")


def test_a_killed_runs_place_is_taken_after_its_heartbeat_stopped(store: Store) -> None:
    killed = store.begin_run("full", "Els")
    heart_stopped(store, killed)
    assert store.active_run() is None
    store.begin_run("full", "Jan")
    row = store.run(killed)
    assert row is not None
    assert row["status"] == "failed"
    assert "Interrupted" in row["message"]


def test_a_run_that_lost_its_place_stores_nothing(
    store: Store, found: Callable[..., pl.DataFrame], now: datetime
) -> None:
    slept = store.begin_run("full", "Els")
    heart_stopped(store, slept)
    other = store.begin_run("full", "Jan")
    assert store.report_progress(slept, []) is True  # it should stop
    with pytest.raises(StoreError, match="has ended already"):
        store.finish_run(slept, "complete", "full", None, [], [FAILED], found("A"), now)
    store.fail_run(slept, "failed", "Stopped.")
    assert store.findings().is_empty()
    assert store.runs().select("id", "status").rows() == [(other, "running"), (slept, "failed")]
    row = store.run(slept)
    assert row is not None
    assert "Interrupted" in row["message"]


def test_a_run_that_slept_and_lost_nothing_goes_on(store: Store) -> None:
    slept = store.begin_run("full", "Els")
    heart_stopped(store, slept)
    assert store.report_progress(slept, []) is False
    active = store.active_run()
    assert active is not None
    assert active["id"] == slept


def test_an_unknown_run_cannot_be_finished(store: Store, now: datetime) -> None:
    with pytest.raises(StoreError, match="There is no run"):
        store.finish_run("nonsense", "complete", "full", None, [], [], FOUND.to_frame(), now)


def test_progress_is_seen_by_others_and_a_stop_is_heard(store: Store, url: str, tmp_path: Path) -> None:
    run_id = store.begin_run("full", "Els")
    assert store.report_progress(run_id, [{"step": "products", "done": 5}]) is False
    with Store.open(url, tmp_path) as other:
        active = other.active_run()
        assert active is not None
        assert active["progress"] == [{"step": "products", "done": 5}]
        other.request_stop(run_id)
    assert store.report_progress(run_id, []) is True


def test_a_failed_run_is_not_the_latest(store: Store, run: Callable[..., str]) -> None:
    good = run("A")
    store.fail_run(store.begin_run("full", "Els"), "failed", "The server is down.")
    latest = store.latest_run()
    assert latest is not None
    assert latest["id"] == good
    assert store.runs()["status"].to_list() == ["failed", "complete"]


def test_what_was_collected_is_kept_also_of_a_failed_run(store: Store) -> None:
    drift = (Drift("Colour", "new", "text in 3 rows"),)
    data = pl.DataFrame({"ean": ["5400000000003"]})
    collected = [
        Collected("webshop", "products", "failed", message="HTTP 500"),
        Collected(
            "webshop", "central_eans", "ok", data, requests=3, drift=drift, unusable={"ean": "It is gone."}
        ),
    ]
    run_id = store.begin_run("full", "Els")
    store.fail_run(run_id, "failed", "The server is down.", collected)
    rows = store.collected(run_id)
    assert rows.select("frame", "status", "rows", "requests", "message").rows() == [
        ("central_eans", "ok", 1, 3, None),
        ("products", "failed", 0, 0, "HTTP 500"),
    ]
    assert rows["drift"][0] == '[{"field": "Colour", "kind": "new", "detail": "text in 3 rows"}]'
    assert rows["unusable"][0] == '{"ean": "It is gone."}'


def test_check_results_over_the_last_runs_in_one_frame(
    store: Store, run: Callable[..., str], now: datetime
) -> None:
    run("A", now=now)
    second, third = run("A", "B", now=now + DAY), run(now=now + 2 * DAY)
    store.fail_run(store.begin_run("full", "Els"), "failed", "The server is down.")
    history = store.check_history(runs=2)
    assert history.select("run_id", "check", "findings", "entities", "finished_at", "run_status").rows() == [
        (third, "missing-photo", 0, 9, now + 2 * DAY, "complete"),
        (second, "missing-photo", 2, 9, now + DAY, "complete"),
    ]


def test_a_product_that_a_fix_left_nowhere_is_not_called_fixed(
    store: Store, run: Callable[..., str], now: datetime
) -> None:
    run("A", "B")
    fixes = (FixRecord("fix-A", "A", None, "safe", None, {}, [], ()),)
    plan = PlanRecord("plan", "link-central", "missing-photo", "webshop", now, "Els", None, {}, [], fixes)
    store.journal.add_plan(plan)
    store.journal.claim("fix-A", "worker", "Els", now)
    store.journal.finish("fix-A", "needs_attention", "Nowhere.", now)
    run(now=now + DAY)
    assert statuses(store) == {"A": "new", "B": "fixed"}
    store.journal.finish("fix-A", "failed", "Put back.", now)
    run(now=now + 2 * DAY)
    assert statuses(store) == {"A": "fixed", "B": "fixed"}
