"""Reading a list without pages by a struct: one request, its rows as a frame, what was seen of its fields noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
import polars as pl

from checks.sources.oresto.collecting import Task
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import fitting

S = TypeVar("S", bound=msgspec.Struct)


def whole(
    task: Task,
    path: str,
    params: Mapping[str, str],
    kind: type[S],
    to_frame: Callable[[list[S], Shape], pl.DataFrame],
) -> pl.DataFrame:
    """The whole list. A null list and one that does not fit are unreadable, and asked again as any read."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, kind)
        with fitting():
            return to_frame(rows, shape), shape

    found, shape = task.client.read(path, params, decode)
    task.shape.add(shape)
    return found
