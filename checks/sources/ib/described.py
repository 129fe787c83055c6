"""An article in words, field by field: how the form that waits and the approved one are compared and shown."""

from __future__ import annotations

import polars as pl

from checks.frames_beside import CHANGES

#: One row for each article and field: `article_key`, `field` (its name for people), `text` (null: nothing).
WORDS = pl.Schema({"article_key": pl.String, "field": pl.String, "text": pl.String})

_NOTHING = "none"


def in_words(catalogue: pl.DataFrame) -> pl.DataFrame:
    """WORDS of the rows of a `catalogue`."""
    told = catalogue.lazy().select(
        "article_key",
        pl.col("name"),
        pl.col("description"),
        pl.col("brand"),
        pl.col("article_code").alias("article number"),
        pl.col("match_code").alias("our article number"),
        _availability().alias("availability"),
        _listed("units", _unit()).alias("units"),
        _listed("images", _image()).alias("images"),
        _listed("prices", _price()).alias("prices"),
    )
    fields = [name for name in told.collect_schema().names() if name != "article_key"]
    long = told.unpivot(fields, index="article_key", variable_name="field", value_name="text")
    return long.cast(WORDS).collect()


def changes_of(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What differs, for each article that is in both (WORDS): columns `article_key` and `changes` (CHANGES).

    An article in which nothing that we read differs has an empty list.
    """
    order = after.lazy().select("article_key").unique(maintain_order=True)
    both = after.lazy().join(
        before.lazy(), on=["article_key", "field"], suffix="_before", maintain_order="left"
    )
    differs = pl.col("text").ne_missing(pl.col("text_before"))
    change = pl.struct("field", before=pl.col("text_before"), after=pl.col("text"))
    listed = both.group_by("article_key", maintain_order=True).agg(changes=change.filter(differs))
    return (
        order.join(listed, on="article_key").select("article_key", pl.col("changes").cast(CHANGES)).collect()
    )


def put_back(now: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """WORDS of the form from before the `changes` (columns `article_key` and `changes`) that led to the form `now`."""
    were = (
        changes.select("article_key", "changes")
        .explode("changes", empty_as_null=False, keep_nulls=False)
        .select(
            "article_key",
            field=pl.col("changes").struct.field("field"),
            was=pl.col("changes").struct.field("before"),
            changed=pl.lit(True),
        )
    )
    both = now.join(were, on=["article_key", "field"], how="left", maintain_order="left")
    text = pl.when(pl.col("changed").fill_null(False)).then("was").otherwise("text")
    return both.select("article_key", "field", text=text)


def _availability() -> pl.Expr:
    code, label = pl.col("availability"), pl.col("availability_label")
    return (
        pl.when(label.is_null() | code.is_null())
        .then(pl.coalesce(label, code))
        .otherwise(pl.format("{} ({})", label, code))
    )


def _listed(column: str, text: pl.Expr) -> pl.Expr:
    """The list's parts in words, in one order whatever order they came in; null for an empty list."""
    words = pl.col(column).list.eval(text).list.sort().list.join("; ")
    return pl.when(pl.col(column).list.len() > 0).then(words)


def _part(field: str) -> pl.Expr:
    return pl.element().struct.field(field).cast(pl.String).str.replace(r"^(\d+)\.0$", "$1")


def _or(field: str, otherwise: str) -> pl.Expr:
    return _part(field).fill_null(otherwise)


def _unit() -> pl.Expr:
    sold = (
        pl.when(pl.element().struct.field("orderable").fill_null(True))
        .then(pl.lit(""))
        .otherwise(pl.lit(", not orderable"))
    )
    return pl.format("{} {}: EAN {}{}", _or("package", "unit"), _or("label", "?"), _or("ean", _NOTHING), sold)


def _image() -> pl.Expr:
    return pl.format("{} ({} bytes)", _or("name", "image"), _or("bytes", "?"))


def _price() -> pl.Expr:
    first, last = pl.element().struct.field("valid_from"), pl.element().struct.field("valid_until")
    return pl.format(
        "{} {} euro per {} {}{}{}{}",
        pl.coalesce(_part("label"), _part("kind"), pl.lit("price")),
        _or("amount", "?"),
        _or("quantity", "?"),
        _or("unit", "unit"),
        pl.format(" from {} of them", _part("minimum")).fill_null(""),
        pl.format(" since {}", first.cast(pl.String)).fill_null(""),
        pl.format(" until {}", last.cast(pl.String)).fill_null(""),
    )
