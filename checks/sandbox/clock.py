"""The sandbox's clock: the machine's, set forward by as much as a test likes, and never twice the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_TICK = timedelta(microseconds=1)


def machine_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """What the sandbox thinks the time is. May be asked from any thread.

    Args:
        source: gives aware moments; the machine's clock when None.
    """

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or machine_time
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Back to the source's own time."""
        self._ahead = timedelta()
        self._last: datetime | None = None

    def now(self) -> datetime:
        """The moment it is, in UTC: later than the one given before, be it by a microsecond."""
        with self._lock:
            now = self._source().astimezone(UTC) + self._ahead
            if self._last is not None and now <= self._last:
                now = self._last + _TICK
            self._last = now
            return now

    def advance(self, step: timedelta) -> None:
        """Sets the clock forward; a negative step sets it back, as a server with a wrong clock does."""
        with self._lock:
            self._ahead += step
            if step < timedelta():
                self._last = None
