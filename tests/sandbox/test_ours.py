"""What the other stand-ins know of the shop."""

from __future__ import annotations

import pytest

from checks.sandbox.oresto.build import make_shop
from checks.sandbox.oresto.codes import as_gtin14, is_restricted
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.ours import Ours, ends_odd, invented, ours


@pytest.fixture(scope="module", params=[1, 2, 3], ids=lambda seed: f"seed {seed}")
def shop(request: pytest.FixtureRequest) -> Shop:
    return make_shop(150, request.param)


def test_every_article_and_client_is_known(shop: Shop) -> None:
    known = ours(shop)
    assert [one.article_number for one in known.articles] == [*shop.own, *shop.linked]
    assert [one.number for one in known.clients] == list(shop.trade.clients)
    assert sum(one.linked for one in known.articles) == len(shop.linked)


def test_who_has_no_photo_is_known(shop: Shop) -> None:
    without = {one.article_number for one in ours(shop).articles if one.active and not one.has_photo}
    assert without == {key for key, _ in shop.truth.at(shop.now())["missing-photo"]}


def test_open_orders_are_those_that_wait(shop: Shop) -> None:
    known = {number for one in ours(shop).clients for number in one.open_orders}
    waiting = {
        row.number
        for row in shop.trade.orders.values()
        if row.processed is None and row.client_number in shop.trade.clients
    }
    assert known == waiting
    assert known


def test_what_happens_in_the_shop_is_seen(shop: Shop) -> None:
    before = ours(shop)
    one = next(one for one in before.articles if not one.linked)
    row = shop.own[one.article_number]
    row.active, was = not row.active, row.active
    assert ours(shop).articles[before.articles.index(one)].active is not was
    row.active = was


def test_a_clear_gtin_leads_to_one_article_alone(shop: Shop) -> None:
    known = ours(shop)
    clear = [(one, code) for one in known.articles if (code := known.clear_gtin(one))]
    assert len(clear) > len(known.articles) // 4
    codes = [code for _, code in clear]
    assert len(set(codes)) == len(codes)
    for one, code in clear:
        assert not one.packed
        assert not is_restricted(code)
        assert [other for other in known.articles if other.gtin == code] == [one]


def test_packed_articles_have_no_clear_gtin(shop: Shop) -> None:
    known = ours(shop)
    packed = [one for one in known.articles if one.packed]
    assert packed
    assert [known.clear_gtin(one) for one in packed] == [None] * len(packed)


def test_both_suppliers_together_stand_for_all(shop: Shop) -> None:
    known = ours(shop)
    odd, even = known.of_odd_numbers(True), known.of_odd_numbers(False)
    assert len(odd) + len(even) == len(known.articles)
    assert odd
    assert even
    assert all(one.article_number[-1] in "13579" for one in odd)


@pytest.mark.parametrize(
    ("number", "odd"), [("KV1", True), ("KV10", False), ("7", True), ("A1B", False), ("", False)]
)
def test_ends_odd(number: str, odd: bool) -> None:
    assert ends_odd(number) is odd


def test_invented_is_the_same_for_the_same_seed() -> None:
    assert invented(80, 3) == invented(80, 3) != invented(80, 4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_invented_has_something_of_everything_for_both_suppliers(seed: int) -> None:
    known: Ours = invented(120, seed)
    numbers = [one.article_number for one in known.articles]
    assert len(set(numbers)) == len(numbers) == 120
    assert all(as_gtin14(one.ean) for one in known.articles)
    for odd in (True, False):
        part = known.of_odd_numbers(odd)
        assert {one.linked for one in part} == {True, False}
        assert [one for one in part if one.active and not one.linked and not one.has_photo]
        assert [one for one in part if not one.active]
    assert {one.active for one in known.clients} == {True, False}
    assert [one for one in known.clients if one.open_orders]
