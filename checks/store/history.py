"""Questions to the runs: which there were, what they collected, how their checks went."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.store import bulk, tables
from checks.store.engine import reading
from checks.store.runs import STALE

_runs, _results = tables.runs, tables.check_results

#: How a run ends that has something to show.
FINISHED = ("complete", "partial")


class RunHistory:
    """Reads runs and what belongs to them."""

    engine: sa.Engine

    def runs(self, limit: int | None = 50) -> pl.DataFrame:
        """The newest runs first, all of them for `limit` None: the columns of the table, without progress."""
        columns = [column for column in _runs.c if column.name != "progress"]
        return self._frame(sa.select(*columns).order_by(_runs.c.started_at.desc()).limit(limit))

    def run(self, run_id: str) -> dict[str, Any] | None:
        """One run's row."""
        return self._row(sa.select(_runs).where(_runs.c.id == run_id))

    def latest_run(self) -> dict[str, Any] | None:
        """The newest run that finished, complete or partial: what the pages show."""
        finished = sa.select(_runs).where(_runs.c.status.in_(FINISHED))
        return self._row(finished.order_by(_runs.c.started_at.desc()).limit(1))

    def active_run(self) -> dict[str, Any] | None:
        """The run that is alive, with its `progress`."""
        alive = sa.and_(_runs.c.status == "running", _runs.c.heartbeat_at >= datetime.now(UTC) - STALE)
        return self._row(sa.select(_runs).where(alive).limit(1))

    def collected(self, run_id: str) -> pl.DataFrame:
        """What was collected in a run; `drift` and `unusable` as JSON text."""
        query = sa.select(tables.collected).where(tables.collected.c.run_id == run_id)
        return self._frame(query).sort("source", "frame")

    def check_results(self, run_ids: str | Collection[str]) -> pl.DataFrame:
        """How the checks went in one run or in several."""
        with reading(self.engine) as connection:
            wanted = bulk.among(connection, _results.c.run_id, bulk.as_list(run_ids) or [])
            return bulk.frame(connection, sa.select(_results).where(wanted))

    def standing_results(self, run_id: str) -> pl.DataFrame:
        """How the checks stood after a run: those of its sources, and of each other source those of its newest run before.

        A run may be asked of some sources only; what is known of the others stays so.
        """
        return self._standing(_results, run_id)

    def standing_collected(self, run_id: str) -> pl.DataFrame:
        """What was collected last of each source, up to and with a run; see `standing_results`."""
        return self._standing(tables.collected, run_id).sort("source", "frame")

    def _standing(self, table: sa.Table, run_id: str) -> pl.DataFrame:
        until = sa.select(_runs.c.started_at).where(_runs.c.id == run_id).scalar_subquery()
        newest = (
            sa.select(table.c.source, sa.func.max(_runs.c.started_at).label("at"))
            .join(_runs, _runs.c.id == table.c.run_id)
            .where(_runs.c.status.in_(FINISHED), _runs.c.started_at <= until)
            .group_by(table.c.source)
            .subquery()
        )
        query = (
            sa.select(*table.c)
            .join(_runs, _runs.c.id == table.c.run_id)
            .join(newest, sa.and_(newest.c.source == table.c.source, newest.c.at == _runs.c.started_at))
        )
        return self._frame(query)

    def check_history(self, runs: int = 30) -> pl.DataFrame:
        """How the checks went in the last finished runs, in one frame, the newest run first.

        The columns of `check_results` with the run's `started_at`, `finished_at` and, as `run_status`, its status. Of a
        source that a run did not ask, the results of its newest run before stand again, as long as there is one here.
        """
        newest = (
            sa.select(_runs)
            .where(_runs.c.status.in_(FINISHED))
            .order_by(_runs.c.started_at.desc())
            .limit(runs)
            .subquery()
        )
        query = sa.select(
            *_results.c, newest.c.started_at, newest.c.finished_at, newest.c.status.label("run_status")
        ).join(newest, newest.c.id == _results.c.run_id)
        return _carried(self._frame(query)).sort(
            "started_at", "source", "check", descending=[True, False, False], maintain_order=True
        )

    def _frame(self, query: sa.Select[Any]) -> pl.DataFrame:
        with reading(self.engine) as connection:
            return bulk.frame(connection, query)

    def _row(self, query: sa.Select[Any]) -> dict[str, Any] | None:
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)


def _carried(history: pl.DataFrame) -> pl.DataFrame:
    """The results of several runs, each with those of the sources that it did not ask as they stood then."""
    of_run = ["run_id", "started_at", "finished_at", "run_status"]
    runs = history.select(of_run).unique().sort("started_at")
    if history["source"].n_unique() * runs.height == history.select("run_id", "source").n_unique():
        return history
    parts, standing = [], dict[str, pl.DataFrame]()
    by_run = history.partition_by("run_id", as_dict=True)
    for run in runs.iter_rows(named=True):
        own = by_run[(run["run_id"],)]
        standing |= {
            str(source): rows for (source,), rows in own.partition_by("source", as_dict=True).items()
        }
        as_then = [pl.lit(value, history.schema[name]).alias(name) for name, value in run.items()]
        parts += [rows.with_columns(as_then) for rows in standing.values()]
    return pl.concat(parts) if parts else history
