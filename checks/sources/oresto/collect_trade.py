"""Collects what happens around the products: clients and their people, prices, order lists, orders, error logs."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.collecting import Task, small

#: Days of error logs that a run reads back.
ERROR_LOG_DAYS = 30
_ERROR_LOG_PAGES = 400  # 20,000 rows; a noisier month is cut, and the message says so


def orders(task: Task) -> pl.DataFrame:
    params = {
        "Processed": "false",
        "OldestFirst": "true",
    }  # required by the table, optional by the text: always sent
    return task.typed(task.client.source.orders_path, params, wire.Order, columns.orders)


def error_logs(task: Task) -> pl.DataFrame:
    """Newest first, 50 a page: pages until a row is older than `ERROR_LOG_DAYS`, one is empty or brings nothing new."""
    fields, seen = task.client.source.fields.error_log, FRAMES["error_logs"].empty()
    oldest_wanted = task.now - timedelta(days=ERROR_LOG_DAYS)
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
