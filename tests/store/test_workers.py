"""The row of a source's worker: one at a time, alive or dead, and what people wish of it."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from checks.store import Store

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60


def take(
    store: Store, worker: str, now: datetime, *, source: str = "webshop", gone: tuple[str, ...] = ()
) -> bool:
    return store.workers.take(source, worker, f"plan of {worker}", "ann", 5, now, gone=gone)


def test_one_has_a_source_and_another_one_does_not(store: Store, now: datetime) -> None:
    assert take(store, "a", now)
    assert not take(store, "b", now)
    assert take(store, "b", now, source="other")
    assert [(row["source"], row["worker"]) for row in store.workers.all()] == [
        ("other", "b"),
        ("webshop", "a"),
    ]


def test_the_row_says_what_it_does(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert store.workers.of("webshop") == {
        "source": "webshop",
        "worker": "a",
        "plan_id": "plan of a",
        "by": "ann",
        "state": "running",
        "wish": "go",
        "wish_by": None,
        "done": 0,
        "total": 5,
        "started_at": now,
        "heartbeat_at": now,
    }
    assert store.workers.of("nothing") is None


def test_it_may_take_its_own_again(store: Store, now: datetime) -> None:
    assert take(store, "a", now)
    assert take(store, "a", now)


def test_who_leaves_makes_room(store: Store, now: datetime) -> None:
    take(store, "a", now)
    store.workers.leave("webshop", "b")  # it is not b's to leave
    assert not take(store, "b", now)
    store.workers.leave("webshop", "a")
    assert take(store, "b", now)


def test_one_without_a_sign_for_a_minute_is_taken_over(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert not take(store, "b", now + timedelta(seconds=60))
    assert take(store, "b", now + timedelta(seconds=61))


def test_a_sign_keeps_it(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert store.workers.beat("webshop", "a", now + timedelta(seconds=50), done=2) == "go"
    assert not take(store, "b", now + timedelta(seconds=61))
    row = store.workers.of("webshop")
    assert row is not None
    assert row["done"] == 2


def test_one_that_is_known_to_be_gone_is_taken_over_at_once(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert not take(store, "b", now, gone=("c",))
    assert take(store, "b", now, gone=("a",))


def test_who_lost_it_hears_nothing_and_changes_nothing(store: Store, now: datetime) -> None:
    take(store, "a", now)
    take(store, "b", now, gone=("a",))
    assert store.workers.beat("webshop", "a", now, done=4, state="paused") is None
    store.workers.leave("webshop", "a")
    row = store.workers.of("webshop")
    assert row is not None
    assert (row["worker"], row["done"], row["state"]) == ("b", 0, "running")


def test_a_wish_is_heard_with_the_next_sign(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert store.workers.wish("webshop", "pause", "bob", now)
    assert store.workers.beat("webshop", "a", now) == "pause"
    assert store.workers.wish("webshop", "go", "bob", now)
    assert store.workers.beat("webshop", "a", now) == "go"
    row = store.workers.of("webshop")
    assert row is not None
    assert row["wish_by"] == "bob"


def test_a_stop_is_not_taken_back(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert store.workers.wish("webshop", "stop", "bob", now)
    assert not store.workers.wish("webshop", "go", "bob", now)
    assert store.workers.beat("webshop", "a", now) == "stop"


def test_asked_to_stop_twice_it_stops_all_the_same(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert store.workers.wish("webshop", "stop", "bob", now)
    assert store.workers.wish("webshop", "stop", "els", now)
    assert store.workers.beat("webshop", "a", now) == "stop"


def test_a_dead_worker_hears_no_wish(store: Store, now: datetime) -> None:
    take(store, "a", now)
    assert not store.workers.wish("webshop", "stop", "bob", now + timedelta(hours=3))
    assert not store.workers.wish("webshop", "pause", "bob", now + timedelta(hours=3))
    assert store.workers.beat("webshop", "a", now) == "go"


def test_the_next_worker_does_not_inherit_a_wish(store: Store, now: datetime) -> None:
    take(store, "a", now)
    store.workers.wish("webshop", "stop", "bob", now)
    take(store, "b", now, gone=("a",))
    assert store.workers.beat("webshop", "b", now) == "go"


def test_without_a_worker_nobody_hears_a_wish(store: Store, now: datetime) -> None:
    assert not store.workers.wish("webshop", "pause", "bob", now)


def _compete(url: str, folder: Path, all_: Barrier, wins: multiprocessing.Queue[list[bool]]) -> None:
    name, got = multiprocessing.current_process().name, []
    with Store.open(url, folder) as store:
        for round_ in range(10):
            all_.wait(PATIENCE)
            got.append(take(store, name, datetime.now(UTC), source=f"source {round_}"))
    wins.put(got)


def test_of_processes_that_come_at_once_one_gets_it(url: str, store: Store, tmp_path: Path) -> None:
    all_, wins = SPAWN.Barrier(3), SPAWN.Queue()
    processes = [SPAWN.Process(target=_compete, args=(url, tmp_path, all_, wins)) for _ in range(3)]
    for process in processes:
        process.start()
    results = [wins.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join(PATIENCE)
    assert [sum(won) for won in zip(*results, strict=True)] == [1] * 10
