"""Which article of a supplier is which of the shop's: by GTIN, by a configured column, or by the shop's supplier codes.

Pure functions over frames. Codes are compared as GTIN-14 (`checks.gtin`), those of the piece and of what it is packed in
alike; in-store numbers are left out, because they mean another product in another shop.
"""

from __future__ import annotations

import polars as pl

from checks.frames import FRAMES
from checks.gtin import gtin_number, is_restricted_number
from checks.settings_sources import MatchSettings

#: How two articles can be known to be the same, the surest first.
WAYS = ("gtin", "article_number", "supplier_code")


def assortment_of(
    shop: str, products: pl.DataFrame, linked: pl.DataFrame, supplier_id: int | None = None
) -> pl.DataFrame:
    """What the shop sells, as articles of a supplier are compared with it.

    Args:
        products, linked: its frames `products` and `linked_products`.
        supplier_id: whose article codes count (`MatchSettings.supplier_id`).

    Returns:
        Frame `assortment`, one row an article number. What is both an own and a linked product goes by its own name, and
        is active where one of the two is.
    """
    both = pl.concat(
        [
            frame.lazy().select(
                "article_number",
                "name",
                "active",
                "ean",
                pl.lit(is_linked).alias("linked"),
                pl.concat_list("ean", *(pl.col(name).fill_null([]) for name in ("unit_eans", "package_eans")))
                .fill_null([])
                .alias("codes"),
                _codes_at(supplier_id),
            )
            for frame, is_linked in ((products, False), (linked, True))
        ]
    )
    once = both.group_by("article_number", maintain_order=True).agg(
        pl.col("name", "ean").drop_nulls().first(),
        pl.col("active").any(ignore_nulls=False),
        pl.col("linked").all(),
        pl.col("codes", "supplier_codes").explode(),
    )
    gtins = _numbers(once.select("article_number", "codes"), "article_number")
    as_text = gtins.group_by("article_number").agg(gtins=pl.col("gtin").sort().cast(pl.String).str.zfill(14))
    return (
        once.join(as_text, on="article_number", how="left", maintain_order="left")
        .select(
            pl.lit(shop).alias("shop"),
            pl.exclude("gtins", "codes", "supplier_codes"),
            pl.col("gtins").fill_null([]),
            pl.col("supplier_codes").list.drop_nulls(),
        )
        .select(FRAMES["assortment"].schema.names())
        .collect()
    )


def pairs(ours: pl.LazyFrame, catalogue: pl.LazyFrame, match: MatchSettings) -> pl.LazyFrame:
    """Which articles of `catalogue` are which of `ours`.

    Args:
        ours: rows with shop, article_number, gtins and, where the shop's codes of this supplier are known,
            supplier_codes.
        catalogue: frame `catalogue` of one supplier.
        match: which ways count for it.

    Returns:
        Columns shop, article_number, article_key and by (one of WAYS, the first that finds it); one row a pair, in the
        order of WAYS.
    """
    whose = ("shop", "article_number")
    found: list[pl.LazyFrame] = []

    def keep(left: pl.LazyFrame, right: pl.LazyFrame, on: str, by: str) -> None:
        joined = left.join(right, on=on)
        found.append(joined.select(*whose, "article_key", pl.lit(by).alias("by")))

    if match.gtin:
        number = pl.col("gtins").cast(pl.UInt64).alias("code")
        left = ours.select(*whose, "gtins").explode("gtins").drop_nulls("gtins").select(*whose, number)
        keep(left, article_gtins(catalogue).rename({"gtin": "code"}), "code", "gtin")
    if match.article_number is not None:
        left = ours.select(*whose, code=_trimmed("article_number"))
        right = catalogue.select("article_key", code=_trimmed(match.article_number))
        keep(left.drop_nulls("code"), right.drop_nulls("code"), "code", "article_number")
    if match.supplier_id is not None and "supplier_codes" in ours.collect_schema().names():
        left = ours.select(*whose, code="supplier_codes").explode("code").with_columns(code=_trimmed("code"))
        right = catalogue.select("article_key", code=_trimmed("article_code"))
        keep(left.drop_nulls("code"), right.drop_nulls("code"), "code", "supplier_code")
    if not found:
        none = {"shop": pl.String, "article_number": pl.String, "article_key": pl.String, "by": pl.String}
        return pl.LazyFrame(schema=none)
    return pl.concat(found).unique((*whose, "article_key"), keep="first", maintain_order=True)


def article_gtins(catalogue: pl.LazyFrame) -> pl.LazyFrame:
    """article_key and gtin (UInt64) of a supplier's articles: of the piece and of what it is packed in."""
    packed = pl.col("units").list.eval(pl.element().struct.field("ean")).fill_null([])
    return _numbers(
        catalogue.select("article_key", codes=pl.concat_list("ean", packed).fill_null([])), "article_key"
    )


def _numbers(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """`key` and gtin of rows with a list `codes`: valid ones that mean the same everywhere, each once a key."""
    gtin = gtin_number(pl.col("codes").str.strip_chars())
    numbers = rows.explode("codes").drop_nulls("codes").select(key, gtin=gtin).drop_nulls("gtin")
    return numbers.filter(~is_restricted_number(pl.col("gtin"))).unique()


def _codes_at(supplier_id: int | None) -> pl.Expr:
    """The shop's own notes of what its supplier calls the article; an empty list where it has none."""
    if supplier_id is None:
        return pl.lit([], dtype=pl.List(pl.String)).alias("supplier_codes")
    element = pl.element()
    code = pl.when(element.struct.field("supplier_id") == supplier_id).then(
        element.struct.field("article_code")
    )
    return pl.col("suppliers").list.eval(code).list.drop_nulls().fill_null([]).alias("supplier_codes")


def _trimmed(column: str) -> pl.Expr:
    """Without spaces around; null where nothing is left."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)
