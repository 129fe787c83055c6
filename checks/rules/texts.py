"""Texts of own products in every language the shop must have: text-missing."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Check, Context, Question

_LANGUAGES = {"nld": "Dutch", "fra": "French", "deu": "German", "eng": "English"}


def _text_missing(context: Context) -> Iterator[Question]:
    # A million rows have a handful of different languages: these are folded, not the rows.
    written = context.frames["products"].select(pl.col("texts").explode().struct.field("language").unique())
    folded = pl.col("language").str.strip_chars().str.to_lowercase()
    text = pl.element().struct
    for language in dict.fromkeys(context.settings.languages):
        spellings = written.filter(folded == language).get_column("language")
        named = pl.col("texts").list.eval(
            text.field("language").is_in(pl.lit(spellings).implode())
            & (text.field("name").str.strip_chars() != "")
        )
        called = f"{_LANGUAGES[language]} ({language})" if language in _LANGUAGES else language
        yield Question(
            frame="products",
            field=language,
            asked=pl.col("active"),
            wrong=~named.list.any().fill_null(False),
            message=pl.format(
                "{} has no name in {}.", pl.col("name").fill_null("This product"), pl.lit(called)
            ),
        )


TEXT_MISSING = Check(
    id="text-missing",
    title="Text missing",
    why="Customers who read the shop in this language see the product without a name, and do not find it when they "
    "search.",
    severity="warning",
    entity="product",
    # The name of a text is judged within `texts`; where the wire has none, it is the column `name` that says so.
    needs={"products": ("article_number", "active", "texts", "name")},
    fix="edit-product",
    area="products",
    guide="Chapter 6.1: Products (Localizations)",
    advice="Write the name in this language. Which languages must be there is in the settings: checks.languages.",
    ask=_text_missing,
)
