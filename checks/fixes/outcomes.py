"""How a write ended, what that means, and how long to wait before the state is read again.

Only three endings are certain: the server says it did it, it says it did not, or the request never left. Anything else
is *unknown*: nothing is sent again before the state was read. All waiting and all limits stand in `Pace`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from checks.errors import (
    CredentialsRefused,
    NoAnswer,
    OutcomeUnknown,
    RequestRejected,
    ServerFault,
    SourceError,
    Unreachable,
)

#: answered: done. refused: certainly not done, and it will not be. busy, unsent: certainly not done, try again.
#: unknown: it may or may not have been done.
Kind = Literal["answered", "refused", "busy", "unsent", "unknown"]

#: The state of a journal step by how its call ended (checks.store.tables, fix_steps).
STEP_STATE: dict[Kind, str] = {
    "answered": "done",
    "refused": "failed",
    "busy": "failed",
    "unsent": "failed",
    "unknown": "unknown",
}


@dataclass(frozen=True)
class Pace:
    """How patient the engine is. Seconds; tests give a quicker one.

    Attributes:
        attempts: times one call is sent at most, each after the state was read.
        reads: times reading the state is tried, each with the client's own retries inside.
        first_wait, longest_wait: before the second attempt; doubled every time, up to the longest.
        longest_busy: the longest wait that a server may ask for (Retry-After); one that asks for more is left alone.
        rounds: times putting back is gone through from the start.
        unreachable_in_a_row: after so many products that could not be read, the rest is left as it is.
        beat: how often a running fix says that it is alive; after `stale_after` without, another worker may take it.
        failing_share, failing_least: a worker stops by itself when more than this share of those it worked through
            failed, once there are so many failures.
        poll: how often a worker that waits or pauses looks whether it may go on.
        list_age: how old a list of photos or client prices may be for the check before anything is sent. A price that is
            added within it is overlooked and lost, so it is short.
    """

    attempts: int = 3
    reads: int = 3
    first_wait: float = 0.5
    longest_wait: float = 15.0
    longest_busy: float = 120.0
    rounds: int = 2
    unreachable_in_a_row: int = 5
    beat: float = 5.0
    stale_after: timedelta = timedelta(seconds=60)
    failing_share: float = 0.2
    failing_least: int = 5
    poll: float = 0.5
    list_age: float = 1.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, tries: int, asked: float | None = None) -> None:
        """Waits before try number `tries` + 1, or as long as the server asked."""
        if asked is not None:
            self.sleep(min(asked, self.longest_busy))
        else:
            self.sleep(min(self.first_wait * 2 ** max(tries - 1, 0), self.longest_wait))


PACE = Pace()


@dataclass(frozen=True)
class Outcome:
    """How one call ended. `retry_after`: seconds the server asked for; `in_flight`: it may yet be done, later."""

    kind: Kind
    text: str
    retry_after: float | None = None
    in_flight: bool = False


def answered(reply: Mapping[str, Any]) -> str:
    """What the journal keeps of a reply that says it was done: the server's time, and what it says besides."""
    about = reply.get("RequestInformation")
    took = about.get("RequestDuration") if isinstance(about, Mapping) else None
    said = [
        f"{name} {value}"
        for name, value in reply.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    ]
    parts = [f"the server took {took} ms" if isinstance(took, int | float) else "", *said]
    return "; ".join(["Done", *filter(None, parts)]) + "."


def outcome_of(error: SourceError) -> Outcome:
    """What an error of `OrestoClient.send` means."""
    if isinstance(error, RequestRejected | CredentialsRefused):
        return Outcome("refused", error.happened)
    if isinstance(error, ServerFault):
        return Outcome("busy", error.happened, error.retry_after)
    if isinstance(error, Unreachable):
        return Outcome("unsent", error.happened)
    if isinstance(error, OutcomeUnknown):
        return Outcome("unknown", error.happened, in_flight=isinstance(error, NoAnswer))
    return Outcome("unknown", str(error))


class NotDone(Exception):
    """A goal was not reached and will not be: what was done before has to be put back."""


class Stuck(Exception):
    """The shop is in a state that no call of this fix leads out of: a person has to look."""


class Unseen(Exception):
    """The state could not be read, so nothing may be decided. `error`: why."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        self.error = error


class ClaimLost(Exception):
    """Another worker has taken this fix over: it is its business now."""
