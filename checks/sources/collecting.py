"""Collects one source: one collector a frame, several at once within `max_connections`.

A collector that fails leaves its frame missing and says why; the others go on. One that may not ask at this hour is
deferred. What the wire brought beside or instead of the known shape is reported as drift, and columns that cannot be
trusted as unusable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from typing import Any

from checks.errors import Deferred, SourceError
from checks.frames import FRAMES, Collected, Drift
from checks.progress import Progress
from checks.sources.client import Client
from checks.sources.system import System
from checks.sources.task import Doubt, Known, NoPast, Past, Run, Task, fitting
from checks.sources.trust import keyed

__all__ = ["Doubt", "Known", "NoPast", "Past", "Run", "Task", "collect_frames", "fitting"]


def collect_frames(
    system: System,
    client: Client[Any],
    *,
    names: Collection[str] | None = None,
    past: Past | None = None,
    credible: Callable[[Collected], Collected] = lambda one: one,
    now: datetime,
    progress: Progress | None = None,
) -> Iterator[Collected]:
    """Collects the frames `names` of one source (all where None), each as soon as it is ready.

    Args:
        past: what earlier runs left, to build upon; None reads everything whole.
        credible: turns what cannot be believed into a failure, before another collector builds on it.
        now: the moment of the run, aware.

    Raises Stopped when a person asked for it; everything else that goes wrong is in the `Collected`.
    """
    source, connections = client.source.name, client.source.max_connections
    progress = progress or Progress()
    if system.before is not None:
        with suppress(SourceError):
            system.before(client)
    pages, frames = ThreadPoolExecutor(connections, "page"), ThreadPoolExecutor(min(4, connections), "frame")
    run = Run(past or NoPast(), tuple(one for one in system.collectors if names is None or one in names))
    for frame in run.order:  # all are known before any of them starts
        run.tasks[frame] = system.task(frame, client.counted(), pages, progress, run, now)
        run.results[frame] = Future()
        progress.step(source, frame, 0, None, "waiting")
    running = {frames.submit(_publish, system, task, credible) for task in run.tasks.values()}
    try:
        while running:
            # short waits: an untimed one keeps Ctrl+C from being heard
            done, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    except (
        BaseException
    ):  # interrupted, or the caller gave up: who still waits for the server is not waited for
        progress.stop()
        raise
    finally:
        for pool in (frames, pages):
            pool.shutdown(wait=False, cancel_futures=True)


def _publish(system: System, task: Task[Any], credible: Callable[[Collected], Collected]) -> Collected:
    """Collects, and hands the result to those that wait for it."""
    result = task.run.results[task.frame]
    try:
        found = credible(_collect_one(system, task))
    except BaseException as error:  # for who waits too; it goes on here
        result.set_exception(error)
        raise
    result.set_result(found)
    return found


def _collect_one(system: System, task: Task[Any]) -> Collected:
    spec, source, started = FRAMES[task.frame], task.client.source.name, time.monotonic()
    task.progress.check_stop()
    task.show(0)
    try:
        collected = system.today(task) if system.today is not None else None
        if collected is None:
            collected = system.collectors[task.frame](task)
        data, keyless = keyed(source, task.frame, collected, task.shape.empty)
    except SourceError as error:
        task.progress.step(source, task.frame, 0, None, "failed")
        return Collected(
            source,
            task.frame,
            "deferred" if isinstance(error, Deferred) else "failed",
            None,
            task.client.requests,
            time.monotonic() - started,
            _without_source(error),
            bytes=task.client.bytes_received,
        )
    drift, unusable = system.trust.judge(
        task.frame, data, task.shape, keyless, incremental=task.mode != "full"
    )
    unusable |= task.unusable
    if keyless is not None:
        task.messages.append(f"{keyless} They were left out.")
    task.progress.step(source, spec.name, data.height, data.height, "done")
    base = None if task.mode == "full" else task.base or task.known
    return Collected(
        source,
        task.frame,
        "ok",
        data,
        task.client.requests,
        time.monotonic() - started,
        " ".join(task.messages) or None,
        drift if base is None else _still_known(base.drift, drift),
        unusable,
        task.mode,
        read_at=(task.read_at or task.now) if base is None or task.asked else base.read_at,
        full_at=task.now if base is None else base.full_at,
        expected=task.expected,
        carried_from=base.run_id if base is not None and task.mode == "carried" else None,
        bytes=task.client.bytes_received,
        since=task.since,
        server_at=task.server_at,
    )


def _still_known(before: Iterable[Drift], now: Iterable[Drift]) -> tuple[Drift, ...]:
    """What differed in the last snapshot stays told: a few changed rows do not show whether it still does."""
    told = {(one.field, one.kind): one for one in (*now, *before)}
    return tuple(told.values())


def _without_source(error: SourceError) -> str:
    """The frame's row already names the source."""
    return str(error).removeprefix(f"{error.source}: ")
