"""Prices of IB's articles: article-no-active-price and article-price-expired.

By the day of the run, not by what IB said on the day it was asked: a price ends without its article being modified.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Context, Question
from checks.rules.supplier_articles import FOR_SALE, NAME, of_ib
from checks.sources.ib.collect_catalogue import day_of
from checks.sources.ib.prices import any_in_force

_GUIDE = "IB bulk API: GET /companies/:machineName/articles (prices)"
_KEY = "article_key"


def _article_no_active_price(context: Context) -> Iterator[Question]:
    none = pl.col("prices").list.len().fill_null(0) == 0
    yield Question(
        frame="catalogue",
        asked=FOR_SALE,
        wrong=~any_in_force(day_of(context.now)),
        message=pl.when(none)
        .then(pl.format("{} has no price.", NAME))
        .otherwise(pl.format("{} has no price that holds today.", NAME)),
    )


ARTICLE_NO_ACTIVE_PRICE = of_ib(
    id="article-no-active-price",
    title="Article without a price of today",
    why="It can be ordered and nobody knows what it costs: the invoice will tell.",
    severity="warning",
    needs={"catalogue": (_KEY, "prices", "standing")},
    guide=_GUIDE,
    advice="Ask the supplier for a price with dates that include today.",
    ask=_article_no_active_price,
)


def _article_price_expired(context: Context) -> Iterator[Question]:
    today = day_of(context.now)

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows where all prices of a type ended, or one that ended is called active."""
        ended = (pl.col("valid_until") < today).fill_null(False)
        each = (
            rows.select(_KEY, "prices")
            .filter(pl.col("prices").list.len() > 0)
            .explode("prices")
            .select(_KEY, pl.col("prices").struct.unnest())
        )
        kinds = (
            each.group_by(_KEY, "kind")
            .agg(
                over=ended.all(),
                called_active=(ended & pl.col("active").fill_null(False)).any(),
                last=pl.col("valid_until").max(),
                label=pl.coalesce("label", "kind").first(),
            )
            .filter(pl.col("over") | pl.col("called_active"))
        )
        told = (
            pl.when("over")
            .then(
                pl.format(
                    "{} ended on {}", pl.col("label").fill_null("price"), pl.col("last").cast(pl.String)
                )
            )
            .otherwise(pl.format("a {} that ended is called active", pl.col("label").fill_null("price")))
        )
        wrong = kinds.sort(_KEY, "kind").group_by(_KEY).agg(expired=told.str.join("; "))
        return rows.join(wrong, on=_KEY, how="inner", maintain_order="left")

    yield Question(
        frame="catalogue",
        asked=FOR_SALE,
        wrong=search,
        value=pl.col("expired"),
        message=pl.format("{}: {}.", NAME, pl.col("expired")),
    )


ARTICLE_PRICE_EXPIRED = of_ib(
    id="article-price-expired",
    title="Price that ended",
    why="A price that ended is no price any more, and one that is still called active will be calculated with.",
    severity="warning",
    needs={"catalogue": (_KEY, "prices", "standing")},
    guide=_GUIDE,
    advice="Ask the supplier for the price that follows it, or to end it where it should end.",
    ask=_article_price_expired,
)
