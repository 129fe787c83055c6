"""The rows of the sheets about articles and central products: what is suggested or decided, and what is doubted."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.errors import UsageError
from checks.onboarding.decisions.layout import (
    CHOICE,
    DECIDED,
    MOST,
    OF_MATCHES,
    SUGGESTIONS,
    as_cell,
    with_untaken,
)
from checks.onboarding.matching.content import content, shown
from checks.onboarding.matching.result import Matches
from checks.onboarding.references.meant import NONE


def match_rows(
    matches: Matches,
    articles: pl.DataFrame,
    offered: pl.DataFrame | None = None,
    untaken: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """OF_MATCHES of the articles that have suggestions, the likeliest first, then those that a person decided, with their
    choice; with `ids` (the products, String) and `state`.

    Args:
        offered: SUGGESTED: what stands beside the choices of articles that are decided.
        untaken: by article number, choices that could not be taken; they stand there again, marked.

    Raises:
        UsageError: articles of the suggestions are not among `articles`.
    """
    sure = matches.matched.filter(stage="confirmed")
    decided = pl.concat([sure["article_number"], pl.Series(sorted(matches.refused), dtype=pl.String)])
    beside = matches.suggested.clear() if offered is None else offered
    beside = beside.filter(pl.col("article_number").is_in(decided.implode()))
    suggested = pl.concat([matches.suggested, beside]).select(
        "article_number",
        "rank",
        "score",
        id=pl.col("product_id").cast(pl.String),
        text=_suggestion("central_name", "central_brand", "central_content", "central_ean"),
    )
    chosen = sure.select(
        "article_number",
        "score",
        id=pl.col("product_id").cast(pl.String),
        own=_suggestion("central_name", "central_ean"),
    ).join(suggested.select("article_number", "id", "text"), on=["article_number", "id"], how="left")
    chosen = chosen.select(
        "article_number",
        pl.lit(0, pl.Int64).alias("rank"),
        "score",
        "id",
        pl.coalesce("text", "own", pl.format("[{}]", "id")).alias("text"),
    )
    wide = (
        pl.concat([chosen, suggested])
        .sort("article_number", "rank", maintain_order=True)
        .unique(["article_number", "id"], keep="first", maintain_order=True)
        .group_by("article_number", maintain_order=True)
        .agg(best=pl.col("score").first(), texts=pl.col("text").head(MOST), ids=pl.col("id").head(MOST))
    )
    bare = decided.to_frame("article_number").unique().join(wide, on="article_number", how="anti")
    wide = pl.concat([wide, bare], how="diagonal")
    about = _about(articles)
    strange = wide.join(about, on="article_number", how="anti")
    if not strange.is_empty():
        raise UsageError(
            f"{strange.height:,} articles with suggestions, such as {strange['article_number'][0]}, are not among the "
            "articles given: the matches are those of another file. Match these articles first."
        )
    is_decided = pl.col("article_number").is_in(decided.implode())
    is_sure = pl.col("article_number").is_in(sure["article_number"].implode())
    rows = (
        wide.join(about, on="article_number", how="left", maintain_order="left")
        .sort(is_decided, "best", "place", descending=[False, True, False], nulls_last=True)
        .select(
            *about.select(pl.exclude("article_number", "place")).columns,
            pl.when(is_sure)
            .then(pl.col("texts").list.first())
            .when(is_decided)
            .then(pl.lit(NONE[0]))
            .alias(CHOICE),
            *(
                pl.col("texts").list.get(at, null_on_oob=True).alias(name)
                for at, name in enumerate(SUGGESTIONS)
            ),
            "ids",
            pl.when(is_decided).then(pl.lit(DECIDED)).alias("state"),
        )
        .select(*OF_MATCHES, "ids", "state")
        .with_columns(as_cell(pl.col(pl.String).exclude("state")))
    )
    return with_untaken(rows, "Article", untaken)


def doubt_rows(doubted: pl.DataFrame, suggested: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """OF_DOUBTS: why a code that was found does not match by itself."""
    names = suggested.select("article_number", "product_id", "central_name").unique(
        ["article_number", "product_id"], keep="first"
    )
    told = doubted.join(_about(articles), on="article_number", how="left", maintain_order="left").join(
        names, on=["article_number", "product_id"], how="left", maintain_order="left"
    )
    named = pl.concat_str("central_name", pl.format("[{}]", "product_id"), separator=" ", ignore_nulls=True)
    return told.select(
        pl.col("article_number").alias("Article"),
        "EAN",
        "Name",
        pl.col("code").alias("Code"),
        named.alias("Central product"),
        pl.col("reason").alias("Why it is not certain"),
    ).with_columns(as_cell(pl.col(pl.String)))


def _suggestion(*columns: str) -> pl.Expr:
    percent = pl.format("{} %", (pl.col("score") * 100).round(0).cast(pl.Int64))
    return pl.concat_str(*columns, percent, separator=" · ", ignore_nulls=True)


def _about(articles: pl.DataFrame) -> pl.DataFrame:
    """article_number, place and the columns of OF_MATCHES that tell which article it is."""
    held = content(pl.col("name"), pl.col("total_content"), pl.col("content_type"), pl.col("amount_of_units"))
    return (
        articles.with_row_index("place")
        .with_columns(held=held)
        .select(
            "article_number",
            "place",
            pl.col("article_number").alias("Article"),
            pl.col("ean").alias("EAN"),
            pl.col("name").alias("Name"),
            pl.col("brand").alias("Brand"),
            shown("held").alias("Content"),
        )
        .unique("article_number", keep="first", maintain_order=True)
    )
