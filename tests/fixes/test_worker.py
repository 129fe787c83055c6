"""The one worker of a source: it hears pause and stop, waits for its turn, takes over from the dead, stops by itself."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.fixes import CLASSES, Plan, apply_plan, ask_worker, make_plan, settle
from checks.fixes.shop import Shop
from checks.fixes.worker import are_gone, identity
from checks.progress import Progress
from checks.sources.request import Request
from tests.fixes.conftest import ANN, BOB, QUICK, World, make_one_world
from tests.fixes.scenarios import no_price

PACE = replace(QUICK, poll=0.01)
PATIENCE = 30.0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_one_world(tmp_path_factory.mktemp("worker"), size=100) as made:
        yield made


@pytest.fixture
def world(shared: World) -> World:
    shared.start_over()
    return shared


def plan_of(world: World, count: int) -> Plan:
    """A plan that gives so many products a price: one call each."""
    keys = [no_price(world).key for _ in range(count)]
    world.report("price-missing", *((key, None, None) for key in keys))
    chosen = {"price": "9.95"}
    plan = make_plan(world.store, world.settings, "price-missing", keys=keys, by=ANN, options=chosen)
    assert len(plan.items) == count
    return plan


def states(world: World, plan: Plan) -> list[str]:
    return [row["state"] for row in world.store.journal.fixes(plan_id=plan.id)]


def until(so: Callable[[], object]) -> None:
    """Polls, for as long as a busy machine may take."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


class Applying(threading.Thread):
    """Applies a plan beside the test. `words`: what the progress said."""

    def __init__(self, world: World, plan: Plan, **pace: Any) -> None:
        super().__init__(daemon=True)
        self.world, self.plan, self.pace = world, plan, replace(PACE, **pace)
        self.words: list[tuple[str, str]] = []
        self.progress = Progress()
        self.progress.step = self._heard  # type: ignore[method-assign]

    def _heard(self, _: str, step: str, done: int, total: int | None = None, state: str = "running") -> None:
        self.words.append((state, step))

    def run(self) -> None:
        world = self.world
        apply_plan(
            world.store,
            world.settings,
            self.plan.id,
            by=ANN,
            classes=CLASSES,
            progress=self.progress,
            pace=self.pace,
        )

    def __enter__(self) -> Applying:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()
        self.join(PATIENCE)
        assert not self.is_alive()


