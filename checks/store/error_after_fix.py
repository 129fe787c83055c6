"""A fix that closed what a problem came from moves the problem too; so does undoing that fix."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.frame_spec import UTC
from checks.store import bulk, tables
from checks.store.engine import lock, writing
from checks.store.error_causes import RECENT, about, named_by
from checks.store.error_state import (
    Row,
    event,
    events,
    fingerprints,
    groups,
    on_server,
    rows,
    save_state,
    state_of,
    tell,
    things,
)
from checks.triage.states import OPEN, Change, fix_undone, fixed

_findings, _happened = tables.findings, tables.finding_events

#: At least this share of a problem's rows must be about what the fix repaired.
_ENOUGH = 0.5

#: How far back a run looks for fixes whose problems it has to move.
_LATE = timedelta(days=2)

#: Of `_findings_where`: closed by a person's fix, and no run.
_BY_FIX = (pl.col("status") == "fixed") & pl.col("by").is_not_null() & pl.col("in_run").is_null()

#: What a person does to a problem that a run must not undo.
_DECISIONS = ("reopened", "resolved", "ignored", "undone", "fix-undone")


class ErrorAfterFix:
    """What fixes mean for problems."""

    engine: sa.Engine

    def after_fix(self, source: str, finding_ids: Iterable[str], by: str, now: datetime) -> list[str]:
        """To be told once a fix, or a plan of many, closed these findings; gives the groups that are *fixed, unconfirmed* now.

        Those are open groups, at least half of whose rows of the last 30 days are about things of which fixes closed
        the findings of a check, these of `finding_ids` among them, where none of these things has one of that check
        any more; several checks may explain a group together. Findings that were closed before the group's newest row
        do not count: they were not its cause.
        """
        with writing(self.engine) as connection:
            lock(connection, groups)
            closed = _findings_where(connection, bulk.among(connection, _findings.c.id, finding_ids))
            return _fixed_groups(connection, source, closed, by, now)

    def after_late_rows(self, source: str, now: datetime) -> list[str]:
        """To be told at every run: what was fixed in the last days may explain rows that only came in now.

        Also catches up with a program that was killed between a fix and telling so. Groups that a person has decided
        about since the fix stay as they are. Gives the groups that are *fixed, unconfirmed* now.
        """
        with writing(self.engine) as connection:
            lock(connection, groups)
            recent = sa.and_(_findings.c.source == source, _findings.c.fixed_at >= now - _LATE)
            closed = _findings_where(connection, recent).filter(_BY_FIX)
            told: list[str] = []
            for (by,), part in closed.group_by("by", maintain_order=True):
                told += _fixed_groups(connection, source, part, str(by), now, undecided=True)
            return told

    def after_undo(self, source: str, finding_ids: Iterable[str], by: str, now: datetime) -> list[str]:
        """To be told once the fix of these findings was undone; gives the groups that are *ongoing* again.

        Those that a fix of the same check made *fixed, unconfirmed*, and whose rows name the thing of a finding that is
        open again.
        """
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = on_server(connection, source, now)
            back = _findings_where(connection, bulk.among(connection, _findings.c.id, finding_ids)).filter(
                pl.col("status") != "fixed"
            )
            lines: list[Row] = []
            for (check,), of_check in back.group_by("check", maintain_order=True):
                for row in _touched(connection, source, about(of_check), ("fixed_unconfirmed",)):
                    if check in _fixed_by(connection, row["id"]):
                        change = fix_undone(state_of(row), max(moment, row["last_seen"]), str(check))
                        lines += _moved(connection, row, change, [str(check)], by, now)
            tell(connection, lines)
            return [line["group_id"] for line in lines]


def _fixed_groups(
    connection: sa.Connection,
    source: str,
    closed: pl.DataFrame,
    by: str,
    now: datetime,
    *,
    undecided: bool = False,
) -> list[str]:
    """Moves the groups that closed findings explain, others that fixes closed before included; gives their ids."""
    moment = on_server(connection, source, now)
    touched = _touched(connection, source, about(closed), OPEN)
    if not touched:
        return []
    checks = set(closed["check"])
    explained = _explained(connection, source, touched, now, moment - now, undecided)
    lines: list[Row] = []
    for row in touched:
        counted = explained.get(row["id"], {})
        if checks & counted.keys():
            change = fixed(state_of(row), max(moment, row["last_seen"]), counted)
            lines += _moved(connection, row, change, list(counted), by, now)
    tell(connection, lines)
    return [line["group_id"] for line in lines]


def _moved(
    connection: sa.Connection, row: Row, change: Change, checks: list[str], by: str, now: datetime
) -> list[Row]:
    if change is None:
        return []
    state, happened = change
    save_state(connection, row["id"], state)
    return [event(row["id"], now, happened, by=by, before={**state_of(row).as_json(), "checks": checks})]


def _findings_where(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> pl.DataFrame:
    """Findings with `by` and `in_run`: who or which run said last that they are fixed."""
    last = (
        sa.select(_happened.c.finding_id, sa.func.max(_happened.c.number).label("number"))
        .where(_happened.c.event == "fixed")
        .group_by(_happened.c.finding_id)
        .subquery()
    )
    query = (
        sa.select(_findings, _happened.c.by, _happened.c.run_id.label("in_run"))
        .outerjoin(last, last.c.finding_id == _findings.c.id)
        .outerjoin(_happened, _happened.c.number == last.c.number)
        .where(wanted)
    )
    return bulk.frame(connection, query).sort("check", "id")


def _touched(
    connection: sa.Connection, source: str, repaired: pl.DataFrame, states: tuple[str, ...]
) -> list[Row]:
    """The groups of a source in these states whose rows name any of these things."""
    found: set[str] = set()
    for (kind,), of_kind in repaired.group_by("kind"):
        query = (
            sa.select(fingerprints.c.group_id)
            .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
            .join(things, sa.and_(things.c.source == rows.c.source, things.c.row_id == rows.c.row_id))
            .where(
                things.c.source == source,
                things.c.kind == str(kind),
                bulk.among(connection, things.c.key, of_kind["thing"].unique()),
            )
            .distinct()
        )
        found |= set(connection.execute(query).scalars())
    query_groups = (
        sa.select(groups)
        .where(
            bulk.among(connection, groups.c.id, found),
            groups.c.state.in_(states),
            groups.c.merged_into.is_(None),
        )
        .order_by(groups.c.id)
    )
    return [dict(row) for row in connection.execute(query_groups).mappings()]


def _explained(
    connection: sa.Connection,
    source: str,
    live: list[Row],
    now: datetime,
    skew: timedelta,
    undecided: bool,
) -> dict[str, dict[str, int]]:
    """Of each group that findings closed by fixes explain: how many of which check; of a check, none may be open still.

    Where it has to be `undecided`, not those that a person decided about since the last of those fixes.
    """
    ids = [row["id"] for row in live]
    seen = pl.DataFrame(
        {"group_id": ids, "since": [row["last_seen"] - skew for row in live]},
        schema={"group_id": pl.String, "since": UTC},
    )
    found = _findings_where(connection, _findings.c.source == source)
    found = about(found.filter((pl.col("status") != "fixed") | _BY_FIX))
    hits = (
        named_by(connection, ids, now).join(found, on=["source", "kind", "thing"]).join(seen, on="group_id")
    )
    hits = hits.filter((pl.col("status") != "fixed") | (pl.col("fixed_at") >= pl.col("since")))
    hits = hits.filter((pl.col("status") == "fixed").all().over("group_id", "check"))
    total = dict(_recent_rows(connection, ids, now + skew - RECENT))
    explained = {}
    for (group,), part in hits.group_by("group_id"):
        ident = str(group)
        if part["row_id"].n_unique() < total.get(ident, 0) * _ENOUGH:
            continue
        if undecided and _decided_since(connection, ident, part["fixed_at"].max()):
            continue
        counted = (
            part.group_by("check").agg(pl.col("id").n_unique()).sort("id", "check", descending=[True, False])
        )
        explained[ident] = dict(counted.iter_rows())
    return explained


def _recent_rows(connection: sa.Connection, ids: list[str], since: datetime) -> list[tuple[str, int]]:
    query = (
        sa.select(fingerprints.c.group_id, sa.func.count())
        .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
        .where(bulk.among(connection, fingerprints.c.group_id, ids), rows.c.at >= since)
        .group_by(fingerprints.c.group_id)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def _decided_since(connection: sa.Connection, ident: str, moment: Any) -> bool:
    query = sa.select(events.c.number).where(
        events.c.group_id == ident,
        events.c.at >= moment,
        events.c.by.is_not(None),
        events.c.event.in_(_DECISIONS),
    )
    return connection.execute(query.limit(1)).first() is not None


def _fixed_by(connection: sa.Connection, ident: str) -> list[str]:
    """The checks whose fixes made a group what it is."""
    last = connection.execute(
        sa.select(events.c.before)
        .where(events.c.group_id == ident, events.c.event == "fixed", events.c.undone_at.is_(None))
        .order_by(events.c.number.desc())
        .limit(1)
    ).scalar()
    return [] if last is None else list(last.get("checks") or [last.get("check")])
