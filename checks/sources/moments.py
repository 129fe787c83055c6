"""Dates of the wire as UTC moments (Oresto: guide 1.2.3; oresto-assumptions, time).

ISO 8601 with up to 7 decimals, with or without offset; `dd/MM/yyyy` of old code; `0001-01-01` for unset. A value
without offset is Belgian time (the zone Europe/Brussels, not a fixed UTC+1), in a `...Utc` field it is UTC.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

import polars as pl

from checks.frame_spec import UTC

BELGIUM = "Europe/Brussels"
_OFFSET = r"[+-]\d{2}:?\d{2}$"


def moments(text: pl.Series, naive_zone: str) -> pl.Series:
    """The moments in `text`; what is not a moment becomes null (compare with `unreadable`)."""
    frame = text.cast(pl.String).alias("text").to_frame()
    iso = (
        pl.col("text")
        .str.strip_chars()
        .str.replace(r"^(\d{2})/(\d{2})/(\d{4})", "$3-$2-$1")
        .str.replace(r"Z$", "+00:00")
        .str.replace(r"(\.\d{6})\d+", "$1")
        .str.replace(r"^(\d{4}-\d{2}-\d{2})($|[+-])", "${1}T00:00:00$2")
    )
    with_offset = (
        pl.when(pl.col("iso").str.contains(_OFFSET))
        .then("iso")
        .otherwise(None)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False)
    )
    naive = (
        pl.when(~pl.col("iso").str.contains(_OFFSET))
        .then("iso")
        .otherwise(None)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        # the hour that a clock change repeats is its first pass; the hour it skips does not exist in Belgium
        .dt.replace_time_zone(naive_zone, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    found = frame.select(iso=iso).select(moment=pl.coalesce(with_offset.cast(UTC), naive.cast(UTC)))
    return found.select(pl.when(pl.col("moment").dt.year() > 1).then("moment").otherwise(None)).to_series()


def unreadable(text: pl.Series, parsed: pl.Series) -> pl.Series:
    """The values of `text` that say something and are no moment."""
    unset = text.str.starts_with("0001-01-01") | (text.str.strip_chars() == "")
    return text.filter(text.is_not_null() & ~unset & parsed.is_null())


def http_date(text: str) -> datetime | None:
    """A date as HTTP's headers write it, aware where it names a zone; None for anything else."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def dates(text: pl.Series) -> pl.Series:
    """Dates without zone (delivery, pickup): the day as written, never shifted."""
    day = (
        text.cast(pl.String)
        .str.strip_chars()
        .str.replace(r"^(\d{2})/(\d{2})/(\d{4})", "$3-$2-$1")
        .str.slice(0, 10)
    )
    parsed = day.str.to_date("%Y-%m-%d", strict=False)
    return (
        parsed.to_frame("day")
        .select(pl.when(pl.col("day").dt.year() > 1).then("day").otherwise(None))
        .to_series()
    )
