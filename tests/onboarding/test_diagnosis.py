"""The shop's checks, put to an article file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from checks.frames import FRAMES
from checks.onboarding.diagnosis import as_products, diagnose
from checks.settings import CheckSettings
from tests.onboarding.articles_made import articles

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
SETTINGS = CheckSettings()
NAMES = pl.List(pl.Struct({"language": pl.String, "name": pl.String}))
IDS = pl.DataFrame(
    {
        "article_number": ["A1"],
        "brand": [3],
        "category": [30],
        "supplier": [None],
        "storage_condition": [1],
        "content_type": ["L"],
        "unit_sales_price": ["ST"],
    },
    schema_overrides={"supplier": pl.Int64},
)


def found(data: pl.DataFrame) -> set[tuple[str, str, str | None]]:
    return set(diagnose(data, SETTINGS, NOW).found.select("check", "key", "field").iter_rows())


def test_a_sound_article_has_no_findings() -> None:
    assert found(articles({})) == set()


def test_what_would_be_found_in_the_shop_is_found_in_the_file() -> None:
    data = articles(
        {"article_number": "A1", "ean": "8,71E+12"},
        {"article_number": "A2", "sales_price": 0.0},
        {"article_number": "A/3", "ean": None},
        {"article_number": "A4", "ean": None, "texts": []},
        {"article_number": "A5", "ean": "5412345000020"},
        {"article_number": "A6", "ean": "05412345000020"},
        {"article_number": "A7", "ean": None, "promo_price": 3.0},
    )
    assert found(data) == {
        ("invalid-ean", "A1", None),
        ("price-missing", "A2", None),
        ("forbidden-characters", "A/3", None),
        ("text-missing", "A4", "nld"),
        ("text-missing", "A4", "fra"),
        ("duplicate-ean", "A5", None),
        ("duplicate-ean", "A6", None),
        ("promo-invalid", "A7", None),
    }


def test_a_column_that_the_file_does_not_have_makes_its_check_not_run() -> None:
    judged = diagnose(articles({}), SETTINGS, NOW, absent=frozenset({"promo_price"}))
    assert list(judged.could_not_run) == ["promo-invalid"]
    assert "the file has no column for it (promo price)" in judged.could_not_run["promo-invalid"]


def test_what_the_file_does_not_say_is_judged_as_it_will_be_sent() -> None:
    """Without a column Actief all are sent as active: their prices are looked at like any other."""
    absent = frozenset({"active", "on_order", "temporarily_unavailable", "sales_price"})
    judged = diagnose(articles({"sales_price": None}), SETTINGS, NOW, absent=absent)
    assert "price-missing" not in judged.could_not_run
    assert "price-missing" in judged.found["check"].to_list()


def test_a_check_that_is_disabled_is_not_asked() -> None:
    settings = CheckSettings(disabled=["price-missing"])
    judged = diagnose(articles({"sales_price": None}), settings, NOW)
    assert "price-missing" not in judged.table["check"].to_list()


def test_with_ids_the_references_are_judged_too() -> None:
    tables = {
        name: FRAMES[name].empty()
        for name in ("brands", "storage_conditions", "producers", "suppliers", "multiplier_types")
    }
    tables["categories"] = pl.DataFrame(
        {"id": [30, 31], "name": ["Sappen", "Vers"], "names": [None, None], "parent_id": [None, 30]},
        schema=FRAMES["categories"].schema,
    )
    for name, abbreviation in (("content_types", "L"), ("unit_sales_prices", "ST")):
        tables[name] = pl.DataFrame(
            {"abbreviation": [abbreviation], "name": [abbreviation], "names": [None]},
            schema=FRAMES[name].schema,
        )
    bare = dict.fromkeys(("brand", "category", "storage_condition", "content_type", "unit_sales_price"))
    data = articles({}, {"article_number": "A2", "ean": None, **bare}, {"article_number": "A3", "ean": None})

    def of_references(**more: Any) -> set[tuple[str, str, str | None]]:
        judged = diagnose(data, SETTINGS, NOW, ids=IDS, tables=tables, **more)
        found = judged.found.filter(pl.col("check").is_in(["missing-reference", "category-not-leaf"]))
        counted = {one.check: one.findings for one in judged.results}
        assert counted["missing-reference"] == found.filter(pl.col("check") == "missing-reference").height
        return set(found.select("check", "key", "field").iter_rows())

    nothing_said = {("missing-reference", "A2", field) for field in bare}
    # what A3 says only stands for no entry yet
    assert of_references() == {("category-not-leaf", "A1", None), *nothing_said}
    assert of_references(linked=["A1"]) == nothing_said


def test_articles_become_products_with_their_ids() -> None:
    made = as_products(articles({"supplier_code": "X1"}), IDS.with_columns(supplier=pl.lit(9, pl.Int64)))
    assert made.schema == FRAMES["products"].schema
    row = made.row(0, named=True)
    assert (row["brand_id"], row["category_ids"], row["suppliers"]) == (
        3,
        [30],
        [{"supplier_id": 9, "article_code": "X1"}],
    )
    assert row["active"] is True
