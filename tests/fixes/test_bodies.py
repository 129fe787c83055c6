"""From what GET shows to what POST takes: names, moments, what is left out and what has no place."""

from __future__ import annotations

from typing import Any

import pytest

from checks.sources.oresto import bodies

OWN: dict[str, Any] = {
    "Id": 7,
    "WholesalerArticleNumber": "A100",
    "Active": True,
    "OnOrder": False,
    "EanCode": "5400000000003",
    "Brand": {"Id": 12, "Name": "Duinroos"},
    "Producer": None,
    "Categories": [{"Id": 345}],
    "StorageCondition": {"Id": 2},
    "ContentType": {"Abbreviation": "KG"},
    "UnitSalesPrice": {"Abbreviation": "ST"},
    "MultiplierAmount": 0,
    "SalesPriceList": 9.95,
    "Suppliers": [{"Id": 3, "Name": "Import NV", "ArticleCode": "S-1"}],
    "Localizations": [{"LanguageCode": "nld", "Name": "Kaas", "Description": None}],
    "WholesalerProductLocalizations": [{"LanguageCode": "nld", "PromoDescription": "", "Information": None}],
    "AmountOfUnitProduct": 1,
    "IsPackageProduct": False,
    "UnitProducts": [],
    "LastModifiedUtc": "2026-01-05T07:00:00Z",
}


def test_an_own_product_as_it_is_made_again() -> None:
    assert bodies.product_body(OWN) == {
        "WholesalerArticleNumber": "A100",
        "Active": True,
        "OnOrder": False,
        "EanCode": "5400000000003",
        "BrandId": 12,
        "CategoryId": 345,
        "StorageConditionId": 2,
        "ContentType": "KG",
        "UnitSalesPrice": "ST",
        "SalesPriceList": 9.95,
        "Supplier": {"Id": 3, "ArticleCode": "S-1"},
        "Localizations": [{"LanguageCode": "nld", "Name": "Kaas"}],
    }


def test_a_link_carries_the_sale_and_the_code_only() -> None:
    assert bodies.link_body(OWN, {"EanCode": "05400000000003"}) == {
        "EanCode": "05400000000003",
        "WholesalerArticleNumber": "A100",
        "Active": True,
        "OnOrder": False,
        "UnitSalesPrice": "ST",
        "SalesPriceList": 9.95,
    }


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"PromoValidFrom": "2026-07-01T00:00:00"}, "2026-06-30T22:00:00Z"),  # Belgian summer time
        ({"PromoValidFrom": "2026-01-05T00:00:00+01:00"}, "2026-01-04T23:00:00Z"),
        ({"PromoValidFrom": "05/01/2026"}, "2026-01-04T23:00:00Z"),
        (
            {"PromoValidFrom": "wrong", "PromoValidFromUtc": "2026-01-04T23:00:00.0000000"},
            "2026-01-04T23:00:00Z",
        ),
        ({"PromoValidFrom": "0001-01-01T00:00:00"}, None),
        ({"PromoValidFrom": None}, None),
    ],
)
def test_promo_dates_are_sent_in_utc(given: dict[str, Any], sent: str | None) -> None:
    assert bodies.sales_fields({**OWN, **given}).get("PromoValidFromUtc") == sent


def test_a_usual_product_is_carried_whole() -> None:
    assert bodies.uncarried(OWN) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IsPackageProduct", True),
        ("AmountOfUnitProduct", 6),
        ("UnitProducts", [{"WholesalerArticleNumber": "A99"}]),
        ("Categories", [{"Id": 345}, {"Id": 346}]),
        ("Suppliers", [{"Id": 3, "ArticleCode": None}]),
        ("PromoValidUntil", "next week"),
        ("WholesalerProductLocalizations", [{"LanguageCode": "nld", "Information": "a", "Colour": "red"}]),
        ("Allergens", ["milk"]),
    ],
)
def test_what_post_has_no_place_for_is_named(name: str, value: Any) -> None:
    assert bodies.uncarried({**OWN, name: value}) == {name: value}


@pytest.mark.parametrize("value", [None, "", [], {}, 0, False])
def test_an_unknown_field_without_content_is_no_loss(value: Any) -> None:
    assert bodies.uncarried({**OWN, "Allergens": value}) == {}
