"""The one worker of a source: waits for its turn, hears pause and stop, says how far it is, stops by itself.

Fixes of one source are carried out one after the other by one worker, whoever asked for them, in whichever process and
on whichever machine that shares the store. A second one waits until the first is done.
"""

from __future__ import annotations

import os
import socket
import sys
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from checks.fixes.outcomes import Pace
from checks.heartbeat import Heartbeat
from checks.progress import Progress
from checks.store import Store

_SPACE = Path("/proc/self/ns/pid")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def now() -> datetime:
    return datetime.now(UTC)


def identity() -> str:
    """A name for one worker: machine, process, the space its process number counts in, and a number of its own."""
    return f"{_place()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def are_gone(workers: Iterable[str | None]) -> list[str]:
    """Those that certainly live no more: their process was one of this machine, and is not there."""
    return [worker for worker in workers if worker and _is_gone(worker)]


def _place() -> str:
    """Where process numbers mean what they mean here; without the last part where that cannot be told.

    The name of a machine is not enough: two may have the same, and a restart counts anew.
    """
    told = sys.platform == "linux" and _SPACE.exists() and _BOOT.exists()
    space = f"{_BOOT.read_text()[:8]}-{_SPACE.readlink().name.strip('pid:[]')}" if told else ""
    return f"{socket.gethostname()}/{space}"


def _is_gone(worker: str) -> bool:
    place, _, number = worker.rpartition(":")[0].rpartition(":")
    # another machine or container counts its processes anew; Windows has no harmless way to ask
    if sys.platform == "win32" or not place.rpartition("/")[2] or place != _place():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError):
        return False
    return False


class Turn:
    """The right to carry out fixes on a source. A context manager: it waits until no other worker has it.

    `turn.is_mine` is False when a person stopped it while it waited.
    """

    def __init__(
        self, store: Store, source: str, plan_id: str, by: str, total: int, progress: Progress, pace: Pace
    ) -> None:
        self.worker = identity()
        self.is_mine = False
        self._store = store
        self._source = source
        self._about = (plan_id, by, total)
        self._progress = progress
        self._pace = pace
        self._heartbeat = Heartbeat(self._beat, pace.beat, source)

    def __enter__(self) -> Turn:
        began = now()
        while not self._progress.stopping and not self._stopped_since(began):
            other = self._store.workers.of(self._source)
            plan_id, by, total = self._about
            self.is_mine = self._store.workers.take(
                self._source,
                self.worker,
                plan_id,
                by,
                total,
                now(),
                stale_after=self._pace.stale_after,
                gone=are_gone([other["worker"] if other else None]),
            )
            if self.is_mine:
                self._heartbeat.__enter__()
                break
            if other is not None:
                words = f"Waiting: {other['by']} has {self._source} repaired"
                self._progress.step(self._source, words, other["done"], other["total"], "waiting")
            self._pace.sleep(self._pace.poll)
        return self

    def _stopped_since(self, moment: datetime) -> bool:
        """Did a person stop this very plan while it waited? Then that was meant for this worker too."""
        plan = self._store.journal.plan(self._about[0])
        return plan is not None and plan["stopped_at"] is not None and plan["stopped_at"] >= moment

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.is_mine:
            self._heartbeat.__exit__()
            self._store.workers.leave(self._source, self.worker)

    def goes_on(self, done: int) -> bool:
        """Asked before each fix, `done` being how many are worked through. Waits while a person wants a pause.

        False: a person asked to stop, or another worker took the source over.
        """
        wish = self._beat(done=done)
        if wish == "pause":
            while wish == "pause" and not self._progress.stopping:
                wish = self._beat(state="paused")
                self._pace.sleep(self._pace.poll)
            wish = self._beat(state="running")
        return wish == "go" and not self._progress.stopping

    def _beat(self, **values: object) -> str | None:
        return self._store.workers.beat(self._source, self.worker, now(), **values)


class Failures:
    """Counts how many failed, and says when it is better to stop."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.ended = self.failed = 0

    def count(self, failed: bool) -> None:
        self.ended += 1
        self.failed += failed

    @property
    def are_too_many(self) -> bool:
        share = self.failed / self.ended if self.ended else 0.0
        return self.failed >= self._pace.failing_least and share > self._pace.failing_share

    @property
    def text(self) -> str:
        return f"{self.failed:,} of {self.ended:,} failed"
