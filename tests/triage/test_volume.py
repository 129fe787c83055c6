"""What escalates and what does not: a year of days of simulated problems, and an example for each odd day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from checks.triage.volume import JUDGED, judge

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
START = datetime(2025, 1, 1, tzinfo=BRUSSELS)
ALWAYS = [(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))]


def hours(rows: Iterable[tuple[datetime, int]], group: str = "g") -> pl.DataFrame:
    told = [(group, at.astimezone(UTC).replace(minute=0, second=0, microsecond=0), n) for at, n in rows if n]
    schema: dict[str, Any] = {"group_id": pl.String, "hour": pl.Datetime("us", "UTC"), "rows": pl.Int64}
    return (
        pl.DataFrame(told, schema=schema, orient="row").group_by("group_id", "hour").agg(pl.col("rows").sum())
    )


def daily(counts: Iterable[int], at_hour: int = 14) -> list[tuple[datetime, int]]:
    """So many rows a day, at one time of the clock on the wall."""
    return [(START + day * DAY + at_hour * HOUR, n) for day, n in enumerate(counts)]


def seen_at(rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """What a store gives: the last 32 days."""
    until = now.astimezone(UTC)
    return rows.filter(pl.col("hour") <= until, pl.col("hour") > until - timedelta(days=32))


def verdict(
    rows: pl.DataFrame, now: datetime, covered: list[tuple[datetime, datetime]] = ALWAYS
) -> dict[str, Any]:
    return judge(seen_at(rows, now), now, covered).row(0, named=True)


def drawn(rng: Random, mean: float) -> int:
    """A Poisson number: how many arrive in a time in which so many do on average."""
    count, time = 0, rng.expovariate(1)
    while time < mean:
        count, time = count + 1, time + rng.expovariate(1)
    return count


def poisson(mean: float) -> Callable[[Random], list[tuple[datetime, int]]]:
    """Rows at any hour."""
    return lambda rng: [(START + n * HOUR, drawn(rng, mean / 24)) for n in range(365 * 24)]


def office(rng: Random) -> list[tuple[datetime, int]]:
    """A hundred on working days, during the day; nothing at weekends."""
    days = [START + n * DAY for n in range(365)]
    return [
        (day + hour * HOUR, drawn(rng, 10)) for day in days if day.isoweekday() < 6 for hour in range(8, 18)
    ]


def bursty(rng: Random) -> list[tuple[datetime, int]]:
    """Thirty a day on average, but no day like another: many quiet ones, some of a hundred."""
    return daily(drawn(rng, rng.expovariate(1 / 30)) for _ in range(365))


def weekly(rng: Random) -> list[tuple[datetime, int]]:
    """A job of Wednesday night that fails three hundred times, and two rows on any other day."""
    days = [START + n * DAY for n in range(365)]
    return [(day + 2 * HOUR, drawn(rng, 300 if day.isoweekday() == 3 else 2)) for day in days]


#: Of a hundred days that are like the days before, so many may be called escalating.
FALSE_ALARMS = {
    "a row now and then": (poisson(0.3), 0),
    "five a day": (poisson(5), 0.3),
    "two hundred a day": (poisson(200), 0.3),
    "office": (office, 0.3),
    "a job a week": (weekly, 0.3),
    "bursts": (bursty, 3),
}
SEEDS = range(4)


@pytest.fixture(scope="module")
def alarms() -> dict[str, float]:
    """Alarms in a hundred days, by runs at six every day of a year from the fifth week on."""
    made = pl.concat(
        hours(series(Random(seed)), f"{name}/{seed}")
        for name, (series, _) in FALSE_ALARMS.items()
        for seed in SEEDS
    ).sort("hour")
    runs = [START + day * DAY + 6 * HOUR for day in range(35, 365)]
    found = []
    for run in runs:
        found.append(
            judge(seen_at(made, run), run, ALWAYS).select(
                pl.col("group_id").str.split("/").list[0], "escalating"
            )
        )
    counted = pl.concat(found).group_by("group_id").agg(pl.col("escalating").sum())
    return {name: 100 * count / (len(runs) * len(SEEDS)) for name, count in counted.iter_rows()}


@pytest.mark.parametrize("name", FALSE_ALARMS)
def test_few_false_alarms_in_a_year(alarms: dict[str, float], name: str) -> None:
    assert alarms[name] <= FALSE_ALARMS[name][1]


@pytest.mark.parametrize("series", [poisson(5), poisson(200), office])
@pytest.mark.parametrize("day", [100, 101, 102, 103, 104, 105, 106])
def test_a_tenfold_rise_is_found_the_same_day(
    series: Callable[[Random], list[tuple[datetime, int]]], day: int
) -> None:
    rows = [(at, n * 10 if START + day * DAY <= at else n) for at, n in series(Random(day))]
    last = START + day * DAY + 23 * HOUR
    told = verdict(hours(rows), last)
    assert told["escalating"] == (told["last_day"] != 0), told  # an office problem has no rows at weekends


def test_it_is_normal_again_when_it_stays() -> None:
    rows = hours(daily([20] * 60 + [200] * 60))
    found = [bool(verdict(rows, START + day * DAY + 20 * HOUR)["escalating"]) for day in range(40, 100)]
    assert found[:20] == [False] * 20
    assert found[20:25] == [True] * 5
    assert found[40:] == [False] * 20


def test_one_bad_day_does_not_hide_the_next() -> None:
    rows = hours(daily([20] * 50 + [500] + [20] * 5 + [500]))
    assert verdict(rows, START + 56 * DAY + 20 * HOUR)["escalating"]


def test_a_weekend_is_compared_with_weekends() -> None:
    counts = [3 if (START + n * DAY).isoweekday() > 5 else 100 for n in range(60)]
    saturday = next(n for n in range(50, 60) if (START + n * DAY).isoweekday() == 6)
    counts[saturday] = 60
    told = verdict(hours(daily(counts)), START + saturday * DAY + 20 * HOUR)
    assert told["escalating"]
    assert told["expected"] < 60


@pytest.mark.parametrize("changing", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
@pytest.mark.parametrize("minutes", [-300, -59, -30, -1, 0, 1, 30, 59, 300])
def test_a_nightly_job_when_clocks_change(changing: datetime, minutes: int) -> None:
    """Whether the run is before or after the job, and in the same hour: no window holds it twice when others do not."""
    nights = [
        (changing - timedelta(days=40 - n)).replace(hour=4, minute=30, tzinfo=BRUSSELS) for n in range(60)
    ]
    for night in nights[35:50]:
        run = (night + timedelta(minutes=minutes)).astimezone(UTC)
        told = verdict(hours((at, 500) for at in nights if at.astimezone(UTC) <= run), run)
        assert (told["last_day"] != 0, told["escalating"]) == (True, False), (night, told)


@pytest.mark.parametrize("minutes", [-30, -1, 1, 30])
def test_a_nightly_job_in_the_hour_of_the_run_escalates_too(minutes: int) -> None:
    nights = [(START + n * DAY + timedelta(hours=4, minutes=30), 5000 if n == 49 else 500) for n in range(60)]
    runs = [(at + timedelta(minutes=minutes)).astimezone(UTC) for at, _ in nights[45:52]]
    found = [
        verdict(hours(night for night in nights if night[0].astimezone(UTC) <= run), run)["escalating"]
        for run in runs
    ]
    assert any(found)
    assert found[:4] == [False] * 4


def test_days_that_were_not_read_are_no_quiet_days() -> None:
    """The server kept the rows of three weeks to itself: they are unknown, not none."""
    end = START + 60 * DAY + 20 * HOUR
    counts = [0 if 33 <= n < 53 else 100 for n in range(61)]
    read = [(START, START + 33 * DAY), (START + 53 * DAY, end)]
    told = verdict(hours(daily(counts)), end, read)
    assert not told["escalating"]
    assert told["expected"] is None or told["expected"] > 100
    assert judge(hours(daily(counts)), end, ALWAYS).row(0, named=True)["expected"] is not None


def test_no_forecast_without_a_past() -> None:
    rows = hours(daily([30, 30, 30]))
    told = verdict(rows, START + 2 * DAY + 20 * HOUR)
    assert told == {"group_id": "g", "last_day": 30, "expected": None, "escalating": False}


def test_what_is_new_does_not_escalate_by_growing_a_bit() -> None:
    found = [verdict(hours(daily([3, 40, 120, 160])), START + day * DAY + 20 * HOUR) for day in range(4)]
    assert [one["escalating"] for one in found] == [False] * 4


def test_far_above_all_there_ever_was_escalates_without_a_forecast() -> None:
    told = verdict(hours(daily([4, 5, 3, 200])), START + 3 * DAY + 20 * HOUR)
    assert (told["expected"], told["escalating"]) == (None, True)


def test_few_rows_never_escalate() -> None:
    told = verdict(hours(daily([1] + [0] * 39 + [9])), START + 40 * DAY + 20 * HOUR)
    assert (told["last_day"], told["escalating"]) == (9, False)


def test_groups_are_judged_apart_and_in_their_order() -> None:
    rows = pl.concat([hours(daily([20] * 40 + [500]), "loud"), hours(daily([20] * 41), "calm")])
    told = judge(rows, START + 40 * DAY + 20 * HOUR, ALWAYS)
    assert told.schema == JUDGED
    assert dict(told.select("group_id", "escalating").iter_rows()) == {"loud": True, "calm": False}


def test_nobody_asks() -> None:
    assert judge(hours([]), START, ALWAYS).schema == JUDGED
