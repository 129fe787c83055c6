"""Rows that the store has already, as the settings named the log's fields before: recognised as what they are now.

A row's id is made of the fields that the settings name. Name them otherwise, and the same row comes under another id, or
under the same one with other words. What of it was kept in `raw` tells which id it has now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sa

from checks.frames import FRAMES
from checks.settings_sources import ErrorLogFields
from checks.sources.oresto.error_rows import moments_of, number_of, row_id
from checks.store import bulk
from checks.store.error_state import rows
from checks.store.error_text import as_kept
from checks.store.tables import NUL, NUL_SHOWN

#: row_id of a row as it is kept, and `to`, the id of the same row as it was read now.
SAME = pl.Schema({"row_id": pl.String, "to": pl.String})

#: So many rows are looked at at once: a log may have a million.
_AT_ONCE = 50_000
#: How far two fields of one row may tell different moments: clocks of two zones, or one that was taken for the other.
_FURTHEST = pl.duration(hours=14)
_QUARTER, _SECOND = 15 * 60 * 1_000_000, 1_000_000
_WORDS = tuple(name for name in FRAMES["error_logs"].columns if name not in ("row_id", "at"))
_SAID = ("log_id", "method", "url", "message")


def same_rows(
    connection: sa.Connection, source: str, data: pl.DataFrame, fields: ErrorLogFields, renamed: bool
) -> pl.DataFrame:
    """SAME: kept rows of a source that are rows of `data`, and are kept otherwise than `data` has them.

    Args:
        data: FRAMES["error_logs"], each row once.
        fields: by which `data` was read.
        renamed: were they others at the reading before?

    Only what is certain: other words under the same id; a row whose kept fields make an id of `data`; and, where names
    changed, a numbered one that says the same, its moment some quarters of an hour off as those of two time zones are, or
    not known to one of them. (A log that was emptied and numbers anew may say the same an hour later, too.)
    """
    found, others = [SAME.to_frame()], []
    known = bulk.frame(connection, sa.select(rows.c.row_id).where(rows.c.source == source))["row_id"]
    here = known.is_in(data["row_id"].implode())
    for kept in _chunks(connection, source, known.filter(here), ("row_id", "at", "dated", *_WORDS)):
        found.append(_otherwise(kept, data))
    other_words = pl.concat(found)
    for kept in _chunks(connection, source, known.filter(~here), ("row_id", "at", "dated", *_SAID, "raw")):
        named = _by_what_is_kept(kept, fields)
        found.append(named.join(data.select(to="row_id"), on="to", how="semi").select(SAME.names()))
        others.append(kept.join(found[-1], on="row_id", how="anti").drop("raw"))
    if renamed and others:
        # what is kept just as it is read now needs no other row to be it
        as_read = known.filter(here & ~known.is_in(other_words["row_id"].implode()))
        left = data.filter(~pl.col("row_id").is_in(as_read.implode()))
        found.append(_by_what_they_say(pl.concat(others), left))
    return pl.concat(found)


def _chunks(
    connection: sa.Connection, source: str, ids: pl.Series, columns: Iterable[str]
) -> Iterator[pl.DataFrame]:
    wanted = [rows.c[name] for name in columns]
    for part in ids.to_frame().iter_slices(_AT_ONCE):
        among = bulk.among(connection, rows.c.row_id, part["row_id"])
        yield bulk.frame(connection, sa.select(*wanted).where(rows.c.source == source, among))


def _otherwise(kept: pl.DataFrame, data: pl.DataFrame) -> pl.DataFrame:
    """Those that have their id, and another moment or other words."""
    read = as_kept(data.join(kept, on="row_id", how="semi")).with_columns(
        pl.col(pl.String).str.replace_all(NUL, NUL_SHOWN, literal=True)
    )
    both = kept.join(read, on="row_id", suffix="_now")
    moment = pl.col("at_now").is_not_null()
    other = (moment != pl.col("dated")) | (moment & (pl.col("at") != pl.col("at_now")))
    words = [pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in _WORDS]
    return both.filter(pl.any_horizontal(other, *words)).select("row_id", to="row_id")


def _by_what_is_kept(kept: pl.DataFrame, fields: ErrorLogFields) -> pl.DataFrame:
    """row_id and `to`: the id that their kept fields, and else what was read of them then, make now."""
    kept = kept.filter(pl.col("raw").is_not_null())
    raw = [_object(text) for text in kept["raw"]]
    told = kept.select(
        "row_id", "log_id", was=pl.when("dated").then("at"), at=moments_of(raw, fields)
    ).with_columns(at=pl.coalesce("at", "was"))
    made = []
    for one, given in zip(told.iter_rows(named=True), raw, strict=True):
        number = number_of(given, fields)
        number = one["log_id"] if number is None else number
        if number is not None:  # the id of a row without one is made of all it said, and that was masked
            made.append((one["row_id"], row_id(given, given, number, one["at"], fields)))
    return pl.DataFrame(made, schema=SAME, orient="row")


def _object(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:  # cut off, or of another program
        return {}
    return found if isinstance(found, dict) else {}


def _by_what_they_say(kept: pl.DataFrame, data: pl.DataFrame) -> pl.DataFrame:
    """Numbered ones with the same number and words, each for one row, the nearest moments first."""
    read = data.select(pl.col("at").alias("at_now"), "log_id", *_SAID[1:], to="row_id")
    both = kept.filter(pl.col("log_id").is_not_null()).join(
        read.filter(pl.col("log_id").is_not_null()), on=_SAID, nulls_equal=True
    )
    apart = (pl.col("at") - pl.col("at_now")).abs()
    off = apart.dt.total_microseconds() % _QUARTER
    # two rows of a log that numbers anew may say the same; not to the second some quarters of an hour apart
    zones = (apart <= _FURTHEST) & ((off < _SECOND) | (off > _QUARTER - _SECOND))
    unknown = pl.col("at_now").is_null() | ~pl.col("dated")
    nearest = both.with_columns(apart=apart).filter(zones.fill_null(False) | unknown).sort("apart", "row_id")
    for column in ("to", "row_id"):
        nearest = nearest.unique(column, keep="first", maintain_order=True)
    return nearest.select(SAME.names())
