"""What customers pay for own products: price-missing and promo-invalid."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.frame_spec import UTC
from checks.rules.check import Check, Context, Question
from checks.sources.moments import BELGIUM

PRICE, PROMO = pl.col("sales_price"), pl.col("promo_price")
SINCE, UNTIL = pl.col("promo_from"), pl.col("promo_until")


def euro(amount: pl.Expr) -> pl.Expr:
    """An amount for people: 9.5 is 9.5, and 0.1 + 0.2 is 0.3."""
    return amount.round(4).cast(pl.String)


def _price_missing(context: Context) -> Iterator[Question]:
    yield Question(
        frame="products",
        asked=pl.col("active"),
        wrong=PRICE.fill_null(0) <= 0,
        value=PRICE,
        message=pl.format(
            "{} is active and its list price is {}.",
            pl.col("name").fill_null("This product"),
            euro(PRICE).fill_null("empty"),
        ),
    )


PRICE_MISSING = Check(
    id="price-missing",
    title="Price missing",
    why="Customers see the product without a price, or for nothing: they do not order it, or they do and you sell it for "
    "0 euro.",
    severity="error",
    entity="product",
    needs={"products": ("article_number", "active", "sales_price")},
    fix="edit-sales",
    area="prices",
    guide="Chapter 6.1: Products (SalesPriceList); PUT Products/Sales",
    advice="Set the list price, in your own system too where that sends it again; or make the product inactive until it has one.",
    ask=_price_missing,
)


def _promo_invalid(context: Context) -> Iterator[Question]:
    too_dear, backwards = PROMO >= PRICE, UNTIL < SINCE
    ended = pl.lit(context.now, dtype=UTC) > UNTIL
    promo = euro(PROMO)

    def day(moment: pl.Expr) -> pl.Expr:
        return moment.dt.convert_time_zone(BELGIUM).dt.strftime("%Y-%m-%d %H:%M")

    yield Question(
        frame="products",
        asked=pl.col("active") & PROMO.is_not_null(),
        wrong=pl.any_horizontal(too_dear, backwards, ended),
        # Of each fault what makes it one, never how long ago: what does not change is no news tomorrow.
        value=pl.when(too_dear)
        .then(pl.format("{} of {}", promo, euro(PRICE)))
        .when(backwards)
        .then(pl.format("{} to {}", day(SINCE), day(UNTIL)))
        .otherwise(pl.format("{} until {}", promo, day(UNTIL))),
        message=pl.when(too_dear)
        .then(pl.format("The promo price {} is not below the list price {}.", promo, euro(PRICE)))
        .when(backwards)
        .then(pl.format("The promo of {} ends ({}) before it starts ({}).", promo, day(UNTIL), day(SINCE)))
        .otherwise(pl.format("The promo ended on {}; its price of {} is still there.", day(UNTIL), promo)),
    )


PROMO_INVALID = Check(
    id="promo-invalid",
    title="Invalid promo",
    why="A promo that is not below the list price is none, and customers notice; one that ends before it starts never "
    "shows; one that ended is a leftover that comes back as soon as somebody touches its dates.",
    severity="warning",
    entity="product",
    needs={
        "products": ("article_number", "active", "sales_price", "promo_price", "promo_from", "promo_until")
    },
    fix="edit-sales",
    area="prices",
    guide="Chapter 6.1: Products (SalesPriceListPromo, PromoValidFrom, PromoValidUntil); PUT Products/Sales",
    advice="Correct the price or the dates, or take the promo away.",
    ask=_promo_invalid,
)
