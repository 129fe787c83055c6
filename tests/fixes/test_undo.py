"""Undoing from the journal: planned and applied like anything else, exact, and refused with the reason where it cannot be."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from checks.errors import PlanUnusable, UsageError
from checks.fixes import apply_plan, plan_undo, undo_refusal
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, BOB
from tests.fixes.matrix import Bench, a_bench, state_of
from tests.fixes.new_scenarios import NEW_DO, NEW_UNDO
from tests.fixes.scenarios import DO, UNDO, Arranged, Scenario, picture

BY_ID = {scenario.id: scenario for scenario in (*DO, *UNDO, *NEW_DO, *NEW_UNDO)}
NEVER = ("unlink", "unlink, nothing kept", "delete-order-list-item", "process-order")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_bench(tmp_path_factory.mktemp("undo")) as made:
        yield made


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    yield shared
    shared.spoil()


def done(bench: Bench, fix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a fix that was just done, and the shop as it was before."""
    plan = bench.lay_out(BY_ID[fix])
    before = state_of(bench.world)
    row = bench.apply(plan)
    assert row["state"] == "done"
    bench.changed()
    return row, before


def undo(bench: Bench, row: dict[str, Any]) -> Any:
    return plan_undo(bench.world.store, bench.world.settings, [row["id"]], by=BOB)


@pytest.mark.parametrize("scenario", [*UNDO, *NEW_UNDO], ids=lambda scenario: scenario.id)
def test_it_restores_exactly_what_was(bench: Bench, scenario: Scenario) -> None:
    fix = scenario.id.removeprefix("undo ")
    row, before = done(bench, fix)
    assert undo_refusal(bench.world.store, row) is None
    plan = undo(bench, row)
    (item,) = plan.items
    assert (plan.kind, item.key, item.klass) == ("undo", row["key"], row["klass"])
    undone = bench.apply(plan)
    assert (undone["state"], undone["kind"]) == ("done", "undo")
    assert state_of(bench.world) == before
    world = bench.world
    assert world.store.journal.fix(row["id"])["state"] == "undone"
    assert bench.status() == ("none" if scenario in NEW_UNDO else "regressed")


@pytest.mark.parametrize("fix", NEVER)
def test_what_cannot_be_undone_says_why(bench: Bench, fix: str) -> None:
    row, _ = done(bench, fix)
    plan = undo(bench, row)
    ((key, reason),) = plan.not_planned
    assert (plan.items, key) == ((), row["key"])
    assert reason.startswith("Cannot be undone: ")
    assert undo_refusal(bench.world.store, row) == reason == row["undo"]


def test_the_undo_plan_says_what_it_will_send(bench: Bench) -> None:
    row, _ = done(bench, "upload-photo")
    (item,) = undo(bench, row).items
    assert [request.line for request in item.requests] == [
        f"DELETE /ProductPhotos?WholesalerArticleNumber={row['key']}&PhotoId={name}"
        for name in ("photo+1.jpg", "photo+2.jpg")
    ]
    assert item.undo == "The repair can be planned again."


def test_it_stands_in_the_name_of_who_undid_it(bench: Bench) -> None:
    row, _ = done(bench, "edit-sales")
    world, plan = bench.world, undo(bench, row)
    (undone,) = apply_plan(world.store, world.settings, plan.id, by=BOB)
    assert (plan.created_by, undone["by"], row["by"]) == ("bob", "bob", "ann")


def test_undone_it_can_be_planned_and_done_again(bench: Bench) -> None:
    row, _ = done(bench, "set-reference")
    bench.apply(undo(bench, row))
    again = bench.apply(bench.arranged.plan(bench.world))
    assert (again["state"], bench.status()) == ("done", "fixed")
    assert state_of(bench.world) == bench.after


def test_undoing_twice_does_nothing_twice(bench: Bench) -> None:
    row, before = done(bench, "edit-product")
    first, second = undo(bench, row), undo(bench, row)
    bench.apply(first)
    sent = len(bench.world.log)
    late = bench.apply(second)
    assert (late["state"], late["message"]) == (
        "failed",
        "Nothing was changed: the fix that was to be undone is undone.",
    )
    assert undo(bench, row).not_planned == ((row["key"], "It is undone already."),)
    assert (len(bench.world.log), state_of(bench.world)) == (sent, before)


def test_an_undo_is_not_undone(bench: Bench) -> None:
    row, _ = done(bench, "edit-sales")
    undone = bench.apply(undo(bench, row))
    assert undo_refusal(bench.world.store, undone) == ("It is an undo itself: plan the repair again instead.")


