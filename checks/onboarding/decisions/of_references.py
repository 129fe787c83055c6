"""The sheets of brands, categories and the like, taken over into the references."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.onboarding.decisions.layout import (
    CHOICE,
    DECIDED,
    OPENED,
    SHEETS,
    SUGGESTIONS,
    as_cell,
    reference_rows,
)
from checks.onboarding.decisions.sheets import Change, DecisionBook
from checks.onboarding.references.mapping import References
from checks.onboarding.references.meant import NONE


def take_references(
    book: DecisionBook, field: str, references: References, written: Mapping[str, str] | None = None
) -> tuple[References, list[Change]]:
    """The references with what the sheet of one field decides, and what that is. What cannot be taken is a trouble of the
    book.

    Args:
        written: the entries (value and `name [value]`) of the table as the workbook was written, where it changed since.
    """
    now = reference_rows(references, field).select("written", key="In your file", is_now=CHOICE, now="state")
    rows = book.of_field(field).join(
        now.unique("key", keep="first").select("key", "is_now", "now", needed=pl.lit(True)),
        on="key",
        how="left",
        maintain_order="left",
    )
    # Nearly all rows stand as they are known, and need no second look. What a person left as it was written says nothing
    # against what was decided since.
    # What a person decided before the workbook was written is more than the same name, too.
    untouched = pl.col("said").is_not_null() & (pl.col("said") == pl.col("kept"))
    was_decided = pl.col("state").eq_missing(pl.lit(DECIDED))
    decided_since = pl.col("now").eq_missing(pl.lit(DECIDED))
    since = decided_since | (pl.col("is_now").is_not_null() & ~was_decided) | pl.col("needed").is_null()
    rows = rows.filter(pl.col("said").ne_missing(pl.col("is_now")) & ~(untouched.fill_null(False) & since))
    decided = _decided(book, field, references, rows.drop_nulls("said").with_columns(_meant()), written)
    was_emptied = (pl.col("kept") == pl.col("is_now")) | (was_decided & ~decided_since)
    was_open = pl.col("kept").is_null() & (pl.col("state") == OPENED) & ~decided_since
    emptied = rows.filter(
        pl.col("said").is_null() & pl.col("is_now").is_not_null() & (was_emptied | was_open)
    )
    opened = {
        row["key"]: (SHEETS[field], row["cell"], row["key"], "", None, "open again")
        for row in emptied.iter_rows(named=True)
        if row["key"] not in decided
    }
    names: dict[str, list[str | None]] = {}
    for key, name in now.select("key", "written").iter_rows():
        names.setdefault(key, []).append(name)
    references = references.confirm(
        [(field, name, change[4]) for key, change in decided.items() for name in names[key]],
        [(field, name) for key in opened for name in names[key]],
    )
    return references, [*decided.values(), *opened.values()]


def _meant() -> pl.Expr:
    """What the cell Choice says: of a number 1 to 5 the suggestion that was written there, null where there was none."""
    choice = pl.col("said")
    numbered = [pl.when(choice == number).then(f"k{number}") for number in SUGGESTIONS]
    return pl.when(choice.is_in(SUGGESTIONS)).then(pl.coalesce(numbered)).otherwise(choice).alias("meant")


def _decided(
    book: DecisionBook,
    field: str,
    references: References,
    rows: pl.DataFrame,
    written: Mapping[str, str] | None,
) -> dict[str, Change]:
    """By key, what is decided otherwise than it is known; the first of two rows about one name."""
    texts = rows["meant"].drop_nulls().unique(maintain_order=True).to_list()
    understood = references.understood(field, texts)
    shown = _shown(references, field)
    found: dict[str, Change] = {}
    seen: dict[str, tuple[str | None, str]] = {}
    for row in rows.iter_rows(named=True):
        cell, key, said = row["cell"], row["key"], row["said"]
        value, trouble = understood.get(row["meant"], (None, ""))
        about: tuple[str, str] | None = (field, key)
        if written is not None and value is not None and not trouble:
            trouble = _another(row["meant"], value, shown[value], written)
        if not row["needed"]:
            about = None
            trouble = (
                f"{key} is not needed any more."
                if row["known"]
                else f"{key} is not among the names of the file."
            )
        elif row["meant"] is None:
            about = None
            trouble = (
                f"There is no suggestion {said} here. To choose the entry whose id it is, type [{said}]."
            )
        elif not trouble and key in seen and seen[key][0] != value:
            about = None
            trouble = f"{key} stands twice. The other choice was taken, that of {seen[key][1]}."
        if trouble:
            book.trouble(cell, said, trouble, about, row["meant"])
        elif key not in seen:
            seen[key] = value, cell
            meaning = NONE[0] if value is None else shown[value]
            if meaning != row["is_now"]:
                found[key] = (SHEETS[field], cell, key, said, value, meaning)
    return found


def _another(said: str, value: str, shown: str, written: Mapping[str, str]) -> str:
    """Why the entry that a text means now is another one than it meant in the table as it was written; "" where it is not."""
    if value in written:
        was = written[value]
        same = was.casefold() == shown.casefold()
        return "" if same else f"The entry {was} is called {shown} now. Pick it again from the list."
    if said.strip().strip("[]").casefold() == value.casefold():
        return f"The entry {shown} was not there when the workbook was written. Pick it from the list."
    name = shown.removesuffix(f" [{value}]").casefold()
    was = next((one for key, one in written.items() if one.removesuffix(f" [{key}]").casefold() == name), "")
    return f"The entry {was} is gone, and {shown} is another. Pick it from the list." if was else ""


def _shown(references: References, field: str) -> dict[str, str]:
    entries = references.entries.get(field)
    return {} if entries is None else dict(entries.select("value", as_cell(pl.col("shown"))).iter_rows())
