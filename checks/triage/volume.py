"""Is a problem escalating? A forecast of 24 hours out of a problem's own past.

Windows of a day that all end at the same time of the clock on the wall as the one that is judged, so that a day that is
not over yet is compared with nothing but its like, and the night when clocks change is no other than any. Working days and
weekends are two series: what is quiet on Saturday does not surprise on Monday. Median and spread instead of mean and
deviation: one bad night of last week must not hide this one. Windows in which the log was not read prove nothing and are
left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from checks import frame_spec

#: How far back the past goes.
DAYS = 28

#: With fewer windows, or fewer of its own sort (working days, weekends), there is no forecast.
LEAST_WINDOWS, LEAST_ALIKE = 7, 3

#: Below so many rows in 24 hours nothing escalates: one client who tries again is no news.
LEAST_ROWS = 10

#: Without a forecast so many rows, and so many times the busiest day before, are news all the same. High, because what is
#: new often grows for a while, and is on the list as new anyway.
_UNKNOWN_ROWS, _UNKNOWN_TIMES = 50, 10

# Six deviations: next to nothing that is spread like a normal distribution or like rare events lies above, and what comes
# in bursts seldom. 1.4826 x MAD is the deviation of a normal distribution; that of rare events is the root of how many there are.
_DEVIATIONS, _MAD = 6.0, 1.4826

#: Of bad days that came in two of the last four weeks, half as much again is no surprise either.
_BAD_DAYS = 1.5

JUDGED = pl.Schema(
    {"group_id": pl.String, "last_day": pl.Int64, "expected": pl.Float64, "escalating": pl.Boolean}
)


def judge(
    hours: pl.DataFrame,
    now: datetime,
    covered: Sequence[tuple[datetime, datetime]],
    zone: str = "Europe/Brussels",
) -> pl.DataFrame:
    """Rows of the day before `now`, and the most that the past lets expect, per group.

    Args:
        hours: group_id, hour (UTC; begin of the hour), rows. Hours without rows need not be there.
        now: of the server's clock, aware.
        covered: from when to when the log is known in full. The last day counts as covered.
        zone: whose weekends and clock are meant.

    Returns JUDGED, one row a group in `hours`. `expected` is null where the past is too short; it escalates then only
    when it is far above all there ever was.
    """
    now = now.astimezone(UTC)
    windows = _windows(now, covered, zone)
    table = _counted(hours, windows, now)
    judged = table.filter(back=0).select("group_id", "weekend", last_day="rows")
    past = table.filter(pl.col("back") > 0)
    busiest = past.group_by("group_id").agg(windows=pl.len(), busiest=pl.col("rows").max())
    judged = (
        judged.join(_forecast(past), on=["group_id", "weekend"], how="left")
        .join(busiest, on="group_id", how="left")
        .with_columns(
            expected=pl.when(pl.col("windows") >= LEAST_WINDOWS, pl.col("alike") >= LEAST_ALIKE).then(
                "expected"
            )
        )
    )
    # no working day or no weekend was ever seen in full: nothing to compare with
    unheard_of = (pl.col("last_day") >= _UNKNOWN_ROWS) & (
        pl.col("last_day") >= _UNKNOWN_TIMES * pl.max_horizontal("busiest", 1)
    )
    escalating = (
        pl.when(pl.col("expected").is_not_null())
        .then(pl.col("last_day") > pl.col("expected"))
        .otherwise(unheard_of & pl.col("busiest").is_not_null())
    )
    groups = hours.select(pl.col("group_id").unique(maintain_order=True))
    return groups.join(
        judged.with_columns(escalating=escalating), on="group_id", how="left", maintain_order="left"
    ).select(JUDGED.names())


def _windows(now: datetime, covered: Sequence[tuple[datetime, datetime]], zone: str) -> pl.DataFrame:
    """back (0: the one that is judged), since, until, weekend, known (was the log read for all of it)."""
    wall = now.astimezone(ZoneInfo(zone))
    ends = [(wall - timedelta(days=back)).astimezone(UTC) for back in range(DAYS + 2)]
    rows = [
        (
            back,
            since,
            until,
            # whose day most of it is: its middle
            (until - timedelta(hours=12)).astimezone(ZoneInfo(zone)).isoweekday() > 5,
            back == 0 or _is_covered(since, until, covered),
        )
        for back, (until, since) in enumerate(pairwise(ends))
    ]
    schema: dict[str, Any] = {
        "back": pl.Int64,
        "since": frame_spec.UTC,
        "until": frame_spec.UTC,
        "weekend": pl.Boolean,
        "known": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _counted(hours: pl.DataFrame, windows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """group_id, the columns of `windows`, rows; only known windows that a group was there for from their beginning.

    The hour that a window begins in counts in it whole, and in the one before as well: a job that fails in the very hour of
    the daily run is never lost, and never twice as much as on the day before.
    """
    # the hour that is not over yet, and what a clock puts later, is of the last window
    ended = pl.min_horizontal(
        pl.col("hour") + pl.duration(minutes=59, seconds=59), pl.lit(now, frame_spec.UTC)
    )
    placed = (
        hours.with_columns(ended=ended)
        .sort("ended")
        .join_asof(
            windows.select("back", "since", "until").sort("until"),
            left_on="ended",
            right_on="until",
            strategy="forward",
        )
        .filter(pl.col("ended") > pl.col("since"))
    )
    shared = placed.filter(pl.col("hour") <= pl.col("since")).with_columns(pl.col("back") + 1)
    summed = pl.concat([placed, shared]).group_by("group_id", "back").agg(pl.col("rows").sum())
    begun = hours.group_by("group_id").agg(begun=pl.col("hour").min())
    return (
        begun.join(windows.filter("known"), how="cross")
        .filter((pl.col("back") == 0) | (pl.col("since") >= pl.col("begun")))
        .join(summed, on=["group_id", "back"], how="left")
        .with_columns(pl.col("rows").fill_null(0).cast(pl.Int64))
    )


def _forecast(past: pl.DataFrame) -> pl.DataFrame:
    """group_id, weekend, alike (how many windows), expected: the most rows that are no surprise."""
    middle = pl.col("rows").median()
    spread = (pl.col("rows") - middle).abs().median() * _MAD
    usual = past.group_by("group_id", "weekend").agg(
        alike=pl.len(), usual=middle + _DEVIATIONS * pl.max_horizontal(spread, (middle + 1).sqrt())
    )
    weekly = past.group_by("group_id", "weekend", week=(pl.col("back") - 1) // 7).agg(pl.col("rows").max())
    bad = weekly.group_by("group_id", "weekend").agg(bad=pl.col("rows").top_k(2).min(), weeks=pl.len())
    joined = usual.join(bad, on=["group_id", "weekend"])
    bad_days = pl.when(pl.col("weeks") > 1).then(pl.col("bad") * _BAD_DAYS)
    return joined.select(
        "group_id",
        "weekend",
        "alike",
        expected=pl.max_horizontal("usual", bad_days, pl.lit(float(LEAST_ROWS))),
    )


def _is_covered(since: datetime, until: datetime, covered: Sequence[tuple[datetime, datetime]]) -> bool:
    """Was the log read for all of the time between?"""
    at = since
    for begin, end in sorted(covered):
        if begin <= at < end:
            at = end
        if at >= until:
            return True
    return False
