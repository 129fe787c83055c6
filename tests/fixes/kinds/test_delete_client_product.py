"""delete-client-product: a price for a client that points nowhere, or says what the list says, goes."""

from __future__ import annotations

from typing import Any

import pytest

from checks.sources.oresto import bodies
from tests.fixes.conftest import World
from tests.fixes.kinds.reading import done, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import Arranged, price_like_the_list


def row_of(world: World, key: str) -> dict[str, Any]:
    article, _, client = key.partition("|")
    return next(
        row
        for row in world.sandbox.dump()["client_products"]
        if (row["article_number"], row["client_number"]) == (article, client)
    )


def nowhere(world: World, check: str) -> Arranged:
    """A row that points nowhere, which no test has touched."""
    key = min(key for key, _ in world.sandbox.truth()[check] if key not in world.taken)
    world.taken.add(key)
    return Arranged(check, key)


def test_what_it_plans(world: World) -> None:
    arranged = price_like_the_list(world)
    article, _, client = arranged.key.partition("|")
    plan = planned(world, arranged)
    item = item_of(plan)
    assert lines(plan) == [f"DELETE /ClientProducts?WholesalerArticleNumber={article}&ClientNumber={client}"]
    assert (item.klass, item.lost, item.undo) == ("safe", (), "The row is added again as it was.")
    assert item.consequences == (
        "The client pays the list price, which is the same; when that changes, it holds for this client too.",
    )
    assert [request.line for request in item.compensation] == ["POST /ClientProducts"]


def test_that_row_goes_and_no_other_one(world: World) -> None:
    arranged = price_like_the_list(world)
    plan = planned(world, arranged)
    before, row = world.sandbox.dump(), row_of(world, arranged.key)
    done(world, plan)
    after = world.sandbox.dump()
    assert after == {**before, "client_products": [one for one in before["client_products"] if one != row]}
    assert world.status(arranged.key, arranged.check, arranged.field) == "fixed"


def test_an_exclusive_one_says_what_that_means(world: World) -> None:
    arranged = price_like_the_list(world)
    article, _, client = arranged.key.partition("|")
    row = row_of(world, arranged.key)
    world.write(
        bodies.delete_client_price(article, client),
        bodies.add_client_price(
            {
                "WholesalerArticleNumber": article,
                "ClientNumber": client,
                "IsExlusive": True,
                "SalesPriceList": row["price"],
            }
        ),
    )
    item = item_of(planned(world, arranged))
    assert item.klass == "confirm"
    assert item.consequences[-1].startswith("It makes the product exclusive for this client")


@pytest.mark.parametrize(
    ("check", "lacks"),
    [
        ("client-product-unknown-article", "the article"),
        ("client-product-unknown-client", "the client"),
    ],
)
def test_one_that_points_nowhere_cannot_be_put_back(world: World, check: str, lacks: str) -> None:
    arranged = nowhere(world, check)
    plan = planned(world, arranged)
    item = item_of(plan)
    assert (item.klass, len(item.lost)) == ("irreversible", 1)
    assert item.undo == f"Cannot be undone: the shop takes no price where {lacks} does not exist."
    done(world, plan)
    with pytest.raises(StopIteration):
        row_of(world, arranged.key)


def test_a_row_that_is_gone(world: World) -> None:
    arranged = price_like_the_list(world)
    article, _, client = arranged.key.partition("|")
    world.write(bodies.delete_client_price(article, client))
    assert reason(planned(world, arranged)).startswith("There is no such row any more.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SalesPriceList": 99.0}, "The prices differ now: 3.5 for the client, 99.0 on the list."),
        ({"SalesPriceList": None}, "It has no list price to compare with."),
    ],
)
def test_a_price_that_says_something_is_kept(world: World, fields: dict[str, Any], said: str) -> None:
    arranged = price_like_the_list(world)
    plan = planned(world, arranged)
    world.sandbox.change(arranged.key.partition("|")[0], fields)
    assert reason(planned(world, arranged)).startswith(said)
    assert said in refused(world, plan)


def test_an_article_that_exists_by_now(world: World) -> None:
    arranged = nowhere(world, "client-product-unknown-article")
    plan = planned(world, arranged)
    like = bodies.product_body(world.rows("Products")[0])
    world.write(bodies.create_own({**like, "WholesalerArticleNumber": arranged.key.partition("|")[0]}))
    assert reason(planned(world, arranged)).startswith("The article exists now.")
    assert "The article exists now." in refused(world, plan)


def test_a_row_that_changed_since_is_refused(world: World) -> None:
    arranged = price_like_the_list(world)
    article, _, client = arranged.key.partition("|")
    plan = planned(world, arranged)
    body = {"WholesalerArticleNumber": article, "ClientNumber": client, "IsExlusive": False}
    world.write(bodies.set_client_prices([{**body, "SalesPriceList": 2.0}]))
    assert "3.5 -> 2" in refused(world, plan)


def test_without_the_clients_nothing_is_deleted(world: World) -> None:
    arranged = nowhere(world, "client-product-unknown-client")
    world.sandbox.faults.add("GET Clients", "errors-200")
    assert reason(planned(world, arranged)).startswith("Which clients exist cannot be read")
