"""Plans without a finding: who may, what they say, how much they ask; and a batch that meets faults on the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import stamina

from checks.errors import UsageError
from checks.fixes import (
    ONBOARDING,
    Plan,
    apply_plan,
    fix_for,
    load_plan,
    make_plan,
    plan_new,
    plan_new_in_batches,
    plan_undo,
    resume,
)
from checks.settings_sources import OrestoSource
from checks.sources.oresto.bodies import OF_OTHERS
from tests.fixes.conftest import AFTER_A_CRASH, ANN, BOB, QUICK, World, make_one_world
from tests.fixes.kinds.reading import reason
from tests.fixes.matrix import state_of
from tests.fixes.new_scenarios import New, client_of, code, free_central, link_of, new_link, own_of

MANY = 300


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_one_world(tmp_path_factory.mktemp("new"), size=250) as made:
        yield made


@pytest.fixture(autouse=True)
def _as_it_was(world: World) -> Iterator[None]:
    yield
    world.sandbox.faults.clear()
    world.sandbox.reset()
    world.set_source(read_only=False, timeout_seconds=30.0)


def links(world: World, several: int) -> dict[str, Any]:
    return {f"B{place:04}": link_of(row) for place, row in enumerate(free_central(world, several))}


def owns(world: World, several: int) -> dict[str, Any]:
    return {f"C{place:04}": {**own_of(world), "EanCode": code(place)} for place in range(several)}


def clients(world: World, several: int) -> dict[str, Any]:
    return {f"D{place:04}": client_of(world, f"D{place:04}") for place in range(several)}


def test_the_plan_is_kept_like_any_other(world: World) -> None:
    given = links(world, 2)
    left = {"B0001": "Two articles have this number.", "X9": "It has no code."}
    plan = plan_new(world.store, world.settings, "create-link", given, source="webshop", by=ANN, left=left)
    assert (plan.check, plan.fix, plan.source, plan.scope, plan.created_by) == (
        ONBOARDING,
        "create-link",
        "webshop",
        "keys",
        "ann",
    )
    assert [item.key for item in plan.items] == ["B0000"]
    assert dict(plan.not_planned) == left
    assert load_plan(world.store, plan.id) == plan
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert (row["check"], row["finding_id"], row["finding_ids"], row["state"]) == (
        ONBOARDING,
        None,
        [],
        "planned",
    )


def test_a_source_that_is_read_only_is_planned_and_not_applied(world: World) -> None:
    world.set_source(read_only=True)
    plan = new_link(world).plan(world)
    assert "read_only = true" in plan.notes[0]
    assert len(plan.items) == 1


@pytest.mark.parametrize(
    ("fix", "given", "said"),
    [
        (
            "unlink",
            {"A": {}},
            "unlink creates nothing. What can be created: create-link, create-own, create-client.",
        ),
        ("create-all", {"A": {}}, "create-all creates nothing."),
        ("create-own", {}, "create-own: nothing was given to create."),
    ],
)
def test_what_it_cannot_do_is_said(world: World, fix: str, given: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said[:40].replace(".", r"\.")):
        plan_new(world.store, world.settings, fix, given, by=ANN)


def test_of_several_shops_one_is_named(world: World) -> None:
    other: OrestoSource = world.source.model_copy(update={"name": "second"})
    settings = world.settings.model_copy(update={"sources": [world.source, other]})
    with pytest.raises(
        UsageError, match=r"Name the web shop in which to create\. Web shops: webshop, second\."
    ):
        plan_new(world.store, settings, "create-link", links(world, 1), by=ANN)


def test_there_is_nothing_to_plan_from_findings(world: World) -> None:
    for ask in (
        lambda: fix_for(ONBOARDING),
        lambda: make_plan(world.store, world.settings, ONBOARDING, keys=None, by=ANN),
    ):
        with pytest.raises(UsageError, match="There are no findings of onboarding"):
            ask()


def test_what_is_no_body_is_left_out(world: World) -> None:
    given: dict[str, Any] = {"A": "EAN 5400000000003"}
    plan = plan_new(world.store, world.settings, "create-own", given, by=ANN)
    assert reason(plan) == "What was given to create is no object of fields."


def test_what_an_unfinished_plan_has_is_left(world: World) -> None:
    given = links(world, 1)
    plan = plan_new(world.store, world.settings, "create-link", given, by=ANN)
    world.sandbox.faults.add("POST LinkProducts", "reset")
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    again = plan_new(world.store, world.settings, "create-link", given, by=ANN)
    assert reason(again) == f"Plan {plan.id} has not finished with it: apply that plan again first."
    world.sandbox.faults.clear()
    assert [one["state"] for one in resume(world.store, world.settings, by=ANN, pace=QUICK)] == ["done"]


@pytest.mark.parametrize(
    ("fix", "make", "most"),
    [("create-link", links, 20), ("create-own", owns, 14), ("create-client", clients, 4)],
)
def test_planning_many_asks_for_lists_and_not_for_each(world: World, fix: str, make: Any, most: int) -> None:
    """A central list of so few pages is read whole; of a larger one each product would be asked once."""
    given, asked = make(world, MANY), len(world.sandbox.log)
    plan = plan_new(world.store, world.settings, fix, given, by=ANN)
    assert (len(plan.items), plan.not_planned) == (MANY, ())
    assert len(world.sandbox.log) - asked <= most


def test_of_a_long_central_list_each_product_is_asked_once(world: World) -> None:
    world.set_source(page_size=10)
    given, asked = links(world, 30), len(world.sandbox.log)
    plan = plan_new(world.store, world.settings, "create-link", given, by=ANN)
    world.set_source(page_size=1000)
    paths = Counter(str(one[1]) for one in world.sandbox.log[asked:])
    assert len(plan.items) == 30
    assert paths["CentralProducts/GetByEan"] == 30
    assert paths.total() <= 36


@pytest.mark.parametrize(
    ("fix", "make", "several"),
    [("create-link", links, 60), ("create-own", owns, MANY), ("create-client", clients, 20)],
)
def test_a_batch_with_faults_on_the_wire_ends_with_every_key_done_or_explained(
    world: World, fix: str, make: Any, several: int, request: pytest.FixtureRequest
) -> None:
    stamina.set_testing(True, attempts=3)
    request.addfinalizer(lambda: stamina.set_testing(False))
    before, given = state_of(world), make(world, several)
    plan = plan_new(world.store, world.settings, fix, given, by=ANN)
    for kind in ("error-500", "reset-after", "errors-200", "html"):
        world.sandbox.faults.add("POST *", kind, rate=0.02)
    world.sandbox.faults.add("GET *", "error-500", rate=0.05)
    patient = replace(QUICK, failing_share=1.0)
    rows = apply_plan(world.store, world.settings, plan.id, by=ANN, pace=patient)
    world.sandbox.faults.clear()
    assert {row["state"] for row in rows} <= {"done", "failed", "needs_attention", "planned"}
    assert all(row["message"] for row in rows if row["state"] != "planned")
    resume(world.store, world.settings, by=ANN, pace=replace(AFTER_A_CRASH, failing_share=1.0))
    rows = apply_plan(world.store, world.settings, plan.id, by=ANN, pace=patient)
    states = Counter(row["state"] for row in rows)
    assert states["done"] + states["failed"] == several
    assert states["done"] > 0.8 * several
    made = {row["key"] for row in rows if row["state"] == "done"}
    _only(before, state_of(world), fix, made)
    # what failed is planned again, and nothing of what is done
    again = plan_new(world.store, world.settings, fix, given, by=ANN)
    assert {item.key for item in again.items} == set(given) - made
    assert {why for _, why in again.not_planned} <= {"It is there already, as wanted."}
    world.apply(again)
    _only(before, state_of(world), fix, set(given))


def _only(before: Any, after: Any, fix: str, made: set[str]) -> None:
    """Exactly these are new, each once, and nothing else moved."""
    if fix == "create-client":
        for part, name in (("clients", "number"), ("users", "client_number"), ("locations", "client_number")):
            new = Counter(row[name] for row in after[part] if row not in before[part])
            assert new == dict.fromkeys(made, 1), part
        return
    part = "linked" if fix == "create-link" else "own"
    assert after[part].keys() - before[part].keys() == made
    old = {key: row for key, row in after[part].items() if key not in made}
    assert _alone(old) == _alone(before[part])
    others = set(before) - {part}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}


def _alone(rows: Any) -> Any:
    """Without what each row shows of others: a link to a carton is seen at the unit."""
    return {
        key: {name: value for name, value in row.items() if name not in OF_OTHERS}
        for key, row in rows.items()
    }


def batches(world: World, fix: str, given: Any, **more: Any) -> list[Plan]:
    asked = {"batch": 2, "source": "webshop", "by": ANN, **more}
    return plan_new_in_batches(world.store, world.settings, fix, given, **asked)


def test_batches_are_planned_from_one_look_at_the_shop(world: World) -> None:
    given, asked = owns(world, 7), len(world.sandbox.log)
    one = plan_new(world.store, world.settings, "create-own", given, by=ANN)
    once, asked = len(world.sandbox.log) - asked, len(world.sandbox.log)
    plans = batches(world, "create-own", given, batch=3, left={"X": "It has no code."})
    assert len(world.sandbox.log) - asked == once
    assert [[item.key for item in plan.items] for plan in plans] == [
        ["C0000", "C0001", "C0002"],
        ["C0003", "C0004", "C0005"],
        ["C0006"],
    ]
    assert [plan.not_planned for plan in plans] == [(("X", "It has no code."),), (), ()]
    items = [item.requests for plan in plans for item in plan.items]
    assert items == [item.requests for item in one.items]
    assert all(load_plan(world.store, plan.id) == plan for plan in plans)


def test_of_two_with_one_code_in_different_batches_the_first_is_planned(world: World) -> None:
    given = owns(world, 6)
    given["C0005"] = {**given["C0005"], "EanCode": given["C0000"]["EanCode"]}
    plans = batches(world, "create-own", given)
    assert [[item.key for item in plan.items] for plan in plans] == [
        ["C0000", "C0001"],
        ["C0002", "C0003"],
        ["C0004"],
    ]
    ((key, why),) = plans[0].not_planned
    assert (key, why.startswith("Article C0000 of this plan has the same EAN")) == ("C0005", True)


def test_one_code_in_two_plans_is_created_once(world: World) -> None:
    given = owns(world, 2)
    given["C0001"] = {**given["C0001"], "EanCode": given["C0000"]["EanCode"]}
    plans = [
        plan_new(world.store, world.settings, "create-own", {key: body}, by=ANN)
        for key, body in given.items()
    ]
    first, second = (world.apply(plan)[0] for plan in plans)
    assert (first["state"], second["state"]) == ("done", "failed")
    assert "the EAN is taken since the plan. Own product C0000 has the same EAN" in second["message"]
    assert "C0001" not in world.sandbox.dump()["own"]


def test_batches_of_nothing_are_one_plan_that_says_why(world: World) -> None:
    (plan,) = batches(world, "create-own", {"A": "no body"})
    assert reason(plan) == "What was given to create is no object of fields."
    with pytest.raises(UsageError, match="A batch has at least one key, not 0"):
        batches(world, "create-own", owns(world, 1), batch=0)


def test_a_dry_run_takes_the_place_of_the_one_before(world: World) -> None:
    kept = [
        *batches(world, "create-own", owns(world, 3), by=BOB),
        *batches(world, "create-link", links(world, 1)),
    ]
    begun, *before = batches(world, "create-own", owns(world, 5))
    assert {row["state"] for row in world.apply(begun)} == {"done"}
    undo = plan_undo(
        world.store,
        world.settings,
        [row["id"] for row in world.store.journal.fixes(plan_id=begun.id)],
        by=ANN,
    )
    new = batches(world, "create-own", owns(world, 5))
    assert [item.key for plan in new for item in plan.items] == ["C0002", "C0003", "C0004"]
    there = {row["id"] for row in world.store.journal.plans(1000)}
    assert there >= {plan.id for plan in (*kept, begun, undo, *new)}
    assert not there & {plan.id for plan in before}
    assert all(world.store.journal.fixes(plan_id=plan.id) == [] for plan in before)
    batches(world, "create-own", owns(world, 5), instead_of_untouched=False)
    assert {plan.id for plan in new} <= {row["id"] for row in world.store.journal.plans(1000)}


def test_a_dry_run_that_fails_leaves_the_one_before(world: World) -> None:
    before = batches(world, "create-own", owns(world, 3))
    with pytest.raises(UsageError):
        batches(world, "create-own", {})
    assert {plan.id for plan in before} <= {row["id"] for row in world.store.journal.plans(1000)}


def test_central_products_are_chosen_for_links_only(world: World) -> None:
    with pytest.raises(UsageError, match="create-own links nothing"):
        batches(world, "create-own", owns(world, 1), products={"C0000": 1})


def test_each_link_of_the_batches_is_to_the_chosen_central_product(world: World) -> None:
    rows = free_central(world, 5)
    given = {f"B{place}": link_of(row) for place, row in enumerate(rows)}
    products = {f"B{place}": row.id for place, row in enumerate(rows)} | {"B3": 1}
    plans = batches(world, "create-link", given, products=products)
    assert [item.key for plan in plans for item in plan.items] == ["B0", "B1", "B2", "B4"]
    assert f"leads to central product {rows[3].id}, not to 1 that was chosen" in plans[0].not_planned[0][1]
    assert {row["state"] for plan in plans for row in world.apply(plan)} == {"done"}


def test_a_batch_is_undone_together(world: World) -> None:
    before = state_of(world)
    plan = plan_new(world.store, world.settings, "create-own", owns(world, 20), by=ANN)
    rows = world.apply(plan)
    undo = plan_undo(world.store, world.settings, [row["id"] for row in rows], by=ANN)
    assert (undo.check, undo.kind, len(undo.items)) == (ONBOARDING, "undo", 20)
    assert {row["state"] for row in world.apply(undo)} == {"done"}
    assert state_of(world) == before


def test_a_key_may_be_a_client_and_an_article(world: World) -> None:
    """Two things of one number do not hinder each other."""
    for thing in (
        New(ONBOARDING, "4711", fix="create-own", given=own_of(world, 4711)),
        New(ONBOARDING, "4711", fix="create-client", given=client_of(world, "4711")),
    ):
        assert [row["state"] for row in world.apply(thing.plan(world))] == ["done"]
