"""How fast requests may follow one another, whichever connection of this process makes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Spacing:
    """Keeps to a rate limit: threads that come at once are let through one after the other, evenly spaced."""

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when the next request may begin."""
        if not self._seconds:
            return
        with self._lock:
            at = max(self._next_at, self._clock())
            self._next_at = at + self._seconds
        self._sleep(max(0.0, at - self._clock()))


_spacings: dict[tuple[str, float | None], Spacing] = {}
_lock = threading.Lock()


def spacing_of(source: str, per_second: float | None) -> Spacing:
    """The one that all connections to a source share: a second connection, or a new one, gets no rate of its own."""
    with _lock:
        return _spacings.setdefault((source, per_second), Spacing(per_second))
