"""A worklist carried out: plans in batches, dry run first, resumable, with a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from checks.fixes import Plan
from checks.workbench.words import counted

if TYPE_CHECKING:
    from checks.workbench.workbench import Workbench

BATCH = 250

#: How the reasons begin of what need not be sent.
_THERE = ("It is there already, as wanted", "The shop has this article number already")

#: One row a key: what became of it. `action`: the fix; `state`: as in the journal, or `not planned`.
REPORT = pl.Schema(
    {
        "key": pl.String(),
        "title": pl.String(),
        "action": pl.String(),
        "state": pl.String(),
        "message": pl.String(),
    }
)


class Filling:
    """Plans of one or several fixes for what is not in the shop yet.

    Attributes:
        plans: in the order in which they are carried out; each stands in the journal and can be undone.
        not_planned: why keys are left out, by key: those left before planning, and those that planning refused.
        why_stopped: why the last `apply` ended before its last batch; None where it did not.
    """

    def __init__(self, workbench: Workbench, plans: list[Plan], left: Mapping[str, str]) -> None:
        self._workbench = workbench
        refused = {key: reason for plan in plans for key, reason in plan.not_planned}
        self.plans = [plan for plan in plans if plan.items]
        self.not_planned = {**left, **refused}
        self.why_stopped: str | None = None

    @property
    def planned(self) -> int:
        """How many keys would be sent."""
        return sum(len(plan.items) for plan in self.plans)

    def requests(self, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Every request word for word, in order: key, fix, method, path, params, body. The dry run."""
        sent = 0
        for plan in self.plans:
            for item in plan.items:
                for request in item.requests:
                    if most is not None and sent >= most:
                        return
                    sent += 1
                    yield {
                        "key": item.key,
                        "fix": plan.fix,
                        "method": request.method,
                        "path": request.path,
                        "params": dict(request.params),
                        "body": request.body,
                    }

    def apply(self, batches: int | None = None) -> pl.DataFrame:
        """Carries out what is still to be done, batch after batch (`batches`: only so many now); gives `report()`.

        May be interrupted (then it raises Stopped) and called again: what is done stays done, what was cut off is read and
        goes on. A batch that stops by itself, because too much of it failed, ends it: `why_stopped` says so. One that needs
        a person's attention does not keep the others from being carried out.
        """
        self.why_stopped = None
        for tried, plan in enumerate([plan for plan in self.plans if self._is_open(plan)]):
            if batches is not None and tried == batches:
                break
            outcome = self._workbench.apply(plan)
            if set(outcome["state"].tail(2)) == {
                "planned"
            }:  # one alone could not be read; more were not begun
                left = outcome.filter(pl.col("state") == "planned")
                reason = " ".join(left["message"].drop_nulls().unique(maintain_order=True))
                self.why_stopped = (
                    f"Stopped, with {left.height:,} of this batch still planned. {reason}".strip()
                )
                break
        return self.report()

    def done(self, fix: str) -> tuple[int, int]:
        """How many of this fix are done, and how many were planned."""
        states = [dict(self.states(plan)) for plan in self.plans if plan.fix == fix]
        return sum(one.get("done", 0) for one in states), sum(sum(one.values()) for one in states)

    def report(self) -> pl.DataFrame:
        """`REPORT`: one row a key."""
        rows: list[tuple[Any, ...]] = []
        for plan in self.plans:
            outcome = self._workbench.outcome(plan).select("key", "title", "state", "message")
            rows += [(key, title, plan.fix, state, said) for key, title, state, said in outcome.iter_rows()]
        rows += [(key, None, None, "not planned", reason) for key, reason in self.not_planned.items()]
        return pl.DataFrame(rows, schema=REPORT, orient="row")

    def summary(self) -> pl.DataFrame:
        """action, state, articles."""
        return (
            self.report()
            .group_by("action", "state")
            .agg(count=pl.len())
            .sort("action", "state", nulls_last=True)
        )

    def states(self, plan: Plan) -> list[tuple[str, int]]:
        """How many of a plan's keys are in which state."""
        return sorted(self._workbench.store.journal.states(plan.id).items())

    def save(self, path: str | Path) -> Path:
        """Writes the report as XLSX; every key stays text. Raises UsageError where that cannot be done."""
        return self._workbench.save(self.report(), path)

    def undo(self) -> Filling:
        """Plans to take back what was done, the last batch first; `apply` of what it gives does it."""
        plans = [
            self._workbench.undo(plan)
            for plan in reversed(self.plans)
            if "done" in self._workbench.outcome(plan)["state"].to_list()
        ]
        return Filling(self._workbench, plans, {})

    def _is_open(self, plan: Plan) -> bool:
        return not set(self._workbench.outcome(plan)["state"]).isdisjoint(
            ("planned", "running", "needs_attention")
        )

    def __repr__(self) -> str:
        reasons = list(self.not_planned.values())
        there = sum(reason.startswith(_THERE) for reason in reasons)
        batches = f" in {counted(len(self.plans), 'batch', 'batches')}" if self.plans else ""
        return (
            f"{self.planned:,} planned{batches}, {there:,} there already, {len(reasons) - there:,} left out"
        )
