"""The benchmark of the error log times a grouping that is right; how fast it is is for people to read."""

from __future__ import annotations

import sys

import pytest

from checks.bench.errors import bench, make_rows, plain_pass
from checks.commands.daily import bench_checks
from checks.frames import FRAMES


def test_what_is_timed_is_right() -> None:
    result = bench(rows=20_000, runs=1, memory=False)
    assert result["agree"]
    assert result["groups"] == result["problems"] == 16
    assert result["texts"] > 10_000
    assert result["ratio"] == result["seconds"] / result["floor_seconds"]


def test_the_floor_counts_every_row() -> None:
    rows = make_rows(2_000)
    assert plain_pass(rows)["len"].sum() == 2_000


def test_rows_have_the_schema_that_collectors_make() -> None:
    rows = make_rows(100)
    assert rows.drop("problem").schema == FRAMES["error_logs"].schema
    assert rows["row_id"].n_unique() == 100
    assert make_rows(100).equals(rows)


def test_the_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    bench_checks(what="errors", rows=2_000, runs=1)
    shown = capsys.readouterr().out
    assert "2,000 rows of an error log" in shown
    assert "16, as planted" in shown
    assert ("most memory, fingerprints alone" in shown) == (sys.platform != "win32")
