"""What the fault matrix is made of: its faults, the bench on which one cell is tried, and how a cell is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from checks.fixes import CLASSES, ONBOARDING, Plan, apply_plan, plan_undo, resume, settle
from checks.fixes.shop import Shop
from checks.sandbox.oresto import shop as shop_module
from checks.sandbox.wire_faults import WireFault
from checks.sources.request import Request
from checks.store import Journal
from checks.store.workers import Workers
from tests.fixes.conftest import AFTER_A_CRASH, ANN, QUICK, World, make_one_world
from tests.fixes.scenarios import Arranged, Scenario, Step

Row = dict[str, Any]
State = dict[str, Any]

#: No sign of life is needed within the blink of an eye: each is a write to the disk.
PACE, LATER = replace(QUICK, beat=5.0), replace(AFTER_A_CRASH, beat=5.0)

#: How long a server that hangs is waited for; any other is given time, for the machine may be busy.
SHORT, LONG = 0.3, 10.0


@dataclass(frozen=True)
class Fault:
    """What happens at a step. `times`: None is for ever. `kill`: the program's end, instead of a fault on the wire."""

    name: str
    kind: str = ""
    times: int | None = 1
    kill: str | None = None
    retry_after: int = 0


def _wire(name: str, kind: str, for_ever: bool = True, retry_after: int = 0) -> Iterator[Fault]:
    yield Fault(name, kind, retry_after=retry_after)
    if for_ever:
        yield Fault(f"{name}, for ever", kind, None, retry_after=retry_after)


#: Where the server did it, a fault for ever is the same as once: the state shows it, and nothing is sent again.
FAULTS = (
    *_wire("500", "error-500"),
    *_wire("HTML 502", "html"),
    *_wire("429", "429", retry_after=1),
    *_wire("reset before", "reset"),
    *_wire("reset after", "reset-after", for_ever=False),
    *_wire("hang", "hang"),
    *_wire("half an answer", "half", for_ever=False),
    *_wire("200 with Errors", "errors-200"),
    Fault("killed before", kill="before"),
    Fault("killed after", kill="after"),
)

#: The last thing a program writes: the shop is as it should be, the journal does not say so yet.
AT_THE_END = Fault("killed at the end", kill="end")


class Killed(BaseException):
    """The power went."""


class Power:
    """Goes out at the call of a step, and with it everything that a program does when it ends in an orderly way."""

    def __init__(self, step: Step, moment: str) -> None:
        self._step = step
        self._moment = moment
        self._seen = 0
        self.hits = 0

    @contextmanager
    def failing(self) -> Iterator[None]:
        send, finish, leave = Shop.send, Journal.finish, Workers.leave

        def sending(shop: Shop, request: Request) -> Row:
            fatal = self._is_it(request)
            if fatal and self._moment == "before":
                self._out()
            try:
                return send(shop, request)
            finally:  # also where the shop refused it
                if fatal and self._moment == "after":
                    self._out()

        def finishing(journal: Journal, *args: Any, **values: Any) -> bool:
            if self._moment == "end" and not self.hits:
                self._out()
            return finish(journal, *args, **values)

        def leaving(workers: Workers, *args: Any) -> None:
            if not self.hits:
                leave(workers, *args)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Shop, "send", sending)
            patch.setattr(Journal, "finish", finishing)
            patch.setattr(Workers, "leave", leaving)
            yield

    def _is_it(self, request: Request) -> bool:
        called = f"{request.method} {request.path}"
        if not fnmatchcase(called, self._step.route) or self._moment == "end":
            return False
        self._seen += 1
        return self._seen == self._step.after + 1

    def _out(self) -> None:
        self.hits += 1
        raise Killed


def state_of(world: World) -> State:
    """Everything in the shop; of an order only whether it was processed, not when; an address made again has another id."""
    state = world.sandbox.dump()
    return {
        **state,
        "orders": {number: at is not None for number, at in state["orders"].items()},
        "locations": [{**row, "id": None} for row in state["locations"]],
    }


