"""Findings about references, grouped by the entry that is missing instead of by product. Pure functions."""

from __future__ import annotations

import polars as pl

from checks.findings import OPEN_STATUSES
from checks.rules.references import REFERENCES

#: The checks about references, with the question each answers.
CHECKS_HERE = ("invalid-reference", "missing-reference", "category-not-leaf")

_TITLES = {reference.field: reference.title for reference in REFERENCES}


def grouped(findings: pl.DataFrame) -> pl.DataFrame:
    """Open findings of `CHECKS_HERE`, one row per missing entry, the one that most products point at first.

    Returns columns group (stable id for the URL), check, source, field, value, entry (in words), products, oldest, new.
    """
    rows = findings.filter(
        pl.col("check").is_in(list(CHECKS_HERE)) & pl.col("status").is_in(list(OPEN_STATUSES))
    )
    was = pl.col("message").str.extract(r"^[^(]*\((.*)\) (?:is not in|has \d+ sub)")
    field = pl.col("field").replace_strict(_TITLES, default=None, return_dtype=pl.String)
    return (
        rows.with_columns(field_name=field.fill_null("Category"), was=was)
        .group_by("check", "source", "field", "value", "field_name")
        .agg(
            products=pl.len(),
            oldest=pl.col("first_seen").min(),
            new=pl.col("status").is_in(["new", "regressed"]).sum(),
            was=pl.col("was").drop_nulls().mode().sort().first(),
        )
        .with_columns(
            group=group_id(),
            entry=pl.when(pl.col("check") == "missing-reference")
            .then(pl.format("No {}", pl.col("field_name").str.to_lowercase()))
            .otherwise(
                pl.format(
                    "{} {}{}",
                    "field_name",
                    pl.col("value").fill_null("?"),
                    pl.when(pl.col("was").is_not_null())
                    .then(pl.format(" ({})", "was"))
                    .otherwise(pl.lit("")),
                )
            ),
        )
        .sort("products", "entry", descending=[True, False])
        .select("group", "check", "source", "field", "value", "entry", "products", "new", "oldest")
    )


def group_id() -> pl.Expr:
    """`invalid-reference~brand~77777`: names a group in the URL, over rows of findings or of `grouped`."""
    return pl.concat_str(
        ["check", "source", pl.col("field").fill_null(""), pl.col("value").fill_null("")], separator="~"
    )


def of_group(findings: pl.DataFrame, group: str) -> pl.DataFrame:
    """The open findings of one group."""
    return findings.filter(pl.col("status").is_in(list(OPEN_STATUSES)) & (group_id() == group))
