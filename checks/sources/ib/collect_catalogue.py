"""Collects the articles of all configured companies (ib-api, sections 2 to 6).

By changes where the last snapshot allows it: of each company what was modified since its own newest moment. A company
that is new in the settings is read whole, one that is not there any more is left out. Articles that left the assortment
stay, as IB has them: with availability 92E.

"Content changed and `modified` did not move" is a defect of the feed that only a full run can notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from checks.errors import SourceError, Stopped
from checks.frames import FRAMES
from checks.sources.changes import InDoubt, look_back, merged, same_rows, watermark
from checks.sources.ib.client import ZONE, IbClient
from checks.sources.ib.drift import Moved, look_for_drift
from checks.sources.ib.paging import Reading, read_company
from checks.sources.ib.prices import with_prices
from checks.sources.task import Known, Task, heard

T = TypeVar("T")
Came = Callable[[int, int | None], None]

KEY = "article_key"


def day_of(now: datetime) -> date:
    """The day it is where IB's suppliers are; prices hold by days."""
    return now.astimezone(ZoneInfo(ZONE)).date()


def catalogue(task: Task[IbClient]) -> pl.DataFrame:
    """The collector of `catalogue`; `expected` is how many IB counts, where every company was read whole."""
    source = task.client.source
    # what waits for approval stops to wait: of that set, what was there yesterday proves nothing
    known = task.known if source.moderation != "unmoderated" else None
    counter = Counter(task)
    work = {one: partial(_company, task, one, known, counter.came) for one in source.companies}
    read = by_company(task, work, counter)
    if any(one.moved for one in read.values()):
        rest = [company for company, one in read.items() if not one.whole]
        work = {one: partial(_company, task, one, None, counter.came) for one in rest}
        read |= by_company(task, work, counter)
        task.messages += [f"{one} was read in full: a field of another company moved." for one in rest]
    data = with_prices(
        pl.concat([FRAMES["catalogue"].empty(), *(one.data for one in read.values())]), day_of(task.now)
    )
    for company, one in read.items():
        task.shape.add(one.shape)
        _tell(task, company, one)
    if known is None or all(one.whole for one in read.values()):
        counts = [one.count for one in read.values() if one.count is not None]
        task.expected = sum(counts) if len(counts) == len(read) else None
        return data
    if same_rows(data, known.data):
        return task.carry(known)
    task.mode = "changes"
    return data


def by_company(task: Task[IbClient], work: Mapping[str, Callable[[], T]], counter: Counter) -> dict[str, T]:
    """What each company's work gives; companies at once in the task's pool, the pages of each in turn.

    The first error ends it: what is not begun yet is not begun, and what is under way is left off after its page. That is
    waited for: a connection must not be closed under a request.
    """
    running: dict[str, Future[T]] = {company: task.pool.submit(one) for company, one in work.items()}
    try:
        return {company: heard(future, task.progress) for company, future in running.items()}
    except SourceError:
        counter.leave_off()
        wait([future for future in running.values() if not future.cancel()])
        raise
    finally:
        for future in running.values():
            future.cancel()


def _company(task: Task[IbClient], company: str, known: Known | None, came: Came) -> Reading:
    """One company: its changes merged, or all of it."""
    read = partial(read_company, task.client, company, task.client.source.moderation, came=came)
    before = None if known is None else known.data.filter(pl.col("company") == company)
    if known is None or before is None or before.is_empty():
        return read()
    mine = replace(known, data=before)
    try:
        since = watermark(mine)
        changed = read(since)
        if changed.count is not None and changed.data.height < changed.count:
            raise InDoubt(
                f"IB counts {changed.count:,} changed articles of {company} and gave {changed.data.height:,}."
            )
        if (
            task.client.source.moderation == "both"
        ):  # an article may leave the approved set until it is approved
            look_back(mine, since, changed.data, KEY)
        look_for_drift(mine, changed.shape, changed.data)
    except InDoubt as doubt:
        task.messages.append(f"{company} was read in full: {doubt}")
        return replace(read(), moved=isinstance(doubt, Moved))
    except SourceError as error:
        task.messages.append(f"{company} was read in full: its changes could not be read ({error.happened})")
        return read()
    return replace(changed, data=merged(mine, changed.data, KEY))


class Counter:
    """Shows how many articles of all companies came together, and hears a stop between two pages."""

    def __init__(self, task: Task[IbClient]) -> None:
        self._task = task
        self._lock = threading.Lock()
        self._rows = 0
        self._left_off = False

    def leave_off(self) -> None:
        """Another company failed: no more pages are read."""
        self._left_off = True

    def came(self, rows: int, count: int | None) -> None:
        self._task.progress.check_stop()
        if self._left_off:
            raise Stopped("another company of this source failed")
        with self._lock:
            self._rows += rows
            self._task.show(self._rows)


def _tell(task: Task[IbClient], company: str, one: Reading) -> None:
    if one.by_offset:
        task.messages.append(
            f"IB gave no cursor for {company}: its pages were counted, and what changed meanwhile may be missed."
        )
    if one.count == 0 and one.data.is_empty() and task.client.source.moderation == "moderated":
        task.messages.append(
            f"{company} has no approved articles: before the first approval that is right, not a failure."
        )
