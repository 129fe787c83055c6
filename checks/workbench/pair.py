"""Two runs side by side as a notebook looks at them; where there are no two, it says so."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import polars as pl

from checks.errors import UsageError
from checks.frames import FRAMES
from checks.history import RunComparison
from checks.store.history import FINISHED
from checks.workbench import questions
from checks.workbench.looking import runs_of
from checks.workbench.words import FIRST_RUN, Words, counted, moment
from checks.workbench.workbench import Workbench

#: Lines of changes that are read at most: a run that touched more is told to have.
_LINES = 100_000

_MOVED = pl.sum_horizontal("added", "removed", "changed") > 0


class Pair:
    """What lies between two runs of one shop.

    Args:
        older, newer: their ids, as `kr.runs()` lists them; None for the newest two that asked this shop.
    """

    def __init__(self, kr: Workbench, older: str | None = None, newer: str | None = None) -> None:
        self._kr = kr
        self._runs = kr.store.runs(limit=None).filter(pl.col("status").is_in(FINISHED))
        self._missing: Words | None = None
        self._ids = self._chosen(older, newer)

    @property
    def words(self) -> Words:
        """Which two they are; or why there are none."""
        if self._ids is None:
            return self._why
        older, newer = (moment(self._started(one)) for one in self._ids)
        found, frames = self._comparison, self._comparison.frames
        return Words(
            f"Between the health checks of {older} and {newer}: {counted(found.appeared.height, 'finding')} appeared, "
            f"{found.went.height:,} went; {frames.filter(_MOVED).height} of {frames.height} lists changed."
        )

    @cached_property
    def appeared(self) -> pl.DataFrame | Words:
        """The findings (`findings.KEPT`) that were not open at the older run and are at the newer one."""
        return self._why if self._ids is None else self._asked(self._comparison.appeared)

    @cached_property
    def went(self) -> pl.DataFrame | Words:
        """The findings that were open at the older run and are not at the newer one: repaired, or set aside."""
        return self._why if self._ids is None else self._asked(self._comparison.went)

    @property
    def by_check(self) -> pl.DataFrame | Words:
        """`questions.appeared_and_went` of the two."""
        if isinstance(self.appeared, Words) or isinstance(self.went, Words):
            return self._why
        return questions.appeared_and_went(self.appeared, self.went)

    @cached_property
    def frames(self) -> pl.DataFrame | Words:
        """frame, title, added, removed, changed, note of the lists that changed or cannot be compared; `note` says why."""
        if self._ids is None:
            return self._why
        return self._comparison.frames.filter(_MOVED | pl.col("note").is_not_null())

    def changes(self, frame: str) -> pl.DataFrame | Words:
        """What changed in one frame: key, kind, field, before, after (`checks.history.frame_changes`)."""
        if self._ids is None:
            return self._why
        if frame not in FRAMES:
            return Words(f"There is no frame {frame!r}. There are: {', '.join(FRAMES)}.")
        try:
            return self._kr.changes(frame, *self._ids, limit=_LINES)
        except UsageError as error:  # one of the two has no such snapshot; the message says which and why
            return Words(str(error))

    def fields(self, frame: str) -> pl.DataFrame | Words:
        """`questions.changed_fields` of one frame."""
        found = self.changes(frame)
        return found if isinstance(found, Words) else questions.changed_fields(found)

    @cached_property
    def _comparison(self) -> RunComparison:
        assert self._ids is not None
        return self._kr.compare(*self._ids)

    def _asked(self, findings: pl.DataFrame) -> pl.DataFrame:
        return self._kr.settings.checks.without_disabled(findings)

    def _chosen(self, older: str | None, newer: str | None) -> tuple[str, str] | None:
        known = self._runs["id"].to_list()
        unknown = [one for one in (older, newer) if one is not None and one not in known]
        if unknown:
            self._missing = Words(
                f"There is no finished run {', '.join(map(repr, unknown))}. The newest are: {', '.join(known[:5]) or 'none'}."
            )
            return None
        asked = runs_of(self._kr)
        if newer is None:
            newer = asked[0] if asked else None
        if older is None:
            older = next((one for one in asked if newer is None or _before(known, one, newer)), None)
        return None if older is None or newer is None or older == newer else (older, newer)

    def _started(self, run: str) -> datetime:
        at: datetime = self._runs.filter(pl.col("id") == run)["started_at"][0]
        return at

    @property
    def _why(self) -> Words:
        if self._missing is not None:
            return self._missing
        if self._runs.is_empty():
            return Words(FIRST_RUN.format(source=self._kr.source.name))
        return Words(
            "There are no two health checks to compare: do another one tomorrow (`kr.health_check()`), or choose two ids of "
            "the list above."
        )


def _before(newest_first: list[str], one: str, other: str) -> bool:
    return newest_first.index(one) > newest_first.index(other)
