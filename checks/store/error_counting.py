"""What problems of the error log count: rows and fingerprints moved from one to another, and groups counted anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.store import bulk
from checks.store.error_state import counts, events, fingerprints, groups, reads, rows, things


def move_fingerprints(connection: sa.Connection, moved: Iterable[str], to: str) -> None:
    connection.execute(
        sa.update(fingerprints)
        .where(bulk.among(connection, fingerprints.c.fingerprint, moved))
        .values(group_id=to)
    )


def move_rows(connection: sa.Connection, renamed: pl.DataFrame) -> None:
    """Gives rows another fingerprint, and their counts with them.

    Args:
        renamed: source, row_id, at, fingerprint (as it is), to.
    """
    renamed = renamed.filter(pl.col("fingerprint") != pl.col("to"))
    for (source, to), part in renamed.group_by("source", "to", maintain_order=True):
        connection.execute(
            sa.update(rows)
            .where(rows.c.source == source, bulk.among(connection, rows.c.row_id, part["row_id"]))
            .values(fingerprint=to)
        )
    hours = renamed.with_columns(hour=pl.col("at").dt.truncate("1h"))
    gone = hours.group_by("fingerprint", "hour").agg(rows=-pl.len().cast(pl.Int64))
    come = hours.group_by(fingerprint="to", hour="hour").agg(rows=pl.len().cast(pl.Int64))
    sums = pl.concat([gone, come]).group_by("fingerprint", "hour").agg(pl.col("rows").sum())
    bulk.upsert(connection, counts, sums, ("fingerprint", "hour"), adding=True)
    connection.execute(sa.delete(counts).where(counts.c.rows == 0))


def count_products(connection: sa.Connection, ids: Iterable[str]) -> None:
    """How many different products the kept rows of groups name; EANs where they name no article number.

    Kept with the group, for a list of problems is asked for often, and counting them takes a look at every row.
    """
    wanted = list(ids)
    query = (
        sa.select(
            fingerprints.c.group_id, things.c.kind, sa.func.count(things.c.key.distinct()).label("products")
        )
        .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
        .join(things, sa.and_(things.c.source == rows.c.source, things.c.row_id == rows.c.row_id))
        .where(bulk.among(connection, fingerprints.c.group_id, wanted), things.c.kind.in_(("product", "ean")))
        .group_by(fingerprints.c.group_id, things.c.kind)
    )
    # one article may be named by both: "product" stands after "ean"
    found = bulk.frame(connection, query).sort("kind").unique("group_id", keep="last")
    known: dict[str, int] = dict(found.select("group_id", "products").iter_rows())
    for ident in wanted:
        connection.execute(sa.update(groups).where(groups.c.id == ident).values(products=known.get(ident, 0)))


def recount(connection: sa.Connection, ids: Iterable[str]) -> None:
    """Rows, products, first and last moment of groups from what counts in them. One in which nothing counts keeps its moments.

    To be called wherever rows move. Such rows are none that somebody waits for who ignores a problem until N more have
    come: the total at which it comes back moves with them, also the one that an undo would put back.
    """
    wanted = list(ids)
    before = _totals(connection, wanted)
    of_group = bulk.among(connection, fingerprints.c.group_id, wanted)
    by_hour = connection.execute(
        sa.select(
            fingerprints.c.group_id,
            sa.func.sum(counts.c.rows),
            sa.func.min(counts.c.hour, type_=counts.c.hour.type),
            sa.func.max(counts.c.hour, type_=counts.c.hour.type),
        )
        .join(counts, counts.c.fingerprint == fingerprints.c.fingerprint)
        .where(of_group)
        .group_by(fingerprints.c.group_id)
    )
    by_row = {
        ident: (first, last)
        for ident, first, last in connection.execute(
            sa.select(
                fingerprints.c.group_id,
                sa.func.min(rows.c.at, type_=rows.c.at.type),
                sa.func.max(rows.c.at, type_=rows.c.at.type),
            )
            .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
            .where(of_group)
            .group_by(fingerprints.c.group_id)
        )
    }
    empty = set(wanted)
    for ident, total, begin, end in by_hour:
        empty.discard(ident)
        first, last = by_row.get(ident, (begin, end))
        # of rows that are gone only the hour is known
        first = begin if begin + timedelta(hours=1) <= first else first
        last = max(last, end)
        connection.execute(
            sa.update(groups)
            .where(groups.c.id == ident)
            .values(**_counting(int(total)), first_seen=first, last_seen=last)
        )
    nothing = bulk.among(connection, groups.c.id, sorted(empty))
    connection.execute(sa.update(groups).where(nothing).values(**_counting(0), last_day=0))
    _count_last_day(connection, wanted)
    count_products(connection, wanted)
    after = _totals(connection, wanted)
    _shift_events(connection, {one: after[one] - before[one] for one in after if after[one] != before[one]})


def _count_last_day(connection: sa.Connection, ids: list[str]) -> None:
    """Rows of the 24 hours before the last reading, as the next run will count them (`triage.volume`)."""
    ends = sa.select(groups.c.source, sa.func.max(reads.c.until, type_=reads.c.until.type)).join(
        groups, groups.c.source == reads.c.source
    )
    wanted = bulk.among(connection, groups.c.id, ids)
    for source, until in connection.execute(ends.where(wanted).group_by(groups.c.source)).all():
        # the hour in which the 24 begin counts whole
        begin = (until - timedelta(hours=24)).replace(minute=0, second=0, microsecond=0)
        summed = (
            sa.select(sa.func.coalesce(sa.func.sum(counts.c.rows), 0))
            .join(fingerprints, fingerprints.c.fingerprint == counts.c.fingerprint)
            .where(fingerprints.c.group_id == groups.c.id, counts.c.hour >= begin)
            .correlate(groups)
            .scalar_subquery()
        )
        connection.execute(sa.update(groups).where(wanted, groups.c.source == source).values(last_day=summed))


def _totals(connection: sa.Connection, ids: list[str]) -> dict[str, int]:
    query = sa.select(groups.c.id, groups.c.rows).where(bulk.among(connection, groups.c.id, ids))
    return {row.id: row.rows for row in connection.execute(query)}


def _shift_events(connection: sa.Connection, moved: dict[str, int]) -> None:
    """`ignored_after` in what can still be undone."""
    kept = connection.execute(
        sa.select(events.c.number, events.c.group_id, events.c.before).where(
            bulk.among(connection, events.c.group_id, moved), events.c.undone_at.is_(None)
        )
    ).all()
    for number, ident, before in kept:
        if before is not None and before.get("ignored_after") is not None:
            shifted = {**before, "ignored_after": before["ignored_after"] + moved[ident]}
            connection.execute(sa.update(events).where(events.c.number == number).values(before=shifted))


def _counting(total: int) -> dict[str, Any]:
    """The columns of a group that has so many rows now; `ignored_after` as far from them as it was."""
    return {"rows": total, "ignored_after": groups.c.ignored_after - groups.c.rows + total}
