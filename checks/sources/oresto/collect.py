"""Collects Oresto: one collector a frame, several at once within `max_connections`, pages turned into frames as they come.

A collector that fails leaves its frame missing and says why; the others go on. What the wire brought beside or instead
of the known shape is reported as drift, and columns that cannot be trusted as unusable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES, LOOKUP_TABLES, Collected, Drift
from checks.progress import Progress
from checks.sources.oresto import collect_assortment as of_products
from checks.sources.oresto import collect_central as of_central
from checks.sources.oresto import collect_clients as of_clients
from checks.sources.oresto import collect_errors as of_errors
from checks.sources.oresto import collect_lookups as of_tables
from checks.sources.oresto import collect_one_by_one as one_by_one
from checks.sources.oresto import collect_photos as of_photos
from checks.sources.oresto import collect_trade as of_trade
from checks.sources.oresto import wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect_lookups import LOOKUP_PATHS
from checks.sources.oresto.collecting import NoPast, Past, Run, Task
from checks.sources.oresto.moments import BELGIUM
from checks.sources.oresto.trust import KINDS, keyed, trust

#: Frame -> what collects it, in the order in which they start. What another one needs (`Task.needs`) stands before it.
COLLECTORS: dict[str, Callable[[Task], pl.DataFrame]] = {
    "central_products": of_central.central_products,
    "deleted_central_products": of_central.deleted_central_products,
    "products": of_products.assortment,
    "linked_products": of_products.assortment,
    "central_eans": of_central.central_eans,
    "photos": of_photos.photos,
    "multiplicator_products": of_tables.multiplicator_products,
    "clients": of_clients.clients,
    "client_locations": of_clients.client_locations,
    "users": of_clients.users,
    "representatives": of_clients.representatives,
    "client_prices": of_clients.client_prices,
    "orders": of_trade.orders,
    "processed_orders": of_trade.processed_orders,
    "error_logs": of_errors.error_logs,
    "order_lists": one_by_one.order_lists,
    "delivery_dates": one_by_one.delivery_dates,
    # last, for they wait for products and clients, and keep nobody else waiting
    **dict.fromkeys(LOOKUP_PATHS, of_tables.lookup),
    "supplier_articles": of_central.supplier_articles,
    "category_chains": of_tables.category_chains,
}
FRAME_NAMES = tuple(COLLECTORS)

#: Read at most once a day, as the guide asks; a day begins at midnight in Belgium.
DAILY = frozenset({*LOOKUP_TABLES, "category_chains", "multiplicator_products"})

#: The frames whose fields `sample` can look at: those of structs that one request shows.
SAMPLED_FRAMES = tuple(name for name in KINDS if name not in ("client_locations", "deleted_central_products"))

_UNPAGED = {"photos": "ProductPhotos", "category_chains": of_tables.CHAINS_PATH, **of_clients.PATHS}


def sample(client: OrestoClient, frame: str) -> tuple[int, tuple[Drift, ...]]:
    """How many rows of a first small page were looked at, and what differs from the known fields."""
    kind, orders_path = KINDS[frame], client.source.orders_path
    path = {**of_products.PATHS, **_UNPAGED, "orders": orders_path, "processed_orders": orders_path}[frame]
    params = {} if frame in _UNPAGED else {"Page": str(client.first_page), "PageSize": "50"}
    if path == orders_path:
        params["Processed"] = str(frame == "processed_orders").lower()
    rows, shape = client.read(path, params, lambda raw: wire.decode_rows(raw, kind))
    return len(rows), shape.drift(wire.known_names(kind), wire.KNOWN_EXTRAS[kind])


def collect(
    client: OrestoClient,
    *,
    names: Collection[str] = FRAME_NAMES,
    past: Past | None = None,
    credible: Callable[[Collected], Collected] = lambda one: one,
    now: datetime,
    progress: Progress,
) -> Iterator[Collected]:
    """Collects the frames `names`, each as soon as it is ready.

    Args:
        past: what earlier runs left, to build upon; None reads everything whole.
        credible: turns what cannot be believed into a failure, before another collector builds on it.
        now: the moment of the run, aware.

    Raises Stopped when a person asked for it; everything else that goes wrong is in the `Collected`.
    """
    source, connections = client.source.name, client.source.max_connections
    _probe(client)
    pages, frames = ThreadPoolExecutor(connections, "page"), ThreadPoolExecutor(min(4, connections), "frame")
    run = Run(past or NoPast(), tuple(frame for frame in COLLECTORS if frame in names))
    for frame in run.order:  # all are known before any of them starts
        run.tasks[frame] = Task(frame, client.counted(), pages, progress, run, now)
        run.results[frame] = Future()
        progress.step(source, frame, 0, None, "waiting")
    running = {frames.submit(_publish, task, credible) for task in run.tasks.values()}
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


def _publish(task: Task, credible: Callable[[Collected], Collected]) -> Collected:
    """Collects, and hands the result to those that wait for it."""
    result = task.run.results[task.frame]
    try:
        found = credible(_collect_one(task))
    except BaseException as error:  # for who waits too; it goes on here
        result.set_exception(error)
        raise
    result.set_result(found)
    return found


def _collect_one(task: Task) -> Collected:
    spec, source, started = FRAMES[task.frame], task.client.source.name, time.monotonic()
    task.progress.check_stop()
    task.show(0)
    try:
        collected = _read_today(task) if task.frame in DAILY else None
        if collected is None:
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
            bytes=task.client.bytes_received,
        )
    drift, unusable = trust(task.frame, data, task.shape, keyless, incremental=task.mode != "full")
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


def _read_today(task: Task) -> pl.DataFrame | None:
    """The last snapshot, when it was read on this day in Belgium and nothing has come to name what it lacks."""
    found = task.run.past.together((task.frame,))
    if not isinstance(found, Mapping):
        return None
    known, belgium = found[task.frame], ZoneInfo(BELGIUM)
    if (
        known.read_at is None
        or known.read_at.astimezone(belgium).date() != task.now.astimezone(belgium).date()
    ):
        return None
    if task.frame in LOOKUP_PATHS and (reason := of_tables.named_since(task, known)) is not None:
        task.messages.append(reason)
        return None
    return task.carry(known, asked=False)


def _still_known(before: Iterable[Drift], now: Iterable[Drift]) -> tuple[Drift, ...]:
    """What differed in the last snapshot stays told: a few changed rows do not show whether it still does."""
    told = {(one.field, one.kind): one for one in (*now, *before)}
    return tuple(told.values())


def _without_source(error: SourceError) -> str:
    """The frame's row already names the source."""
    return str(error).removeprefix(f"{error.source}: ")
