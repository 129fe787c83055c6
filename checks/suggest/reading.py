"""Frames as suggestions read them: what is missing is no evidence, and never an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from checks.frames import FRAMES, Frames

#: The frames of one source: as rules have them, or by name.
AnyFrames = Frames | Mapping[str, pl.DataFrame | None]


def read(frames: AnyFrames, name: str, columns: Iterable[str]) -> pl.DataFrame | None:
    """These columns of the frame; None where it is missing. A column that is missing, or that nobody may judge, is null."""
    data: pl.DataFrame | None
    unusable: Iterable[str] = ()
    if isinstance(frames, Frames):
        collected = frames.collected.get(name)
        data = None if collected is None else collected.data
        unusable = () if collected is None else collected.unusable
    else:
        data = frames.get(name)
    if data is None:
        return None
    usable = set(data.columns) - set(unusable)
    schema = FRAMES[name].schema
    return data.select(
        pl.col(column) if column in usable else pl.lit(None, schema[column]).alias(column)
        for column in columns
    )
