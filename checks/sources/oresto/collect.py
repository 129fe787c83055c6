"""Collects Oresto: one collector a frame, several at once within `max_connections`, pages turned into frames as they come.

A collector that fails leaves its frame missing and says why; the others go on. What the wire brought beside or instead
of the known shape is reported as drift, and columns that cannot be trusted as unusable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime

import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES, Collected, Drift
from checks.progress import Progress
from checks.sources.oresto import collect_assortment as of_products
from checks.sources.oresto import collect_lookups as of_tables
from checks.sources.oresto import collect_trade as of_trade
from checks.sources.oresto import wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect_lookups import LOOKUP_PATHS
from checks.sources.oresto.collecting import Task
from checks.sources.oresto.trust import KINDS, keyed, trust

#: Frame -> what collects it, in the order in which they start.
COLLECTORS: dict[str, Callable[[Task], pl.DataFrame]] = {
    **dict.fromkeys(LOOKUP_PATHS, of_tables.lookup),
    "products": of_products.assortment,
    "linked_products": of_products.assortment,
    "central_products": of_products.central_products,
    "central_eans": of_products.central_eans,
    "supplier_articles": of_products.supplier_articles,
    "photos": of_products.photos,
    "orders": of_trade.orders,
    "error_logs": of_trade.error_logs,
}
FRAME_NAMES = tuple(COLLECTORS)

#: The frames whose fields `sample` can look at.
SAMPLED_FRAMES = tuple(KINDS)


def sample(client: OrestoClient, frame: str) -> tuple[int, tuple[Drift, ...]]:
    """How many rows of a first small page were looked at, and what differs from the known fields."""
    kind = KINDS[frame]
    path = {**of_products.PATHS, "photos": "ProductPhotos", "orders": client.source.orders_path}[frame]
    params = {"Page": str(client.first_page), "PageSize": "50"} if frame != "photos" else {}
    if frame == "orders":
        params["Processed"] = "false"
    rows, shape = client.read(path, params, lambda raw: wire.decode_rows(raw, kind))
    return len(rows), shape.drift(wire.known_names(kind), wire.KNOWN_EXTRAS[kind])


def collect(
    client: OrestoClient,
    *,
    names: Collection[str] = FRAME_NAMES,
    previous: Callable[[str], pl.DataFrame | None] = lambda frame: None,
    now: datetime,
    progress: Progress,
) -> Iterator[Collected]:
    """Collects the frames `names`, each as soon as it is ready.

    Args:
        previous: the last snapshot of a frame that can be read incrementally, None for a full read.
        now: the moment of the run, aware.

    Raises Stopped when a person asked for it; everything else that goes wrong is in the `Collected`.
    """
    source, connections = client.source.name, client.source.max_connections
    _probe(client)
    pages, frames = ThreadPoolExecutor(connections, "page"), ThreadPoolExecutor(min(4, connections), "frame")
    tasks = [
        Task(frame, client.counted(), pages, progress, previous(frame), now)
        for frame in FRAME_NAMES
        if frame in names
    ]
    for task in tasks:
        progress.step(source, task.frame, 0, None, "waiting")
    running = {frames.submit(_collect_one, task) for task in tasks}
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


def _probe(client: OrestoClient) -> None:
    """Finds the first page's number once for all. What goes wrong here goes wrong again, and is told, in each collector."""
    with suppress(SourceError):
        _ = client.first_page


def _collect_one(task: Task) -> Collected:
    spec, source, started = FRAMES[task.frame], task.client.source.name, time.monotonic()
    task.progress.check_stop()
    task.show(0)
    try:
        collected = COLLECTORS[task.frame](task)
        data, keyless = keyed(source, task.frame, collected, task.shape.empty)
    except SourceError as error:
        task.progress.step(source, task.frame, 0, None, "failed")
        return Collected(
            source,
            task.frame,
            "failed",
            None,
            task.client.requests,
            time.monotonic() - started,
            _without_source(error),
        )
    drift, unusable = trust(task.frame, data, task.shape, keyless, incremental=task.mode != "full")
    unusable |= task.unusable
    if keyless is not None:
        task.messages.append(f"{keyless} They were left out.")
    task.progress.step(source, spec.name, data.height, data.height, "done")
    return Collected(
        source,
        task.frame,
        "ok",
        data,
        task.client.requests,
        time.monotonic() - started,
        " ".join(task.messages) or None,
        drift,
        unusable,
        task.mode,
    )


def _without_source(error: SourceError) -> str:
    """The frame's row already names the source."""
    return str(error).removeprefix(f"{error.source}: ")
