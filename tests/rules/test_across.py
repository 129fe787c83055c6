"""photo-available, sold-but-discontinued, description-differs and price-below-cost: what do suppliers know?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from checks.frames import Collected, Frames
from checks.rules import run_checks
from checks.rules.across import likeness
from checks.settings import CheckSettings

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
Make = Callable[..., Any]
Row = dict[str, Any]
ACROSS = ("photo-available", "sold-but-discontinued", "description-differs", "price-below-cost")
MATCH = {
    "article_number": "A1",
    "supplier": "ib",
    "article_key": "one|7",
    "article_code": "7",
    "by": "gtin",
    "name": "Grijze garnalen",
    "standing": "current",
    "image_url": "https://x.example/7.jpg",
    "gross_price": 6.0,
}


@pytest.fixture
def across(shop: Make) -> Callable[..., list[Row]]:
    """What one check finds: `across("photo-available", [MATCH], photos=[])`. It must have been able to run."""

    def run(check: str, matches: list[Row], **rows: Any) -> list[Row]:
        frames = shop(supplier_matches=matches, **rows)
        judged = run_checks(frames, CheckSettings(), NOW, only=[check], beside=["supplier"])
        assert [result.message for result in judged.results] == [None]
        return judged.found.to_dicts()

    return run


def match(**more: Any) -> Row:
    return MATCH | more


@pytest.mark.parametrize("check", ACROSS)
def test_all_is_well(across: Make, check: str) -> None:
    assert across(check, [MATCH]) == []
    assert across(check, []) == []


@pytest.mark.parametrize("check", ACROSS)
def test_without_a_supplier_it_is_no_question(shop: Make, check: str) -> None:
    results = run_checks(shop(supplier_matches=[]), CheckSettings(), NOW).results
    assert check not in {result.check for result in results}


@pytest.mark.parametrize("check", ACROSS)
def test_without_an_answer_of_the_suppliers_it_could_not_run(shop: Make, check: str) -> None:
    failed = Collected("shop", "supplier_matches", "failed", message="ib: no answer.")
    frames = Frames("shop", shop().collected | {"supplier_matches": failed})
    judged = run_checks(frames, CheckSettings(), NOW, only=[check], beside=["supplier"])
    (result,) = judged.results
    assert (result.status, result.message) == (
        "could_not_run",
        "The shop's articles at suppliers could not be collected: ib: no answer.",
    )


# photo-available


def test_a_photo_that_the_supplier_has(across: Make) -> None:
    (one,) = across("photo-available", [match()], photos=[])
    assert (one["entity"], one["key"], one["severity"], one["fix"]) == (
        "product",
        "A1",
        "warning",
        "upload-photo",
    )
    assert one["value"] == "ib|one|7"
    assert one["message"] == "Grijze garnalen has no photo, and ib (article 7) has one."


def test_no_image_no_offer(across: Make) -> None:
    assert across("photo-available", [match(image_url=None)], photos=[]) == []


@pytest.mark.parametrize("active", [False, None])
def test_what_nobody_sees_needs_no_photo(across: Make, product: Make, active: bool | None) -> None:
    assert across("photo-available", [match()], products=[product(active=active)], photos=[]) == []


def test_linked_products_show_the_central_photo(across: Make, product: Make) -> None:
    assert across("photo-available", [match()], products=[], linked_products=[product()], photos=[]) == []


def test_of_several_suppliers_the_first_is_named_and_it_is_one_finding(across: Make) -> None:
    matches = [match(supplier="kruitbosch", image_url=None), match(), match(article_key="one|8")]
    (one,) = across("photo-available", matches, photos=[])
    assert one["value"] == "ib|one|7"


# sold-but-discontinued


@pytest.mark.parametrize("standing", ["discontinued", "blocked", "inactive"])
def test_sold_but_no_longer_delivered(across: Make, standing: str) -> None:
    (one,) = across("sold-but-discontinued", [match(standing=standing)])
    assert (one["key"], one["severity"], one["fix"]) == ("A1", "error", None)
    assert one["value"] == f"ib|one|7 {standing}"
    assert one["message"] == f"Grijze garnalen is active, but {standing} at ib (article 7)."


@pytest.mark.parametrize("standing", ["current", "phasing_out", "unknown", None])
def test_what_is_still_delivered_or_not_known(across: Make, standing: str | None) -> None:
    assert across("sold-but-discontinued", [match(standing=standing)]) == []


@pytest.mark.parametrize(
    ("other", "found"), [("current", 0), ("phasing_out", 0), ("unknown", 1), ("blocked", 1)]
)
def test_another_supplier_that_delivers_it(across: Make, other: str, found: int) -> None:
    matches = [match(standing="discontinued"), match(supplier="kruitbosch", standing=other)]
    assert len(across("sold-but-discontinued", matches)) == found


def test_linked_products_are_sold_too(across: Make, product: Make) -> None:
    gone = [match(standing="blocked")]
    assert len(across("sold-but-discontinued", gone, products=[], linked_products=[product()])) == 1


@pytest.mark.parametrize("active", [False, None])
def test_what_is_not_active_is_not_sold(across: Make, product: Make, active: bool | None) -> None:
    off = [product(active=active)]
    gone = [match(standing="blocked")]
    assert across("sold-but-discontinued", gone, products=off, linked_products=off) == []


# description-differs


def test_wholly_other_names_under_one_ean(across: Make) -> None:
    (one,) = across("description-differs", [match(name="Vochtig toiletpapier")])
    assert (one["key"], one["severity"], one["fix"]) == ("A1", "info", None)
    assert one["value"] == "Vochtig toiletpapier"
    assert one["message"] == (
        "Grijze garnalen is “Vochtig toiletpapier” at ib (article 7), under the same EAN."
    )


@pytest.mark.parametrize(
    "name", ["GARNALEN GRIJZE 1KG", "Grijzé garnalen (gepeld)", "Garnalen", None, "", "!!"]
)
def test_names_that_may_well_be_one_product(across: Make, name: str | None) -> None:
    assert across("description-differs", [match(name=name)]) == []


def test_a_product_without_a_name_differs_from_nothing(across: Make, product: Make) -> None:
    assert across("description-differs", [match()], products=[product(name=None)]) == []


@pytest.mark.parametrize("by", ["article_number", "supplier_code"])
def test_only_an_ean_says_that_it_is_the_same(across: Make, by: str) -> None:
    assert across("description-differs", [match(name="Vochtig toiletpapier", by=by)]) == []
    assert across("price-below-cost", [match(gross_price=99.0, by=by)]) == []


def test_one_finding_however_many_suppliers(across: Make, product: Make) -> None:
    matches = [match(), match(supplier="a", name="Vochtig papier"), match(supplier="b", name="Zout")]
    (one,) = across("description-differs", matches)
    assert one["value"] == "Vochtig papier"
    linked = across("description-differs", matches, products=[], linked_products=[product()])
    assert [other["key"] for other in linked] == ["A1"]


def test_likeness_is_by_pair() -> None:
    scores = likeness(pl.Series(["zout", None, "peper"]), pl.Series(["zout fijn", "zout", "zzzz"]))
    assert scores.to_list() == [100.0, None, 0.0]
    assert likeness(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String)).to_list() == []


# price-below-cost


def test_below_the_gross_price(across: Make) -> None:
    (one,) = across("price-below-cost", [match(gross_price=12.5)])
    assert (one["key"], one["severity"], one["fix"]) == ("A1", "warning", "edit-sales")
    assert one["value"] == "9.95 below 12.5"
    assert one["message"] == (
        "Grijze garnalen costs 9.95 euro for KG, less than the gross price of ib (article 7): 12.5 euro a piece."
    )


@pytest.mark.parametrize(
    ("gross", "found"), [(9.95, 0), (10.05, 0), (10.06, 1), (0.0, 0), (-1.0, 0), (None, 0)]
)
def test_more_than_a_hundredth(across: Make, gross: float | None, found: int) -> None:
    assert len(across("price-below-cost", [match(gross_price=gross)])) == found


@pytest.mark.parametrize("price", [None, 0.0, -1.0])
def test_no_list_price_is_another_checks(across: Make, product: Make, price: float | None) -> None:
    assert across("price-below-cost", [match(gross_price=99.0)], products=[product(sales_price=price)]) == []


def test_the_cheapest_supplier_counts(across: Make) -> None:
    dear = match(gross_price=12.5)
    assert across("price-below-cost", [dear, match(supplier="b", gross_price=6.0)]) == []
    (one,) = across("price-below-cost", [dear, match(supplier="b", gross_price=11.0), match(gross_price=0.0)])
    assert one["value"] == "9.95 below 11.0"


def test_a_linked_product_without_a_unit(across: Make, product: Make) -> None:
    linked = [product(unit_sales_price=None, name=None)]
    (one,) = across("price-below-cost", [match(gross_price=12.5)], products=[], linked_products=linked)
    assert one["message"] == (
        "This product costs 9.95 euro, less than the gross price of ib (article 7): 12.5 euro a piece."
    )
