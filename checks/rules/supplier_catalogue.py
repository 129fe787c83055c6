"""A supplier's catalogue: codes, images, prices, what it no longer sells although we do, and what we do not sell yet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from checks.gtin import gtin_number, has_code
from checks.rules.check import Check, Context, Question
from checks.rules.identifiers import diagnosis
from checks.rules.matching import MATCHING_NEEDS, matched_articles, sold_articles

#: What the checks of this catalogue have in common.
_of_kruitbosch = partial(Check, entity="article", fix=None, area="suppliers", system="kruitbosch")

_EAN, _CODE, _NAME = pl.col("ean"), pl.col("article_code"), pl.col("name")

#: Can be bought: what is gone is not worth putting right.
_SOLD = pl.col("standing").is_in(["current", "phasing_out"])
_CALLED = pl.when(_NAME.is_not_null()).then(pl.format("{} ({})", _CODE, _NAME)).otherwise(_CODE)


def _invalid_ean(context: Context) -> Iterator[Question]:
    gtin = gtin_number(_EAN)
    lost = pl.when(pl.col("ean_written").is_not_null()).then(
        pl.format(
            " The supplier sends it as a number, which has no zeros in front; no zeros put back give a right check digit: {}.",
            pl.col("ean_written"),
        )
    )
    yield Question(
        frame="catalogue",
        asked=_SOLD & has_code(_EAN),
        wrong=gtin.is_null(),
        value=_EAN,
        message=pl.format("{}: {}{}", _CALLED, diagnosis(_EAN), lost.fill_null("")),
    )


SUPPLIER_INVALID_EAN = _of_kruitbosch(
    id="supplier-invalid-ean",
    title="Supplier's EAN is invalid",
    why="A code that is no GTIN matches nothing: the article is not recognised as one of yours, and a new product made of it "
    "starts with a wrong code.",
    severity="error",
    needs={"catalogue": ("article_key", "ean", "standing")},
    guide="Kruitbosch Products (EANCode)",
    advice="Tell the supplier, and take the code from the packaging meanwhile.",
    ask=_invalid_ean,
)


def _duplicate_ean(context: Context) -> Iterator[Question]:
    gtin = gtin_number(_EAN)

    def twice(rows: pl.LazyFrame) -> pl.LazyFrame:
        coded = rows.with_columns(gtin=gtin).drop_nulls("gtin")
        shared = (
            coded.group_by("gtin")
            .agg(others=pl.col("article_code").sort().head(4), count=pl.len())
            .filter(pl.col("count") > 1)
        )
        return coded.join(shared, on="gtin")

    yield Question(
        frame="catalogue",
        asked=_SOLD & has_code(_EAN),
        wrong=twice,
        value=_EAN,
        message=pl.format(
            "EAN {} is on {} articles of this supplier: {}.",
            _EAN,
            pl.col("count"),
            pl.col("others").list.join(", "),
        ),
    )


SUPPLIER_DUPLICATE_EAN = _of_kruitbosch(
    id="supplier-duplicate-ean",
    title="Supplier's EAN twice",
    why="One GTIN is one article. On several, nobody can tell which of them yours is.",
    severity="error",
    needs={"catalogue": ("article_key", "ean", "standing")},
    guide="Kruitbosch Products (EANCode)",
    advice="Ask the supplier which article the code belongs to.",
    ask=_duplicate_ean,
)


def _missing_image(context: Context) -> Iterator[Question]:
    yield Question(
        frame="catalogue",
        asked=_SOLD,
        wrong=pl.col("images").list.len().fill_null(0) == 0,
        message=pl.format("{} has no image.", _CALLED),
    )


SUPPLIER_MISSING_IMAGE = _of_kruitbosch(
    id="supplier-missing-image",
    title="Supplier has no image",
    why="What the supplier has no picture of, you will have to photograph.",
    severity="warning",
    needs={"catalogue": ("article_key", "images", "standing")},
    guide="Kruitbosch Products (Image)",
    advice="Ask the supplier for a picture.",
    ask=_missing_image,
)


def _price_missing(context: Context) -> Iterator[Question]:
    gross, recommended = pl.col("gross_price"), pl.col("recommended_price")
    none = gross.is_null() | (gross <= 0)
    yield Question(
        frame="catalogue",
        asked=_SOLD,
        wrong=none | (recommended < gross).fill_null(False),
        value=gross,
        message=pl.when(gross.is_null())
        .then(pl.format("{} has no gross price.", _CALLED))
        .when(none)
        .then(pl.format("{} has a gross price of {}.", _CALLED, gross))
        .otherwise(
            pl.format(
                "{}: the recommended price ({}) is below the gross price ({}).", _CALLED, recommended, gross
            )
        ),
    )


SUPPLIER_PRICE_MISSING = _of_kruitbosch(
    id="supplier-price-missing",
    title="Supplier's price is missing",
    why="Without a sound gross price nobody can tell what you earn on the article.",
    severity="warning",
    needs={"catalogue": ("article_key", "gross_price", "recommended_price", "standing")},
    guide="Kruitbosch Products (PriceGross, RecommendedSalesPrice)",
    advice="Ask the supplier; do not derive your own price from this one.",
    ask=_price_missing,
)


def _still_sold(context: Context, standing: str) -> Iterator[Question]:
    """`standing`: as the frame has it, which is also the word for it."""
    yield Question(
        frame="catalogue",
        asked=pl.col("standing") == standing,
        wrong=sold_articles(context),
        value=pl.col("standing"),
        message=pl.format(
            f"{{}} is {standing} at the supplier, and you sell it as {{}}.",
            _CALLED,
            pl.col("ours").list.join(", "),
        ),
    )


_OUR_NEEDS = {**MATCHING_NEEDS, "catalogue": (*MATCHING_NEEDS["catalogue"], "standing")}

SUPPLIER_BLOCKED = _of_kruitbosch(
    id="supplier-blocked",
    title="Blocked at the supplier",
    why="You sell what you cannot order: customers order it, and you disappoint them.",
    severity="warning",
    needs=_OUR_NEEDS,
    guide="Kruitbosch Products (Blocked)",
    advice="Ask the supplier for how long; take the product out of the shop, or find another supplier.",
    ask=lambda context: _still_sold(context, "blocked"),
    beside="shop",
)

SUPPLIER_INACTIVE = _of_kruitbosch(
    id="supplier-inactive",
    title="Inactive at the supplier",
    why="You sell what the supplier has taken out of its assortment: when your stock is gone, it is gone.",
    severity="warning",
    needs=_OUR_NEEDS,
    guide="Kruitbosch Products (InActive)",
    advice="Sell what is left and take the product out of the shop, or find another supplier.",
    ask=lambda context: _still_sold(context, "inactive"),
    beside="shop",
)


def _new(context: Context) -> Iterator[Question]:
    def not_ours(rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows.join(matched_articles(context), on="article_key", how="anti")

    yield Question(
        frame="catalogue",
        asked=pl.col("standing") == "current",
        wrong=not_ours,
        message=pl.format("{} is in the catalogue and not in your assortment.", _CALLED),
    )


SUPPLIER_NEW = _of_kruitbosch(
    id="supplier-new",
    title="In the catalogue, not with you",
    why="What a supplier has and you do not may be what your customers look for elsewhere.",
    severity="info",
    needs=_OUR_NEEDS,
    guide="Kruitbosch Products",
    advice="Look whether it fits your assortment; accept what does not.",
    ask=_new,
    beside="shop",
)
