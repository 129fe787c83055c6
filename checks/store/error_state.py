"""What all changes to problems of the error log share: looking them up, their state, their history, the server's clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checks.errors import UsageError
from checks.store import bulk, tables
from checks.triage.states import Event, GroupState

groups, events, fingerprints = tables.error_groups, tables.error_events, tables.error_fingerprints
rows, things, counts, reads = tables.error_rows, tables.error_things, tables.error_counts, tables.error_reads

Row = dict[str, Any]

#: Clocks that differ by less are one clock.
_SKEW = timedelta(seconds=5)


def lead_to(connection: sa.Connection, ids: str | Iterable[str]) -> dict[str, str]:
    """Each id with the group it leads to now: itself, or the one it was merged into.

    Raises UsageError naming those that do not exist.
    """
    wanted = list(dict.fromkeys(bulk.as_list(ids) or []))
    merged = {
        row.id: row.merged_into
        for row in connection.execute(
            sa.select(groups.c.id, groups.c.merged_into).where(groups.c.merged_into.is_not(None))
        )
    }
    known = set(
        connection.execute(
            sa.select(groups.c.id).where(bulk.among(connection, groups.c.id, wanted))
        ).scalars()
    )
    if unknown := [ident for ident in wanted if ident not in known]:
        raise UsageError(
            f"There is no problem {', '.join(unknown)} in the error log. "
            "`keurmeester errors list --state all` shows those there are."
        )
    return {ident: _end_of(ident, merged) for ident in wanted}


def _end_of(ident: str, merged: Mapping[str, str]) -> str:
    while ident in merged:
        ident = merged[ident]
    return ident


def held(connection: sa.Connection, ids: str | Iterable[str]) -> list[Row]:
    """The groups that these ids lead to, as rows, each once, in the order given."""
    live = list(dict.fromkeys(lead_to(connection, ids).values()))
    found = {
        row["id"]: dict(row)
        for row in connection.execute(
            sa.select(groups).where(bulk.among(connection, groups.c.id, live))
        ).mappings()
    }
    return [found[ident] for ident in live]


def state_of(row: Mapping[str, Any]) -> GroupState:
    """The columns of its state."""
    return GroupState(
        row["state"], row["state_at"], row["ignored"], row["ignored_until"], row["ignored_after"]
    )


def save_state(connection: sa.Connection, ident: str, state: GroupState) -> None:
    connection.execute(
        sa.update(groups)
        .where(groups.c.id == ident)
        .values(
            state=state.state,
            state_at=state.state_at,
            ignored=state.ignored,
            ignored_until=state.ignored_until,
            ignored_after=state.ignored_after,
        )
    )


def event(
    ident: str,
    at: datetime,
    told: Event,
    *,
    by: str | None = None,
    run_id: str | None = None,
    before: Mapping[str, Any] | None = None,
) -> Row:
    """A line of a group's history; with `before` it can be undone."""
    return {
        "group_id": ident,
        "at": at,
        "event": told.name,
        "detail": told.detail,
        "by": by,
        "run_id": run_id,
        "before": None if before is None else dict(before),
        "undone_at": None,
    }


def tell(connection: sa.Connection, lines: Sequence[Row]) -> None:
    if lines:
        connection.execute(sa.insert(events), list(lines))


def on_server(connection: sa.Connection, source: str, now: datetime) -> datetime:
    """What the source's clock says at the moment `now` of this machine's, going by the newest reading of its log."""
    newest = connection.execute(
        sa.select(reads.c.read_at, reads.c.until)
        .where(reads.c.source == source)
        .order_by(reads.c.read_at.desc(), reads.c.until.desc())
        .limit(1)
    ).first()
    if newest is None:
        return now
    skew: timedelta = newest.until - newest.read_at
    return now if abs(skew) < _SKEW else now + skew
