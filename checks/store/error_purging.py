"""What goes from the error log after its term; what it counted for stays as long as its problem is heard of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from checks.store import bulk
from checks.store.error_counting import count_products
from checks.store.error_state import counts, events, fingerprints, groups, reads, rows, things

#: The event that says how far rows were purged; of no group.
PURGED = "purged"


@dataclass(frozen=True)
class OldErrors:
    """What of the error log is older than its term.

    Attributes:
        rows: how many rows, with what they name.
        groups: ids of problems that were silent for so long, and of those merged into them.
        before, personal_before: the terms of problems and of rows.
    """

    rows: int
    groups: list[str]
    before: datetime
    personal_before: datetime


def old_errors(connection: sa.Connection, before: datetime, personal_before: datetime) -> OldErrors:
    """Rows go by their own moment, problems by their newest row, whatever their state."""
    count = sa.select(sa.func.count()).select_from(rows).where(rows.c.at < personal_before)
    into = {
        row.id: row.merged_into
        for row in connection.execute(
            sa.select(groups.c.id, groups.c.merged_into).where(groups.c.merged_into.is_not(None))
        )
    }
    silent = set(
        connection.execute(
            sa.select(groups.c.id).where(groups.c.merged_into.is_(None), groups.c.last_seen < before)
        ).scalars()
    )

    def live(ident: str) -> str:
        while ident in into:
            ident = into[ident]
        return ident

    merged = {ident for ident in into if live(ident) in silent}
    return OldErrors(connection.execute(count).scalar_one(), sorted(silent | merged), before, personal_before)


def delete_errors(connection: sa.Connection, old: OldErrors, by: str, now: datetime) -> None:
    """Deletes them. An event remembers how far: what is read once more later was counted already.

    Of rows that say no moment it remembers which: the log may give them for ever, and nothing tells how old they are.
    """
    if old.rows:
        gone = rows.c.at < old.personal_before
        of_gone = sa.exists().where(gone, rows.c.source == things.c.source, rows.c.row_id == things.c.row_id)
        losing = set(
            connection.execute(
                sa.select(fingerprints.c.group_id)
                .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
                .where(gone)
                .distinct()
            ).scalars()
        )
        undated: dict[str, list[str]] = {}
        no_moment = sa.select(rows.c.source, rows.c.row_id).where(gone, rows.c.dated.is_(False))
        for source, row_id in connection.execute(no_moment.order_by(rows.c.source, rows.c.row_id)):
            undated.setdefault(source, []).append(row_id)
        connection.execute(sa.delete(things).where(of_gone))
        connection.execute(sa.delete(rows).where(gone))
        count_products(connection, sorted(losing))
        told: dict[str, Any] = {"rows_before": old.personal_before.astimezone(UTC).isoformat()}
        connection.execute(
            sa.insert(events).values(
                group_id="",
                at=now,
                event=PURGED,
                detail=f"{old.rows} rows of the error log",
                by=by,
                before=told | ({"undated": undated} if undated else {}),
            )
        )
    if old.groups:
        own = bulk.among(connection, fingerprints.c.group_id, old.groups)
        of_own = counts.c.fingerprint.in_(sa.select(fingerprints.c.fingerprint).where(own))
        connection.execute(sa.delete(counts).where(of_own))
        connection.execute(sa.delete(fingerprints).where(own))
        connection.execute(sa.delete(events).where(bulk.among(connection, events.c.group_id, old.groups)))
        connection.execute(sa.delete(groups).where(bulk.among(connection, groups.c.id, old.groups)))
    connection.execute(sa.delete(reads).where(reads.c.until < old.before))


def purged_before(connection: sa.Connection) -> datetime | None:
    """Rows older than this are kept no more; None when none ever went."""
    last = connection.execute(
        sa.select(events.c.before)
        .where(events.c.group_id == "", events.c.event == PURGED)
        .order_by(events.c.number.desc())
        .limit(1)
    ).scalar()
    return None if last is None else datetime.fromisoformat(last["rows_before"])


def purged_undated(connection: sa.Connection, source: str) -> set[str]:
    """Ids of the rows of a source that said no moment and were purged, ever."""
    told = connection.execute(
        sa.select(events.c.before).where(events.c.group_id == "", events.c.event == PURGED)
    ).scalars()
    return {ident for one in told for ident in one.get("undated", {}).get(source, ())}
