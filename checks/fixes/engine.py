"""Carries out one fix: looks, sends what is missing, looks again; and puts everything back where it cannot be done.

There is no list of calls to work off. The engine is driven by what is live and by the journal:

```
                 refused before anything was sent ─────────────> failed (nothing was changed)
look ─> goals forward ─> all reached, read back agrees ────────> done
              │
              └─ a goal is refused, or stays unreached ─> goals back ─> read back agrees ─> failed (put back)
                                                              │
state unreadable, or not what any call leads out of ──────────┴──> needs_attention; the next application goes on here
```

So a fix that was killed anywhere is simply carried out again. Nothing is sent twice without the state being read in
between, and each goal is tried a bounded number of times (`Pace`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from checks.errors import CredentialsRefused, ReadOnlySource, SourceError
from checks.fixes.model import Before, Call, Fix, Goal, Live
from checks.fixes.outcomes import (
    DONE,
    STEP_STATE,
    ClaimLost,
    NotDone,
    Outcome,
    Pace,
    Stuck,
    Unseen,
    outcome_of,
)
from checks.fixes.shop import Shop
from checks.fixes.trail import StepKind, Trail


@dataclass(frozen=True)
class Ending:
    """How a fix ended. `state` as in the journal; `event` for its finding; `unreached`: the shop could not be read."""

    state: str
    message: str
    event: str | None = None
    unreached: bool = False


class Undertaking:
    """One fix being carried out.

    Args:
        fix: what is done; `before`: what its plan saved of `article`.
        shop: the live shop; `trail`: its journal.
        hold: tells whether this worker still has the fix; asked before every call.
    """

    def __init__(
        self,
        fix: Fix,
        article: str,
        before: Before,
        shop: Shop,
        trail: Trail,
        pace: Pace,
        hold: Callable[[], bool],
    ) -> None:
        self._fix = fix
        self._article = article
        self._before = before
        self._shop = shop
        self._trail = trail
        self._pace = pace
        self._hold = hold
        # how old a list may be: not at all once something was sent
        self._fresh = time.monotonic() - (0.0 if trail.started else pace.list_age)
        self._current: dict[str, Any] = {}  # what was read since the last call
        self._seen: dict[str, Any] = {}  # what was read last, for a person

    def go(self) -> Ending:
        """Carries it out, or on from where it was left."""
        ending = self._go()
        if ending.state != "planned":
            self._trail.close(ending.state)
        return ending

    def interrupted(self) -> Ending:
        """Cut off by a person in the middle: what is known of its state. Sends and reads nothing."""
        if not self._trail.started:
            return Ending("planned", "Not begun: it was interrupted before anything was sent.")
        call = self._trail.under_way
        when = f"during: {call}; it may or may not have been done" if call else "between two calls"
        return self._attention(f"It was interrupted {when}.")

    def _go(self) -> Ending:
        try:
            live = self._first_look()
        except Unseen as unseen:
            if not self._trail.started:
                return Ending("planned", f"Not begun: {unseen}", unreached=True)
            return self._attention(str(unseen), unreached=True)
        if self._trail.turned_back and not self._fix.arrived(live):
            return self._back(self._trail.why_back)
        refusal = self._fix.refusal(self._before, live, self._trail.started)
        if refusal is not None:
            return Ending("failed", f"Nothing was changed: {refusal}", "fix-failed")
        goals = self._fix.forward(self._before, self._shop.source)
        try:
            for goal in goals:
                self._reach_somehow(goal, "do")
            self._read_back(goals, "Read back: is it as planned?")
        except NotDone as reason:
            return self._back(str(reason))
        except (Stuck, Unseen) as reason:
            return self._attention(str(reason), unreached=isinstance(reason, Unseen))
        return Ending("done", self._fix.done_text(self._before), "fixed")

    def _first_look(self) -> Live:
        """All that `refusal` judges; nothing of it older than a list may be."""
        live = self._look(self._fix.needs)
        if self._trail.turned_back and not self._fix.arrived(live):
            return live
        began = time.monotonic()
        guards = self._look(self._fix.guards(live))
        if self._fix.stirred(self._before, live) or time.monotonic() - began > self._pace.list_age:
            self._forget()
            live = self._look(self._fix.needs)
            guards = self._look(self._fix.guards(live))
        return {**live, **guards}

    def _back(self, reason: str) -> Ending:
        """Puts everything back. Where nothing was gone, that takes no call."""
        goals = self._fix.back(self._before, self._shop.source)
        try:
            for last in range(self._pace.rounds):
                try:
                    for goal in goals:
                        self._reach_somehow(goal, "compensate")
                    break
                except (NotDone, Stuck):
                    # a call that was taken for lost may have been carried out late: from the start, once more
                    if last + 1 == self._pace.rounds:
                        raise
            if self._trail.turned_back:
                self._read_back(goals, "Read back: is it as it was?")
        except (NotDone, Stuck, Unseen) as trouble:
            return self._attention(f"{reason} Putting back: {trouble}", unreached=isinstance(trouble, Unseen))
        if not self._trail.turned_back:
            return Ending("failed", f"Nothing was changed: {reason}", "fix-failed")
        lost = self._fix.lost_text(self._before)
        return Ending(
            "failed", f"Put back as it was{f', except {lost}' if lost else ''}: {reason}", "put-back"
        )

    def _attention(self, reason: str, unreached: bool = False) -> Ending:
        was, found = self._fix.was_text(self._before), self._fix.is_text(self._seen)
        text = (
            f"Needs attention: {reason} Before: {was} Last seen: {found} Everything needed to put it back is in the "
            "journal; applying the plan again goes on from here."
        )
        return Ending("needs_attention", text, "fix-failed", unreached)

    def _reach_somehow(self, goal: Goal, kind: StepKind) -> None:
        while True:
            try:
                return self._reach(goal, kind)
            except NotDone:
                if goal.instead is None:
                    raise
                goal = goal.instead

    def _reach(self, goal: Goal, kind: StepKind) -> None:
        """Sends what is missing until the shop is as the goal says. NotDone when it stays away from it."""
        todo: tuple[Call, ...] = ()
        tries, said = 0, ""
        live = self._look(goal.needs)
        while True:
            verdict = goal.look(live)
            if verdict.conflict is not None:
                raise Stuck(verdict.conflict)
            if verdict.met:
                return
            if verdict.todo != todo:
                todo, tries = verdict.todo, 0
            if tries >= self._pace.attempts:
                raise NotDone(said)
            outcome = self._send(todo[0], goal, kind)
            tries += 1
            said = f"{todo[0].title}: {outcome.text}"
            if outcome.kind not in ("answered", "refused"):
                self._pace.wait(tries, outcome.retry_after)
            live = self._look(goal.needs)
            if outcome.kind == "answered":
                live = self._until_shown(goal, live, todo)
            unmoved = goal.look(live).todo == todo
            if unmoved and outcome.kind == "refused":
                raise NotDone(said)
            if unmoved and outcome.kind == "answered":
                raise NotDone(f"{todo[0].title}: the shop said it was done, but it does not show.")

    def _until_shown(self, goal: Goal, live: Live, todo: tuple[Call, ...]) -> Live:
        """A shop may show a little later what it has done."""
        for tries in range(1, self._pace.reads):
            if goal.look(live).todo != todo:
                break
            self._pace.wait(tries)
            self._forget()
            live = self._look(goal.needs)
        return live

    def _send(self, call: Call, goal: Goal, kind: StepKind) -> Outcome:
        """One call: first the journal, then the call, then its answer."""
        if not self._hold():
            raise ClaimLost
        step = self._trail.sent(kind, call, goal.compensation)
        try:
            self._shop.send(call.request)
            outcome = DONE
        except SourceError as error:
            outcome = outcome_of(error)
            if outcome.kind == "unsent":
                self._shop.reconnect()
        except ReadOnlySource as error:
            outcome = Outcome("refused", str(error))
        self._forget()
        self._trail.ended(step, STEP_STATE[outcome.kind], outcome.text)
        return outcome

    def _look(self, needs: Collection[str]) -> Live:
        """The state, read after the last call that was sent. Patiently; Unseen when that cannot be done."""
        missing = [need for need in needs if need not in self._current]
        if missing:
            self._current.update(self._read(missing))
            self._seen.update(self._current)
        return {need: self._current[need] for need in needs}

    def _read(self, needs: Collection[str]) -> Live:
        """Tries hard once something was sent; before that the product is better left as it is."""
        most = self._pace.reads if self._trail.started else 1
        for tries in range(1, most + 1):
            try:
                return self._shop.look(self._article, needs, self._before, self._fresh)
            except CredentialsRefused as error:
                raise Unseen(error) from None
            except SourceError as error:
                self._shop.reconnect()
                if tries == most:
                    raise Unseen(error) from None
                self._pace.wait(tries)
        raise AssertionError("the last try returns or raises")

    def _forget(self) -> None:
        """From now on everything is read anew."""
        self._fresh = time.monotonic()
        self._current = {}

    def _read_back(self, goals: Collection[Goal], title: str) -> None:
        """The proof: all goals, looked at once more together."""
        needs = {need for goal in goals for need in goal.needs}
        live = self._look(needs)
        verdicts = [goal.look(live) for goal in goals]
        open_calls = [call.title for verdict in verdicts for call in verdict.todo]
        conflicts = [verdict.conflict for verdict in verdicts if verdict.conflict]
        differs = [verdict.differs for verdict in verdicts if verdict.differs]
        wrong = " ".join((*conflicts, *differs, *(f"Still to do: {title}." for title in open_calls))) or None
        remarks = [verdict.remark for verdict in verdicts if verdict.remark]
        self._trail.read_back(title, needs, wrong, remarks)
        if wrong is not None:
            raise Stuck(wrong)
