"""From read columns to the rows of a frame: each row by its number, the doubtful ones left out and told."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.errors import ArticleFileError
from checks.onboarding.columns.field import Field
from checks.onboarding.columns.mapping import Columns
from checks.onboarding.file.table import TableFile
from checks.onboarding.reading.cells import AT_PROBLEMS, Read
from checks.onboarding.reading.codes import codes, gtins
from checks.onboarding.reading.dates import dates, day_orders
from checks.onboarding.reading.texts import texts
from checks.onboarding.reading.values import decimal_signs, flags, integers, numbers, percentages
from checks.onboarding.shapes import PROBLEMS

#: What `summary` of articles and clients shows: of each field how many rows have it, and how many problems of each kind.
SUMMARY = pl.Schema(
    {
        "field": pl.String,
        "title": pl.String,
        "filled": pl.Int64,
        "empty": pl.Int64,
        "repaired": pl.Int64,
        "unreadable": pl.Int64,
        "missing": pl.Int64,
        "duplicate": pl.Int64,
    }
)

#: Fields whose texts may have several lines.
_LONG = "description"


class Cells:
    """The columns of a file by the field they stand for, and how its numbers are written."""

    def __init__(self, table: TableFile, columns: Columns, day_first: bool) -> None:
        gone = [
            heading
            for heading in columns.headings.values()
            if heading not in table.rows.columns and heading not in table.empty
        ]
        if gone:
            raise ArticleFileError(
                f"{table.path.name} has no heading {gone[0]!r}: these columns are of another file. Guess them for this one."
            )
        self._table, self._headings, self._day_first = table, columns.headings, day_first
        fields = {field.name: field for field in columns.fields}
        self.decimal, self.trusted = self._signs(fields)
        self._orders = self._day_orders(fields)

    def _signs(self, fields: Mapping[str, Field]) -> tuple[str, bool]:
        """The decimal sign of the file, for columns that show none; of XLSX it is certain."""
        if self._table.kind == "xlsx":
            return ".", True
        counts = {",": 0, ".": 0}
        for name in self._headings:
            if fields[name].kind == "number":
                for sign, times in decimal_signs(self[name]).items():
                    counts[sign] += times
        if counts[","] == counts["."]:
            return ("." if self._table.separator == "," else ","), False
        return max(counts, key=lambda sign: counts[sign]), False

    def _day_orders(self, fields: Mapping[str, Field]) -> tuple[int, int]:
        """How many days of the file prove that the day stands first, and how many that the month does."""
        orders = [day_orders(self[name]) for name in self._headings if fields[name].kind == "date"]
        return sum(day for day, _ in orders), sum(month for _, month in orders)

    def __contains__(self, name: str) -> bool:
        return name in self._headings

    def __getitem__(self, name: str) -> pl.Series:
        heading = self._headings[name]
        if heading in self._table.rows.columns:
            return self._table.rows[heading]
        return pl.Series(heading, [None] * self._table.rows.height, dtype=pl.String)

    def heading(self, name: str) -> str:
        return self._headings[name]

    def read(self, field: Field) -> Read:
        """The column of `field`, read as its kind is."""
        text = self[field.name]
        match field.kind:
            case "gtin":
                return gtins(text)
            case "code":
                return codes(text)
            case "number":
                return numbers(text, decimal=self.decimal, trusted=self.trusted)
            case "integer":
                return integers(text, decimal=self.decimal, trusted=self.trusted)
            case "percentage":
                return percentages(text)
            case "date":
                return dates(
                    text,
                    day_first=self._day_first,
                    day_end=field.name.endswith("_until"),
                    beside=self._orders,
                )
            case "flag":
                return flags(text)
            case _:
                return texts(text, lines=field.name.startswith(_LONG))


def placed(
    found: Mapping[str, pl.DataFrame], lines: pl.Series, keys: pl.Series, kept: pl.Series
) -> pl.DataFrame:
    """Problems of each field (`AT_PROBLEMS`) as `PROBLEMS`, of the rows that stay."""
    rows = pl.DataFrame({"row": lines, "key": keys, "kept": kept}).with_row_index("at")
    parts = [
        part.join(rows, on="at", how="left", maintain_order="left")
        .filter("kept")
        .select("row", "key", "kind", "written", "read_as", "message", field=pl.lit(field))
        .select(list(PROBLEMS))
        for field, part in found.items()
        if part.height
    ]
    return pl.concat([PROBLEMS.to_frame(), *parts])


def kept_rows(keys: pl.Series, lines: pl.Series, field: Field, what: str) -> tuple[pl.Series, pl.DataFrame]:
    """Which rows stay (Boolean), and the `PROBLEMS` of those that do not: no number, or one that was there before."""
    rows = pl.DataFrame({"key": keys, "row": lines}).with_columns(
        first=pl.col("row").first().over("key"), again=~pl.col("key").is_first_distinct()
    )
    empty = rows.filter(pl.col("key").is_null()).select(
        "row",
        "key",
        field=pl.lit(field.name),
        kind=pl.lit("missing"),
        written=pl.lit(None, dtype=pl.String),
        read_as=pl.lit(None, dtype=pl.String),
        message=pl.lit(f"There is no {what} number: the line is left out."),
    )
    double = rows.filter(pl.col("key").is_not_null() & pl.col("again")).select(
        "row",
        "key",
        field=pl.lit(field.name),
        kind=pl.lit("duplicate"),
        written="key",
        read_as=pl.lit(None, dtype=pl.String),
        message=pl.format(
            f"{what.capitalize()} number {{}} is in line {{}} already: only that line is used.",
            "key",
            "first",
        ),
    )
    kept = rows.select(pl.col("key").is_not_null() & ~pl.col("again")).to_series()
    return kept, pl.concat([PROBLEMS.to_frame(), empty, double])


def in_order(problems: pl.DataFrame, fields: tuple[Field, ...]) -> pl.DataFrame:
    """`PROBLEMS` from the top of the file to its end, in a row as the fields are."""
    order = pl.DataFrame(
        {"field": [field.name for field in fields], "place": range(len(fields))},
        schema={"field": pl.String, "place": pl.Int64},
    )
    return (
        problems.join(order, on="field", how="left", maintain_order="left")
        .sort("row", "place", maintain_order=True)
        .select(list(PROBLEMS))
    )


def missing(values: pl.Series, message: str) -> pl.DataFrame:
    """`AT_PROBLEMS` of the rows that have none."""
    empty = values.is_null().arg_true().cast(pl.UInt32)
    return (
        pl.DataFrame({"at": empty})
        .select(
            "at",
            kind=pl.lit("missing"),
            written=pl.lit(None, dtype=pl.String),
            read_as=pl.lit(None, dtype=pl.String),
            message=pl.lit(message),
        )
        .select(list(AT_PROBLEMS))
    )


def summed(data: pl.DataFrame, problems: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """`SUMMARY` of the columns in `titles`; a field that is no column of `data` counts its problems only."""
    filled = [
        (name, title, data.height - data[name].null_count() if name in data.columns else None)
        for name, title in titles.items()
    ]
    counts = problems.group_by("field").agg(
        (pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind)
        for kind in ("repaired", "unreadable", "missing", "duplicate")
    )
    return (
        pl.DataFrame(
            filled, schema={"field": pl.String, "title": pl.String, "filled": pl.Int64}, orient="row"
        )
        .join(counts, on="field", how="left", maintain_order="left")
        .with_columns(pl.col("repaired", "unreadable", "missing", "duplicate").fill_null(0))
        .with_columns(empty=data.height - pl.col("filled"))
        .select(pl.col(name).cast(dtype) for name, dtype in SUMMARY.items())
    )
