"""Supplier articles, and changes that wait for approval, as the lists show them. Pure functions, frames in, frames out."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from checks.frames_beside import GONE
from dashboard.parts.words import STANDINGS

#: A supplier's articles that are also the shop's: `by` is how that is known; `active`: does the shop sell it?
MATCHES = pl.Schema(
    {
        "shop": pl.String,
        "article_number": pl.String,
        "article_key": pl.String,
        "by": pl.String,
        "our_name": pl.String,
        "active": pl.Boolean,
    }
)

#: How an article is known to be ours, in words.
BY = {
    "gtin": "by its EAN",
    "article_number": "by your article number",
    "supplier_code": "by its article code",
}

KINDS = {"new": "New", "changed": "Changed"}

SHOW = {
    "all": "All",
    "ours": "Yours too",
    "gone": "Yours, and gone",
    "wrong": "Something wrong",
}


def article_rows(
    catalogue: pl.DataFrame, matches: pl.DataFrame | None, chips: pl.DataFrame | None
) -> pl.DataFrame:
    """Every article once, those with the gravest findings first, then those the shop sells, then by name.

    Args:
        catalogue: the frame.
        matches: MATCHES of this supplier; None when it cannot be told which are the shop's.
        chips: `check_notes.chip_cells` by `article_key`; None when nothing is open.

    Returns id (the article's key), company, article_code, match_code, name, brand, group, standing (one of STANDINGS),
    standing_word, ean, gross_price, stock, modified, ours (article numbers of the shop; null when not known), sold (an
    active one among them), wrong, checks, rank (9: nothing wrong), text (what a search looks through).
    """
    texts = ("article_code", "match_code", "name", "ean", "brand")
    codes = pl.col("units").list.eval(pl.element().struct.field("ean")).list.join(" ", ignore_nulls=True)
    rows = catalogue.select(
        "company",
        "article_code",
        "match_code",
        "name",
        "brand",
        "group",
        "standing",
        "ean",
        "gross_price",
        "stock",
        "modified",
        id="article_key",
        standing_word=pl.col("standing").replace_strict(
            STANDINGS, default=STANDINGS["unknown"], return_dtype=pl.String
        ),
        text=pl.concat_str(
            [*(pl.col(name).fill_null("") for name in texts), codes.fill_null("")], separator="\n"
        ).str.to_lowercase(),
    )
    return (
        _with_ours(rows, matches)
        .join(_chips(chips, "article_key"), on="id", how="left", maintain_order="left")
        .with_columns(pl.col("rank").fill_null(9))
        .sort("rank", "sold", "name", descending=[False, True, False], nulls_last=True, maintain_order=True)
    )


def _with_ours(rows: pl.DataFrame, matches: pl.DataFrame | None) -> pl.DataFrame:
    if matches is None:
        return rows.with_columns(ours=pl.lit(None, pl.List(pl.String)), sold=pl.lit(None, pl.Boolean))
    found = matches.group_by(id="article_key").agg(
        ours=pl.col("article_number").unique(maintain_order=True),
        sold=pl.col("active").fill_null(False).any(),
    )
    return rows.join(found, on="id", how="left", maintain_order="left").with_columns(
        pl.col("ours").fill_null(pl.lit([], pl.List(pl.String))), pl.col("sold").fill_null(False)
    )


def _chips(chips: pl.DataFrame | None, key: str) -> pl.DataFrame:
    if chips is None:
        texts = pl.List(pl.String)
        return pl.DataFrame(schema={"id": pl.String, "wrong": texts, "checks": texts, "rank": pl.UInt8})
    return chips.rename({key: "id"})


def chosen(
    rows: pl.DataFrame,
    *,
    show: str = "all",
    standings: Collection[str] = (),
    company: str = "",
    checks: Collection[str] = (),
    text: str = "",
) -> pl.DataFrame:
    """The articles (or waiting changes) that the filters leave; empty filters leave all."""
    wanted = [pl.col("text").str.contains(word, literal=True) for word in text.lower().split()]
    if company:
        wanted.append(pl.col("company") == company)
    if standings:
        wanted.append(pl.col("standing").is_in(list(standings)))
    if checks:
        wanted.append(pl.col("checks").list.eval(pl.element().is_in(list(checks))).list.any())
    if show == "ours":
        wanted.append(pl.col("ours").list.len() > 0)
    elif show == "gone":
        wanted.append(is_gone() & pl.col("sold"))
    elif show == "wrong":
        wanted.append(pl.col("rank") < 9)
    return rows.filter(wanted) if wanted else rows


def is_gone() -> pl.Expr:
    """Can the article no longer be bought?"""
    return pl.col("standing").is_in(list(GONE))


def by_company(rows: pl.DataFrame) -> pl.DataFrame:
    """Of `article_rows`: one row a company with id (its name), articles, one column a standing, ours, sold_gone, wrong."""
    return (
        rows.group_by(id=pl.col("company").fill_null(""))
        .agg(
            articles=pl.len(),
            **{name: (pl.col("standing") == name).sum() for name in STANDINGS},
            ours=(pl.col("ours").list.len() > 0).sum() if _is_known(rows) else pl.lit(None, pl.UInt32),
            sold_gone=(is_gone() & pl.col("sold")).sum() if _is_known(rows) else pl.lit(None, pl.UInt32),
            wrong=(pl.col("rank") < 9).sum(),
        )
        .sort("id")
    )


def by_standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Of `article_rows`: standing, word, articles, ours (null when not known); only those that occur, in their order."""
    order = {name: place for place, name in enumerate(STANDINGS)}
    return (
        rows.group_by("standing", word="standing_word")
        .agg(
            articles=pl.len(),
            ours=(pl.col("ours").list.len() > 0).sum() if _is_known(rows) else pl.lit(None, pl.UInt32),
        )
        .sort(pl.col("standing").replace_strict(order, default=99, return_dtype=pl.UInt8))
    )


def _is_known(rows: pl.DataFrame) -> bool:
    """Is it known which of these articles are the shop's?"""
    return rows.is_empty() or rows["ours"].null_count() < rows.height


def waiting_rows(waiting: pl.DataFrame) -> pl.DataFrame:
    """Every waiting change once, the longest waiting first.

    Returns id (the article's key), kind, kind_word, company, article_code, match_code, name, changes, fields (their names,
    each once), modified, approved_at, text (what a search looks through).
    """
    changes = pl.col("changes").list
    fields = changes.eval(pl.element().struct.field("field")).list.unique(maintain_order=True)
    texts = ("article_code", "match_code", "name")
    return waiting.select(
        "kind",
        "company",
        "article_code",
        "match_code",
        "name",
        "changes",
        "modified",
        "approved_at",
        id="article_key",
        kind_word=pl.col("kind").replace_strict(KINDS, default=pl.col("kind"), return_dtype=pl.String),
        fields=fields,
        text=pl.concat_str(
            [*(pl.col(name).fill_null("") for name in texts), fields.list.join(" ").fill_null("")],
            separator="\n",
        ).str.to_lowercase(),
    ).sort("modified", "name", nulls_last=True)


def listing(waiting: pl.DataFrame) -> pl.DataFrame:
    """Of `waiting_rows`, for files: one row a changed field, headed in words; of an article without any, one row."""
    return (
        waiting.explode("changes", empty_as_null=True, keep_nulls=True)
        .with_columns(
            field=pl.col("changes").struct.field("field"),
            before=pl.col("changes").struct.field("before"),
            after=pl.col("changes").struct.field("after"),
        )
        .select(
            pl.col("company").alias("Company"),
            pl.col("article_code").alias("Article code"),
            pl.col("match_code").alias("Your article number"),
            pl.col("name").alias("Name"),
            pl.col("kind_word").alias("Kind"),
            pl.col("field").alias("Field"),
            pl.col("before").alias("Before"),
            pl.col("after").alias("After"),
            pl.col("modified").alias("Changed (UTC)"),
            pl.col("approved_at").alias("Last approval (UTC)"),
        )
    )
