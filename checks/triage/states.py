"""The states of a problem in the error log, and what moves it from one to another. Pure: no clock, no store.

```
              7 days                        forecast exceeded
    new ───────────────> ongoing <─────────────────────────────> escalating
                          ^   ^                                   (open: the four of OPEN)
                   7 days │   │ its term is over, or a person reopens it
                    regressed └──────────── ignored
                          ^
                          │ a row later than the moment it was resolved
       resolved <── a day without it ── fixed_unconfirmed <── one of our fixes
```

All moments are of the server's clock, as those of its rows are. A row older than the moment of resolving never reopens
anything, whenever it is collected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

#: States that ask for somebody, the gravest first.
OPEN = ("regressed", "escalating", "new", "ongoing")
STATES = (*OPEN, "fixed_unconfirmed", "resolved", "ignored")
#: For how long a problem is new, and for how long one that came back is told apart.
FRESH = timedelta(days=7)
#: How long a problem must stay away after a fix.
QUIET = timedelta(hours=24)

#: What ends that a person ignores it.
IGNORED = ("until", "more", "escalating", "for_ever")


@dataclass(frozen=True)
class GroupState:
    """The columns of a group's state.

    Attributes:
        state: one of STATES.
        state_at: since when, by the server's clock.
        ignored: one of IGNORED where it is ignored.
        ignored_until: until which moment.
        ignored_after: at how many rows in all it comes back.
    """

    state: str
    state_at: datetime
    ignored: str | None = None
    ignored_until: datetime | None = None
    ignored_after: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def as_json(self) -> dict[str, Any]:
        """The columns as an event keeps them, so that it can be undone."""
        until = self.ignored_until
        return {
            "state": self.state,
            "state_at": self.state_at.astimezone(UTC).isoformat(),
            "ignored": self.ignored,
            "ignored_until": None if until is None else until.astimezone(UTC).isoformat(),
            "ignored_after": self.ignored_after,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> GroupState:
        """What `as_json` gave."""
        until = kept["ignored_until"]
        return cls(
            kept["state"],
            datetime.fromisoformat(kept["state_at"]),
            kept["ignored"],
            None if until is None else datetime.fromisoformat(until),
            kept["ignored_after"],
        )


class Event(NamedTuple):
    """What happened to a group: its name, and a sentence for people."""

    name: str
    detail: str


#: The new state with the event that tells of it; None: nothing changes.
Change = tuple[GroupState, Event] | None


@dataclass(frozen=True)
class Brought:
    """What a run knows of one group.

    Attributes:
        now: when the log was read, by the server's clock.
        rows: all there ever were, those of the run included.
        after: rows that had not been seen before and are later than `state_at`.
        first_seen: the moment of the oldest row.
        escalating: do the last 24 hours exceed the forecast?
        quiet_until: until when everything from `state_at` on has been collected; None: not even its beginning.
    """

    now: datetime
    rows: int
    after: int
    first_seen: datetime
    escalating: bool = False
    quiet_until: datetime | None = None


def born(first_seen: datetime, now: datetime, rows: int) -> tuple[GroupState, Event]:
    """A group that was never seen before; one whose first row is old enough is ongoing at once."""
    said = f"First seen on {day(first_seen)}: {counted(rows)}."
    if now - first_seen >= FRESH:
        return GroupState("ongoing", first_seen + FRESH), Event("found", said)
    return GroupState("new", first_seen), Event("new", said)


def after_run(was: GroupState, brought: Brought) -> Change:
    """What a run makes of a group: None where it stays as it was. Twice the same run changes nothing twice."""
    match was.state:
        case "resolved" | "fixed_unconfirmed" if brought.after > 0:
            since = "resolved" if was.state == "resolved" else "fixed"
            said = f"Came back: {counted(brought.after)} since it was {since} on {day(was.state_at)}."
            return GroupState("regressed", brought.now), Event("regressed", said)
        case "fixed_unconfirmed":
            return _confirmed(was, brought)
        case "ignored":
            return _ignored_no_more(was, brought)
        case "new":
            if brought.escalating:
                return _escalated(brought)
            if brought.now - brought.first_seen >= FRESH:
                said = f"Known for {FRESH.days} days: no longer new."
                return GroupState("ongoing", brought.now), Event("ongoing", said)
        case "regressed" if brought.now - was.state_at >= FRESH:
            if brought.escalating:
                return _escalated(brought)
            said = f"Back for {FRESH.days} days: it goes on."
            return GroupState("ongoing", brought.now), Event("ongoing", said)
        case "ongoing" if brought.escalating:
            return _escalated(brought)
        case "escalating" if not brought.escalating:
            return GroupState("ongoing", brought.now), Event("calmed", "Its volume is as usual again.")
    return None


def resolve(was: GroupState, at: datetime, reason: str | None = None) -> Change:
    """A person says that it is over."""
    if was.state == "resolved":
        return None
    return GroupState("resolved", at), Event("resolved", _with_reason("Resolved", reason))


def ignore(
    was: GroupState,
    at: datetime,
    rows: int,
    *,
    until: datetime | None = None,
    more: int | None = None,
    escalating: bool = False,
    reason: str | None = None,
) -> Change:
    """A person sets it aside: until a moment, until `more` rows have come, until it escalates, else for ever."""
    if until is not None:
        new = GroupState("ignored", at, "until", ignored_until=until)
        said = f"Ignored until {day(until)}"
    elif more is not None:
        new = GroupState("ignored", at, "more", ignored_after=rows + more)
        said = f"Ignored until {counted(more)} more"
    elif escalating:
        new, said = GroupState("ignored", at, "escalating"), "Ignored until it escalates"
    else:
        new, said = GroupState("ignored", at, "for_ever"), "Ignored for ever"
    if replace(new, state_at=was.state_at) == was:
        return None
    return new, Event("ignored", _with_reason(said, reason))


def reopen(was: GroupState, at: datetime, reason: str | None = None) -> Change:
    """A person wants to see it again."""
    if was.is_open:
        return None
    return GroupState("ongoing", at), Event("reopened", _with_reason("Reopened", reason))


def fixed(was: GroupState, at: datetime, closed: Mapping[str, int]) -> Change:
    """Our fixes closed the findings that its rows come from: how many of which check."""
    if not was.is_open:
        return None
    told = [
        f"{'1 finding' if count == 1 else f'{count:,} findings'} of {check}"
        for check, count in closed.items()
    ]
    things = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    said = f"A fix closed {things} that explain it. It is resolved when a day passes without it."
    return GroupState("fixed_unconfirmed", at), Event("fixed", said)


def fix_undone(was: GroupState, at: datetime, check: str) -> Change:
    """... and that fix was undone."""
    if was.state != "fixed_unconfirmed":
        return None
    said = f"The fix was undone: findings of {check} that explain it are open again."
    return GroupState("ongoing", at), Event("fix-undone", said)


def gravest(states: list[GroupState]) -> GroupState:
    """The state of what several groups become together: the first, unless it is closed and another is open."""
    first, open_ones = states[0], [one for one in states if one.is_open]
    if first.is_open or not open_ones:
        return first
    return min(open_ones, key=lambda one: (OPEN.index(one.state), one.state_at))


def day(moment: datetime) -> str:
    """`24 Nov 2026`, on this machine's clock."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y}"


def counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _escalated(brought: Brought) -> tuple[GroupState, Event]:
    said = "More rows in 24 hours than its own history lets expect."
    return GroupState("escalating", brought.now), Event("escalating", said)


def _confirmed(was: GroupState, brought: Brought) -> Change:
    """Only time that was collected counts: of the rest nobody can tell whether it stayed away."""
    over = was.state_at + QUIET
    if brought.quiet_until is None or brought.quiet_until < over:
        return None
    said = f"A day passed without it since the fix on {day(was.state_at)}: resolved."
    return GroupState("resolved", over), Event("resolved", said)


def _ignored_no_more(was: GroupState, brought: Brought) -> Change:
    until, after = was.ignored_until, was.ignored_after
    if was.ignored == "escalating" and brought.escalating:
        return _escalated(brought)
    if was.ignored == "until" and until is not None and brought.now >= until:
        said = f"It was ignored until {day(until)}: that day has come."
    elif was.ignored == "more" and after is not None and brought.rows >= after:
        said = f"It was ignored until it had {counted(after)}: it has {brought.rows:,} now."
    else:
        return None
    return GroupState("ongoing", brought.now), Event("back", said)


def _with_reason(said: str, reason: str | None) -> str:
    return f"{said}: {reason.strip()}" if reason and reason.strip() else f"{said}."
