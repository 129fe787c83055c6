"""Which row of a workbook was written as which, also where a program made a number of an article number."""

from __future__ import annotations

import polars as pl

from checks.onboarding.decisions.layout import SUGGESTIONS


def told_apart(rows: pl.DataFrame, written: pl.DataFrame, matches: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with the whole key, where a number (42) may be one of several that were written (42, 0042): the one whose EAN
    and name (of matches), or whose suggestions, stand in the row. And the rows of which nobody knows."""
    keys = written.select(pl.col("key").unique()).with_columns(bare=_bare(pl.col("key"))).drop_nulls()
    keys = keys.filter(pl.len().over("bare") > 1)
    if keys.is_empty():
        return rows, rows.clear()
    asked = rows.with_columns(bare=_bare(pl.col("key"))).with_row_index("at")
    found = asked.filter(pl.col("bare").is_in(keys["bare"].implode()))
    # where each of them stands there once, all of them are still text
    whole = (
        keys.join(found.group_by("key").len(), on="key", how="left")
        .group_by("bare")
        .agg(pl.col("len").fill_null(0).eq(1).all())
        .filter("len")
    )
    unsure = found.filter(
        ~pl.col("bare").is_in(whole["bare"].implode()), ~pl.col("key").str.contains(r"^0\d")
    )
    if unsure.is_empty():
        return rows, rows.clear()
    options = written.join(keys, on="key").select("bare", pl.all().exclude("bare").name.prefix("w_"))
    if matches:
        fits = [
            pl.col("its Name") == pl.col("w_name"),
            _bare(pl.col("its EAN")) == _bare(pl.col("w_ean")),
        ]
    else:
        same = [pl.col(f"s{number}").eq_missing(pl.col(f"w_{number}")) for number in SUGGESTIONS]
        fits = [pl.all_horizontal(same)]
    best = (
        unsure.join(options, on="bare")
        .with_columns(fit=pl.sum_horizontal(one.fill_null(False).cast(pl.Int64) for one in fits))
        .filter(pl.col("fit") > 0, pl.col("fit") == pl.col("fit").max().over("at"))
        .filter(pl.len().over("at") == 1)
        .select("at", whole="w_key")
    )
    lost = unsure.join(best, on="at", how="anti").sort("at")
    rest = (
        asked.join(lost, on="at", how="anti", maintain_order="left")
        .join(best, on="at", how="left", maintain_order="left")
        .with_columns(key=pl.coalesce("whole", "key"))
        .select(rows.columns)
    )
    return rest, lost


def with_written(rows: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """The rows beside what was written in them. A key that became a number has lost its zeros: it is found where only one
    can be meant."""
    bare = written.select("key", bare=_bare(pl.col("key"))).drop_nulls()
    bare = bare.filter(pl.len().over("bare") == 1).rename({"key": "whole"})
    lost = rows.join(written, on="key", how="anti").select("key").unique()
    mended = lost.with_columns(bare=_bare(pl.col("key"))).join(bare, on="bare").select("key", "whole")
    kept = written.select(
        "key",
        "state",
        "ean",
        "name",
        kept="choice",
        known=pl.lit(True),
        **{f"k{number}": pl.col(number) for number in SUGGESTIONS},
    ).unique("key", keep="first", maintain_order=True)
    return (
        rows.join(mended, on="key", how="left", maintain_order="left")
        .with_columns(key=pl.coalesce("whole", "key"))
        .join(kept, on="key", how="left", maintain_order="left")
        .with_columns(pl.col("known").fill_null(False))
    )


def _bare(text: pl.Expr) -> pl.Expr:
    """A number without the zeros in front and behind the point; null of other text."""
    digits = text.str.replace(r"[.,]0+$", "")
    return pl.when(digits.str.contains(r"^[0-9]+$")).then(digits.str.strip_chars_start("0"))
