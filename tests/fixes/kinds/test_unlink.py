"""unlink: a link to a deleted central product becomes an own product, or goes."""

from __future__ import annotations

import pytest

from checks.errors import UsageError
from checks.sources.request import Request
from tests.fixes.conftest import SOLD, World
from tests.fixes.kinds.reading import done, inputs, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import Arranged, link_to_deleted, link_to_let_go

NEVER = "Cannot be undone: the central product was deleted, and the shop links to no deleted one."


def test_what_it_plans(world: World) -> None:
    arranged = link_to_deleted(world)
    plan = planned(world, arranged)
    item = item_of(plan)
    assert lines(plan) == [
        f"DELETE /Products?WholesalerArticleNumber={arranged.key}",
        "POST /Products",
        "POST /ClientProducts/Multiple/AddOrUpdate",
    ]
    assert (item.klass, item.lost, item.undo) == ("irreversible", ("The link.",), NEVER)
    assert item.consequences[0].startswith(
        "Becomes an own product with the texts, brand, category and content"
    )
    assert item.consequences[-1] == "Kept: 2 client prices, set again after unlinking."


def test_it_is_sold_as_before(world: World) -> None:
    arranged = link_to_deleted(world)
    plan = planned(world, arranged)
    before = world.sandbox.dump()
    done(world, plan)
    after, key = world.sandbox.dump(), arranged.key
    was, now = before["linked"][key], after["own"][key]
    assert {name: now[name] for name in SOLD} == {name: was[name] for name in SOLD}
    for name in ("EanCode", "Brand", "Categories", "TotalContent", "Localizations"):
        assert now[name] == was[name]
    assert after["client_products"] == before["client_products"]
    assert key not in after["linked"]
    assert world.status(key, arranged.check) == "fixed"


def test_letting_it_go(world: World) -> None:
    arranged = link_to_let_go(world)
    plan = planned(world, arranged)
    item = item_of(plan)
    assert (len(item.requests), item.klass) == (1, "irreversible")
    assert item.lost == (f"Article {arranged.key}, how it was sold, and its client prices.",)
    done(world, plan)
    after = world.sandbox.dump()
    assert arranged.key not in after["linked"] | after["own"]


def test_it_asks_what_becomes_of_it(world: World) -> None:
    arranged = link_to_deleted(world)
    arranged.report(world)
    (keep,) = inputs(world, arranged)
    assert (keep.name, keep.default, [choice.value for choice in keep.choices]) == (
        "keep",
        "own",
        ["own", "nothing"],
    )


def test_another_answer_is_not_planned(world: World) -> None:
    assert reason(planned(world, link_to_deleted(world, "both"))).startswith("keep is own")


def test_another_option_is_named(world: World) -> None:
    arranged = link_to_deleted(world)
    arranged.report(world)
    with pytest.raises(UsageError, match=r"unlink has no option 'brand'\. Its options: keep"):
        arranged.plan(world, brand="1")


def test_what_is_not_linked_any_more(world: World) -> None:
    arranged = link_to_deleted(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("It is not linked any more.")


def test_a_central_product_that_is_there(world: World) -> None:
    key = next(key for key, row in world.sandbox.dump()["linked"].items() if row["EanCode"])
    ean = world.sandbox.dump()["linked"][key]["EanCode"]
    with world.client() as client:
        assert client.central_product(ean) is not None
    arranged = Arranged("linked-central-deleted", key)
    assert reason(planned(world, arranged)).startswith("The central product is there again")


def test_one_that_the_shop_would_not_take_is_left(world: World) -> None:
    arranged = link_to_deleted(world)
    world.sandbox.change(arranged.key, UnitSalesPrice="XXX")
    said = reason(planned(world, arranged))
    assert "its unit sales price XXX is not in the lookup table: once unlinked it would be nowhere" in said


def test_what_moved_since_is_refused(world: World) -> None:
    arranged = link_to_deleted(world)
    plan = planned(world, arranged)
    world.sandbox.change(arranged.key, SalesPriceList=11.0)
    assert "list price: 9.95 -> 11.0" in refused(world, plan)


def test_a_client_price_that_moved_since_is_refused(world: World) -> None:
    arranged = link_to_deleted(world)
    plan = planned(world, arranged)
    row = next(row for row in world.rows("ClientProducts") if row["WholesalerArticleNumber"] == arranged.key)
    params = {"WholesalerArticleNumber": arranged.key, "ClientNumber": row["ClientNumber"]}
    world.write(Request("DELETE", "ClientProducts", params))
    assert f"price of client {row['ClientNumber']}: there -> gone" in refused(world, plan)
