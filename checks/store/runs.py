"""The life of a run: begun, alive by its heartbeat, ended in one transaction."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.errors import StoreError
from checks.findings import KEPT, CheckResult, Comparison, compare
from checks.frames import Collected
from checks.store import bulk, tables
from checks.store.engine import writing

#: A running row without a heartbeat for so long belongs to a process that was killed.
STALE = timedelta(seconds=60)

_runs = tables.runs
_FINISHED = ("complete", "partial")


class Runs:
    """Runs and what belongs to them: collected frames, check results, findings."""

    engine: sa.Engine

    def begin_run(self, mode: str, started_by: str) -> str:
        """Registers a run and returns its id. Raises StoreError while another one is alive."""
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("LOCK TABLE runs IN SHARE ROW EXCLUSIVE MODE"))
            connection.execute(
                sa.update(_runs)
                .where(_runs.c.status == "running", _runs.c.heartbeat_at < now - STALE)
                .values(
                    status="failed", finished_at=now, message="Interrupted: its process ended without a word."
                )
            )
            other = connection.execute(sa.select(_runs).where(_runs.c.status == "running")).mappings().first()
            if other is not None:
                raise StoreError(
                    f"A run by {other['started_by']} is busy since {other['started_at']:%H:%M:%S} UTC. "
                    "Wait for it, or stop it on the Overview page."
                )
            connection.execute(
                sa.insert(_runs).values(
                    id=run_id,
                    started_at=now,
                    heartbeat_at=now,
                    mode=mode,
                    status="running",
                    started_by=started_by,
                    stop_requested=False,
                    progress=[],
                )
            )
        return run_id

    def report_progress(self, run_id: str, progress: list[dict[str, Any]]) -> bool:
        """Keeps the newest steps and the heartbeat; True when somebody asked this run to stop."""
        with writing(self.engine) as connection:
            connection.execute(
                sa.update(_runs)
                .where(_runs.c.id == run_id, _runs.c.status == "running")
                .values(progress=progress, heartbeat_at=datetime.now(UTC))
            )
            return bool(
                connection.execute(sa.select(_runs.c.stop_requested).where(_runs.c.id == run_id)).scalar()
            )

    def request_stop(self, run_id: str) -> None:
        """Asks a run, of whichever process, to stop; it does so within about a second."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(_runs).where(_runs.c.id == run_id).values(stop_requested=True))

    def finish_run(
        self,
        run_id: str,
        status: str,
        mode: str,
        message: str | None,
        collected: Sequence[Collected],
        results: Sequence[CheckResult],
        found: pl.DataFrame,
        now: datetime,
    ) -> Comparison:
        """Ends a run: collected frames, check results, findings, events and the run's row in one transaction.

        Args:
            found: schema `findings.FOUND`.

        Returns what changed among the findings.
        """
        judged = {(one.check, one.source) for one in results if one.status != "could_not_run"}
        with writing(self.engine) as connection:
            known = bulk.frame(connection, sa.select(tables.findings), KEPT)
            comparison = compare(known.select(KEPT.names()), found, judged, now)
            self._add_collected(connection, run_id, collected)
            self._add_results(connection, run_id, results)
            bulk.replace(connection, tables.findings, comparison.findings, "id")
            events = comparison.events.with_columns(
                at=pl.lit(now, dtype=pl.Datetime("us", "UTC")), run_id=pl.lit(run_id)
            )
            bulk.insert(connection, tables.finding_events, events)
            self._end(connection, run_id, status, message, now, mode)
        return comparison

    def fail_run(
        self,
        run_id: str,
        status: str,
        message: str,
        collected: Sequence[Collected] = (),
        now: datetime | None = None,
    ) -> None:
        """Ends a run that brought nothing to judge. Findings stay exactly as they were."""
        with writing(self.engine) as connection:
            self._add_collected(connection, run_id, collected)
            self._end(connection, run_id, status, message, now or datetime.now(UTC))

    def runs(self, limit: int = 50) -> pl.DataFrame:
        """The newest runs first: the columns of the table, without progress."""
        columns = [column for column in _runs.c if column.name != "progress"]
        with self.engine.connect() as connection:
            return bulk.frame(
                connection, sa.select(*columns).order_by(_runs.c.started_at.desc()).limit(limit)
            )

    def run(self, run_id: str) -> dict[str, Any] | None:
        """One run's row."""
        return self._one_run(sa.select(_runs).where(_runs.c.id == run_id))

    def latest_run(self) -> dict[str, Any] | None:
        """The newest run that finished, complete or partial: what the pages show."""
        finished = sa.select(_runs).where(_runs.c.status.in_(_FINISHED))
        return self._one_run(finished.order_by(_runs.c.started_at.desc()).limit(1))

    def active_run(self) -> dict[str, Any] | None:
        """The run that is alive, with its `progress`."""
        alive = sa.and_(_runs.c.status == "running", _runs.c.heartbeat_at >= datetime.now(UTC) - STALE)
        return self._one_run(sa.select(_runs).where(alive).limit(1))

    def collected(self, run_id: str) -> pl.DataFrame:
        """What was collected in a run; `drift` and `unusable` as JSON text."""
        query = sa.select(tables.collected).where(tables.collected.c.run_id == run_id)
        with self.engine.connect() as connection:
            return bulk.frame(connection, query.order_by(tables.collected.c.source, tables.collected.c.frame))

    def check_results(self, run_ids: str | Collection[str]) -> pl.DataFrame:
        """How the checks went in one run or in several."""
        query = sa.select(tables.check_results).where(
            tables.check_results.c.run_id.in_(bulk.as_list(run_ids) or [])
        )
        with self.engine.connect() as connection:
            return bulk.frame(connection, query)

    def _one_run(self, query: sa.Select[Any]) -> dict[str, Any] | None:
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def _add_collected(self, connection: sa.Connection, run_id: str, collected: Sequence[Collected]) -> None:
        rows = [
            {
                "run_id": run_id,
                "source": one.source,
                "frame": one.frame,
                "status": one.status,
                "rows": one.rows,
                "requests": one.requests,
                "seconds": one.seconds,
                "message": one.message,
                "drift": [{"field": d.field, "kind": d.kind, "detail": d.detail} for d in one.drift],
                "unusable": dict(one.unusable),
            }
            for one in collected
        ]
        if rows:
            connection.execute(sa.insert(tables.collected), rows)

    def _add_results(self, connection: sa.Connection, run_id: str, results: Sequence[CheckResult]) -> None:
        rows = [
            {
                "run_id": run_id,
                "source": one.source,
                "check": one.check,
                "status": one.status,
                "findings": one.findings,
                "entities": one.entities,
                "seconds": one.seconds,
                "message": one.message,
            }
            for one in results
        ]
        if rows:
            connection.execute(sa.insert(tables.check_results), rows)

    def _end(
        self,
        connection: sa.Connection,
        run_id: str,
        status: str,
        message: str | None,
        now: datetime,
        mode: str | None = None,
    ) -> None:
        values: dict[str, Any] = {"status": status, "message": message, "finished_at": now, "progress": []}
        if mode is not None:
            values["mode"] = mode
        connection.execute(sa.update(_runs).where(_runs.c.id == run_id).values(**values))


def as_objects(text: str | None) -> Any:
    """A JSON column of a frame as Python objects."""
    return json.loads(text) if text else None
