"""How long the error log is kept, and that two processes that read it at once count nothing twice."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
import sqlalchemy as sa

from checks.retention import Purged, purge
from checks.settings import StoreSettings
from checks.store import Store, tables
from tests.store.error_logs import NOW, TAKEN, later, log, only, read, row

SETTINGS = StoreSettings(retention_days=400, personal_retention_days=90)
SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60


def counted(purged: Purged) -> dict[str, int]:
    return {what: tally.count for what, tally in purged.tallies.items() if tally.count}


def left(store: Store) -> set[str]:
    """The tables of the log in which anything is left."""
    with store.engine.connect() as connection:
        return {
            table.name
            for table in tables.metadata.sorted_tables
            if table.name.startswith("error_") and connection.execute(sa.select(table).limit(1)).first()
        }


def test_rows_go_and_what_they_counted_for_stays(store: Store) -> None:
    read(store, row(1, hours=24 * 20), row(2))
    at = later(days=75)
    assert counted(purge(store, SETTINGS, "els", at, dry_run=True)) == {"error_rows": 1}
    assert counted(purge(store, SETTINGS, "els", at)) == {"error_rows": 1}
    group = only(store)
    assert (group["rows"], group["products"], group["first_seen"]) == (2, 1, later(days=-20))
    assert store.errors.rows()["row_id"].to_list() == ["r2"]
    assert purge(store, SETTINGS, "els", at).nothing


def test_a_row_that_went_and_is_read_once_more_counts_no_second_time(store: Store) -> None:
    read(store, row(1, hours=24 * 20), row(2))
    purge(store, SETTINGS, "els", later(days=75))
    unread = row(3, hours=24 * 40)
    read(store, row(1, hours=24 * 20), row(2), unread, at=later(days=75), since=later(days=60))
    assert only(store)["rows"] == 3, "the old one that nobody had read counts"


def test_a_row_without_a_moment_that_went_counts_no_second_time(store: Store) -> None:
    """The log gives such rows for ever, and every reading would take them for new."""
    undated = [row(1, at=None), row(2, at=None)]
    read(store, *undated)
    store.errors.absorb("other", log(row(1, at=None)), NOW, "run")
    for days in (91, 182, 273):  # after each term once more, whatever else was purged
        at = later(days=days)
        fresh = row(days, hours=-24 * days)
        purge(store, SETTINGS, "els", at)
        read(store, *undated, fresh, at=at)
        store.errors.absorb("other", log(row(1, at=None), row(2, at=None), at=at), at, f"run-{days}")
    counts = store.errors.groups(state="all").select("source", "rows").sort("source").rows()
    assert counts == [("other", 2), ("webshop", 5)], "a row of another source is another row"


def test_a_problem_goes_once_it_was_silent_for_so_long(store: Store) -> None:
    read(store, row(1, hours=24 * 9), row(2, TAKEN, hours=24 * 9), row(3, "Timeout."))
    old = store.errors.groups(text="brand")["id"][0]
    other = store.errors.groups(text="already")["id"][0]
    store.errors.merge(other, old, "ann", now=NOW)
    store.errors.resolve(old, "ann", now=NOW)
    gone = counted(purge(store, SETTINGS, "els", later(days=395)))
    assert gone == {"error_rows": 3, "error_groups": 2}
    assert only(store)["title"].endswith("Timeout.")
    assert store.errors.group(other) is None
    assert counted(purge(store, SETTINGS, "els", later(days=500))) == {"error_groups": 1}
    assert left(store) == {"error_events"}, "only that it was purged, and how far"


def _read(url: str, folder: Path, both: Barrier, first: int) -> None:
    with Store.open(url, folder) as store:
        both.wait(PATIENCE)
        for batch in range(5):
            rows = [
                row(number, hours=number % 50)
                for number in range(first + batch * 40, first + batch * 40 + 80)
            ]
            read(store, *rows, run=f"{first}-{batch}")


@pytest.mark.usefixtures("store")
def test_two_processes_that_read_at_once_count_nothing_twice(url: str, tmp_path: Path, store: Store) -> None:
    both = SPAWN.Barrier(2)
    processes = [SPAWN.Process(target=_read, args=(url, tmp_path, both, first)) for first in (0, 20)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0, 0]
    assert (only(store)["rows"], store.errors.rows_total()) == (260, 260)
    assert store.errors.counts(only(store)["id"])["rows"].sum() == 260
