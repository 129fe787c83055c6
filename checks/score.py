"""The health score: 0 to 100, how it came about, and what would raise it most.

Each area of the shop has a score: the share of its things that are sound. What has an error counts whole as not sound, a
warning in part, information not at all; a deviation that a person accepted is sound. The shop's score is the mean of its
areas. A check that could not run is left out and said so, and an area of which most could not be judged has no score: it
never counts what nobody looked at.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.rules import CHECKS
from checks.rules.check import SHOP_AREAS

#: How much of a thing is not sound, by the gravest of its findings. Information alone costs nothing.
WEIGHTS = {"error": 1.0, "warning": 0.4, "info": 0.0}

#: Of the checks asked about, at least so many must have been judged for a score.
_LEAST_JUDGED = 0.5


@dataclass(frozen=True)
class ScorePart:
    """One check's share in the score, over all sources.

    `weight` is that of its gravest severity, `lost` what it costs in points of 100; accepted findings are not `affected`.
    """

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
    """`value` is None when too little could be judged. `parts` come with the costliest first."""

    value: int | None
    parts: tuple[ScorePart, ...]
    not_judged: tuple[str, ...]

    @property
    def judged(self) -> frozenset[str]:
        """The checks behind it: two scores compare only where these are the same."""
        return frozenset(part.check for part in self.parts)

    @property
    def raise_most(self) -> tuple[ScorePart, ...]:
        """The checks whose findings cost most, at most three: put right, each gives back what it has `lost`."""
        return tuple(part for part in self.parts if part.lost >= 0.05)[:3]

    @property
    def sentence(self) -> str:
        """How the score came about, in words."""
        if self.value is None and not self.parts:
            return "No check could be judged yet."
        judged = f"{_checks(len(self.parts))} judged"
        if self.not_judged:
            judged += f", {len(self.not_judged)} could not run and are left out"
        if self.value is None:
            return f"{judged}: too few for a score."
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
            "Each area (products, prices, clients, orders, connection) starts at 100 and loses the share of its things that "
            "is not sound, check by check: what has an error counts whole, "
            f"{WEIGHTS['warning']:.0%} of what has a warning, information not at all. What was accepted is sound. "
            "The score is the mean of the areas, rounded down."
        )


def score(results: pl.DataFrame, *, areas: Collection[str] | None = None) -> Score:
    """The score of one run.

    Args:
        results: columns check, status, findings, entities, and where the run knew them accepted and affected (JSON text:
            entities by their gravest severity), as `Store.check_results` gives them; any number of sources.
        areas: only the checks of these areas; None for those of the shop.
    """
    parts: list[ScorePart] = []
    not_judged: list[str] = []
    for check_id, rows in _by_check(results).items():
        check = CHECKS[check_id]
        if check.area not in (SHOP_AREAS if areas is None else areas):
            continue
        judged = [row for row in rows if row["status"] != "could_not_run" and row["entities"] is not None]
        if len(judged) < len(rows):
            not_judged.append(check_id)
        if judged:
            parts.append(_part(check_id, judged))
    told = _told_areas(parts, not_judged)
    of_area = {area: [part for part in parts if part.area == area] for area in told}
    scaled: dict[str, float] = {}
    values: list[float] = []
    for area_parts in of_area.values():
        lost = sum(part.lost for part in area_parts)
        # an area has no more than its 100 points to lose, however many things are wrong with each
        share = min(1.0, 100 / lost) / len(of_area) if lost else 1.0
        scaled |= {part.check: part.lost * share for part in area_parts}
        values.append(max(0.0, 100 - lost))
    final = [
        ScorePart(
            part.check,
            part.title,
            part.area,
            part.weight,
            part.entities,
            part.affected,
            scaled.get(part.check, 0.0),
            part.accepted,
        )
        for part in parts
    ]
    # a hair more than computed: 100 - 3 * 0.1 must not round down for its last binary digit
    value = int(sum(values) / len(values) + 1e-9) if values and _enough(parts, not_judged) else None
    return Score(value, tuple(sorted(final, key=lambda part: -part.lost)), tuple(dict.fromkeys(not_judged)))


def _checks(count: int) -> str:
    return "1 check" if count == 1 else f"{count} checks"


def _by_check(results: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in results.iter_rows(named=True):
        if row["check"] in CHECKS:
            found.setdefault(row["check"], []).append(row)
    return found


def _part(check_id: str, rows: list[dict[str, Any]]) -> ScorePart:
    """One check over all sources that it was judged on; `lost` in points of its area."""
    check = CHECKS[check_id]
    entities = sum(row["entities"] for row in rows)
    affected: dict[str, int] = {}
    for row in rows:
        for severity, count in _affected(row, check.severity).items():
            affected[severity] = affected.get(severity, 0) + count
    heavy = sum(WEIGHTS[severity] * count for severity, count in affected.items())
    return ScorePart(
        check_id,
        check.title,
        check.area,
        max(WEIGHTS[severity] for severity in (check.severity, *affected)),
        entities,
        min(sum(affected.values()), entities),
        100 * min(1.0, heavy / entities) if entities else 0.0,
        sum(row.get("accepted") or 0 for row in rows),
    )


def _told_areas(parts: Iterable[ScorePart], not_judged: Iterable[str]) -> list[str]:
    """Areas of which enough could be judged."""
    parts, blind = list(parts), [str(CHECKS[check].area) for check in not_judged]
    areas = dict.fromkeys(part.area for part in parts)
    count = {area: sum(part.area == area for part in parts) for area in areas}
    return [area for area in areas if count[area] >= _LEAST_JUDGED * (count[area] + blind.count(area))]


def _enough(parts: Collection[ScorePart], not_judged: Collection[str]) -> bool:
    return len(parts) >= _LEAST_JUDGED * (len(parts) + len(not_judged))


def _affected(row: Mapping[str, Any], severity: str) -> dict[str, int]:
    """Entities by their gravest severity. A run from before these were kept knows only how many findings there were."""
    given = row.get("affected")
    if given is None:
        findings = min(row["findings"], row["entities"])
        return {severity: findings} if findings else {}
    counts: dict[str, int] = json.loads(given) if isinstance(given, str) else given
    return {name: count for name, count in counts.items() if count}
