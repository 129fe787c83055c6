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
from dataclasses import dataclass, replace
from typing import Any

from checks.errors import CredentialsRefused, ReadOnlySource, SourceError
from checks.fixes.model import Before, Call, Fix, Goal, Live
from checks.fixes.outcomes import (
    STEP_STATE,
    ClaimLost,
    NotDone,
    Outcome,
    Pace,
    Stuck,
    Unseen,
    answered,
    outcome_of,
)
from checks.fixes.shop import Shop
from checks.fixes.trail import StepKind, Trail

_NOT_OURS = "It is there as planned, but somebody else made it ({}): undoing would take theirs, so this is not counted as done."
_LATE = "It is as it was; but that call may still be carried out, or show later: look again in a while."


@dataclass(frozen=True)
class Ending:
    """How a fix ended.

    Attributes:
        state: as in the journal.
        event, status: for its findings; a status of None leaves theirs as it is.
        unreached: the shop could not be read.
        tried: it ended so although, or because, something was sent; what moved and was refused does not count.
    """

    state: str
    message: str
    event: str | None = None
    status: str | None = None
    unreached: bool = False
    tried: bool = False

    @property
    def is_failure(self) -> bool:
        """Does it count for the share of failures at which a worker stops by itself?"""
        return self.tried and self.state in ("failed", "needs_attention")


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
        self._fresh = time.monotonic() - (0.0 if trail.started else max(pace.list_age, fix.list_age))
        self._current: dict[str, Any] = {}  # what was read since the last call
        self._seen: dict[str, Any] = {}  # what was read last, for a person
        self._called = False  # by this very application
        self._in_flight = False  # a call of this application may yet have an effect, which was not seen

    def go(self) -> Ending:
        """Carries it out, or on from where it was left."""
        ending = self._go()
        ending = replace(ending, message=self._fix.told(self._before, ending.message))
        if ending.state != "planned":
            self._trail.close(ending.state)
        return replace(ending, tried=self._trail.started)

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
            return self._unread(unseen)
        if self._trail.turned_back and not self._fix.arrived(self._before, live):
            return self._back(self._trail.why_back)
        if self._trail.started and self._fix.remade(self._before, live):
            return self._back("Somebody made it anew after it was deleted.", gone=True)
        refusal = self._fix.refusal(self._before, live, self._trail.started)
        if refusal is not None:
            untouched = not self._trail.may_have_changed() or self._fix.untouched(self._before, live)
            return self._unchanged(refusal) if untouched else self._attention(refusal)
        goals = self._fix.forward(self._before, self._shop.source)
        try:
            for goal in goals:
                self._reach_somehow(goal, "do")
            self._read_back(goals, "Read back: is it as planned?")
        except NotDone as reason:
            return self._back(str(reason))
        except Stuck as reason:
            # where every call was refused for certain, nothing of it can be ours
            changed = self._trail.may_have_changed()
            return self._attention(str(reason)) if changed else self._unchanged(str(reason))
        except Unseen as reason:
            return self._unread(reason)
        return self._done()

    def _unread(self, reason: Unseen) -> Ending:
        if self._trail.started:
            return self._attention(str(reason), unreached=True)
        return Ending("planned", f"Not begun: {reason}", unreached=True)

    def _arrived(self) -> Ending:
        """Putting back led where the fix wanted to be: that it is so is read back once more. Stuck when it is not."""
        self._read_back(self._fix.forward(self._before, self._shop.source), "Read back: is it as planned?")
        return self._done()

    def _done(self) -> Ending:
        status, event, *_ = self._fix.closing
        return Ending("done", self._fix.done_text(self._before), event, status)

    def _first_look(self) -> Live:
        """All that `refusal` judges; nothing of it older than a list may be."""
        needs = self._fix.first_needs(self._before, self._shop.source)
        live = self._look(needs)
        if self._trail.turned_back and not self._fix.arrived(self._before, live):
            return live
        began = time.monotonic()
        guards = self._look(self._fix.guards(live))
        if self._fix.stirred(self._before, live) or time.monotonic() - began > self._pace.list_age:
            self._forget()
            live = self._look(needs)
            guards = self._look(self._fix.guards(live))
        return {**live, **guards}

    def _back(self, reason: str, gone: bool = False) -> Ending:
        """Puts everything back. Unless something was `gone`, that may take no call."""
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
            if gone or self._trail.turned_back:
                self._read_back(goals, "Read back: is it as it was?")
                if self._fix.arrived(self._before, self._look(self._fix.needs)):
                    return self._arrived()
        except (NotDone, Stuck, Unseen) as trouble:
            return self._attention(f"{reason} Putting back: {trouble}", unreached=isinstance(trouble, Unseen))
        if self._in_flight:
            return self._attention(f"{reason} {_LATE}")
        if not gone and not self._trail.turned_back:
            return self._unchanged(reason)
        lost = self._fix.lost_text(self._before)
        *_, put_back = self._fix.closing
        return Ending("failed", f"Put back as it was{f', except {lost}' if lost else ''}: {reason}", put_back)

    def _unchanged(self, reason: str) -> Ending:
        return Ending("failed", f"Nothing was changed: {reason}", self._fix.closing[2])

    def _attention(self, reason: str, unreached: bool = False) -> Ending:
        was, found = self._fix.was_text(self._before), self._fix.is_text(self._seen)
        text = (
            f"Needs attention: {reason} Before: {was} Last seen: {found} Everything needed to put it back is in the "
            "journal; applying the plan again goes on from here."
        )
        return Ending("needs_attention", text, self._fix.closing[2], unreached=unreached)

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
        tries, said, before_it = 0, "", self._in_flight
        live = self._look(goal.needs)
        while True:
            verdict = goal.look(live)
            if verdict.conflict is not None:
                raise Stuck(verdict.conflict)
            if verdict.met:
                if goal.ours and kind == "do" and not self._made(goal):
                    raise Stuck(_NOT_OURS.format(" and ".join(call.title.lower() for call in goal.calls())))
                self._in_flight = before_it
                return
            if verdict.todo != todo:
                todo, tries = verdict.todo, 0
            if tries >= self._pace.attempts:
                raise NotDone(said)
            looked = self._look((*goal.needs, *goal.careful))
            if (harm := goal.harm(looked, self._called)) is not None:
                raise Stuck(harm)
            outcome = self._send(todo[0], goal, kind)
            tries += 1
            said = f"{todo[0].title}: {outcome.text}"
            self._in_flight = self._in_flight or outcome.in_flight
            if (outcome.retry_after or 0.0) > self._pace.longest_busy:
                raise NotDone(f"{said} It asks to be left alone for {outcome.retry_after:,.0f} seconds.")
            if outcome.kind not in ("answered", "refused"):
                self._pace.wait(tries, outcome.retry_after)
            live = self._look(goal.needs)
            if outcome.kind == "answered":
                live = self._until_shown(goal, live, todo)
            unmoved = goal.look(live).todo == todo
            if unmoved and outcome.kind == "refused":
                raise NotDone(said)
            if unmoved and outcome.kind == "answered":
                self._in_flight = True  # it may show later
                raise NotDone(f"{todo[0].title}: the shop said it was done, but it does not show.")

    def _made(self, goal: Goal) -> bool:
        """May a call of this fix, now or before it was interrupted, have brought the goal about?"""
        return any(self._trail.may_have_changed(call.request) for call in goal.calls())

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
        self._called = True
        try:
            answer = self._shop.send(call.request)
            outcome = Outcome("answered", answered(answer))
        except SourceError as error:
            outcome = outcome_of(error)
            outcome = replace(outcome, text=self._fix.told(self._before, outcome.text))
            if outcome.kind == "unsent":
                self._shop.reconnect()
        except ReadOnlySource as error:
            outcome = Outcome("refused", str(error))
        self._forget(goal.leaves if outcome.kind == "answered" and kind == "do" else ())
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

    def _forget(self, kept: Collection[str] = ()) -> None:
        """From now on everything is read anew, but for what is `kept`."""
        self._fresh = time.monotonic()
        self._current = {need: found for need, found in self._current.items() if need in kept}

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
