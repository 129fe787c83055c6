"""Whatever people, repairs, faults and crashes do to a shop in whatever order: nothing is lost, doubled, or made up.

Every article number that was there is there as own or linked, with its price, texts, photos and client prices, unless a
person wanted it otherwise; the journal and the findings say what is so. A few histories by default;
`KEURMEESTER_LONG=500` tries so many, and asks that every repair and every undo came to its end in some of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
import stamina
from hypothesis import HealthCheck, Phase, note
from hypothesis import settings as trying
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from checks.errors import FixError, SourceError
from checks.fixes import (
    CLASSES,
    FIXES,
    Pace,
    Plan,
    apply_plan,
    discard,
    leave_as_is,
    load_plan,
    make_plan,
    plan_undo,
    resume,
    settle,
    undo_refusal,
)
from checks.health import run_health_check
from checks.people import Person
from checks.sandbox import Sandbox
from checks.sandbox.oresto.simulation import LOOKUP_EVENTS
from checks.settings import load_settings
from checks.sources.oresto import bodies
from checks.sources.request import Request
from checks.store import Store
from tests.fixes import shop_people
from tests.fixes.shop_answers import filled_in
from tests.fixes.shop_ground import Ground, Killed, Power, Trouble, trouble
from tests.fixes.shop_model import (
    GONE,
    State,
    article_of,
    changed,
    effect,
    flat,
    footprint,
    is_of,
    pictures,
    take_over,
    unsaved,
)

_LONG = int(os.environ.get("KEURMEESTER_LONG", "0"))
_HISTORIES, _STEPS = _LONG or 10, 16

ANN = Person("ann", "admin", "local")

#: Waits for nothing; whatever a killed worker held may be taken over at once.
PACE = Pace(
    attempts=3,
    reads=2,
    first_wait=0.0,
    longest_wait=0.0,
    longest_busy=0.0,
    beat=60.0,
    stale_after=timedelta(seconds=-1),
    list_age=30.0,
    sleep=lambda seconds: None,
)

BEGUN = ("running", "needs_attention")
#: Repairs that take away whole products: planned more often than the others.
GREATEST = ("link-central", "delete-own")
UNDOABLE = (*GREATEST, "delete-client-product", "edit-product", "edit-sales", "upload-photo")

#: All that is chosen in one step is thrown with these dice: what a step may choose from depends on the shop.
DICE = st.integers(0, 2**32)


class Machine(RuleBasedStateMachine):
    """One history. `expected` is the shop as people want it by now; `inverse` what undoing a fix brings back."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.sandbox, self.power = self.ground.sandbox, self.ground.power
        self.folder, self.settings = self.ground.begin()
        self.store = Store.open(self.settings.store.url, self.settings.store.snapshots)
        self.power.watch = self._watch
        self.expected = flat(self.sandbox.dump())
        self.inverse: dict[str, State] = {}
        self.states: dict[str, str] = {}
        self.plans: list[str] = []
        self.in_hand: set[str] = set()  # articles of unfinished fixes that a person has decided about
        self.dead: set[str] = set()  # workers whose power went
        self.closed: dict[str, str] = {}  # finding -> its status, until a health check says otherwise
        self.sound = True

    # repairs

    @rule(dice=DICE)
    def plan(self, dice: int) -> None:
        self._plan(Random(dice))

    @rule(dice=DICE)
    def repair(self, dice: int) -> None:
        self._repair(Random(dice))

    @rule(dice=DICE)
    def repair_more(self, dice: int) -> None:
        self._repair(Random(dice))

    @rule(dice=DICE)
    def repair_what_somebody_changed(self, dice: int) -> None:
        self._repair(Random(dice), meanwhile=True)

    @precondition(lambda self: self._waiting())
    @rule(dice=DICE)
    def apply(self, dice: int) -> None:
        at = Random(dice)
        self._apply(at, load_plan(self.store, at.choice(self._waiting())))

    @precondition(lambda self: self._undoable())
    @rule(dice=DICE)
    def undo(self, dice: int) -> None:
        self._undo(Random(dice))

    @precondition(lambda self: self._undoable())
    @rule(dice=DICE)
    def undo_what_somebody_changed(self, dice: int) -> None:
        self._undo(Random(dice), meanwhile=True)

    @precondition(lambda self: self._with_state(BEGUN))
    @rule(dice=DICE, one=st.booleans())
    def resume(self, dice: int, one: bool) -> None:
        at, begun = Random(dice), self._with_state(BEGUN)
        fix_id = at.choice([row["id"] for row in begun]) if one else None
        self._carefully(
            at,
            self._routes({row["plan_id"] for row in begun}),
            lambda: resume(self.store, self.settings, by=ANN, fix_id=fix_id, pace=PACE),
        )

    @precondition(lambda self: self._with_state("running"))
    @rule(dice=DICE)
    def start_anew(self, dice: int) -> None:
        routes = self._routes({row["plan_id"] for row in self._with_state("running")})
        self._carefully(Random(dice), routes, lambda: settle(self.store, self.settings, pace=PACE))

    @precondition(lambda self: self._with_state("needs_attention"))
    @rule(dice=DICE)
    def leave_as_it_is(self, dice: int) -> None:
        row = Random(dice).choice(self._with_state("needs_attention"))
        if leave_as_is(self.store, self.settings, row["id"], by=ANN, because="Seen."):
            self._take_as_it_is(self._full(row))

    @precondition(lambda self: self._waiting())
    @rule(dice=DICE)
    def nothing_is_written_to_a_source_that_is_read_only(self, dice: int) -> None:
        (source,) = self.settings.sources
        closed = self.settings.model_copy(update={"sources": [source.model_copy(update={"read_only": True})]})
        plan_id, sent = Random(dice).choice(self._waiting()), self._writes()
        for attempt in (
            lambda: apply_plan(self.store, closed, plan_id, by=ANN, classes=CLASSES, pace=PACE),
            lambda: resume(self.store, closed, by=ANN, pace=PACE),
            lambda: settle(self.store, closed, pace=PACE),
        ):
            self._carefully(None, (), attempt)
        assert self._writes() == sent

    @precondition(lambda self: self.plans)
    @rule(dice=DICE)
    def discard(self, dice: int) -> None:
        plan_id = Random(dice).choice(self.plans)
        self._carefully(None, (), lambda: discard(self.store, self.settings, plan_id, by=ANN))

    # the rest of the world

    @rule(dice=DICE)
    def somebody_does_something(self, dice: int) -> None:
        self._somebody_does_something(Random(dice), [])

    @precondition(lambda self: self._with_state(BEGUN))
    @rule(dice=DICE)
    def somebody_meddles(self, dice: int) -> None:
        """With an article whose repair stands half-way."""
        held = [article_of(self._full(row)) for row in self._with_state(BEGUN)]
        self._somebody_does_something(Random(dice), [article for article in held if article is not None])

    @rule(dice=DICE)
    def a_day_goes_by(self, dice: int) -> None:
        was = flat(self.sandbox.dump())
        for sentence in self.sandbox.live_a_day(dice, without=LOOKUP_EVENTS | {"packed", "unpacked"}):
            note(f"  {sentence}")
        self._people_changed(was, everything_goes=True)

    @precondition(lambda self: self.closed)
    @rule()
    def look_anew(self) -> None:
        self.sandbox.faults.clear()
        run_health_check(self.settings, self.store, started_by="tests")
        self.closed.clear()

    # what must be so

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        self.sound = False
        found = flat(self.sandbox.dump())
        rows = self.store.journal.fixes()
        self._take_in(rows, found)
        begun = [self._full(row) for row in rows if row["state"] in BEGUN]
        held = {article_of(row) for row in begun}
        for article in sorted(self.in_hand - held):
            theirs = lambda part, article=article: is_of(part, article)  # noqa: E731
            self._adopt(theirs, found)
        self.in_hand &= {article for article in held if article is not None}
        excepted = [footprint(row) for row in begun]
        excepted += [lambda part, article=article: is_of(part, article) for article in self.in_hand]
        wrong = {
            part: (self.expected.get(part, GONE), value)
            for part, value in changed(self.expected, found).items()
            if not any(allows(part) for allows in excepted)
        }
        assert not wrong, "\n".join(
            f"{part}: expected {was}, found {now}" for part, (was, now) in wrong.items()
        )
        self._journal_is_true(rows)
        self.sound = True

    def _journal_is_true(self, rows: list[dict[str, Any]]) -> None:
        by_id = {row["id"]: row for row in rows}
        undone_by = {row["undoes"] for row in rows if row["undoes"] and row["state"] == "done"}
        steps = self.store.journal.steps_of(list(by_id))
        for row in rows:
            states = {step["state"] for step in steps[row["id"]]}
            assert "sent" not in states or row["state"] == "running", f"a step hangs in {row}"
            assert row["state"] != "undone" or row["id"] in undone_by, f"undone by nobody: {row}"
            assert row["state"] != "running" or row["worker"] in self.dead, f"runs without a worker: {row}"
            if row["state"] == "needs_attention":
                assert row["message"].startswith("Interrupted") or (
                    "Before: " in row["message"] and "Last seen: " in row["message"]
                )
        half_told = {finding for row in rows if row["state"] in BEGUN for finding in row["finding_ids"] or []}
        for finding, status in zip(*self._status_of(sorted({*self.closed} - half_told)), strict=True):
            assert status == self.closed[finding], f"finding {finding} is {status}"

    def teardown(self) -> None:
        try:
            if self.sound:
                self._everything_ends()
        finally:
            self.power.back()
            self.sandbox.faults.clear()
            self.store.close()
            shutil.rmtree(self.folder)

    def _everything_ends(self) -> None:
        self.sandbox.faults.clear()
        settle(self.store, self.settings, pace=PACE)
        self.nothing_is_lost_or_doubled()
        assert not self._with_state("running")
        resume(self.store, self.settings, by=ANN, pace=PACE)
        self.nothing_is_lost_or_doubled()
        for row in self._with_state("needs_attention"):
            note(f"left over: {row['fix']} {row['kind']} {row['key']}: {row['message']}")

    # how it is done

    def _plan(self, dice: Random) -> Plan | None:
        open_ones = self.store.findings().filter(pl.col("fix").is_in(list(FIXES)))
        fixes = sorted(open_ones["fix"].unique())
        if not fixes:
            return None
        fix = dice.choice(
            (*fixes, *(one for one in fixes if one in GREATEST), *(one for one in fixes if one in GREATEST))
        )
        check = dice.choice(sorted(open_ones.filter(pl.col("fix") == fix)["check"].unique()))
        theirs = open_ones.filter(pl.col("check") == check)
        there = sorted(theirs["key"].unique())
        keys = sorted(dice.sample(there, min(dice.randint(1, 3), len(there))))
        inputs = FIXES[fix].inputs(check, theirs.filter(pl.col("key").is_in(keys)), self.ground.frames)
        options, each = filled_in(self.store, dice, inputs, keys)
        note(f"plan {fix} for {check} of {keys} with {options} {each}")
        plan = self._carefully(
            dice,
            (),
            lambda: make_plan(
                self.store, self.settings, check, keys=keys, by=ANN, options=options, each=each
            ),
        )
        if not isinstance(plan, Plan):
            return None
        for key, reason in plan.not_planned:
            note(f"  not planned: {key}: {reason}")
        self.plans.append(plan.id)
        return plan

    def _repair(self, dice: Random, meanwhile: bool = False) -> None:
        plan = self._plan(dice)
        if plan is not None and plan.items:
            if meanwhile:
                self._somebody_does_something(dice, [item.key for item in plan.items])
            self._apply(dice, plan)

    def _apply(self, dice: Random, plan: Plan) -> None:
        classes = dice.choice((CLASSES, CLASSES, CLASSES, None, ("safe",)))
        note(f"apply {plan.kind} {plan.fix} of {[item.key for item in plan.items]}, classes {classes}")
        self._carefully(
            dice,
            self._routes({plan.id}),
            lambda: apply_plan(self.store, self.settings, plan.id, by=ANN, classes=classes, pace=PACE),
        )

    def _undo(self, dice: Random, meanwhile: bool = False) -> None:
        done = self._undoable()
        row = dice.choice(done)
        alike = [one for one in done if one["fix"] == row["fix"]] if dice.random() < 0.5 else [row]
        note(f"undo {row['fix']} of {[one['key'] for one in alike]}")
        if dice.random() < 0.4:
            self._somebody_does_something(dice, [one["key"] for one in alike])
        ids = [one["id"] for one in alike]
        undo = self._carefully(dice, (), lambda: plan_undo(self.store, self.settings, ids, by=ANN))
        if not isinstance(undo, Plan):
            return
        for key, reason in undo.not_planned:
            note(f"  not undone: {key}: {reason}")
        self.plans.append(undo.id)
        if undo.items:
            if meanwhile:
                self._somebody_does_something(dice, [item.key for item in undo.items])
            self._apply(dice, undo)

    def _carefully(self, dice: Random | None, routes: tuple[str, ...], action: Callable[[], Any]) -> Any:
        """Acts, with whatever trouble is thrown; what people are told instead of a result is noted."""
        self.sound = False
        meant = trouble(dice, routes) if dice is not None else Trouble()
        if not meant.faults:
            self.sandbox.faults.clear()
        for route, kind, times, after in meant.faults:
            self.sandbox.faults.add(route, kind, times=times, after=after)
        if meant.ends is not None:
            self.power.ends, self.power.left = meant.ends
        if meant != Trouble():
            note(f"  {meant}")
        try:
            return action()
        except (Killed, KeyboardInterrupt) as end:
            note(f"  ended by {type(end).__name__}")
        except (SourceError, FixError) as told:
            note(f"  told: {told}")
        finally:
            if self.power.is_out:
                self.dead |= {row["worker"] for row in self._with_state("running")}
            self.power.back()
        return None

    def _somebody_does_something(self, dice: Random, articles: list[str]) -> None:
        """To one of the articles; else mostly to one that a repair has to do with."""
        self.sound = False
        hot = articles or [key for row in self.store.journal.fixes() for key in row["key"].split("|")]
        cold = sorted({part[1] for part in self.expected if part[0] == "there"})
        known = sorted({key for key in hot if ("there", key) in self.expected})
        article = dice.choice(known if known and dice.random() < 0.8 else cold)
        name = dice.choice(sorted(shop_people.DEEDS))
        was = flat(self.sandbox.dump())
        said = shop_people.DEEDS[name](self.sandbox, article, dice)
        if said is not None:
            note(f"  {said}")
            self._people_changed(was, everything_goes=name in shop_people.TAKEN_IN_HAND)

    def _people_changed(self, was: State, everything_goes: bool) -> None:
        """What people changed is expected from now on. `everything_goes`: also whatever becomes of an unfinished repair."""
        changes = changed(was, flat(self.sandbox.dump()))
        take_over(self.expected, changes)
        held = {article_of(self._full(row)) for row in self._with_state(BEGUN)}
        if everything_goes:
            self.in_hand |= {part[1] for part in changes if part[1] in held and is_of(part, part[1])}

    def _take_in(self, rows: list[dict[str, Any]], found: State) -> None:
        """Learns from the journal which repairs ended since, and expects what they were to do."""
        news = [row for row in rows if self.states.get(row["id"], "planned") != row["state"]]
        for row in sorted(news, key=lambda row: (row["finished_at"] is not None, row["finished_at"])):
            full, was = self._full(row), self.states.get(row["id"], "planned")
            self.states[row["id"]] = row["state"]
            note(f"{row['kind']} {row['fix']} {row['key']}: {was} -> {row['state']}: {row['message']}")
            self.ground.endings[row["kind"], row["fix"], _ending(row)] += 1
            if row["state"] == "done" and row["kind"] == "do":
                self._is_as_wanted(full, found)
                changes = effect(full, self.expected, found)
                self.inverse[row["id"]] = {part: self.expected.get(part, GONE) for part in changes}
                take_over(self.expected, changes)
            elif row["state"] == "done":
                take_over(self.expected, self.inverse[row["undoes"]])
            if row["state"] == "done":
                status = "fixed" if row["kind"] == "do" else "regressed"
                self.closed |= dict.fromkeys(row["finding_ids"] or [], status)

    def _is_as_wanted(self, fix: dict[str, Any], found: State) -> None:
        """Fields that a person chose are as they chose them."""
        row = {part[2]: value for part, value in found.items() if part[:2] == ("row", fix["key"])}
        if "wanted" not in fix["before"] or not row:
            return
        body = {**bodies.replacement_body(row), **bodies.sales_body(row)}
        for name, value in fix["before"]["wanted"].items():
            assert _plain(name, body.get(name)) == _plain(name, value), f"{name} of {fix['key']}"

    def _take_as_it_is(self, fix: dict[str, Any]) -> None:
        found = flat(self.sandbox.dump())
        self._adopt(footprint(fix), found)
        self.states[fix["id"]] = fix["state"]

    def _adopt(self, theirs: Callable[[tuple[str, ...]], bool], found: State) -> None:
        parts = [part for part in {**self.expected, **found} if theirs(part)]
        take_over(self.expected, {part: found.get(part, GONE) for part in parts})

    def _watch(self, request: Request) -> None:
        """Before every write: one fix of a living worker, the journal knows what is about to be sent, and holds all it takes."""
        alive = [row for row in self._with_state("running") if row["worker"] not in self.dead]
        assert len(alive) == 1, f"{len(alive)} are running"
        (fix,) = map(self._full, alive)
        gone = [step for step in self.store.journal.steps(fix["id"]) if step["state"] != "planned"]
        assert [step["request"]["line"] for step in gone if step["state"] == "sent"] == [request.line]
        if len(gone) == 1 and fix["kind"] == "do":
            missing = unsaved(fix, flat(self.sandbox.dump()))
            assert not missing, f"{fix['fix']} of {fix['key']} would go on with {missing}"
        for sha256 in pictures(fix):
            assert self.store.journal.blob(sha256)

    def _routes(self, plans: set[str]) -> tuple[str, ...]:
        """The routes that these plans write to: there, more often than back."""
        items = [item for plan_id in sorted(plans) for item in load_plan(self.store, plan_id).items]
        there = {f"{one.method} {one.path}" for item in items for one in item.requests}
        back = {f"{one.method} {one.path}" for item in items for one in item.compensation}
        return (*sorted(there) * 5, *sorted(back))

    def _waiting(self) -> list[str]:
        waiting = {row["plan_id"] for row in self._with_state(("planned", *BEGUN))}
        return [plan_id for plan_id in self.plans if plan_id in waiting]

    def _undoable(self) -> list[dict[str, Any]]:
        """Repairs that are done: those that can be undone by what is known of them, and now and then another one."""
        done = [row for row in self._with_state("done") if row["kind"] == "do"]
        return [row for row in done if undo_refusal(self.store, row) is None] or done[:1]

    def _with_state(self, state: str | tuple[str, ...]) -> list[dict[str, Any]]:
        return self.store.journal.fixes(state=state)

    def _full(self, row: dict[str, Any]) -> dict[str, Any]:
        full = self.store.journal.fix(row["id"])
        assert full is not None
        return full

    def _status_of(self, findings: list[str]) -> tuple[list[str], list[str]]:
        rows = self.store.findings(ids=findings, status="all")
        return rows["id"].to_list(), rows["status"].to_list()

    def _writes(self) -> int:
        return sum(entry[0] != "GET" for entry in self.sandbox.log)


