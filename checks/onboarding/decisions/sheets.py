"""The workbook of decisions as it came back: its rows with the cells they stand in, and what had been written in them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from checks.errors import UsageError
from checks.onboarding.decisions.keys import told_apart, with_written
from checks.onboarding.decisions.layout import (
    CHOICE,
    KEPT,
    KEPT_COLUMNS,
    LISTS,
    MATCHES,
    MOST_ROWS,
    OF_MATCHES,
    OF_REFERENCES,
    SHEETS,
    SUGGESTIONS,
    UNTAKEN,
)
from checks.onboarding.file.xlsx_cells import Workbook

#: What could not be taken, and where: `cell` as `Brands!D14`.
TROUBLES = pl.Schema(
    {"sheet": pl.String(), "cell": pl.String(), "written": pl.String(), "message": pl.String()}
)

#: A row that a person may have filled in: `key` as it was written, `said` the cell Choice, `kept` the same as it was
#: written; s1..s5 what the suggestions say now, k1..k5 what they stand for; `state`, `ean` and `name` as they were written;
#: `known` false: no such row was written.
ROWS = pl.Schema(
    {
        "cell": pl.String(),
        "key": pl.String(),
        "said": pl.String(),
        "kept": pl.String(),
        **{f"s{number}": pl.String() for number in SUGGESTIONS},
        **{f"k{number}": pl.String() for number in SUGGESTIONS},
        "state": pl.String(),
        "ean": pl.String(),
        "name": pl.String(),
        "known": pl.Boolean(),
    }
)

#: What was taken: sheet, cell, about, written, value and meaning.
Change = tuple[str, str, str, str, str | None, str]

_HEADING_LINES = 50
MATCH = "match"


class DecisionBook:
    """An opened workbook of decisions.

    Attributes:
        file: the fingerprint of the file that it was written for.
        tables: by field, that of its lookup table.
        data: the file.
        untaken: by kind and key, what was chosen in rows and could not be taken.
        troubles: `TROUBLES` of sheets and rows that cannot be read.

    Raises:
        UsageError: it is not there, no XLSX file, or was not written by `write_decisions`.
    """

    def __init__(self, path: Path | str) -> None:
        self.name = Path(path).name
        try:
            self.data = Path(path).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{self.name} cannot be read: {error.strerror}. Is it there, and closed in the spreadsheet?"
            ) from error
        self._book = Workbook(self.data, self.name)
        if KEPT not in self._book.sheet_names:
            raise UsageError(
                f"{self.name} is not a workbook of decisions: its hidden sheet {KEPT} is missing. Take the file that "
                "write_decisions made, filled in and saved as XLSX."
            )
        self._kept = _kept(self._book.read(KEPT).cells)
        of_kind = {
            kind: rows
            for (kind,), rows in self._kept.partition_by("kind", as_dict=True, maintain_order=True).items()
        }
        if "file" not in of_kind:
            raise UsageError(
                f"The hidden sheet {KEPT} of {self.name} was changed. Take the file as it was written."
            )
        self.file = str(of_kind["file"]["choice"][0])
        self.tables: dict[str, str] = (
            dict(of_kind["table"].select("key", "choice").iter_rows()) if "table" in of_kind else {}
        )
        self._written = {kind: rows for kind, rows in of_kind.items() if kind in SHEETS or kind == MATCH}
        self._troubles: list[tuple[str, str, str | None, str]] = []
        self.untaken: dict[tuple[str, str], str] = {}

    @property
    def troubles(self) -> pl.DataFrame:
        return pl.DataFrame(self._troubles, schema=TROUBLES, orient="row")

    def fields(self) -> list[str]:
        """The references that have a sheet."""
        return [field for field in SHEETS if field in self._written]

    def of_field(self, field: str) -> pl.DataFrame:
        """`ROWS` of a reference's sheet."""
        return self._rows(SHEETS[field], field, OF_REFERENCES)

    def of_matches(self) -> pl.DataFrame:
        """`ROWS` of the sheet Matches."""
        return self._rows(MATCHES, MATCH, OF_MATCHES) if MATCH in self._written else pl.DataFrame(schema=ROWS)

    def touched(self) -> bool:
        """Whether a person filled in or changed a cell since the workbook was written."""
        every = (*(self.of_field(field) for field in self.fields()), self.of_matches())
        return any(rows["said"].ne_missing(rows["kept"]).any() for rows in every)

    def holds_decisions(self) -> bool:
        """Whether a person filled in or changed a cell, now or before it was written."""
        return self.touched() or any(not rows["state"].is_null().all() for rows in self._written.values())

    def keys(self, kind: str) -> pl.Series:
        """What the rows of a field, or of `match`, are about, as they were written."""
        return self._written[kind]["key"] if kind in self._written else pl.Series("key", [], pl.String)

    def entries(self, field: str) -> dict[str, str]:
        """The entries of a reference as they were written: value and `name [value]`."""
        if LISTS not in self._book.sheet_names:
            return {}
        cells = self._book.read(LISTS).cells
        found = _heading(cells, (SHEETS[field],))
        if found is None:
            return {}
        line, columns = found
        shown = cells.slice(line).select(shown=_text(columns[SHEETS[field]])).drop_nulls()
        value = pl.col("shown").str.extract(r"\[([^\[\]]+)\]$")
        return dict(shown.select(value=value, shown="shown").drop_nulls().iter_rows())

    def trouble(
        self,
        cell: str,
        written: str | None,
        message: str,
        about: tuple[str, str] | None = None,
        chosen: str | None = None,
    ) -> None:
        """One more trouble; `about`: the kind and key of a row whose choice shall stand there again when the workbook is
        written anew, as `chosen` where a number says nothing then."""
        if about is not None and (text := chosen or written):
            self.untaken.setdefault(about, text)
        self._troubles.append((cell.rpartition("!")[0] or cell, cell, written, message))

    def _rows(self, sheet: str, kind: str, headings: tuple[str, ...]) -> pl.DataFrame:
        if sheet not in self._book.sheet_names:
            self.trouble(sheet, None, f"The sheet {sheet} is missing: nothing of it was read.")
            return pl.DataFrame(schema=ROWS)
        cells = self._book.read(sheet).cells
        found = _heading(cells, (headings[0], CHOICE))
        if found is None:
            self.trouble(
                sheet, None, f"The headings {headings[0]} and {CHOICE} are missing: nothing of it was read."
            )
            return pl.DataFrame(schema=ROWS)
        line, columns = found
        body = cells.with_row_index("line", offset=1).slice(line)
        if body.height > MOST_ROWS:
            more = body.height - MOST_ROWS
            self.trouble(sheet, None, f"Only the first {MOST_ROWS:,} rows were read, {more:,} were not.")
            body = body.head(MOST_ROWS)
        letter = _letters(int(columns[CHOICE]))
        rows = body.select(
            pl.format("{}!{}{}", pl.lit(sheet), pl.lit(letter), "line").alias("cell"),
            _text(columns[headings[0]]).alias("key"),
            _said(columns[CHOICE]).alias("said"),
            *(
                (_text(columns[number]) if number in columns else pl.lit(None, pl.String)).alias(f"s{number}")
                for number in SUGGESTIONS
            ),
            *(
                (_text(columns[name]) if name in columns else pl.lit(None, pl.String)).alias(f"its {name}")
                for name in ("EAN", "Name")
            ),
        )
        for cell, said in (
            rows.filter(pl.col("key").is_null() & pl.col("said").is_not_null())
            .select("cell", "said")
            .iter_rows()
        ):
            self.trouble(
                cell, said, f"The column {headings[0]} is empty here, so nobody knows what it is about."
            )
        written = self._written[kind]
        rows, lost = told_apart(rows.drop_nulls("key"), written, kind == MATCH)
        for cell, key, said in lost.drop_nulls("said").select("cell", "key", "said").iter_rows():
            self.trouble(
                cell,
                said,
                f"A program made a number of what stood here: {key} may be several rows, so nobody knows which. Type it again "
                "as it was.",
            )
        rows = with_written(rows, written).select(ROWS.names())
        again = ((pl.col("state") == UNTAKEN) & (pl.col("said") == pl.col("kept"))).fill_null(False)
        for cell, key, said in rows.filter(again).select("cell", "key", "said").iter_rows():
            self.trouble(
                cell, said, "It could not be taken before: choose anew, or empty the cell.", (kind, key)
            )
        return rows.filter(~again)


def _kept(cells: pl.DataFrame) -> pl.DataFrame:
    named = cells.rename(dict(zip(cells.columns, KEPT_COLUMNS, strict=False)))
    schema = pl.Schema(dict.fromkeys(KEPT_COLUMNS, pl.String()))
    return named.match_to_schema(schema, missing_columns="insert", extra_columns="ignore").slice(1)


def _heading(cells: pl.DataFrame, wanted: tuple[str, ...]) -> tuple[int, dict[str, str]] | None:
    """The line (from 1) of the headings, and the column of each; None where there is none."""
    for line, row in enumerate(cells.head(_HEADING_LINES).iter_rows(), start=1):
        columns = {
            str(text).strip(): name for name, text in zip(cells.columns, row, strict=True) if text is not None
        }
        if all(heading in columns for heading in wanted):
            return line, {heading.removesuffix(".0"): name for heading, name in columns.items()}
    return None


def _text(column: str) -> pl.Expr:
    """The text of a cell; null of blanks."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _said(column: str) -> pl.Expr:
    """What a person chose: 3.0 is 3, for some programs make it a number."""
    return _text(column).str.replace(r"^([0-9]+)[.,]0+$", "$1")


def _letters(column: int) -> str:
    """Of a column from 0: A, B ... AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
