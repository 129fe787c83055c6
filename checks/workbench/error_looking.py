"""The error log of one shop as a notebook looks at it: the problems, their days, what they name, and the repairs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from checks.frame_spec import UTC as MOMENT
from checks.store.engine import reading
from checks.store.error_days import covered, known_until
from checks.store.error_state import on_server
from checks.triage.states import OPEN
from checks.workbench import error_questions as questions
from checks.workbench.words import FIRST_RUN, Prose, Words, counted, moment
from checks.workbench.workbench import Workbench

#: `ErrorLook.repairs`: `before` are rows of the seven days before, `after` those since.
REPAIRS = pl.Schema(
    [
        ("problem", pl.String()),
        ("repaired", MOMENT),
        ("said", pl.String()),
        ("before", pl.Int64()),
        ("after", pl.Int64()),
        ("verdict", pl.String()),
        ("how", pl.String()),
        ("by", pl.String()),
        ("group_id", pl.String()),
    ]
)

#: Events of a problem that say that somebody did something about its cause.
_REPAIRED = ("fixed", "resolved")


class ErrorLook:
    """The problems of one shop's error log over the last `days` days. An empty log is told, never an error."""

    def __init__(self, kr: Workbench, days: int = 30) -> None:
        self._kr, self._days = kr, days
        self._source = kr.source.name
        self._errors = kr.store.errors

    @property
    def words(self) -> Words:
        """How much is known of the log, and until when; or what to do first."""
        if self._reading is None:
            return Words(FIRST_RUN.format(source=self._source))
        at, status, message = self._reading
        said = []
        if status != "ok":
            said.append(
                f"The error log could not be read in the health check of {moment(at)} ({message or 'no reason given'}): "
                "what stands here is of before."
            )
        rows, problems = int(self.groups["rows"].sum()), self.groups.height
        if not problems:
            return Words(" ".join([*said, "Nothing has failed: the error log holds no rows."]))
        still_open = self.groups.filter(pl.col("state").is_in(OPEN)).height
        verb = "is" if still_open == 1 else "are"
        said.append(
            f"{counted(rows, 'row')} in {counted(problems, 'problem')}, of which {still_open:,} {verb} open."
        )
        return Words(" ".join(said))

    @cached_property
    def groups(self) -> pl.DataFrame:
        """All problems, open or not, as `error_questions.explained_groups`; the gravest first."""
        return questions.explained_groups(self._errors.groups(source=self._source, state="all"))

    @cached_property
    def days(self) -> pl.DataFrame:
        """day, rows, state (collected, partly, missing) of the days that are looked at."""
        return self._errors.days(self._source, *questions.span(self._today, self._days))

    @cached_property
    def counts(self) -> pl.DataFrame:
        """group_id, hour (UTC), rows of these days."""
        since = datetime.combine(self._today - timedelta(days=self._days - 1), datetime.min.time())
        return self._errors.counts(self._ids, since=since.astimezone(UTC))

    @cached_property
    def by_day(self) -> pl.DataFrame | Words:
        """`error_questions.by_day` of all problems."""
        if self._reading is None:
            return self.words
        if self.groups.is_empty() and (self.days["state"] == "missing").all():
            return Words("The error log was not read on any of these days: nobody knows what failed.")
        return questions.by_day(self.groups, self.counts, self.days)

    @cached_property
    def culprits(self) -> pl.DataFrame | Words:
        """`error_questions.culprits` of all rows that are kept."""
        if self._reading is None:
            return self.words
        return questions.culprits(self._errors.things(self._ids), self.groups, self._kr.findings())

    @cached_property
    def what_helps(self) -> pl.DataFrame | Words:
        """`error_questions.what_helps`."""
        return self.words if self._reading is None else questions.what_helps(self.groups)

    @property
    def advice(self) -> Prose | Words:
        """`error_questions.advice`: the same as text to read."""
        return self.what_helps if isinstance(self.what_helps, Words) else questions.advice(self.what_helps)

    @cached_property
    def repairs(self) -> pl.DataFrame | Words:
        """What was done about problems, the newest first: REPAIRS. `said` tells whether it helped."""
        if self._reading is None:
            return self.words
        found = pl.DataFrame(list(self._repairs()), schema=REPAIRS, orient="row")
        return found.sort("repaired", "group_id", descending=[True, False])

    def around(self, repair: int = 0) -> pl.DataFrame | Words:
        """`error_questions.around` of one of the `repairs` (0: the newest): rows a day from 14 days before it until today."""
        if isinstance(self.repairs, Words):
            return self.repairs
        if self.repairs.is_empty():
            return Words(
                "Nothing was repaired or resolved yet, so there is no before and after. Repair what a problem comes from "
                "(the explore notebook and the dashboard show its findings), then look here again."
            )
        if not 0 <= repair < self.repairs.height:
            return Words(f"There is no repair {repair}: choose 0 to {self.repairs.height - 1}.")
        row = self.repairs.row(repair, named=True)
        at = row["repaired"]
        first = min(at.astimezone().date() - timedelta(days=14), self._today)
        days = self._errors.days(self._source, first, self._today)
        return questions.around(
            self._errors.counts(row["group_id"]), at, self._of_that_hour(row["group_id"], at), days
        )

    def rows(
        self, problem: str | None = None, text: str | None = None, product: str | None = None, limit: int = 20
    ) -> pl.DataFrame | Words:
        """Single rows of the log as they were collected, the newest first.

        Args:
            problem: the id of one, or its beginning.
            text: words anywhere in the row.
            product: an article number that the row names.
        """
        if self._reading is None:
            return self.words
        ids = None
        if problem is not None:
            ids = [one for one in self._ids if one.startswith(problem)]
            if len(ids) != 1:
                return Words(
                    f"{problem!r} fits {counted(len(ids), 'problem')}: take an id of the table above."
                )
        thing = None if product is None else ("product", product)
        found = self._errors.rows(ids=ids, source=self._source, text=text, thing=thing, limit=limit)
        columns = (
            "at", "status_code", "method", "url", "message", "model_errors", "body", "log_id", "group_id"
        )  # fmt: skip
        return found.select(columns) if found.height else Words("No row that is kept fits.")

    def _repairs(self) -> Iterator[tuple[Any, ...]]:
        for group, label in self.groups.select("id", "label").iter_rows():
            done = self._errors.events(group).filter(
                pl.col("event").is_in(_REPAIRED), pl.col("by").is_not_null(), pl.col("undone_at").is_null()
            )
            for event in done.iter_rows(named=True):
                at, until = self._on_server(event["at"])
                counts = self._errors.counts(group)
                before, after = questions.before_and_after(counts, at, self._of_that_hour(group, at))
                verdict, said = questions.verdict(after, at, until)
                yield label, at, said, before, after, verdict, event["detail"], event["by"], group

    def _on_server(self, at: datetime) -> tuple[datetime, datetime | None]:
        """That moment by the clock that the rows have, and until when the log is known from then on."""
        with reading(self._kr.store.engine) as connection:
            there = on_server(connection, self._source, at)
            return there, known_until(covered(connection, self._source), there)

    def _of_that_hour(self, group: str, at: datetime) -> int:
        """Rows of the hour of a repair that came after it: the counts know whole hours only."""
        end = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return self._errors.rows_total(ids=[group], since=at, until=end)

    @property
    def _ids(self) -> list[str]:
        return self.groups["id"].to_list()

    @cached_property
    def _today(self) -> date:
        return datetime.now(UTC).astimezone().date()

    @cached_property
    def _reading(self) -> tuple[datetime, str, str | None] | None:
        """When the log was last asked for, and what came of it; None where it never was."""
        runs = self._kr.store.runs(limit=None).filter(pl.col("finished_at").is_not_null())
        for run_id, started in runs.select("id", "started_at").iter_rows():
            log = self._kr.store.collected(run_id).filter(
                pl.col("source") == self._source, pl.col("frame") == "error_logs"
            )
            if log.height:
                return started, log["status"][0], log["message"][0]
        return None
