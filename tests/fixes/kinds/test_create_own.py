"""create-own: a product that the central list does not have becomes an own product."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from checks.fixes import plan_new, plan_undo
from checks.fixes.shop import Shop
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, item_of, lines, reason, refused
from tests.fixes.new_scenarios import New, code, free_central, own_of

Json = dict[str, Any]

_NUMBERS = count(1000)


def own(world: World, **fields: Any) -> New:
    """One that no test has used."""
    number = next(_NUMBERS)
    given = {**own_of(world, number), **fields}
    return New("onboarding", f"O{number}", fix="create-own", given=given)


def test_what_it_plans(world: World) -> None:
    arranged = own(world)
    plan = arranged.plan(world)
    item = item_of(plan)
    assert (plan.check, item.finding_id, item.klass, item.title) == ("onboarding", None, "safe", "Jonge kaas")
    assert lines(plan) == ["POST /Products"]
    assert item.consequences[0].startswith(f"New: own product {arranged.key} with brand ")
    assert f"texts in nld and fra and EAN {arranged.given['EanCode']}." in item.consequences[0]
    assert item.consequences[2].startswith("It has no photo")


def test_only_the_product_is_new_and_undoing_takes_it_away(world: World) -> None:
    arranged = own(world)
    plan, before = arranged.plan(world), world.sandbox.dump()
    row = done(world, plan)
    after = world.sandbox.dump()
    made = after["own"].pop(arranged.key)
    assert after == before
    assert bodies.product_body(made) == {
        **bodies.new_body(arranged.given),
        "WholesalerArticleNumber": arranged.key,
        "TemporarilyUnavailable": False,
    }
    done(world, plan_undo(world.store, world.settings, [row["id"]], by=ANN))
    assert world.sandbox.dump() == before


def test_planning_and_applying_twice(world: World) -> None:
    arranged = own(world)
    plan, twin = arranged.plan(world), arranged.plan(world)
    done(world, plan)
    sent = len(world.log)
    world.apply(plan)
    assert len(world.log) == sent
    assert refused(world, twin).startswith("somebody has created it since the plan.")
    assert reason(arranged.plan(world)) == "It is there already, as wanted."
    dearer = New("onboarding", arranged.key, fix="create-own", given={**arranged.given, "VatPercentage": 21})
    assert reason(dearer.plan(world)).endswith("(wanted -> found): VAT: 21 -> 6.")


def test_a_central_ean_is_to_be_linked(world: World) -> None:
    (row,) = free_central(world)
    assert row.ean is not None
    for form in (row.ean, row.ean.zfill(14)):
        assert (
            reason(own(world, EanCode=form).plan(world))
            == f"EAN {form} is central: link it (create-link) instead."
        )


def test_one_that_became_central_since_the_plan(world: World) -> None:
    arranged = own(world)
    plan = arranged.plan(world)
    twin = world.untouched()[0]
    world.taken.add(twin)
    world.sandbox.change(twin, EanCode=arranged.given["EanCode"])
    world.sandbox.make_central(twin)
    assert refused(world, plan).startswith("it became central since the plan (")


def test_without_an_ean_the_suppliers_code_tells_that_it_is_central(world: World) -> None:
    row = next(one for one in free_central(world, 300) if one.suppliers)
    supplier, article = row.suppliers[0]
    given = own(world, EanCode=None, Supplier={"Id": supplier, "ArticleCode": article})
    said = reason(given.plan(world))
    assert said == f"Article code {article} of supplier {supplier} is central: link it (create-link) instead."
    assert item_of(own(world, EanCode=None).plan(world))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"BrandId": 999_999}, "because its brand 999999 is not in the lookup table."),
        (
            {"StorageConditionId": 99, "ContentType": "XX"},
            "its content type XX is not in the lookup table and its storage",
        ),
        ({"Supplier": {"Id": 999_999, "ArticleCode": "A"}}, "its supplier 999999 is not in the lookup table"),
        ({"EanCode": "123"}, "Its EAN 123 is no valid GTIN"),
        ({"BrandId": None, "CategoryId": None}, "It has no BrandId, CategoryId."),
        ({"BrandId": "12"}, "BrandId is no number."),
        ({"MultiplierAmount": 0}, "MultiplierAmount must be between 0.0001 and 1e+14."),
        (
            {"Localizations": [{"LanguageCode": "nl", "Name": "Kaas"}]},
            "Localizations 1 LanguageCode must have 3 characters, not 2.",
        ),
        ({"Supplier": {"Id": 1}}, "It has no Supplier ArticleCode."),
        ({"UnitSalesPrice": "A" * 26}, "UnitSalesPrice may have 25 characters, and has 26."),
    ],
)
def test_what_the_shop_would_refuse_is_not_planned(world: World, fields: Json, said: str) -> None:
    assert said in reason(own(world, **fields).plan(world))


def test_a_category_that_has_subcategories(world: World) -> None:
    parent = next(one.id for one in world.sandbox.shop.lookups.categories.values() if not one.is_leaf)
    assert f"its category {parent} has subcategories" in reason(own(world, CategoryId=parent).plan(world))


def test_an_ean_that_another_own_product_has(world: World) -> None:
    key = world.untouched()[0]
    ean = world.sandbox.dump()["own"][key]["EanCode"]
    assert reason(own(world, EanCode=ean).plan(world)).startswith(f"Own product {key} has the same EAN {ean}")


def test_an_ean_that_another_own_product_got_since_the_plan(world: World) -> None:
    arranged = own(world)
    plan = arranged.plan(world)
    other = world.untouched()[0]
    world.taken.add(other)
    ean = arranged.given["EanCode"]
    world.sandbox.change(other, EanCode=ean)
    assert refused(world, plan).startswith(
        f"the EAN is taken since the plan. Own product {other} has the same EAN {ean}: the shop would have two"
    )


def test_two_keys_of_one_ean_the_first_only(world: World) -> None:
    given = {key: {**own_of(world, 900), "EanCode": code(900)} for key in ("TWIN-1", "TWIN-2")}
    plan = plan_new(world.store, world.settings, "create-own", given, by=ANN)
    assert [item.key for item in plan.items] == ["TWIN-1"]
    assert plan.not_planned[0][1].startswith("Article TWIN-1 of this plan has the same EAN")


def test_a_refusal_with_200_names_the_field(make_world: Any) -> None:
    """The lookup tables were read when it was planned; the entry went since."""
    world = make_world(products=0, variant={"errors_as_200": True})
    arranged = own(world)
    plan, before = arranged.plan(world), world.sandbox.dump()
    brand = arranged.given["BrandId"]
    del world.sandbox.shop.lookups.brands[brand]
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert f"product.BrandId: Brand with id {brand} does not exist." in row["message"]
    assert world.sandbox.dump()["own"].keys() == before["own"].keys()


def test_one_that_somebody_created_while_it_was_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the call: the shop refuses ours, what stands there is not touched."""
    arranged = own(world)
    plan, send = arranged.plan(world), Shop.send
    theirs = {**own_of(world, next(_NUMBERS)), "WholesalerArticleNumber": arranged.key}

    def late(shop: Shop, request: Any) -> Any:
        monkeypatch.setattr(Shop, "send", send)
        world.write(bodies.create_own(theirs))
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", late)
    (row,) = world.apply(plan)
    assert (row["state"], row["message"].startswith("Nothing was changed: ")) == ("failed", True)
    assert world.sandbox.dump()["own"][arranged.key]["EanCode"] == theirs["EanCode"]


