"""What one health check brought, as plain data, for any form it is told in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Example:
    """One finding. `touches` is what hangs on it, in words; `name` only that of a product."""

    id: str
    severity: str
    title: str
    key: str
    name: str | None
    message: str
    since: datetime
    touches: str | None
    address: str
    thing: str | None  # the address of what it is about


@dataclass(frozen=True)
class CheckNews:
    """What one check found for the first time, and again. `severity` is the gravest of these."""

    check: str
    title: str
    severity: str
    new: int
    back: int
    examples: tuple[Example, ...]
    address: str


@dataclass(frozen=True)
class Fixed:
    """Findings of a check that are no more; `by` is None where nobody used a fix and the check found it right."""

    title: str
    count: int
    by: str | None


@dataclass(frozen=True)
class Ended:
    """A decision that holds no longer, and its finding with it."""

    kind: str
    why: str
    by: str
    reason: str | None
    finding: Example


@dataclass(frozen=True)
class EndedNews:
    """Decisions on findings of one check that ended; `examples` are those that weigh most."""

    check: str
    title: str
    count: int
    examples: tuple[Ended, ...]
    address: str


@dataclass(frozen=True)
class Gap:
    """What was not collected, or which checks could not run, for one reason."""

    titles: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Waiting:
    """Orders that nobody processed. `passed` are past their delivery day; `passed_value` in euro, None where unknown."""

    count: int
    oldest: datetime | None
    passed: int = 0
    passed_value: float | None = None


@dataclass(frozen=True)
class News:
    """All there is to say of one run. Moments are aware; counts leave disabled checks out."""

    run_id: str
    at: datetime
    status: str  # complete | partial | failed
    message: str | None
    sources: tuple[str, ...]
    url: str
    previous: datetime | None = None  # when the finished run before ended
    score: int | None = None
    score_before: int | None = None
    score_words: str = ""
    areas: Mapping[str, int] = field(default_factory=dict)
    open: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[CheckNews, ...] = ()
    new: Mapping[str, int] = field(default_factory=dict)  # by severity, what is back among them
    back: int = 0
    fixed: tuple[Fixed, ...] = ()
    ended: tuple[EndedNews, ...] = ()
    not_collected: tuple[Gap, ...] = ()
    not_judged: tuple[Gap, ...] = ()
    oldest: tuple[Example, ...] = ()
    waiting: Waiting | None = None
    attention: int = 0  # fixes that wait for a person

    @property
    def anything(self) -> bool:
        """Is there any news?"""
        return bool(self.checks or self.fixed or self.ended)
