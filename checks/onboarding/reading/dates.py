"""Cells as moments: days as people, ERPs and spreadsheets write them, in Belgian time."""

from __future__ import annotations

from datetime import time, timedelta

import polars as pl

from checks.frame_spec import UTC
from checks.onboarding.reading.cells import Read, cells, problems, together
from checks.sources.moments import BELGIUM, moments

_TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?$"
_ISO = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME
_WITH_OFFSET = r"^\d{4}-\d{2}-\d{2}T.+(?:Z|[+-]\d{2}:?\d{2})$"
_SHORT = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME
_COMPACT = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"
_SERIAL = r"^\d{5}(?:[.,]\d+)?$"
_NAMED = r"^(\d{1,2})[-/. ]*(\p{L}{3,})\.?[-/. ]*(\d{4}|\d{2})$"

#: Weekday and month names, by their first letters, in four languages.
_WEEKDAY = r"^(?:ma|di|wo|do|vr|za|zo|lu|me|je|ve|sa|mo|tu|we|th|fr|su|mi|so)\p{L}*\.?,?\s+(\d)"
_MONTHS = (
    (1, "jan"),
    (2, "feb|fe[bv]|fev"),
    (3, "mrt|maa|mar|mae"),
    (4, "apr|avr"),
    (5, "mei|mai|may"),
    (6, "juni|juin|june|jun"),
    (7, "juli|juil|july|jul"),
    (8, "aug|aou"),
    (9, "sep"),
    (10, "okt|oct"),
    (11, "nov"),
    (12, "dec|dez"),
)

#: What spreadsheets and ERPs write for no date, or for one that never comes.
_NO_DATE = r"^0+$|^0*[-/.]0*[-/.]0*$|^00[-/.]00[-/.]0000|^0000[-/.]00[-/.]00"
_NEVER_BEFORE, _NEVER_AFTER = 1950, 2090

#: Excel counts days from here (it takes 1900 for a leap year).
_EXCEL_ZERO = pl.date(1899, 12, 30)


def day_orders(text: pl.Series) -> tuple[int, int]:
    """How many days of a column prove that the day stands first (`25/03/2026`), and how many that the month does."""
    short = _numbered(pl.col("written")).str.extract_groups(_SHORT)
    one, two = (short.struct.field(part).cast(pl.Int32) for part in ("1", "2"))
    counts = cells(text).select(
        day=((one > 12) & (two <= 12)).fill_null(False).sum(),
        month=((two > 12) & (one <= 12)).fill_null(False).sum(),
    )
    day, month = counts.row(0)
    return int(day), int(month)


