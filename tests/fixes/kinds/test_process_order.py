"""process-order: an order is ticked off, for its client, and nothing takes that back."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest

from checks.fixes import apply_plan, make_plan
from checks.sandbox.oresto.rows import Order
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import Arranged, waiting_order


def owner(world: World, key: str) -> str:
    rows = {str(row["OrderNumber"]): row["Client"]["ClientNumber"] for row in world.waiting()}
    return str(rows[key])


def test_what_it_plans(world: World) -> None:
    arranged = waiting_order(world)
    plan = planned(world, arranged)
    item = item_of(plan)
    assert lines(plan) == ["PUT /ClientOrders/ProcessOrders"]
    assert item.requests[0].body == {
        "ClientNumber": owner(world, arranged.key),
        "OrderNumbers": [int(arranged.key)],
    }
    assert (item.klass, item.lost, item.compensation) == ("irreversible", ("That it waits.",), ())
    assert item.undo == "Cannot be undone: the shop has no way to make an order wait again."
    assert "be sure that your own system has it" in item.consequences[0]


def test_it_is_ticked_off_and_no_other_one(world: World) -> None:
    arranged = waiting_order(world)
    plan = planned(world, arranged)
    before = world.sandbox.dump()["orders"]
    done(world, plan)
    after = world.sandbox.dump()["orders"]
    assert [number for number in after if after[number] != before[number]] == [arranged.key]
    assert world.status(arranged.key, arranged.check) == "fixed"


def test_both_findings_of_one_order_are_closed(world: World) -> None:
    arranged = waiting_order(world)
    world.report("order-delivery-passed", (arranged.key, None, None))
    done(world, planned(world, arranged))
    assert world.status(arranged.key, "order-delivery-passed") == "fixed"


def test_one_that_does_not_wait(world: World) -> None:
    arranged = waiting_order(world)
    world.write(bodies.process_orders(owner(world, arranged.key), [int(arranged.key)]))
    assert reason(planned(world, arranged)).startswith("It does not wait any more")
    assert reason(planned(world, Arranged(arranged.check, "999999"))).startswith("It does not wait any more")


def test_one_that_was_processed_since_is_refused(world: World) -> None:
    arranged = waiting_order(world)
    plan = planned(world, arranged)
    world.write(bodies.process_orders(owner(world, arranged.key), [int(arranged.key)]))
    assert "the order changed since the plan: processed: nothing -> 20" in refused(world, plan)


def _more_lines(order: Order) -> None:
    order.lines = (*order.lines, order.lines[0])


def _more_of_one(order: Order) -> None:
    order.lines = (msgspec.structs.replace(order.lines[0], quantity=5000.0), *order.lines[1:])


def _later(order: Order) -> None:
    order.arrival = "2030-12-24T00:00:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_more_lines, r"lines: \d+ -> \d+"),
        (_more_of_one, r"quantity of \S+: [\d.]+ -> 5000.0"),
        (_later, r"(delivery|pickup) date: \S+ -> 2030-12-24"),
    ],
)
def test_one_that_was_changed_since_is_refused(
    world: World, change: Callable[[Order], None], said: str
) -> None:
    arranged = waiting_order(world)
    plan = planned(world, arranged)
    change(world.sandbox.shop.trade.orders[int(arranged.key)])
    assert re.search(f"the order changed since the plan: {said}", refused(world, plan))


def test_all_never_means_orders_too(world: World) -> None:
    arranged = waiting_order(world)
    arranged.report(world)
    plan = make_plan(world.store, world.settings, arranged.check, keys=None, by=ANN)
    assert [item.key for item in plan.items] == [arranged.key]
    (row,) = apply_plan(world.store, world.settings, plan.id, by=ANN)
    assert (row["state"], arranged.key in {str(one["OrderNumber"]) for one in world.waiting()}) == (
        "planned",
        True,
    )
