"""Which of an article's prices hold on a day, and what one piece costs then.

Computed for the whole frame at every run: a price starts or ends without its article being modified.
"""

from __future__ import annotations

from datetime import date

import polars as pl

#: What IB's suppliers call one piece, besides the name of the article's own smallest unit.
_PIECES = ("st", "stk", "stuk", "stuks", "piece", "pc", "pce", "ea", "each")


def in_force(day: date, price: pl.Expr) -> pl.Expr:
    """Boolean: does a price (struct of `catalogue.prices`) hold on that day?

    Its dates decide, for IB's `active` is no more than they say and may be of another day; without any date `active` does.
    """
    start, end = price.struct.field("valid_from"), price.struct.field("valid_until")
    dated = start.is_not_null() | end.is_not_null()
    within = (start <= day).fill_null(True) & (end >= day).fill_null(True)
    return within & (dated | price.struct.field("active").fill_null(True))


def any_in_force(day: date) -> pl.Expr:
    """Boolean: has an article a price that holds on that day? False for one without prices."""
    return pl.col("prices").list.eval(in_force(day, pl.element())).list.any().fill_null(False)


def with_prices(catalogue: pl.DataFrame, day: date) -> pl.DataFrame:
    """The frame with `gross_price` and `recommended_price`: euro for one piece on that day, null where none is told.

    Of the prices of that kind that hold, that are not agreed with one buyer, and whose unit is the piece: the one for the
    smallest quantity.
    """
    smallest = (
        pl.col("units")
        .list.eval(pl.element().filter(pl.element().struct.field("amount").fill_null(1) == 1))
        .list.first()
        .struct.field("package")
    )
    each = (
        catalogue.lazy()
        .select("article_key", "prices", piece=_word(smallest))
        .filter(pl.col("prices").list.len() > 0)
        .explode("prices")
        .filter(in_force(day, pl.col("prices")))
        .select("article_key", "piece", pl.col("prices").struct.unnest())
        .filter(
            ~pl.col("own").fill_null(False),
            pl.col("quantity") > 0,
            _word(pl.col("unit")).is_in(_PIECES) | (_word(pl.col("unit")) == pl.col("piece")),
        )
        .sort("minimum", nulls_last=False, maintain_order=True)
    )
    called = pl.concat_str([_word(pl.col("kind")), _word(pl.col("label"))], separator=" ", ignore_nulls=True)
    each_piece = (pl.col("amount") / pl.col("quantity")).round(4)
    gross, advised = called.str.contains("gross|bruto"), called.str.contains("recommended|advies")
    found = each.group_by("article_key").agg(
        gross_price=each_piece.filter(gross & ~advised).drop_nulls().first(),
        recommended_price=each_piece.filter(advised).drop_nulls().first(),
    )
    return (
        catalogue.lazy()
        .drop("gross_price", "recommended_price")
        .join(found, on="article_key", how="left", maintain_order="left")
        .select(catalogue.columns)
        .collect()
    )


def _word(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.strip_chars_end(".").str.to_lowercase()
