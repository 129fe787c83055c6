"""Killed at any instant: applying the plan again ends as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from checks.fixes import resume
from checks.fixes.shop import Shop
from checks.people import Person
from checks.store import Journal, Store

BOB = Person("bob", "admin", "local")

#: Everything that leaves a trace, in the store or in the shop.
TRACES = [
    (Shop, "send"),
    (Journal, "claim"),
    (Journal, "add_step"),
    (Journal, "update_step"),
    (Journal, "finish"),
    (Store, "set_finding"),
]


class Killed(BaseException):
    """The power went."""


class Power:
    """Goes out just before the n-th trace, which is just after the one before it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left: int | None = None
        for owner, name in TRACES:
            patch.setattr(owner, name, self._guarded(getattr(owner, name)))

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._tick()
            return call(*args, **kwargs)

        return guarded

    def _tick(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    return Power(monkeypatch)


def _killed_at(world: Any, plan: Any, power: Power, traces: int) -> bool:
    """Applies until the power goes; False when it did not go in time."""
    power.left = traces
    try:
        world.apply(plan)
    except Killed:
        return True
    finally:
        power.left = None
    return False


def _instants(world: Any, power: Power, first: int = 0) -> Iterator[tuple[str, Any]]:
    """Applies to a new product, killed one instant later every time, until one comes through."""
    for traces in range(first, 200):
        key = world.take()
        plan = world.plan(key)
        if not _killed_at(world, plan, power, traces):
            assert traces > 12
            return
        yield key, plan
    raise AssertionError("it never came through")


def test_killed_at_any_instant_of_linking(
    make_world: Any, power: Power, only_linked: Callable[..., None], after_a_crash: Any
) -> None:
    world = make_world(products=22)
    before, keys = world.sandbox.dump(), []
    for key, plan in _instants(world, power):
        keys.append(key)
        (row,) = world.apply(plan, after_a_crash)
        assert (row["state"], world.status(key)) == ("done", "fixed")
        assert world.events(key).count("fixed") == 1
        assert {step["state"] for step in world.steps(row)} <= {"done", "unknown", "skipped"}
        only_linked(before, world.sandbox.dump(), *keys)


def test_killed_at_any_instant_of_putting_back(make_world: Any, power: Power, after_a_crash: Any) -> None:
    world = make_world(products=30)
    world.sandbox.faults.add("POST LinkProducts", "errors-200")
    before = world.sandbox.dump()
    # at 7 the link was just refused; before, all is as when linking
    for key, plan in _instants(world, power, first=7):
        (row,) = world.apply(plan, after_a_crash)
        assert (row["state"], world.status(key)) == ("failed", "new")
        assert world.sandbox.dump() == before


def test_killed_twice(
    make_world: Any, power: Power, only_linked: Callable[..., None], after_a_crash: Any
) -> None:
    world = make_world(products=1)
    before, plan = world.sandbox.dump(), world.plan()
    assert _killed_at(world, plan, power, 5)
    power.left = 4
    with pytest.raises(Killed):
        world.apply(plan, after_a_crash)
    power.left = None
    (row,) = world.apply(plan, after_a_crash)
    assert row["state"] == "done"
    only_linked(before, world.sandbox.dump(), row["key"])


def test_a_server_that_goes_away_between_two_calls(
    make_world: Any,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    only_linked: Callable[..., None],
) -> None:
    world = make_world(products=2)
    before, plan, send = world.sandbox.dump(), world.plan(), Shop.send
    stamina.set_testing(True, attempts=1)
    request.addfinalizer(lambda: stamina.set_testing(False))

    def last(shop: Shop, call: Any) -> Any:
        answer = send(shop, call)
        world.sandbox.stop()
        return answer

    monkeypatch.setattr(Shop, "send", last)
    first, second = world.apply(plan)
    assert (first["state"], second["state"]) == ("needs_attention", "planned")
    assert "no connection" in first["message"]
    monkeypatch.setattr(Shop, "send", send)
    world.sandbox.start()
    assert [row["state"] for row in world.apply(plan)] == ["done", "done"]
    only_linked(before, world.sandbox.dump(), first["key"], second["key"])


def test_a_running_fix_is_left_alone_until_its_worker_is_known_dead(make_world: Any, power: Power) -> None:
    world = make_world()
    plan = world.plan()
    assert _killed_at(world, plan, power, 5)
    sent = len(world.log)
    (row,) = world.apply(plan)
    assert (row["state"], len(world.log)) == ("running", sent)


def test_resume_goes_on_with_what_was_begun_and_begins_nothing(
    make_world: Any, power: Power, after_a_crash: Any
) -> None:
    world = make_world(products=3)
    plan = world.plan()
    assert _killed_at(world, plan, power, 5)
    (row,) = resume(world.store, world.settings, by=BOB, pace=after_a_crash)
    assert (row["state"], row["by"]) == ("done", "bob")
    states = [one["state"] for one in world.store.journal.fixes(plan_id=plan.id)]
    assert sorted(states) == ["done", "planned", "planned"]


PROGRAM = """
import os, signal, sys
from pathlib import Path
from checks.fixes import apply_plan
from checks.fixes.shop import Shop
from checks.people import Person
from checks.settings import load_settings
from checks.store import Store

file, plan, path, moment = sys.argv[1:]
send = Shop.send

def deadly(shop, request):
    if request.line.startswith(path) and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = send(shop, request)
    if request.line.startswith(path):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

Shop.send = deadly
settings = load_settings(Path(file))
with Store.open(settings.store.url, settings.store.snapshots) as store:
    apply_plan(store, settings, plan, by=Person("ann", "admin", "local"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("path", "moment"), [("DELETE /Products", "after"), ("POST /LinkProducts", "before")]
)
def test_a_process_that_is_killed(
    make_world: Any, only_linked: Callable[..., None], after_a_crash: Any, path: str, moment: str
) -> None:
    world = make_world()
    before, plan = world.sandbox.dump(), world.plan()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(world.settings.file), plan.id, path, moment], check=False
    )
    assert ended.returncode == -9
    (row,) = world.apply(plan, after_a_crash)
    assert row["state"] == "done"
    only_linked(before, world.sandbox.dump(), row["key"])


def test_two_processes_touch_each_product_once(
    make_world: Any, only_linked: Callable[..., None], tmp_path: Path
) -> None:
    world = make_world(products=6)
    before, plan, sent = world.sandbox.dump(), world.plan(), len(world.log)
    command = [sys.executable, "-c", PROGRAM, str(world.settings.file), plan.id, "nothing", "never"]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert [row["state"] for row in world.store.journal.fixes(plan_id=plan.id)] == ["done"] * 6
    assert len(world.log) - sent == sum(len(item.requests) for item in plan.items)
    only_linked(before, world.sandbox.dump(), *(item.key for item in plan.items))
