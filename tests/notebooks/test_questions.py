"""The questions and charts by themselves: the cases that a shop as made by the sandbox does not have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.findings import KEPT
from checks.frames import FRAMES
from checks.workbench import charts, error_charts, run_charts
from checks.workbench import error_questions as of_errors
from checks.workbench import questions as q
from checks.workbench.explaining import Explained
from checks.workbench.words import Words

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    schema = FRAMES[name].schema
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def kept(*rows: dict[str, Any]) -> pl.DataFrame:
    """Findings; what is not said is of an open missing-photo."""
    usual = {"check": "missing-photo", "entity": "product", "status": "new", "first_seen": NOW}
    return pl.DataFrame([{**dict.fromkeys(KEPT), **usual, **row} for row in rows], schema=KEPT)


def product(number: str, **fields: Any) -> dict[str, Any]:
    return {"article_number": number, "active": True, **fields}


def test_an_inactive_product_lacks_no_photo_and_one_of_no_brand_counts() -> None:
    products = frame(
        "products",
        product("A", brand="Weg", brand_id=1),
        product("B", brand="Weg", brand_id=1),
        product("C", brand="Weg", brand_id=1, active=False),
        product("D"),
        product("E", brand_id=9),
        product("F", brand="Ander", brand_id=2),
    )
    photos = frame("photos", {"article_number": "A", "photo_id": 1}, {"article_number": "F", "photo_id": 2})
    found = q.missing_photos(products, photos)
    assert found.rows() == [("(brand 9)", 1, 1, 1.0), ("(no brand)", 1, 1, 1.0), ("Weg", 2, 1, 0.5)]
    assert isinstance(charts.missing_photos(found.clear()), Words)


def test_ages_are_told_in_four_steps() -> None:
    days = (0.5, 3, 20, 45)
    found = q.ages(kept(*({"id": str(age), "first_seen": NOW - timedelta(days=age)} for age in days)), NOW)
    assert found.select("age", "findings", "oldest", "all").rows() == [
        ("a day at most", 1, 0, 4),
        ("a week at most", 1, 3, 4),
        ("a month at most", 1, 20, 4),
        ("older", 1, 45, 4),
    ]
    told = charts.ages(found, "1 check could not run (X): what they would find is not known.")
    assert isinstance(told, Explained)
    assert told.statement == "4 findings are open, the oldest for 45 days: Missing photo."
    assert told.how.endswith("could not run (X): what they would find is not known.")


def test_names_of_categories_survive_a_parent_that_is_gone_and_a_circle() -> None:
    categories = frame(
        "categories",
        {"id": 1, "name": "Drinks"},
        {"id": 2, "name": "Soft", "parent_id": 1},
        {"id": 3, "name": "Cola", "parent_id": 2},
        {"id": 4, "name": "Lost", "parent_id": 77},
        {"id": 5, "name": "Egg", "parent_id": 6},
        {"id": 6, "name": "Hen", "parent_id": 5},
    )
    found = {row[0]: row[1:] for row in q.category_names(categories).rows()}
    assert found[3] == ("Drinks › Soft › Cola", "Drinks")
    assert found[4] == ("Lost", "Lost")
    assert found[5][0].endswith("Hen › Egg")


def test_products_without_a_category_and_in_two_are_counted() -> None:
    categories = frame("categories", {"id": 1, "name": "Drinks"}, {"id": 2, "name": "Food"})
    products = frame(
        "products",
        product("A", category_ids=[1, 2]),
        product("B", category_ids=[]),
        product("C"),
        product("D", category_ids=[9]),
    )
    findings = kept(*({"id": key, "key": key} for key in "ABCD"))
    wrong = q.wrong_categories(categories, products, findings)
    assert wrong.select("category", "products", "wrong", "most").rows() == [
        ("(no category)", 2, 2, "Missing photo"),
        ("(category 9, not in the table)", 1, 1, "Missing photo"),
        ("Drinks", 1, 1, "Missing photo"),
        ("Food", 1, 1, "Missing photo"),
    ]
    shares = q.own_and_linked(
        categories, products, frame("linked_products", product("E", category_ids=[1])), findings
    )
    assert {row[0]: row[1:4] for row in shares.rows()}["Drinks"] == (1, 0, 1)
    assert {row[0]: row[1:4] for row in shares.rows()}["(no category)"] == (0, 0, 2)


def test_one_price_with_a_slip_of_the_comma_does_not_press_the_others_flat() -> None:
    prices = frame(
        "client_prices",
        {"client_number": "C1", "article_number": "A", "sales_price": 95.0},
        {"client_number": "C2", "article_number": "A", "sales_price": 9_000.0},
        {"client_number": "C2", "article_number": "none", "sales_price": 1.0},
    )
    products = frame("products", product("A", sales_price=100.0), product("B", sales_price=0.0))
    found = q.client_prices(prices, products, frame("linked_products"))
    assert found.select("client_number", pl.col("percent").round(6)).rows() == [("C2", 8900.0), ("C1", -5.0)]
    told = charts.price_spread(q.price_spread(found))
    assert isinstance(told, Explained)
    assert "1 client price above the list price" in told.statement
    assert "go on beyond +100%" in told.how


def test_no_client_prices_is_told_in_words() -> None:
    none = q.client_prices(frame("client_prices"), frame("products"), frame("linked_products"))
    told = charts.price_spread(q.price_spread(none))
    assert (
        told == "No client has a price of its own for an article with a list price: all pay the list price."
    )
    assert q.price_spread(Words("not collected")) == "not collected"


def test_an_empty_shop_is_told_in_words() -> None:
    nothing = q.own_and_linked(frame("categories"), frame("products"), frame("linked_products"), kept())
    assert isinstance(charts.own_and_linked(nothing), Words)
    wrong = q.wrong_categories(frame("categories"), frame("products"), kept())
    assert charts.wrong_categories(wrong) == "No own product has an open finding: no category goes wrong."
    assert isinstance(charts.ages(q.ages(kept(), NOW)), Words)


def test_nothing_between_two_runs_is_told_in_words() -> None:
    told = run_charts.appeared_and_went(q.appeared_and_went(kept(), kept()))
    assert told == "Between these two health checks no finding appeared and none went."
    schema = dict.fromkeys(("key", "kind", "field", "before", "after"), pl.String)
    assert isinstance(run_charts.changed_fields(q.changed_fields(pl.DataFrame(schema=schema))), Words)


def hours(*counts: tuple[datetime, int]) -> pl.DataFrame:
    schema = {"hour": pl.Datetime("us", "UTC"), "rows": pl.Int64}
    return pl.DataFrame(list(counts), schema=schema, orient="row")


def test_the_hour_of_a_repair_is_parted_by_its_own_rows() -> None:
    at = NOW.replace(minute=20)
    counts = hours(
        (NOW - timedelta(days=8), 100), (NOW - timedelta(hours=1), 5), (NOW, 4), (NOW + timedelta(hours=1), 2)
    )
    assert of_errors.before_and_after(counts, at, of_that_hour=3) == (6, 5)
    days = pl.DataFrame({"day": [date(2026, 11, 20)], "state": ["collected"]})
    around = of_errors.around(counts, at, 3, days, UTC)
    assert around.rows() == [
        (date(2026, 11, 20), "before", 6, "collected"),
        (date(2026, 11, 20), "after", 5, "collected"),
    ]


@pytest.mark.parametrize(
    ("after", "known_for", "verdict", "words"),
    [
        (3, timedelta(days=2), "on", "It goes on: 3 rows since the repair."),
        (1, None, "on", "It goes on: 1 row since the repair."),
        (0, None, "unknown", "has not been read since"),
        (0, timedelta(0), "unknown", "has not been read since"),
        (0, timedelta(minutes=10), "quiet", "only less than an hour"),
        (0, timedelta(hours=5), "quiet", "only 5 hours"),
        (0, timedelta(days=1), "stopped", "It stopped: not one row in the 1 day since"),
        (
            0,
            timedelta(days=3, hours=2),
            "stopped",
            "not one row in the 3 days since, all of which were read.",
        ),
    ],
)
def test_whether_a_repair_helped(after: int, known_for: timedelta | None, verdict: str, words: str) -> None:
    until = None if known_for is None else NOW + known_for
    found, said = of_errors.verdict(after, NOW, until)
    assert found == verdict
    assert words in said


def test_a_day_that_was_not_read_is_hatched_and_told() -> None:
    rows = pl.DataFrame(
        {
            "label": ["Slow", "Slow"],
            "day": [date(2026, 11, 19), date(2026, 11, 20)],
            "rows": [0, 7],
            "state": ["missing", "collected"],
        }
    )
    told = error_charts.by_day(rows)
    assert isinstance(told, Explained)
    assert told.statement == "7 failed requests in 2 days; most often: Slow (7)."
    assert "Hatched days were not read" in told.how


def test_a_chart_shows_itself_on_any_page_and_as_words() -> None:
    rows = pl.DataFrame({"brand": ["Weg"], "products": [4], "lacking": [3], "share": [0.75]})
    told = charts.missing_photos(rows)
    assert isinstance(told, Explained)
    bundle = told._repr_mimebundle_()
    assert bundle["text/plain"].startswith(
        "3 active own products without a photo; most of one brand: Weg, 3 of 4."
    )
    assert "text/html" not in bundle  # it would load a program from afar
    drawn = bundle["application/vnd.vegalite.v5+json"]  # what JupyterLab draws by itself
    assert bundle["application/vnd.vegalite.v6+json"] == drawn
    assert " ".join(drawn["title"]["text"]) == told.statement
    assert drawn["background"] == "transparent"
    assert drawn["title"]["color"] == drawn["config"]["axis"]["labelColor"] == "currentColor"
    assert charts.missing_photos(Words("why not")) == "why not"
    assert Words("HTTP 500: <b>no</b>")._repr_markdown_() == "> HTTP 500: &lt;b&gt;no&lt;/b&gt;"
