"""Writes the export the way such systems do: as a CSV file of old Windows, and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from random import Random

import xlsxwriter

from checks.sandbox.onboarding.columns import COLUMNS, Cell

NUMBER_RATE = 0.5  # of the plain codes: as numbers in the workbook
_EANS = {place for place, column in enumerate(COLUMNS) if column.heading.startswith("EAN")}
_MONEY = {
    place for place, column in enumerate(COLUMNS) if column.group == "Prijzen" and "prijs" in column.heading
}


def as_csv(
    rows: Sequence[Sequence[Cell]], headings: Sequence[str], title: Sequence[str], totals: Sequence[Cell]
) -> bytes:
    """cp1252, semicolons, decimal commas, days as dd/mm/yyyy, lines of the title above the headings, totals below."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for line in title:
        writer.writerow([line, *[""] * (len(headings) - 1)])
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_text(cell, place) for place, cell in enumerate(row)])
    if totals:
        writer.writerow([_text(cell, place) for place, cell in enumerate(totals)])
    return text.getvalue().encode("cp1252", "replace")


def _text(cell: Cell, place: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        money = place in _MONEY and cell == round(cell, 2)
        return (f"{cell:.2f}" if money else f"{cell:.4f}".rstrip("0").rstrip(".")).replace(".", ",")
    return str(cell)


def as_xlsx(
    rng: Random, rows: Sequence[Sequence[Cell]], title: Sequence[str], totals: Sequence[Cell], made: datetime
) -> bytes:
    """A sheet "Info", then "Artikelen" with merged headings over groups of columns; codes are texts or numbers as it
    happens, prices numbers, days dates. The same rows and dice give the same bytes.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"title": title[0], "created": made.replace(tzinfo=None)})
    info = book.add_worksheet("Info")
    for place, line in enumerate((*title, "Selectie: alle artikelen")):
        info.write_string(place, 0, line)
    sheet = book.add_worksheet("Artikelen")
    bold = book.add_format({"bold": True, "align": "center"})
    whole = book.add_format({"num_format": "0"})
    sheet.write_string(0, 0, title[0], bold)
    at = 0
    for group, columns in groupby(COLUMNS, key=lambda column: column.group):
        wide = len(list(columns))
        if wide > 1:
            sheet.merge_range(2, at, 2, at + wide - 1, group, bold)
        else:
            sheet.write_string(2, at, group, bold)
        at += wide
    for place, column in enumerate(COLUMNS):
        sheet.write_string(3, place, column.heading, bold)
    for number, row in enumerate((*rows, totals), 4):
        for place, cell in _filled(row):
            if isinstance(cell, str):
                is_number = place in _EANS and cell.isdecimal() and rng.random() < NUMBER_RATE
                if is_number:
                    sheet.write_number(number, place, int(cell), whole)
                else:
                    sheet.write_string(number, place, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day))
            else:
                sheet.write_number(number, place, cell)
    book.close()
    return target.getvalue()


def _filled(row: Sequence[Cell]) -> Iterator[tuple[int, float | int | str | date]]:
    for place, cell in enumerate(row):
        if cell is not None and cell != "":
            yield place, cell
