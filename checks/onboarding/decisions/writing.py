"""A workbook in which a person decides what names and suggestions stand for: `write_decisions`, and back by `read_decisions`.

Every text is a text cell formatted as text, so that no code becomes a number and no name a formula when somebody edits
and saves it. Sheets are not protected, because nobody could sort them then.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from checks.errors import UsageError
from checks.onboarding.decisions import layout
from checks.onboarding.decisions.article_rows import doubt_rows, match_rows
from checks.onboarding.decisions.layout import (
    CHOICE,
    DOUBTS,
    KEPT,
    LISTS,
    MATCHES,
    MOST_ROWS,
    READ_ME,
    SHEETS,
    UNTAKEN,
    UNTAKEN_MARK,
)
from checks.onboarding.decisions.reading import Decisions, first_untaken, read_decisions
from checks.onboarding.decisions.saving import put
from checks.onboarding.decisions.sheets import MATCH
from checks.onboarding.decisions.words import WORDS
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.mapping import References
from checks.suggest.entries import BY_FIELD

__all__ = ["Decisions", "read_decisions", "workbook", "write_decisions"]

#: Cells are what they are given as, never what their text looks like. No files beside: they might stay behind.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_WIDTHS = {
    "In your file": 36,
    "Articles": 10,
    "Status": 16,
    CHOICE: 36,
    "Article": 16,
    "EAN": 16,
    "Code": 18,
    "Name": 40,
    "Brand": 20,
    "Content": 14,
    "Central product": 40,
    "Why it is not certain": 70,
}
_SUGGESTION_WIDTH = 34


def write_decisions(
    path: Path | str, references: References, matches: Matches, articles: pl.DataFrame
) -> None:
    """Writes the workbook: a sheet for each kind of reference, one for matches, one that explains.

    What is certain stands filled in, and may be changed. Of a sheet with more than MOST_ROWS rows the first are written,
    and `Read me` says so: what is left comes into the next workbook.

    Args:
        path: `.xlsx`. A workbook that is there is replaced only where nothing in it would be lost.
        references, matches: of the same file.
        articles: `ARTICLES` of that file.

    Raises:
        UsageError: the file that is there holds decisions that were not read, or is no such workbook; it cannot be
            written; matches are of other articles.
    """
    target = Path(path)
    _keep_what_is_there(target, references, matches)
    put(target, workbook(references, matches, articles))


def workbook(
    references: References,
    matches: Matches,
    articles: pl.DataFrame,
    *,
    offered: pl.DataFrame | None = None,
    untaken: Mapping[tuple[str, str], str] | None = None,
) -> bytes:
    """The workbook as `write_decisions` writes it.

    Args:
        offered: SUGGESTED: what stands beside the choices of articles that are decided.
        untaken: by kind (a field, or `match`) and key, choices that could not be taken: they stand there again, marked.
    """
    by_kind: dict[str, dict[str, str]] = {}
    for (kind, key), text in (untaken or {}).items():
        by_kind.setdefault(kind, {})[key] = text
    told = BytesIO()
    with xlsxwriter.Workbook(told, _OPTIONS) as book:
        book.set_properties({"title": "Decisions for onboarding", "author": "Keurmeester"})
        fields = {field: layout.reference_rows(references, field, by_kind.get(field)) for field in BY_FIELD}
        rows = match_rows(matches, articles, offered, by_kind.get(MATCH))
        _Book(
            book, references, fields, rows, doubt_rows(matches.doubted, matches.suggested, articles)
        ).write()
    return told.getvalue()


def _keep_what_is_there(target: Path, references: References, matches: Matches) -> None:
    if not target.exists():
        return
    advice = "Read it first (read_decisions), move it away, or give another name."
    try:
        untaken = first_untaken(target, references, matches)
    except UsageError as error:
        raise UsageError(
            f"{target.name} is there already and is not overwritten: {error} {advice}"
        ) from error
    if untaken:
        raise UsageError(
            f"{target.name} holds decisions that were not taken yet, such as {untaken}. {advice}"
        )


class _Book:
    """One workbook while it is written."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        references: References,
        fields: Mapping[str, pl.DataFrame],
        matches: pl.DataFrame,
        doubts: pl.DataFrame,
    ) -> None:
        self.book = book
        self.references = references
        self.fields = {field: rows.drop("written") for field, rows in fields.items() if not rows.is_empty()}
        self.matches = matches
        self.doubts = doubts
        text = {"num_format": "@", "valign": "top", "text_wrap": True}
        self.text = book.add_format(text)
        self.count = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DDE3EA", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        self.fill_in = book.add_format({**text, "locked": False, "border": 1, "border_color": "#B0B7C0"})
        self.open = book.add_format({"bg_color": "#FFF2CC"})
        self.done = book.add_format({"bg_color": "#E2F0D9"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.line = book.add_format({"text_wrap": True, "valign": "top"})
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})

    def write(self) -> None:
        """`Read me` in front, the lists to choose from at the end, and what was written, hidden."""
        read_me = self.book.add_worksheet(READ_ME)
        if not self.matches.is_empty():
            self._matches(self.book.add_worksheet(MATCHES))
        sheets = {field: self.book.add_worksheet(SHEETS[field]) for field in self.fields}
        if not self.doubts.is_empty():
            self._table(self.book.add_worksheet(DOUBTS), self.doubts)
        places = self._lists(self.book.add_worksheet(LISTS))
        for field, sheet in sheets.items():
            self._table(sheet, self.fields[field], places.get(field))
        self._kept(self.book.add_worksheet(KEPT))
        self._read_me(read_me)

    def _matches(self, sheet: Worksheet) -> None:
        first, last = (_letter(self.matches.columns.index(name)) for name in ("1", str(layout.MOST)))
        self._table(sheet, self.matches.drop("ids"), f"=${first}2:${last}2")

    def _table(self, sheet: Worksheet, rows: pl.DataFrame, source: str | None = None) -> None:
        """One sheet with its heading; `source` is where the list of the column Choice is."""
        shown = layout.first_rows(rows, MOST_ROWS).drop("state", strict=False)
        end = max(shown.height, 1)
        for at, name in enumerate(shown.columns):
            sheet.set_column(at, at, _WIDTHS.get(name, _SUGGESTION_WIDTH))
            sheet.write_string(0, at, name, self.head)
            form = self.fill_in if name == CHOICE else self.text
            for line, value in enumerate(shown[name].to_list(), start=1):
                if isinstance(value, int):
                    sheet.write_number(line, at, value, self.count)
                elif value is not None:
                    sheet.write_string(line, at, _text(value), form)
                elif name == CHOICE:
                    sheet.write_blank(line, at, None, form)
        if CHOICE in shown.columns:
            at = shown.columns.index(CHOICE)
            area = (1, at, end, at)
            sheet.conditional_format(*area, {"type": "blanks", "format": self.open})
            sheet.conditional_format(
                *area,
                {
                    "type": "text",
                    "criteria": "begins with",
                    "value": UNTAKEN_MARK,
                    "format": self.open,
                    "stop_if_true": True,
                },
            )
            sheet.conditional_format(*area, {"type": "no_blanks", "format": self.done})
            if source:  # numbers and ids may be typed too: no error then
                sheet.data_validation(*area, {"validate": "list", "source": source, "show_error": False})
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, end, shown.width - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{end + 1}"})

    def _lists(self, sheet: Worksheet) -> dict[str, str]:
        """The entries of each table, a column each. Returns where they are, by field."""
        places = {}
        for at, field in enumerate(self.fields):
            entries = self.references.entries[field].sort(pl.col("label").str.to_lowercase(), "entry")
            sheet.set_column(at, at, 48)
            sheet.write_string(0, at, SHEETS[field], self.head)
            for line, text in enumerate(
                entries.select(layout.as_cell(pl.col("shown"))).to_series().to_list(), start=1
            ):
                sheet.write_string(line, at, _text(text), self.text)
            if entries.height:
                letter = _letter(at)
                places[field] = f"={LISTS}!${letter}$2:${letter}${entries.height + 1}"
        sheet.freeze_panes(1, 0)
        return places

    def _kept(self, sheet: Worksheet) -> None:
        written = {field: layout.first_rows(rows, MOST_ROWS) for field, rows in self.fields.items()}
        rows = layout.kept_rows(self.references, written, layout.first_rows(self.matches, MOST_ROWS))
        for at, name in enumerate(rows.columns):
            sheet.write_string(0, at, name, self.text)
            for line, value in enumerate(rows[name].to_list(), start=1):
                if value is not None:
                    sheet.write_string(line, at, _text(value), self.text)
        sheet.hide()

    def _read_me(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 110)
        sheet.set_column(1, 1, 16)
        sheet.write_string(0, 0, "What stands for what: please decide", self.title)
        line = 2
        for text in WORDS:
            sheet.write_string(line, 0, text, self.line)
            line += 1
        line += 1
        sheet.write_string(line, 0, "Sheet", self.head)
        sheet.write_string(line, 1, "To decide", self.head)
        for name, rows in self._sheets().items():
            line += 1
            sheet.write_url(line, 0, f"internal:'{name}'!A1", self.link, _counted(name, rows))
            if CHOICE in rows.columns:
                is_open = rows[CHOICE].is_null() | (rows["state"] == UNTAKEN).fill_null(False)
                sheet.write_number(line, 1, is_open.sum(), self.count)
        sheet.activate()

    def _sheets(self) -> dict[str, pl.DataFrame]:
        found = {
            MATCHES: self.matches,
            **{SHEETS[field]: rows for field, rows in self.fields.items()},
            DOUBTS: self.doubts,
        }
        return {name: rows for name, rows in found.items() if not rows.is_empty()}


def _counted(name: str, rows: pl.DataFrame) -> str:
    if rows.height > MOST_ROWS:
        return f"{name}: only the first {MOST_ROWS:,} of {rows.height:,} rows; the others come into the next workbook"
    return f"{name}: {rows.height:,} rows"


def _text(value: str) -> str:
    # XlsxWriter takes such text for markup of its own, and would write it into the file unescaped
    return f"{value} " if value.startswith("<r>") and value.endswith("</r>") else value


def _letter(column: int) -> str:
    """Of a column before Z."""
    return chr(ord("A") + column)
