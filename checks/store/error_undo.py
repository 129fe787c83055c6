"""Any change of a problem undone: its state, who looks after it, and what counts as it, as before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from checks.errors import UsageError
from checks.store.engine import lock, writing
from checks.store.error_counting import move_fingerprints, recount
from checks.store.error_state import Row, event, events, fingerprints, groups, lead_to, save_state, tell
from checks.triage.states import Event, GroupState


class ErrorUndo:
    """Undoing."""

    engine: sa.Engine

    def undo(self, numbers: int | Iterable[int], by: str, now: datetime | None = None) -> int:
        """Undoes what the events of these numbers changed, all or nothing; gives how many.

        Raises UsageError for an event that does not exist, changed nothing, was undone already, or on top of which came
        another change that is not among these.
        """
        wanted = sorted({numbers} if isinstance(numbers, int) else set(numbers), reverse=True)
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = now or datetime.now(UTC)
            for number in wanted:  # the newest first: what came on top goes before what is under it
                row = _changed_something(connection, number)
                _nothing_on_top(connection, row)
                _put_back(connection, row)
                connection.execute(
                    sa.update(events).where(events.c.number == number).values(undone_at=moment)
                )
                said = Event("undone", _said(row))
                tell(connection, [event(row["group_id"], moment, said, by=by)])
        return len(wanted)


def _said(row: Row) -> str:
    if row["event"] == "regrouped":  # what counts as it stays
        return "What regrouping made of its state, or of who looks after it, was put back."
    return f"Undone: {row['detail']}"


def _changed_something(connection: sa.Connection, number: int) -> Row:
    row = connection.execute(sa.select(events).where(events.c.number == number)).mappings().first()
    if row is None or not row["group_id"]:
        raise UsageError(f"There is no event {number}. `keurmeester errors show` lists those of a problem.")
    if row["undone_at"] is not None:
        raise UsageError(f"“{row['detail']}” was undone already.")
    if row["before"] is None:
        raise UsageError(f"“{row['detail']}” changed nothing that could be undone.")
    return dict(row)


def _nothing_on_top(connection: sa.Connection, row: Row) -> None:
    later = connection.execute(
        sa.select(events)
        .where(
            events.c.group_id == row["group_id"],
            events.c.number > row["number"],
            events.c.undone_at.is_(None),
        )
        .order_by(events.c.number)
    ).mappings()
    parts = _parts(row["before"])
    for one in later:
        if one["before"] is not None and parts & _parts(one["before"]):
            raise UsageError(
                f"“{row['detail']}” cannot be undone as long as a later change stands: “{one['detail']}”. "
                "Undo that first."
            )


def _parts(before: dict[str, Any]) -> set[str]:
    """What of a group an event changed."""
    return {name for name in ("state", "assignee", "moved") if name in before}


def _put_back(connection: sa.Connection, row: Row) -> None:
    ident = row["group_id"]
    if "moved" in row["before"]:
        _move_back(connection, row)
    # read anew: rows that moved back took the total with them at which an ignored problem comes back
    before = connection.execute(
        sa.select(events.c.before).where(events.c.number == row["number"])
    ).scalar_one()
    if "state" in before:
        save_state(connection, ident, GroupState.of_json(before))
    if "assignee" in before:
        connection.execute(sa.update(groups).where(groups.c.id == ident).values(assignee=before["assignee"]))


def _move_back(connection: sa.Connection, row: Row) -> None:
    """Fingerprints go back to where they came from; that is the group of the event (split) or one merged into it."""
    before = row["before"]
    moved: dict[str, str] = before["moved"]
    here = sa.select(fingerprints.c.fingerprint).where(fingerprints.c.group_id == row["group_id"])
    present = set(connection.execute(here).scalars())
    if gone := [one for one in moved if one not in present]:
        raise UsageError(
            f"“{row['detail']}” cannot be undone any more: {len(gone)} of its parts count elsewhere by now."
        )
    if "merged" in before:
        connection.execute(sa.update(groups).where(groups.c.id == before["merged"]).values(merged_into=None))
        for one, home in moved.items():
            move_fingerprints(connection, [one], home)
        recount(connection, [row["group_id"], before["merged"]])
        return
    [origin] = set(moved.values())
    origin = next(iter(lead_to(connection, origin).values()))
    if origin == row["group_id"]:
        raise UsageError(
            f"“{row['detail']}” cannot be undone any more: what it came from was merged into it."
        )
    move_fingerprints(connection, present, origin)
    connection.execute(sa.update(groups).where(groups.c.id == row["group_id"]).values(merged_into=origin))
    recount(connection, [row["group_id"], origin])
