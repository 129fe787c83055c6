"""client-product-unknown-article, client-product-unknown-client, client-product-same-price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

UNKNOWN_ARTICLE = "client-product-unknown-article"
UNKNOWN_CLIENT = "client-product-unknown-client"
SAME_PRICE = "client-product-same-price"


def test_unknown_article(findings: Findings, price: Make) -> None:
    (one,) = findings(UNKNOWN_ARTICLE, client_prices=[price(), price(article_number="KV9")])
    assert (one["entity"], one["key"], one["value"]) == ("client-product", "KV9|C1", "KV9")
    assert (one["severity"], one["fix"]) == ("error", "delete-client-product")
    assert one["message"] == "Article KV9 is neither an own nor a linked product."


def test_a_linked_product_is_one_too(findings: Findings, price: Make, product: Make) -> None:
    linked = [product(article_number="L1")]
    rows = [price(article_number="L1")]
    assert findings(UNKNOWN_ARTICLE, client_prices=rows, linked_products=linked) == []


def test_an_inactive_product_is_one_too(findings: Findings, price: Make, product: Make) -> None:
    assert findings(UNKNOWN_ARTICLE, client_prices=[price()], products=[product(active=False)]) == []


def test_unknown_client(findings: Findings, price: Make) -> None:
    (one,) = findings(UNKNOWN_CLIENT, client_prices=[price(), price(client_number="C9")])
    assert (one["entity"], one["key"], one["value"]) == ("client-product", "A1|C9", "C9")
    assert (one["severity"], one["fix"]) == ("error", "delete-client-product")
    assert one["message"] == "Client C9 does not exist."


def test_an_inactive_client_exists(findings: Findings, price: Make, client: Make) -> None:
    assert findings(UNKNOWN_CLIENT, client_prices=[price()], clients=[client(active=False)]) == []


def test_spaces_around_a_number_do_not_count_and_case_does(findings: Findings, price: Make) -> None:
    padded = price(article_number=" A1", client_number="C1 ")
    other = price(article_number="a1", client_number="c1")
    for check in (UNKNOWN_ARTICLE, UNKNOWN_CLIENT):
        assert findings(check, client_prices=[padded]) == []
        assert [one["key"] for one in findings(check, client_prices=[other])] == ["a1|c1"]
    assert len(findings(SAME_PRICE, client_prices=[padded | {"sales_price": 9.95}])) == 1


def test_same_price(findings: Findings, price: Make) -> None:
    (one,) = findings(SAME_PRICE, client_prices=[price(sales_price=9.95)])
    assert (one["key"], one["value"], one["severity"]) == ("A1|C1", "9.95", "info")
    assert one["fix"] == "delete-client-product"
    assert one["message"] == "The client's price 9.95 is the list price."


def test_same_price_of_a_linked_product(findings: Findings, price: Make, product: Make) -> None:
    linked = [product(article_number="L1", sales_price=7.0)]
    rows = [price(article_number="L1", sales_price=7.0), price(article_number="L1", client_number="C2")]
    found = findings(SAME_PRICE, client_prices=rows, linked_products=linked)
    assert [one["key"] for one in found] == ["L1|C1"]


@pytest.mark.parametrize(
    ("listed", "agreed", "same"),
    [
        (0.3, 0.1 + 0.2, True),
        (1.1, 1.1 * 3 / 3, True),
        (9.95, 9.954, True),
        (9.95, 9.956, False),
        (9.95, 9.96, False),
        (9.95, 9.94, False),
        (1e16, 1e16, True),
        (0.0, 0.0, True),
    ],
)
def test_the_same_to_the_cent(
    findings: Findings, price: Make, product: Make, listed: float, agreed: float, same: bool
) -> None:
    found = findings(
        SAME_PRICE, products=[product(sales_price=listed)], client_prices=[price(sales_price=agreed)]
    )
    assert bool(found) is same


def test_a_price_that_is_not_there_equals_nothing(findings: Findings, price: Make, product: Make) -> None:
    none = price(sales_price=None)
    assert findings(SAME_PRICE, client_prices=[none]) == []
    for listed in (None, 9.95):
        assert findings(SAME_PRICE, products=[product(sales_price=listed)], client_prices=[none]) == []
    assert findings(SAME_PRICE, products=[product(sales_price=None)], client_prices=[price()]) == []


def test_a_promo_of_its_own_makes_the_row_worth_keeping(findings: Findings, price: Make) -> None:
    assert findings(SAME_PRICE, client_prices=[price(sales_price=9.95, promo_price=8.0)]) == []


def test_an_exclusive_product_is_told_before_anybody_deletes_the_row(findings: Findings, price: Make) -> None:
    (one,) = findings(SAME_PRICE, client_prices=[price(sales_price=9.95, exclusive=True)])
    assert one["message"].endswith("It also makes the product exclusive for this client.")


def test_an_unknown_article_has_no_price_to_equal(findings: Findings, price: Make) -> None:
    assert findings(SAME_PRICE, client_prices=[price(article_number="KV9", sales_price=9.95)]) == []


def test_a_product_that_is_own_and_linked_under_one_number_is_told_once(
    findings: Findings, price: Make, product: Make
) -> None:
    found = findings(
        SAME_PRICE, client_prices=[price(sales_price=9.95)], linked_products=[product(), product()]
    )
    assert len(found) == 1


@pytest.mark.parametrize("check", [UNKNOWN_ARTICLE, UNKNOWN_CLIENT, SAME_PRICE])
def test_a_shop_without_client_prices_has_no_faults_in_them(findings: Findings, check: str) -> None:
    assert findings(check, client_prices=[]) == []
