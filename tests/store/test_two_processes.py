"""Several processes at one store: one gets the run, one gets the fix, readers never wait, the killed leave no trace."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import event

from checks.errors import StoreError
from checks.findings import CheckResult
from checks.frames import Collected
from checks.store import FixRecord, PlanRecord, Store

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60


def _compete(url: str, folder: Path, both: Barrier, wins: multiprocessing.Queue[dict[str, bool]]) -> None:
    name = multiprocessing.current_process().name
    both.wait(PATIENCE)
    with Store.open(url, folder) as store:  # on an empty database: both want to make its tables
        both.wait(PATIENCE)
        try:
            store.begin_run("full", name)
            got_run = True
        except StoreError:
            got_run = False
        both.wait(PATIENCE)
        fixes = () if not got_run else (FixRecord("fix", "A", None, "safe", None, {}, [], ()),)
        if fixes:
            store.journal.add_plan(_plan(fixes))
        store.journal.put_blob(b"picture")
        both.wait(PATIENCE)
        wins.put({"run": got_run, "fix": store.journal.claim("fix", name, name, datetime.now(UTC))})


def _plan(fixes: tuple[FixRecord, ...]) -> PlanRecord:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return PlanRecord(
        "plan", "link-central", "own-became-central", "webshop", now, "Els", None, {}, [], fixes
    )


def test_of_two_processes_one_gets_the_run_and_one_gets_the_fix(url: str, tmp_path: Path) -> None:
    both, wins = SPAWN.Barrier(2), SPAWN.Queue()
    processes = [SPAWN.Process(target=_compete, args=(url, tmp_path, both, wins)) for _ in range(2)]
    for process in processes:
        process.start()
    results = [wins.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join(PATIENCE)
    assert sorted(result["run"] for result in results) == [False, True]
    assert sorted(result["fix"] for result in results) == [False, True]


def _hang(url: str, folder: Path, found: pl.DataFrame, when: str, reached: Event) -> None:
    store = Store.open(url, folder)
    run_id = store.begin_run("full", "Els")
    store.save_snapshot(run_id, Collected("webshop", "products", "ok", pl.DataFrame({"ean": ["new"]})))

    def hang(*_: object) -> None:
        reached.set()
        threading.Event().wait()

    if when == "before":
        hang()
    event.listen(store.engine, "commit", hang)  # everything is written, nothing is committed
    result = CheckResult("missing-photo", "webshop", "failed", 2, entities=9)
    store.finish_run(run_id, "complete", "full", None, [], [result], found, datetime.now(UTC))


@pytest.mark.parametrize("when", ["before", "within"])
def test_a_run_killed_at_its_end_leaves_the_last_good_state(
    when: str,
    store: Store,
    url: str,
    tmp_path: Path,
    run: Callable[..., str],
    found: Callable[..., pl.DataFrame],
) -> None:
    good = run("A")
    before = store.findings(status="all")
    reached = SPAWN.Event()
    process = SPAWN.Process(target=_hang, args=(url, tmp_path / "snapshots", found("B", "C"), when, reached))
    process.start()
    try:
        assert reached.wait(PATIENCE)
        assert store.findings(status="all").equals(before)  # while the other writes, who reads sees what was
    finally:
        process.kill()
        process.join(PATIENCE)
    assert store.findings(status="all").equals(before)
    assert store.frame("webshop", "products") is None
    assert store.runs()["status"].to_list() == ["running", "complete"]
    latest = store.latest_run()
    assert latest is not None
    assert latest["id"] == good
    with pytest.raises(StoreError, match="busy since"):  # for a minute nobody can know that it is dead
        store.begin_run("full", "Jan")
