"""A workbook of decisions that is there already, written anew with what is decided in it: `renew_decisions`."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from checks.errors import UsageError
from checks.onboarding.decisions.reading import Decisions, taken
from checks.onboarding.decisions.saving import put
from checks.onboarding.decisions.sheets import DecisionBook
from checks.onboarding.decisions.writing import workbook
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.mapping import References

__all__ = ["renew_decisions"]


def renew_decisions(
    path: Path | str, references: References, matches: Matches, articles: pl.DataFrame
) -> Decisions:
    """Reads a workbook and writes it anew, with all rows of today and the choices that are in it.

    A choice that could not be taken stands in its row again, marked with `? `. The workbook as it was is kept beside it, as
    `decisions.before.xlsx`; it stays where nobody changed anything since, so running a notebook again does not replace it.

    Args:
        path: the XLSX file that `write_decisions` made.
        references, matches: of one file, as they are without the workbook.
        articles: `ARTICLES` of that file.

    Returns:
        What `read_decisions` gives.

    Raises:
        UsageError: the file is not there or no such workbook, cannot be written, or was saved meanwhile; matches are of
            other articles. The workbook stays as it was then.
    """
    target = Path(path)
    book = DecisionBook(target)
    decided = taken(book, references, matches)
    data = workbook(
        decided.references, decided.matches, articles, offered=matches.suggested, untaken=book.untaken
    )
    before = target.with_name(f"{target.stem}.before{target.suffix}")
    lost = decided.troubles.height > len(book.untaken)
    if lost or decided.older or not before.exists() or DecisionBook(target).touched():
        put(before, book.data)
    if target.read_bytes() != book.data:
        raise UsageError(
            f"{target.name} was saved while it was read: nothing of it was changed. Run this again."
        )
    put(target, data)
    return decided
