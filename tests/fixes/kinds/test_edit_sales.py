"""edit-sales: the list price and the promotion, and nothing else of how a product is sold."""

from __future__ import annotations

from typing import Any

import pytest

from checks.errors import UsageError
from checks.fixes import make_plan
from checks.fixes.goals import SalesSet
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, inputs, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import EXTRA, Arranged, no_price


def ended_promo(world: World, **options: str) -> Arranged:
    """Its promotion is over since January."""
    key = world.rich()
    world.sandbox.change(
        key, PromoValidFrom="2026-01-05T00:00:00+01:00", PromoValidUntil="2026-01-31T00:00:00+01:00"
    )
    return Arranged("promo-invalid", key, options=options or {"promo": "none"})


def test_what_it_plans(world: World) -> None:
    plan = planned(world, no_price(world))
    item = item_of(plan)
    assert lines(plan) == ["PUT /Products/Sales"]
    assert (item.klass, item.lost) == ("confirm", ())
    assert item.consequences == ("List price: nothing -> 9.95.",)
    assert item.undo == "Set back to what it was: list price nothing."
    assert "SalesPriceList" not in item.compensation[0].body  # type: ignore[operator]


def test_the_price_is_set_and_all_else_stays(world: World) -> None:
    arranged = no_price(world)
    world.sandbox.change(arranged.key, {"Extra": EXTRA})
    plan = planned(world, arranged)
    before = world.sandbox.dump()
    done(world, plan)
    own = {**before["own"][arranged.key], "SalesPriceList": 9.95}
    assert world.sandbox.dump() == {**before, "own": {**before["own"], arranged.key: own}}
    assert world.status(arranged.key, arranged.check) == "fixed"


def test_a_promo_that_is_over_is_taken_away_safely(world: World) -> None:
    arranged = ended_promo(world)
    plan = planned(world, arranged)
    assert item_of(plan).klass == "safe"
    before = world.sandbox.dump()["own"][arranged.key]
    done(world, plan)
    after = world.sandbox.dump()["own"][arranged.key]
    gone = {name for name in before if name.startswith("Promo") or name == "SalesPriceListPromo"}
    assert {name for name in before if before[name] != after[name]} == gone
    assert {after[name] for name in gone} == {None}
    assert after["WholesalerProductLocalizations"]


def test_days_are_belgian_days(world: World) -> None:
    arranged = ended_promo(world, promo="7,5", promo_from="01/07/2030", promo_until="2030-12-31")
    done(world, planned(world, arranged))
    own = world.sandbox.dump()["own"][arranged.key]
    assert own["SalesPriceListPromo"] == 7.5
    assert own["PromoValidFromUtc"].startswith("2030-06-30T22:00:00")
    assert own["PromoValidUntilUtc"].startswith("2030-12-31T22:59:59")


def test_what_nobody_can_order_gets_its_price_safely(world: World) -> None:
    arranged = no_price(world)
    world.sandbox.change(arranged.key, Active=False)
    assert item_of(planned(world, arranged)).klass == "safe"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"promo": "9.95"}, "The promo price 9.95 is not below the list price 9.95."),
        (
            {"promo": "7", "promo_from": "2030-02-01", "promo_until": "2030-01-01"},
            "would end before it starts",
        ),
        ({"promo_until": "2026-02-01"}, "The promo has ended by then"),
        ({"promo_until": "soon"}, "'soon' is no day: write it as 2026-12-31."),
        ({"price": "0"}, "A list price is above 0, not 0."),
        ({"price": "-3"}, "A list price is above 0, not -3."),
        ({"price": "cheap"}, "A list price is a number, not 'cheap'."),
        ({"price": "nan"}, "A list price is above 0, not nan."),
        ({"price": "9.95"}, "It is so already."),
    ],
)
def test_what_makes_no_sense_is_not_planned(world: World, options: dict[str, str], said: str) -> None:
    assert said in reason(planned(world, ended_promo(world, **options)))


@pytest.mark.parametrize(("check", "said"), [("price-missing", "price"), ("promo-invalid", "promo")])
def test_without_a_choice_it_says_what_to_give(world: World, check: str, said: str) -> None:
    key = world.rich()
    world.report(check, (key, None, None))
    plan = make_plan(world.store, world.settings, check, keys=[key], by=ANN)
    assert f"option {said}" in reason(plan)


def test_another_option_is_named(world: World) -> None:
    arranged = no_price(world)
    arranged.report(world)
    with pytest.raises(UsageError, match="edit-sales has no option 'vat'"):
        arranged.plan(world, vat="6")


def test_a_product_that_is_gone(world: World) -> None:
    arranged = no_price(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("The product is gone.")


def test_both_findings_of_one_product_are_closed(world: World) -> None:
    arranged = no_price(world)
    world.report("promo-invalid", (arranged.key, None, None))
    done(world, planned(world, arranged, promo="none"))
    assert world.status(arranged.key, "promo-invalid") == "fixed"


def test_it_asks_for_a_price_each_and_one_promo_for_all(world: World) -> None:
    first, second = no_price(world), ended_promo(world)
    for one in (first, second):
        one.report(world)
    (price,) = inputs(world, first)
    assert (price.name, price.kind, price.key) == ("price", "number", first.key)
    asked: Any = inputs(world, second)
    assert [(one.name, one.default, one.required) for one in asked] == [
        ("promo", "none", True),
        ("promo_from", None, False),
        ("promo_until", None, False),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"SalesPriceList": 5.0}, "list price: nothing -> 5.0"), ({"OnOrder": False}, "on order: yes -> no")],
)
def test_what_moved_since_is_refused(world: World, fields: dict[str, Any], said: str) -> None:
    arranged = no_price(world)
    plan = planned(world, arranged)
    world.sandbox.change(arranged.key, fields)
    assert said in refused(world, plan)


def test_a_promo_that_stays_wrong_is_not_called_repaired(world: World) -> None:
    ended = ended_promo(world, price="10.50")
    assert "The promo has ended by then: give a later end" in reason(planned(world, ended))
    priced = no_price(world)
    world.report("price-missing", (priced.key, None, None))
    world.report("promo-invalid", (priced.key, None, None))
    done(world, planned(world, priced))
    assert world.status(priced.key, "promo-invalid") != "fixed"


def test_what_a_person_has_put_right_is_not_set_again(world: World) -> None:
    priced = no_price(world)
    world.sandbox.change(priced.key, SalesPriceList=12.5)
    assert reason(planned(world, priced)) == (
        "It is right by now: list price 12.5. Run a health check to look anew."
    )
    ended = ended_promo(world)
    world.sandbox.change(ended.key, PromoValidUntil="2030-01-31T00:00:00+01:00")
    assert "It is right by now: list price 9.95, promo price 8.5" in reason(planned(world, ended))


def test_sales_texts_are_carried_whole() -> None:
    """Also what no page describes of them; where the shop drops it, the read-back says so."""
    note = {"LanguageCode": "nld", "PromoDescription": "Actie", "Badge": "bio"}
    product = {"WholesalerArticleNumber": "A1", "OnOrder": True, "WholesalerProductLocalizations": [note]}
    goal = SalesSet("A1", {"SalesPriceList": 5.0}, product, "Set the price")
    (call,) = goal.look({"own": product, "linked": None}).todo
    assert isinstance(call.request.body, dict)
    assert call.request.body["WholesalerProductLocalizations"] == [note]
    bare = {name: note[name] for name in note if name != "Badge"}
    after = {**product, "SalesPriceList": 5.0, "WholesalerProductLocalizations": [bare]}
    assert "Badge: bio -> nothing" in str(goal.look({"own": after, "linked": None}).differs)
