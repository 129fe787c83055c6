"""Questions to the problems of the error log: which there are, what counts in them, what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.store import bulk
from checks.store.engine import reading
from checks.store.error_state import counts, events, fingerprints, groups, lead_to, rows, things
from checks.triage.states import OPEN, STATES

_Filter = str | Iterable[str] | None

#: Open ones by gravity, then those that wait, then the closed.
_GRAVITY = pl.Enum(STATES)
_COLUMNS = tuple(column for column in groups.c if column.name != "merged_into")
_MOMENT = pl.Datetime("us", "UTC")

GROUPS = pl.Schema(
    [
        ("id", pl.String()),
        ("source", pl.String()),
        ("title", pl.String()),
        ("method", pl.String()),
        ("route", pl.String()),
        ("kind", pl.String()),
        ("rule", pl.String()),
        ("field", pl.String()),
        ("state", pl.String()),
        ("state_at", _MOMENT),
        ("ignored", pl.String()),
        ("ignored_until", _MOMENT),
        ("ignored_after", pl.Int64()),
        ("rows", pl.Int64()),
        ("last_day", pl.Int64()),
        ("expected", pl.Float64()),
        ("first_seen", _MOMENT),
        ("last_seen", _MOMENT),
        ("assignee", pl.String()),
        ("products", pl.Int64()),
    ]
)


class ErrorGroups:
    """Groups, as they are at this moment. One that was merged into another is shown as that one."""

    engine: sa.Engine

    def groups(
        self,
        *,
        source: _Filter = None,
        state: _Filter = None,
        text: str | None = None,
        ids: _Filter = None,
    ) -> pl.DataFrame:
        """GROUPS, the gravest first and of these the newest; open ones unless `state` says otherwise ("all" for all).

        `products`: how many different ones the rows name that are kept; EANs where they name no article number. `text`
        is looked for, whatever its case, in title, field, rule, kind and who looks after it.
        """
        query = sa.select(*_COLUMNS).where(groups.c.merged_into.is_(None))
        with reading(self.engine) as connection:
            if state != "all":
                query = query.where(groups.c.state.in_(bulk.as_list(state) or OPEN))
            if (sources := bulk.as_list(source)) is not None:
                query = query.where(groups.c.source.in_(sources))
            if ids is not None:
                live = set(lead_to(connection, ids).values())
                query = query.where(bulk.among(connection, groups.c.id, live))
            data = bulk.frame(connection, query)
        if text:
            places = pl.col("title", "route", "field", "rule", "kind", "assignee").str.to_lowercase()
            data = data.filter(pl.any_horizontal(places.str.contains(text.strip().lower(), literal=True)))
        by = [pl.col("state").cast(_GRAVITY), "last_seen", "id"]
        return data.sort(by, descending=[False, True, False]).select(GROUPS.names()).cast(GROUPS)

    def group(self, id: str) -> dict[str, Any] | None:
        """One row of GROUPS; of one that was merged away, the group it went into; None where there is none."""
        with reading(self.engine) as connection:
            known = connection.execute(sa.select(groups.c.id).where(groups.c.id == id)).first()
        return None if known is None else self.groups(state="all", ids=id).row(0, named=True)

    def groups_of(self, source: str, kind: str, key: str) -> pl.DataFrame:
        """GROUPS whose kept rows name that thing, whatever their state. `kind`: product | ean | client | order."""
        query = (
            sa.select(fingerprints.c.group_id)
            .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
            .join(things, sa.and_(things.c.source == rows.c.source, things.c.row_id == rows.c.row_id))
            .where(things.c.source == source, things.c.kind == kind, things.c.key == key)
            .distinct()
        )
        with reading(self.engine) as connection:
            found = list(connection.execute(query).scalars())
        return self.groups(state="all", ids=found)

    def counts(self, ids: str | Iterable[str], since: datetime | None = None) -> pl.DataFrame:
        """group_id, hour (UTC), rows, in order; hours without rows are not there."""
        with reading(self.engine) as connection:
            query = (
                sa.select(fingerprints.c.group_id, counts.c.hour, counts.c.rows)
                .join(counts, counts.c.fingerprint == fingerprints.c.fingerprint)
                .where(_of_groups(connection, ids))
            )
            if since is not None:
                query = query.where(counts.c.hour >= since)
            hours = bulk.frame(connection, query)
        return hours.group_by("group_id", "hour").agg(pl.col("rows").sum()).sort("group_id", "hour")

    def things(self, ids: str | Iterable[str]) -> pl.DataFrame:
        """group_id, kind, key, rows and last_at of what the kept rows of groups name, what most rows name first."""
        with reading(self.engine) as connection:
            named = (fingerprints.c.group_id, things.c.kind, things.c.key)
            last = sa.func.max(rows.c.at, type_=rows.c.at.type).label("last_at")
            query = (
                sa.select(*named, sa.func.count().label("rows"), last)
                .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
                .join(things, sa.and_(things.c.source == rows.c.source, things.c.row_id == rows.c.row_id))
                .where(_of_groups(connection, ids))
                .group_by(*named)
            )
            data = bulk.frame(connection, query)
        return data.sort("group_id", "rows", "kind", "key", descending=[False, True, False, False])

    def events(self, id: str) -> pl.DataFrame:
        """The life of a group, oldest first: number, group_id, at, event, detail, by, run_id, before (JSON text), undone_at."""
        with reading(self.engine) as connection:
            [live] = lead_to(connection, id).values()
            return bulk.frame(connection, sa.select(events).where(events.c.group_id == live)).sort("number")

    def members(self, id: str) -> pl.DataFrame:
        """fingerprint, title, rows, parent and contains of what counts as this group, the most rows first."""
        with reading(self.engine) as connection:
            query = (
                sa.select(
                    fingerprints.c.fingerprint,
                    fingerprints.c.title,
                    sa.func.coalesce(sa.func.sum(counts.c.rows), 0).label("rows"),
                    fingerprints.c.parent,
                    fingerprints.c.contains,
                )
                .outerjoin(counts, counts.c.fingerprint == fingerprints.c.fingerprint)
                .where(_of_groups(connection, id))
                .group_by(fingerprints.c.fingerprint)
            )
            data = bulk.frame(connection, query, {"rows": pl.Int64})
        return data.sort("rows", "fingerprint", descending=[True, False])


def _of_groups(connection: sa.Connection, ids: str | Iterable[str]) -> sa.ColumnElement[bool]:
    live = set(lead_to(connection, ids).values())
    return bulk.among(connection, fingerprints.c.group_id, live)
