"""What a source would not give at the hour of a run: deferred, until when, and picked up when it is open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from checks import health, jobs
from checks.deferral import due, waiting
from checks.health import RunReport, run_health_check
from checks.sandbox.easyflor.server import DATABASE, EasyFlorSandbox
from checks.settings import Settings
from checks.store import Store

#: A day in July, when Belgium is two hours ahead of UTC, and one in January.
DAYS = [datetime(2026, 7, 14, tzinfo=UTC), datetime(2026, 1, 14, tzinfo=UTC)]


@pytest.fixture(scope="module")
def erp() -> Iterator[EasyFlorSandbox]:
    with EasyFlorSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def settings(erp: EasyFlorSandbox, tmp_path: Any) -> Settings:
    source = {
        "name": "ERP",
        "system": "easyflor",
        "base_url": erp.base_url,
        "login": erp.login,
        "password": erp.password,
        "database": DATABASE,
        "limited": ["debtors"],
    }
    store = {"url": f"sqlite:///{tmp_path / 'k.db'}", "snapshots": tmp_path / "snapshots"}
    return Settings.model_validate({"store": store, "sources": [source]})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.store.url, settings.store.snapshots) as opened:
        yield opened


@pytest.fixture
def run(settings: Settings, store: Store) -> Callable[[datetime], RunReport]:
    return lambda at: run_health_check(settings, store, started_by="test", now=at)


@pytest.mark.parametrize("day", DAYS, ids=["summer", "winter"])
def test_a_run_in_closed_hours_is_deferred_and_says_until_when(
    day: datetime, run: Callable[[datetime], RunReport], erp: EasyFlorSandbox
) -> None:
    asked = len(erp.log)
    report = run(day + timedelta(hours=9))
    (debtors,) = report.collected
    assert (report.status, debtors.status, debtors.data) == ("partial", "deferred", None)
    assert "18:00 UTC" in (debtors.message or "")
    assert len(erp.log) == asked, "it is not even asked"
    assert {one.status for one in report.results if one.check.startswith("debtor-")} == {"could_not_run"}


def test_it_is_due_when_it_is_open_and_not_before(
    settings: Settings, store: Store, run: Callable[[datetime], RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = DAYS[0]
    _begun_at(store, monkeypatch, day + timedelta(hours=9))
    run(day + timedelta(hours=9))
    for hour in (9.1, 12, 17.99):
        now = day + timedelta(hours=hour)
        assert due(settings, store, now) == {}
        assert waiting(settings, store, now) == ["ERP: Debtors, from 2026-07-14 18:00 UTC on."]
    for hour in (18, 23, 28.9):
        assert due(settings, store, day + timedelta(hours=hour)) == {"ERP": ["debtors"]}
    assert due(settings, store, day + timedelta(hours=30)) == {}, "closed again the next morning"


def test_once_collected_nothing_is_due_any_more(
    settings: Settings, store: Store, run: Callable[[datetime], RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = DAYS[0]
    _begun_at(store, monkeypatch, day + timedelta(hours=9))
    run(day + timedelta(hours=9))
    _begun_at(store, monkeypatch, day + timedelta(hours=19))
    report = run(day + timedelta(hours=19))
    assert report.status == "complete", report.message
    assert due(settings, store, day + timedelta(hours=20)) == {}
    assert waiting(settings, store, day + timedelta(hours=20)) == []


def test_findings_stay_while_it_is_closed(run: Callable[[datetime], RunReport]) -> None:
    open_before = run(DAYS[0] + timedelta(hours=3)).findings
    assert open_before.height > 10
    after = run(DAYS[0] + timedelta(hours=9)).findings
    assert set(after["id"]) == set(open_before["id"])
    assert set(after["status"]) <= {"new", "ongoing"}


def test_a_server_with_other_hours_is_not_asked_every_minute(
    settings: Settings, store: Store, erp: EasyFlorSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By our reckoning it was open, and yet it said no."""
    at = DAYS[0] + timedelta(hours=20)
    _begun_at(store, monkeypatch, at)
    closed_then = settings.model_copy(
        update={
            "sources": [settings.erps[0].model_copy(update={"closed_until_utc": at.replace(hour=21).time()})]
        }
    )
    run_health_check(closed_then, store, started_by="test", now=at)
    assert due(settings, store, at + timedelta(minutes=5)) == {}
    assert due(settings, store, at + timedelta(minutes=5), patient=False) == {"ERP": ["debtors"]}
    assert due(settings, store, at + timedelta(minutes=61)) == {"ERP": ["debtors"]}


def test_the_dashboard_picks_up_what_was_deferred_once_and_when_it_is_open(
    settings: Settings, store: Store, run: Callable[[datetime], RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, looked = DAYS[0], threading.Event()
    settle = jobs._settle

    def settling(*given: Any) -> None:
        settle(*given)
        looked.set()

    def after_two_looks() -> pl.DataFrame:
        for _ in range(2):
            looked.clear()
            assert looked.wait(30)
        for job in list(jobs._jobs.values()):
            if job.kind == "run" and job.about == (settings.store.url,) and job.thread is not None:
                job.thread.join(60)
        return store.runs().select("started_by", "status", "message")

    monkeypatch.setattr(jobs, "_settle", settling)
    monkeypatch.setattr(jobs, "_SETTLE_SECONDS", 0.05)  # else once a minute
    _begun_at(store, monkeypatch, day + timedelta(hours=9))
    run(day + timedelta(hours=9))
    _begun_at(store, monkeypatch, day + timedelta(hours=17.9), jobs, health)
    jobs.start_settling(settings)
    assert after_two_looks().height == 1, "it is still closed"
    _begun_at(store, monkeypatch, day + timedelta(hours=18.1), jobs, health)
    assert after_two_looks().row(0) == (jobs.PICKED_UP, "complete", None)
    assert after_two_looks().height == 2, "once collected, nothing is due any more"


def test_a_run_of_some_sources_leaves_what_is_known_of_the_others(
    settings: Settings, store: Store, run: Callable[[datetime], RunReport]
) -> None:
    """The pages show the last state of each source, whichever the last run asked."""
    both = settings.model_copy(
        update={"sources": [*settings.sources, settings.erps[0].model_copy(update={"name": "Other"})]}
    )
    first = run_health_check(both, store, started_by="test", now=DAYS[0] + timedelta(hours=3))
    second = run_health_check(
        both, store, started_by="test", sources=["Other"], now=DAYS[0] + timedelta(hours=4)
    )
    of_run = store.check_results(second.id)
    standing = store.standing_results(second.id)
    assert set(of_run["source"]) == {"Other"}
    assert set(standing["source"]) == {"ERP", "Other"}
    assert set(standing.filter(pl.col("source") == "ERP")["run_id"]) == {first.id}
    assert set(standing.filter(pl.col("source") == "Other")["run_id"]) == {second.id}
    assert set(store.standing_collected(second.id)["source"]) == {"ERP", "Other"}
    history = store.check_history()
    assert history.group_by("run_id").len()["len"].n_unique() == 1, "each run has the results of both"
    # and what came later is not known to an earlier run
    assert set(store.standing_results(first.id)["run_id"]) == {first.id}


def _begun_at(store: Store, monkeypatch: pytest.MonkeyPatch, at: datetime, *others: ModuleType) -> None:
    """Runs of this test begin at that moment, also by the store's own clock, and that of `others`."""
    from checks.store import runs

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return at

    for module in (runs, *others):
        monkeypatch.setattr(module, "datetime", Clock)
