"""The nouns of fixing: a fix, what it plans, the goals it reaches, and whether its button is available.

A fix is a list of goals: states of the shop that can be looked at. A goal knows what is still to be sent until the shop
is so. The engine (`checks.fixes.engine`) looks, sends what is missing, and looks again; that is why an answer that never
came, a crash or a second application need no cases of their own. What is written here has no I/O.

A new fix is one file with one subclass of `Fix`, entered in `checks.fixes.FIXES`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from checks.sources.http import Request

if TYPE_CHECKING:
    from checks.fixes.shop import Shop
    from checks.settings import OrestoSource

#: safe: can be put back exactly. confirm: something of it cannot. irreversible: nothing can.
Klass = Literal["safe", "confirm", "irreversible"]

#: What was read of one key, by need: `own`, `linked`, `central`, `photos`, `pictures`, `client_prices`,
#: `references` (see `Shop.look`).
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
        compensation: the requests that undo it; they stand in the journal before the call.
        instead: another way to the same state, tried when this one is refused.
    """

    needs: tuple[str, ...]
    compensation: tuple[Request, ...] = ()
    instead: Goal | None = None

    @abstractmethod
    def look(self, live: Live) -> Verdict:
        """What is still to be sent, in order, given what was read."""

    def calls(self) -> tuple[Call, ...]:
        """What a plan shows beforehand."""
        return ()


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
class Planned:
    """What planning one key gives when it can be done. `pictures` are kept beside the journal under their SHA-256."""

    key: str
    title: str | None
    klass: Klass
    before: Before
    consequences: tuple[str, ...]
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class NotPlanned:
    """Why a key is left to a person, with the step that helps."""

    key: str
    reason: str


class Fix(ABC):
    """One way to repair. Stateless; `before` is what its plan kept of one key.

    Attributes:
        id, title, verb: its name, what it does, and what its button says before the count.
        checks: the checks whose findings it repairs.
        needs: what is read of the live state before anything is sent, to refuse what moved since the plan.
        options: names of what it needs from a person.
        not_with: other checks -> why a key with an open finding of that check is left to a person.
    """

    id: str
    title: str
    verb: str
    checks: tuple[str, ...]
    needs: tuple[str, ...]
    options: tuple[str, ...] = ()
    not_with: Mapping[str, str] = MappingProxyType({})

    @abstractmethod
    def available(self, finding: Mapping[str, Any], source: OrestoSource) -> Availability:
        """Can this finding (a row of `KEPT`) be fixed now? Judged from the finding alone, without a request."""

    @abstractmethod
    def survey(self, shop: Shop, keys: Collection[str]) -> Any:
        """What planning reads once for all keys: lists and lookup tables."""

    @abstractmethod
    def plan(self, shop: Shop, survey: Any, key: str) -> Planned | NotPlanned:
        """Reads one key's live state and freezes what would be done. Sends nothing."""

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        """A last look over all keys together: two that are fine alone may not be fine together."""
        return results

    @abstractmethod
    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        """Why the plan may not be applied any more: the field, the old and the new value. None when it may.

        `started`: an earlier attempt has sent calls already.
        """

    def stirred(self, before: Before, live: Live) -> bool:
        """Has somebody written to it since the plan, perhaps without changing it? Then shared lists are read anew."""
        return False

    def guards(self, live: Live) -> tuple[str, ...]:
        """What must be read besides `needs` while its first call could still do harm; `refusal` judges it too."""
        return ()

    def arrived(self, live: Live) -> bool:
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


@dataclass(frozen=True)
class PlanItem:
    """One key of a plan. `requests` are what will be sent when nothing moved, in order."""

    key: str
    title: str | None
    klass: Klass
    requests: tuple[Request, ...]
    consequences: tuple[str, ...]
    finding_id: str | None


@dataclass(frozen=True)
class Plan:
    """A frozen plan. `not_planned` are pairs of key and reason; `notes` concern the plan as a whole."""

    id: str
    fix: str
    check: str
    source: str
    items: tuple[PlanItem, ...]
    not_planned: tuple[tuple[str, str], ...]
    created_at: datetime
    created_by: str
    notes: tuple[str, ...] = ()
