"""The ways an Oresto list is read: paged or whole, by structs or as plain objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import polars as pl

from checks.frames import FRAMES
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.paging import read_pages
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Task as AnyTask
from checks.sources.task import fitting

#: To be raised when a collector reads the same answer differently: no run builds on what another reader read.
READER_VERSION = "2"


class Task(AnyTask[OrestoClient]):
    """One Oresto collector at work."""

    def paged(
        self,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[msgspec.Raw], tuple[pl.DataFrame, Shape]],
        total: int | None = None,
    ) -> pl.DataFrame:
        """All pages of a list as one frame, deduplicated on the frame's key; the last sight of a row wins."""
        spec, client = FRAMES[self.frame], self.client
        key = spec.key[0]

        def fetch(page: int) -> pl.DataFrame:
            page_params = {**params, "Page": str(page), "PageSize": str(client.source.page_size)}
            rows, shape = client.read(path, page_params, decode)
            with client.http.shared.lock:
                self.shape.add(shape)
            return rows

        found, rows = [spec.empty()], 0
        for page in read_pages(
            fetch,
            key,
            first_page=client.first_page,
            pool=self.pool,
            most_ahead=client.source.max_connections,
            progress=self.progress,
            page_size=client.source.page_size,
        ):
            found.append(page)
            rows += page.height
            self.show(rows, total)
        return pl.concat(found)

    def typed(
        self,
        path: str,
        params: Mapping[str, str],
        kind: type[Any],
        to_frame: Callable[[list[Any], Shape], pl.DataFrame],
        total: int | None = None,
    ) -> pl.DataFrame:
        def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
            rows, shape = decode_rows(raw, kind)
            with fitting():
                return to_frame(rows, shape), shape

        return self.paged(path, params, decode, total)


def small(
    task: Task,
    path: str,
    params: Mapping[str, str],
    to_frame: Callable[[list[Any], Shape], pl.DataFrame],
    rows_are: Any = dict[str, Any],
) -> pl.DataFrame:
    """A short list of plain objects, turned into a frame within the retries. `rows_are`: Any where each may be anything."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        shape = Shape()
        rows = msgspec.json.decode(raw, type=list[rows_are])
        with fitting():
            return to_frame(rows, shape), shape

    found, shape = task.client.read(path, params, decode)
    task.shape.add(shape)
    return found
