"""The health score: 0 to 100, how it came about, and what would raise it most.

Every judged check weighs by its severity; it gives the share of its entities that are sound. A check that could not run
is left out and said so: the score never counts what nobody looked at.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from checks.rules import CHECKS

#: How much a check weighs. Information alone costs nothing.
WEIGHTS = {"error": 5.0, "warning": 2.0, "info": 0.0}


@dataclass(frozen=True)
class ScorePart:
    """One check's share in the score. `lost` is what it costs in points of 100."""

    check: str
    title: str
    area: str
    weight: float
    entities: int
    affected: int
    lost: float

    @property
    def sound(self) -> float:
        return 1.0 - self.affected / self.entities if self.entities else 1.0


@dataclass(frozen=True)
class Score:
    """`value` is None when no check could be judged. `parts` come with the costliest first."""

    value: int | None
    parts: tuple[ScorePart, ...]
    not_judged: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """How the score came about, in words."""
        if self.value is None:
            return "No check could be judged yet."
        costly = [part for part in self.parts if part.lost > 0]
        judged = f"{len(self.parts)} checks judged"
        if self.not_judged:
            judged += f", {len(self.not_judged)} could not run and are left out"
        if not costly:
            return f"{judged}; nothing found that weighs."
        worst = costly[0]
        return (
            f"{judged}. {worst.title} costs most: {worst.lost:.1f} points, "
            f"{worst.affected:,} of {worst.entities:,} are affected."
        )

    @property
    def method(self) -> str:
        """The rule behind the number, for the page's explanation."""
        return (
            "Each check gives the share of its products or orders that are sound. An error weighs "
            f"{WEIGHTS['error']:.0f}, a warning {WEIGHTS['warning']:.0f}, information nothing. The score is the weighted "
            "mean of these shares, times 100, rounded down."
        )


def score(results: pl.DataFrame, *, areas: Collection[str] | None = None) -> Score:
    """The score of one run.

    Args:
        results: columns check, status, findings, entities (as `Store.check_results` gives them), any number of sources.
        areas: only the checks of these areas; None for all.
    """
    judged: list[tuple[str, int, int]] = []
    not_judged: list[str] = []
    for row in results.select("check", "status", "findings", "entities").iter_rows(named=True):
        check = CHECKS.get(row["check"])
        if check is None or (areas is not None and check.area not in areas):
            continue
        if row["status"] == "could_not_run" or row["entities"] is None:
            not_judged.append(check.id)
        else:
            judged.append((check.id, row["entities"], min(row["findings"], row["entities"])))
    total = sum(WEIGHTS[CHECKS[check].severity] for check, _, _ in judged)
    parts = [
        ScorePart(
            check,
            CHECKS[check].title,
            CHECKS[check].area,
            WEIGHTS[CHECKS[check].severity],
            entities,
            affected,
            100 * WEIGHTS[CHECKS[check].severity] * affected / entities / total
            if entities and total
            else 0.0,
        )
        for check, entities, affected in judged
    ]
    value = None if not judged else max(0, math.floor(100 - sum(part.lost for part in parts) + 1e-9))
    return Score(value, tuple(sorted(parts, key=lambda part: -part.lost)), tuple(not_judged))
