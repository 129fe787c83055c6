"""Collects Oresto: one collector a frame, several at once within `max_connections`, pages turned into frames as they come.

A collector that fails leaves its frame missing and says why; the others go on. What the wire brought beside or instead
of the known shape is reported as drift, and columns that cannot be trusted as unusable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import polars as pl
import pyarrow
from polars.exceptions import PolarsError

from checks.errors import SourceError
from checks.frames import FRAMES, LOOKUP_TABLES, Collected, Drift
from checks.progress import Progress
from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.paging import read_pages
from checks.sources.oresto.trust import KINDS, keyed, trust

#: Asked again before the newest moment known, for what was being written while we read.
OVERLAP = timedelta(hours=1)
#: Days of error logs that a run reads back.
ERROR_LOG_DAYS = 30
_ERROR_LOG_PAGES = 400  # 20,000 rows; a noisier month is cut, and the message says so

FRAME_NAMES = (
    *LOOKUP_TABLES,
    "products",
    "linked_products",
    "central_products",
    "central_eans",
    "supplier_articles",
    "photos",
    "orders",
    "error_logs",
)

_PATHS = {"products": "Products", "linked_products": "LinkProducts", "central_products": "CentralProducts"}
#: Lookup table (frame) -> its path (guide, chapter 4).
LOOKUP_PATHS = {
    "categories": "Categories",
    "brands": "Brands",
    "storage_conditions": "StorageConditions",
    "content_types": "ContentTypes",
    "unit_sales_prices": "UnitSalesPrices",
    "multiplier_types": "MultiplierTypes",
    "producers": "Producers",
    "suppliers": "Suppliers",
}


@dataclass
class _Task:
    """One collector at work."""

    frame: str
    client: OrestoClient
    pool: Executor
    progress: Progress
    previous: pl.DataFrame | None
    now: datetime
    shape: wire.Shape = field(default_factory=wire.Shape)
    messages: list[str] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)
    incremental: bool = False

    def show(self, rows: int, total: int | None = None) -> None:
        self.progress.step(self.client.source.name, self.frame, rows, total)

    def paged(
        self,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[msgspec.Raw], tuple[pl.DataFrame, wire.Shape]],
        total: int | None = None,
    ) -> pl.DataFrame:
        """All pages of a list as one frame, deduplicated on the frame's key; the last sight of a row wins."""
        spec, client = FRAMES[self.frame], self.client
        key = spec.key[0]

        def fetch(page: int) -> pl.DataFrame:
            page_params = {**params, "Page": str(page), "PageSize": str(client.source.page_size)}
            rows, shape = client.read(path, page_params, decode)
            with client.http.shared.lock:
                self.shape.add(shape)
            return rows

        found, rows = [spec.empty()], 0
        for page in read_pages(
            fetch,
            key,
            first_page=client.first_page,
            pool=self.pool,
            most_ahead=client.source.max_connections,
            progress=self.progress,
        ):
            found.append(page)
            rows += page.height
            self.show(rows, total)
        return pl.concat(found)

    def typed(
        self,
        path: str,
        params: Mapping[str, str],
        kind: type[Any],
        to_frame: Callable[[list[Any], wire.Shape], pl.DataFrame],
        total: int | None = None,
    ) -> pl.DataFrame:
        def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
            rows, shape = wire.decode_rows(raw, kind)
            with _fitting():
                return to_frame(rows, shape), shape

        return self.paged(path, params, decode, total)


def _assortment(task: _Task) -> pl.DataFrame:
    return task.typed(
        _PATHS[task.frame],
        {},
        wire.AssortmentProduct,
        lambda rows, shape: columns.assortment(task.frame, rows, shape),
    )


