"""Real processes: killed for good in the middle, or two at once on one plan, with either database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.fixes import Plan, make_plan, plan_undo, settle
from tests.fixes.conftest import ANN, World, make_one_world
from tests.fixes.matrix import Bench, a_bench, state_of
from tests.fixes.scenarios import DO, UNDO, no_photo, no_price, own_beside_link
from tests.store.conftest import postgres, url  # noqa: F401  (fixtures)

BY_ID = {scenario.id: scenario for scenario in (*DO, *UNDO)}
PATIENCE = 120

PROGRAM = """
import os, signal, sys
from pathlib import Path
from checks.fixes import CLASSES, apply_plan
from checks.fixes.shop import Shop
from checks.people import Person
from checks.settings import load_settings
from checks.store import Store

file, plan, line, moment = sys.argv[1:]
send = Shop.send

def deadly(shop, request):
    if request.line.startswith(line) and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    try:
        return send(shop, request)
    finally:
        if request.line.startswith(line):
            os.kill(os.getpid(), signal.SIGKILL)

Shop.send = deadly
settings = load_settings(Path(file))
with Store.open(settings.store.url, settings.store.snapshots) as store:
    apply_plan(store, settings, plan, by=Person("ann", "admin", "local"), classes=CLASSES)
"""


def program(world: World, plan: Plan, line: str = "nothing", moment: str = "never") -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(world.settings.file), plan.id, line, moment]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_bench(tmp_path_factory.mktemp("processes")) as made:
        yield made


@pytest.mark.skipif(sys.platform != "linux", reason="who is gone can be told at once on Linux")
@pytest.mark.parametrize(
    ("fix", "refused", "line", "moment", "ending"),
    [
        ("edit-product", None, "PUT /Products", "before", "done"),
        ("upload-photo", None, "POST /ProductPhotos", "after", "done"),
        ("delete-own", "DELETE Products", "DELETE /ClientProducts", "after", "failed"),
        ("link-central", "POST LinkProducts", "POST /ProductPhotos", "before", "failed"),
        ("undo link-central", None, "POST /Products", "after", "done"),
    ],
)
def test_killed_for_good_the_next_start_ends_it_by_itself(
    bench: Bench, fix: str, refused: str | None, line: str, moment: str, ending: str
) -> None:
    """Without waiting: the process is seen to be gone."""
    world, plan = bench.world, bench.lay_out(BY_ID[fix])
    if refused is not None:
        world.sandbox.faults.add(refused, "errors-200")
    ended = subprocess.run(program(world, plan, line, moment), check=False, timeout=PATIENCE)
    assert (ended.returncode, bench.row(plan)["state"]) == (-9, "running")
    assert {step["state"] for step in world.steps(bench.row(plan))} & {"sent"}
    (row,) = settle(world.store, world.settings)
    world.sandbox.faults.clear()
    assert (row["id"], row["state"], row["by"]) == (plan.items[0].fix_id, ending, "ann")
    assert state_of(world) == (bench.after if ending == "done" else bench.before)
    assert not {step["state"] for step in world.steps(row)} & {"sent", "planned"}
    bench.changed()


@pytest.fixture
def team(tmp_path: Path, url: str) -> Iterator[World]:  # noqa: F811
    with make_one_world(tmp_path, size=100, url=url) as world:
        yield world


def prices(world: World) -> Plan:
    return _plan(world, [no_price(world) for _ in range(4)])


def own_ones(world: World) -> Plan:
    return _plan(world, [own_beside_link(world) for _ in range(3)])


def undone_photos(world: World) -> Plan:
    rows = world.apply(_plan(world, [no_photo(world) for _ in range(3)]))
    return plan_undo(world.store, world.settings, [row["id"] for row in rows], by=ANN)


def _plan(world: World, arranged: list[Any]) -> Plan:
    check, each = arranged[0].check, {one.key: one.options for one in arranged}
    world.report(check, *((one.key, one.field, one.value) for one in arranged))
    plan = make_plan(world.store, world.settings, check, keys=list(each), by=ANN, each=each)
    assert [item.key for item in plan.items] == list(each)
    return plan


@pytest.mark.parametrize("planned", [own_ones, undone_photos], ids=lambda make: make.__name__)
def test_two_processes_touch_each_key_once(team: World, planned: Any) -> None:
    plan = planned(team)
    sent = len(team.log)
    processes = [subprocess.Popen(program(team, plan)) for _ in range(2)]
    assert [process.wait(PATIENCE) for process in processes] == [0, 0]
    rows = team.store.journal.fixes(plan_id=plan.id)
    assert [row["state"] for row in rows] == ["done"] * len(plan.items)
    assert sorted(team.log[sent:]) == sorted(
        (request.method, request.path) for item in plan.items for request in item.requests
    )
    assert all(team.steps(row)[-1]["kind"] == "read-back" for row in rows)
    assert team.store.workers.of("webshop") is None


def test_on_any_database_a_plan_is_applied_and_undone(team: World) -> None:
    before = team.sandbox.dump()
    plan = prices(team)
    arranged = team.sandbox.dump()
    rows = team.apply(plan)
    assert [row["state"] for row in rows] == ["done"] * 4
    undo = plan_undo(team.store, team.settings, [row["id"] for row in rows], by=ANN)
    assert [row["state"] for row in team.apply(undo)] == ["done"] * 4
    assert team.sandbox.dump() == arranged != before
