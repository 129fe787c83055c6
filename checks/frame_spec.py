"""What a frame is: its name, its business key, its columns with their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

UTC = pl.Datetime("us", "UTC")
STRINGS = pl.List(pl.String)
IDS = pl.List(pl.Int64)


@dataclass(frozen=True)
class FrameSpec:
    """One frame: its name, what people call it, its business key, its columns with their types.

    `personal` frames hold personal data and have the shorter retention.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: Mapping[str, Any]
    personal: bool = False

    @cached_property
    def schema(self) -> pl.Schema:
        return pl.Schema(dict(self.columns))

    @cached_property
    def model(self) -> DataFrameSchema:
        """The pandera schema: exactly these columns and types, a key that is never null."""
        import pandera.polars as pa  # brings pandas along, a second that only a run should pay

        return pa.DataFrameSchema(
            {name: pa.Column(dtype, nullable=name not in self.key) for name, dtype in self.columns.items()},
            strict=True,
            name=self.name,
        )

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.schema)