def _plain(name: str, value: Any) -> Any:
    """Numbers as numbers, moments by the moment, texts in any order."""
    if isinstance(value, list):
        return sorted(
            (tuple(sorted((k, v) for k, v in one.items() if v is not None)) for one in value), key=str
        )
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _ending(row: dict[str, Any]) -> str:
    said = str(row["message"] or "")
    if row["state"] == "failed":
        return "put back" if said.startswith("Put back") else "nothing was changed"
    return str(row["state"])


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    folder = tmp_path / "first"
    folder.mkdir()
    stamina.set_testing(True, attempts=2)
    with Sandbox(size=100, seed=7, now=datetime.now(UTC)) as sandbox:
        settings = load_settings(sandbox.write_settings(folder / "keurmeester.toml"))
        source = settings.sources[0].model_copy(update={"max_connections": 1, "timeout_seconds": 0.5})
        ground = Ground(
            sandbox, settings.model_copy(update={"sources": [source]}), folder, Power(monkeypatch)
        )
        ground.prepare()
        yield ground
    stamina.set_testing(False)


def test_any_history_keeps_every_article_number(ground: Ground) -> None:
    machine = type("History", (Machine,), {"ground": ground})
    run_state_machine_as_test(
        machine,
        settings=trying(
            max_examples=_HISTORIES,
            stateful_step_count=_STEPS,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
    if _LONG >= 100:
        done = {(kind, fix) for kind, fix, ending in ground.endings if ending == "done"}
        assert done == {
            *(("do", fix.id) for fix in FIXES.values() if fix.checks),
            *(("undo", fix) for fix in UNDOABLE),
        }, ground.endings
