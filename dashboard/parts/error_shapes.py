"""Counts of error rows made ready for the eye: sparklines, days with their gaps, filters. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo

import polars as pl

#: How many days the sparkline, the timeline and the calendar look back.
SPARK_DAYS, TIMELINE_DAYS, CALENDAR_WEEKS = 14, 30, 5

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def days_until(last: date, count: int) -> list[date]:
    """The `count` days that end with `last`."""
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def local_day(moment: datetime, zone: tzinfo | None) -> date:
    return moment.astimezone(zone).date()


def by_day(counts: pl.DataFrame, zone: tzinfo | None) -> pl.DataFrame:
    """group_id, day, rows: rows a day of the reader's zone.

    Args:
        counts: group_id, hour (UTC), rows.
    """
    # few different hours: each is turned once, also where only the machine's own zone is known
    hours = counts["hour"].unique().to_list()
    days = {hour: local_day(hour, zone) for hour in hours}
    return (
        counts.with_columns(day=pl.col("hour").replace_strict(days, default=None, return_dtype=pl.Date))
        .group_by("group_id", "day")
        .agg(pl.col("rows").sum().cast(pl.Int64))
        .sort("group_id", "day")
    )


def sparks(groups: pl.DataFrame, counts: pl.DataFrame, last: date, zone: tzinfo | None) -> pl.DataFrame:
    """`groups` with `spark`: rows a day of the SPARK_DAYS that end with `last`."""
    frame = pl.DataFrame({"day": days_until(last, SPARK_DAYS)})
    filled = (
        groups.select(group_id="id")
        .join(frame, how="cross")
        .join(by_day(counts, zone), on=["group_id", "day"], how="left")
        .with_columns(pl.col("rows").fill_null(0))
        .sort("group_id", "day")
        .group_by("group_id")
        .agg(spark="rows")
    )
    return groups.join(filled, left_on="id", right_on="group_id", how="left", maintain_order="left")


def timeline(counts: pl.DataFrame, days: pl.DataFrame, last: date, zone: tzinfo | None) -> pl.DataFrame:
    """day, label, rows, known: one row a day of the TIMELINE_DAYS that end with `last`.

    Args:
        counts: of one group; days: day, state (collected | partly | missing) of its source.
    """
    summed = by_day(counts, zone).group_by("day").agg(pl.col("rows").sum())
    return (
        pl.DataFrame({"day": days_until(last, TIMELINE_DAYS)})
        .join(summed, on="day", how="left")
        .join(days.select("day", known="state"), on="day", how="left")
        .sort("day")
        .with_columns(
            pl.col("rows").fill_null(0),
            pl.col("known").fill_null("missing"),
            label=_label(pl.col("day")),
        )
    )


def calendar(days: pl.DataFrame) -> pl.DataFrame:
    """day, week, weekday, rows, state, text: one cell a day.

    Args:
        days: day, rows, state.
    """
    monday = pl.col("day") - pl.duration(days=pl.col("day").dt.weekday() - 1)
    word = pl.col("state").replace_strict(
        {"missing": "not read", "partly": "partly"}, default=None, return_dtype=pl.String
    )
    rows = pl.col("rows").fill_null(0)
    counted = pl.when(rows > 0).then(rows.cast(pl.String)).otherwise(pl.lit("·"))
    return days.sort("day").with_columns(
        pl.col("rows").fill_null(0),
        week=_label(monday),
        monday=monday,
        weekday=pl.col("day").dt.weekday().replace_strict(dict(enumerate(WEEKDAYS, 1)), default=""),
        label=_label(pl.col("day")),
        text=pl.when(pl.col("state") == "missing").then(word).otherwise(counted),
    )


def first_monday(last: date) -> date:
    """The day the calendar begins with."""
    return last - timedelta(days=last.weekday() + 7 * (CALENDAR_WEEKS - 1))


def chosen(
    groups: pl.DataFrame, *, states: Collection[str], sources: Collection[str], text: str, who: str = ""
) -> pl.DataFrame:
    """The groups that the filters leave.

    Args:
        text: words that are looked for in what it is, title, field and assignee.
        who: only those assigned to this person; empty leaves all.
    """
    wanted = [pl.col("state").is_in(list(states))]
    if sources:
        wanted.append(pl.col("source").is_in(list(sources)))
    if who:
        wanted.append(pl.col("assignee") == who)
    for word in text.lower().split():
        places = [
            pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
            for column in ("what", "title", "field", "kind", "assignee", "id")
        ]
        wanted.append(pl.any_horizontal(places))
    return groups.filter(wanted)


def _label(day: pl.Expr) -> pl.Expr:
    return day.dt.strftime("%d %b").str.strip_prefix("0")
