"""What a run may build upon: over real runs into a real store."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stamina

from checks.frames import Collected
from checks.health import RunReport, run_health_check
from checks.past import StoredPast
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.sources.systems import SYSTEMS
from checks.store import Store

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]
MakeStore = Callable[[Settings], Store]

BUILT_UPON = ("products", "linked_products", "central_products", "photos")


class Days:
    def __init__(self, sandbox: Sandbox, settings: Settings, store: Store) -> None:
        self.sandbox, self.settings, self.store = sandbox, settings, store
        self.first = self.run()

    def run(self, **options: Any) -> RunReport:
        return run_health_check(self.settings, self.store, started_by="test", **options)

    def again(self, **of_source: Any) -> dict[str, Collected]:
        source = self.settings.sources[0].model_copy(update=of_source)
        settings = self.settings.model_copy(update={"sources": [source]})
        report = run_health_check(settings, self.store, started_by="test")
        return {one.frame: one for one in report.collected}

    def file(self, run_id: str, frame: str) -> Any:
        return self.store.snapshots / run_id / "webshop" / f"{frame}.parquet"


@pytest.fixture
def days(make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore) -> Days:
    sandbox = make_sandbox(size=100)
    settings = make_settings(sandbox)
    return Days(sandbox, settings, make_store(settings))


def reasons(found: dict[str, Collected]) -> set[str | None]:
    assert {found[name].mode for name in BUILT_UPON} == {"full"}
    return {found[name].message for name in BUILT_UPON}


def test_a_carried_frame_is_the_very_file_and_outlives_the_older_run(days: Days) -> None:
    later = days.run()
    assert later.mode == "incremental"
    old, new = days.file(days.first.id, "products"), days.file(later.id, "products")
    assert os.path.samefile(old, new)
    shutil.rmtree(days.store.snapshots / days.first.id)
    data = days.store.frame("webshop", "products", later.id)
    assert data is not None
    assert data.height == 100
    assert {one.mode for one in days.run().collected if one.frame in BUILT_UPON} == {"carried"}


def test_where_the_older_file_is_gone_the_rows_are_written(days: Days) -> None:
    [one] = [one for one in days.run().collected if one.frame == "products"]
    shutil.rmtree(days.store.snapshots / days.first.id)
    days.store.save_snapshot("another", one)
    assert days.store.frame("webshop", "products", "another") is not None


def test_every_few_days_everything_is_read_whole(days: Days) -> None:
    start = days.first.started_at
    modes = {}
    for day in (1, 6, 7, 8):
        report = days.run(now=start + timedelta(days=day, minutes=-20))
        modes[day] = {one.mode for one in report.collected if one.frame in BUILT_UPON}
        if day == 7:
            assert "full_every_days is 7" in str([one.message for one in report.collected])
    assert modes == {1: {"carried"}, 6: {"carried"}, 7: {"full"}, 8: {"carried"}}


def test_a_run_that_failed_in_part_is_passed_over(days: Days) -> None:
    stamina.set_testing(True)
    try:
        days.sandbox.faults.add("GET Products*", "error-500")
        assert days.run().status == "partial"
    finally:
        stamina.set_testing(False)
    days.sandbox.faults.clear()
    number = days.sandbox.dump()["own"].popitem()[0]
    days.sandbox.change(number, SalesPriceList=8.88)
    found = days.again()
    assert found["products"].mode == "changes"
    assert found["linked_products"].mode == "carried"
    assert found["linked_products"].carried_from == days.first.id


def test_another_server_is_another_shop(
    days: Days, make_sandbox: MakeSandbox, make_settings: MakeSettings
) -> None:
    other = make_sandbox(size=100)
    assert reasons(days.again(base_url=other.base_url)) == {
        "Read in full: its last snapshot came from another base_url or login."
    }


def test_another_version_of_the_reader_reads_anew(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = dataclasses.replace(SYSTEMS["oresto"], reader_version="another")
    monkeypatch.setitem(SYSTEMS, "oresto", newer)
    assert reasons(days.again()) == {
        "Read in full: its last snapshot was read by another version of Keurmeester."
    }


@pytest.mark.parametrize("damage", [b"", b"PAR1 cut off"], ids=["empty", "cut"])
def test_a_snapshot_that_cannot_be_read(days: Days, damage: bytes) -> None:
    days.file(days.first.id, "products").write_bytes(damage)
    found = days.again()
    assert f"its last snapshot, of run {days.first.id}, is gone or cannot be read" in (
        found["products"].message or ""
    )
    assert "Own products: its last snapshot" in (found["linked_products"].message or "")


def test_columns_that_could_not_be_trusted(days: Days, make_sandbox: MakeSandbox) -> None:
    drifting = make_sandbox(size=100, drift=True)
    days.again(base_url=drifting.base_url)
    found = days.again(base_url=drifting.base_url)["products"]
    assert "its last snapshot could not be trusted (vat_percentage: VatPercentage could not be read" in (
        found.message or ""
    )


def test_what_was_kept_says_how_and_when_it_was_read(days: Days) -> None:
    at = datetime(2026, 11, 20, 6, tzinfo=UTC)
    report = days.run(now=at, full=True)
    later = days.run(now=at + timedelta(hours=2))
    kept = days.store.collected(later.id).rows_by_key("frame", named=True, unique=True)
    products, brands = kept["products"], kept["brands"]
    assert (products["mode"], products["carried_from"]) == ("carried", report.id)
    assert (products["read_at"], products["full_at"]) == (at + timedelta(hours=2), at)
    assert (brands["read_at"], brands["requests"], brands["bytes"]) == (at, 0, 0)
    assert products["expected"] == 100
    assert products["bytes"] > 100
    told = next(one for one in later.as_json()["collected"] if one["frame"] == "products")
    assert (told["mode"], told["read_at"], told["full_at"]) == (
        "carried",
        "2026-11-20T08:00:00Z",
        "2026-11-20T06:00:00Z",
    )


def test_a_clock_that_went_back_is_a_doubt(days: Days) -> None:
    now = datetime.now(UTC)
    days.run(now=now + timedelta(days=2000), full=True)
    later = {one.frame: one for one in days.run(now=now).collected}
    assert "the clock of this machine went back" in (reasons(later).pop() or "")


def test_another_window_of_orders_reads_anew(days: Days) -> None:
    wide = days.again(orders_days=30)["processed_orders"].rows
    days.again(orders_days=2)
    again = days.again(orders_days=30)["processed_orders"]
    assert (again.mode, again.rows) == ("full", wide)
    assert "orders_days" in (again.message or "")


def test_when_a_frame_was_last_read_is_known_whether_or_not_it_is_built_upon(days: Days) -> None:
    source, now = days.settings.sources[0], datetime.now(UTC)
    read_at = next(one.read_at for one in days.first.collected if one.frame == "error_logs")
    assert read_at is not None
    for past in (
        StoredPast(days.store, source, now, full=True),
        StoredPast(days.store, source, now + timedelta(days=40)),
        StoredPast(days.store, source.model_copy(update={"orders_days": 3}), now),
    ):
        assert past.last_read("error_logs") == read_at
    elsewhere = source.model_copy(update={"login": "another"})
    assert StoredPast(days.store, elsewhere, now).last_read("error_logs") is None
    days.file(days.first.id, "error_logs").unlink()
    assert StoredPast(days.store, source, now).last_read("error_logs") == read_at
    assert (
        StoredPast(days.store, source.model_copy(update={"name": "b"}), now).last_read("error_logs") is None
    )
