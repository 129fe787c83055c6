"""A wholesaler's own articles, read from the columns of its file (guide, chapters 2 and 3.5).

Nothing is thrown away in silence: what could not be read, what was repaired and which lines were left out stand in
`Articles.problems`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from checks.errors import ArticleFileError
from checks.frames import TEXTS
from checks.onboarding.columns.fields import ARTICLE_FIELDS
from checks.onboarding.columns.headings import read_headings
from checks.onboarding.columns.mapping import Columns
from checks.onboarding.columns.of_texts import LANGUAGE_TITLES
from checks.onboarding.file.table import TableFile, refuse_without_rows
from checks.onboarding.reading.content import Content, contents
from checks.onboarding.reading.rows import Cells, in_order, kept_rows, missing, placed, summed
from checks.onboarding.shapes import ARTICLES

_FIELDS = {field.name: field for field in ARTICLE_FIELDS}
_CONTENT = ("total_content", "content_type", "multiplier_amount", "multiplier_type")

#: Units that stand in a heading: `Gewicht (kg)`.
_UNITS = ("kg", "g", "gr", "gram", "l", "liter", "litre", "cl", "ml", "st")


@dataclass(frozen=True)
class Articles:
    """What a file says of a wholesaler's articles.

    Attributes:
        data: schema `shapes.ARTICLES`, a row an article, in the order of the file.
        problems: schema `shapes.PROBLEMS`; `field` is a name of `fields.ARTICLE_FIELDS`.
        absent: columns of `data` that the file has nothing for: null there means not asked, not empty.
    """

    data: pl.DataFrame
    problems: pl.DataFrame
    absent: frozenset[str]

    def summary(self) -> pl.DataFrame:
        """Of each field how many articles have it, and how many problems there are (`rows.SUMMARY`)."""
        told = set(self.problems["field"].to_list())
        shown = {
            name: field.title
            for name, field in _FIELDS.items()
            if name in told or (name in self.data.columns and name not in self.absent)
        }
        names = {} if "name" in self.absent else {"name": "Name"}
        return summed(self.data, self.problems, {**shown, **names})


def read_articles(
    table: TableFile,
    columns: Columns,
    *,
    languages: Sequence[str] = ("nld", "fra"),
    day_first: bool = True,
) -> Articles:
    """The articles of a file.

    A line without article number is left out; of lines with the same number the first is used. Money is euro. Days are Belgian
    midnight, but `promo_until` is the last second of its day: it is the last one of the promotion. An EAN that cannot be known stays as it is written (see `codes.gtins`).

    Args:
        columns: which heading is what, of this very file.
        languages: those that a name is looked for in; a file that has the column and no name in it is told. Names in other
            languages are read as well.
        day_first: `01/03/2026` is 1 March, where no other day in the file proves the order.

    Raises:
        ArticleFileError: there are no rows or no column for the article number, or `columns` are of another file.
    """
    refuse_without_rows(table)
    cells = Cells(table, columns, day_first)
    number = _FIELDS["article_number"]
    if number.name not in cells:
        raise ArticleFileError(
            f"{table.path.name}: no column stands for the article number. Name it: "
            f'columns.correct(article_number="..."), one of: {", ".join(table.rows.columns)}.'
        )
    reads = {
        field.name: cells.read(field)
        for field in ARTICLE_FIELDS
        if field.name in cells and field.kind != "content" and field.name not in _CONTENT
    }
    values = {name: read.values for name, read in reads.items()}
    found = {name: read.problems for name, read in reads.items()}
    values |= _contents(cells, found)
    kept, left_out = kept_rows(values[number.name], table.lines, number, "article")
    order = [*languages, *(language for language in LANGUAGE_TITLES if language not in languages)]
    frame = pl.DataFrame({**values, "row": table.lines})
    if "ean" in cells:
        frame = frame.with_columns(ean_written=cells["ean"])
    frame = frame.with_columns(_texts(frame, order), _name(frame, order))
    for language in languages:
        if f"name_{language}" in frame.columns:
            title = LANGUAGE_TITLES.get(language, language)
            part = missing(frame[f"name_{language}"], f"There is no {title} name.")
            found[f"name_{language}"] = pl.concat([found[f"name_{language}"], part])
    for language, title in LANGUAGE_TITLES.items():
        if f"description_{language}" in frame.columns:
            part = missing(
                _described(frame, language),
                f"There is a {title} description and no {title} name: the description is not sent.",
            )
            found[f"description_{language}"] = pl.concat([found[f"description_{language}"], part])
    absent = frozenset(name for name in ARTICLES if name not in frame.columns)
    if not any(name.startswith("name_") for name in values):
        absent |= {"name", "texts"}
    data = (
        frame.with_columns(
            pl.lit(None, dtype=ARTICLES[name]).alias(name) for name in ARTICLES if name not in frame.columns
        )
        .filter(kept)
        .select(pl.col(name).cast(dtype) for name, dtype in ARTICLES.items())
    )
    problems = placed(found, table.lines, values[number.name], kept)
    return Articles(data, in_order(pl.concat([left_out, problems]), ARTICLE_FIELDS), absent)


def _contents(cells: Cells, found: dict[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """The four columns of content: their own where the file has them, else out of what stands in one cell."""
    given: dict[str, pl.Series] = {}
    whole: Content | None = None
    if "content" in cells:
        whole = contents(cells["content"], decimal=cells.decimal, trusted=cells.trusted)
        found["content"] = whole.problems
    for name in _CONTENT:
        if name not in cells:
            continue
        if name == "total_content" and whole is None:
            apart = contents(cells[name], decimal=cells.decimal, trusted=cells.trusted)
            if 2 * (apart.content_type.len() - apart.content_type.null_count()) > apart.total_content.count():
                whole, found[name] = apart, apart.problems  # "500 gr" where only the number was expected
                continue
        read = cells.read(_FIELDS[name])
        given[name], found[name] = read.values, read.problems
    if whole is not None:
        for name in _CONTENT:
            part = getattr(whole, name)
            given[name] = given[name].zip_with(given[name].is_not_null(), part) if name in given else part
    elif "total_content" in given and "content_type" not in given:
        (heading,) = read_headings([cells.heading("total_content")])
        unit = next((word for word in heading.words if word in _UNITS), None)
        if unit is not None:
            amount = given["total_content"]
            given["content_type"] = (
                amount.to_frame("amount")
                .select(pl.when(pl.col("amount").is_not_null()).then(pl.lit(unit)).alias("unit"))
                .to_series()
            )
    return given


def _texts(frame: pl.DataFrame, languages: Sequence[str]) -> pl.Expr:
    """Column texts: one entry a language that the article has a name or a description in."""
    entries = []
    for language in languages:
        name, description = (
            pl.col(f"{part}_{language}")
            if f"{part}_{language}" in frame.columns
            else pl.lit(None, dtype=pl.String)
            for part in ("name", "description")
        )
        entry = pl.struct(language=pl.lit(language), name=name, description=description)
        entries.append(pl.when(name.is_not_null() | description.is_not_null()).then(entry))
    return pl.concat_list(entries).list.drop_nulls().cast(TEXTS).alias("texts")


def _described(frame: pl.DataFrame, language: str) -> pl.Series:
    """Null where there is a description and no name in a language, else true."""
    name = f"name_{language}"
    named = pl.col(name).is_not_null() if name in frame.columns else pl.lit(False)
    alone = pl.col(f"description_{language}").is_not_null() & ~named
    return frame.select(alone=pl.when(~alone).then(True)).to_series()


def _name(frame: pl.DataFrame, languages: Sequence[str]) -> pl.Expr:
    """Column name: Dutch, else the first language given."""
    names = [f"name_{language}" for language in dict.fromkeys(("nld", *languages))]
    there = [pl.col(name) for name in names if name in frame.columns]
    return pl.coalesce(*there, pl.lit(None, dtype=pl.String)).alias("name")
