"""Reading single rows of a list again: those that show what belongs to another row, which has changed."""

from __future__ import annotations

import math

import msgspec
import polars as pl

from checks.sources.oresto.collecting import Task
from checks.sources.rows import is_null

#: So many rows of a frame at most are read one by one in a run; a frame of which more are concerned is read whole.
MOST_REREADS = 50


def most_rereads(task: Task, rows: pl.DataFrame) -> int:
    """MOST_REREADS, or as many requests as reading the list whole would take."""
    return max(MOST_REREADS, math.ceil(rows.height / task.client.source.page_size))


def object_as_list(raw: msgspec.Raw) -> msgspec.Raw:
    """A list of the one object, of none for null; some servers wrap it in a list already."""
    body = bytes(raw)
    if body[:1] == b"[":
        return raw
    return msgspec.Raw(b"[]" if is_null(raw) else b"[" + body + b"]")