def _central_products(task: _Task) -> pl.DataFrame:
    """All central products, or those modified since the newest one known, merged into the last snapshot.

    The server's own count decides whether the merge is whole; when it is not, all are read again.
    """
    count = task.client.read(
        "CentralProducts/Count", {"DeletedProducts": "false"}, lambda raw: int(msgspec.json.decode(raw))
    )
    newest = None if task.previous is None else task.previous["modified"].max()
    if task.previous is not None and isinstance(newest, datetime):
        since = {"ModifiedDate": (newest - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")}
        changed = task.typed("CentralProducts", since, wire.CentralProduct, columns.central)
        deleted = task.typed(
            "CentralProducts", {**since, "DeletedProducts": "true"}, wire.CentralProduct, columns.central
        )
        gone = pl.concat([changed["product_id"], deleted["product_id"]]).implode()
        merged = pl.concat([task.previous.filter(~pl.col("product_id").is_in(gone)), changed])
        merged = merged.filter(~pl.col("product_id").is_in(deleted["product_id"].implode()))
        if merged["product_id"].n_unique() == count:
            task.incremental = True
            return merged
        task.messages.append(
            f"Read in full: after the changes {merged['product_id'].n_unique():,} products were known, the server counts {count:,}."
        )
        task.shape = wire.Shape()
    everything = task.typed("CentralProducts", {}, wire.CentralProduct, columns.central, total=count)
    received = everything["product_id"].n_unique()
    if received != count:
        task.messages.append(f"The server counts {count:,} central products, {received:,} were received.")
    return everything


def _central_eans(task: _Task) -> pl.DataFrame:
    codes = task.client.read(
        "CentralProducts/GetEan", {}, lambda raw: msgspec.json.decode(raw, type=list[str | None])
    )
    return pl.DataFrame({"ean": pl.Series(codes, dtype=pl.String)})


def _photos(task: _Task) -> pl.DataFrame:
    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        rows, shape = wire.decode_rows(raw, wire.Photo)
        with _fitting():
            return columns.photos(rows, shape), shape

    found, task.shape = task.client.read("ProductPhotos", {}, decode)
    return found


def _orders(task: _Task) -> pl.DataFrame:
    params = {
        "Processed": "false",
        "OldestFirst": "true",
    }  # required by the table, optional by the text: always sent
    return task.typed(task.client.source.orders_path, params, wire.Order, columns.orders)


def _small(
    task: _Task,
    path: str,
    params: Mapping[str, str],
    to_frame: Callable[[lookups.Rows, wire.Shape], pl.DataFrame],
) -> pl.DataFrame:
    """A short list of plain objects, turned into a frame within the retries."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        shape = wire.Shape()
        rows = msgspec.json.decode(raw, type=list[dict[str, Any]])
        with _fitting():
            return to_frame(rows, shape), shape

    found, shape = task.client.read(path, params, decode)
    task.shape.add(shape)
    return found


@contextmanager
def _fitting() -> Iterator[None]:
    """A value that fits no column (a text where a list belongs, 1e20 as an id) is an unreadable answer, not a defect."""
    try:
        yield
    except (PolarsError, TypeError, AttributeError, OverflowError, pyarrow.ArrowException) as error:
        raise ValueError(f"a value does not fit: {error}") from None


def _lookup(task: _Task) -> pl.DataFrame:
    found = _small(
        task, LOOKUP_PATHS[task.frame], {}, lambda rows, shape: lookups.table(task.frame, rows, shape)
    )
    if task.frame == "categories" and found.height and found["parent_id"].null_count() == found.height:
        task.unusable["parent_id"] = (
            "no category has a ParentId or children: which are end nodes cannot be told."
        )
    return found


def _supplier_articles(task: _Task) -> pl.DataFrame:
    return _small(task, "CentralProducts/GetArticlecodesBySupplier", {}, lookups.supplier_articles)


def _error_logs(task: _Task) -> pl.DataFrame:
    """Newest first, 50 a page: pages until a row is older than `ERROR_LOG_DAYS`, one is empty or brings nothing new."""
    fields, seen = task.client.source.fields.error_log, FRAMES["error_logs"].empty()
    oldest_wanted = task.now - timedelta(days=ERROR_LOG_DAYS)
    for page in range(task.client.first_page, task.client.first_page + _ERROR_LOG_PAGES):
        task.progress.check_stop()
        rows = _small(
            task,
            "ErrorLogs",
            {"Page": str(page)},
            lambda found, shape: lookups.error_logs(found, fields, shape),
        )
        if rows.height and rows["log_id"].null_count() == rows.height:
            raise SourceError(
                task.client.source.name,
                "GET ErrorLogs",
                f"no row has a field {fields.log_id}.",
                "Name the field that numbers the rows in sources.fields.error_log.log_id.",
            )
        fresh = rows.filter(~pl.col("log_id").is_in(seen["log_id"].implode()))
        if fresh.is_empty():
            return seen
        seen = pl.concat([seen, fresh])
        task.show(seen.height)
        oldest = fresh["at"].min()
        if isinstance(oldest, datetime) and oldest < oldest_wanted:
            return seen.filter(pl.col("at").is_null() | (pl.col("at") >= oldest_wanted))
    task.messages.append(f"Only the newest {seen.height:,} rows were read.")
    return seen


_COLLECTORS: dict[str, Callable[[_Task], pl.DataFrame]] = {
    **dict.fromkeys(LOOKUP_PATHS, _lookup),
    "products": _assortment,
    "linked_products": _assortment,
    "central_products": _central_products,
    "central_eans": _central_eans,
    "supplier_articles": _supplier_articles,
    "photos": _photos,
    "orders": _orders,
    "error_logs": _error_logs,
}

#: The frames whose fields `sample` can look at.
SAMPLED_FRAMES = tuple(KINDS)


def sample(client: OrestoClient, frame: str) -> tuple[int, tuple[Drift, ...]]:
    """How many rows of a first small page were looked at, and what differs from the known fields."""
    kind = KINDS[frame]
    path = {**_PATHS, "photos": "ProductPhotos", "orders": client.source.orders_path}[frame]
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
        _Task(frame, client.counted(), pages, progress, previous(frame), now)
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


def _collect_one(task: _Task) -> Collected:
    spec, source, started = FRAMES[task.frame], task.client.source.name, time.monotonic()
    task.progress.check_stop()
    task.show(0)
    try:
        collected = _COLLECTORS[task.frame](task)
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
    drift, unusable = trust(task.frame, data, task.shape, keyless, incremental=task.incremental)
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
        task.incremental,
    )


def _without_source(error: SourceError) -> str:
    """The frame's row already names the source."""
    return str(error).removeprefix(f"{error.source}: ")
