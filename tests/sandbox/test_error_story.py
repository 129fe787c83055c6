"""The error log of a new shop: failures that have their reason in the shop."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.rows import ErrorLog


@pytest.fixture(scope="module")
def shop() -> Sandbox:
    """Never started."""
    return Sandbox(size=300, seed=3)


def rows(shop: Sandbox, *, route: str = "", says: str = "") -> list[ErrorLog]:
    found = [row for row in shop.shop.error_logs if row.url.startswith(route) and says in row.message]
    assert found, (route, says)
    return found


def articles(found: list[ErrorLog]) -> set[str]:
    return {json.loads(row.body or "{}")["WholesalerArticleNumber"] for row in found}


def test_180_rows_of_two_weeks_numbered_as_they_came(shop: Sandbox) -> None:
    log, anchor = shop.shop.error_logs, shop.shop.anchor
    assert [row.id for row in log] == list(range(1, 181))
    assert [row.at for row in log] == sorted(row.at for row in log)
    assert anchor - timedelta(days=15) < log[0].at < log[-1].at < anchor


def test_brands_fail_for_the_products_whose_brand_is_gone(shop: Sandbox) -> None:
    wrong = {key for key, field in shop.truth()["invalid-reference"] if field == "brand"}
    failed = rows(shop, route="/api/Products", says="Brand with id")
    assert articles(failed) == wrong
    for row in failed:
        body = json.loads(row.body or "")
        assert row.message == f"Brand with id {body['BrandId']} does not exist."
        assert shop.shop.own[body["WholesalerArticleNumber"]].brand_id == body["BrandId"]


def test_codes_fail_for_the_products_whose_code_is_wrong(shop: Sandbox) -> None:
    assert articles(rows(shop, says="valid EAN code")) == {key for key, _ in shop.truth()["invalid-ean"]}


def test_clients_fail_that_do_not_exist(shop: Sandbox) -> None:
    for row in rows(shop, says="Client with number"):
        assert row.message.split()[3] not in shop.shop.trade.clients


def test_there_is_one_failure_in_dutch_and_one_in_french(shop: Sandbox) -> None:
    assert {row.model_errors[0][0] for row in rows(shop, says="mag niet leeg zijn")} == {
        "salesProduct.SalesPriceList"
    }
    assert {row.model_errors[0][0] for row in rows(shop, says="ne doit pas")} == {"product.VatPercentage"}


def test_one_problem_began_in_the_last_two_days(shop: Sandbox) -> None:
    found = rows(shop, says="only an end node")
    assert min(row.at for row in found) > shop.shop.anchor - timedelta(days=2)
    assert articles(found) <= {key for key, _ in shop.truth()["category-not-leaf"]}


def test_one_problem_rose_sharply_since_yesterday(shop: Sandbox) -> None:
    moments = [row.at for row in rows(shop, says="Execution Timeout")]
    since_yesterday = [at for at in moments if at > shop.shop.anchor - timedelta(days=1)]
    assert len(since_yesterday) == 40
    assert 10 <= len(moments) - len(since_yesterday) <= 14


def test_one_row_holds_what_is_personal(shop: Sandbox) -> None:
    [row] = rows(shop, route="/api/Users")
    assert {"Email", "PhoneNumber", "Password"} <= json.loads(row.body or "").keys()


def test_the_same_seed_tells_the_same_story(shop: Sandbox) -> None:
    again = Sandbox(size=300, seed=3, now=shop.shop.anchor)
    assert again.shop.error_logs == shop.shop.error_logs


def test_the_largest_shop_has_no_longer_log() -> None:
    assert len(Sandbox(size=2_000, seed=1).shop.error_logs) == 180
