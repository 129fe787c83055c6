"""Which snapshot a run has of a frame, whether it is the same as another run's, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from checks.findings import day_in_words
from checks.frames import FRAMES
from checks.store import Store, bulk, tables
from checks.store.engine import reading
from checks.store.snapshots import file_name


@dataclass(frozen=True)
class Snapshot:
    """One frame as one run has it.

    Attributes:
        at: when the run ended; when it began, where it has not.
        file: where it lies, None when it is not to be had.
        why: why it is not, in words.
        collected: whether the run had it once, kept or not.
        origin: the run that read it; the same for all that only carried it on.
    """

    run_id: str
    source: str
    frame: str
    at: datetime
    file: Path | None
    why: str | None
    origin: str
    collected: bool

    def same_as(self, other: Snapshot) -> bool:
        """Is it the same file, row for row, without looking into it?"""
        if self.origin == other.origin:
            return True
        return self.file is not None and other.file is not None and self.file.samefile(other.file)

    def read(self, columns: list[str] | None = None) -> pl.DataFrame | None:
        """Its rows, None where the file cannot be read."""
        try:
            return None if self.file is None else pl.read_parquet(self.file, columns=columns)
        except (OSError, pl.exceptions.PolarsError):
            return None

    @property
    def unreadable(self) -> str:
        return f"{_of(self.at)} has a file that cannot be read."


def snapshots(
    store: Store, source: str, frame: str | None = None, run_ids: list[str] | None = None
) -> list[Snapshot]:
    """What each run has of the frames of a source, the oldest run first.

    Args:
        frame: one frame; None for all.
        run_ids: only of these runs; None for all.
    """
    collected, runs = tables.collected, tables.runs
    query = (
        sa.select(
            collected.c.run_id,
            collected.c.frame,
            collected.c.status,
            collected.c.message,
            collected.c.carried_from,
            sa.func.coalesce(runs.c.finished_at, runs.c.started_at, type_=tables.Moment).label("at"),
        )
        .join(runs, runs.c.id == collected.c.run_id)
        .where(collected.c.source == source)
    )
    if frame is not None:
        query = query.where(collected.c.frame == frame)
    with reading(store.engine) as connection:
        rows = bulk.frame(connection, query).sort("at", "run_id")
    carried = {
        (row["frame"], row["run_id"]): row["carried_from"]
        for row in rows.filter(pl.col("carried_from").is_not_null()).iter_rows(named=True)
    }
    if run_ids is not None:
        rows = rows.filter(pl.col("run_id").is_in(run_ids))
    return [
        _snapshot(store, source, row, _origin(carried, row["frame"], row["run_id"]))
        for row in rows.iter_rows(named=True)
        if row["frame"] in FRAMES
    ]


def _snapshot(store: Store, source: str, row: Mapping[str, object], origin: str) -> Snapshot:
    run_id, frame, at = str(row["run_id"]), str(row["frame"]), row["at"]
    assert isinstance(at, datetime)
    file: Path | None = None
    why: str | None = None
    if row["status"] != "ok":
        why = f"{_of(at)} could not collect it: {row['message'] or 'no reason given'}"
    else:
        folder = store.snapshots / file_name(run_id, keep_case=True) / file_name(source)
        file = folder / f"{file_name(frame)}.parquet"
        if not file.is_file():
            file = None
            kept = "personal data is kept a shorter time" if FRAMES[frame].personal else "it was purged"
            why = f"What {_of(at)[0].lower()}{_of(at)[1:]} collected is no longer kept ({kept})."
    return Snapshot(run_id, source, frame, at, file, why, origin, collected=row["status"] == "ok")


def _origin(carried: Mapping[tuple[str, str], str], frame: str, run_id: str) -> str:
    """The run that read what this one carried on, perhaps through others."""
    passed = {run_id}
    while (earlier := carried.get((frame, run_id))) is not None and earlier not in passed:
        run_id = earlier
        passed.add(earlier)
    return run_id


def _of(at: datetime) -> str:
    return f"The run of {day_in_words(at)}"
