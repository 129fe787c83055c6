"""What a person decided in the workbook, taken over into references and matches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checks.onboarding.decisions.differences import differences
from checks.onboarding.decisions.layout import table_prints
from checks.onboarding.decisions.of_matches import take_matches
from checks.onboarding.decisions.of_references import take_references
from checks.onboarding.decisions.sheets import TROUBLES, Change, DecisionBook
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.mapping import References

__all__ = ["CHANGED", "TROUBLES", "Decisions", "first_untaken", "read_decisions", "taken"]

#: What came back: of `about` (a name or an article number) now holds `value` (id, abbreviation or product id; null: none
#: of them, or open again), which is called `meaning`.
CHANGED = pl.Schema(
    {
        "sheet": pl.String(),
        "cell": pl.String(),
        "about": pl.String(),
        "written": pl.String(),
        "value": pl.String(),
        "meaning": pl.String(),
    }
)


@dataclass(frozen=True, eq=False)
class Decisions:
    """What came back of a workbook.

    Attributes:
        references, matches: those given, with what was decided.
        changed: `CHANGED`, one row a decision that was not known before.
        troubles: `TROUBLES`: what could not be taken. Everything else was.
        older: in sentences, how the article file and the lookup tables differ from those the workbook was written for.
    """

    references: References
    matches: Matches
    changed: pl.DataFrame
    troubles: pl.DataFrame
    older: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Decisions: {self.changed.height:,} taken, {self.troubles.height:,} that could not be taken"


def read_decisions(path: Path | str, references: References, matches: Matches) -> Decisions:
    """Reads a workbook that `write_decisions` made and a person filled in.

    Rows are found by their names, so they may be sorted, moved or deleted. Reading it twice changes nothing more. The file may
    have been exported anew, and the lookup tables may have changed: a choice counts where its row is there, its entry has the
    same id and name, its article the same EAN and name; else it is a trouble.

    Args:
        path: the XLSX file.
        references, matches: of one file; what was decided since stays.

    Raises:
        UsageError: the file is not there or no such workbook.
    """
    return taken(DecisionBook(path), references, matches)


def taken(book: DecisionBook, references: References, matches: Matches) -> Decisions:
    """`read_decisions` of an opened workbook."""
    tables = table_prints(references)
    written = {
        name: book.entries(name) for name in book.fields() if tables.get(name) != book.tables.get(name)
    }
    older = tuple(differences(book, references, matches, written))
    changed: list[Change] = []
    for name in book.fields():
        references, rows = take_references(book, name, references, written.get(name))
        changed += rows
    matches, rows = take_matches(book, matches)
    told = pl.DataFrame([*changed, *rows], schema=CHANGED, orient="row")
    return Decisions(references, matches, told, book.troubles, older)


def first_untaken(path: Path | str, references: References, matches: Matches) -> str | None:
    """A cell of a workbook whose decision is not in `references` and `matches`; None where nothing would be lost.

    Raises:
        UsageError: it is no workbook of decisions.
    """
    if not DecisionBook(path).holds_decisions():
        return None
    there = read_decisions(path, references, matches)
    for rows in (there.troubles, there.changed):
        if not rows.is_empty():
            return str(rows["cell"][0])
    return None
