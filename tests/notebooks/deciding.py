"""A person who knows the truth, in front of the workbook of decisions."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from checks.onboarding.decisions.layout import KEPT, MATCHES, SHEETS
from checks.sandbox.onboarding import Example
from tests.onboarding.spreadsheet import cells, filled, headed, saved_again


def decide(path: Path, files: Example) -> None:
    """Fills in what is empty by what is true, and saves it as a spreadsheet does: typed numbers as numbers.

    A name that stands for nothing in the table stays empty. Of two articles that are one central product the first gets
    it, and the other is said to be none.
    """
    sheets = cells(path)
    for field, sheet in SHEETS.items():
        if sheet not in sheets:
            continue
        known = files.names.filter((pl.col("field") == field) & pl.col("value").is_not_null())
        means = dict(known.select("written", "value").iter_rows())
        empty = headed(sheets, sheet).filter(pl.col("Choice").is_null())["In your file"].to_list()
        sheets = filled(sheets, sheet, {name: means[name] for name in empty if name in means})
    sheets = filled(sheets, MATCHES, _of_matches(sheets[KEPT], files))
    saved_again(path, sheets, as_number=True)


def _of_matches(kept: pl.DataFrame, files: Example) -> dict[str, str]:
    """Article number -> the number of the suggestion that is right, or `none`."""
    true = dict(files.truth.select("article_number", "product_id").iter_rows())
    rows = kept.slice(1).rename(dict(zip(kept.columns, kept.row(0), strict=True)))
    choices: dict[str, str] = {}
    taken: set[int] = set()
    for row in rows.filter(pl.col("kind") == "match").iter_rows(named=True):
        product = true[row["key"]]
        place = next(
            (n for n in "12345" if row[n] is not None and product is not None and int(row[n]) == product),
            None,
        )
        choices[row["key"]] = "none" if place is None or product in taken else place
        taken.add(product)
    return choices
