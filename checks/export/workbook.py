"""Findings as an Excel workbook: an overview, then one sheet a check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from checks.addresses import entity_address, page_address
from checks.export.described import as_table, check_title, completed, days_in_words
from checks.findings import SEVERITIES
from checks.impact import by_impact
from checks.rules import CHECKS

#: The most findings a workbook holds; writing and opening more takes too long. CSV and JSON hold all.
MOST_ROWS = 25_000

#: The columns of a sheet: their headings, and how wide they are at most, in characters. `{days}`: as they were counted.
_HEADINGS = {
    "severity": ("Severity", 11),
    "check": ("Check", 30),
    "title": ("What the check finds", 40),
    "source": ("Source", 20),
    "entity": ("About", 16),
    "key": ("Key", 32),
    "name": ("Name", 48),
    "brand": ("Brand", 24),
    "category": ("Category", 32),
    "field": ("Field", 24),
    "value": ("Value", 32),
    "message": ("What is wrong", 80),
    "status": ("State", 12),
    "decision": ("Decision", 12),
    "decided_by": ("Decided by", 20),
    "reason": ("Reason", 48),
    "until": ("Until (UTC)", 17),
    "comment": ("Last comment", 48),
    "first_seen": ("Since (UTC)", 17),
    "last_seen": ("Last seen (UTC)", 18),
    "fixed_at": ("Fixed (UTC)", 17),
    "orders": ("Orders, {days}", 22),
    "turnover": ("Turnover, {days} (€)", 30),
    "clients": ("Clients with a price", 22),
    "fix": ("Fix (where there is one)", 28),
    "id": ("Id", 24),
    "link": ("Link", 44),
}
_NARROWEST = 10

#: Cells are what they are given as, never what their text looks like. No files beside: they might stay behind.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(findings: pl.DataFrame, url: str = "", days: Mapping[str, float] | None = None) -> bytes:
    """An overview with counts and links, then one sheet a check: filters, a frozen heading, links into the dashboard.

    Args:
        findings: schema `findings.KEPT`, better `described`. Of more than MOST_ROWS, those that weigh and touch most
            are in it, and the overview says so (`left_out`).
        url: where the dashboard is (`settings.dashboard.url`); no links into it without one.
        days: by source, how far back its orders were collected, as given to `described`; the headings tell it.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": "Findings", "author": "Keurmeester"})
        _Book(book, completed(findings), url, days).write()
    return target.getvalue()


def left_out(findings: pl.DataFrame) -> str | None:
    """What to say where a workbook cannot hold all findings; None where it can."""
    if findings.height <= MOST_ROWS:
        return None
    return (
        f"Only {MOST_ROWS:,} of {findings.height:,} findings are listed: the gravest, and of these the ones that touch "
        "most. CSV and JSON hold all."
    )


def sheet_names(checks: Iterable[str]) -> dict[str, str]:
    """A sheet's name for each check: its id, as far as Excel lets it (31 characters, unique whatever the case)."""
    names: dict[str, str] = {}
    taken = {"overview", "history"}  # Excel keeps the second for itself
    for check in checks:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", check).strip("'") or "check"
        name, number = plain[:31], 2
        while name.lower() in taken:
            name = f"{plain[: 31 - len(f'~{number}')]}~{number}"
            number += 1
        taken.add(name.lower())
        names[check] = name
    return names


