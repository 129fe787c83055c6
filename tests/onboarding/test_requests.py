"""What an own article becomes on the wire, and what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from checks.onboarding.requests import lacking, link_body, own_body
from tests.onboarding.articles_made import articles

IDS = {
    "brand": 3,
    "category": 30,
    "content_type": "L",
    "storage_condition": 1,
    "unit_sales_price": "ST",
    "producer": None,
    "supplier": 9,
    "multiplier_type": None,
}
CODE = {"EanCode": "5412345000013"}


def row(**values: Any) -> dict[str, Any]:
    return articles(values).row(0, named=True)


def test_an_own_product_carries_texts_and_ids() -> None:
    assert own_body(row(supplier_code="X1"), IDS) == {
        "Active": True,
        "BrandId": 3,
        "CategoryId": 30,
        "ContentType": "L",
        "EanCode": "5412345000013",
        "Localizations": [
            {"LanguageCode": "nld", "Name": "Appelsap 1 l"},
            {"LanguageCode": "fra", "Name": "Jus de pomme 1 l"},
        ],
        "OnOrder": False,
        "SalesPriceList": 2.5,
        "StorageConditionId": 1,
        "Supplier": {"Id": 9, "ArticleCode": "X1"},
        "TotalContent": 1.0,
        "UnitSalesPrice": "ST",
        "VatPercentage": 6,
        "WholesalerArticleNumber": "A1",
    }


def test_a_link_carries_how_it_is_sold_and_nothing_of_its_own() -> None:
    promo = {
        "promo_price": 2.0,
        "promo_from": datetime(2026, 12, 1, tzinfo=UTC),
        "promo_until": datetime(2026, 12, 31, tzinfo=UTC),
    }
    assert link_body(row(active=False, on_order=True, order_quantity=6.0, **promo), IDS, CODE) == {
        "Active": False,
        "EanCode": "5412345000013",
        "OnOrder": True,
        "OrderQuantity": 6.0,
        "PromoValidFromUtc": "2026-12-01T00:00:00Z",
        "PromoValidUntilUtc": "2026-12-31T00:00:00Z",
        "SalesPriceList": 2.5,
        "SalesPriceListPromo": 2.0,
        "UnitSalesPrice": "ST",
        "WholesalerArticleNumber": "A1",
    }


def test_a_promotion_without_a_price_is_none() -> None:
    assert "PromoValidFromUtc" not in own_body(row(promo_from=datetime(2026, 12, 1, tzinfo=UTC)), IDS)


def test_half_a_multiplier_and_half_a_supplier_are_left_out() -> None:
    body = own_body(row(multiplier_amount=5.0, supplier_code=None), IDS)
    assert not {"MultiplierAmount", "MultiplierAbbreviation", "Supplier"} & set(body)


def test_what_lacks_nothing_has_no_reasons() -> None:
    assert lacking(own_body(row(), IDS), row(), link=False) == []
    assert lacking(link_body(row(), IDS, CODE), row(), link=True) == []


def test_a_name_that_has_no_id_yet_is_another_reason_than_none_at_all() -> None:
    article = row(storage_condition=None)
    body = own_body(article, {**IDS, "brand": None, "storage_condition": None})
    assert lacking(body, article, link=False) == [
        "Its brand 'Bocage' is not mapped to the shop's table yet.",
        "It has no storage condition: fill it in, or choose one for all articles without.",
    ]


def test_forbidden_signs_and_a_missing_name_are_told() -> None:
    article = row(article_number="A/1", texts=[])
    reasons = lacking(own_body(article, IDS), article, link=False)
    assert reasons[0].startswith("Its article number holds /")
    assert reasons[1] == "It has no name in any language."


def test_a_link_needs_only_its_unit() -> None:
    ids = dict.fromkeys(IDS)
    assert lacking(link_body(row(), ids, CODE), row(), link=True) == [
        "Its unit sales price 'ST' is not mapped to the shop's table yet."
    ]
