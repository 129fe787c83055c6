"""The life of a run: begun, alive by its heartbeat, ended in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.errors import StoreError
from checks.findings import KEPT, CheckResult, Comparison, compare, with_tallies
from checks.frame_spec import UTC as MOMENT
from checks.frames import Collected
from checks.store import bulk, tables
from checks.store.decided import end_decisions, holding
from checks.store.engine import lock, writing
from checks.store.tables import NUL, NUL_SHOWN

#: A running row without a heartbeat for so long belongs to a process that was killed.
STALE = timedelta(seconds=60)

_runs, _findings, _events = tables.runs, tables.findings, tables.finding_events


class RunLife:
    """Begins runs, keeps them alive and ends them."""

    engine: sa.Engine

    def begin_run(self, mode: str, started_by: str) -> str:
        """Registers a run and returns its id. Raises StoreError while another one is alive.

        Args:
            mode: full | incremental, as it is meant; `finish_run` says what it became.
            started_by: who, for people.

        A run whose heartbeat stopped more than a minute ago was killed: it becomes `failed` here.
        """
        with writing(self.engine) as connection:
            lock(connection, _runs)
            now = datetime.now(UTC)  # not before: a writer may have had to wait for its turn
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
                    f"Wait for it, or stop it on the Overview page. If its process was killed, its place is free "
                    f"{STALE.seconds} seconds after its last sign of life: try again in a minute."
                )
            run_id = f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
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
        """Keeps the newest steps and the heartbeat; True when this run should stop.

        It should when somebody asked it to, and when it was given up as killed and has lost its place.
        """
        with writing(self.engine) as connection:
            alive = connection.execute(
                _still_running(run_id).values(progress=progress, heartbeat_at=datetime.now(UTC))
            )
            if alive.rowcount == 0:
                return True
            return bool(
                connection.execute(sa.select(_runs.c.stop_requested).where(_runs.c.id == run_id)).scalar()
            )

    def request_stop(self, run_id: str) -> None:
        """Asks a run, of whichever process, to stop; it hears so at its next `report_progress`."""
        with writing(self.engine) as connection:
            connection.execute(_still_running(run_id).values(stop_requested=True))

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
        no_question: Collection[tuple[str, str]] = (),
    ) -> Comparison:
        """Ends a run: collected frames, check results, findings, events and the run's row in one transaction.

        Args:
            status: complete | partial.
            mode: full | incremental, as it became.
            found: schema `findings.FOUND`.
            now: the moment of the run, aware.
            no_question: check and source of what the settings ask no more: the findings of before close.

        Returns what changed among the findings. Decisions whose date passed or whose value changed end here; the check
        results get how many findings are accepted and how many entities the others touch. Raises StoreError, and stores nothing, when the run is not alive any
        more: its heartbeat stopped for a minute (a machine that slept) and another one took its place.
        """
        judged = {(one.check, one.source) for one in results if one.status != "could_not_run"} | set(
            no_question
        )
        with writing(self.engine) as connection:
            started = _hold(connection, run_id)
            lock(connection, _findings)
            known = bulk.frame(connection, sa.select(*(_findings.c[name] for name in KEPT)), KEPT)
            held = known.join(_unfinished(connection), on=["source", "key"], how="semi")["id"].to_list()
            repaired = _repaired_since(connection, started)
            # as the store keeps it, or a value would change every run
            found = found.with_columns(pl.col("value").str.replace_all(NUL, NUL_SHOWN, literal=True))
            comparison = compare(known, found, judged, now, repaired, held, holding(connection))
            self._add_collected(connection, run_id, collected)
            self._add_results(connection, run_id, with_tallies(results, comparison))
            bulk.upsert(connection, _findings, comparison.findings, "id")
            happened = comparison.events.with_columns(at=pl.lit(now, dtype=MOMENT), run_id=pl.lit(run_id))
            bulk.insert(connection, _events, happened)
            end_decisions(connection, comparison.ended, now)
            self._end(connection, run_id, status=status, mode=mode, message=message, finished_at=now)
        return comparison

    def fail_run(
        self,
        run_id: str,
        status: str,
        message: str,
        collected: Sequence[Collected] = (),
        now: datetime | None = None,
    ) -> None:
        """Ends a run that brought nothing to judge. Findings stay exactly as they were.

        A run that has ended already, or was given up as killed, is left as it is.
        """
        moment = now or datetime.now(UTC)
        with writing(self.engine) as connection:
            if connection.execute(_still_running(run_id).values(heartbeat_at=moment)).rowcount == 1:
                self._add_collected(connection, run_id, collected)
                self._end(connection, run_id, status=status, message=message, finished_at=moment)

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
                "drift": [asdict(drift) for drift in one.drift],
                "unusable": dict(one.unusable),
                "mode": one.mode,
                "read_at": one.read_at,
                "full_at": one.full_at,
                "expected": one.expected,
                "carried_from": one.carried_from,
                "bytes": one.bytes,
            }
            for one in collected
        ]
        if rows:
            connection.execute(sa.insert(tables.collected), rows)

    def _add_results(self, connection: sa.Connection, run_id: str, results: Sequence[CheckResult]) -> None:
        rows = [{"run_id": run_id, **asdict(one)} for one in results]
        if rows:
            connection.execute(sa.insert(tables.check_results), rows)

    def _end(self, connection: sa.Connection, run_id: str, **values: Any) -> None:
        connection.execute(sa.update(_runs).where(_runs.c.id == run_id).values(progress=[], **values))


def _still_running(run_id: str) -> sa.Update:
    return sa.update(_runs).where(_runs.c.id == run_id, _runs.c.status == "running")


def _hold(connection: sa.Connection, run_id: str) -> datetime:
    """When the run began. Nobody else can end it, or begin another one, until this transaction is over."""
    held = connection.execute(_still_running(run_id).values(heartbeat_at=datetime.now(UTC)))
    row = connection.execute(sa.select(_runs).where(_runs.c.id == run_id)).mappings().first()
    if row is None:
        raise StoreError(f"There is no run {run_id!r} in the store. Begin one first.")
    if held.rowcount == 0:
        raise StoreError(
            f"The run of {row['started_at']:%H:%M:%S} UTC has ended already ({row['message'] or row['status']}). "
            "Nothing of it was stored now; start a new health check."
        )
    started: datetime = row["started_at"]
    return started


def _unfinished(connection: sa.Connection) -> pl.DataFrame:
    """Source and key of every fix that is under way or needs attention."""
    fixes, plans = tables.fixes, tables.plans
    query = (
        sa.select(plans.c.source, fixes.c.key)
        .join(plans, plans.c.id == fixes.c.plan_id)
        .where(fixes.c.state.in_(("running", "needs_attention")))
    )
    return bulk.frame(connection, query)


def _repaired_since(connection: sa.Connection, moment: datetime) -> list[str]:
    """Findings that were closed by a fix, not by a run."""
    query = sa.select(_events.c.finding_id).where(
        _events.c.event == "fixed", _events.c.at >= moment, _events.c.run_id.is_(None)
    )
    return list(connection.execute(query).scalars())
