"""How the article file and the lookup tables differ from those that a workbook of decisions was written for, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from checks.onboarding.decisions.layout import NO_NAME, SHEETS, as_cell
from checks.onboarding.decisions.sheets import MATCH, DecisionBook
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.mapping import References
from checks.suggest.entries import BY_FIELD


def differences(
    book: DecisionBook, references: References, matches: Matches, written: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """A sentence for the file and for each table; none where they are the same.

    Args:
        written: by field, of the tables that changed, the entries as they were written.
    """
    if book.file != references.file:
        yield _of_file(book, references, matches)
    for field, entries in written.items():
        yield _of_table(field, references, entries)


def _of_file(book: DecisionBook, references: References, matches: Matches) -> str:
    new = gone = 0
    for field in BY_FIELD:
        now = references.table.filter(pl.col("field") == field).select(
            key=as_cell(pl.col("written").fill_null(NO_NAME))
        )
        there = book.keys(field).to_frame("key")
        new += now.unique().join(there, on="key", how="anti").height
        gone += there.unique().join(now, on="key", how="anti").height
    asked = matches.suggested.select(key=as_cell(pl.col("article_number"))).unique()
    articles = asked.join(book.keys(MATCH).to_frame("key"), on="key", how="anti").height
    told = [
        _counted(new, "name is new and stands in no row", "names are new and stand in no row"),
        _counted(
            gone,
            "name of the workbook is not needed any more",
            "names of the workbook are not needed any more",
        ),
        _counted(
            articles,
            "article with suggestions is new and stands in no row",
            "articles with suggestions are new and stand in no row",
        ),
    ]
    parts = ", ".join(one for one in told if one) or "no row of the workbook is new or gone"
    return f"The article file was exported anew or read in another way since: {parts}."


def _of_table(field: str, references: References, written: Mapping[str, str]) -> str:
    title = SHEETS[field]
    entries = references.entries.get(field)
    if entries is None or not written:
        return f"The table {title} changed since."
    now = dict(entries.select("value", as_cell(pl.col("shown"))).iter_rows())
    told = [
        _counted(len(now.keys() - written.keys()), "entry is new", "entries are new"),
        _counted(len(written.keys() - now.keys()), "is gone", "are gone"),
        _counted(
            sum(now[one] != written[one] for one in now.keys() & written.keys()),
            "is called otherwise",
            "are called otherwise",
        ),
    ]
    return f"The table {title} changed since: {', '.join(one for one in told if one) or 'in small things'}."


def _counted(number: int, one: str, several: str) -> str:
    return "" if not number else f"1 {one}" if number == 1 else f"{number:,} {several}"
