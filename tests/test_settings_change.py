"""Sources, companies and shops that come and go in the settings: nothing of what left stays open, nothing fails for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from checks.health import RunReport, run_health_check
from checks.sandbox.four import IB, SHOP, Four
from checks.settings import Settings, load_settings
from checks.settings_sources import IbSource
from checks.store import Store

BESIDE = ["photo-available", "sold-but-discontinued", "description-differs", "price-below-cost"]


@pytest.fixture(scope="module")
def four() -> Iterator[Four]:
    with Four(150, 7) as running:
        yield running


@pytest.fixture
def settings(four: Four, tmp_path: Path) -> Settings:
    return load_settings(four.write_settings(tmp_path / "keurmeester.toml"))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.store.url, settings.store.snapshots) as opened:
        yield opened


def run(settings: Settings, store: Store, hours: float = 0) -> RunReport:
    now = datetime.now(UTC) + timedelta(hours=hours)
    return run_health_check(settings, store, started_by="test", now=now)


def test_without_suppliers_and_erp_no_finding_of_theirs_stays_open_in_the_shop(
    settings: Settings, store: Store
) -> None:
    before = run(settings, store)
    asked = [*BESIDE, "client-blocked-in-erp", "client-without-debtor", "debtor-without-client"]
    assert set(before.findings["check"]) >= set(asked)
    alone = settings.model_copy(update={"sources": settings.shops})
    after = run(alone, store)
    assert not set(after.findings["check"]) & set(asked)
    assert not {one.check for one in after.results} & set(asked)
    # what else is wrong in the shop stays
    others = before.findings.filter((pl.col("source") == SHOP) & ~pl.col("check").is_in(asked))
    assert set(others["id"]) == set(after.findings["id"])


def test_companies_that_leave_the_settings_take_their_articles_along(
    settings: Settings, store: Store
) -> None:
    run(settings, store)
    (ib,) = [one for one in settings.sources if isinstance(one, IbSource)]
    some = ib.model_copy(update={"companies": ib.companies[:1]})
    fewer = settings.model_copy(
        update={"sources": [some if one.name == IB else one for one in settings.sources]}
    )
    report = run(fewer, store)
    assert (report.status, report.message) == ("complete", None)
    keys = report.findings.filter(pl.col("source") == IB)["key"]
    assert keys.len() > 0
    assert all(key.startswith(f"{ib.companies[0]}|") for key in keys)


def test_a_supplier_that_lost_most_of_its_catalogue_is_not_believed(
    settings: Settings, store: Store, four: Four
) -> None:
    before = run(settings, store)
    articles = dict(four.kruitbosch.api.catalogue.articles)
    try:
        for code in list(articles)[10:]:
            del four.kruitbosch.api.catalogue.articles[code]
        report = run(settings, store)
    finally:
        four.kruitbosch.api.catalogue.articles.update(articles)
    assert report.status == "partial"
    (catalogue,) = [one for one in report.collected if (one.source, one.frame) == ("Kruitbosch", "catalogue")]
    assert "came back with only 10" in (catalogue.message or "")
    judged = {one.check: one.status for one in report.results if one.source == SHOP}
    assert {judged[check] for check in BESIDE} == {"could_not_run"}
    for check in BESIDE:
        assert set(before.findings.filter(pl.col("check") == check)["id"]) == set(
            report.findings.filter(pl.col("check") == check)["id"]
        )
