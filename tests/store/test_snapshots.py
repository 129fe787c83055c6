"""Snapshots: the newest of a finished run, whole or not at all, under names that every file system takes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import StoreError
from checks.findings import FOUND
from checks.frames import FRAMES, Collected
from checks.store import Store
from checks.store.snapshots import file_name

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def eans(*codes: str) -> Collected:
    data = pl.DataFrame({"ean": codes}, schema=FRAMES["central_eans"].schema)
    return Collected("webshop", "central_eans", "ok", data)


def finish(store: Store, run_id: str, *collected: Collected) -> None:
    store.finish_run(run_id, "complete", "full", None, collected, [], FOUND.to_frame(), NOW)


def codes(frame: pl.DataFrame | None) -> list[str] | None:
    return None if frame is None else frame["ean"].to_list()


def collect(store: Store, *codes: str) -> str:
    run_id = store.begin_run("full", "Els")
    store.save_snapshot(run_id, eans(*codes))
    finish(store, run_id, eans(*codes))
    return run_id


def test_the_newest_finished_run_that_has_the_frame_gives_it(store: Store) -> None:
    first, second = collect(store, "1"), collect(store, "2")
    finish(store, store.begin_run("full", "Els"), Collected("webshop", "central_eans", "failed"))
    unfinished = store.begin_run("full", "Els")
    store.save_snapshot(unfinished, eans("3"))
    assert codes(store.frame("webshop", "central_eans")) == ["2"]
    assert codes(store.frame("webshop", "central_eans", first)) == ["1"]
    assert codes(store.frame("webshop", "central_eans", unfinished)) == ["3"]
    assert store.frame("webshop", "products") is None
    assert store.frame("other", "central_eans", second) is None


def test_a_damaged_file_is_passed_over_with_a_warning(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    collect(store, "1")
    newest = collect(store, "2")
    [file] = (store.snapshots / newest).rglob("*.parquet")
    file.write_bytes(b"PAR1 cut off")
    assert codes(store.frame("webshop", "central_eans")) == ["1"]
    assert str(file) in caplog.text


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_every_frame_keeps_its_types(store: Store, name: str) -> None:
    run_id = store.begin_run("full", "Els")
    store.save_snapshot(run_id, Collected("webshop", name, "ok", FRAMES[name].empty()))
    frame = store.frame("webshop", name, run_id)
    assert frame is not None
    assert frame.schema == FRAMES[name].schema


def test_a_snapshot_that_cannot_be_written_is_told_and_leaves_nothing(store: Store) -> None:
    run_id = store.begin_run("full", "Els")
    store.snapshots.mkdir()
    (store.snapshots / run_id).write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"store\.snapshots"):
        store.save_snapshot(run_id, eans("1"))
    assert [file.name for file in store.snapshots.rglob("*")] == [run_id]


def test_a_run_of_another_folder_is_not_read(store: Store, tmp_path: Path) -> None:
    (tmp_path / "webshop").mkdir()
    pl.DataFrame({"ean": ["secret"]}).write_parquet(tmp_path / "webshop" / "central_eans.parquet")
    assert store.frame("webshop", "central_eans", "..") is None


@pytest.mark.parametrize("name", ["webshop", "shop-2", "shop_2", "shop.be", "20261120"])
def test_a_plain_name_stays_readable(name: str) -> None:
    assert file_name(name) == name


@given(
    st.sets(st.text(max_size=100) | st.sampled_from(["Shop", "shop", "shop.", "CON", "con.txt", "..", ""]))
)
def test_names_are_safe_and_differ_also_where_case_does_not_count(names: set[str]) -> None:
    files = {file_name(name) for name in names}
    assert len({file.lower() for file in files}) == len(names)
    for file in files:
        assert 0 < len(file) <= 80
        assert file.isascii()
        assert not set(file) & set('/\\:*?"<>|')
        assert file[0] != "."
        assert file[-1] not in ". "
        assert file.split(".")[0] not in ("con", "prn", "aux", "nul")
