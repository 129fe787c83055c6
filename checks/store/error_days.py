"""What of a log is known in full, and which days were not collected: not collected is not the same as no errors."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

import polars as pl
import sqlalchemy as sa

from checks.store import bulk
from checks.store.engine import reading
from checks.store.error_state import counts, fingerprints, groups, reads

Span = tuple[datetime, datetime]

DAYS = pl.Schema({"day": pl.Date, "rows": pl.Int64, "state": pl.String})


class ErrorDays:
    """Rows a day, with the gaps in collecting."""

    engine: sa.Engine

    def days(self, source: str, since: date, until: date, zone: tzinfo | None = None) -> pl.DataFrame:
        """day, rows and state of each day from `since` to `until`, both included, in `zone` (None: this machine's).

        `state`: collected | partly | missing. A day that is not over yet is partly collected.
        """
        wanted = [since + timedelta(days=number) for number in range((until - since).days + 1)]
        bounds = [_midnight(day, zone) for day in [*wanted, until + timedelta(days=1)]]
        with reading(self.engine) as connection:
            spans = covered(connection, source)
            hours = bulk.frame(
                connection,
                sa.select(counts.c.hour, counts.c.rows)
                .join(fingerprints, fingerprints.c.fingerprint == counts.c.fingerprint)
                .join(groups, groups.c.id == fingerprints.c.group_id)
                .where(groups.c.source == source, counts.c.hour >= bounds[0], counts.c.hour < bounds[-1]),
            )
        days = pl.DataFrame(
            {
                "day": wanted,
                "begin": bounds[:-1],
                "state": [_state(begin, end, spans) for begin, end in pairwise(bounds)],
            },
            schema={"day": pl.Date, "begin": hours.schema["hour"], "state": pl.String},
        )
        summed = (
            hours.sort("hour")
            .join_asof(days.select("day", "begin"), left_on="hour", right_on="begin")
            .group_by("day")
            .agg(pl.col("rows").sum())
        )
        told = days.join(summed, on="day", how="left", maintain_order="left")
        return told.with_columns(pl.col("rows").fill_null(0)).select(DAYS.names()).cast(DAYS)


def covered(connection: sa.Connection, source: str) -> list[Span]:
    """From when to when a source's log is known in full, by its own clock: sorted, none touching another."""
    query = sa.select(reads.c.since, reads.c.until).where(reads.c.source == source).order_by(reads.c.since)
    spans: list[Span] = []
    for since, until in connection.execute(query):
        if spans and since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        else:
            spans.append((since, until))
    return spans


def known_until(spans: list[Span], moment: datetime) -> datetime | None:
    """Until when everything from a moment on is known; None when that moment itself is not."""
    return next((until for since, until in spans if since <= moment <= until), None)


def _state(begin: datetime, end: datetime, spans: list[Span]) -> str:
    touching = [(since, until) for since, until in spans if since < end and until > begin]
    if not touching:
        return "missing"
    whole = any(since <= begin and until >= end for since, until in touching)
    return "collected" if whole else "partly"


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    start = datetime.combine(day, time.min)
    return start.replace(tzinfo=zone) if zone is not None else start.astimezone()