def test_what_somebody_made_just_so_is_not_taken_for_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = own(world)
    plan, send = arranged.plan(world), Shop.send

    def late(shop: Shop, request: Any) -> Any:
        monkeypatch.setattr(Shop, "send", send)
        world.write(bodies.create_own(plan.items[0].requests[0].body))
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", late)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert "somebody else made it" in row["message"]
    assert arranged.key in world.sandbox.dump()["own"]


@pytest.mark.parametrize("meddle", ["text", "photo"])
def test_undo_leaves_what_others_have_touched(world: World, meddle: str) -> None:
    arranged = own(world)
    row = done(world, arranged.plan(world))
    if meddle == "text":
        world.sandbox.change(arranged.key, Localizations=[{"LanguageCode": "nld", "Name": "Oude kaas"}])
        said = "text (nld) name: Jonge kaas -> Oude kaas"
    else:
        photo = {"WholesalerArticleNumber": arranged.key, "Photo": "QEA=", "PhotoName": "kaas.jpg"}
        world.write(bodies.add_photo(photo))
        said = "photo kaas.jpg: nothing -> new"
    assert said in reason(plan_undo(world.store, world.settings, [row["id"]], by=ANN))
    assert arranged.key in world.sandbox.dump()["own"]


def test_what_a_shop_sets_by_itself_is_told_and_not_taken_for_a_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = world.sandbox.shop.put_own

    def with_vat(row: Any) -> None:
        row.vat = row.vat or 21
        put(row)

    monkeypatch.setattr(world.sandbox.shop, "put_own", with_vat)
    row = done(world, own(world, VatPercentage=None).plan(world))
    assert world.steps(row)[-1]["answer"].endswith("The shop set by itself: VAT: nothing -> 21.")
    said = reason(plan_undo(world.store, world.settings, [row["id"]], by=ANN))
    assert said.startswith("It changed since it was created: VAT: nothing -> 21.")