@contextmanager
def a_bench(folder: Path) -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        # whole states are compared some thousand times, and drawing the pictures is most of it
        patch.setattr(shop_module, "draw_photo", lru_cache(None)(shop_module.draw_photo))
        # a shop that is made anew after the hour has struck must be the same one
        with make_one_world(folder, size=100, variant={"now": datetime.now(UTC)}) as world:
            yield Bench(world)


class Bench:
    """One world in which cells are tried one after the other; it is set up anew where a cell has changed it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before: State = {}
        self.after: State = {}
        self._known: dict[str, tuple[State, State]] = {}
        self._laid: Scenario | None = None
        self._arranged: Arranged | None = None
        self._done: str | None = None  # the fix that an undo undoes

    @property
    def arranged(self) -> Arranged:
        assert self._arranged is not None
        return self._arranged

    def lay_out(self, scenario: Scenario) -> Plan:
        """The shop as it is before `scenario`, and a fresh plan for it."""
        if scenario.id not in self._known:
            self._learn(scenario)
        self.before, self.after = self._known[scenario.id]
        if self._laid is not scenario:
            self._arrange(scenario)
            assert state_of(self.world) == self.before
        return self._plan(scenario)

    def changed(self) -> None:
        """The shop is not as it was laid out."""
        self._laid = None

    def spoil(self) -> None:
        """What the last cell left is not to be built on."""
        self.changed()
        self.world.sandbox.faults.clear()
        for row in self.world.store.journal.fixes(state=("running", "needs_attention")):
            self.world.store.journal.finish(row["id"], "failed", "Spoilt.", row["started_at"])

    def apply(self, plan: Plan) -> Row:
        world = self.world
        (row,) = apply_plan(world.store, world.settings, plan.id, by=ANN, classes=CLASSES, pace=PACE)
        return row

    def start_again(self) -> None:
        """What the next start of the program does by itself."""
        settle(self.world.store, self.world.settings, pace=LATER)

    def resume(self) -> None:
        resume(self.world.store, self.world.settings, by=ANN, pace=LATER)

    def row(self, plan: Plan) -> Row:
        (row,) = self.world.store.journal.fixes(plan_id=plan.id)
        return row

    def status(self) -> str:
        """Of the finding; of what has none, that."""
        if self.arranged.check == ONBOARDING:
            return "none"
        return self.world.status(self.arranged.key, self.arranged.check, self.arranged.field)

    def _learn(self, scenario: Scenario) -> None:
        """A run without faults: the state before, the state after, and that it makes the calls of its steps."""
        self._arrange(scenario)
        before, sent = state_of(self.world), len(self.world.log)
        row = self.apply(self._plan(scenario))
        assert row["state"] == "done", row["message"]
        calls = [f"{method} {path}" for method, path in self.world.log[sent:]]
        assert len(calls) == len(scenario.forward)
        assert all(fnmatchcase(call, step.route) for call, step in zip(calls, scenario.forward, strict=True))
        after = state_of(self.world)
        assert after != before
        self._known[scenario.id] = before, after
        self._laid = None

    def _arrange(self, scenario: Scenario) -> None:
        self.world.start_over()
        self._arranged = scenario.arrange(self.world)
        if scenario.undoes:
            row = self.apply(self._plan_forward())
            assert row["state"] == "done", row["message"]
            self._done = row["id"]
        self._laid = scenario

    def _plan(self, scenario: Scenario) -> Plan:
        if not scenario.undoes:
            return self._plan_forward()
        plan = plan_undo(self.world.store, self.world.settings, [str(self._done)], by=ANN)
        assert plan.not_planned == ()
        return plan

    def _plan_forward(self) -> Plan:
        self.arranged.report(self.world)
        plan = self.arranged.plan(self.world)
        assert plan.not_planned == ()
        return plan


def try_cell(bench: Bench, scenario: Scenario, step: Step, fault: Fault) -> str:
    """Applies a plan while the fault is there, lets the program go on as it would, judges; how it came out, in words."""
    world = bench.world
    plan = bench.lay_out(scenario)
    status, sent = bench.status(), len(world.sandbox.log)
    world.set_source(timeout_seconds=SHORT if fault.kind == "hang" else LONG)
    hit = _under_fault(bench, plan, step, fault)
    assert hit.hits == 1 if fault.times == 1 else hit.hits > 0, "the fault was not met"
    words = ended(bench, scenario, plan, status)
    _judge_calls(world, sent)
    return words


def ended(bench: Bench, scenario: Scenario, plan: Plan, status: str) -> str:
    """Judges what a plan came to, after going on with it where it needed attention; how it came out, in words.

    `status`: of the finding, before it was applied.
    """
    world, first = bench.world, bench.row(plan)
    world.set_source(timeout_seconds=LONG)
    world.sandbox.faults.clear()
    if first["state"] == "needs_attention":
        _judge_journal(bench, first)
        assert bench.status() == status
        bench.resume()
    last = bench.row(plan)
    _judge_journal(bench, last)
    _judge_state(bench, last, status, scenario)
    words = {"done": "done", "failed": "put back"}[last["state"]]
    if last["message"].startswith("Nothing was changed"):
        words = "nothing changed"
    return words if first["state"] == last["state"] else f"needs attention, then {words}"


def _under_fault(bench: Bench, plan: Plan, step: Step, fault: Fault) -> WireFault | Power:
    faults = bench.world.sandbox.faults
    if fault.kill is None:
        hit = faults.add(step.route, fault.kind, fault.times, after=step.after, retry_after=fault.retry_after)
        _force(bench, step)
        bench.apply(plan)
        return hit
    _force(bench, step)
    power = Power(step, fault.kill)
    with power.failing():
        _until_killed(lambda: bench.apply(plan))
    bench.start_again()
    return power


def _force(bench: Bench, step: Step) -> None:
    if (forced := step.forced) is not None:
        bench.world.sandbox.faults.add(forced.route, "errors-200", forced.times, after=forced.after)


def _until_killed(program: Callable[[], object]) -> None:
    try:
        program()
    except Killed:
        return


def _judge_journal(bench: Bench, row: Row) -> None:
    """It ended, or says that a person must look; every step has an answer; nobody holds the shop."""
    assert row["state"] in ("done", "failed", "needs_attention")
    steps = bench.world.steps(row)
    assert {step["state"] for step in steps} <= {"done", "failed", "unknown", "skipped"}
    assert all(step["answer"] for step in steps)
    assert bench.world.store.workers.of("webshop") is None


def _judge_state(bench: Bench, row: Row, status: str, scenario: Scenario) -> None:
    """The shop is exactly as before, or exactly as meant, and journal and finding say which."""
    found = state_of(bench.world)
    assert found in (bench.before, bench.after), difference(bench.before, bench.after, found)
    assert (row["state"], found == bench.after) in (("done", True), ("failed", False)), row["message"]
    if found == bench.after:
        bench.changed()
    done = "none" if status == "none" else "regressed" if scenario.undoes else "fixed"
    assert bench.status() == (done if found == bench.after else status)


def _judge_calls(world: World, since: int) -> None:
    """Between two writes the shop was always looked at."""
    methods = [str(one[0]) for one in world.sandbox.log[since:]]
    assert all("GET" in pair for pair in pairwise(methods))


def difference(before: State, after: State, found: State) -> str:
    """Where a state is neither, part by part."""
    wrong = [part for part in found if found[part] not in (before[part], after[part])] or [
        part for part in found if before[part] != after[part]
    ]
    return "\n".join(f"{part}: {_lines(before[part], after[part], found[part])}" for part in wrong)


def _lines(before: Any, after: Any, found: Any) -> str:
    def items(part: Any) -> set[str]:
        return set(map(str, part.items() if isinstance(part, dict) else part))

    known = items(before) & items(after)
    return f"before {items(before) - known}, after {items(after) - known}, found {items(found) - known}"
