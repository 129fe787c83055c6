"""The collected frames as Parquet: `snapshots/<run>/<source>/<frame>.parquet`.

Written aside and renamed, so that a killed run leaves no half file under a good name. A frame that is row for row that
of an older run shares its file by a hard link: it costs no room, and outlives the older run's folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from checks.errors import StoreError
from checks.frames import Collected
from checks.store import bulk, tables
from checks.store.engine import reading
from checks.store.history import FINISHED

_log = logging.getLogger(__name__)

#: What begins the keys, in a file's metadata, of what read it.
_MADE_BY = "keurmeester."

#: Rows of a group: one product's history reads one group a run instead of the whole file (measured: 4 times faster).
_ROW_GROUP = 16_384

#: Names that Windows keeps for devices.
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)


@dataclass(frozen=True)
class Snapshot:
    """A kept frame: the run that collected it, which columns could not be judged in it (each with the reason), and what
    read it (`Snapshots.made_by`)."""

    run_id: str
    data: pl.DataFrame
    unusable: Mapping[str, str]
    made_by: Mapping[str, str]


class Snapshots:
    """The frames of every run."""

    engine: sa.Engine
    snapshots: Path

    def save_snapshot(
        self, run_id: str, collected: Collected, made_by: Mapping[str, str] | None = None
    ) -> None:
        """Keeps one collected frame that has data. Raises StoreError when the disk does not let it.

        Args:
            made_by: what read it, as words that `made_by` gives back; of a carried frame those of the older run stay.
        """
        if collected.data is None:
            raise ValueError(f"{collected.frame} of {collected.source} has no data to keep")
        file = self._file(run_id, collected.source, collected.frame)
        aside = file.with_name(f".{uuid.uuid4().hex}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                if not self._linked(collected, aside):
                    metadata = {_MADE_BY + name: value for name, value in (made_by or {}).items()}
                    collected.data.write_parquet(
                        aside, compression="zstd", metadata=metadata, row_group_size=_ROW_GROUP
                    )
                    with aside.open("rb+") as written:
                        os.fsync(
                            written.fileno()
                        )  # else a power cut may leave the new name with nothing in it
                os.replace(aside, file)
            finally:
                aside.unlink(missing_ok=True)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreError(
                f"The snapshot {file} cannot be written: {getattr(error, 'strerror', None) or error}. "
                "Check the folder in store.snapshots and the free space on its disk."
            ) from None

    def _linked(self, collected: Collected, aside: Path) -> bool:
        """Gives the older run's file a second name; False where there is none, or the file system has no links."""
        if collected.carried_from is None:
            return False
        with suppress(OSError):
            os.link(self._file(collected.carried_from, collected.source, collected.frame), aside)
            return True
        return False

    def made_by(self, source: str, name: str, run_id: str) -> dict[str, str]:
        """What read the frame of that run, as `save_snapshot` was told; empty where nothing is known."""
        try:
            metadata = pl.read_parquet_metadata(self._file(run_id, source, name))
        except (OSError, pl.exceptions.PolarsError):
            return {}
        own = {key: value for key, value in metadata.items() if key.startswith(_MADE_BY)}
        return {key.removeprefix(_MADE_BY): value for key, value in own.items()}

    def frame(self, source: str, name: str, run_id: str | None = None) -> pl.DataFrame | None:
        """The frame of that run, else of the newest finished run that collected it; None when there is none.

        A file that cannot be read counts as none, with a warning in the log: what it held can be collected again.
        """
        if run_id is not None:
            return self._read(run_id, source, name)
        newest = self.last_snapshot(source, name)
        return None if newest is None else newest.data

    def last_snapshot(self, source: str, name: str) -> Snapshot | None:
        """What `frame` gives of the newest finished run, with what is known of it."""
        for run_id, unusable in self._runs_with(source, name):
            data = self._read(run_id, source, name)
            if data is not None:
                return Snapshot(run_id, data, unusable, self.made_by(source, name, run_id))
        return None

    def _read(self, run_id: str, source: str, name: str) -> pl.DataFrame | None:
        file = self._file(run_id, source, name)
        try:
            if file.is_file():
                return pl.read_parquet(file)
        except (OSError, pl.exceptions.PolarsError) as error:
            _log.warning("The snapshot %s cannot be read and is passed over: %s", file, error)
        return None

    def good_frames(self, source: str, runs: int = 100) -> pl.DataFrame:
        """What was collected well in the newest finished runs: the columns of table `collected`, the newest run first."""
        collected = tables.collected
        newest = (
            sa.select(tables.runs.c.id, tables.runs.c.started_at)
            .where(tables.runs.c.status.in_(FINISHED))
            .order_by(tables.runs.c.started_at.desc())
            .limit(runs)
            .subquery()
        )
        query = (
            sa.select(*collected.c)
            .join(newest, newest.c.id == collected.c.run_id)
            .where(collected.c.source == source, collected.c.status == "ok")
            .order_by(newest.c.started_at.desc())
        )
        with reading(self.engine) as connection:
            return bulk.frame(connection, query)

    def deferred(self, source: str) -> tuple[datetime, list[str]] | None:
        """When the source was last asked (aware), and the frames that it would not give yet; None where there are none."""
        collected, runs = tables.collected, tables.runs
        newest = (
            sa.select(runs.c.id)
            .join(collected, collected.c.run_id == runs.c.id)
            .where(collected.c.source == source, runs.c.finished_at.is_not(None))
            .order_by(runs.c.started_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            sa.select(runs.c.started_at, collected.c.frame)
            .join(runs, runs.c.id == collected.c.run_id)
            .where(
                collected.c.source == source, collected.c.run_id == newest, collected.c.status == "deferred"
            )
            .order_by(collected.c.frame)
        )
        with reading(self.engine) as connection:
            rows = bulk.frame(connection, query)
        return (rows["started_at"][0], rows["frame"].to_list()) if rows.height else None

    def _runs_with(self, source: str, name: str) -> list[tuple[str, dict[str, str]]]:
        """The finished runs that collected it, the newest first, each with the columns that it could not trust."""
        collected, runs = tables.collected, tables.runs
        query = (
            sa.select(collected.c.run_id, collected.c.unusable)
            .join(runs, runs.c.id == collected.c.run_id)
            .where(
                collected.c.source == source,
                collected.c.frame == name,
                collected.c.status == "ok",
                runs.c.status.in_(FINISHED),
            )
            .order_by(runs.c.started_at.desc())
        )
        with reading(self.engine) as connection:
            return [(run_id, unusable or {}) for run_id, unusable in connection.execute(query)]

    def _file(self, run_id: str, source: str, name: str) -> Path:
        folder = self.snapshots / file_name(run_id, keep_case=True) / file_name(source)
        return folder / f"{file_name(name)}.parquet"


def file_name(name: str, *, keep_case: bool = False) -> str:
    """A name that every file system takes and keeps apart from every other.

    Small letters, digits, `-`, `_` and dots inside stay as they are; of anything else a hash follows, because there
    are file systems that know no capitals, drop a dot at the end, or see a way to another folder in it.

    Args:
        keep_case: capitals stay; for names that never differ in their case alone.
    """
    letters = "A-Za-z0-9" if keep_case else "a-z0-9"
    plain = re.fullmatch(rf"[{letters}_](?:[{letters}_.-]{{0,78}}[{letters}_-])?", name)
    if plain and name.lower().split(".")[0] not in _DEVICES:
        return name
    readable = re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:40]
    return f"{readable}~{hashlib.blake2b(name.encode(), digest_size=6).hexdigest()}"
