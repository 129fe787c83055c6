"""edit-product: codes, names, multipliers and numbers of units; PUT carries everything else, known or not."""

from __future__ import annotations

from typing import Any

import pytest

from checks.errors import UsageError
from checks.fixes import make_plan
from checks.gtin import diagnose
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, inputs, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import EXTRA, Arranged, no_french_name

#: An EAN of which Excel left this.
EXCEL = "8,00E+12"


def wrong_code(world: World, code: str, **options: str) -> Arranged:
    key = world.rich()
    world.sandbox.change(key, EanCode=code)
    return Arranged("invalid-ean", key, None, code, options)


def free_code(world: World) -> str:
    """A valid EAN that no product has."""
    taken = {own["EanCode"] for own in world.sandbox.dump()["own"].values()}
    return next(
        code for code in map(str, range(5400000000000, 5400000001000)) if code not in taken and _valid(code)
    )


def _valid(code: str) -> bool:
    return diagnose(code).reason == "valid"


def test_what_it_plans(world: World) -> None:
    plan = planned(world, no_french_name(world))
    item = item_of(plan)
    assert lines(plan) == ["PUT /Products"]
    assert (item.klass, item.lost) == ("safe", ())
    assert item.consequences == ("Text (fra) name: nothing -> Fromage.",)
    assert item.undo == "Set back to what it was: text nld Kaas."


def test_the_name_is_added_and_all_else_is_carried(world: World) -> None:
    arranged = no_french_name(world)
    plan = planned(world, arranged)
    before = world.sandbox.dump()
    done(world, plan)
    after = world.sandbox.dump()
    was, now = before["own"][arranged.key], after["own"][arranged.key]
    assert {name for name in now if now[name] != was[name]} == {"Localizations"}
    assert {text["LanguageCode"]: (text["Name"], text["Description"]) for text in now["Localizations"]} == {
        "nld": ("Kaas", "Jong"),
        "fra": ("Fromage", None),
    }
    assert {name: now[name] for name in EXTRA} == EXTRA
    assert after == {**before, "own": after["own"]}
    assert world.status(arranged.key, arranged.check, "fra") == "fixed"


def test_a_code_whose_diagnosis_is_certain_needs_no_choice(world: World) -> None:
    own = world.sandbox.dump()["own"]
    arranged = wrong_code(world, "")
    ean = own[arranged.key]["EanCode"]
    world.sandbox.change(arranged.key, EanCode=f" {ean} ")
    done(world, planned(world, arranged))
    assert world.sandbox.dump()["own"][arranged.key]["EanCode"] == ean


def test_a_code_that_cannot_be_told_has_to_be_given(world: World) -> None:
    arranged = wrong_code(world, EXCEL)
    assert "Say which it is (option ean: a code, or none" in reason(planned(world, arranged))
    item = item_of(planned(world, arranged, ean="none"))
    assert item.klass == "confirm"
    assert item.undo is not None
    assert item.undo.startswith("Cannot be undone: the shop would not take the old value again")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ean": "5410000000001"}, "Give a valid one."),
        ({"ean": "hello"}, "Give a valid one."),
        ({"name_fr": "Fromage"}, "'fr' is no language: three letters"),
        ({"name_fra": "x" * 251}, "A name has 1 to 250 characters; this one has 251."),
        ({"name_fra": " "}, "A name has 1 to 250 characters; this one has 0."),
        ({"units": "1"}, "A carton holds a whole number of units above 1, not 1."),
        ({"units": "2.5"}, "A carton holds a whole number of units above 1, not 2.5."),
        ({"multiplier_amount": "much"}, "A multiplier amount is a number, not 'much'."),
    ],
)
def test_what_makes_no_sense_is_not_planned(world: World, options: dict[str, str], said: str) -> None:
    assert said in reason(planned(world, wrong_code(world, EXCEL, **options)))


def test_a_code_that_another_product_has(world: World) -> None:
    other = world.rich()
    ean = world.sandbox.dump()["own"][other]["EanCode"]
    said = reason(planned(world, wrong_code(world, EXCEL, ean=ean)))
    assert said == f"EAN {ean} is on article {other} already: find out which of the two it belongs to."


def test_one_code_for_two_products_of_a_plan(world: World) -> None:
    first, second = sorted((wrong_code(world, EXCEL), wrong_code(world, EXCEL)), key=lambda one: one.key)
    world.report("invalid-ean", *((one.key, None, EXCEL) for one in (first, second)))
    keys = [first.key, second.key]
    ean = next(
        f"541000000000{digit}"
        for digit in range(10)
        if sum(int(n) * (3 if place % 2 else 1) for place, n in enumerate(f"541000000000{digit}")) % 10 == 0
    )
    options = {"ean": ean}
    plan = make_plan(world.store, world.settings, "invalid-ean", keys=keys, by=ANN, options=options)
    assert [item.key for item in plan.items] == [first.key]
    assert plan.not_planned == ((second.key, f"EAN {ean} is given to {first.key} in this plan already."),)


