"""What people did to a product after its repair, or while it stood half-way, is never deleted, overwritten or doubled."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checks.fixes import FIXES, Plan, make_plan, plan_undo
from checks.fixes.shop import Shop
from checks.sandbox.oresto.rows import ClientPrice
from checks.sources.request import Request
from tests.fixes.conftest import AFTER_A_CRASH, ANN, World


class Killed(BaseException):
    """The power went."""


def killed_before(world: World, plan: Plan, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Applies the plan until it is about to send `line`."""
    send = Shop.send

    def deadly(shop: Shop, request: Request) -> Any:
        if request.line.startswith(line):
            raise Killed
        return send(shop, request)

    with monkeypatch.context() as patch:
        patch.setattr(Shop, "send", deadly)
        with pytest.raises(Killed):
            world.apply(plan)


def set_price(world: World, key: str, client: str = "C10009", price: float = 7.7) -> None:
    world.sandbox.shop.set_client_price(ClientPrice(key, client, price, None, False))


def prices(world: World, key: str) -> dict[str, float]:
    rows = world.sandbox.dump()["client_products"]
    return {row["client_number"]: row["price"] for row in rows if row["article_number"] == key}


def linked(world: World, key: str) -> str:
    """Links the product; the id of the fix."""
    (row,) = world.apply(world.plan(key))
    assert row["state"] == "done"
    return str(row["id"])


def edited(world: World, key: str, **options: str) -> str:
    """Gives the product the name that it lacks; the id of the fix."""
    world.sandbox.change(key, Localizations=[{"LanguageCode": "fra", "Name": "Un nom"}])
    world.report("text-missing", (key, "nld", None))
    plan = make_plan(
        world.store, world.settings, "text-missing", keys=[key], by=ANN, options={"name_nld": "Een naam"}
    )
    (row,) = world.apply(plan)
    assert row["state"] == "done"
    return str(row["id"])


def test_a_client_price_set_after_linking_is_not_undone_with_it(world: World, key: str) -> None:
    fix_id = linked(world, key)
    set_price(world, key)
    undo = plan_undo(world.store, world.settings, [fix_id], by=ANN)
    assert not undo.items
    assert "price of client C10009: nothing -> new" in undo.not_planned[0][1]


def test_a_client_price_set_after_the_undo_was_planned_is_kept(world: World, key: str) -> None:
    undo = plan_undo(world.store, world.settings, [linked(world, key)], by=ANN)
    set_price(world, key)
    (row,) = world.apply(undo)
    assert (row["state"], row["message"].partition(":")[0]) == ("failed", "Nothing was changed")
    assert prices(world, key)["C10009"] == 7.7


def test_a_client_price_set_while_linking_stood_half_way_is_not_lost_by_putting_back(
    world: World, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = world.plan(key)
    killed_before(world, plan, "POST /ClientProducts", monkeypatch)
    set_price(world, key)
    world.sandbox.faults.add("POST ClientProducts*", "error-500")
    (row,) = world.apply(plan, AFTER_A_CRASH)
    assert row["state"] == "needs_attention"
    assert "take along what somebody changed meanwhile: price of client C10009" in row["message"]
    world.sandbox.faults.clear()
    assert prices(world, key)["C10009"] == 7.7


def test_a_client_price_that_somebody_set_meanwhile_is_not_set_back(
    world: World, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = world.plan(key)
    killed_before(world, plan, "POST /ClientProducts", monkeypatch)
    client = plan.items[0].requests[-1].body["ClientProducts"][0]["ClientNumber"]
    set_price(world, key, client)
    (row,) = world.apply(plan, AFTER_A_CRASH)
    assert (row["state"], prices(world, key)[client]) == ("needs_attention", 7.7)
    assert f"price of client {client}: list price: 3.5 -> 7.7" in row["message"]


def test_a_product_that_somebody_made_anew_gets_its_photos_and_prices_back(
    world: World, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, plan, own = world.sandbox.dump(), world.plan(key), world.sandbox.shop.own[key]
    killed_before(world, plan, "POST /LinkProducts", monkeypatch)
    shop = world.sandbox.shop
    shop.put_own(msgspec.structs.replace(own, id=shop.next_id(), modified=shop.now()))
    (row,) = world.apply(plan, AFTER_A_CRASH)
    assert row["state"] == "failed"
    assert row["message"].startswith("Put back as it was: Somebody made it anew")
    assert world.sandbox.dump() == before


def test_a_product_that_somebody_made_otherwise_is_left_to_a_person_with_photos_and_prices(
    world: World, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, plan, own = world.sandbox.dump(), world.plan(key), world.sandbox.shop.own[key]
    killed_before(world, plan, "POST /LinkProducts", monkeypatch)
    shop = world.sandbox.shop
    shop.put_own(msgspec.structs.replace(own, id=shop.next_id(), modified=shop.now(), price=11.0))
    (row,) = world.apply(plan, AFTER_A_CRASH)
    assert row["state"] == "needs_attention"
    assert "list price: 9.95 -> 11.0" in row["message"]
    after = world.sandbox.dump()
    assert (after["photos"], after["client_products"]) == (before["photos"], before["client_products"])


def test_a_field_that_has_a_third_value_is_not_set_back(world: World, key: str) -> None:
    fix = world.store.journal.fix(edited(world, key))
    assert fix is not None
    (goal,) = FIXES["edit-product"].back(fix["before"], world.source)
    with world.client() as client:
        own = client.own_product(key)
    assert own is not None
    assert goal.look({"own": own}).todo
    assert goal.harm({"own": own}, at_once=False) is None
    text = {"LanguageCode": "nld", "Name": "Van een mens", "Description": None}
    theirs = {"own": {**own, "Localizations": [text]}}
    assert "Somebody changed it meanwhile" in str(goal.harm(theirs, at_once=False))


def test_another_field_that_changed_after_the_repair_is_no_obstacle_to_undoing_it(
    world: World, key: str
) -> None:
    """It ended as needing attention, for ever: the product was not as before the repair."""
    fix_id, names = edited(world, key), world.sandbox.dump()["own"][key]["Localizations"]
    world.sandbox.change(key, SalesPriceList=12.5)
    (row,) = world.apply(plan_undo(world.store, world.settings, [fix_id], by=ANN))
    own = world.sandbox.dump()["own"][key]
    assert (row["state"], own["SalesPriceList"]) == ("done", 12.5)
    assert own["Localizations"] != names


def test_linking_is_not_undone_where_a_client_price_would_be_lost(make_world: Any) -> None:
    """Its client is gone: the undo deleted the link, and could neither go on nor back."""
    world = make_world()
    key = world.take()
    fix_id = linked(world, key)
    client = min(prices(world, key))
    world.sandbox.shop.trade.remove_client(client)
    undo = plan_undo(world.store, world.settings, [fix_id], by=ANN)
    assert not undo.items
    assert f"the price of client {client} would be lost" in undo.not_planned[0][1]
