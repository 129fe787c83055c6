"""The nouns of fixing: a fix, what it plans, the goals it reaches, and whether its button is available.

A fix is a list of goals: states of the shop that can be looked at. A goal knows what is still to be sent until the shop
is so. The engine (`checks.fixes.engine`) looks, sends what is missing, and looks again; that is why an answer that never
came, a crash or a second application need no cases of their own. What is written here has no I/O.

A new fix is one file in `checks.fixes.kinds` with one subclass of `Fix`, entered in `checks.fixes.catalogue`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from checks.errors import UsageError
from checks.findings import OPEN_STATUSES
from checks.sources.request import Request

if TYPE_CHECKING:
    from checks.fixes.inputs import Input
    from checks.fixes.shop import Shop
    from checks.settings_sources import OrestoSource

#: safe: can be put back exactly, and nobody outside notices more than the repair. confirm: something of it cannot be put
#: back, or others notice. irreversible: it cannot be undone.
Klass = Literal["safe", "confirm", "irreversible"]
CLASSES: tuple[Klass, ...] = ("safe", "confirm", "irreversible")

#: What a plan stands under that was made without findings: what a new wholesaler has and the shop lacks.
ONBOARDING = "onboarding"

#: What was read of one key, by need: `own`, `linked`, `client_prices` ... (see `checks.fixes.shop`).
Live = Mapping[str, Any]

#: What a plan keeps of one key: JSON, everything that is needed to put it back.
Before = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One write, with what it does in words."""

    title: str
    request: Request


@dataclass(frozen=True)
class Verdict:
    """How far the shop is from a goal.

    Attributes:
        todo: what is still to be sent; empty when the shop is there.
        conflict: why no call can bring it there.
        remark: what could not be judged.
        differs: it is there, but not quite as it was, and no call mends that. The goal counts as reached, so that the
            ones after it are reached too; the last read-back tells a person.
    """

    todo: tuple[Call, ...] = ()
    conflict: str | None = None
    remark: str | None = None
    differs: str | None = None

    @property
    def met(self) -> bool:
        return not self.todo and self.conflict is None


class Goal(ABC):
    """A state of the shop that a fix wants for one key.

    Attributes:
        needs: what must be read to judge it.
        careful: what must be read besides before a call of it goes: what other people may have done meanwhile.
        compensation: the requests that undo it; they stand in the journal before the call.
        instead: another way to the same state, tried when this one is refused.
        ours: it makes something new. Where that is there without a call of this fix, somebody else made it, and a person
            has to know: undoing it would take theirs.
        leaves: what a call of it that was answered does not change: it need not be read anew. For long lists.
    """

    needs: tuple[str, ...]
    careful: tuple[str, ...] = ()
    compensation: tuple[Request, ...] = ()
    instead: Goal | None = None
    ours: bool = False
    leaves: tuple[str, ...] = ()

    @abstractmethod
    def look(self, live: Live) -> Verdict:
        """What is still to be sent, in order, given what was read."""

    @abstractmethod
    def calls(self) -> tuple[Call, ...]:
        """What a plan shows beforehand: all that has to be sent where nothing of it is there yet."""

    def harm(self, live: Live, at_once: bool) -> str | None:
        """What a call of it would undo or take along that somebody else did, as a sentence; None when nothing.

        `at_once`: a call of this fix went out just before, so what is not as expected may be its doing.
        """
        return None

    def moved(self, live: Live) -> str | None:
        """How the shop differs from this goal, which was reached once; None when it does not."""
        verdict = self.look(live)
        if verdict.conflict or verdict.differs:
            return verdict.conflict or verdict.differs
        return None if verdict.met else f"it would have to be done again: {verdict.todo[0].title}."


@dataclass(frozen=True)
class Availability:
    """May the fix's button be pressed for this finding? If not: why not, and the step that unblocks it."""

    available: bool
    reasons: tuple[str, ...] = ()
    step: str | None = None

    @classmethod
    def no(cls, reason: str, step: str) -> Availability:
        return cls(False, (reason,), step)


