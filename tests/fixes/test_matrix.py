"""The fault matrix: every fix, every call it makes forward and back, everything that can go wrong at that call.

Afterwards the shop is exactly as it was or exactly as it was meant to be, and journal and finding say which; or the fix
says that it needs attention, and once the fault is gone, `fix resume` ends it in one of the two.

`KEURMEESTER_MATRIX=cells.jsonl pytest tests/fixes/test_matrix.py` writes how each cell came out, and
`python -m tests.fixes.matrix_table cells.jsonl` makes a table of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.fixes.matrix import AT_THE_END, FAULTS, Bench, Fault, a_bench, try_cell
from tests.fixes.new_scenarios import NEW_DO, NEW_UNDO
from tests.fixes.scenarios import DO, UNDO, Scenario, Step

SCENARIOS = (*DO, *UNDO, *NEW_DO, *NEW_UNDO)
CELLS = [
    *((scenario, step, fault) for scenario in SCENARIOS for step in scenario.steps for fault in FAULTS),
    *((scenario, scenario.forward[-1], AT_THE_END) for scenario in SCENARIOS),
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_bench(tmp_path_factory.mktemp("matrix")) as made:
        yield made


@pytest.mark.parametrize(
    ("scenario", "step", "fault"),
    [
        pytest.param(*cell, id=f"{cell[0].id} | {cell[1].name} | {cell[2].name}".replace("/", "."))
        for cell in CELLS
    ],
)
def test_nothing_is_lost_and_nothing_is_doubled(
    bench: Bench, scenario: Scenario, step: Step, fault: Fault
) -> None:
    outcome = "broken"
    try:
        outcome = try_cell(bench, scenario, step, fault)
    finally:
        if outcome == "broken":
            bench.spoil()
        _write_down(scenario, step, fault, outcome)


def _write_down(scenario: Scenario, step: Step, fault: Fault, outcome: str) -> None:
    """One line for each cell; several workers may write to the same file."""
    if (file := os.environ.get("KEURMEESTER_MATRIX")) is None:
        return
    cell = {"fix": scenario.id, "step": step.name, "fault": fault.name, "outcome": outcome}
    with open(file, "a", encoding="utf-8") as lines:
        lines.write(json.dumps(cell) + "\n")
