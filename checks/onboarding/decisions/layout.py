"""The sheets of the workbook of decisions: what they are called, their columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.onboarding.references.entries import table_title
from checks.onboarding.references.mapping import References, digest
from checks.onboarding.references.meant import NONE
from checks.suggest.entries import BY_FIELD

READ_ME, MATCHES, DOUBTS, LISTS, KEPT = "Read me", "Matches", "Doubts", "Entries", "Kept"

#: The sheet of each reference: `Unit sales prices`.
SHEETS = {field: table_title(reference) for field, reference in BY_FIELD.items()}

MOST = 5
#: The most rows of a sheet; writing and opening more takes too long.
MOST_ROWS = 100_000

CHOICE = "Choice"
SUGGESTIONS = tuple(str(number) for number in range(1, MOST + 1))
OF_REFERENCES = ("In your file", "Articles", "Status", CHOICE, *SUGGESTIONS)
OF_MATCHES = ("Article", "EAN", "Name", "Brand", "Content", CHOICE, *SUGGESTIONS)
OF_DOUBTS = ("Article", "EAN", "Name", "Code", "Central product", "Why it is not certain")

#: Instead of a name, for the articles that give none.
NO_NAME = "(no name in your file)"

_STATUS = {
    "exact": "same name",
    "confirmed": "decided",
    "suggested": "to decide",
    "unknown": "to decide: nothing is like it",
}

#: The hidden sheet: what was written, so that rows may be sorted, moved or deleted.
#: `kind`: file, table (key: the field), a field, or match; `choice` as prefilled; 1 to 5: what the numbers stand for;
#: `state` of the row, see DECIDED and the like; `ean` and `name` of a match's article.
KEPT_COLUMNS = ("kind", "key", "choice", *SUGGESTIONS, "state", "ean", "name")

#: States of a row, null otherwise: a person decided it; opened again what is the same name; chose what could not be taken.
DECIDED, OPENED, UNTAKEN = "decided", "opened", "untaken"
#: In front of a choice that could not be taken when the workbook was written anew.
UNTAKEN_MARK = "? "

_KEPT = pl.Schema(dict.fromkeys(KEPT_COLUMNS, pl.String()))

# What XML, and so a workbook, cannot hold, or Excel would show as a box
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{fffe}\x{ffff}]"
_LONGEST = 16_000  # letters of a cell: Excel takes twice as many, and counts some letters twice
_UNSHOWN = "(cannot be shown)"


def as_cell(text: pl.Expr) -> pl.Expr:
    """The text as a cell can hold it and gives it back: no control characters, not too long, no space around."""
    clean = text.str.replace_all(r"\r\n?", "\n").str.replace_all(_UNSEEN, "").str.strip_chars()
    clean = clean.replace("", _UNSHOWN)
    fits = clean.str.len_chars() <= _LONGEST
    return pl.when(fits).then(clean).otherwise(clean.str.head(_LONGEST).str.strip_chars_end() + "…")


def reference_rows(
    references: References, field: str, untaken: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """OF_REFERENCES of one field, what is open first, those that the most articles need first; `written`, the name, and
    `state`.

    Args:
        untaken: by what stands in the first column, choices that could not be taken; they stand there again, marked.
    """
    shown_as = _shown_by_value(references, field)
    choices = pl.col("choices").list.eval(pl.element().struct.field("value"))
    said_none = (pl.col("status") == "confirmed") & pl.col("chosen").is_null()
    rows = references.table.filter(pl.col("field") == field).sort(
        pl.col("status").is_in(["exact", "confirmed"]),
        pl.col("articles"),
        descending=[False, True],
        maintain_order=True,
    )
    # what is the same name as one entry, and yet is not taken for it, was opened by a person
    alike = pl.col("choices").list.eval(pl.element().struct.field("score") >= 1)
    opened = alike.list.sum() == 1
    told = rows.select(
        pl.col("written").fill_null(NO_NAME).alias("In your file"),
        pl.col("articles").alias("Articles"),
        pl.col("status").replace_strict(_STATUS, return_dtype=pl.String).alias("Status"),
        pl.when(said_none)
        .then(pl.lit(NONE[0]))
        .otherwise(pl.col("chosen").replace_strict(shown_as, default=None, return_dtype=pl.String))
        .alias(CHOICE),
        *(
            choices.list.get(at, null_on_oob=True)
            .replace_strict(shown_as, default=None, return_dtype=pl.String)
            .alias(name)
            for at, name in enumerate(SUGGESTIONS)
        ),
        "written",
        pl.when(pl.col("status") == "confirmed")
        .then(pl.lit(DECIDED))
        .when((pl.col("status") == "suggested") & opened)
        .then(pl.lit(OPENED))
        .alias("state"),
    ).with_columns(as_cell(pl.col(pl.String).exclude("written", "state")))
    return with_untaken(told, "In your file", untaken)


def first_rows(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """The first `most` of rows with `state`; what a person decided is among them, for it stands nowhere else."""
    if rows.height <= most:
        return rows
    kept = rows.with_row_index("place").sort(pl.col("state").is_null(), "place").head(most)
    return kept.sort("place").drop("place")


def with_untaken(rows: pl.DataFrame, first: str, untaken: Mapping[str, str] | None) -> pl.DataFrame:
    """The rows with choices that could not be taken, marked, by what stands in their `first` column."""
    if not untaken:
        return rows
    said = pl.DataFrame(
        [(key, f"{UNTAKEN_MARK}{text.removeprefix(UNTAKEN_MARK)}") for key, text in untaken.items()],
        schema={first: pl.String, "said": pl.String},
        orient="row",
    ).with_columns(as_cell(pl.col("said")))
    there = pl.col("said").is_not_null()
    return (
        rows.join(said, on=first, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("said", CHOICE).alias(CHOICE),
            pl.when(there).then(pl.lit(UNTAKEN)).otherwise("state").alias("state"),
        )
        .drop("said")
    )


def kept_rows(references: References, sheets: dict[str, pl.DataFrame], matches: pl.DataFrame) -> pl.DataFrame:
    """KEPT_COLUMNS: the fingerprints, then what stands in each row that a person may decide.

    Args:
        sheets: `reference_rows` by field, as far as they are written.
        matches: `match_rows`, as far as they are written.
    """
    prints = [("file", "", references.file), *(("table", *one) for one in table_prints(references).items())]
    head = pl.DataFrame(prints, schema=["kind", "key", "choice"], orient="row").match_to_schema(
        _KEPT, missing_columns="insert"
    )
    of_fields = [
        rows.select(
            pl.lit(field).alias("kind"),
            pl.col("In your file").alias("key"),
            pl.col(CHOICE).alias("choice"),
            *SUGGESTIONS,
            "state",
            pl.lit(None, pl.String).alias("ean"),
            pl.lit(None, pl.String).alias("name"),
        )
        for field, rows in sheets.items()
    ]
    of_matches = matches.select(
        pl.lit("match").alias("kind"),
        pl.col("Article").alias("key"),
        pl.col(CHOICE).alias("choice"),
        *(pl.col("ids").list.get(at, null_on_oob=True).alias(name) for at, name in enumerate(SUGGESTIONS)),
        "state",
        pl.col("EAN").alias("ean"),
        pl.col("Name").alias("name"),
    )
    return pl.concat([head, *of_fields, of_matches])


def table_prints(references: References) -> dict[str, str]:
    """By field, a fingerprint of its lookup table: the entries and what they are called."""
    return {
        field: digest(entries.select("value", "shown").sort("value"))
        for field, entries in references.entries.items()
    }


def _shown_by_value(references: References, field: str) -> dict[str, str]:
    entries = references.entries.get(field)
    return {} if entries is None else dict(entries.select("value", "shown").iter_rows())
