"""What every collector of every system works with: its task, what earlier runs left, what this run has by now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as StillRunning
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, Literal, Protocol, TypeVar

import polars as pl
import pyarrow
from polars.exceptions import PolarsError

from checks.errors import SourceError
from checks.frames import FRAMES, Collected, Drift
from checks.progress import Progress
from checks.sources.client import Client
from checks.sources.rows import Shape

T = TypeVar("T")
C = TypeVar("C", bound=Client[Any])


@dataclass(frozen=True)
class Known:
    """The last good snapshot of a frame, with what is remembered of it.

    Attributes:
        run_id: the run that kept it.
        read_at, full_at: when the server was last asked for it, and when it was last read whole.
        drift: the fields that differed from the known shape then.
    """

    data: pl.DataFrame
    run_id: str
    read_at: datetime | None = None
    full_at: datetime | None = None
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """Why the last snapshot of a frame is not built upon: the frame is read whole, and says so."""

    reason: str


class Past(Protocol):
    """What earlier runs left that this one may build upon."""

    def together(self, frames: tuple[str, ...]) -> Mapping[str, Known] | Doubt | None:
        """Snapshots of one and the same run: the newest in which all `frames` were read well.

        None where there is none, or where the run was asked to read everything; the same answer at every call.
        """

    def last_read(self, frame: str) -> datetime | None:
        """When the server was last asked for a frame and gave it, by this machine's clock, whether or not that is
        built upon; None where it never was."""


class NoPast:
    """Everything is read whole."""

    def together(self, frames: tuple[str, ...]) -> Mapping[str, Known] | Doubt | None:
        return None

    def last_read(self, frame: str) -> datetime | None:
        return None


@dataclass
class Run:
    """What the collectors of one run share.

    Attributes:
        order: the frames of this run, in the order in which their collectors start.
        results: their futures; one that waits finds there every frame that started before it.
        tasks: theirs, by frame.
    """

    past: Past
    order: tuple[str, ...] = ()
    results: dict[str, Future[Collected]] = field(default_factory=dict)
    tasks: dict[str, Task[Any]] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)
    _once: dict[str, Future[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, name: str, make: Callable[[], T], progress: Progress) -> T:
        """What `make` gives, made by whoever asks first; the others wait for it. It may not wait for who asks later."""
        with self._lock:
            mine = name not in self._once
            future = self._once.setdefault(name, Future())
        if mine:
            try:
                made = make()
            except BaseException as error:  # everybody who asks gets it
                future.set_exception(error)
                raise
            future.set_result(made)
        found: T = heard(future, progress)
        return found


@dataclass
class Task(Generic[C]):
    """One collector at work.

    A collector returns its frame. It may say by `mode` how it was read (`carry` does for what is as it was), by
    `expected` how many rows the server counts, by `messages` what a person should know of it; that of a log by `since`
    and `server_at` what of it is known.
    """

    frame: str
    client: C
    pool: Executor
    progress: Progress
    run: Run
    now: datetime
    shape: Shape = field(default_factory=Shape)
    messages: list[str] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)
    mode: Literal["full", "changes", "carried"] = "full"
    expected: int | None = None
    base: Known | None = None  # what a frame that is not full was built on; None: `known`
    asked: bool = True  # was the server asked for it? Not for what was read today already
    since: datetime | None = None  # of a log: see `Collected`
    server_at: datetime | None = None
    read_at: datetime | None = None  # when `server_at` was told, by this machine's clock; None: at `now`

    @cached_property
    def known(self) -> Known | None:
        """This frame's last good snapshot, to build upon; None means: read it whole. A doubt is told in `messages`."""
        found = self.known_with()
        return found[self.frame] if found is not None else None

    def known_with(self, *others: str) -> Mapping[str, Known] | None:
        """The last good snapshots of this frame and `others`, all of one run; None means: read it whole."""
        found = self.run.past.together((self.frame, *others))
        if isinstance(found, Doubt):
            self.doubt(found.reason)
            return None
        return found

    def doubt(self, reason: str) -> None:
        """Says why the frame is read whole, and forgets what was seen of it so far."""
        self.messages.append(f"Read in full: {reason}")
        self.mode, self.base, self.shape = "full", None, Shape()

    @property
    def previous(self) -> pl.DataFrame | None:
        return None if self.known is None else self.known.data

    def previous_of(self, frame: str) -> pl.DataFrame | None:
        """The last good snapshot of any frame; None where there is none, or the run was asked to be full."""
        if frame == self.frame:
            return self.previous
        found = self.run.past.together((frame,))
        return None if found is None or isinstance(found, Doubt) else found[frame].data

    def needs(self, frame: str) -> pl.DataFrame:
        """Another frame of the same run. Waits for it; whoever is asked for must stand earlier in the collectors.

        Raises SourceError naming that frame when it is not there, Stopped when a person asked for it.
        """
        found = self.result(frame)
        if found.data is None:
            raise SourceError(
                self.client.source.name,
                FRAMES[self.frame].title,
                f"needs {FRAMES[frame].title}, which could not be collected: {found.message or 'no reason given'}",
            )
        return found.data

    def result(self, frame: str) -> Collected:
        """How the collector of another frame of this run ended. Waits for it, as `needs` does."""
        order = self.run.order
        if frame not in order:
            reason = "it is not collected in this run."
            return Collected(self.client.source.name, frame, "failed", message=reason)
        # Those that started before are running or done: waiting for one of them always ends, with one thread too.
        if self.frame in order and order.index(frame) >= order.index(self.frame):
            raise ValueError(f"{self.frame} needs {frame}: put {frame} before it in the collectors")
        return heard(self.run.results[frame], self.progress)

    def carry(self, known: Known | None = None, *, asked: bool = True) -> pl.DataFrame:
        """The last good snapshot as it was: nothing changed since.

        Args:
            known: which; None for this frame's `known`, which must not be None then.
            asked: the server was asked whether anything changed.
        """
        self.base = known or self.known
        if self.base is None:
            raise ValueError(f"there is no {self.frame} to carry over")
        self.mode, self.asked = "carried", asked
        return self.base.data

    def show(self, rows: int, total: int | None = None) -> None:
        self.progress.step(self.client.source.name, self.frame, rows, total)


def heard(future: Future[T], progress: Progress) -> T:
    """The future's result; a stop is heard while waiting."""
    while True:
        try:
            return future.result(timeout=0.2)
        except StillRunning:
            if future.done():
                raise  # the work's own time-out
            progress.check_stop()


@contextmanager
def fitting() -> Iterator[None]:
    """A value that fits no column (a text where a list belongs, 1e20 as an id) is an unreadable answer, not a defect."""
    try:
        yield
    except (PolarsError, TypeError, AttributeError, OverflowError, pyarrow.ArrowException) as error:
        raise ValueError(f"a value does not fit: {error}") from None
