"""The benchmark of matching times a matching that is right; how fast it is is for people to read."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from checks.bench.matching import bench, make_articles, make_central
from checks.commands.daily import bench_checks
from checks.errors import UsageError
from checks.frames import FRAMES
from checks.gtin import is_valid
from checks.onboarding.shapes import ARTICLES


def test_what_is_timed_is_right() -> None:
    result = bench(articles=600, central=3_000)
    assert 350 < result["matched"] < 450
    assert result["wrong"] == 0
    assert result["suggested"] > 150
    assert result["first"] > 0.9
    assert set(result["by_step"]) == {"names", "codes", "suggestions"}
    assert sum(result["by_step"].values()) <= result["seconds"]


def test_lists_have_the_schemas_that_are_read() -> None:
    central = make_central(500)
    articles, truth = make_articles(200, central, coded=0.5)
    assert central.schema == FRAMES["central_products"].schema
    assert articles.schema == ARTICLES
    assert central.select(is_valid(pl.col("ean"))).to_series().all()
    assert central["ean"].n_unique() == 500
    assert truth.height == articles.height == 200
    assert make_central(500).equals(central)


def test_real_names_come_in_variants(tmp_path: Path) -> None:
    file = tmp_path / "names.parquet"
    pl.DataFrame({"product_name": ["Kropkaak", "  ", "Waterkoek"]}).write_parquet(file)
    names = make_central(6, file)["name"].to_list()
    assert names[:2] == ["Kropkaak", "Waterkoek"]
    assert len(set(names)) == 6


def test_a_file_without_names_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.parquet"
    pl.DataFrame({"title": ["Kropkaak"]}).write_parquet(file)
    with pytest.raises(UsageError, match="column product_name"):
        make_central(10, file)


def test_the_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    bench_checks(what="matching", articles=300, central=1_000)
    shown = capsys.readouterr().out
    assert "300 articles, 1,000 central products" in shown
    assert "seconds for suggestions" in shown
    assert "0 of them wrong" in shown
