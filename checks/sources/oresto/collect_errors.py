"""Collects the error log: every row of the last 30 days once, from both forms of GET ErrorLogs (guide, chapter 11).

The two forms cover each other's weakness. A page shifts while new failures come in on top of it, a day does not. A day
may have been cut off without a word, and shows no row without a date; the pages show both. So the days are read first,
and then as many pages as it takes to be certain. Either form is enough where a server knows only one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from checks.errors import NotFound, RequestRejected
from checks.frames import FRAMES
from checks.sources.moments import BELGIUM
from checks.sources.oresto.collecting import Task, small
from checks.sources.oresto.error_rows import error_rows

#: Days of error logs that are kept, and that a first run reads.
ERROR_LOG_DAYS = 30
#: Where nothing was read for longer, the rows since the last reading come in too, of at most so many days.
_MOST_DAYS = 90
_ROWS_A_PAGE = 50
_MOST_PAGES = 400  # 20,000 rows; a noisier month is cut, and the message says so

#: How far rows may be out of order, and how much of what is known is read again.
_SLACK = timedelta(hours=1)
_ZONE = ZoneInfo(BELGIUM)


def error_logs(task: Task) -> pl.DataFrame:
    """The rows of the last 30 days by the server's clock: those of the last good snapshot, and what came since.

    After a longer silence they are all since the last reading, so that none is passed over between two snapshots.
    Says by `Task.since` from which moment on they are complete, and by `Task.server_at` up to which.
    """
    told = _server_time(task)
    now = told or task.now
    known = task.known
    if told is not None:
        # the run began a while ago: what the two clocks differ by must not have that in it
        took = task.client.http.shared.told_at - task.run.begun
        task.read_at = task.now + timedelta(seconds=max(took, 0))
    task.mode = "full" if known is None else "changes"
    reading = _Reading(task, now)
    reading.read_days()
    reading.read_pages()
    reading.tell()
    task.since, task.server_at = reading.since, told
    return reading.rows()


def _server_time(task: Task) -> datetime | None:
    """What the server's clock said a moment ago; None where its answers do not tell."""
    told = task.client.http.shared.server_time
    if told is None:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)


