"""What people decide about problems of the error log, what they say, and how all of it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from checks.errors import UsageError
from checks.store.engine import lock, writing
from checks.store.error_state import (
    Row,
    event,
    groups,
    held,
    on_server,
    save_state,
    state_of,
    tell,
)
from checks.triage.states import Change, Event, ignore, reopen, resolve

_Ids = str | Iterable[str]
_Seen = Mapping[str, str] | None


class ErrorDecisions:
    """Decisions about problems. Each is one transaction, and an event with who and when.

    Everywhere: `seen` is the state of each as whoever decides saw it; one that has another by now, or is not in it, is
    left alone and not counted. Unknown ids raise UsageError; one that was merged away means what it went into.
    """

    engine: sa.Engine

    def resolve(
        self,
        ids: _Ids,
        by: str,
        *,
        reason: str | None = None,
        seen: _Seen = None,
        now: datetime | None = None,
    ) -> int:
        """Says that they are over; a row from then on brings one back. Gives how many."""
        return self._decide(ids, by, seen, now, lambda row, at, _: resolve(state_of(row), at, reason))

    def ignore(
        self,
        ids: _Ids,
        by: str,
        *,
        until: datetime | None = None,
        more: int | None = None,
        escalating: bool = False,
        for_ever: bool = False,
        reason: str | None = None,
        seen: _Seen = None,
        now: datetime | None = None,
    ) -> int:
        """Sets them aside until a moment, until `more` rows have come, until they escalate, or for ever; gives how many.

        Raises UsageError unless it is exactly one of these, for a date that is past, and without a reason for ever.
        """
        terms = [until is not None, more is not None, escalating, for_ever]
        if sum(terms) != 1:
            raise UsageError(
                "Say until when a problem is ignored: until a date, until so many more rows, until it escalates, or for "
                "ever; one of these."
            )
        if until is not None and until.tzinfo is None:
            raise ValueError("until is naive: a moment needs its zone")
        if until is not None and until <= (now or datetime.now(UTC)):
            raise UsageError("That moment is past: name a day that is still to come.")
        if more is not None and more < 1:
            raise UsageError("Until how many more rows? At least 1.")
        if for_ever and not (reason or "").strip():
            raise UsageError("To ignore a problem for ever, say why: whoever looks next year wants to know.")

        def change(row: Row, at: datetime, skew: timedelta) -> Change:
            end = None if until is None else until + skew
            return ignore(
                state_of(row), at, row["rows"], until=end, more=more, escalating=escalating, reason=reason
            )

        return self._decide(ids, by, seen, now, change)

    def reopen(
        self,
        ids: _Ids,
        by: str,
        *,
        reason: str | None = None,
        seen: _Seen = None,
        now: datetime | None = None,
    ) -> int:
        """Wants to see them again; gives how many were closed."""
        return self._decide(ids, by, seen, now, lambda row, at, _: reopen(state_of(row), at, reason))

    def assign(self, ids: _Ids, to: str | None, by: str, now: datetime | None = None) -> int:
        """Makes somebody (None: nobody) the one who looks after them; gives for how many that is new."""
        name = (to or "").strip() or None
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = now or datetime.now(UTC)
            chosen = [row for row in held(connection, ids) if row["assignee"] != name]
            for row in chosen:
                connection.execute(sa.update(groups).where(groups.c.id == row["id"]).values(assignee=name))
            said = Event("assigned", f"Assigned to {name}." if name else "Assigned to nobody.")
            before = [{"assignee": row["assignee"]} for row in chosen]
            tell(
                connection,
                [
                    event(row["id"], moment, said, by=by, before=was)
                    for row, was in zip(chosen, before, strict=True)
                ],
            )
        return len(chosen)

    def comment(self, ids: _Ids, text: str, by: str, now: datetime | None = None) -> int:
        """Adds a remark; gives to how many. Raises UsageError when there is nothing in it."""
        if not text.strip():
            raise UsageError("A comment needs words.")
        with writing(self.engine) as connection:
            chosen = held(connection, ids)
            moment = now or datetime.now(UTC)
            said = Event("comment", text.strip())
            tell(connection, [event(row["id"], moment, said, by=by) for row in chosen])
        return len(chosen)

    def _decide(
        self,
        ids: _Ids,
        by: str,
        seen: _Seen,
        now: datetime | None,
        change: Callable[[Row, datetime, timedelta], Change],
    ) -> int:
        """`change`: the row, the server's moment, and by how much that clock is ahead -> what becomes of it."""
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = now or datetime.now(UTC)  # not before: a writer may have had to wait for its turn
            lines: list[Row] = []
            for row in held(connection, ids):
                if seen is not None and seen.get(row["id"]) != row["state"]:
                    continue
                there = on_server(connection, row["source"], moment)
                # rows that are known are not later than the decision, whatever the clocks say
                changed = change(row, max(there, row["last_seen"]), there - moment)
                if changed is not None:
                    state, happened = changed
                    save_state(connection, row["id"], state)
                    lines.append(event(row["id"], moment, happened, by=by, before=state_of(row).as_json()))
            tell(connection, lines)
        return len(lines)
