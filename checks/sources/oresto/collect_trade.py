"""Collects what goes on in the shop: orders that wait, and orders that were processed (guide, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.oresto import columns_trade, wire
from checks.sources.oresto.collecting import Task
from checks.sources.oresto.paging import read_pages
from checks.sources.oresto.wire_trade import Order
from checks.sources.rows import Shape, decode_rows, known_names
from checks.sources.task import Known, fitting

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
    if base is not None:
        found = _window(task, oldest, in_window, base)
        lost = _drifted(task, base.past, found)
        if lost is None:
            return pl.concat([base.known, found])
        task.doubt(lost)
    return _window(task, oldest, in_window, None)


def _window(task: Task, oldest: datetime, in_window: pl.Expr, base: _Base | None) -> pl.DataFrame:
    """The orders of the window; on a `base`, those of the pages that may bring something new."""
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
    return pl.concat(read).filter(in_window)


def _drifted(task: Task, past: Known, found: pl.DataFrame) -> str | None:
    """Which field is not what it was in the last snapshot, in words; None where all are.

    One that no row has any more is gone where an order that was read again had a value of it: an API may leave out what
    is empty.
    """
    told = {(one.field, one.kind) for one in past.drift}
    for one in task.shape.drift(known_names(Order), wire.KNOWN_EXTRAS[Order]):
        gone = one.kind == "gone"
        if (one.field, one.kind) not in told and (not gone or _lost(one.field, past.data, found)):
            return f"{one.detail} It was not so in the last snapshot."
    return None


def _lost(field: str, before: pl.DataFrame, found: pl.DataFrame) -> bool:
    """Has an order no value any more in a cell that is made of this field alone?"""
    for fields, filled in _CELLS:
        if all(field in (one, one.partition(".")[0]) for one in fields):
            had = before.filter(filled).select("order_number")
            if found.filter(~filled).join(had, on="order_number", how="semi").height:
                return True
    return False


def _in_a_line(part: str) -> pl.Expr:
    values = pl.col("order_lines").list.eval(pl.element().struct.field(part))
    return (values.list.drop_nulls().list.len() > 0).fill_null(False)


#: Fields of the wire, and whether an order has a value that is made of them.
_CELLS = [
    *(
        (fields, pl.col(column).is_not_null())
        for column, fields in columns_trade.SOURCES_OF["processed_orders"].items()
        if column != "order_lines"  # its parts are, each by itself
    ),
    (("Products.WholesalerArticleNumber",), _in_a_line("article_number")),
    (("Products.Quantity",), _in_a_line("quantity")),
    (("Products.Price",), _in_a_line("price")),
    (("Products.TotalPrice",), _in_a_line("total")),
]


@dataclass(frozen=True)
class _Base:
    """What is known of the window, and the orders that waited in the last run and do not any more."""

    past: Known
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
        past[task.frame],
        known.join(waiting, on="order_number", how="anti"),  # one that waits again is processed no more
        set(left["order_number"]),
    )


def _newest_first(task: Task, few: bool) -> Iterator[pl.DataFrame]:
    """The pages of processed orders that bring something new; small ones when a few new orders are looked for."""
    client, most = task.client, task.client.source.page_size
    size = min(_FEW, most) if few else most

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, Order)
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
