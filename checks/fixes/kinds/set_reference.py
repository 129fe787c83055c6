"""set-reference: a reference that is wrong, empty or not an end node is set to an entry of the lookup table.

One choice serves any number of products (guide, chapter 6: Products; chapter 5: lookup tables).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from checks.fixes.inputs import NONE, Choice, Input
from checks.fixes.kinds import choices
from checks.fixes.kinds.field_fix import REFERENCE_CHECKS, FieldFix, field_of
from checks.fixes.kinds.sound import is_wrong
from checks.fixes.model import Task
from checks.fixes.references import References
from checks.sources.oresto.bodies import Body
from checks.suggest import reference_choices

#: Of more products than these, each with a fault of its own, nobody fills in a form.
_MOST_FIELDS = 40


class SetReference(FieldFix):
    """Sets brand, category, units ... of own products."""

    id = "set-reference"
    title = "Set the reference"
    verb = "Set"
    button = "Set it on {}"
    past = "set"
    checks = REFERENCE_CHECKS

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        """A choice for each reference that is wrong, the likeliest entry first."""
        asked: dict[str, dict[str | None, list[str]]] = {}
        for finding in findings.filter(pl.col("check").is_in(REFERENCE_CHECKS)).iter_rows(named=True):
            if (name := field_of(finding)) is not None:
                asked.setdefault(name, {}).setdefault(finding["value"], []).append(finding["key"])
        return tuple(one for name, groups in asked.items() for one in _inputs(name, groups, frames))

    def asked(self, task: Task, own: dict[str, Any]) -> dict[str, str] | str:
        return dict(task.options)

    def repaired(self, finding: Mapping[str, Any], fields: Body, result: Body) -> bool:
        name = field_of(finding)
        return name is not None and choices.REFERENCES[name][0] in fields

    def right(self, finding: Mapping[str, Any], body: Body, references: References) -> str | None:
        name = field_of(finding)
        if name is None or is_wrong(name, body, references):
            return None
        field, table, _ = choices.REFERENCES[name]
        key = body[field]["Id"] if field == "Supplier" else body[field]
        label = references.name(table, key)
        return f"{name.replace('_', ' ')} {key if label is None else f'{label} ({key})'}"


def _inputs(
    name: str, groups: Mapping[str | None, list[str]], frames: Mapping[str, pl.DataFrame | None]
) -> Iterator[Input]:
    """One choice for products that lack the same entry; where they lack several, each product has its own."""
    if len(groups) == 1 or sum(map(len, groups.values())) > _MOST_FIELDS:
        yield _input(name, [key for keys in groups.values() for key in keys], frames)
        return
    for keys in groups.values():
        alike = _input(name, keys, frames)
        yield from (replace(alike, per_key=True, key=key) for key in keys)


def _input(name: str, keys: list[str], frames: Mapping[str, pl.DataFrame | None]) -> Input:
    found = reference_choices(name, keys, frames)
    listed = tuple(Choice(value, label, why) for value, label, _, why in found.iter_rows())
    likely = listed[0].value if listed and listed[0].why else None
    spoken = name.replace("_", " ")
    if choices.REFERENCES[name][2]:
        listed = (*listed, Choice(NONE, f"No {spoken}", "the product need not have one"))
    return Input(
        name,
        spoken.capitalize(),
        "choice",
        choices=listed,
        default=likely,
        help="The likeliest first.",
    )
