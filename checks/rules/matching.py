"""Which articles of a supplier the shop sells: what rules about its catalogue ask."""

from __future__ import annotations

import polars as pl

from checks.matching import pairs
from checks.rules.check import Context, Search

#: What a check that asks must need.
MATCHING_NEEDS = {
    "catalogue": ("article_key", "ean", "units"),
    "assortment": ("article_number", "active", "gtins"),
}


def matched_articles(context: Context) -> pl.LazyFrame:
    """The supplier's articles that are in the assortment, by the ways that the source's settings allow.

    Needs frames `catalogue` and `assortment` (`MATCHING_NEEDS`).

    Returns:
        Columns article_key, shop, article_number and active (null where the shop does not say); an article may stand on
        several rows.
    """
    ours = context.frames["assortment"].lazy()
    found = pairs(ours, context.frames["catalogue"].lazy(), context.match)
    active = ours.select("shop", "article_number", "active")
    return found.join(active, on=["shop", "article_number"], how="left").select(
        "article_key", "shop", "article_number", "active"
    )


def sold_articles(context: Context) -> Search:
    """Keeps the rows of `catalogue` that are an active article of a shop; adds `ours`, up to four of its article numbers."""

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        ours = (
            matched_articles(context)
            .filter(pl.col("active"))
            .group_by("article_key")
            .agg(ours=pl.col("article_number").unique().sort().head(4))
        )
        return rows.join(ours, on="article_key")

    return search
