"""Articles that are sold by the box and have the code of the piece in it (guide, chapter 3: the EAN is that of what is sold).

Of the 1,000 articles of the sandbox's example (111 sold by the box, 53 pieces with a number a box) it doubts none.
"""

from __future__ import annotations

import polars as pl

from checks.folding import plain

#: What programs call a box, and what they call a piece or a measure: then the price is not that of the box.
_BOX = (
    "doos", "dozen", "ds", "omdoos", "carton", "cartons", "ctn", "crt", "karton", "kartons", "krt", "colli", "collo", "coll",
    "colis", "ce", "caisse", "caisses", "case", "cases", "box", "boxes", "bx",
)  # fmt: skip
_PIECE = (
    "st", "stk", "stuk", "stuks", "pc", "pcs", "pce", "piece", "pieces", "ea", "each", "unit", "eenheid", "fles", "fl",
    "bouteille", "blik", "zak", "pot", "kg", "kilo", "g", "gr", "l", "lt", "liter", "litre",
)  # fmt: skip

#: Why such a code does not decide.
REASON = (
    "Sold by the box, and the code {} is that of the piece: {} has a carton around it with a code of its own."
)


def by_the_box(articles: pl.DataFrame) -> pl.DataFrame:
    """item: those of ARTICLES (their positions) that are sold by a box of several pieces.

    The unit of the sales price says so; where it says nothing, the type of the multiplier.
    """
    unit = pl.coalesce(_words("unit_sales_price"), _words("multiplier_type"))
    is_box = unit.list.set_intersection(list(_BOX)).list.len() > 0
    is_piece = unit.list.set_intersection(list(_PIECE)).list.len() > 0
    return (
        articles.with_row_index("item")
        .filter(is_box & ~is_piece & (pl.col("amount_of_units") > 1))
        .select("item")
    )


def pieces_in_cartons(central: pl.DataFrame) -> pl.DataFrame:
    """product: central products (their positions) that are no package, and have a carton around with another code."""
    return (
        central.with_row_index("product")
        .filter(
            ~pl.col("is_package").fill_null(False),
            pl.col("package_ean").str.strip_chars().ne(pl.col("ean").fill_null("")).fill_null(False),
            pl.col("package_ean").str.strip_chars() != "",
        )
        .select("product")
    )


def _words(column: str) -> pl.Expr:
    words = plain(pl.col(column)).str.split(" ")
    return pl.when(plain(pl.col(column)) != "").then(words)
