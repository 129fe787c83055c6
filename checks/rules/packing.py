"""How much is in an own product: multiplier-invalid and package-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.gtin import has_code
from checks.rules.check import Check, Context, Question
from checks.rules.prices import euro

AMOUNT, UNIT = pl.col("multiplier_amount"), pl.col("multiplier_type")
UNITS = pl.col("amount_of_units")


def _multiplier_invalid(context: Context) -> Iterator[Question]:
    has_amount = AMOUNT.fill_null(0) > 0  # the API takes none below 0.0001
    yield Question(
        frame="products",
        wrong=has_amount != has_code(UNIT),
        value=pl.when(has_amount).then(euro(AMOUNT)).otherwise(UNIT),
        message=pl.when(has_amount)
        .then(pl.format("The multiplier is {}, without a unit.", euro(AMOUNT)))
        .otherwise(pl.format("The multiplier is in {}, without an amount.", UNIT)),
    )


MULTIPLIER_INVALID = Check(
    id="multiplier-invalid",
    title="Invalid multiplier",
    why="The shop works out the price a kilo or litre from the multiplier; from half of one it cannot, and customers "
    "cannot compare.",
    severity="warning",
    entity="product",
    needs={"products": ("article_number", "multiplier_amount", "multiplier_type")},
    fix="edit-product",
    area="products",
    guide="Chapter 4.6: MultiplierTypes; chapter 6.1: Products (MultiplierAmount, MultiplierAbbreviation)",
    advice="Fill in what is missing (one piece of 5 kg: 5 and KG), or take both away.",
    ask=_multiplier_invalid,
)


def _package_mismatch(context: Context) -> Iterator[Question]:
    yield Question(
        frame="products",
        asked=pl.col("is_package"),
        wrong=UNITS.fill_null(0) <= 1,
        value=UNITS,
        message=pl.format(
            "It is a carton, and the number of units inside is {}.",
            UNITS.cast(pl.String).fill_null("empty"),
        ),
    )


PACKAGE_MISMATCH = Check(
    id="package-mismatch",
    title="Carton without units",
    why="Customers do not know how many they order, and the price a unit cannot be shown.",
    severity="warning",
    entity="product",
    needs={"products": ("article_number", "is_package", "amount_of_units")},
    fix="edit-product",
    area="products",
    guide="Chapter 6.1: Products (IsPackageProduct, AmountOfUnitProduct)",
    advice="Fill in how many units the carton holds; if it is a single product, it is no carton.",
    ask=_package_mismatch,
)
