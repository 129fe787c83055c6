"""Putting back under faults: exactly as it was, or kept for the next application, with everything needed in the journal."""

from __future__ import annotations

from typing import Any

import pytest

from checks.fixes.shop import Shop
from checks.sandbox.wire_faults import AFTER, BEFORE
from checks.sources.http import Request

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
