"""The health score: 0 to 100, how it came about, and what would raise it most.

Every judged check gives the share of its entities that are sound, weighed by severity. A deviation that a person
accepted is sound. A check that could not run is left out and said so: the score never counts what nobody looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.rules import CHECKS

#: How much a check weighs, and an entity with a finding of that severity. Information alone costs nothing.
WEIGHTS = {"error": 5.0, "warning": 2.0, "info": 0.0}


@dataclass(frozen=True)
class ScorePart:
    """One check's share in the score. `lost` is what it costs in points of 100; accepted findings are not `affected`."""

    check: str
    title: str
    area: str
    weight: float
    entities: int
    affected: int
    lost: float
    accepted: int = 0

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
    def raise_most(self) -> tuple[ScorePart, ...]:
        """The checks whose findings cost most, at most three: put right, each gives back what it has `lost`."""
        return tuple(part for part in self.parts if part.lost >= 0.05)[:3]

    @property
    def sentence(self) -> str:
        """How the score came about, in words."""
        if self.value is None:
            return "No check could be judged yet."
        judged = f"{len(self.parts)} checks judged"
        if self.not_judged:
            judged += f", {len(self.not_judged)} could not run and are left out"
        if accepted := sum(part.accepted for part in self.parts):
            judged += f", {accepted:,} accepted {'deviation counts' if accepted == 1 else 'deviations count'} as sound"
        costly = [part for part in self.parts if part.lost > 0]
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
            "Each check gives the share of what it judged (products, prices, clients, orders) that is sound. What has an "
            f"error weighs {WEIGHTS['error']:.0f}, a warning {WEIGHTS['warning']:.0f}, information nothing; a check "
            "weighs as much as its gravest. The score is the weighted mean of these shares, times 100, rounded down."
        )


def score(results: pl.DataFrame, *, areas: Collection[str] | None = None) -> Score:
    """The score of one run.

    Args:
        results: columns check, status, findings, entities, and where the run knew them accepted and affected (JSON text:
            entities by their gravest severity), as `Store.check_results` gives them; any number of sources.
        areas: only the checks of these areas; None for all.
    """
    judged: list[tuple[str, int, int, dict[str, int], float]] = []
    not_judged: list[str] = []
    for row in results.iter_rows(named=True):
        check = CHECKS.get(row["check"])
        if check is None or (areas is not None and check.area not in areas):
            continue
        if row["status"] == "could_not_run" or row["entities"] is None:
            not_judged.append(check.id)
        else:
            affected = _affected(row, check.severity)
            weight = max(WEIGHTS[severity] for severity in (check.severity, *affected))
            judged.append((check.id, row["entities"], row.get("accepted") or 0, affected, weight))
    total = sum(weight for *_, weight in judged)
    parts = []
    for check_id, entities, accepted, affected, weight in judged:
        count = min(sum(affected.values()), entities)
        heavy = sum(WEIGHTS[severity] * times for severity, times in affected.items())
        # never more than the check itself weighs, however many things are wrong with one entity
        lost = 100 * min(heavy / entities, weight) / total if entities and total else 0.0
        title, area = CHECKS[check_id].title, CHECKS[check_id].area
        parts.append(ScorePart(check_id, title, area, weight, entities, count, lost, accepted))
    value = None if not judged else max(0, math.floor(100 - sum(part.lost for part in parts) + 1e-9))
    return Score(value, tuple(sorted(parts, key=lambda part: -part.lost)), tuple(not_judged))


def _affected(row: Mapping[str, Any], severity: str) -> dict[str, int]:
    """Entities by their gravest severity. A run from before these were kept knows only how many findings there were."""
    given = row.get("affected")
    if given is None:
        findings = min(row["findings"], row["entities"])
        return {severity: findings} if findings else {}
    counts: dict[str, int] = json.loads(given) if isinstance(given, str) else given
    return {name: count for name, count in counts.items() if count}
