"""set-reference: a reference is set where it is wrong; PUT carries everything else, known or not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixes.conftest import World
from tests.fixes.kinds.reading import done, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import EXTRA, Arranged, no_producer


def wrong_brand(world: World, brand: int | str | None = None) -> Arranged:
    """Its brand is not in the lookup table."""
    key = world.rich()
    world.sandbox.change(key, {"BrandId": 77777, "Extra": EXTRA})
    chosen = world.rows("Brands")[0]["Id"] if brand is None else brand
    return Arranged("invalid-reference", key, "brand", "77777", {"brand": str(chosen)})


def test_what_it_plans(world: World) -> None:
    arranged = no_producer(world)
    plan = planned(world, arranged)
    item, producer = item_of(plan), world.rows("Producers")[0]
    assert lines(plan) == ["PUT /Products"]
    assert (item.klass, item.lost) == ("safe", ())
    assert item.consequences == (f"Producer: nothing -> {producer['Name']} ({producer['Id']}).",)
    assert item.undo == "Set back to what it was: producer nothing."


def test_a_value_the_shop_would_not_take_again_is_said_to_be_lost(world: World) -> None:
    item = item_of(planned(world, wrong_brand(world)))
    assert (item.klass, item.lost) == ("confirm", ("The old value of brand.",))
    assert item.undo == (
        "Cannot be undone: the shop would not take the old value again, because its brand 77777 is not in the lookup table."
    )


def test_it_is_set_and_unknown_fields_are_carried(world: World) -> None:
    arranged = wrong_brand(world)
    plan = planned(world, arranged)
    before = world.sandbox.dump()
    done(world, plan)
    after = world.sandbox.dump()
    was, now = before["own"][arranged.key], after["own"][arranged.key]
    assert {name for name in now if now[name] != was[name]} == {"Brand"}
    assert str(now["Brand"]["Id"]) == arranged.options["brand"]
    assert {name: now[name] for name in EXTRA} == EXTRA
    assert after == {**before, "own": after["own"]}
    assert world.status(arranged.key, arranged.check, "brand") == "fixed"


def test_a_carton_keeps_its_units(world: World) -> None:
    cartons = [
        key
        for key, own in world.sandbox.dump()["own"].items()
        if own["IsPackageProduct"] and own["AmountOfUnitProduct"] and own["Brand"] and key not in world.taken
    ]
    key = cartons[0]
    world.taken.add(key)
    world.sandbox.change(key, BrandId=77777)
    brand = str(world.rows("Brands")[0]["Id"])
    arranged = Arranged("invalid-reference", key, "brand", "77777", {"brand": brand})
    before = world.sandbox.dump()["own"][key]
    done(world, planned(world, arranged))
    after = world.sandbox.dump()["own"][key]
    assert {name for name in after if after[name] != before[name]} == {"Brand"}


def test_a_choice_for_all_leaves_what_is_fine(world: World) -> None:
    """One choice for many products: those whose brand is right keep it."""
    arranged = no_producer(world)
    before = world.sandbox.dump()["own"][arranged.key]["Brand"]
    other = next(row["Id"] for row in world.rows("Brands") if row["Id"] != before["Id"])
    done(world, planned(world, arranged, brand=str(other)))
    assert world.sandbox.dump()["own"][arranged.key]["Brand"] == before


def test_what_a_person_has_put_right_is_not_set_again(world: World) -> None:
    arranged = wrong_brand(world)
    theirs = world.rows("Brands")[1]
    world.sandbox.change(arranged.key, BrandId=theirs["Id"])
    assert reason(planned(world, arranged)) == (
        f"It is right by now: brand {theirs['Name']} ({theirs['Id']}). Run a health check to look anew."
    )
    world.sandbox.change(arranged.key, StorageConditionId=999)
    world.report(arranged.check, (arranged.key, "brand", "77777"), (arranged.key, "storage_condition", "999"))
    storage = world.rows("StorageConditions")[0]["Id"]
    done(world, arranged.plan(world, storage_condition=str(storage)))
    own = world.sandbox.dump()["own"][arranged.key]
    assert (own["Brand"]["Id"], own["StorageCondition"]["Id"]) == (theirs["Id"], storage)


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ("123456", "Brand 123456 is not in the lookup table: choose one that is."),
        ("none", "A product must have a brand: choose one."),
        ("77777", "Brand 77777 is not in the lookup table"),
        ("", "is not in the lookup table"),
    ],
)
def test_an_entry_that_is_not_there(world: World, brand: str, said: str) -> None:
    assert said in reason(planned(world, wrong_brand(world, brand)))


def test_a_category_with_subcategories(world: World) -> None:
    key = world.rich()
    parent = next(row["ParentId"] for row in world.rows("Categories") if row["ParentId"])
    world.sandbox.change(key, CategoryId=parent)
    arranged = Arranged("category-not-leaf", key, None, str(parent), {"category": str(parent)})
    assert "has subcategories, and only an end node may hold products" in reason(planned(world, arranged))


def test_all_that_is_wrong_has_to_be_put_right_at_once(world: World) -> None:
    """PUT sends the whole product: another wrong reference would have it refused."""
    arranged = wrong_brand(world)
    world.sandbox.change(arranged.key, StorageConditionId=999)
    said = reason(planned(world, arranged))
    assert said == (
        "The shop would refuse the change, because its storage condition 999 is not in the lookup table. Choose that too: "
        "option storage_condition."
    )
    storage = str(world.rows("StorageConditions")[0]["Id"])
    done(world, planned(world, arranged, storage_condition=storage))


def test_without_a_choice_it_says_what_to_give(world: World) -> None:
    arranged = wrong_brand(world)
    bare = Arranged(arranged.check, arranged.key, arranged.field, arranged.value)
    assert reason(planned(world, bare)) == "Nothing was chosen for its brand: option brand."


def test_a_product_that_is_gone(world: World) -> None:
    arranged = wrong_brand(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("The product is gone.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SalesPriceList": 11.0}, "list price: 9.95 -> 11.0"),
        ({"BrandId": 88888}, "brand: 77777 -> 88888"),
        ({"Extra": {"Allergens": "nuts", "Origin": {"Country": "BE"}}}, "Allergens: milk -> nuts"),
    ],
)
def test_what_moved_since_is_refused(world: World, fields: dict[str, Any], said: str) -> None:
    arranged = wrong_brand(world)
    plan = planned(world, arranged)
    world.sandbox.change(arranged.key, fields)
    assert said in refused(world, plan)