class _Reading:
    """One reading of the log.

    Attributes:
        oldest: the beginning of the 30 days, or of the silence where that was longer; nothing older is kept.
        begin: from where on this reading has to find everything.
        since: from where on it did, as far as can be told.
    """

    def __init__(self, task: Task, now: datetime) -> None:
        self.task, self.now = task, now
        self.oldest = now - timedelta(days=ERROR_LOG_DAYS)
        self.known = FRAMES["error_logs"].empty() if task.known is None else task.known.data
        self.begin = self.since = self._begin()
        self.oldest = min(self.oldest, self.begin)
        self._seen = set(self.known["row_id"])
        self._found: list[pl.DataFrame] = []
        self._read = self._anonymous = self._numbered = 0
        # of the days
        self._days: dict[date, tuple[int, datetime]] = {}  # rows of its answer, and when it was asked
        self._days_hold = False  # nothing speaks against what they said
        # of the pages
        self._met: set[str] = set()
        self._orderly = True
        self._back_to = now  # the oldest moment that the pages reached

    def _begin(self) -> datetime:
        """An hour before the last reading or the last row of it, whichever is earlier.

        The last reading's moment is of this machine's clock, and is turned into the server's as they differ now.
        """
        past, moments = self.task.known, [self.now]
        read_at = self.task.run.past.last_read(self.task.frame) if past is None else past.read_at
        if read_at is not None:
            moments.append(read_at + (self.now - self.task.now))
        last = self.known["at"].max()
        if isinstance(last, datetime):
            moments.append(max(last, self.oldest + _SLACK))
        if past is None or len(moments) == 1:  # read whole
            moments.append(self.oldest + _SLACK)
        return max(min(moments) - _SLACK, self.now - timedelta(days=_MOST_DAYS))

    def rows(self) -> pl.DataFrame:
        found = pl.concat([self.known, *self._found])
        return found.filter(pl.col("at").is_null() | (pl.col("at") >= self.oldest))

    # the form by day

    def read_days(self) -> None:
        """The Belgian days from today back to that of `begin`, until the server refuses one."""
        day, last = _day_of(self.now), _day_of(self.begin)
        while day >= last:
            try:
                answer = self._ask(Date=day.isoformat())
            except (NotFound, RequestRejected):
                return
            self._days[day] = (answer.height, _server_time(self.task) or self.task.now)
            self._take(answer)
            day -= timedelta(days=1)
        self._days_hold = True

    def _suspects(self) -> list[date]:
        """Days that may have been cut off: where a server cuts, no day's answer is longer than those it cut."""
        most = max((rows for rows, _ in self._days.values()), default=0)
        return [day for day, (rows, _) in self._days.items() if rows == most >= _ROWS_A_PAGE]

    def _misses(self, fresh: pl.DataFrame) -> bool:
        """Does a page bring rows that the answer of their day should have had?"""
        for at in fresh["at"].drop_nulls():
            asked = self._days.get(_day_of(at))
            if asked is not None and at < asked[1]:
                return True
        return False

    # the form by page

    def read_pages(self) -> None:
        """From the newest on, until an empty page, the beginning of the 30 days, or certainty that nothing new follows."""
        first, stale, before = self.task.client.first_page, 0, None
        for number in range(first, first + _MOST_PAGES):
            try:
                page = self._ask(Page=str(number))
            except (NotFound, RequestRejected) as error:
                if number == first and self._days:
                    self._without_pages()
                elif number == first or not isinstance(error, NotFound):
                    raise
                return
            if page.is_empty():
                return
            fresh, again = self._take(page), set(page["row_id"]) <= self._met
            self._note(page, fresh)
            same = before is not None and page["row_id"].equals(before)
            if same and self._repeats(first, page):
                return
            # a page of rows that were met on this very walk only shows that others came on top
            stale = 0 if fresh.height else stale + (not again)
            if self._is_enough(page, stale):
                return
            before = (
                None if same else page["row_id"]
            )  # looking at the first page has told what came until then
        self._cut_off()

    def _note(self, page: pl.DataFrame, fresh: pl.DataFrame) -> None:
        self._met.update(page["row_id"])
        if self._misses(fresh):
            self._days_hold = False
        at = page["at"].drop_nulls()
        if at.len():
            oldest_so_far = at.cum_min()
            self._orderly &= bool(at[0] >= at[-1]) and not bool((at > oldest_so_far + _SLACK).any())
            self._back_to = min(self._back_to, at.min())  # type: ignore[type-var, assignment]

    def _repeats(self, first: int, page: pl.DataFrame) -> bool:
        """The page is as the one before: is there no other? Not where a page's worth of rows came in between."""
        newest = self._ask(Page=str(first))
        fresh = self._take(newest)
        self._note(newest, fresh)
        if fresh.height:
            return False
        if newest["row_id"].equals(page["row_id"]) and page.height >= _ROWS_A_PAGE and not self._days_hold:
            self._cut_off()  # it always gives its newest rows, whichever page is asked
        return True

    def _is_enough(self, page: pl.DataFrame, stale: int) -> bool:
        oldest, newest = page["at"].min(), page["at"].max()
        if self._orderly and isinstance(oldest, datetime) and oldest < self.oldest - _SLACK:
            return True
        if stale < 2:
            return False
        if self._days_hold and self.task.mode != "full":
            suspects = self._suspects()
            if not suspects:
                return True
            back_to = _start_of(min(suspects))
        else:
            back_to = self.begin
        if not isinstance(newest, datetime):
            return self.task.mode != "full"  # without dates, what is known twice over must do
        return self._orderly and newest < back_to - (_SLACK if self.task.mode == "full" else timedelta())

    # what is to be said

    def _cut_off(self) -> None:
        if self._days_hold:
            self.task.messages.append(
                f"Only {_MOST_PAGES} pages were read: all rows of the days are there, older ones without a date are not."
            )
            return
        self.since = max(self.begin, self._back_to) if self._orderly else self.now
        self.task.messages.append(
            f"Only the newest {self._read:,} rows were read: the log is longer than the {len(self._met):,} rows that its pages give."
        )

    def _without_pages(self) -> None:
        """Nothing shows whether a day was cut off; one of exactly a page, or several, may have been."""
        cut = [day for day in self._suspects() if self._days[day][0] % _ROWS_A_PAGE == 0]
        if not self._days_hold:
            cut.append(min(self._days) - timedelta(days=1))
        if cut:
            self.since = max(self.begin, min(_start_of(max(cut) + timedelta(days=1)), self.now))
            self.task.messages.append(
                f"The log may be incomplete up to {max(cut):%Y-%m-%d}: the server gives no more of that day and knows no pages."
            )

    def tell(self) -> None:
        if self._anonymous and not self._numbered:
            name = self.task.client.source.fields.error_log.log_id
            self.task.messages.append(
                f"No row of the error log has a field {name}: the rows are kept as they came. "
                "Name the field that numbers them in sources.fields.error_log.log_id."
            )

    # rows

    def _ask(self, **params: str) -> pl.DataFrame:
        self.task.progress.check_stop()
        fields, redacted = self.task.client.source.fields.error_log, self.task.client.http.redacted
        return small(
            self.task,
            "ErrorLogs",
            params,
            lambda rows, shape: error_rows(rows, fields, shape, redacted),
            rows_are=object,
        )

    def _take(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Keeps the rows that were not seen yet, each once, and gives them."""
        self._anonymous += rows["log_id"].null_count()
        self._numbered += rows.height - rows["log_id"].null_count()
        fresh = rows.filter([one not in self._seen for one in rows["row_id"]])
        fresh = fresh.unique("row_id", keep="first", maintain_order=True)
        self._seen.update(fresh["row_id"])
        self._found.append(fresh)
        self._read += fresh.height
        self.task.show(self._read)
        return fresh


def _day_of(moment: datetime) -> date:
    return moment.astimezone(_ZONE).date()


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_ZONE).astimezone(UTC)
