"""Faults on the wire at every call: no product is lost; each ends linked, or put back exactly with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from checks.sandbox.wire_faults import AFTER, BEFORE

PRICES = "POST ClientProducts/Multiple/AddOrUpdate"
#: Nothing came back: the server may still be at it when the state is read.
UNANSWERED = ("reset", "hang")
ROUTES = ("DELETE Products", "POST LinkProducts", PRICES)


@pytest.fixture
def one_for_each_route(world: Any) -> Iterator[dict[str, str]]:
    """Route -> a product whose call to it meets the fault."""
    yield {route: world.take() for route in ROUTES}
    world.sandbox.faults.clear()


@pytest.mark.parametrize("kind", [kind for kind in (*BEFORE, *AFTER) if kind != "errors-200"])
def test_a_fault_that_passes_ends_in_a_link(
    world: Any, one_for_each_route: dict[str, str], only_linked: Callable[..., None], kind: str
) -> None:
    before, keys = world.sandbox.dump(), one_for_each_route.values()
    plan = world.plan(*keys)
    for route, key in one_for_each_route.items():
        world.sandbox.faults.add(route, kind, times=1, match=key)
    assert [(row["state"], world.status(row["key"])) for row in world.apply(plan)] == [("done", "fixed")] * 3
    only_linked(before, world.sandbox.dump(), *keys)


@pytest.mark.parametrize("kind", AFTER)
def test_done_without_an_answer_is_not_sent_again(
    world: Any, one_for_each_route: dict[str, str], only_linked: Callable[..., None], kind: str
) -> None:
    before, keys = world.sandbox.dump(), one_for_each_route.values()
    plan = world.plan(*keys)
    faults = [world.sandbox.faults.add(route, kind, match=key) for route, key in one_for_each_route.items()]
    rows = world.apply(plan)
    assert [row["state"] for row in rows] == ["done"] * 3
    assert [fault.hits for fault in faults] == [1, 1, 1]
    assert [[step["state"] for step in world.steps(row)].count("unknown") for row in rows] == [1, 1, 1]
    only_linked(before, world.sandbox.dump(), *keys)


@pytest.mark.parametrize("kind", BEFORE)
def test_a_delete_that_never_works_changes_nothing(world: Any, key: str, kind: str) -> None:
    before = world.sandbox.dump(ids=True)
    plan = world.plan(key)
    world.sandbox.faults.add("DELETE Products", kind, match=key)
    (row,) = world.apply(plan)
    assert world.sandbox.dump(ids=True) == before
    assert world.events(key)[-1] == "fix-failed"
    if kind in UNANSWERED:
        assert (row["state"], "may still be carried out" in row["message"]) == ("needs_attention", True)
        world.sandbox.faults.clear()
        assert [one["state"] for one in world.apply(plan)] == ["done"]
    else:
        assert row["state"] == "failed"
        assert row["message"].startswith("Nothing was changed: Delete the own product: ")


@pytest.mark.parametrize("kind", BEFORE)
def test_a_link_that_never_works_is_put_back_exactly(world: Any, key: str, kind: str) -> None:
    before = world.sandbox.dump()
    plan = world.plan(key)
    world.sandbox.faults.add("POST LinkProducts", kind, match=key)
    (row,) = world.apply(plan)
    assert world.sandbox.dump() == before
    if kind in UNANSWERED:
        assert (row["state"], "may still be carried out" in row["message"]) == ("needs_attention", True)
        (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert row["message"].startswith("Put back as it was: Link to central product ")
    assert (world.status(key), world.events(key)[-1]) == ("new", "put-back")
    assert world.sandbox.dump() == before


@pytest.mark.parametrize("kind", BEFORE)
def test_client_prices_that_fail_together_are_set_one_by_one(
    world: Any, key: str, only_linked: Callable[..., None], kind: str
) -> None:
    before = world.sandbox.dump()
    plan = world.plan(key)
    world.sandbox.faults.add(PRICES, kind, match=key)
    (row,) = world.apply(plan)
    assert row["state"] == "done"
    only_linked(before, world.sandbox.dump(), key)


def test_a_refused_client_price_is_named(world: Any, key: str) -> None:
    """It is refused on the link as well as on the own product: a person has to look, and reads why."""
    plan = world.plan(key)
    world.sandbox.faults.add("POST ClientProducts*", "errors-200", match=key)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "Set the price of client C" in row["message"]


def test_a_failing_product_does_not_stop_the_others(world: Any, key: str) -> None:
    keys = [world.take(), key, world.take()]
    plan = world.plan(*keys)
    world.sandbox.faults.add("POST LinkProducts", "errors-200", match=key)
    assert [row["state"] for row in world.apply(plan)] == ["done", "failed", "done"]


def test_it_waits_as_long_as_the_server_asks(world: Any, key: str, quick: Any) -> None:
    waits: list[float] = []
    plan = world.plan(key)
    world.sandbox.faults.add("POST LinkProducts", "429", times=2, match=key, retry_after=7)
    pace = type(quick)(attempts=3, longest_busy=60, sleep=waits.append)
    (row,) = world.apply(plan, pace)
    assert (row["state"], waits) == ("done", [7, 7])


@pytest.mark.parametrize("kind", ["error-500", "html", "reset", "hang"])
def test_no_call_is_repeated_more_often_than_the_pace_allows(
    world: Any, key: str, quick: Any, kind: str
) -> None:
    plan = world.plan(key)
    fault = world.sandbox.faults.add("POST LinkProducts", kind, match=key)
    world.apply(plan)
    assert fault.hits == quick.attempts
