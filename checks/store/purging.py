"""The rows that retention takes away, and what stays of them.

What goes is looked up in the very transaction that deletes it: a run that ends meanwhile changes what is the newest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from checks.store import bulk, tables
from checks.store.clientless import ENDED, fixes_with_clients, plans_with_clients, strike_clients
from checks.store.engine import lock
from checks.store.history import FINISHED

_runs, _collected, _findings = tables.runs, tables.collected, tables.findings
_blobs = tables.fix_blobs
_events, _decisions, _fixes, _steps = (
    tables.finding_events,
    tables.decisions,
    tables.fixes,
    tables.fix_steps,
)

#: What findings are about that concerns people: the key may be an e-mail, the message may name a client.
PERSONAL_ENTITIES = (
    "user",
    "client",
    "client-product",
    "order-list-item",
    "order",
    "representative",
    "debtor",
)

_SHA256 = r"[0-9a-f]{64}"


@dataclass(frozen=True)
class KnownRuns:
    """The runs of the store as retention sees them.

    Attributes:
        started: when each began.
        under_way: those that have not ended: nothing of them is touched.
        newest: the newest that finished, None when there is none.
        newest_with: (source, frame) -> the newest finished run that has it: incremental runs build upon it.
    """

    started: dict[str, datetime]
    under_way: frozenset[str]
    newest: str | None
    newest_with: dict[tuple[str, str], str]

    def needed(self, personal: Iterable[str]) -> set[str]:
        """Runs that stay however old they are; `personal` frames keep none."""
        skipped = set(personal)
        needed = {run_id for (_, frame), run_id in self.newest_with.items() if frame not in skipped}
        return needed | self.under_way | ({self.newest} if self.newest else set())


@dataclass(frozen=True)
class OldRows:
    """Ids of what goes; `events` counts those that go with the findings.

    Of `fixes` and `plans` only client numbers go, and of those that made a client whom they were for.
    """

    runs: list[str]
    findings: list[str]
    events: int
    pictures: list[str]
    fixes: list[str]
    plans: list[str]


def known_runs(connection: sa.Connection) -> KnownRuns:
    """The runs of the store."""
    rows = bulk.frame(connection, sa.select(_runs.c.id, _runs.c.started_at, _runs.c.status))
    rows = rows.sort("started_at", "id")
    finished = rows.filter(pl.col("status").is_in(FINISHED))
    frames = bulk.frame(
        connection,
        sa.select(_collected.c.run_id, _collected.c.source, _collected.c.frame).where(
            _collected.c.status == "ok"
        ),
    )
    with_frames = finished.join(frames, left_on="id", right_on="run_id", maintain_order="left")
    return KnownRuns(
        started=dict(rows.select("id", "started_at").iter_rows()),
        under_way=frozenset(rows.filter(pl.col("status") == "running")["id"]),
        newest=next(iter(finished["id"].reverse()), None),
        # oldest first: what comes later takes the place of what came before
        newest_with={
            (source, frame): run_id
            for run_id, source, frame in with_frames.select("id", "source", "frame").iter_rows()
        },
    )


def old_rows(
    connection: sa.Connection, before: datetime, personal_before: datetime, personal_frames: Iterable[str]
) -> OldRows:
    """What is older than its term: runs and pictures than `before`, what is about people than `personal_before`.

    A finding about people goes by when it was last seen, whatever its status: that of a check which is switched off, or
    which could not run for months, would never be fixed. One that is still found was seen by the last run.
    """
    runs = known_runs(connection)
    needed = runs.needed(personal_frames)
    unfinished = sa.select(_fixes.c.finding_id).where(
        _fixes.c.finding_id.is_not(None), _fixes.c.state.in_(("running", "needs_attention"))
    )
    about_people = sa.select(_findings.c.id).where(
        _findings.c.entity.in_(PERSONAL_ENTITIES),
        _findings.c.last_seen < personal_before,
        _findings.c.id.not_in(unfinished),
    )
    findings = list(connection.execute(about_people).scalars())
    counted = sa.select(sa.func.count()).where(bulk.among(connection, _events.c.finding_id, findings))
    return OldRows(
        runs=[run_id for run_id, at in runs.started.items() if at < before and run_id not in needed],
        findings=sorted(findings),
        events=connection.execute(counted).scalar_one(),
        pictures=_old_pictures(connection, before),
        fixes=fixes_with_clients(connection, personal_before),
        plans=plans_with_clients(connection, personal_before),
    )


def delete_rows(connection: sa.Connection, old: OldRows, by: str, now: datetime) -> None:
    """Deletes them. Of a decision stays who made it, when, and how it ended; what was said goes with its finding.

    An event of its own says that it was done. It has the highest number from then on, so that no number is given twice
    and `Store.revision` grows.
    """
    connection.execute(sa.delete(_runs).where(bulk.among(connection, _runs.c.id, old.runs)))
    connection.execute(sa.delete(_blobs).where(bulk.among(connection, _blobs.c.sha256, old.pictures)))
    strike_clients(connection, old.fixes, old.plans)
    if not (old.findings or old.fixes):
        return
    detail = f"{len(old.findings)} findings; client numbers of {len(old.fixes)} fixes"
    connection.execute(sa.insert(_events).values(finding_id="", at=now, event="purged", detail=detail, by=by))
    about = bulk.among(connection, _decisions.c.finding_id, old.findings)
    connection.execute(
        sa.update(_decisions)
        .where(about, _decisions.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=by, ended_why="purged")
    )
    connection.execute(sa.update(_decisions).where(about).values(reason=None, value=None))
    connection.execute(sa.delete(_events).where(bulk.among(connection, _events.c.finding_id, old.findings)))
    connection.execute(sa.delete(_findings).where(bulk.among(connection, _findings.c.id, old.findings)))


def hold_for_purge(connection: sa.Connection) -> None:
    """Nobody else begins or ends a run, or changes a finding, until this transaction is over."""
    lock(connection, _runs)
    lock(connection, _findings)
    lock(connection, tables.error_groups)
    if connection.dialect.name == "sqlite":
        # what is deleted is overwritten: an e-mail must not stay readable in the file's free pages
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()


def forget(engine: sa.Engine) -> None:
    """After a purge: SQLite's log of writes begins anew, so that it does not hold on to what was deleted.

    Another process that reads at this very moment prevents it; the next writer does it then.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()


def _old_pictures(connection: sa.Connection, before: datetime) -> list[str]:
    """Pictures that only fixes name which ended before that moment, and those that came before it and no fix names.

    A newer one that no fix names stays: its plan may be about to be written.
    """
    came = {row.sha256: row.at for row in connection.execute(sa.select(_blobs.c.sha256, _blobs.c.at))}
    kept = set(came)
    if not kept:
        return []
    ended = sa.and_(_fixes.c.state.in_(ENDED), _fixes.c.finished_at < before).label("ended")
    named = pl.concat(
        [
            bulk.frame(connection, sa.select(ended, _fixes.c.before.label("text"))),
            *(
                bulk.frame(
                    connection,
                    sa.select(ended, column.label("text")).join(_steps, _steps.c.fix_id == _fixes.c.id),
                )
                for column in (_steps.c.request, _steps.c.compensation)
            ),
        ]
    ).select("ended", sha256=pl.col("text").str.extract_all(_SHA256))
    named = named.explode("sha256").drop_nulls("sha256")
    needed = named.filter(~pl.col("ended").fill_null(False))["sha256"]
    unnamed = {one for one in kept - set(named["sha256"]) if (at := came[one]) is not None and at < before}
    return sorted((kept & set(named["sha256"]) - set(needed)) | unnamed)
