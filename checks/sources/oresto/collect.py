"""Collects Oresto: one collector a frame, several at once within `max_connections`, pages turned into frames as they come.

A collector that fails leaves its frame missing and says why; the others go on. What the wire brought beside or instead
of the known shape is reported as drift, and columns that cannot be trusted as unusable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES, LOOKUP_TABLES, Collected, Drift
from checks.progress import Progress
from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.paging import read_pages

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
        since = {"modifiedDate": (newest - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")}
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
        "CentralProducts/GetEan", {}, lambda raw: msgspec.json.decode(raw, type=list[str | None] | None)
    )
    return pl.DataFrame({"ean": pl.Series(codes or [], dtype=pl.String)})


def _photos(task: _Task) -> pl.DataFrame:
    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        rows, shape = wire.decode_rows(raw, wire.Photo)
        return columns.photos(rows, shape), shape

    found, task.shape = task.client.read("ProductPhotos", {}, decode)
    return found


def _orders(task: _Task) -> pl.DataFrame:
    params = {
        "Processed": "false",
        "OldestFirst": "true",
    }  # required by the table, optional by the text: always sent
    return task.typed(task.client.source.orders_path, params, wire.Order, columns.orders)


def _lookup(task: _Task) -> pl.DataFrame:
    rows = task.client.rows(LOOKUP_PATHS[task.frame])
    return lookups.table(task.frame, rows, task.shape)


def _supplier_articles(task: _Task) -> pl.DataFrame:
    return lookups.supplier_articles(
        task.client.rows("CentralProducts/GetArticlecodesBySupplier"), task.shape
    )


def _error_logs(task: _Task) -> pl.DataFrame:
    """Newest first, 50 a page: pages until a row is older than `ERROR_LOG_DAYS`, one is empty or brings nothing new."""
    fields, seen = task.client.source.fields.error_log, FRAMES["error_logs"].empty()
    oldest_wanted = task.now - timedelta(days=ERROR_LOG_DAYS)
    for page in range(task.client.first_page, task.client.first_page + _ERROR_LOG_PAGES):
        task.progress.check_stop()
        rows = lookups.error_logs(task.client.rows("ErrorLogs", {"Page": str(page)}), fields, task.shape)
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

_KINDS: dict[str, type[msgspec.Struct]] = {
    "products": wire.AssortmentProduct,
    "linked_products": wire.AssortmentProduct,
    "central_products": wire.CentralProduct,
    "photos": wire.Photo,
    "orders": wire.Order,
}


#: The frames whose fields `sample` can look at.
SAMPLED_FRAMES = tuple(_KINDS)


def sample(client: OrestoClient, frame: str) -> tuple[int, tuple[Drift, ...]]:
    """How many rows of a first small page were looked at, and what differs from the known fields."""
    kind = _KINDS[frame]
    path = {**_PATHS, "photos": "ProductPhotos", "orders": client.source.orders_path}[frame]
    params = {"Page": str(client.first_page), "PageSize": "50"} if frame != "photos" else {}
    if frame == "orders":
        params["Processed"] = "false"
    rows, shape = client.read(path, params, lambda raw: wire.decode_rows(raw, kind))
    names = [info.encode_name for info in msgspec.structs.fields(kind)]
    return len(rows), shape.drift(names, wire.KNOWN_EXTRAS[kind])


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
    with (
        ThreadPoolExecutor(connections, "page") as pages,
        ThreadPoolExecutor(min(4, connections), "frame") as frames,
    ):
        tasks = [
            _Task(frame, client.counted(), pages, progress, previous(frame), now)
            for frame in FRAME_NAMES
            if frame in names
        ]
        for task in tasks:
            progress.step(source, task.frame, 0, None, "waiting")
        running = [frames.submit(_collect_one, task) for task in tasks]
        try:
            for future in as_completed(running):
                yield future.result()
        except BaseException:  # interrupted, or the caller gave up: the collectors still at work must end too
            progress.stop()
            raise
        finally:
            for future in running:
                future.cancel()


def _collect_one(task: _Task) -> Collected:
    spec, source, started = FRAMES[task.frame], task.client.source.name, time.monotonic()
    task.progress.check_stop()
    task.show(0)
    try:
        data = _validated(task, _COLLECTORS[task.frame](task))
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
    drift, unusable = _shape(task, data.height)
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


def _validated(task: _Task, data: pl.DataFrame) -> pl.DataFrame:
    """Without rows that have no key, each key once (the last sight of it), and of the known shape."""
    from pandera.errors import SchemaErrors  # slow to import, see `FrameSpec.model`

    spec = FRAMES[task.frame]
    keyed = data.drop_nulls(spec.key)
    if keyed.height < data.height:
        task.messages.append(
            f"{data.height - keyed.height:,} rows without {' and '.join(spec.key)} were left out."
        )
    once = keyed.unique(spec.key, keep="last", maintain_order=True)
    try:
        spec.model.validate(once, lazy=True)
    except SchemaErrors as error:
        raise SourceError(
            task.client.source.name,
            f"frame {spec.name}",
            f"does not have its known shape: {error.failure_cases}.",
        ) from None
    return once


def _shape(task: _Task, rows: int) -> tuple[tuple[Drift, ...], dict[str, str]]:
    kind = _KINDS.get(task.frame)
    if kind is None:
        return task.shape.drift((), ()), {}
    names = {info.name: info.encode_name for info in msgspec.structs.fields(kind)}
    drift = task.shape.drift(names.values(), wire.KNOWN_EXTRAS[kind])
    unusable: dict[str, str] = {}
    for column in FRAMES[task.frame].columns:
        fields = {names[attribute] for attribute in columns.SOURCES_OF[column]}
        gone = [one for one in drift if one.field in fields and one.kind == "gone"]
        spoilt = [one for one in drift if one.field in fields and one.kind == "retyped"]
        if spoilt:
            unusable[column] = spoilt[0].detail
        elif (
            len(gone) == len(fields) and not task.incremental
        ):  # the few changed rows prove nothing about the rest
            unusable[column] = f"the field {' / '.join(sorted(fields))} is in none of the {rows:,} rows."
    return drift, unusable


def _without_source(error: SourceError) -> str:
    """The frame's row already names the source."""
    return str(error).removeprefix(f"{error.source}: ")
