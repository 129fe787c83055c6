"""Collects the photos of own products (guide 6.7).

Where the very products that had no photo still have none, the photos are those that were known. A second photo of a
product, or another one in place of the first, shows in no list but the whole one: the next full run notices.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.sources.oresto import columns, wire
from checks.sources.oresto.collecting import Task
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Known, fitting

_KEY = "article_number"


def photos(task: Task) -> pl.DataFrame:
    """All photos, or those that were known, less those of products that were deleted."""
    known = task.known_with("products")
    if known is not None:
        try:
            found = _photos_as_known(task, known["photos"], known["products"].data)
        except SourceError as error:
            task.doubt(f"which products have no photo could not be read ({error.what}: {error.happened})")
            found = None
        if found is not None:
            return found
    return _photos(task, {})


def _photos(task: Task, params: Mapping[str, str]) -> pl.DataFrame:
    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, wire.Photo)
        with fitting():
            return columns.photos(rows, shape), shape

    found, task.shape = task.client.read("ProductPhotos", params, decode)
    return found


def _photos_as_known(task: Task, known: Known, own_then: pl.DataFrame) -> pl.DataFrame | None:
    """The known photos, less those of products that are own no more; None where another product is without one now."""
    own = task.needs("products")[_KEY]
    answer = _photos(task, {"HasPhotos": "false"})
    if answer["photo_id"].null_count() < answer.height:
        return answer  # this server gives photos whatever it is asked: all of them
    task.shape = Shape()  # rows without photos say nothing about the shape of photos
    without = set(answer[_KEY].drop_nulls())
    if without != set(own.drop_nulls()) - set(known.data[_KEY]):
        return None
    gone = pl.col(_KEY).is_in(own_then[_KEY].implode()) & ~pl.col(_KEY).is_in(own.implode())
    found = known.data.filter(~gone)
    if found.height == known.data.height:
        return task.carry(known)
    task.mode, task.base = "changes", known
    return found
