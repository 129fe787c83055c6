"""What changed since the last snapshot: from when to ask, and when the answer is not to be believed.

Pure functions over frames. The server's own moments decide (column `modified`, its LastModifiedUtc), never this
machine's clock; guide 1.2.3 and the chapters' ModifiedDate.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from checks.sources.task import Known

#: Asked again before the newest moment known, for what was being written while we read.
OVERLAP = timedelta(hours=1)

#: A moment so much later than the run that read it is a slip, and may not decide from when the next one asks.
_NOT_YET = timedelta(days=1)


class InDoubt(Exception):
    """The changes may not be all that changed; the text says why. The frame is read whole."""


def watermark(known: Known, listed: pl.Series | None = None) -> datetime:
    """From when on changes are to be asked: the newest moment known, less OVERLAP. Raises InDoubt where no row has one.

    Args:
        listed: the keys that the server still lists; a row that is gone proves nothing.
    """
    rows = known.data if listed is None else among(known.data, listed)
    moments = rows["modified"]
    if known.read_at is not None:
        moments = moments.filter(moments <= known.read_at + _NOT_YET)
    newest = moments.max()
    if not isinstance(newest, datetime):
        raise InDoubt("no row of the last snapshot that is still there says when it was modified.")
    return newest - OVERLAP


def as_parameter(moment: datetime) -> str:
    """`2026-10-25T00:30:00+00:00`: with its offset, or the server would take it for Belgian time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def look_back(
    known: Known, since: datetime, changed: pl.DataFrame, key: str, gone: pl.Series | None = None
) -> None:
    """Raises InDoubt where time went backwards: a row that is due is missing, or is older than it was.

    Args:
        changed: what the server gave as modified since `since`.
        gone: keys that need not be among them, for they are deleted.
    """
    due = known.data.filter(pl.col("modified") >= since)
    here = changed[key] if gone is None else pl.concat([changed[key], gone])
    missing = due.filter(~pl.col(key).is_in(here.implode()))
    if missing.height:
        raise InDoubt(
            f"{missing[key][0]} was modified at {missing['modified'][0]:%Y-%m-%d %H:%M:%S} UTC and is not among the "
            f"changes since {since:%Y-%m-%d %H:%M:%S}: the server's filter or clock is not what it was."
        )
    both = changed.select(key, "modified").join(known.data.select(key, "modified"), on=key, suffix="_known")
    older = both.filter(pl.col("modified") < pl.col("modified_known"))
    if older.height:
        was, now = older["modified_known"][0], older["modified"][0]
        raise InDoubt(
            f"{older[key][0]} was modified at {was:%Y-%m-%d %H:%M:%S} UTC and now says {now:%Y-%m-%d %H:%M:%S}: "
            "time goes backwards."
        )


def merged(known: Known, changed: pl.DataFrame, key: str, kept: pl.Series | None = None) -> pl.DataFrame:
    """The last snapshot with the changed rows in place of its own.

    Args:
        kept: the keys that are still there; of the snapshot, no others stay.
    """
    stays = known.data if kept is None else among(known.data, kept)
    return pl.concat([stays.filter(~pl.col(key).is_in(changed[key].implode())), changed])


def differing(before: pl.DataFrame, after: pl.DataFrame, key: str, fields: list[str]) -> pl.DataFrame:
    """What became of the rows whose `fields` differ, or that are in one of the two only; lists in any order are alike.

    Columns: the key, each field as `<field>` (before) and `<field>_now`, and `was` and `is`: is it in that frame.
    """

    def side(data: pl.DataFrame, there: str) -> pl.LazyFrame:
        rows = data.lazy().filter(pl.col(key).is_not_null()).unique(key, keep="last")
        return rows.select(
            key,
            *(
                pl.col(name).list.sort() if data.schema[name] == pl.List(pl.String) else pl.col(name)
                for name in fields
            ),
            pl.lit(True).alias(there),
        )

    both = side(before, "was").join(side(after, "is"), on=key, how="full", coalesce=True, suffix="_now")
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in fields)
    there = pl.col("was", "is").fill_null(False)
    return both.with_columns(there).filter(changed | ~pl.col("was") | ~pl.col("is")).collect()


def same_rows(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Are they the same rows, in whatever order?"""
    if one.height != other.height:
        return False
    return one.hash_rows().sort().equals(other.hash_rows().sort())


def among(data: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    key = keys.name
    return data.filter(pl.col(key).is_in(keys.implode()))
