"""What every collector works with: its task, and the ways a list is read: paged or whole, by structs or as plain objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec
import polars as pl
import pyarrow
from polars.exceptions import PolarsError

from checks.frames import FRAMES
from checks.progress import Progress
from checks.sources.oresto import lookups, wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.paging import read_pages


@dataclass
class Task:
    """One collector at work."""

    frame: str
    client: OrestoClient
    pool: Executor
    progress: Progress
    previous: pl.DataFrame | None
    now: datetime
    shape: wire.Shape = field(default_factory=wire.Shape)
    messages: list[str] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)
    mode: Literal["full", "changes", "carried"] = "full"

    def show(self, rows: int, total: int | None = None) -> None:
        self.progress.step(self.client.source.name, self.frame, rows, total)

    def paged(
        self,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[msgspec.Raw], tuple[pl.DataFrame, wire.Shape]],
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
        to_frame: Callable[[list[Any], wire.Shape], pl.DataFrame],
        total: int | None = None,
    ) -> pl.DataFrame:
        def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
            rows, shape = wire.decode_rows(raw, kind)
            with fitting():
                return to_frame(rows, shape), shape

        return self.paged(path, params, decode, total)


def small(
    task: Task,
    path: str,
    params: Mapping[str, str],
    to_frame: Callable[[lookups.Rows, wire.Shape], pl.DataFrame],
) -> pl.DataFrame:
    """A short list of plain objects, turned into a frame within the retries."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        shape = wire.Shape()
        rows = msgspec.json.decode(raw, type=list[dict[str, Any]])
        with fitting():
            return to_frame(rows, shape), shape

    found, shape = task.client.read(path, params, decode)
    task.shape.add(shape)
    return found


@contextmanager
def fitting() -> Iterator[None]:
    """A value that fits no column (a text where a list belongs, 1e20 as an id) is an unreadable answer, not a defect."""
    try:
        yield
    except (PolarsError, TypeError, AttributeError, OverflowError, pyarrow.ArrowException) as error:
        raise ValueError(f"a value does not fit: {error}") from None