def test_what_was_not_done_is_not_undone(bench: Bench) -> None:
    plan = bench.lay_out(BY_ID["edit-sales"])
    assert undo_refusal(bench.world.store, bench.row(plan)) == (
        "It was never begun: there is nothing to undo."
    )
    bench.world.sandbox.faults.add("PUT Products/Sales", "errors-200")
    failed = bench.apply(plan)
    assert undo_refusal(bench.world.store, failed) == (
        "It changed nothing, or was put back: there is nothing to undo."
    )


def test_what_changed_since_is_not_overwritten(bench: Bench) -> None:
    row, _ = done(bench, "edit-sales")
    bench.world.sandbox.change(row["key"], SalesPriceList=12.5)
    ((_, reason),) = undo(bench, row).not_planned
    assert reason.startswith("It changed since it was repaired: list price: 9.95 -> 12.5.")


def test_what_changes_after_the_plan_is_refused(bench: Bench) -> None:
    row, _ = done(bench, "edit-sales")
    plan = undo(bench, row)
    bench.world.sandbox.change(row["key"], SalesPriceList=12.5)
    sent = len(bench.world.log)
    refused = bench.apply(plan)
    assert (refused["state"], len(bench.world.log)) == ("failed", sent)
    assert "list price: 9.95 -> 12.5" in refused["message"]
    assert bench.world.store.journal.fix(row["id"])["state"] == "done"


def test_another_photo_stays(bench: Bench) -> None:
    row, _ = done(bench, "upload-photo")
    photo = base64.b64encode(picture(9).data).decode()
    body = {"WholesalerArticleNumber": row["key"], "Photo": photo, "PhotoName": "theirs.jpg"}
    bench.world.write(bodies.add_photo(body))
    undone = bench.apply(undo(bench, row))
    assert undone["state"] == "done"
    left = [
        one for one in bench.world.sandbox.dump()["photos"] if one["WholesalerArticleNumber"] == row["key"]
    ]
    assert [one["PhotoName"] for one in left] == ["theirs.jpg"]


def test_a_link_that_somebody_changed_is_left(bench: Bench) -> None:
    row, _ = done(bench, "link-central")
    bench.world.sandbox.change(row["key"], SalesPriceList=12.5)
    ((_, reason),) = undo(bench, row).not_planned
    assert "list price: 9.95 -> 12.5" in reason


def test_of_two_fixes_of_one_product_the_newer_is_undone_first(bench: Bench) -> None:
    first, _ = done(bench, "edit-sales")
    world, key = bench.world, first["key"]
    ended = Arranged("promo-invalid", key, options={"promo": "none", "price": "11"})
    ended.report(world)
    second = bench.apply(ended.plan(world))
    plan = plan_undo(world.store, world.settings, [first["id"], second["id"]], by=ANN)
    assert [item.key for item in plan.items] == [key]
    assert plan.not_planned == (
        (key, "A newer repair of it is undone first: plan this one again after that."),
    )
    assert bench.apply(plan)["state"] == "done"
    assert world.sandbox.dump()["own"][key]["SalesPriceList"] == 9.95
    assert bench.apply(undo(bench, first))["state"] == "done"
    assert world.sandbox.dump()["own"][key]["SalesPriceList"] is None


def test_one_kind_at_a_time(bench: Bench) -> None:
    first, _ = done(bench, "edit-sales")
    second, _ = done(bench, "edit-product")
    with pytest.raises(UsageError, match="undo one kind at a time"):
        plan_undo(bench.world.store, bench.world.settings, [first["id"], second["id"]], by=ANN)


def test_an_unknown_fix_is_named(bench: Bench) -> None:
    with pytest.raises(PlanUnusable, match="There is no fix nothing"):
        plan_undo(bench.world.store, bench.world.settings, ["nothing"], by=ANN)


def test_an_unfinished_fix_of_the_same_product_goes_first(bench: Bench) -> None:
    row, _ = done(bench, "link-central")
    plan = undo(bench, row)
    bench.world.sandbox.faults.add("POST *", "errors-200")
    stuck = bench.apply(plan)
    assert stuck["state"] == "needs_attention"
    bench.world.sandbox.faults.clear()
    assert undo(bench, row).not_planned == (
        (row["key"], f"Plan {plan.id} has not finished with it: apply that plan again first."),
    )
