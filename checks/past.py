"""What earlier runs left that a run may build upon: the newest good snapshot of a frame, or why it is not used.

A frame is read whole, and says why, when its last good snapshot is older than `full_every_days`, was read by another
version of the reader or from another server, has columns that could not be trusted, or cannot be read any more.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import polars as pl

from checks.frames import FRAMES, Drift
from checks.settings_sources import OrestoSource, Source
from checks.sources.systems import system_of
from checks.sources.task import Doubt, Known
from checks.store import Store

#: Of `full_every_days`: a run that starts a little earlier in the day than the one before must not wait another day.
_NEARLY = 0.98

#: How far two machines that run in turn may differ before time counts as having gone backwards.
_TOLERANCE = timedelta(minutes=10)


def reader(source: Source) -> dict[str, str]:
    """What reads this source, and from where: kept beside every snapshot, compared before one is built upon."""
    system, error_log = system_of(source), {}
    if isinstance(source, OrestoSource):
        error_log = {"error_log": _mark(source.fields.error_log.model_dump_json())}
    return {
        "reader": system.reader_version,
        "server": _mark(source.base_url, source.login),
        "settings": _mark(*system.marks(source)),
        "population": _mark(*system.population(source)),
        **error_log,
    }


def _mark(*values: object) -> str:
    text = "\n".join(str(value) for value in values)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


class StoredPast:
    """The good snapshots of one source. Safe to use from several threads; holds what it gave until it is let go.

    Args:
        full: nothing is to be built upon.
    """

    def __init__(self, store: Store, source: Source, now: datetime, *, full: bool = False) -> None:
        self._store, self._source, self._now, self._full = store, source, now, full
        self._good = store.good_frames(source.name)
        self._known: dict[tuple[str, str], Known | Doubt] = {}
        self._lock = threading.Lock()

    def rows(self) -> dict[str, int]:
        """How many rows each frame had when it was last read well, by settings that let the same rows in."""
        newest = self._good.unique("frame", keep="first", maintain_order=True)
        population, found = reader(self._source)["population"], {}
        for frame, rows, run_id in newest.select("frame", "rows", "run_id").iter_rows():
            made_by = self._store.made_by(self._source.name, frame, run_id)
            if made_by.get("population", population) == population:
                found[frame] = rows
        return found

    def together(self, frames: tuple[str, ...]) -> Mapping[str, Known] | Doubt | None:
        """See `collecting.Past`."""
        if self._full:
            return None
        of_them = self._good.filter(pl.col("frame").is_in(frames))
        whole = of_them.group_by("run_id", maintain_order=True).len().filter(pl.col("len") == len(frames))
        if whole.is_empty():
            return None
        run_id, found = whole["run_id"][0], {}
        for frame in frames:
            known = self._known_of(frame, run_id)
            if isinstance(known, Doubt):
                about = "" if frame == frames[0] else f"{FRAMES[frame].title}: "
                return Doubt(f"{about}{known.reason}")
            found[frame] = known
        return found

    def last_read(self, frame: str) -> datetime | None:
        """See `collecting.Past`. A snapshot that is gone, as personal ones go, is taken for one of the same server."""
        found = self._good.filter(pl.col("frame") == frame)
        if found.is_empty():
            return None
        made_by = self._store.made_by(self._source.name, frame, found["run_id"][0])
        same = made_by.get("server") in (None, reader(self._source)["server"])
        return found.row(0, named=True)["read_at"] if same else None

    def renamed(self, frame: str) -> bool:
        """Do the settings name the error log's fields otherwise than when the frame was last read? Its snapshot tells."""
        found = self._good.filter(pl.col("frame") == frame)
        if found.is_empty():
            return False
        made_by = self._store.made_by(self._source.name, frame, found["run_id"][0])
        wanted = reader(self._source)
        mark = "error_log" if "error_log" in made_by else "settings"  # of an older version
        return mark in made_by and made_by[mark] != wanted[mark]

    def _known_of(self, frame: str, run_id: str) -> Known | Doubt:
        with self._lock:
            if (frame, run_id) not in self._known:
                self._known[frame, run_id] = self._read(frame, run_id)
            return self._known[frame, run_id]

    def _read(self, frame: str, run_id: str) -> Known | Doubt:
        row = self._good.row(
            by_predicate=(pl.col("frame") == frame) & (pl.col("run_id") == run_id), named=True
        )
        reason = self._why_not(row)
        if reason is not None:
            return Doubt(reason)
        data = self._store.frame(self._source.name, frame, run_id)
        if data is None:
            return Doubt(f"its last snapshot, of run {run_id}, is gone or cannot be read.")
        made_by, wanted = self._store.made_by(self._source.name, frame, run_id), reader(self._source)
        if made_by.get("reader") != wanted["reader"]:
            return Doubt("its last snapshot was read by another version of Keurmeester.")
        if made_by.get("server") != wanted["server"]:
            return Doubt("its last snapshot came from another base_url or login.")
        if made_by.get("settings") != wanted["settings"]:
            return Doubt(f"{system_of(self._source).marked} in the settings of this source changed since.")
        if data.schema != FRAMES[frame].schema:
            return Doubt("its last snapshot has other columns than this version knows.")
        drift = tuple(Drift(**one) for one in msgspec.json.decode(row["drift"]))
        return Known(data, run_id, row["read_at"], row["full_at"], drift)

    def _why_not(self, row: dict[str, Any]) -> str | None:
        unusable = msgspec.json.decode(row["unusable"] or "{}")
        if unusable:
            column, reason = next(iter(unusable.items()))
            return f"its last snapshot could not be trusted ({column}: {reason})"
        for moment in (row["full_at"], row["read_at"]):
            if moment is not None and moment > self._now + _TOLERANCE:
                return (
                    f"its last snapshot is of {moment:%Y-%m-%d %H:%M} UTC, which is yet to come: "
                    "the clock of this machine went back."
                )
        days = self._source.full_every_days
        if row["full_at"] is None or self._now - row["full_at"] >= timedelta(days=days) * _NEARLY:
            when = "never" if row["full_at"] is None else f"on {row['full_at']:%Y-%m-%d %H:%M} UTC"
            return f"it was last read whole {when}, and full_every_days is {days:g}."
        return None
