"""Which central products have an article's own code: its EAN, or what its supplier calls it (guide, chapters 3 and 5).

A code alone decides only where it can mean nothing else. Each find has a `reason` where it cannot: in-store numbers, codes of
the piece inside or the carton around, codes that two central products or two articles of the file have, products that are
linked or deleted already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from checks.folding import folded
from checks.gtin import gtin_number, is_restricted_number

#: What `by_gtin` and `by_supplier` give. `reason` is null where the code is proof enough; `product` is the position in the
#: central list, null where it is not in there; `product_id` its id, where known.
FOUND = pl.Schema(
    {
        "item": pl.UInt32,
        "product": pl.UInt32,
        "product_id": pl.Int64,
        "code": pl.String,
        "supplier_id": pl.Int64,
        "reason": pl.String,
    }
)

#: Articles that a reason names, at most.
_NAMED = 3


def own_codes(articles: pl.DataFrame, supplier_ids: pl.DataFrame) -> pl.DataFrame:
    """item, article_number, ean and its gtin, unit_gtin, carton_gtin (UInt64, null: no valid one), supplier_id, supplier_code.

    Args:
        articles: ARTICLES; `item` is the position.
        supplier_ids: supplier (as the file writes it, without spaces around) and supplier_id, see `supplier_ids`.
    """
    supplier = pl.col("supplier").str.strip_chars()
    return (
        articles.with_row_index("item")
        .with_columns(_supplier=supplier)
        .join(supplier_ids, left_on="_supplier", right_on="supplier", how="left", maintain_order="left")
        .select(
            "item",
            "article_number",
            ean=_trimmed("ean"),
            gtin=_gtin("ean"),
            unit_gtin=_gtin("unit_ean"),
            carton_gtin=_gtin("carton_ean"),
            supplier_id="supplier_id",
            supplier_code=_trimmed("supplier_code"),
        )
    )


def supplier_ids(
    articles: pl.DataFrame, listed: pl.DataFrame | None, chosen: Mapping[str, int] | None
) -> pl.DataFrame:
    """supplier (as the file writes it, without spaces around) and supplier_id, where it is known.

    Args:
        listed: frame `supplier_articles`; names that are the same when folded count, unless two suppliers share one.
        chosen: own name -> id; then `listed` says nothing.
    """
    schema = {"supplier": pl.String, "supplier_id": pl.Int64}
    if chosen is not None:
        rows = [(name.strip(), number) for name, number in chosen.items()]
        return pl.DataFrame(rows, schema=schema, orient="row").unique("supplier", keep="first")
    if listed is None:
        return pl.DataFrame(schema=schema)
    written = articles.select(supplier=_trimmed("supplier")).drop_nulls().unique()
    names = (
        listed.select("supplier_id", name=folded(pl.col("supplier")))
        .drop_nulls()
        .unique()
        .filter(pl.len().over("name") == 1, pl.col("name") != "")
    )
    return written.with_columns(name=folded(pl.col("supplier"))).join(names, on="name").select(*schema)


def by_gtin(
    own: pl.DataFrame, central: pl.DataFrame, eans: pl.DataFrame | None, deleted: pl.DataFrame | None
) -> pl.DataFrame:
    """FOUND: central products with an article's own EAN, compared as GTIN-14.

    Args:
        own: what `own_codes` gives.
        central, eans, deleted: frames `central_products`, `central_eans`, `deleted_central_products`.
    """
    products = central.with_row_index("product").select(
        "product",
        "product_id",
        "article_numbers",
        gtin=_gtin("ean"),
        inside=_gtin("unit_ean"),
        around=_gtin("package_ean"),
    )
    restricted = is_restricted_number(pl.col("gtin"))
    asked = own.select("item", "article_number", "gtin", code="ean")
    hits = asked.join(products, on="gtin").with_columns(
        reason=pl.when(restricted)
        .then(pl.format("EAN {} is an in-store number: in each shop it means another product.", "code"))
        .otherwise(_why_not_alone(["gtin"], "EAN"))
    )
    told = pl.concat(
        [_found(hits), *(_found(near) for near in _beside(own.join(hits, on="item", how="anti"), products))]
    )
    rest = _without(asked.filter(~restricted), told)
    if deleted is not None:
        gone = rest.join(deleted.with_columns(gtin=_gtin("ean")).unique("gtin", keep="last"), on="gtin")
        told = pl.concat([told, _found(gone.with_columns(product=None, reason=_deleted("EAN")))])
        rest = _without(rest, told)
    if eans is not None:
        listed = rest.join(eans.select(gtin=_gtin("ean")).unique(), on="gtin", how="semi")
        text = "EAN {} stands in the central EAN list, but no central product has it as its own."
        told = pl.concat([told, _found(_nowhere(listed, text))])
    return told.unique(["item", "product", "product_id"], keep="first", maintain_order=True).sort(
        "item", "product"
    )


def by_supplier(
    own: pl.DataFrame, central: pl.DataFrame, listed: pl.DataFrame | None, deleted: pl.DataFrame | None
) -> pl.DataFrame:
    """FOUND: central products that have the article's code of the same supplier; small and capital letters are one.

    Args:
        own: those of what `own_codes` gives that are asked for.
        central, listed, deleted: frames `central_products`, `supplier_articles`, `deleted_central_products`.
    """
    by = ["supplier_id", "key"]
    bare = pl.col("key").str.strip_chars_start("0")
    asked = own.select(
        "item",
        "article_number",
        "supplier_id",
        code="supplier_code",
        key=pl.col("supplier_code").str.to_uppercase(),
    ).drop_nulls(by)
    products = _sold(
        central.with_row_index("product").select("product", "product_id", "article_numbers", "suppliers")
    )
    hits = asked.join(products, on=by).with_columns(reason=_why_not_alone(by, "Article code"))
    zeros = (
        _without(asked, hits)
        .with_columns(bare=bare)
        .join(products.with_columns(bare=bare).rename({"key": "their_key"}), on=["supplier_id", "bare"])
        .filter(pl.col("bare") != "")
    )
    text = "The supplier's article code is {} in the central list: zeros in front differ."
    told = pl.concat([_found(hits), _found(zeros.with_columns(reason=pl.format(text, "their_key")))])
    rest = _without(asked, told)
    if deleted is not None:
        gone = rest.join(
            _sold(deleted.select("product_id", "name", "suppliers")).unique(by, keep="last"), on=by
        )
        told = pl.concat([told, _found(gone.with_columns(product=None, reason=_deleted("article code")))])
        rest = _without(rest, told)
    if listed is not None:
        codes = listed.select("supplier_id", key=_trimmed("article_code").str.to_uppercase()).unique()
        text = "Article code {} stands in the supplier's central list, but no central product has it."
        told = pl.concat([told, _found(_nowhere(rest.join(codes, on=by, how="semi"), text))])
    return told.sort("item", "product")


def _beside(own: pl.DataFrame, products: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Products whose other half has the article's EAN, or that have the EAN of the article's other half."""
    for mine, theirs, text in (
        ("gtin", "inside", "EAN {} is that of the piece inside this central product, not its own."),
        ("gtin", "around", "EAN {} is that of the carton around this central product, not its own."),
        ("unit_gtin", "gtin", "EAN {} is that of the piece inside the article, not the article's own."),
        ("carton_gtin", "gtin", "EAN {} is that of the carton around the article, not the article's own."),
    ):
        asked = own.select("item", key=mine).drop_nulls("key").filter(~is_restricted_number(pl.col("key")))
        found = asked.join(products.select("product", "product_id", key=theirs), on="key")
        code = pl.col("key").cast(pl.String).str.zfill(13)
        yield found.with_columns(code=code, reason=pl.format(text, code))


