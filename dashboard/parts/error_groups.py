"""What the pages read about problems of the error log, as they are at this moment; and how the log itself was read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from checks.frames import FRAMES
from dashboard.parts import error_shapes, loading
from dashboard.parts.error_words import OPEN, later, with_meaning
from dashboard.parts.place import Place

FRAME = "error_logs"


def every(place: Place) -> pl.DataFrame:
    """All groups of the sources in the settings, merged ones left out, as `Errors.groups`, with `what`."""
    names = [source.name for source in place.settings.shops]
    groups = place.store.errors.groups(state="all")
    return with_meaning(groups.filter(pl.col("source").is_in(names)))


def opened(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.filter(pl.col("state").is_in(list(OPEN)))


def today(place: Place, groups: pl.DataFrame) -> date:
    """The last day that charts show: today, or the newest row's where the server's clock is ahead."""
    newest = groups.select(pl.col("last_seen").max()).item() if groups.height else None
    return error_shapes.local_day(later(place.now, newest), place.zone)


def with_sparks(place: Place, groups: pl.DataFrame) -> pl.DataFrame:
    """Groups with `spark`, see `error_shapes.sparks`."""
    last = today(place, groups)
    since = place.now - timedelta(days=error_shapes.SPARK_DAYS + 1)
    counts = place.store.errors.counts(groups["id"].to_list(), since=since)
    return error_shapes.sparks(groups, counts, last, place.zone)


def days(place: Place, source: str, since: date, until: date) -> pl.DataFrame:
    """day, rows, state of one source, see `Errors.days`. Today is not over: what there is of it, was read."""
    found = place.store.errors.days(source, since, until, place.zone)
    is_today = (pl.col("day") == until) & (pl.col("state") == "partly")
    return found.with_columns(state=pl.when(is_today).then(pl.lit("collected")).otherwise("state"))


def readings(place: Place) -> list[dict[str, Any]]:
    """How the log of each source came in the last run: source, status, message, read_at; one whose run asked for none too."""
    asked = {
        row["source"]: row
        for row in loading.collected(place).filter(pl.col("frame") == FRAME).iter_rows(named=True)
    }
    return [
        {
            "source": source.name,
            "status": asked[source.name]["status"] if source.name in asked else "never",
            "message": asked[source.name]["message"]
            if source.name in asked
            else f"{FRAMES[FRAME].title} were not asked for in the last health check.",
            "read_at": asked[source.name]["read_at"] if source.name in asked else None,
        }
        for source in place.settings.shops
    ]


def read_at(place: Place) -> datetime | None:
    """When the log was read last, of the sources that gave it; None when none did."""
    run = place.run or {}
    moments = [row["read_at"] or run.get("finished_at") for row in readings(place) if row["status"] == "ok"]
    return max((moment for moment in moments if moment is not None), default=None)
