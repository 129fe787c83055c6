"""Looking at runs whose data is not all there: every want has its reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.sandbox.four import IB, SHOP, Four
from checks.store.snapshots import file_name
from checks.workbench import Workbench, connect, questions
from checks.workbench.looking import Look, runs_of
from checks.workbench.pair import Pair
from checks.workbench.words import Words


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=100, seed=4) as running:
        yield running


@pytest.fixture
def kr(sandbox: Sandbox, tmp_path: Path) -> Iterator[Workbench]:
    sandbox.reset()
    found = connect(sandbox.write_settings(tmp_path / "keurmeester.toml"))
    yield found
    found.close()


def purge(kr: Workbench, run: str, frame: str) -> None:
    (kr.store.snapshots / file_name(run, keep_case=True) / kr.source.name / f"{frame}.parquet").unlink()


def test_a_frame_that_is_no_longer_kept_says_why(kr: Workbench) -> None:
    run = kr.health_check().id
    purge(kr, run, "client_prices")
    told = Look(kr).ask(questions.client_prices)
    assert isinstance(told, Words)
    assert "no longer kept (personal data is kept a shorter time)" in told
    assert isinstance(Look(kr).ask(questions.missing_photos), pl.DataFrame)


def test_a_frame_that_does_not_exist_is_told_with_those_that_do(kr: Workbench) -> None:
    kr.health_check()
    assert "There are: products, linked_products" in str(Look(kr).frame("nonsense"))
    kr.health_check()
    assert "There are: products" in str(Pair(kr).changes("nonsense"))


def test_a_run_of_long_ago_counts_ages_to_its_own_end(kr: Workbench) -> None:
    then = datetime.now(UTC) - timedelta(days=40)
    old = run_health_check(kr.settings, kr.store, started_by="test", now=then).id
    kr.health_check()
    newest, older = Look(kr), Look(kr, old)
    now, past = (look.ask(questions.ages, findings=look.findings, now=look.now) for look in (newest, older))
    assert isinstance(now, pl.DataFrame)
    assert isinstance(past, pl.DataFrame)
    assert set(now["oldest"]) >= {40}
    assert set(past["age"]) == {"a day at most"}


def test_a_list_of_two_runs_that_cannot_be_compared_says_why(kr: Workbench, sandbox: Sandbox) -> None:
    first = kr.health_check().id
    sandbox.change(next(iter(sandbox.shop.own)), SalesPriceList=7.77)
    kr.health_check()
    purge(kr, first, "products")
    pair = Pair(kr)
    assert "cannot be compared" in str(pair.fields("products"))
    assert isinstance(pair.frames, pl.DataFrame)
    assert "no longer kept" in pair.frames.filter(pl.col("frame") == "products")["note"][0]


def test_one_of_the_two_may_be_chosen(kr: Workbench) -> None:
    first, second, third = (kr.health_check().id for _ in range(3))
    assert runs_of(kr) == [third, second, first]
    kr.settings.checks.disabled.append("missing-photo")
    assert Look(kr).findings.filter(pl.col("check") == "missing-photo").is_empty()
    assert Pair(kr, older=first).words.startswith("Between the health checks of ")
    assert Pair(kr, newer=first).words.startswith("There are no two health checks to compare")
    assert Pair(kr, older=third).words.startswith("There are no two health checks to compare")


def test_a_run_that_asked_another_source_only_is_passed_over(tmp_path: Path) -> None:
    with Four(100, 3) as four:
        kr = connect(four.write_settings(tmp_path / "keurmeester.toml"))
        of_ib = run_health_check(kr.settings, kr.store, sources=[IB], started_by="test").id
        assert "There was no health check of webshop yet" in Look(kr).words
        of_shop = run_health_check(kr.settings, kr.store, sources=[SHOP], started_by="test").id
        run_health_check(kr.settings, kr.store, sources=[IB], started_by="test")
        assert Look(kr).run_id == of_shop
        assert isinstance(Look(kr).ask(questions.missing_photos), pl.DataFrame)
        assert "was not collected" in str(Look(kr, of_ib).ask(questions.missing_photos))
        kr.close()
