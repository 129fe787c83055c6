"""delete-own: the link is kept, the own product goes, and the prices of clients move first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from checks.fixes.goals import OwnGone
from checks.sources.oresto import bodies
from checks.sources.oresto.client import OrestoClient
from tests.fixes.conftest import World
from tests.fixes.kinds.reading import done, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import (
    Arranged,
    link_central,
    link_to_deleted,
    link_to_let_go,
    own_beside_link,
)


def test_what_it_plans(world: World) -> None:
    arranged = own_beside_link(world)
    plan = planned(world, arranged)
    item, linked = item_of(plan), f"{arranged.key}-L"
    assert lines(plan) == [
        "POST /ClientProducts/Multiple/AddOrUpdate",
        f"DELETE /Products?WholesalerArticleNumber={arranged.key}",
    ]
    assert (item.klass, item.lost) == ("confirm", ())
    assert item.undo == "The own product is made again, with its texts, photos and client prices."
    for said in (
        f"Goes: article {arranged.key} with its texts and 2 photos; customers order article {linked}, which is linked "
        "to the same product.",
        f"Moves: 2 client prices, to article {linked}.",
        "Goes too: 1 client price, of clients that have a price there already, or do not exist.",
    ):
        assert said in item.consequences
    assert [request.method for request in item.compensation] == ["POST"] * 4 + ["DELETE"] * 2


def test_the_prices_move_and_those_that_were_there_stay(world: World) -> None:
    arranged = own_beside_link(world)
    plan = planned(world, arranged)
    before = {
        (row["WholesalerArticleNumber"], row["ClientNumber"]): row["SalesPriceList"]
        for row in world.rows("ClientProducts")
    }
    done(world, plan)
    after = {
        row["ClientNumber"]: row["SalesPriceList"]
        for row in world.rows("ClientProducts")
        if row["WholesalerArticleNumber"] == f"{arranged.key}-L"
    }
    was = {client: price for (article, client), price in before.items() if article == arranged.key}
    there = {client: price for (article, client), price in before.items() if article == f"{arranged.key}-L"}
    assert after == was | there
    assert len(was) == 3
    assert world.sandbox.dump()["own"].get(arranged.key) is None
    assert world.status(arranged.key, arranged.check) == "fixed"


def test_no_link_with_its_code_any_more(world: World) -> None:
    arranged = own_beside_link(world)
    world.sandbox.remove(f"{arranged.key}-L")
    assert reason(planned(world, arranged)).startswith("No linked product has its EAN any more")


def test_a_product_that_is_gone(world: World) -> None:
    arranged = own_beside_link(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("The product is gone.")


def test_it_waits_for_an_order(world: World) -> None:
    arranged = own_beside_link(world)
    article = next(
        line["WholesalerArticleNumber"]
        for row in world.waiting()
        for line in row["Products"]
        if line["WholesalerArticleNumber"] in world.sandbox.dump()["own"]
    )
    ean = world.sandbox.dump()["own"][arranged.key]["EanCode"]
    world.sandbox.change(article, EanCode=ean)
    waiting = type(arranged)(arranged.check, article)
    assert "which nobody has processed yet: process that first" in reason(planned(world, waiting))


def test_one_that_could_not_be_put_back_is_irreversible(world: World) -> None:
    arranged = own_beside_link(world)
    world.sandbox.change(arranged.key, BrandId=77777)
    item = item_of(planned(world, arranged))
    assert item.klass == "irreversible"
    assert item.undo == (
        "Cannot be undone: the shop would not take the product back, because its brand 77777 is not in the lookup table."
    )


def test_what_no_page_knows_is_lost_and_said(world: World) -> None:
    arranged = own_beside_link(world)
    world.sandbox.change(arranged.key, {"Extra": {"Allergens": "milk"}})
    assert item_of(planned(world, arranged)).lost == ("Allergens",)


def _a_price(world: World, key: str) -> None:
    world.sandbox.change(key, SalesPriceList=11.0)


def _a_photo_less(world: World, key: str) -> None:
    row = next(row for row in world.rows("ProductPhotos") if row["WholesalerArticleNumber"] == key)
    world.write(bodies.delete_photo(key, row["PhotoId"]))


def _a_client_price_there(world: World, key: str) -> None:
    row = next(row for row in world.rows("ClientProducts") if row["WholesalerArticleNumber"] == key)
    body = {**bodies.client_price_body(row), "WholesalerArticleNumber": f"{key}-L"}
    world.write(bodies.add_client_price(body))


def _an_order(world: World, key: str) -> None:
    waiting = next(one for one in world.sandbox.shop.trade.orders.values() if one.processed is None)
    line = msgspec.structs.replace(waiting.lines[0], article_number=key)
    waiting.lines = (*waiting.lines, line)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_a_price, "list price: 9.95 -> 11.0"),
        (_a_photo_less, "photo front.jpg: there -> gone"),
        (_a_client_price_there, "nothing -> new"),
        (lambda world, key: world.sandbox.remove(key), "it was an own product and is gone"),
        (lambda world, key: world.sandbox.remove(f"{key}-L"), "-L: there -> gone"),
        (_an_order, "waiting orders that hold it: none -> order "),
    ],
)
def test_what_moved_since_is_refused(world: World, change: object, said: str) -> None:
    arranged = own_beside_link(world)
    plan = planned(world, arranged)
    change(world, arranged.key)  # type: ignore[operator]
    assert said in refused(world, plan)


def test_the_only_copy_left_is_not_deleted(world: World) -> None:
    """The link went after the product was looked at, just before the DELETE."""
    goal = OwnGone("A1", beside=("A2", "5400000000003"))
    assert goal.careful == ("photos", "client_prices", "other_linked")
    live = {"photos": [], "client_prices": []}
    same = {"WholesalerArticleNumber": "A2", "EanCode": "05400000000003"}
    assert goal.harm({**live, "other_linked": same}, at_once=True) is None
    assert "linked article A2: there -> gone" in str(goal.harm({**live, "other_linked": None}, at_once=True))
    other = {**same, "EanCode": "5400000000010"}
    assert "EAN of linked article A2: 5400000000003 -> 5400000000010" in str(
        goal.harm({**live, "other_linked": other}, at_once=True)
    )
    assert OwnGone("A1").careful == ("photos", "client_prices")


@pytest.mark.parametrize("make", [own_beside_link, link_central, link_to_deleted, link_to_let_go])
def test_a_client_price_of_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, make: Callable[[World], Arranged]
) -> None:
    """It could not be saved, for a client price is told by its client."""
    arranged, rows = make(world), OrestoClient.rows

    def odd(client: OrestoClient, path: str, params: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        row = {"WholesalerArticleNumber": arranged.key, "ClientNumber": None, "SalesPriceList": 3.0}
        return [*rows(client, path, params), *([row] if path == "ClientProducts" else [])]

    plan = planned(world, arranged)
    monkeypatch.setattr(OrestoClient, "rows", odd)
    assert "price of client None: nothing -> new" in refused(world, plan)
    assert reason(arranged.plan(world)) == (
        "One of its client prices has no client number, so it could not be set again. Mend that row in the shop first."
    )
