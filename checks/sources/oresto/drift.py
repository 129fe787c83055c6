"""Whether the changed rows of a list show fields that are not what they were in the last snapshot."""

from __future__ import annotations

import polars as pl

from checks.frames import FRAMES, Drift
from checks.sources.changes import InDoubt, among
from checks.sources.oresto import columns, wire
from checks.sources.oresto.trust import KINDS
from checks.sources.rows import Shape, known_names
from checks.sources.task import Known


def look_for_drift(frame: str, known: Known, shape: Shape, changed: pl.DataFrame) -> None:
    """Raises InDoubt where a field is not what it was in the last snapshot.

    A field that no changed row has is gone where a row had a value before: a few rows alone prove nothing, for an API
    may leave out what is empty.
    """
    kind, key = KINDS[frame], FRAMES[frame].key[0]
    seen = {(one.field, one.kind) for one in known.drift}
    before = among(known.data, changed[key])
    for one in shape.drift(known_names(kind), wire.KNOWN_EXTRAS[kind]):
        if (one.field, one.kind) in seen or (one.kind == "gone" and not _lost(frame, one, before, changed)):
            continue
        raise InDoubt(f"{one.detail} It was not so in the last snapshot.")


def _lost(frame: str, drift: Drift, before: pl.DataFrame, changed: pl.DataFrame) -> bool:
    """Has a row no value any more in a column that is made of this field alone?"""
    key = FRAMES[frame].key[0]
    for column, fields in columns.SOURCES_OF[frame].items():
        if column not in changed.columns or not all(
            drift.field in (one, one.partition(".")[0]) for one in fields
        ):
            continue
        filled = before.filter(_filled(before, column)).select(key)
        if filled.join(changed.filter(~_filled(changed, column)).select(key), on=key, how="semi").height:
            return True
    return False


def _filled(data: pl.DataFrame, column: str) -> pl.Expr:
    value = pl.col(column)
    if isinstance(data.schema[column], pl.List):
        return value.list.len().fill_null(0) > 0
    return value.is_not_null()