@dataclass(frozen=True)
class Task:
    """One key to plan for.

    Attributes:
        findings: its open findings of the plan's check, rows of `KEPT`; a product may lack several references.
        related: those of the fix's other checks.
        options: what a person chose.
        languages: that every product text must have.
        given: what is to be created, where there is no finding.
        chosen: the id of the central product that a person chose for it; None where its code alone says which.
    """

    key: str
    findings: tuple[Mapping[str, Any], ...]
    related: tuple[Mapping[str, Any], ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    chosen: int | None = None


@dataclass(frozen=True)
class Planned:
    """What planning one key gives when it can be done.

    Attributes:
        lost: sentences: what undoing it could not restore.
        undo: how it is undone, or why it cannot be.
        repairs: ids of the findings that it closes; None: all findings of its task.
        pictures: kept beside the journal under their SHA-256.
    """

    key: str
    title: str | None
    klass: Klass
    before: Before
    consequences: tuple[str, ...]
    lost: tuple[str, ...] = ()
    undo: str = ""
    repairs: tuple[str, ...] | None = None
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class NotPlanned:
    """Why a key is left to a person, with the step that helps."""

    key: str
    reason: str


class Fix(ABC):
    """One way to repair. Stateless; `before` is what its plan kept of one key.

    Attributes:
        id, title: its name, and what it does.
        verb, button, past: what its button says, alone and around a count, and what is said when it is done.
        once: what became of it, where it is told that something changed since.
        thing: what it touches, `product`.
        checks: the checks whose findings it repairs; none where it creates what is not there (`plan_new`).
        needs: what is read of the live state before anything is sent, to refuse what moved since the plan.
        options: names of what it needs from a person; one that ends in `_` begins any name.
        not_with: other checks -> why a key with an open finding of that check is left to a person.
        list_age: how old a list may be, in seconds, before anything is sent, where that is more than `Pace.list_age`: of
            what the shop itself refuses to have twice.
        closing: the status and the event that its findings get when it is done, the events when it failed and when it
            was put back.
    """

    id: str
    title: str
    verb: str
    button: str
    past: str
    once: str = "repaired"
    thing: str = "product"
    checks: tuple[str, ...]
    needs: tuple[str, ...]
    options: tuple[str, ...] = ()
    not_with: Mapping[str, str] = MappingProxyType({})
    list_age: float = 0.0
    closing: tuple[str, str, str, str] = ("fixed", "fixed", "fix-failed", "put-back")

    def available(self, finding: Mapping[str, Any], source: OrestoSource) -> Availability:
        """Can this finding (a row of `KEPT`) be fixed now? Judged from the finding alone, without a request."""
        if finding["status"] == "fixed":
            return Availability.no("It is fixed already.", "Run a health check to look anew.")
        if finding["status"] not in OPEN_STATUSES:
            return Availability.no(f"Somebody set it aside: {finding['status']}.", "Reopen it first.")
        if source.read_only:
            return Availability.no(
                f"The settings forbid writing to {source.name}.",
                "Set read_only = false for this source.",
            )
        return self.fits(finding)

    def fits(self, finding: Mapping[str, Any]) -> Availability:
        """Is this one of the findings that it can repair? Its check alone does not always tell."""
        return Availability(True)

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        """What it needs from a person for these findings (`KEPT`), with the likeliest choices first.

        `frames`: the newest of the source, None where one is missing; choices are made of those that are there.
        """
        return ()

    def check_options(self, options: Collection[str]) -> None:
        """Raises UsageError, naming those it has, for an option that it does not know."""
        for name in options:
            if not any(name == one or (one.endswith("_") and name.startswith(one)) for one in self.options):
                known = ", ".join(one + "..." if one.endswith("_") else one for one in self.options)
                raise UsageError(f"{self.id} has no option {name!r}. Its options: {known or 'none'}.")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Any:
        """What planning reads once for all keys: lists and lookup tables."""
        return None

    @abstractmethod
    def plan(self, shop: Shop, survey: Any, task: Task) -> Planned | NotPlanned:
        """Reads one key's live state and freezes what would be done. Sends nothing."""

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        """A last look over all keys together: two that are fine alone may not be fine together."""
        return results

    def first_needs(self, before: Before, source: OrestoSource) -> tuple[str, ...]:
        """What `refusal` judges; what else the goals need is read when they are looked at."""
        return self.needs

    @abstractmethod
    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        """Why the plan may not be applied any more: the field, the old and the new value. None when it may.

        `started`: an earlier attempt has sent calls already. As long as they show no effect, what moved is refused too.
        """

    def untouched(self, before: Before, live: Live) -> bool:
        """Where it is refused: has no earlier attempt left anything behind that a person should know of?"""
        return True

    def remade(self, before: Before, live: Live) -> bool:
        """Is what stands there not what was planned for, but something that somebody made anew after it was deleted?"""
        return False

    def stirred(self, before: Before, live: Live) -> bool:
        """Has somebody written to it since the plan, perhaps without changing it? Then shared lists are read anew."""
        return False

    def guards(self, live: Live) -> tuple[str, ...]:
        """What must be read besides `needs` while its first call could still do harm; `refusal` judges it too."""
        return ()

    def arrived(self, before: Before, live: Live) -> bool:
        """Is the shop where this fix wants it, although putting back had begun? Then it goes forward again."""
        return False

    @abstractmethod
    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        """The goals, in order."""

    @abstractmethod
    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        """The goals that put everything back, in order."""

    @abstractmethod
    def done_text(self, before: Before) -> str:
        """What stands in the journal and with the finding when the read-back agrees."""

    @abstractmethod
    def was_text(self, before: Before) -> str:
        """The state before, in words."""

    @abstractmethod
    def is_text(self, live: Live) -> str:
        """The live state in words, of whatever of `needs` was read."""

    def lost_text(self, before: Before) -> str | None:
        """What putting back could not restore, in words; None when it restores all."""
        return None

    def as_it_is(self, before: Before, live: Live) -> Before:
        """For an undo: `before` with what people may have changed since the repair and undoing leaves as it is."""
        return before

    def no_way_back(self, shop: Shop, before: Before) -> str | None:
        """For an undo: why the shop would not take back now what it once had, as a sentence; None when it would."""
        return None

    def not_undoable(self, before: Before) -> str | None:
        """Why it cannot be undone once it is done, as a sentence; None when it can."""
        return None

    def told(self, before: Before, text: str) -> str:
        """What a shop said, as the journal may keep it: a fix about people masks what is theirs."""
        return text


@dataclass(frozen=True)
class PlanItem:
    """One key of a plan.

    Attributes:
        fix_id: its row in the journal.
        requests: what will be sent when nothing moved, in order; `compensation`: what undoes them.
        consequences, lost: sentences: what it means, and what undoing cannot restore.
        undo: how it is undone, or why it cannot be.
    """

    key: str
    title: str | None
    klass: Klass
    requests: tuple[Request, ...]
    consequences: tuple[str, ...]
    finding_id: str | None
    fix_id: str = ""
    lost: tuple[str, ...] = ()
    undo: str | None = None
    compensation: tuple[Request, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A frozen plan.

    Attributes:
        not_planned: pairs of key and reason.
        notes: sentences about the plan as a whole.
        kind: `do`, or `undo` where it undoes fixes that were done.
        scope: `keys` where a person named them, `all` where they said all: then only the safe ones are begun unless
            they ask for more.
    """

    id: str
    fix: str
    check: str
    source: str
    items: tuple[PlanItem, ...]
    not_planned: tuple[tuple[str, str], ...]
    created_at: datetime
    created_by: str
    notes: tuple[str, ...] = ()
    kind: Literal["do", "undo"] = "do"
    scope: Literal["keys", "all"] = "keys"

    def count(self, klass: Klass) -> int:
        """How many of its keys are of this class."""
        return sum(item.klass == klass for item in self.items)

    @property
    def classes(self) -> tuple[Klass, ...]:
        """The classes that are begun unless a person says otherwise."""
        return ("safe",) if self.scope == "all" and self.kind == "do" else CLASSES
