"""IB's catalogue by changes: what an ordinary night costs, and what makes a company whole by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import Frames
from checks.rules import run_checks
from checks.sandbox.ib import IbSandbox, api
from checks.settings import CheckSettings
from checks.sources.task import Known
from tests.sources.ib.ground import Past, collect, good, row, same


@pytest.fixture
def sandbox() -> Iterator[IbSandbox]:
    with IbSandbox(size=1_000) as running:
        yield running


def asked(sandbox: IbSandbox) -> int:
    return len(sandbox.log)


def test_fifty_changes_in_five_companies_cost_one_request_a_company_and_frame(sandbox: IbSandbox) -> None:
    past = Past(collect(sandbox))
    sandbox.advance(hours=3)
    changed = [key for company in sandbox.companies for key in sandbox.keys(company)[:10]]
    for key in changed:
        sandbox.change(key, text="Anders.")
    sandbox.log.clear()
    night = collect(sandbox, past)
    assert asked(sandbox) == 5 + 5
    assert [one.mode for one in night.values()] == ["changes", "changes"]
    data = good(night["catalogue"])
    assert set(data.filter(description="Anders.")["article_key"]) == set(changed)
    whole = collect(sandbox)
    assert same(data, good(whole["catalogue"]))
    assert same(good(night["catalogue_waiting"]), good(whole["catalogue_waiting"]))


def test_nothing_changed_and_both_frames_are_carried(sandbox: IbSandbox) -> None:
    past = Past(collect(sandbox))
    sandbox.log.clear()
    night = collect(sandbox, past)
    assert [one.mode for one in night.values()] == ["carried", "carried"]
    assert asked(sandbox) <= 10


def test_a_company_that_is_new_is_read_whole_and_one_that_left_is_dropped(sandbox: IbSandbox) -> None:
    first, *others = sandbox.companies
    past = Past(collect(sandbox, companies=sandbox.companies[:-1]))
    night = collect(sandbox, past, companies=others)
    whole = collect(sandbox, companies=others)
    for name, one in night.items():
        assert same(good(one), good(whole[name])), name
    assert first not in set(good(night["catalogue"])["company"])


def test_each_company_has_a_watermark_of_its_own(sandbox: IbSandbox) -> None:
    first, second, *_ = sandbox.companies
    sandbox.change(sandbox.keys(first)[0], text="Net veranderd.")
    past = Past(collect(sandbox))
    sandbox.log.clear()
    collect(sandbox, past, names=("catalogue",))
    since = {path.split("/")[1]: params["modified"] for _, path, params, _ in sandbox.log}
    assert since[first] > since[second]


def test_an_article_that_left_stays_as_discontinued(sandbox: IbSandbox) -> None:
    key = sandbox.keys(sandbox.companies[0])[0]
    past = Past(collect(sandbox))
    sandbox.change(key, availability="92E")
    assert row(good(collect(sandbox, past)["catalogue"]), key)["standing"] == "discontinued"


def test_time_that_goes_back_makes_its_company_whole(sandbox: IbSandbox) -> None:
    run = collect(sandbox)
    past = Past(run)
    known = past.known["catalogue"]
    company = sandbox.companies[0]
    newest = pl.col("modified") == pl.col("modified").filter(company=company).max()
    later = known.data.with_columns(
        modified=pl.when(newest & (pl.col("company") == company))
        .then(pl.col("modified") + timedelta(hours=20))
        .otherwise("modified")
    )
    past.known["catalogue"] = Known(later, "before", known.read_at, known.full_at)
    night = collect(sandbox, past)["catalogue"]
    assert f"{company} was read in full" in (night.message or "")
    assert same(good(night), good(run["catalogue"]))


def test_changes_that_ib_counts_and_does_not_give_make_it_whole() -> None:
    with IbSandbox(loses=1) as sandbox:
        past = Past(collect(sandbox))
        night = collect(sandbox, past, names=("catalogue",))["catalogue"]
        assert "was read in full: IB counts" in (night.message or "")
        assert night.mode == "full"
        assert night.expected == night.rows + len(sandbox.companies)


def test_what_waits_is_read_whole_where_only_that_is_collected(sandbox: IbSandbox) -> None:
    past = Past(collect(sandbox, moderation="unmoderated"))
    sandbox.approve(sandbox.companies[0])
    night = collect(sandbox, past, moderation="unmoderated")["catalogue"]
    assert night.mode == "full"
    assert sandbox.companies[0] not in set(good(night)["company"])


def test_a_price_that_starts_today_counts_though_nothing_was_modified(sandbox: IbSandbox) -> None:
    past = Past(collect(sandbox))
    before = good(collect(sandbox, past)["catalogue"])
    coming = before.filter(pl.col("gross_price").is_null() & (pl.col("prices").list.len() == 1))
    sandbox.advance(days=30)
    night = collect(sandbox, past)["catalogue"]
    now = good(night).filter(pl.col("article_key").is_in(coming["article_key"].implode()))
    assert now["gross_price"].drop_nulls().len() > 0
    assert night.mode == "changes"


def without_availability(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = api.shown

    def less(*given: Any, **more: Any) -> dict[str, Any]:
        return {name: value for name, value in shown(*given, **more).items() if name != "availability"}

    monkeypatch.setattr(api, "shown", less)


@pytest.mark.parametrize("full", [True, False], ids=["full", "nightly"])
@pytest.mark.parametrize("newest", ["85E", None], ids=["all had it", "one company shows nothing"])
def test_availability_that_is_not_sent_any_more_closes_nothing(
    sandbox: IbSandbox, monkeypatch: pytest.MonkeyPatch, newest: str | None, full: bool
) -> None:
    sandbox.advance(hours=3)
    sandbox.change(sandbox.keys(sandbox.companies[0])[0], availability=newest)
    past = Past(collect(sandbox))
    without_availability(monkeypatch)
    one = collect(sandbox, None if full else past)["catalogue"]
    assert one.mode == "full"
    assert "availability is in none" in one.unusable["standing"]
    assert "availability is in none" in one.unusable["availability"]
    about = ["article-discontinued", "article-phasing-out", "article-unknown-availability"]
    frames = Frames("ib", {"catalogue": one})
    judged = run_checks(frames, CheckSettings(), sandbox.now(), only=about, system="ib")
    assert [result.status for result in judged.results] == ["could_not_run"] * 3
