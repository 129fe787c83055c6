"""Putting back under faults: exactly as it was, or kept for the next application, with everything needed in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checks.errors import OutcomeUnknown
from checks.fixes import leave_as_is
from checks.fixes.shop import Shop
from checks.people import Person
from checks.sandbox.wire_faults import AFTER, BEFORE
from checks.sources.request import Request

BOB = Person("bob", "admin", "local")

PUT_BACK = ("POST Products", "POST ProductPhotos", "POST ClientProducts/Multiple/AddOrUpdate")


@pytest.fixture
def refused(world: Any, key: str) -> tuple[Any, Any, dict[str, Any]]:
    """A world with a plan whose link is refused for good, and the shop as it was."""
    before, plan = world.sandbox.dump(), world.plan(key)
    world.sandbox.faults.add("POST LinkProducts", "errors-200", match=key)
    return world, plan, before


@pytest.mark.parametrize("kind", AFTER)
@pytest.mark.parametrize("route", PUT_BACK)
def test_done_without_an_answer_is_put_back_once(refused: Any, key: str, route: str, kind: str) -> None:
    world, plan, before = refused
    world.sandbox.faults.add(route, kind, match=key)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert world.sandbox.dump() == before


@pytest.mark.parametrize("kind", BEFORE)
def test_a_put_back_that_fails_goes_on_at_the_next_application(refused: Any, key: str, kind: str) -> None:
    world, plan, before = refused
    world.sandbox.faults.add("POST Products", kind, match=key)
    (first,) = world.apply(plan)
    assert first["state"] == "needs_attention"
    assert "neither an own nor a linked product" in first["message"]
    assert world.status(key) == "new"
    world.sandbox.faults.clear()
    (second,) = world.apply(plan)
    assert (second["state"], world.events(key)[-1]) == ("failed", "put-back")
    assert world.sandbox.dump() == before


@pytest.mark.parametrize("route", ["POST ProductPhotos", "POST ClientProducts*"])
def test_photos_and_prices_that_fail_follow_at_the_next_application(
    refused: Any, key: str, route: str
) -> None:
    world, plan, before = refused
    world.sandbox.faults.add(route, "error-500", match=key)
    (first,) = world.apply(plan)
    assert first["state"] == "needs_attention"
    world.sandbox.faults.clear()
    (second,) = world.apply(plan)
    assert second["state"] == "failed"
    assert world.sandbox.dump() == before


def test_a_photo_that_arrived_twice_is_there_once(refused: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server did it, the list did not show it in time, and it was sent again."""
    world, plan, before = refused
    send = Shop.send

    def twice(shop: Shop, request: Request) -> Any:
        if request.path == "ProductPhotos" and request.body and request.body["PhotoName"] == "back.jpg":
            send(shop, request)
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", twice)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert world.sandbox.dump() == before


def test_client_prices_that_the_link_refuses_bring_the_own_product_back(world: Any, key: str) -> None:
    before, plan = world.sandbox.dump(), world.plan(key)
    world.sandbox.faults.add(
        "POST ClientProducts*", "errors-200", match=key, times=3
    )  # together, then the first alone
    (row,) = world.apply(plan)
    assert (row["state"], row["message"].partition(":")[0]) == ("failed", "Put back as it was")
    assert world.sandbox.dump() == before


