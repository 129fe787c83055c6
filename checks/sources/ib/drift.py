"""Whether changed articles show fields that are not what they were in the last snapshot."""

from __future__ import annotations

import polars as pl

from checks.frames import Drift
from checks.sources.changes import InDoubt, among
from checks.sources.ib import columns
from checks.sources.ib.wire import EXTRAS, Article
from checks.sources.rows import Shape, known_names
from checks.sources.task import Known


class Moved(InDoubt):
    """A field is not what it was: that may be so for every company, whatever its own few changes show."""


def look_for_drift(known: Known, shape: Shape, changed: pl.DataFrame) -> None:
    """Raises Moved where a field is not what it was in the last snapshot: the rest may have moved as well.

    A field that no changed row has is gone where a row had a value before; a few rows alone prove nothing.
    """
    seen = {(one.field, one.kind) for one in known.drift}
    for one in shape.drift(known_names(Article), EXTRAS):
        if (one.field, one.kind) not in seen and (one.kind != "gone" or _lost(one, known.data, changed)):
            raise Moved(f"{one.detail} It was not so in the last snapshot.")


def _lost(drift: Drift, before: pl.DataFrame, changed: pl.DataFrame) -> bool:
    """Has a row no value any more in a column that is made of this field alone?"""
    had = among(before, changed["article_key"])
    for column, fields in columns.SOURCES_OF.items():
        if fields and all(drift.field in (one, one.partition(".")[0]) for one in fields):
            filled = had.filter(_filled(had, column)).select("article_key")
            empty = changed.filter(~_filled(changed, column)).select("article_key")
            if filled.join(empty, on="article_key", how="semi").height:
                return True
    return False


def _filled(data: pl.DataFrame, column: str) -> pl.Expr:
    value = pl.col(column)
    if isinstance(data.schema[column], pl.List):
        return value.list.len().fill_null(0) > 0
    return value.is_not_null()