def test_units_of_a_carton(world: World) -> None:
    key = next(
        key
        for key, own in world.sandbox.dump()["own"].items()
        if own["IsPackageProduct"] and own["AmountOfUnitProduct"] and key not in world.taken
    )
    world.taken.add(key)
    arranged = Arranged("package-mismatch", key, options={"units": "24"})
    assert "It is right by now: " in reason(planned(world, arranged))
    with world.client() as client:
        own = client.own_product(key)
    assert own is not None
    world.write(bodies.replace_own({**bodies.replacement_body(own), "AmountOfUnitProduct": 1}))
    before = world.sandbox.dump()["own"][key]
    done(world, planned(world, arranged))
    after = world.sandbox.dump()["own"][key]
    assert {name for name in after if after[name] != before[name]} == {"AmountOfUnitProduct"}
    assert after["AmountOfUnitProduct"] == 24


def test_a_multiplier_is_completed_or_taken_away(world: World) -> None:
    arranged = Arranged("multiplier-invalid", world.rich())
    world.sandbox.change(arranged.key, MultiplierAmount=2.5, MultiplierAbbreviation=None)
    kind = world.rows("MultiplierTypes")[0]["Abbreviation"]
    done(world, planned(world, arranged, multiplier_type=kind))
    own = world.sandbox.dump()["own"][arranged.key]
    assert (own["MultiplierAmount"], own["MultiplierContentType"]["Abbreviation"]) == (2.5, kind)
    assert reason(planned(world, arranged, multiplier_amount="5")).startswith("It is right by now: ")
    world.sandbox.change(arranged.key, MultiplierAmount=None)
    done(world, planned(world, arranged, multiplier_type="none", multiplier_amount="none"))
    own = world.sandbox.dump()["own"][arranged.key]
    assert (own["MultiplierAmount"], own["MultiplierContentType"]) == (None, None)


def test_half_a_multiplier_is_neither_left_nor_made(world: World) -> None:
    arranged = Arranged("multiplier-invalid", world.rich())
    world.sandbox.change(arranged.key, MultiplierAmount=2.5, MultiplierAbbreviation=None)
    said = reason(planned(world, arranged, multiplier_amount="7"))
    assert said == "An amount needs a unit: give multiplier_type too, or none for both."
    kind = world.rows("MultiplierTypes")[0]["Abbreviation"]
    said = reason(planned(world, arranged, multiplier_amount="none", multiplier_type=kind))
    assert said == "A unit needs an amount: give multiplier_amount too, or none for both."
    nameless = no_french_name(world)
    world.sandbox.change(nameless.key, MultiplierAmount=None, MultiplierAbbreviation=None)
    assert "An amount needs a unit" in reason(planned(world, nameless, multiplier_amount="7"))


def test_what_a_person_has_put_right_is_not_set_again(world: World) -> None:
    coded = wrong_code(world, EXCEL, ean="none")
    ean = free_code(world)
    world.sandbox.change(coded.key, EanCode=ean)
    assert reason(planned(world, coded)) == (
        f"It is right by now: EAN {ean}. Run a health check to look anew."
    )
    named = no_french_name(world)
    texts = [{"LanguageCode": "nld", "Name": "Kaas"}, {"LanguageCode": "fra", "Name": "Gouda"}]
    world.sandbox.change(named.key, Localizations=texts)
    assert "It is right by now: its name (fra) is there." in reason(planned(world, named))
    world.sandbox.change(named.key, Localizations=texts[1:])
    world.report(named.check, (named.key, "nld", None), (named.key, "fra", None))
    done(world, named.plan(world, name_nld="Kaas"))
    own = world.sandbox.dump()["own"][named.key]
    assert {text["LanguageCode"]: text["Name"] for text in own["Localizations"]} == {
        "nld": "Kaas",
        "fra": "Gouda",
    }


def test_two_plans_do_not_give_one_code_to_two_products(world: World) -> None:
    ean = free_code(world)
    first, second = (wrong_code(world, EXCEL, ean=ean) for _ in range(2))
    plans = [planned(world, one) for one in (first, second)]
    done(world, plans[0])
    assert refused(world, plans[1]) == (
        f"EAN {ean} is on article {first.key} by now: find out which of the two it belongs to."
    )


def test_it_asks_for_the_name_of_each_product(world: World) -> None:
    arranged = no_french_name(world)
    arranged.report(world)
    (asked,) = inputs(world, arranged)
    assert (asked.name, asked.kind, asked.key) == ("name_fra", "text", arranged.key)


def test_another_option_is_named(world: World) -> None:
    arranged = no_french_name(world)
    arranged.report(world)
    with pytest.raises(UsageError, match="edit-product has no option 'price'"):
        arranged.plan(world, price="1")


def test_a_product_that_is_gone(world: World) -> None:
    arranged = no_french_name(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("The product is gone.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SalesPriceList": 11.0}, "list price: 9.95 -> 11.0"),
        ({"Extra": {}}, "Allergens: milk -> nothing"),
        ({"Localizations": [{"LanguageCode": "nld", "Name": "Boter"}]}, "text (nld) name: Kaas -> Boter"),
    ],
)
def test_what_moved_since_is_refused(world: World, fields: dict[str, Any], said: str) -> None:
    arranged = no_french_name(world)
    plan = planned(world, arranged)
    world.sandbox.change(arranged.key, fields)
    assert said in refused(world, plan)
