"""Makes a table of the cells that test_matrix.py wrote down: `python -m tests.fixes.matrix_table cells.jsonl`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.fixes.matrix import AT_THE_END, FAULTS
from tests.fixes.new_scenarios import NEW_DO, NEW_UNDO
from tests.fixes.scenarios import DO, UNDO

#: How a cell came out -> what stands in the table.
SIGNS = {
    "done": "D",
    "put back": "P",
    "nothing changed": "N",
    "needs attention, then done": "AD",
    "needs attention, then put back": "AP",
    "needs attention, then nothing changed": "AN",
    "broken": "**X**",
}
LEGEND = (
    "D done; P put back exactly; N nothing was changed; A needs attention, and once the fault is gone `fix resume` ends it "
    "(AD done, AP put back). Once / for ever where both were tried; X would be a state that is neither before nor after."
)


def table(cells: Iterable[dict[str, str]]) -> str:
    """Markdown: a row for each call, a column for each fault."""
    found = {(cell["fix"], cell["step"], cell["fault"]): SIGNS[cell["outcome"]] for cell in cells}
    names = [fault.name for fault in (*FAULTS, AT_THE_END)]
    columns = [name for name in names if not name.endswith(", for ever")]
    lines = ["| fix | call | " + " | ".join(columns) + " |", "|" + " --- |" * (len(columns) + 2)]
    for scenario in (*DO, *UNDO, *NEW_DO, *NEW_UNDO):
        for step in scenario.steps:
            signs = []
            for column in columns:
                both = [found.get((scenario.id, step.name, name)) for name in (column, f"{column}, for ever")]
                signs.append(" / ".join(sign for sign in both if sign))
            lines.append(f"| {scenario.id} | {step.name} | {' | '.join(signs)} |")
    return "\n".join([*lines, "", f"{len(found)} cells. {LEGEND}"])


def main(file: str) -> None:
    cells = map(json.loads, Path(file).read_text(encoding="utf-8").splitlines())
    sys.stdout.write(f"{table(cells)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
