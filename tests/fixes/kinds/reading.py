"""What the tests of single fixes read off a plan and its outcome."""

from __future__ import annotations

from typing import Any

from checks.fixes import Plan, PlanItem, fix_for
from tests.fixes.conftest import World
from tests.fixes.scenarios import Arranged


def item_of(plan: Plan) -> PlanItem:
    """Its only key, which was planned."""
    assert plan.not_planned == ()
    (item,) = plan.items
    return item


def reason(plan: Plan) -> str:
    """Why its only key was not planned."""
    ((_, why),) = plan.not_planned
    assert plan.items == ()
    return why


def planned(world: World, arranged: Arranged, **options: str) -> Plan:
    arranged.report(world)
    return arranged.plan(world, **options)


def done(world: World, plan: Plan) -> dict[str, Any]:
    """The journal's row after applying, which went well, and the finding is closed."""
    (row,) = world.apply(plan)
    assert row["state"] == "done", row["message"]
    return row


def refused(world: World, plan: Plan) -> str:
    """Why applying changed nothing at all."""
    before, sent = world.sandbox.dump(ids=True), len(world.log)
    (row,) = world.apply(plan)
    assert (row["state"], world.sandbox.dump(ids=True), len(world.log)) == ("failed", before, sent)
    message = str(row["message"])
    assert message.startswith("Nothing was changed: ")
    return message.removeprefix("Nothing was changed: ")


def lines(plan: Plan) -> list[str]:
    return [request.line for request in item_of(plan).requests]


def inputs(world: World, arranged: Arranged) -> Any:
    """What a person is asked for this finding, from what the shop's lists say."""
    found = world.store.findings(check=arranged.check, key=arranged.key)
    return fix_for(arranged.check).inputs(arranged.check, found, {})