class _Book:
    """One workbook while it is written."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        findings: pl.DataFrame,
        url: str,
        days: Mapping[str, float] | None = None,
    ) -> None:
        self.book = book
        self.days = days_in_words(days)
        self.url = url
        self.all = findings
        self.listed = findings.sort(*by_impact()).head(MOST_ROWS)
        place = {check: number for number, check in enumerate(CHECKS)}
        found = findings["check"].unique().to_list()
        self.sheets = sheet_names(sorted(found, key=lambda check: (place.get(check, len(place)), check)))
        text = {"num_format": "@", "valign": "top"}
        self.text = book.add_format(text)
        self.link = book.add_format({**text, "font_color": "#0563C1", "underline": 1})
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bg_color": "#DDE3EA", "bottom": 1, "valign": "top"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        self.count = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.severities = {
            severity: book.add_format(
                {**text, "num_format": "#,##0", "bg_color": fill, "font_color": "#1F2328"}
            )
            for severity, fill in zip(SEVERITIES, ("#F8C9C4", "#FBE3B4", "#CFE2F7"), strict=True)
        }

    def write(self) -> None:
        """The overview first, then the checks in the catalogue's order."""
        self._overview()
        for check, name in self.sheets.items():
            self._sheet(self.book.add_worksheet(name), self.listed.filter(pl.col("check") == check))

    def _overview(self) -> None:
        sheet = self.book.add_worksheet("Overview")
        sheet.set_column(0, 0, 48)
        sheet.set_column(1, 4, 12)
        sheet.set_column(5, 5, 32)
        sheet.write_string(0, 0, f"{self.all.height:,} findings", self.bold)
        if self.url:
            self._linked(sheet, 0, 1, page_address(self.url, "findings"), "Open the dashboard")
        if said := left_out(self.all):
            sheet.write_string(1, 0, said)
        heading = ("What is wrong", "Findings", *(one.capitalize() for one in SEVERITIES), "Check")
        for column, title in enumerate(heading):
            sheet.write_string(3, column, title, self.head)
        counts = self.all.group_by("check", "severity").len()
        by_check = {(check, severity): count for check, severity, count in counts.iter_rows()}
        for row, (check, name) in enumerate(self.sheets.items(), start=4):
            each = [by_check.get((check, severity), 0) for severity in SEVERITIES]
            quoted = name.replace("'", "''")
            self._linked(sheet, row, 0, f"internal:'{quoted}'!A1", check_title(check))
            sheet.write_number(row, 1, sum(each), self.count)
            for column, (severity, count) in enumerate(zip(SEVERITIES, each, strict=True), start=2):
                sheet.write_number(row, column, count, self.severities[severity] if count else self.count)
            sheet.write_string(row, 5, _text(check), self.text)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 3 + len(self.sheets), len(heading) - 1)

    def _sheet(self, sheet: Worksheet, findings: pl.DataFrame) -> None:
        table = as_table(findings, self.url)
        for column, (name, (title, widest)) in enumerate(_HEADINGS.items()):
            heading = title.format(days=self.days)
            sheet.set_column(column, column, _width(table[name], heading, widest))
            sheet.write_string(0, column, heading, self.head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, table.height, table.width - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{table.height + 1}"})
        for row, cells in enumerate(table.iter_rows(named=True), start=1):
            for column, (name, value) in enumerate(cells.items()):
                if value is not None and value != "":
                    self._cell(sheet, row, column, name, value, cells)

    def _cell(
        self, sheet: Worksheet, row: int, column: int, name: str, value: Any, cells: dict[str, Any]
    ) -> None:
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.count)
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self.money)
        elif name == "key" and self.url:
            address = entity_address(self.url, cells["entity"], cells["source"], value)
            called = cells["name"] if cells["entity"] == "error-group" else None
            self._linked(sheet, row, column, address, called or value)
        elif name == "link":
            self._linked(sheet, row, column, value, value)
        else:
            coloured = self.severities.get(value) if name == "severity" else None
            sheet.write_string(row, column, _text(value), coloured or self.text)

    def _linked(self, sheet: Worksheet, row: int, column: int, address: str | None, text: str) -> None:
        if address is None or len(address) >= sheet.max_url_length:  # Excel knows no longer ones
            sheet.write_string(row, column, _text(text), self.text)
        else:
            sheet.write_url(row, column, address, self.link, _text(text))


def _width(values: pl.Series, heading: str, widest: int) -> int:
    """As wide as the heading with its filter button and nearly all of the texts, not wider than is good to read."""
    usual = values.str.len_chars().quantile(0.95) if values.dtype == pl.String else 16
    return min(widest, max(_NARROWEST, len(heading) + 3, int(usual or 0) + 2))


#: What XML, and so a workbook, cannot hold, or Excel would show as a box.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_LONGEST = 32_767  # of a cell, counted in UTF-16


def _text(value: str) -> str:
    """The text as a cell can hold it: no control characters, line breaks as Excel writes them, not too long."""
    clean = _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 > _LONGEST and len(clean.encode("utf-16-le")) // 2 > _LONGEST:
        clean = clean.encode("utf-16-le")[: 2 * (_LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"
    # XlsxWriter takes such text for markup of its own, and would write it into the file unescaped
    return f"{clean} " if clean.startswith("<r>") and clean.endswith("</r>") else clean
