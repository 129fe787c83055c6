"""Reading a file as a table of texts: CSV and XLSX as ERPs and spreadsheets write them.

Nothing is understood here yet: which column is what is the business of `checks.onboarding.columns.mapping`, what a cell means that of
`checks.onboarding.reading.articles`. What was found and decided on the way stands in `TableFile.notes`, in sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from checks.errors import ArticleFileError
from checks.onboarding.columns.headings import known
from checks.onboarding.file.csv_cells import read_cells
from checks.onboarding.file.encodings import decode
from checks.onboarding.file.shape import TOP, filled, headings_of, without_totals
from checks.onboarding.file.xlsx_cells import Merged, Workbook

#: Of a line that is longer than the headings so many cells get a column of their own; what is behind shares the last one.
_MOST_BEYOND = 20

#: A spreadsheet holds no more columns.
_MOST_COLUMNS = 16_384

#: Bytes of files that are none of ours.
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a GZIP archive",
}


@dataclass(frozen=True)
class TableFile:
    """One sheet of a file.

    Attributes:
        kind: csv or xlsx.
        sheet: its name; None of CSV.
        encoding, separator: of CSV; the separator is None where there is one column only.
        heading: the line of the headings (the lower one of two) from 1; 0 where there is none.
        rows: String columns named by the headings, without empty rows and columns; cells without white space around them,
            empty ones null.
        lines: the line of each row in the file (Int64), as a spreadsheet shows it: a cell with line breaks is one line.
        notes: what was found and decided, a sentence each.
        empty: headings of columns without any value; they are not in `rows`.
        own: of headings with a group in front (`Prijzen Verkoop`) the part that is theirs.
    """

    path: Path
    kind: Literal["csv", "xlsx"]
    sheet: str | None
    encoding: str | None
    separator: str | None
    heading: int
    rows: pl.DataFrame
    lines: pl.Series
    notes: tuple[str, ...]
    empty: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Grid:
    """All cells, column names "0", "1" ...; row n is line n + 1."""

    cells: pl.DataFrame
    merged: tuple[Merged, ...] = ()


def refuse_without_rows(table: TableFile) -> None:
    """Raises ArticleFileError for a table that has headings and nothing under them."""
    if table.rows.is_empty():
        sheet = f"Sheet {table.sheet!r} of " if table.sheet else ""
        raise ArticleFileError(
            f"{sheet}{table.path.name} has headings in line {table.heading} and no rows under them. Was the export empty, or do its "
            "rows stand elsewhere? Export it again, or name the right line (`heading=`)"
            + (" or sheet (`sheet=`)." if table.sheet else ".")
        )


def sheets(path: str | Path) -> tuple[str, ...]:
    """The names of the sheets of an XLSX file, in its order; none of CSV.

    Raises:
        ArticleFileError: see `read_table`.
    """
    path, data = _bytes(path)
    return Workbook(data, path.name).sheet_names if _is_zip(data) else ()


def read_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    heading: int | None = None,
) -> TableFile:
    """Reads one sheet of a file; what is not given is found by itself and told in the notes.

    Args:
        sheet: of XLSX. Else the sheet whose headings look most like those of articles or clients.
        encoding: of CSV, a name that Python knows. Else UTF-8 or UTF-16 where it is that, or cp1252 (or cp850, of DOS).
        separator: of CSV, one character.
        heading: the line of the headings from 1, 0 for a table without. Else the one most like what ERPs write.

    Raises:
        ArticleFileError: there is no such file, or it is no table; the message says what it is instead.
    """
    path, data = _bytes(path)
    if _is_zip(data):
        return _read_xlsx(path, data, sheet, heading)
    if sheet is not None:
        raise ArticleFileError(f"{path.name} is no XLSX file: it has no sheet {sheet!r}.")
    _refuse_foreign(path.name, data)
    text = decode(data, path.name, encoding)
    cells = read_cells(text.text, path.name, separator)
    widest = max(map(len, cells.records), default=0)
    if widest > _MOST_COLUMNS:
        raise ArticleFileError(
            f"{path.name} has a line of {widest} cells: this is no table, or another separator parts it."
        )
    given = None if heading is None else heading - 1
    grid = _grid_of(cells.records, given, cells.separator or ";")
    table = _table(path.name, grid, given)
    return TableFile(
        path,
        "csv",
        None,
        text.encoding,
        cells.separator,
        table.heading,
        table.rows,
        table.lines,
        (*text.notes, *cells.notes, *table.notes),
        table.empty,
        table.own,
    )


def _bytes(path: str | Path) -> tuple[Path, bytes]:
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ArticleFileError(f"There is no file {path}. Look at the name and the folder.") from error
    except IsADirectoryError as error:
        raise ArticleFileError(f"{path} is a folder. Name the file in it.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArticleFileError(
            f"{path} cannot be opened: {reason}. Is it open in another program, or may you not read it?"
        ) from error
    except ValueError as error:  # a name with a NUL character
        raise ArticleFileError(f"{str(path)!r} is no name of a file.") from error
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise ArticleFileError(f"{path.name} is empty. Export it again.")
    return path, data


def _is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def _refuse_foreign(name: str, data: bytes) -> None:
    if data.startswith(_OLD_EXCEL):
        raise ArticleFileError(
            f"{name} is an old Excel file (.xls), or one with a password. Open it in a spreadsheet and save it as XLSX, without password."
        )
    head = data[:2000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if (
        head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta"))
        or b"<html" in head[:500]
    ):
        raise ArticleFileError(
            f"{name} is a web page (HTML), whatever its name ends in: perhaps the page that asks to log in was saved, or the ERP "
            "exports its table so. Open it in a spreadsheet and save it as XLSX."
        )
    if head.startswith(b"<?xml"):
        raise ArticleFileError(
            f"{name} is XML. Export it as CSV, or open it in a spreadsheet and save it as XLSX."
        )
    for mark, what in _FOREIGN.items():
        if data.startswith(mark):
            raise ArticleFileError(f"{name} is {what}. Export the articles as CSV or XLSX.")


def _grid_of(records: Sequence[Sequence[str]], given: int | None, separator: str) -> _Grid:
    """Records as columns. A few lines that are far longer than the others share one column for what is beyond."""
    widths = sorted(map(len, records))
    usual = max(widths[len(widths) * 9 // 10] if widths else 0, max(map(len, records[:TOP]), default=0))
    if given is not None and 0 <= given < len(records):
        usual = max(usual, len(records[given]))
    width = min(widths[-1] if widths else 0, usual + _MOST_BEYOND)
    columns = {
        str(at): pl.Series([record[at] if len(record) > at else None for record in records], dtype=pl.String)
        for at in range(width)
    }
    if widths and widths[-1] > width:
        columns[str(width)] = pl.Series(
            [separator.join(record[width:]) if len(record) > width else None for record in records],
            dtype=pl.String,
        )
    return _Grid(pl.DataFrame(columns))


def _read_xlsx(path: Path, data: bytes, sheet: str | None, heading: int | None) -> TableFile:
    book = Workbook(data, path.name)
    names = book.sheet_names
    notes: list[str] = []
    if sheet is None:
        sheet = _best_sheet(path.name, book, notes)
    elif sheet not in names:
        raise ArticleFileError(f"{path.name} has no sheet {sheet!r}. It has: {', '.join(names)}.")
    found = book.read(sheet)
    grid = _Grid(found.cells, found.merged)
    table = _table(f"Sheet {sheet!r} of {path.name}", grid, None if heading is None else heading - 1)
    return TableFile(
        path,
        "xlsx",
        sheet,
        None,
        None,
        table.heading,
        table.rows,
        table.lines,
        (*notes, *found.notes, *table.notes),
        table.empty,
        table.own,
    )


def _best_sheet(name: str, book: Workbook, notes: list[str]) -> str:
    scores = {}
    for sheet in book.sheet_names:
        top, seen = book.top(sheet, TOP)
        lines = top.rows()
        headings = max((sum(known(line)) for line in lines), default=0)
        scores[sheet] = (seen and filled(sum(lines, ())) > 0, headings, sum(map(filled, lines)))
    if not scores:
        raise ArticleFileError(f"{name} has no sheet with cells.")
    best = max(scores, key=lambda sheet: scores[sheet])
    if len(scores) > 1:
        others = ", ".join(repr(sheet) for sheet in scores if sheet != best)
        notes.append(f"Sheet {best!r} looks most like a table of ours and was taken; not read: {others}.")
    return best


class _Table(NamedTuple):
    heading: int
    rows: pl.DataFrame
    lines: pl.Series
    notes: list[str]
    empty: tuple[str, ...]
    own: dict[str, str]


def _table(name: str, grid: _Grid, given: int | None) -> _Table:
    cells = grid.cells.with_columns(pl.all().str.strip_chars().replace("", None))
    height = cells.height
    if cells.is_empty() or not filled(cells.select(pl.all().drop_nulls().first()).row(0)):
        raise ArticleFileError(f"{name} has no cells with anything in them.")
    if given is not None and not -1 <= given < height:
        raise ArticleFileError(f"{name} has {height} lines: there is no line {given + 1} for the headings.")
    lines = cells.head(max(TOP, 0 if given is None else given + 2)).rows()
    top = headings_of(lines, cells.width, grid.merged, given)
    body = cells.slice(top.heading + 1).rename(dict(zip(cells.columns, top.names, strict=True)))
    numbers = pl.Series("line", range(top.heading + 2, height + 1), dtype=pl.Int64)
    notes = list(top.notes)
    beyond = body.columns[top.wide :]
    if beyond:
        longer = body.select(pl.any_horizontal(pl.col(beyond).is_not_null())).to_series()
        if longer.any():
            first = numbers.filter(longer)[0]
            count = int(longer.sum())
            lines_have = "1 line has" if count == 1 else f"{count} lines have"
            notes.append(
                f"{lines_have} more cells than the headings, the first is line {first}: perhaps a separator inside a text. "
                f"What is beyond stands in {beyond[0]!r} and after."
            )
    some = pl.any_horizontal(pl.all().is_not_null())
    kept = body.select(some).to_series()
    body, numbers = body.filter(kept), numbers.filter(kept)
    body, numbers, left = without_totals(body, numbers, top.names)
    empty = [column for column in body.columns if body[column].null_count() == body.height]
    named = tuple(column for column in empty if not column.startswith("Column "))
    if named and body.height:
        notes.append(f"Columns without any value were left out: {', '.join(named)}.")
    return _Table(top.heading + 1, body.drop(empty), numbers, [*notes, *left], named, top.own)
