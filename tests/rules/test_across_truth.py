"""What suppliers know of the shop's articles: the checks find exactly what was planted, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from checks.health import run_health_check
from checks.sandbox.four import SHOP, Four
from checks.settings import Settings, load_settings
from checks.store import Store

ACROSS = ("photo-available", "sold-but-discontinued", "description-differs", "price-below-cost")


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_exactly_what_was_planted(seed: int, tmp_path: Path, make_store: Callable[[Settings], Store]) -> None:
    with Four(size=200, seed=seed) as four:
        settings = load_settings(four.write_settings(tmp_path / "keurmeester.toml"))
        store = make_store(settings)
        report = run_health_check(settings, store, started_by="night")
        truth = four.truth()[SHOP]
    assert [one.message for one in report.results if one.check in ACROSS] == [None] * len(ACROSS)
    found = store.findings(source=SHOP)
    for check in ACROSS:
        keys = set(found.filter(pl.col("check") == check)["key"])
        assert keys == {key for key, _ in truth[check]} != set(), check
