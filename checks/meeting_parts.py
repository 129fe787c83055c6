"""The frames that a meeting is made of: of this run, or as they were last seen; with the columns that cannot be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from checks.frames import FRAMES, Collected
from checks.settings import Settings
from checks.settings_sources import IbSource, Source

#: Source and frame -> its newest snapshot; a Collected where columns of it cannot be judged or, without data, where a
#: message says why it does not count; None where there is none.
LastSeen = Callable[[str, str], pl.DataFrame | Collected | None]


class Missing(Exception):
    """A part that is not there; its text says which and why."""


@dataclass(frozen=True)
class Part:
    """One frame of one source, and which of its columns cannot be judged, each with the reason."""

    data: pl.DataFrame
    unusable: Mapping[str, str]


@dataclass
class Parts:
    """The frames that there are, each read once."""

    settings: Settings
    collected: Mapping[str, Mapping[str, Collected]]
    last_seen: LastSeen
    read: dict[tuple[str, str], Part] = field(default_factory=dict)

    def of(self, source: str, frame: str) -> Part:
        """Raises Missing."""
        if (source, frame) not in self.read:
            self.read[source, frame] = self._find(source, frame)
        return self.read[source, frame]

    def _find(self, source: str, frame: str) -> Part:
        title = FRAMES[frame].title
        one = self.collected.get(source, {}).get(frame)
        if one is not None and one.data is not None:
            return _told(one, one.data)
        if one is not None and one.status != "deferred":
            raise Missing(f"{source}: {title} could not be collected: {one.message or 'no reason given'}")
        known, why = self._known(source, frame)
        if known is not None:
            return known
        if one is not None:
            raise Missing(f"{source}: {title} could not be collected yet: {one.message or 'deferred'}")
        raise Missing(
            f"{source}: {title} was not asked for in this run, and {why} Run a health check of {source}."
        )

    def _known(self, source: str, frame: str) -> tuple[Part | None, str]:
        """What was last seen of it; without that, why not, as the end of a sentence."""
        seen = self.last_seen(source, frame)
        if seen is None:
            return None, "was never collected before."
        if isinstance(seen, pl.DataFrame):
            seen = Collected(source, frame, "ok", seen)
        if seen.data is None:
            return None, seen.message or "what was last seen of it does not count."
        data = still_asked_for(self.settings.source(source), seen.data)
        if data.is_empty() and not seen.data.is_empty():
            return None, "its last snapshot has nothing of the companies in the settings."
        return _told(seen, data), ""


def _told(one: Collected, data: pl.DataFrame) -> Part:
    """`data` of a collected frame, the reasons of its unusable columns with the source and the frame in front."""
    title = FRAMES[one.frame].title
    return Part(data, {name: f"{one.source}, {title}: {reason}" for name, reason in one.unusable.items()})


def still_asked_for(source: Source, snapshot: pl.DataFrame) -> pl.DataFrame:
    """Its rows without those of companies that have left the settings since."""
    if isinstance(source, IbSource):
        return snapshot.filter(pl.col("company").is_in(source.companies))
    return snapshot


def spoilt(columns: Iterable[str], part: Part, made_of: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Of `columns`, those that are made of what cannot be judged in `part`, with its reason."""
    return {
        column: part.unusable[one]
        for column in columns
        for one in made_of.get(column, (column,))
        if one in part.unusable
    }
