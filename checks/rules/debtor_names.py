"""What sentences call a debtor: its code, as the lists show it.

A code is one debtor's within an administration: where others have it too, the administration stands with it, and where
even that does not tell them apart, or there is no code, the id in the ERP. Findings about debtors go with the personal data
they are about: a code may stand in them, the name of a business may not.
"""

from __future__ import annotations

import polars as pl

from checks.gtin import has_code


def coded() -> pl.Expr:
    """`K647`, or `with id 12` where there is no code: where nobody can take it for a debtor of another administration."""
    code = pl.col("code")
    return (
        pl.when(has_code(code)).then(code.str.strip_chars()).otherwise(pl.format("with id {}", "debtor_id"))
    )


def called(debtors: pl.DataFrame) -> pl.Expr:
    """Of rows of frame `debtors`: `K647`, `K647 of Export`, `K647 with id 12` or `with id 12`; fits after the word debtor."""
    code, ident = pl.col("code").str.strip_chars(), pl.col("debtor_id")
    administration = pl.col("administration").str.strip_chars()
    both = pl.concat_str(code, administration, separator="\n")
    return (
        pl.when(~has_code(code) | ~code.is_in(_twice(debtors, code)))
        .then(coded())
        .when(has_code(administration) & ~both.is_in(_twice(debtors, both)))
        .then(pl.format("{} of {}", code, administration))
        .otherwise(pl.format("{} with id {}", code, ident))
    )


def calls(debtors: pl.DataFrame) -> pl.LazyFrame:
    """Of frame `debtors`, each debtor once: `debtor_id` and what it is `called`."""
    return debtors.lazy().select("debtor_id", called=called(debtors)).unique("debtor_id", keep="first")


def _twice(debtors: pl.DataFrame, text: pl.Expr) -> pl.Expr:
    """The texts that several rows have, for `is_in`."""
    counted = debtors.lazy().select(text=text).drop_nulls().group_by("text").len()
    return pl.lit(counted.filter(pl.col("len") > 1).select("text").collect().to_series()).implode()