def _why_not_alone(by: list[str], what: str) -> pl.Expr:
    """Of rows that have a code (the columns `by`) in common with one product each: why that proves nothing; null: it does."""
    products, articles = pl.col("product").n_unique().over(by), pl.col("item").n_unique().over(by)
    others = pl.col("article_numbers").list.drop_nulls().list.set_difference(pl.concat_list("article_number"))
    is_linked = (pl.col("article_numbers").list.len() > 0) & (
        pl.col("article_numbers").list.contains(pl.col("article_number")).not_()
    )
    first = pl.col("article_number").unique(maintain_order=True).head(_NAMED).str.join(", ").over(by)
    return (
        pl.when(products > 1)
        .then(pl.format(f"{what} {{}} is that of {{}} central products.", "code", products))
        .when(articles > 1)
        .then(
            pl.format(
                f"{what} {{}} stands at {{}} articles of the file ({{}}{{}}); only one can be it.",
                "code",
                articles,
                first,
                pl.when(articles > _NAMED).then(pl.lit(" ...")).otherwise(pl.lit("")),
            )
        )
        .when(is_linked.fill_null(False))
        .then(pl.format("This central product is linked already, as {}.", others.list.join(", ")))
    )


def _sold(products: pl.DataFrame) -> pl.DataFrame:
    """One row an article code of a supplier: supplier_id, key (the code in capitals) and the product's other columns."""
    return (
        products.explode("suppliers", empty_as_null=True)
        .unnest("suppliers")
        .with_columns(key=_trimmed("article_code").str.to_uppercase())
        .drop_nulls(["supplier_id", "key"])
        .unique(["product_id", "supplier_id", "key"], maintain_order=True)
    )


def _deleted(what: str) -> pl.Expr:
    return pl.format(
        f"The central product with {what} {{}} ({{}}) was deleted.", "code", pl.col("name").fill_null("?")
    )


def _nowhere(rows: pl.DataFrame, text: str) -> pl.DataFrame:
    return rows.with_columns(product=None, product_id=None, reason=pl.format(text, "code"))


def _without(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    return rows.join(found.select("item").unique(), on="item", how="anti", maintain_order="left")


def _found(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in FOUND.items()
    )


def _gtin(column: str) -> pl.Expr:
    return gtin_number(pl.col(column).str.strip_chars())


def _trimmed(column: str) -> pl.Expr:
    """Without spaces around; null where nothing is left."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)
