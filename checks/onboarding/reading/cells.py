"""What reading one column gives: its values, and what of it could not be read or was repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

ProblemKind = Literal["unreadable", "repaired", "missing", "duplicate"]

#: Problems of one column; `at` is the place of the row from 0. See `shapes.PROBLEMS`.
AT_PROBLEMS = pl.Schema(
    {"at": pl.UInt32, "kind": pl.String, "written": pl.String, "read_as": pl.String, "message": pl.String}
)

NONE = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True)
class Read:
    """`values` has as many as the column has cells; `problems` is `AT_PROBLEMS`, in the order of the rows."""

    values: pl.Series
    problems: pl.DataFrame


def cells(text: pl.Series) -> pl.DataFrame:
    """Columns at, written: the cells of one column to be judged, empty ones null."""
    stripped = pl.col("written").str.strip_chars()
    return (
        pl.DataFrame({"written": text.cast(pl.String)})
        .with_columns(pl.when(stripped != "").then(stripped))
        .with_row_index("at")
    )


def problems(
    judged: pl.DataFrame, where: pl.Expr, kind: ProblemKind, message: pl.Expr, read_as: pl.Expr = NONE
) -> pl.DataFrame:
    """The rows of `judged` (columns at, written and others) that `where` picks, as `AT_PROBLEMS`."""
    return judged.filter(where).select(
        "at", kind=pl.lit(kind), written="written", read_as=read_as.cast(pl.String), message=message
    )


def together(*parts: pl.DataFrame) -> pl.DataFrame:
    """Several `AT_PROBLEMS` as one, in the order of the rows."""
    return pl.concat([AT_PROBLEMS.to_frame(), *parts]).sort("at", maintain_order=True)
