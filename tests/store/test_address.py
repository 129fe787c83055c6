"""Addresses: what can be opened is, what cannot be is told in words, and no secret in one is ever shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from checks.errors import StoreError
from checks.findings import FOUND, CheckResult
from checks.store import Store
from checks.store.engine import make_engine, reading, shown, writing

SECRET = "geheim1"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "not a database address"),
        (f"postgresql://me@host:{SECRET}/shop", "not a database address"),
        (f"oracle://me:{SECRET}@db/x", "oracle is not supported"),
        (f"postgresql+psycopg2://me:{SECRET}@db/x", "Begin it with sqlite:/// or postgresql://"),
        ("sqlite://", "must outlive a run"),
        ("sqlite:///:memory:", "must outlive a run"),
        (f"postgresql://me:{SECRET}@127.0.0.1:9/none", "Check that the server runs"),
        (f"postgresql://me@127.0.0.1:9/none?password={SECRET}", "Check that the server runs"),
        (f"postgresql://me@127.0.0.1:9/none?sslpassword={SECRET}", "Check that the server runs"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(
    url: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=told) as error:
        Store.open(url, tmp_path)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [f"postgres://me:{SECRET}@db/shop", f"postgresql://me@db/shop?password={SECRET}&sslpassword={SECRET}"],
)
def test_no_representation_shows_a_secret(url: str) -> None:
    engine = make_engine(url)
    assert engine.dialect.driver == "psycopg"
    assert SECRET not in repr(engine) + repr(engine.url) + shown(engine.url) + repr(Store(engine, Path()))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Not a database, and long enough to look like one." * 100)
    with pytest.raises(StoreError, match=r"store\.url names a file that is something else"):
        Store.open(f"sqlite:///{tmp_path / 'notes.txt'}", tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="its folder cannot be made"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'deep' / 'keurmeester.db'}", tmp_path)


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path / 'new' / 'keurmeester.db'}", tmp_path).close()
    assert (tmp_path / "new" / "keurmeester.db").is_file()


def test_a_locked_file_is_told_with_who_may_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.store.engine._BUSY_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'keurmeester.db'}"
    with (
        Store.open(url, tmp_path) as one,
        Store.open(url, tmp_path) as other,
        writing(one.engine),
        pytest.raises(StoreError, match="Another program has held it"),
        writing(other.engine),
    ):
        pass


def test_a_store_that_went_away_is_told_when_read(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path) as store,
        pytest.raises(StoreError, match="cannot be used: no such table"),
        reading(store.engine) as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM gone")


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path) as store:
        run_id = store.begin_run("full", "Els")
        with reading(store.engine) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=60")
        rows = [
            ("missing-photo", "warning", "webshop", "product", str(n), None, "x" * 99, "", None)
            for n in range(9_000)
        ]
        found = pl.DataFrame(rows, schema=FOUND, orient="row")
        results = [CheckResult("missing-photo", "webshop", "failed", 9_000)]
        with pytest.raises(StoreError, match="Make room on that disk"):
            store.finish_run(run_id, "complete", "full", None, [], results, found, datetime.now(UTC))
        assert store.findings().is_empty()
        assert store.active_run() is not None
