"""Collects what goes on in the shop: orders that wait, orders that were processed, and the error logs (guide, 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.oresto import columns_trade, lookups, wire
from checks.sources.oresto.collecting import Task, fitting, small
from checks.sources.oresto.paging import read_pages
from checks.sources.oresto.wire_trade import Order

#: Days of error logs that a run reads back.
ERROR_LOG_DAYS = 30
_ERROR_LOG_PAGES = 400  # 20,000 rows; a noisier month is cut, and the message says so

#: A page of processed orders when a few new ones are looked for.
_FEW = 100


def orders(task: Task) -> pl.DataFrame:
    """All orders that wait to be processed."""
    params = {
        "Processed": "false",
        "OldestFirst": "true",
    }  # required by the table, optional by the text: always sent
    return task.typed(
        task.client.source.orders_path,
        params,
        Order,
        lambda rows, shape: columns_trade.orders(task.frame, rows, shape),
    )


def processed_orders(task: Task) -> pl.DataFrame:
    """Orders of the last `orders_days` days, by the moment of ordering, that were processed.

    There is no date filter: pages are read newest first until one is older than that as a whole. On a known window they
    are read until nothing more can be new: a page brings only orders that were known or waited, and each that waited in
    the last run and does not any more was met. A processed order that was changed or deleted since is seen by a full run.
    """
    oldest = task.now - timedelta(days=task.client.source.orders_days)
    in_window = pl.col("ordered_at").is_null() | (pl.col("ordered_at") >= oldest)
    base = _base(task, in_window)
    known: set[int] = set()
    awaited: set[int] = set()
    if base is not None:
        awaited = set(base.awaited)
        known = set(base.known["order_number"]) | awaited
    read = [FRAMES[task.frame].empty()]
    for page in _newest_first(task, few=base is not None):
        read.append(page)
        here = set(page.filter(in_window)["order_number"])  # what is older was never kept
        awaited -= here
        newest = page["ordered_at"].max()
        if _goes_back(page):
            if isinstance(newest, datetime) and newest < oldest:
                break
            if base is not None and not awaited and here <= known:
                break
        known |= here
    found = pl.concat(read).filter(in_window)
    return found if base is None else pl.concat([base.known, found])


@dataclass(frozen=True)
class _Base:
    """What is known of the window, and the orders that waited in the last run and do not any more."""

    known: pl.DataFrame
    awaited: set[int]


def _base(task: Task, in_window: pl.Expr) -> _Base | None:
    """What to build on; None to read the whole window."""
    past = task.known_with("orders")
    if past is None:
        return None
    try:
        waiting = task.needs("orders")
    except SourceError:
        task.doubt("which orders were processed since cannot be told without those that wait.")
        return None
    task.mode, task.base = "changes", past[task.frame]
    known = past[task.frame].data.filter(in_window)
    left = past["orders"].data.filter(in_window).join(waiting, on="order_number", how="anti")
    return _Base(
        known.join(waiting, on="order_number", how="anti"),  # one that waits again is processed no more
        set(left["order_number"]),
    )


def _newest_first(task: Task, few: bool) -> Iterator[pl.DataFrame]:
    """The pages of processed orders that bring something new; small ones when a few new orders are looked for."""
    client, most = task.client, task.client.source.page_size
    size = min(_FEW, most) if few else most

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        rows, shape = wire.decode_rows(raw, Order)
        with fitting():
            return columns_trade.orders(task.frame, rows, shape), shape

    def fetch(page: int) -> pl.DataFrame:
        params = {"Processed": "true", "OldestFirst": "false", "Page": str(page), "PageSize": str(size)}
        rows, shape = client.read(client.source.orders_path, params, decode)
        with client.http.shared.lock:
            task.shape.add(shape)
        return rows

    rows = 0
    for page in read_pages(
        fetch,
        FRAMES[task.frame].key[0],
        first_page=client.first_page,
        pool=task.pool,
        most_ahead=1,  # where it ends is known only when a page is there
        progress=task.progress,
    ):
        rows += page.height
        task.show(rows)
        yield page


def _goes_back(page: pl.DataFrame) -> bool:
    """Is this page in the order that was asked for? On a server that does not keep to it, no page tells of the next."""
    moments = page["ordered_at"].drop_nulls()
    return bool(moments.is_empty() or moments[0] >= moments[-1])


def error_logs(task: Task) -> pl.DataFrame:
    """Newest first, 50 a page: pages until a row is older than `ERROR_LOG_DAYS`, one is empty or brings nothing new.

    Rows move to later pages while reading, as each failing request adds one on top: none is lost, some are seen twice.
    """
    fields = task.client.source.fields.error_log
    seen = FRAMES["error_logs"].empty() if task.known is None else task.known.data
    task.mode = "full" if task.known is None else "changes"
    oldest_wanted = task.now - timedelta(days=ERROR_LOG_DAYS)
    wanted = pl.col("at").is_null() | (pl.col("at") >= oldest_wanted)
    read = 0
    for page in range(task.client.first_page, task.client.first_page + _ERROR_LOG_PAGES):
        task.progress.check_stop()
        rows = small(
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
        # with its moment: a log that was emptied may number its rows from the start again
        fresh = rows.join(seen, on=["log_id", "at"], how="anti", nulls_equal=True, maintain_order="left")
        if fresh.is_empty():
            return seen.filter(wanted)
        seen = pl.concat([seen, fresh])
        read += fresh.height
        task.show(read)
        oldest = fresh["at"].min()
        if isinstance(oldest, datetime) and oldest < oldest_wanted:
            return seen.filter(wanted)
    task.messages.append(f"Only the newest {read:,} rows were read.")
    return seen.filter(wanted)
