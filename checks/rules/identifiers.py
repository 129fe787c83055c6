"""Codes of own products: invalid-ean, restricted-ean, duplicate-ean and forbidden-characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from checks.gtin import (
    WRONG_CHECK_DIGIT,
    diagnose,
    expected_check_digit,
    has_code,
    is_restricted_number,
)
from checks.rules.check import Check, Context, Question

EAN = pl.col("ean")


def diagnosis(code: pl.Expr) -> pl.Expr:
    """What is wrong with invalid codes, in words: the commonest fault by expression, the others one by one."""
    digits = expected_check_digit(code)
    plain = pl.when(code.str.contains("[1-9]")).then(
        pl.format(WRONG_CHECK_DIGIT, code, code.str.tail(1), digits.cast(pl.String))
    )
    return plain.fill_null(
        pl.when(plain.is_null()).then(code).map_batches(_diagnoses, return_dtype=pl.String)
    )


def _diagnoses(codes: pl.Series) -> pl.Series:
    different = codes.drop_nulls().unique()
    texts = pl.Series([diagnose(code).text for code in different], dtype=pl.String)
    return codes.replace_strict(different, texts, default=None, return_dtype=pl.String)


def _invalid_ean(context: Context) -> Iterator[Question]:
    yield Question(
        frame="products",
        let=(context.gtins("products"),),
        asked=has_code(EAN),
        wrong=pl.col("gtin").is_null(),
        value=EAN,
        message=diagnosis(EAN),
    )


INVALID_EAN = Check(
    id="invalid-ean",
    title="Invalid EAN",
    why="A code that is not a GTIN matches nothing: scanners, suppliers and the central database cannot find the product.",
    severity="error",
    entity="product",
    needs={"products": ("article_number", "ean")},
    fix="edit-product",
    area="products",
    guide="Products (EanCode)",
    advice="Take the code from the packaging or the supplier. Where the diagnosis gives the code it must have been, check "
    "it against the product before using it.",
    ask=_invalid_ean,
)


def _restricted_ean(context: Context) -> Iterator[Question]:
    full = EAN.str.zfill(14)
    # Six zeros in front mean a GTIN-8, whose own first digit tells.
    eight = full.str.starts_with("000000")
    start = pl.when(eight).then(full.str.slice(6, 1)).otherwise(full.str.slice(1, 2))
    yield Question(
        frame="products",
        let=(context.gtins("products"),),
        asked=has_code(EAN),
        wrong=is_restricted_number(pl.col("gtin")),
        value=EAN,
        message=pl.format(
            "EAN {} is an in-store number (it starts with {}): it can never be central.", EAN, start
        ),
    )


RESTRICTED_EAN = Check(
    id="restricted-ean",
    title="In-store EAN",
    why="Numbers that start with 02, 04 or 20-29 are free for every shop to use: the same number is another product "
    "elsewhere, so the product can never become central by its EAN.",
    severity="info",
    entity="product",
    needs={"products": ("article_number", "ean")},
    fix=None,
    area="products",
    guide="Products (EanCode)",
    advice="Nothing, for what you weigh or pack yourself. Otherwise use the manufacturer's EAN.",
    ask=_restricted_ean,
)


def _duplicate_ean(context: Context) -> Iterator[Question]:
    gtins = context.gtins("products")
    # Sorting numbers and looking at neighbours takes a third of the time of grouping them.
    ordered = gtins.sort()
    shared = ordered.filter(ordered == ordered.shift()).unique()
    # All articles that share a GTIN are among the wrong rows.
    full, article = EAN.str.zfill(14), pl.col("article_number")
    count = pl.len().over(full)
    more = pl.when(count > 3).then(pl.format(" and {} more", count - 3)).otherwise(pl.lit(""))
    yield Question(
        frame="products",
        let=(gtins,),
        wrong=pl.col("gtin").is_in(shared.implode()),
        value=EAN,
        message=pl.format(
            "EAN {} is on {} own products: {}{}.",
            EAN,
            count,
            article.sort().head(3).str.join(", ").over(full),
            more,
        ),
    )


DUPLICATE_EAN = Check(
    id="duplicate-ean",
    title="Duplicate EAN",
    why="One GTIN is one product. On several article numbers, a scan or a link hits whichever comes first.",
    severity="error",
    entity="product",
    needs={"products": ("article_number", "ean")},
    fix="edit-product",
    area="products",
    guide="Products (EanCode, GetByEan)",
    advice="Find out which article the code belongs to and correct the others; a carton has a code of its own.",
    ask=_duplicate_ean,
)

FORBIDDEN = "\\+<>?#%@&*:./"


def _forbidden_characters(context: Context) -> Iterator[Question]:
    article = pl.col("article_number")
    any_of_them = f"[{re.escape(FORBIDDEN)}]"
    yield Question(
        frame="products",
        wrong=article.str.contains_any(list(FORBIDDEN)),
        value=article,
        message=pl.format(
            "Article number {} has a sign that the API refuses: {}",
            article,
            article.str.extract_all(any_of_them).list.unique(maintain_order=True).list.join(" "),
        ),
    )


FORBIDDEN_CHARACTERS = Check(
    id="forbidden-characters",
    title="Forbidden characters",
    why="The API refuses to create an article number with one of these signs, so the product cannot be linked or made "
    "again under its own number.",
    severity="error",
    entity="product",
    needs={"products": ("article_number",)},
    fix=None,
    area="products",
    guide="Products and LinkProducts (WholesalerArticleNumber)",
    advice=f"Give the article a number without any of {' '.join(FORBIDDEN)} in your own system.",
    ask=_forbidden_characters,
)
