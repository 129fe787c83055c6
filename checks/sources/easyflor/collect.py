"""Collects the debtors: whole, or what changed since the last reading (easyflor-api, section 3).

A debtor does not say when it was modified, so changes are asked for by day: from the day before the last reading. What was
deleted is seen by the next reading in full (`full_every_days`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from checks.errors import NotFound, RequestRejected
from checks.sources.changes import InDoubt, merged
from checks.sources.easyflor import columns
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.opening import closed, is_open, next_moment
from checks.sources.easyflor.wire import Debtor
from checks.sources.moments import BELGIUM
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Known, Task, fitting

#: To be raised when the collector reads the same answer differently.
READER_VERSION = "1"

#: Asked again before the day of the last reading: for another zone than ours, and for what was being written then.
_OVERLAP = timedelta(days=1)

Read = tuple[pl.DataFrame, Shape]


def debtors(task: Task[EasyFlorClient]) -> pl.DataFrame:
    """The frame `debtors`. Raises Deferred, without a request, where it is limited and the hour is a closed one."""
    client, source = task.client, task.client.source
    if task.frame in source.limited and not is_open(task.now, source):
        raise closed(source, "GET debtor", next_moment(source, task.now))
    if task.known is not None:
        try:
            return _changed(task, task.known)
        except InDoubt as doubt:
            task.doubt(str(doubt))
    return _read(task, client.debtors)


def since_day(read_at: datetime) -> date:
    """From which day on changes are asked: the day before `read_at` (aware), as days are counted in Belgium."""
    return read_at.astimezone(ZoneInfo(BELGIUM)).date() - _OVERLAP


def _changed(task: Task[EasyFlorClient], known: Known) -> pl.DataFrame:
    if known.read_at is None:
        raise InDoubt("it is not known when the debtors were last read.")
    since = since_day(known.read_at)
    rows = _since(task, since)
    # The days are the server's: where its clock is behind ours, it may have been yesterday there.
    at = task.client.server_time
    if at is not None and (there := since_day(known.read_at - (task.now - at))) < since:
        task.shape = Shape()
        rows = _since(task, there)
    if rows.is_empty():
        return task.carry(known)
    task.mode = "changes"
    return merged(known, rows, "debtor_id")


def _since(task: Task[EasyFlorClient], day: date) -> pl.DataFrame:
    try:
        return _read(task, lambda decode: task.client.debtors_since(day, decode))
    except (NotFound, RequestRejected) as error:
        if isinstance(error, RequestRejected) and error.passing:
            raise
        raise InDoubt(f"what changed since {day} is not told: {error.happened}") from None


def _read(task: Task[EasyFlorClient], ask: Callable[[Callable[[msgspec.Raw], Read]], Read]) -> pl.DataFrame:
    found, shape = ask(decode)
    task.shape.add(shape)
    task.server_at = task.client.server_time
    task.show(found.height)
    return found


def decode(raw: msgspec.Raw) -> Read:
    """The rows of an answer as the frame, and what was seen of their fields."""
    rows, shape = decode_rows(raw, Debtor)
    with fitting():
        return columns.debtors(rows, shape), shape
