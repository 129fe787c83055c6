"""Findings for outside: CSV and JSON for programs, XLSX for people.

What the shop's texts hold is never run by a spreadsheet: in CSV, text that one would take for a formula gets an
apostrophe in front; in XLSX every text is a text cell, formatted as text, so that it stays one when somebody edits it.

`described` adds what people want to see besides: names, brand, category, and what hangs on it; `with_decisions` what
people decided and said. All else works without. `listing_as_xlsx` and `listing_as_csv` take any other list.
"""

from checks.export.described import DECIDED, DESCRIBED, days_in_words, described, with_decisions
from checks.export.listing import listing_as_csv, listing_as_xlsx
from checks.export.plain import as_csv, as_json, as_objects, harmless
from checks.export.workbook import MOST_ROWS, as_xlsx, left_out

__all__ = [
    "DECIDED",
    "DESCRIBED",
    "MOST_ROWS",
    "as_csv",
    "as_json",
    "as_objects",
    "as_xlsx",
    "days_in_words",
    "described",
    "harmless",
    "left_out",
    "listing_as_csv",
    "listing_as_xlsx",
    "with_decisions",
]
