"""How long work says how far it is, and how a person stops it.

The base class does nothing: notebooks and tests pass it as it is. The command line draws bars, the store keeps the
rows for the dashboard; both override `step`. `Together` hands each step to several.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Literal

from checks.errors import Stopped

State = Literal["waiting", "running", "done", "failed"]


class Progress:
    """Receives steps; raises `Stopped` at the next step after `stop()`. Safe to call from several threads."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        """`done` of `total` units (None: not known yet) of `step` are finished."""

    def stop(self) -> None:
        """Asks the work to end after what it is doing now."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Waits that long, or until a stop is asked for."""
        self._stop.wait(seconds)

    def check_stop(self) -> None:
        if self.stopping:
            raise Stopped("Stopped on request. What was finished before is kept.")


class Together(Progress):
    """Several receivers as one; a stop asked of any stops the work."""

    def __init__(self, *receivers: Progress) -> None:
        super().__init__()
        self._receivers = receivers

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        for receiver in self._receivers:
            receiver.step(source, step, done, total, state)

    @property
    def stopping(self) -> bool:
        return super().stopping or any(receiver.stopping for receiver in self._receivers)


@contextmanager
def heeding_signals(progress: Progress, told: Callable[[], None]) -> Iterator[None]:
    """Inside, the first SIGINT or SIGTERM asks `progress` to stop (and is `told`), a second one raises KeyboardInterrupt.

    In another than the main thread, where signals never arrive, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if progress.stopping:
            raise KeyboardInterrupt
        progress.stop()
        # from a thread of its own: the signal may have come in the middle of writing to the very same stream
        threading.Thread(target=told, daemon=True).start()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
