"""From the text of a CSV file to its cells: which separator, quotes that are meant and quotes that are not.

A line is a record: a field with line breaks inside its quotes is one, as the program that wrote it counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from checks.errors import ArticleFileError
from checks.onboarding.columns.headings import known

SEPARATORS = (";", ",", "\t", "|")
_NAMES = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}

#: So much of the file tells the separator.
_SAMPLE = 200_000
_SAMPLE_LINES = 200
_HEADING_LINES = 30

_EXCEL_MARK = re.compile(r"sep=(.)\r?(?:\n|$)", re.I)


class Cells(NamedTuple):
    """The records of a file, blank ones too, so that a record's place is its line."""

    records: list[list[str]]
    separator: str | None
    notes: tuple[str, ...]


def read_cells(text: str, name: str, separator: str | None = None) -> Cells:
    """The cells of `text`.

    Excel's first line `sep=;` names the separator; as Excel does not show it, it does not count as a line.

    Raises:
        ArticleFileError: `separator` is no single character.
    """
    notes: list[str] = []
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise ArticleFileError(f"A separator is one character, such as ; or a tab; not {separator!r}.")
    mark = _EXCEL_MARK.match(text)
    if mark and mark[1] not in '"\r':
        text = text[mark.end() :]
        separator = separator or mark[1]
        notes.append(f"The first line, {mark[0].strip()!r}, is Excel's own and was left out.")
    if separator is None:
        separator = _sniffed(text)
        if separator is None:
            notes.append("No separator was found: the file is read as one column.")
        elif separator != ";":
            notes.append(f"The cells are parted by {_NAMES[separator]}.")
    used = separator or ";"
    try:
        records = _parsed(text, used)
        stray = _swallowed(records, used)
    except csv.Error:  # a cell longer than any is meant to be: a quote that nobody closed
        records, stray = [], True
    if stray:
        records, lines = _line_by_line(text, used, name)
        shown = ", ".join(map(str, lines[:5]))
        more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
        if lines:
            notes.append(f"Quotation marks that nobody closed are read as they stand: line {shown}{more}.")
    return Cells(records, separator, tuple(notes))


def _parsed(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _sniffed(text: str) -> str | None:
    """The separator with which most lines have the same number of cells, and one line looks like headings."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, found = 0.0, None
    for separator in SEPARATORS:
        if separator not in sample:
            continue
        try:
            records = [record for record in _parsed(sample, separator) if record][:_SAMPLE_LINES]
        except csv.Error:
            plain = [line for line in sample.splitlines() if line][:_SAMPLE_LINES]
            records = [line.split(separator) for line in plain]
        score = _regular(records)
        if score > best:
            best, found = score, separator
    return found


def _regular(records: Sequence[Sequence[str]]) -> float:
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return 0.0
    width, lines = widths.most_common(1)[0]
    headings = max(sum(known(record)) for record in records[:_HEADING_LINES])
    return headings + lines / len(records) * min(width, 10) / 10


def _swallowed(records: Sequence[Sequence[str]], separator: str) -> bool:
    """Whether a cell holds whole lines of the table: then a quote was opened that does not mean it."""
    widths = Counter(len(record) for record in records)
    width = max(widths, key=lambda size: (widths[size], size), default=1)
    return width > 2 and any(
        _holds_lines(cell, at, len(record), separator, width)
        for record in records
        for at, cell in enumerate(record)
        if "\n" in cell or "\r" in cell
    )


def _holds_lines(cell: str, at: int, cells: int, separator: str, width: int) -> bool:
    """A whole line inside the cell; or its first piece completes its line, and its last one begins a line that goes on."""
    counts = [piece.count(separator) for piece in cell.splitlines()]
    if any(count >= width - 1 for count in counts[1:]):
        return True
    completes = counts[0] == width - 1 - at
    return completes and 0 < counts[-1] == width - 1 - (cells - 1 - at)


def _line_by_line(text: str, separator: str, name: str) -> tuple[list[list[str]], list[int]]:
    """The records where a line with an odd number of quotes stands for itself, and the lines where that was so."""
    lines = text.splitlines()
    counts = Counter(line.count(separator) for line in lines if line)
    full = counts.most_common(1)[0][0] if counts else 0
    records: list[list[str]] = []
    stray: list[int] = []
    waiting = ""
    for line in lines:
        whole = f"{waiting}\n{line}" if waiting else line
        if whole.count('"') % 2 == 0:
            records += _one(whole, separator, name)
            waiting = ""
        elif line.count(separator) >= full:
            if waiting:
                stray.append(len(records) + 1)
                records.append(_bare(waiting, separator))
                waiting = ""
            if line.count('"') % 2:
                stray.append(len(records) + 1)
                records.append(_bare(line, separator))
            else:
                records += _one(line, separator, name)
        else:
            waiting = whole
    if waiting:
        stray.append(len(records) + 1)
        records.append(_bare(waiting, separator))
    return records, stray


def _one(line: str, separator: str, name: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(line, newline=""), delimiter=separator)) or [[]]
    except csv.Error as error:
        raise ArticleFileError(
            f"{name} cannot be read as CSV: {error}. Export it again, or open it in a spreadsheet and save it as XLSX."
        ) from error


def _bare(line: str, separator: str) -> list[str]:
    """Cells of a line whose quotes do not pair: those around a whole cell go, the others stay."""
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.split(separator)
    ]
