"""One run as a notebook looks at it: its frames, its findings, and for what is not there the reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from checks.frames import FRAMES, Collected, Frames
from checks.history.snapshots import snapshots
from checks.rules import CHECKS
from checks.workbench.question import Question
from checks.workbench.words import FIRST_RUN, Words, counted, moment
from checks.workbench.workbench import Workbench

#: `Look.collected`.
COLLECTED = pl.Schema(
    {"frame": pl.String, "title": pl.String, "rows": pl.Int64, "status": pl.String, "message": pl.String}
)


def runs_of(kr: Workbench) -> list[str]:
    """The finished runs that collected anything of this shop, the newest first: a run may be asked of some sources only."""
    good = kr.store.good_frames(kr.source.name)
    return good["run_id"].unique(maintain_order=True).to_list()


class Look:
    """A run of one shop. Nothing here fails for want of data: what is missing is told as `Words`.

    Args:
        run: its id, as `kr.runs()` lists them; None for the newest finished one that asked this shop.

    Attributes:
        run_id: None where there is no such run; `words` then says so.
    """

    def __init__(self, kr: Workbench, run: str | None = None) -> None:
        self._kr = kr
        self._chosen = run is not None
        self.run: Mapping[str, Any] | None = self._newest() if run is None else kr.store.run(run)
        self.run_id: str | None = None if self.run is None else str(self.run["id"])
        self._asked_for = run

    @property
    def words(self) -> Words:
        """Which run this is and how it went; or that there is none, and what to do."""
        if self.run is None:
            return self._no_run()
        head = (
            f"The health check of {moment(self.run['started_at'])} ({self.run['mode']}, {self.run['status']})"
        )
        parts = [f"{head}: {counted(self.findings.height, 'open finding')}."]
        failed = self.collected.filter(pl.col("status") != "ok")["title"].to_list()
        if failed:
            parts.append(f"Not collected: {', '.join(failed)}.")
        if doubt := self.doubt():
            parts.append(doubt)
        return Words(" ".join(parts))

    @cached_property
    def collected(self) -> pl.DataFrame:
        """What the run collected of this shop: COLLECTED, in the order of the frames."""
        if self.run_id is None:
            return COLLECTED.to_frame()
        rows = self._kr.store.collected(self.run_id).filter(pl.col("source") == self._kr.source.name)
        place = {name: number for number, name in enumerate(FRAMES)}
        titles = {name: spec.title for name, spec in FRAMES.items()}
        return (
            rows.filter(pl.col("frame").is_in(list(FRAMES)))
            .with_columns(title=pl.col("frame").replace_strict(titles, return_dtype=pl.String))
            .sort(pl.col("frame").replace_strict(place, return_dtype=pl.Int64))
            .select(COLLECTED.names())
            .cast(COLLECTED)
        )

    @cached_property
    def findings(self) -> pl.DataFrame:
        """`findings.KEPT`: those open now; of a run that was chosen by its id, those open when it had ended."""
        if self.run_id is None or not self._chosen:
            return self._kr.findings()
        then = self._kr.store.open_at(self.run_id).filter(pl.col("source") == self._kr.source.name)
        return self._kr.settings.checks.without_disabled(then)

    @property
    def now(self) -> datetime:
        """The moment that ages are counted to: this one; of a run that was chosen by its id, when it ended."""
        if self.run is None or not self._chosen:
            return datetime.now(UTC)
        ended: datetime = self.run["finished_at"] or self.run["started_at"]
        return ended

    @cached_property
    def could_not_run(self) -> dict[str, str]:
        """The checks that could not run, with the reason: of these nobody knows what there is to find."""
        if self.run_id is None:
            return {}
        results = self._kr.store.check_results(self.run_id).filter(
            pl.col("source") == self._kr.source.name, pl.col("status") == "could_not_run"
        )
        return dict(results.sort("check").select("check", pl.col("message").fill_null("")).iter_rows())

    def doubt(self, *checks: str) -> str | None:
        """That checks (these; without names all) could not run, as a sentence; None when they did."""
        those = [one for one in checks or self.could_not_run if one in self.could_not_run]
        if not those:
            return None
        titles = ", ".join(CHECKS[one].title if one in CHECKS else one for one in those)
        verb = "check" if len(those) == 1 else "checks"
        return f"{len(those)} {verb} could not run ({titles}): what they would find is not known."

    def frame(self, name: str, columns: tuple[str, ...] = ()) -> pl.DataFrame | Words:
        """A frame as this run kept it, or why it is not there. `columns`: those that must be fit to be judged."""
        if self.run_id is None:
            return self._no_run()
        if name not in FRAMES:
            return Words(f"There is no frame {name!r}. There are: {', '.join(FRAMES)}.")
        found = self._frames(name)
        reason = found.why_missing(name, columns)
        if reason is not None:
            return Words(f"This cannot be answered. {reason.rstrip('.')}. {self._advice()}")
        absent = [column for column in columns if column not in found[name].columns]
        if absent:
            return Words(
                f"This cannot be answered. {FRAMES[name].title} of this run has no {', '.join(absent)}: "
                "it was kept by another version. Choose a later run."
            )
        return found[name]

    @cached_property
    def history(self) -> pl.DataFrame:
        """How the checks of this shop went in the last 30 runs that finished, as `Store.check_history`."""
        return self._kr.store.check_history(30).filter(pl.col("source") == self._kr.source.name)

    def ask(self, question: Question, **more: Any) -> pl.DataFrame | Words:
        """Puts a question to the frames of this run: its answer, or why it cannot be answered.

        `more`: what the question wants besides frames, as `findings=look.findings`.
        """
        if self.run_id is None:
            return self._no_run()
        found: dict[str, pl.DataFrame] = {}
        for name, columns in question.needs.items():
            frame = self.frame(name, columns)
            if isinstance(frame, Words):
                return frame
            found[name] = frame
        return question(**found, **more)

    def _frames(self, name: str) -> Frames:
        """The one frame as rules read it: the same words for the same want."""
        store, source = self._kr.store, self._kr.source.name
        held = snapshots(store, source, name, [str(self.run_id)])
        if not held:
            return Frames(source, {})
        data = held[0].read()
        why = held[0].why or (held[0].unreadable if data is None else None)
        row = store.collected(str(self.run_id)).filter(pl.col("source") == source, pl.col("frame") == name)
        unusable = msgspec.json.decode(row["unusable"][0] or "{}")
        one = Collected(source, name, "ok", data, message=why, unusable=unusable)
        return Frames(source, {name: one if data is not None else replace(one, status="failed")})

    def _newest(self) -> Mapping[str, Any] | None:
        asked = runs_of(self._kr)
        return self._kr.store.run(asked[0]) if asked else None

    def _no_run(self) -> Words:
        runs = self._kr.runs(limit=5)["id"].to_list()
        if self._asked_for is not None and runs:
            return Words(
                f"There is no run {self._asked_for!r}. The newest are: {', '.join(runs)}. Choose one of them, or none."
            )
        return Words(FIRST_RUN.format(source=self._kr.source.name))

    def _advice(self) -> str:
        return "Choose another run, or do a new health check: `kr.health_check()`."
