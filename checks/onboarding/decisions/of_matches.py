"""The sheet Matches, taken over into the matches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.errors import UsageError
from checks.onboarding.decisions.layout import DECIDED, MATCHES, SUGGESTIONS, as_cell
from checks.onboarding.decisions.sheets import MATCH, Change, DecisionBook
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.meant import is_none

_NONE_OF_THEM = "none of these"


@dataclass(frozen=True)
class _Choice:
    """What one row says: the product, or None for none of them; `text` where the number of a suggestion is no more."""

    cell: str
    article: str
    said: str
    product: int | None
    text: str


def take_matches(book: DecisionBook, matches: Matches) -> tuple[Matches, list[Change]]:
    """The matches with what the sheet decides, and what that is. What cannot be taken is a trouble of the book."""
    rows = book.of_matches().drop_nulls("said")
    if rows.is_empty():
        return matches, []
    known = _Known.of(matches, rows)
    choices = _once(
        book, [_choice(book, row, known) for row in rows.iter_rows(named=True) if not known.is_since(row)]
    )
    choices = _of_one_each(book, [one for one in choices if known.is_new(one)], known.matched)
    matches, choices = _confirmed(book, matches, choices)
    return matches, [_told(one, known) for one in choices]


@dataclass(frozen=True)
class _Known:
    """What is known of the articles and products that the sheet is about.

    Attributes:
        articles: all of the file, with EAN and name as cells show them.
        suggested: by article, the ids that are suggested now.
        matched: by article, the id and stage of its match.
        refused: articles of which a person said none before.
        products: by id, the central EAN and name.
    """

    articles: Mapping[str, tuple[str | None, str | None]]
    suggested: Mapping[str, set[int]]
    matched: Mapping[str, tuple[int, str]]
    refused: frozenset[str]
    products: Mapping[int, tuple[str, str]]

    @classmethod
    def of(cls, matches: Matches, rows: pl.DataFrame) -> _Known:
        about = pl.col("article_number").is_in(rows["key"].implode())
        suggested: dict[str, set[int]] = {}
        for article, product in (
            matches.suggested.filter(about).select("article_number", "product_id").iter_rows()
        ):
            suggested.setdefault(article, set()).add(product)
        columns = [rows[f"k{number}"] for number in SUGGESTIONS]
        ids = pl.concat(
            [*(one.cast(pl.Int64, strict=False) for one in columns), matches.suggested["product_id"]]
        )
        products = matches.central.filter(pl.col("product_id").is_in(ids.unique().implode()))
        return cls(
            articles={
                article: (ean, name)
                for article, ean, name in matches.articles.filter(about)
                .select("article_number", as_cell(pl.col("ean")), as_cell(pl.col("name")))
                .iter_rows()
            },
            suggested=suggested,
            matched={
                article: (product, stage)
                for article, product, stage in matches.matched.select(
                    "article_number", "product_id", "stage"
                ).iter_rows()
            },
            refused=matches.refused,
            products={
                product: (ean or "", name or f"product {product}")
                for product, ean, name in products.select("product_id", "ean", "name").iter_rows()
            },
        )

    def is_since(self, row: Mapping[str, Any]) -> bool:
        """True of a choice that was decided before the workbook was written, where a person decided anew since."""
        if row["state"] != DECIDED or row["said"] != row["kept"]:
            return False
        return row["key"] in self.refused or self.matched.get(row["key"], (0, ""))[1] == "confirmed"

    def is_new(self, choice: _Choice) -> bool:
        """False where it is known to be so already."""
        if choice.product is None:
            return choice.article not in self.refused
        return self.matched.get(choice.article, (None, ""))[0] != choice.product


def _choice(book: DecisionBook, row: Mapping[str, Any], known: _Known) -> _Choice | None:
    """What the row decides; None where it cannot be taken."""
    cell, article, said = row["cell"], row["key"], row["said"]
    product, trouble = (None, "") if is_none(said) else _product(row, known)
    number = next((one for one in SUGGESTIONS if said == one), None)
    text = (row[f"s{number}"] or "") if number else said
    about: tuple[str, str] | None = (MATCH, article) if text else None
    now = known.articles.get(article)
    if now is None:
        about, trouble = None, f"There is no article {article} in the file."
    elif row["known"] and now != (row["ean"], row["name"]):
        was, new = (_called(*one) for one in ((row["ean"], row["name"]), now))
        trouble = f"{article} was {was} when the workbook was written, and is {new} now: choose anew."
    elif not trouble and article in known.matched:
        its_product, stage = known.matched[article]
        if stage != "confirmed" and its_product != product:
            trouble = f"{article} is matched by its code with the product {its_product} already."
    if trouble:
        book.trouble(cell, said, trouble, about, text)
        return None
    return _Choice(cell, article, said, product, text)


def _called(ean: str | None, name: str | None) -> str:
    return f"{name or 'without a name'} (EAN {ean or 'none'})"


def _product(row: Mapping[str, Any], known: _Known) -> tuple[int | None, str]:
    """The product that the cell names by its number in the row, its whole suggestion, its id or its EAN; else why none."""
    said = row["said"]
    kept = {number: int(row[f"k{number}"]) for number in SUGGESTIONS if row[f"k{number}"]}
    number = next((one for one in SUGGESTIONS if said in (one, row[f"s{one}"])), None)
    if number is not None:
        if number not in kept:
            return None, f"There is no suggestion {number} here."
        if kept[number] not in known.products:
            return None, f"Suggestion {number} is not in the central list any more."
        return kept[number], ""
    code = re.sub(r"[\s.-]", "", said)
    if not (code.isascii() and code.isdigit()):
        return None, f"{said!r} is neither a number 1 to 5, nor an EAN or id, nor none."
    options = ({*kept.values()} | known.suggested.get(row["key"], set())) & known.products.keys()
    meant = {
        one for one in options if str(one) == code or known.products[one][0].lstrip("0") == code.lstrip("0")
    }
    if len(meant) > 1:
        return None, f"{said} is the id of one suggestion and the EAN of another: type its number 1 to 5."
    return (meant.pop(), "") if meant else (None, f"No suggestion of this article has the EAN or id {said}.")


def _once(book: DecisionBook, choices: list[_Choice | None]) -> list[_Choice]:
    """One choice an article: of two that differ the first."""
    found: dict[str, _Choice] = {}
    for one in choices:
        if one is None:
            continue
        first = found.setdefault(one.article, one)
        if first.product != one.product:
            message = f"{one.article} stands twice. The other choice was taken, that of {first.cell}."
            book.trouble(one.cell, one.said, message)
    return list(found.values())


def _of_one_each(
    book: DecisionBook, choices: list[_Choice], matched: Mapping[str, tuple[int, str]]
) -> list[_Choice]:
    """Choices of products that nobody else has: the shop links a central product to one article number only."""
    choosing = {one.article for one in choices}
    taken = {product: article for article, (product, _) in matched.items() if article not in choosing}
    by_product: dict[int, list[str]] = {}
    for one in choices:
        if one.product is not None:
            by_product.setdefault(one.product, []).append(one.article)
    found = []
    for one in choices:
        others = [article for article in by_product.get(one.product or 0, ()) if article != one.article]
        if one.product is not None and one.product in taken:
            message = (
                f"It is the product of {taken[one.product]} already: only one article can be linked to it."
            )
        elif one.product is not None and others:
            message = f"Also chosen for {', '.join(others)}: only one article can be linked to it, so none of them was taken."
        else:
            found.append(one)
            continue
        book.trouble(one.cell, one.said, message, (MATCH, one.article), one.text)
    return found


def _confirmed(book: DecisionBook, matches: Matches, choices: list[_Choice]) -> tuple[Matches, list[_Choice]]:
    """All at once; where that is refused one by one, so that one wrong choice costs no other."""
    try:
        return matches.confirm({one.article: one.product for one in choices}), choices
    except UsageError:
        taken = []
        for one in choices:
            try:
                matches = matches.confirm({one.article: one.product})
            except UsageError as error:
                book.trouble(one.cell, one.said, str(error), (MATCH, one.article), one.text)
            else:
                taken.append(one)
        return matches, taken


def _told(one: _Choice, known: _Known) -> Change:
    if one.product is None:
        return MATCHES, one.cell, one.article, one.said, None, _NONE_OF_THEM
    return MATCHES, one.cell, one.article, one.said, str(one.product), known.products[one.product][1]