def test_a_field_that_reads_back_differently_keeps_nothing_else_from_being_restored(
    refused: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, plan, before = refused
    send = Shop.send

    def rounding(shop: Shop, request: Request) -> Any:
        answer = send(shop, request)
        if request.line == "POST /Products":
            world.sandbox.change(key, SalesPriceList=9.9)
        return answer

    monkeypatch.setattr(Shop, "send", rounding)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "not as it was (saved -> found): list price: 9.95 -> 9.9." in row["message"]
    assert "an own product" in row["message"].rpartition("Last seen: ")[2]
    after = world.sandbox.dump()
    assert (after["photos"], after["client_products"]) == (before["photos"], before["client_products"])


def test_a_client_price_that_reads_back_differently_is_named(
    refused: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, plan, before = refused
    prices = Shop.client_prices

    def rounded(shop: Shop, article: str, newer_than: float = 0.0) -> list[dict[str, Any]]:
        rows = prices(shop, article, newer_than)
        began = any(str(call[1]) == "ProductPhotos" for call in world.log[sent:])
        return [
            {**row, "SalesPriceList": 3.0} if began and row["SalesPriceList"] == 3.5 else row for row in rows
        ]

    sent = len(world.log)
    monkeypatch.setattr(Shop, "client_prices", rounded)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "price of client C10001: list price: 3.5 -> 3.0" in row["message"]
    assert world.sandbox.dump() == before


def test_every_call_of_a_put_back_stands_in_the_journal(refused: Any) -> None:
    world, plan, _ = refused
    sent = len(world.log)
    (row,) = world.apply(plan)
    calls = [
        step
        for step in world.steps(row)
        if step["kind"] in ("do", "compensate") and step["state"] != "skipped"
    ]
    assert [(step["request"]["method"], step["request"]["path"]) for step in calls] == world.log[sent:]


def test_a_link_that_differs_is_left_to_a_person_and_goes_on_when_mended(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server linked it, with another price than was sent: nothing is guessed, and nothing deleted."""
    plan = world.plan(key)
    send = Shop.send

    def rounded(shop: Shop, request: Request) -> Any:
        answer = send(shop, request)
        if request.path == "LinkProducts":
            world.sandbox.change(key, SalesPriceList=10.0)
        return answer

    monkeypatch.setattr(Shop, "send", rounded)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "list price: 9.95 -> 10.0" in row["message"]
    world.sandbox.change(key, SalesPriceList=9.95)
    (row,) = world.apply(plan)
    assert (row["state"], world.status(key)) == ("done", "fixed")


def test_a_link_that_is_carried_out_late_is_taken_back(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken for lost three times, the link appears just before the own product is put back: that one is refused."""
    before, plan = world.sandbox.dump(), world.plan(key)
    send, held = Shop.send, []

    def late(shop: Shop, request: Request) -> Any:
        if request.line == "POST /LinkProducts":
            held.append(request)
            raise OutcomeUnknown("webshop", request.line, "no answer in time.")
        if request.line == "POST /Products" and held:
            send(shop, held.pop())
            held.clear()
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", late)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert world.sandbox.dump() == before


@pytest.fixture
def lost(refused: Any, key: str) -> tuple[Any, Any, dict[str, Any]]:
    """A fix that needs attention: neither own nor linked, for the put-back failed too."""
    world, plan, before = refused
    world.sandbox.faults.add("POST Products", "error-500", match=key)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    world.sandbox.faults.clear()
    return world, plan, before


def test_a_link_that_a_person_made_meanwhile_is_kept(
    lost: Any, key: str, only_linked: Callable[..., None]
) -> None:
    world, plan, before = lost
    with world.client() as client:
        client.send(plan.items[0].requests[1])
    (row,) = world.apply(plan)
    assert (row["state"], world.status(key)) == ("done", "fixed")
    only_linked(before, world.sandbox.dump(), key)


def test_another_link_that_a_person_made_meanwhile_is_not_touched(lost: Any) -> None:
    world, plan, _ = lost
    link = plan.items[0].requests[1]
    with world.client() as client:
        client.send(Request("POST", "LinkProducts", {}, {**link.body, "SalesPriceList": 12.5}))
    made = world.sandbox.dump(ids=True)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "list price: 9.95 -> 12.5" in row["message"]
    assert world.sandbox.dump(ids=True) == made


def test_a_person_may_leave_it_as_it_is(lost: Any, key: str) -> None:
    world, plan, _ = lost
    (fix,) = world.store.journal.fixes(plan_id=plan.id)
    assert leave_as_is(world.store, world.settings, fix["id"], by=BOB, because="Made anew by hand.")
    (row,) = world.apply(plan)
    assert (row["state"], row["by"]) == ("failed", "bob")
    assert row["message"].startswith(
        "Left as it is by bob: Made anew by hand. Before that: Needs attention: "
    )
    assert world.events(key)[-1] == "fix-failed"


def test_only_what_needs_attention_can_be_left_as_it_is(world: Any, key: str) -> None:
    (fix,) = world.store.journal.fixes(plan_id=world.plan(key).id)
    assert not leave_as_is(world.store, world.settings, fix["id"], by=BOB, because="")
    assert world.store.journal.fix(fix["id"])["state"] == "planned"


def test_another_plan_waits_until_the_first_is_finished(world: Any, key: str) -> None:
    first, second = world.plan(key), world.plan(key)
    world.sandbox.faults.add("POST *Products", "errors-200", match=key)
    world.apply(first)
    world.sandbox.faults.clear()
    (row,) = world.apply(second)
    assert (row["state"], row["message"]) == (
        "planned",
        f"Not begun: plan {first.id} has not finished with this product.",
    )