@pytest.fixture
def at_call(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """Does something while the n-th call is under way: `at_call(1, ask)`."""
    send, sent = Shop.send, []

    def arrange(number: int, then: Callable[[], object]) -> None:
        def sending(shop: Shop, request: Request) -> Any:
            sent.append(request)
            if len(sent) == number:
                then()
            return send(shop, request)

        monkeypatch.setattr(Shop, "send", sending)

    return arrange


def test_a_pause_takes_effect_after_the_product_under_way_and_it_goes_on(world: World, at_call: Any) -> None:
    plan = plan_of(world, 3)
    at_call(1, lambda: ask_worker(world.store, world.settings, "webshop", "pause", by=BOB))
    with Applying(world, plan):
        until(lambda: (world.store.workers.of("webshop") or {}).get("state") == "paused")
        worker = world.store.workers.of("webshop")
        assert worker is not None
        assert (worker["wish"], worker["wish_by"], worker["done"], worker["total"]) == ("pause", "bob", 1, 3)
        assert states(world, plan) == ["done", "planned", "planned"]
        assert ask_worker(world.store, world.settings, "webshop", "go", by=BOB)
        until(lambda: states(world, plan) == ["done"] * 3)
    assert world.store.workers.of("webshop") is None


def test_a_stop_leaves_the_rest_planned_and_it_goes_on_later(world: World, at_call: Any) -> None:
    plan = plan_of(world, 3)
    at_call(2, lambda: ask_worker(world.store, world.settings, "webshop", "stop", by=BOB))
    rows = world.apply(plan, PACE)
    assert [row["state"] for row in rows] == ["done", "done", "planned"]
    assert world.store.workers.of("webshop") is None
    assert [row["state"] for row in world.apply(plan, PACE)] == ["done"] * 3


def test_paused_it_can_be_stopped(world: World, at_call: Any) -> None:
    plan = plan_of(world, 2)
    at_call(1, lambda: ask_worker(world.store, world.settings, "webshop", "pause", by=BOB))
    with Applying(world, plan) as applying:
        until(lambda: (world.store.workers.of("webshop") or {}).get("state") == "paused")
        ask_worker(world.store, world.settings, "webshop", "stop", by=BOB)
        applying.join(PATIENCE)
        assert states(world, plan) == ["done", "planned"]


def test_a_stop_is_not_taken_back(world: World, at_call: Any) -> None:
    plan, answers = plan_of(world, 2), []

    def stop_then_go() -> None:
        answers.extend(
            ask_worker(world.store, world.settings, "webshop", wish, by=BOB) for wish in ("stop", "go")
        )

    at_call(1, stop_then_go)
    world.apply(plan, PACE)
    assert (answers, states(world, plan)) == ([True, False], ["done", "planned"])


def test_nobody_can_be_asked_where_nobody_works(world: World) -> None:
    assert not ask_worker(world.store, world.settings, "webshop", "pause", by=BOB)


# turns


def take(world: World, worker: str, ago: float = 0.0) -> None:
    """Another worker has the source, and gave its last sign so many seconds ago."""
    at = datetime.now(UTC) - timedelta(seconds=ago)
    assert world.store.workers.take("webshop", worker, "another plan", "bob", 7, at)


def test_it_waits_until_the_other_worker_is_done(world: World) -> None:
    plan, sent = plan_of(world, 2), len(world.log)
    take(world, "elsewhere:1:a")
    with Applying(world, plan) as applying:
        until(lambda: ("waiting", "Waiting: bob has webshop repaired") in applying.words)
        assert (states(world, plan), world.log[sent:]) == (["planned"] * 2, [])
        world.store.workers.leave("webshop", "elsewhere:1:a")
        until(lambda: states(world, plan) == ["done"] * 2)


def test_it_can_be_stopped_while_it_waits(world: World) -> None:
    plan = plan_of(world, 1)
    take(world, "elsewhere:1:a")
    with Applying(world, plan) as applying:
        until(lambda: applying.words)
        applying.progress.stop()
        applying.join(PATIENCE)
    worker = world.store.workers.of("webshop")
    assert worker is not None
    assert (states(world, plan), worker["worker"]) == (["planned"], "elsewhere:1:a")
    world.store.workers.leave("webshop", "elsewhere:1:a")


def test_a_worker_that_gave_no_sign_for_a_minute_is_taken_over(world: World) -> None:
    plan = plan_of(world, 1)
    take(world, "elsewhere:1:a", ago=61)
    assert [row["state"] for row in world.apply(plan, PACE)] == ["done"]


@pytest.mark.skipif(sys.platform != "linux", reason="who is gone can be told on Linux")
def test_a_worker_whose_process_is_gone_is_taken_over_at_once(world: World) -> None:
    plan = plan_of(world, 1)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(PATIENCE)
    place = identity().rsplit(":", 2)[0]
    take(world, f"{place}:{ended.pid}:a")
    took: list[float] = []
    world.apply(plan, replace(PACE, sleep=took.append))
    assert (states(world, plan), took) == (["done"], [])


def test_who_is_gone_is_said_of_this_machine_only() -> None:
    """Another machine may have the same name, and counts its processes anew."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(PATIENCE)
    mine, here = identity(), identity().rsplit(":", 2)[0]
    dead = f"{here}:{ended.pid}:a"
    elsewhere = f"{here.rpartition('/')[0]}/0-0:{ended.pid}:a"
    assert are_gone([mine, elsewhere, None, "a name of its own:x:y", "old"]) == []
    assert are_gone([dead]) == ([dead] if sys.platform == "linux" else [])


def test_one_that_lost_the_source_begins_nothing_more(world: World, at_call: Any) -> None:
    """It slept for minutes, and another machine took over."""
    plan = plan_of(world, 2)

    def lose_it() -> None:
        mine = world.store.workers.of("webshop")
        assert mine is not None
        world.store.workers.leave("webshop", mine["worker"])
        take(world, "elsewhere:1:a")

    at_call(1, lose_it)
    world.apply(plan, PACE)
    worker = world.store.workers.of("webshop")
    assert worker is not None
    assert (states(world, plan), worker["worker"]) == (["done", "planned"], "elsewhere:1:a")
    world.store.workers.leave("webshop", "elsewhere:1:a")


def test_a_start_leaves_a_living_worker_alone(world: World, at_call: Any) -> None:
    plan, found = plan_of(world, 1), []
    at_call(1, lambda: found.extend(settle(world.store, world.settings, pace=PACE)))
    world.apply(plan, PACE)
    assert (found, states(world, plan), len(world.log[-1:])) == ([], ["done"], 1)


# stopping by itself


def test_when_too_many_fail_it_stops_by_itself(world: World) -> None:
    plan = plan_of(world, 6)
    world.sandbox.faults.add("PUT Products/Sales", "errors-200")
    rows = world.apply(plan, replace(PACE, failing_least=3))
    assert [row["state"] for row in rows] == ["failed"] * 3 + ["planned"] * 3
    assert {row["message"] for row in rows[3:]} == {"Not begun: it stopped by itself, because 3 of 3 failed."}


def test_a_few_failures_among_many_do_not_stop_it(world: World) -> None:
    plan = plan_of(world, 6)
    for item in plan.items[3:5]:
        world.sandbox.faults.add("PUT Products/Sales", "errors-200", match=item.key)
    rows = world.apply(plan, replace(PACE, failing_least=2, failing_share=0.5))
    assert sorted(row["state"] for row in rows) == ["done"] * 4 + ["failed"] * 2


def test_what_moved_and_is_refused_is_no_failure_of_the_shop(world: World) -> None:
    plan = plan_of(world, 4)
    for item in plan.items[:3]:
        world.sandbox.change(item.key, SalesPriceList=5.0)
    rows = world.apply(plan, replace(PACE, failing_least=2))
    assert [row["state"] for row in rows] == ["failed"] * 3 + ["done"]


# rate limit


def test_it_keeps_to_the_rate_limit_of_the_source(world: World) -> None:
    plan, requests = plan_of(world, 2), len(world.sandbox.log)
    world.set_source(requests_per_second=40)
    began = time.monotonic()
    world.apply(plan, PACE)
    took, made = time.monotonic() - began, len(world.sandbox.log) - requests
    world.set_source(requests_per_second=None)
    assert made > 5
    assert took > (made - 1) / 40 * 0.99
