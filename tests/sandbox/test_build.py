"""The assortment: believable, seeded, and with room for every fault."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from stdnum import ean as oracle

from checks.errors import UsageError
from checks.sandbox import Sandbox
from checks.sandbox.oresto.build import make_shop
from checks.sandbox.oresto.codes import INVALID_KINDS, CodeMint, is_restricted, is_valid
from checks.sandbox.oresto.lookups import make_lookups
from checks.sandbox.oresto.planted_references import INVALID_REFERENCE_FIELDS, MISSING_REFERENCE_FIELDS

PLANTED = {
    "category-not-leaf",
    "client-product-same-price",
    "client-product-unknown-article",
    "client-product-unknown-client",
    "client-unknown-segment",
    "client-without-location",
    "client-without-user",
    "duplicate-ean",
    "forbidden-characters",
    "invalid-ean",
    "invalid-reference",
    "linked-central-deleted",
    "missing-photo",
    "missing-reference",
    "multiplier-invalid",
    "order-delivery-passed",
    "order-list-unknown-article",
    "order-total-mismatch",
    "order-unknown-article",
    "order-unknown-client",
    "order-unprocessed",
    "own-and-linked",
    "own-became-central",
    "package-mismatch",
    "price-missing",
    "promo-invalid",
    "restricted-ean",
    "text-missing",
    "user-unknown-client",
}
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def test_the_same_seed_gives_the_same_state() -> None:
    one, two = Sandbox(size=150, seed=4, now=NOW), Sandbox(size=150, seed=4, now=NOW)
    assert one.dump(ids=True) == two.dump(ids=True)
    assert one.truth() == two.truth()
    assert one.shop.central == two.shop.central


def test_another_seed_gives_another_state() -> None:
    assert Sandbox(size=100, seed=4, now=NOW).dump() != Sandbox(size=100, seed=5, now=NOW).dump()


@pytest.mark.parametrize("size", [100, 1000])
def test_the_sizes_are_as_promised(size: int) -> None:
    shop = make_shop(size, 7)
    just_deleted = len(shop.truth.at(shop.now())["linked-central-deleted"])
    assert (len(shop.own), len(shop.linked)) == (size, 2 * size)
    assert len(shop.live_central) == 5 * size - just_deleted


def test_too_small_a_shop_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 100"):
        make_shop(99, 7)


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_shop_holds_every_fault(seed: int) -> None:
    shop = make_shop(100, seed)
    truth = shop.truth.at(shop.now())
    assert {field for _, field in truth["invalid-reference"]} == set(INVALID_REFERENCE_FIELDS)
    assert {field for _, field in truth["missing-reference"]} == set(MISSING_REFERENCE_FIELDS)
    assert set(truth) == PLANTED
    assert all(truth.values())


@pytest.mark.parametrize("seed", range(5))
def test_from_two_hundred_products_on_each_fault_is_there_twice(seed: int) -> None:
    shop = make_shop(200, seed)
    assert {check for check, keys in shop.truth.at(shop.now()).items() if len(keys) < 2} == set()


@pytest.mark.parametrize("size", range(400, 2400, 160))
def test_what_is_planted_on_order_lists_is_on_them(size: int) -> None:
    """The list that somebody emptied was the last one, also when a fault had been planted there."""
    shop = make_shop(size, 7)
    keys = {key for key, _ in shop.truth.at(shop.now())["order-list-unknown-article"]}
    items = {f"{client}|{number}" for client, numbers in shop.trade.order_lists.items() for number in numbers}
    assert keys <= items


def test_codes_of_central_products_are_right_and_unique() -> None:
    codes = [product.ean for product in make_shop(400, 7).live_central if product.ean]
    assert all(oracle.is_valid(code) and code.removeprefix("1").startswith("54") for code in codes)
    assert len(set(codes)) == len(codes)


def test_names_are_dutch_and_french_and_prices_sensible() -> None:
    shop = make_shop(400, 7)
    names = {(product.name_nl, product.name_fr) for product in shop.central}
    prices = [product.price for product in shop.central]
    assert len(names) > 1000
    assert min(prices) >= 0.05
    assert max(prices) < 1500
    assert all(round(price, 2) == price for price in prices)


def test_suppliers_have_real_control_numbers() -> None:
    numbers = [vat for _, vat in make_lookups().suppliers.values()]
    assert all(int(number[:8]) % 97 + int(number[8:]) == 97 for number in numbers)


@pytest.mark.parametrize("kind", INVALID_KINDS)
def test_invalid_codes_are_invalid(kind: str) -> None:
    mint = CodeMint(Random(1), [5])
    codes = [mint.invalid(kind, 5) for _ in range(50)]
    assert not any(is_valid(code) or oracle.is_valid(code) for code in codes)


def test_restricted_codes_are_valid_and_restricted() -> None:
    mint = CodeMint(Random(1), [5])
    codes = [mint.restricted(number) for number in range(16)]
    assert all(oracle.is_valid(code) and is_restricted(code) for code in codes)


def test_minted_codes_avoid_those_that_are_taken() -> None:
    first = CodeMint(Random(1), [5]).gtin13(5)
    assert CodeMint(Random(1), [5], taken={f"0{first}"}).gtin13(5) != first
