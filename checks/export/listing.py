"""Any list as a file: a sheet with a frozen heading and filters, or CSV. Cells are what they are given as."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import xlsxwriter

from checks.export.plain import harmless

#: The most rows a sheet is written with; CSV holds all.
MOST_ROWS = 100_000

_NARROWEST, _WIDEST = 10, 60

#: Text is never taken for a formula, a link or a number.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def listing_as_xlsx(rows: pl.DataFrame, title: str) -> bytes:
    """One sheet called `title` with the columns of `rows` (text, numbers, moments in UTC) under their own names."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": title, "author": "Keurmeester"})
        sheet = book.add_worksheet(title[:31])
        text = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#DDE3EA", "bottom": 1, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        shown = rows.head(MOST_ROWS)
        for at, (name, dtype) in enumerate(shown.schema.items()):
            values = shown[name].to_list()
            longest = max([len(name), *(len(str(one)) for one in values[:1000] if one is not None)])
            sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, longest + 2)))
            sheet.write_string(0, at, name, head)
            for line, value in enumerate(values, start=1):
                if value is None:
                    continue
                if isinstance(dtype, pl.Datetime):
                    sheet.write_datetime(line, at, value.replace(tzinfo=None), moment)
                elif dtype.is_numeric():
                    sheet.write_number(line, at, value)
                else:
                    sheet.write_string(line, at, str(value), text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, shown.height, max(0, shown.width - 1))
    return target.getvalue()


def listing_as_csv(rows: pl.DataFrame) -> bytes:
    """UTF-8, commas, a heading, moments as `2026-11-20T06:00:00Z`; no text is taken for a formula."""
    told = rows.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    texts = [name for name, dtype in told.schema.items() if dtype == pl.String]
    safe = told.with_columns(harmless(pl.col(name)).alias(name) for name in texts)
    return safe.write_csv(float_scientific=False).encode()