def dates(
    text: pl.Series, *, day_first: bool = True, day_end: bool = False, beside: tuple[int, int] = (0, 0)
) -> Read:
    """Moments in UTC. A day without time is Belgian midnight of that day; a time beside it is Belgian too.

    `31/12/9999`, `01/01/1900` and zeros stand for no date: null, and told. Which of two numbers is the day is what most days
    of the column prove (`25/03/2026`: the first). Where that is not what was expected, each is told; where the column has both,
    those that may be either are told as doubtful.

    Args:
        day_first: `01/03/2026` is 1 March, not 3 January, where nothing proves the order.
        day_end: a day without time means its last second (23:59:59 in Belgium), as the last day of a promotion does. Midnight
            says nothing either where the column has no other times.
        beside: `day_orders` of the file's other days: they decide where the column proves nothing.
    """
    judged = cells(text).with_columns(plain=_numbered(pl.col("written")))
    of_column = day_orders(text)
    days, months = of_column if any(of_column) else beside
    usual = day_first if days == months else days > months
    mixed = days > 0 and months > 0
    plain = pl.col("plain")
    iso, short = plain.str.extract_groups(_ISO), plain.str.extract_groups(_SHORT)
    compact = plain.str.extract_groups(_COMPACT)
    is_iso, is_short = plain.str.contains(_ISO), plain.str.contains(_SHORT)
    one, two = short.struct.field("1").cast(pl.Int32), short.struct.field("2").cast(pl.Int32)
    day, month = (one, two) if usual else (two, one)
    swapped = is_short & (month > 12) & (day <= 12)
    either = is_short & (one <= 12) & (two <= 12) & (one != two)
    doubtful = either if mixed else pl.lit(False)
    other_way = is_short & ~swapped & ~doubtful & (one != two) if usual != day_first else pl.lit(False)
    short_year = _full_year(short.struct.field("3"))
    hour, minute, second = (
        pl.coalesce(iso.struct.field(field), short.struct.field(field), pl.lit("0")).str.zfill(2)
        for field in ("4", "5", "6")
    )
    written_day = (
        pl.when(is_iso)
        .then(_day(iso.struct.field("1"), iso.struct.field("2"), iso.struct.field("3")))
        .when(is_short)
        .then(
            _day(
                short_year,
                pl.when(swapped).then(day).otherwise(month),
                pl.when(swapped).then(month).otherwise(day),
            )
        )
        .when(plain.str.contains(_COMPACT))
        .then(_day(compact.struct.field("1"), compact.struct.field("2"), compact.struct.field("3")))
    )
    serial = pl.when(plain.str.contains(_SERIAL)).then(
        (_EXCEL_ZERO + pl.duration(days=plain.str.extract(r"^(\d{5})").cast(pl.Int64))).dt.strftime(
            "%Y-%m-%d"
        )
    )
    stamp = pl.format("{} {}:{}:{}", pl.coalesce(written_day, serial), hour, minute, second)
    local = stamp.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    if day_end:
        local = _ended(judged, local)
    belgian = local.dt.replace_time_zone(BELGIUM, ambiguous="earliest", non_existent="null")
    judged = judged.with_columns(
        value=belgian.dt.convert_time_zone("UTC").cast(UTC),
        swapped=swapped.fill_null(False),
        doubtful=doubtful.fill_null(False),
        other_way=other_way.fill_null(False),
    )
    exact = judged.select(pl.when(plain.str.contains(_WITH_OFFSET)).then("plain")).to_series()
    if exact.null_count() < exact.len():
        judged = judged.with_columns(value=pl.coalesce(moments(exact, BELGIUM), "value"))
    known = pl.col("value").dt.year().is_between(_NEVER_BEFORE, _NEVER_AFTER)
    never = plain.str.contains(_NO_DATE) | ~known.fill_null(True)
    judged = judged.with_columns(never=never.fill_null(False))
    value = pl.when(~pl.col("never")).then("value")
    read = pl.col("value").is_not_null() & ~pl.col("never")
    day_read = pl.col("value").dt.convert_time_zone(BELGIUM).dt.strftime("%Y-%m-%d")
    order = "day" if usual else "month"
    return Read(
        judged.select(value.alias("value")).to_series(),
        together(
            problems(
                judged,
                pl.col("value").is_null() & pl.col("written").is_not_null() & ~pl.col("never"),
                "unreadable",
                pl.format("'{}' is no date. It is read as empty.", "written"),
            ),
            problems(
                judged,
                pl.col("never"),
                "repaired",
                pl.format("'{}' stands for no date: it is read as empty.", "written"),
            ),
            problems(
                judged,
                pl.col("swapped") & read,
                "repaired",
                pl.format("'{}' has its month and day the other way round.", "written"),
                day_read,
            ),
            problems(
                judged,
                pl.col("other_way") & read,
                "repaired",
                pl.format(
                    f"'{{}}' is read with the {order} first, as {{}}: other days in the file prove it.",
                    "written",
                    day_read,
                ),
                day_read,
            ),
            problems(
                judged,
                pl.col("doubtful") & read,
                "repaired",
                pl.format(
                    f"'{{}}' may be two days: it is read with the {order} first, as {{}}, but others are written both ways. "
                    "Look at it.",
                    "written",
                    day_read,
                ),
                day_read,
            ),
        ),
    )


def _ended(judged: pl.DataFrame, local: pl.Expr) -> pl.Expr:
    """The last second of each day without a time. A midnight is none where the column has no other times."""
    written = pl.col("plain").str.contains(r"\d{1,2}:\d{2}")
    midnight = (local.dt.time() == time(0)).fill_null(True)
    timed = bool(judged.select((written & ~midnight).any()).item())
    a_day = ~written if timed else midnight
    return pl.when(a_day).then(local.dt.truncate("1d") + timedelta(days=1, seconds=-1)).otherwise(local)


def _full_year(year: pl.Expr) -> pl.Expr:
    number = year.cast(pl.Int32)
    century = pl.when(number < 70).then(2000).otherwise(1900)
    return pl.when(year.str.len_bytes() == 2).then(number + century).otherwise(number)


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.format("{}-{}-{}", year, month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2))


def _numbered(written: pl.Expr) -> pl.Expr:
    """`ma 1 mrt. 2026` as `2026-3-1`; anything else as it is."""
    bare = written.str.replace(r"(?i)" + _WEEKDAY, "$1")
    parts = bare.str.extract_groups(_NAMED)
    name = (
        parts.struct.field("2")
        .str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .fill_null("")
    )
    month = pl.coalesce(
        *(pl.when(name.str.contains(f"^(?:{start})")).then(pl.lit(str(number))) for number, start in _MONTHS)
    )
    named = pl.format("{}-{}-{}", _full_year(parts.struct.field("3")), month, parts.struct.field("1"))
    return pl.coalesce(named, bare)
