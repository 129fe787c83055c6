"""The collected frames as Parquet: `snapshots/<run>/<source>/<frame>.parquet`.

Written aside and renamed, so that a killed run leaves no half file under a good name.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from urllib.parse import quote

import polars as pl
import sqlalchemy as sa

from checks.errors import StoreError
from checks.frames import Collected
from checks.store import tables


class Snapshots:
    """The frames of every run."""

    engine: sa.Engine
    snapshots: Path

    def save_snapshot(self, run_id: str, collected: Collected) -> None:
        """Keeps one collected frame. Raises StoreError when the disk does not let it."""
        assert collected.data is not None
        file = self._file(run_id, collected.source, collected.frame)
        aside = file.with_name(f".{uuid.uuid4().hex}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            collected.data.write_parquet(aside, compression="zstd")
            os.replace(aside, file)
        except OSError as error:
            raise StoreError(
                f"The snapshot {file} cannot be written: {error.strerror or error}. "
                "Check the folder in store.snapshots and the free space on its disk."
            ) from None

    def frame(self, source: str, name: str, run_id: str | None = None) -> pl.DataFrame | None:
        """The frame of that run, else of the newest finished run that collected it; None when there is none."""
        for candidate in [run_id] if run_id is not None else self._runs_with(source, name):
            file = self._file(candidate, source, name)
            if file.is_file():
                return pl.read_parquet(file)
        return None

    def _runs_with(self, source: str, name: str) -> list[str]:
        query = (
            sa.select(tables.collected.c.run_id)
            .join(tables.runs, tables.runs.c.id == tables.collected.c.run_id)
            .where(
                tables.collected.c.source == source,
                tables.collected.c.frame == name,
                tables.collected.c.status == "ok",
                tables.runs.c.status.in_(("complete", "partial")),
            )
            .order_by(tables.runs.c.started_at.desc())
        )
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def _file(self, run_id: str, source: str, name: str) -> Path:
        return (
            self.snapshots
            / quote(run_id, safe="")
            / quote(source, safe="")
            / f"{quote(name, safe='')}.parquet"
        )
