"""Workbooks as a person's spreadsheet program sees and saves them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fastexcel
import polars as pl
import xlsxwriter

from checks.onboarding.decisions.layout import KEPT

Cells = dict[str, pl.DataFrame]


def cells(path: Path) -> Cells:
    """Every sheet as a program sees it: text, no headings."""
    book = fastexcel.read_excel(path)
    return {
        name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        for name in book.sheet_names
    }


def headed(sheets: Cells, sheet: str) -> pl.DataFrame:
    """One sheet with its headings."""
    body = sheets[sheet]
    return body.slice(1).rename(dict(zip(body.columns, body.row(0), strict=True)))


def saved_again(path: Path, sheets: Cells, as_number: bool = False) -> None:
    """Writes sheets as a spreadsheet would that somebody saved: text stays text, and a typed number may be a number."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        text = book.add_format({"num_format": "@"})
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            if name == KEPT:
                sheet.hide()
            choice = (
                frame.row(0).index("Choice") if "Choice" in (frame.row(0) if frame.height else ()) else -1
            )
            for line, row in enumerate(frame.iter_rows()):
                for at, value in enumerate(row):
                    if value is None:
                        continue
                    if as_number and at == choice and str(value).isdigit():
                        sheet.write_number(line, at, float(value))
                    else:
                        sheet.write_string(line, at, value, text)


def filled(sheets: Cells, sheet: str, choices: Mapping[str, str | None]) -> Cells:
    """The sheets with these choices, by what stands in the first column."""
    frame = sheets[sheet]
    first, choice = frame.columns[0], frame.columns[frame.row(0).index("Choice")]
    asked = pl.DataFrame(
        {"k": list(choices), "v": list(choices.values())}, schema={"k": pl.String, "v": pl.String}
    )
    joined = frame.join(
        asked.with_columns(hit=True), left_on=first, right_on="k", how="left", maintain_order="left"
    )
    assert joined["hit"].sum() >= len(choices), f"no such rows in {sheet}: {choices}"
    said = pl.when("hit").then("v").otherwise(choice).alias(choice)
    return {**sheets, sheet: joined.with_columns(said).select(frame.columns)}
