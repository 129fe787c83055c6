"""Products and the central database: own-became-central, own-and-linked and linked-central-deleted."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.gtin import gtin_number, has_code
from checks.rules.check import ROW, Check, Context, Question

#: How a product was recognised, strongest first, with how its message begins.
MATCHES = {
    "own": "Its own EAN ",
    "unit": "Its unit's EAN ",
    "carton": "Its carton's EAN ",
    "supplier": "It has no EAN, but article code ",
}


def matched_by(message: str) -> str | None:
    """Which code of the product matched, read from a message of own-became-central: a key of `MATCHES`."""
    return next((kind for kind, opening in MATCHES.items() if message.startswith(opening)), None)


def _became_central(context: Context) -> Iterator[Question]:
    central = (
        context.frames["central_eans"]
        .lazy()
        .select(gtin=gtin_number(pl.col("ean")))
        .filter(pl.col("gtin").is_not_null())
    )
    articles = (
        context.frames["supplier_articles"]
        .lazy()
        .select("supplier_id", pl.col("article_code").str.strip_chars(), "supplier")
    )

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        codes = pl.concat(
            [
                rows.select(ROW, code="ean", gtin="gtin", strength=pl.lit(0, pl.UInt8)),
                *(
                    rows.filter(pl.col(column).list.len() > 0)
                    .select(ROW, code=column, strength=pl.lit(strength, pl.UInt8))
                    .explode("code")
                    .select(ROW, "code", gtin_number(pl.col("code")).alias("gtin"), "strength")
                    for strength, column in ((1, "unit_eans"), (2, "package_eans"))
                ),
            ]
        )
        by_code = codes.join(central, on="gtin", how="semi")
        by_supplier = (
            rows.filter(~has_code(pl.col("ean")) & (pl.col("suppliers").list.len() > 0))
            .select(ROW, code="suppliers")
            .explode("code")
            .select(
                ROW,
                supplier_id=pl.col("code").struct.field("supplier_id"),
                article_code=pl.col("code").struct.field("article_code").str.strip_chars(),
            )
            .join(articles, on=["supplier_id", "article_code"], how="inner")
            .select(
                ROW,
                code="article_code",
                strength=pl.lit(3, pl.UInt8),
                supplier=pl.format("{} ({})", "supplier_id", pl.col("supplier").fill_null("no name")),
            )
        )
        matches = pl.concat([by_code.drop("gtin"), by_supplier], how="diagonal")
        return matches.sort(ROW, "strength", "code").unique(ROW, keep="first", maintain_order=True)

    code, strength = pl.col("code"), pl.col("strength")
    opening = (
        pl.when(strength == 0).then(pl.lit(MATCHES["own"])).when(strength == 1).then(pl.lit(MATCHES["unit"]))
    )
    listed = pl.format("{}{} is in the central EAN list.", opening.otherwise(pl.lit(MATCHES["carton"])), code)
    supplied = pl.format("{}{} of supplier {} is central.", pl.lit(MATCHES["supplier"]), code, "supplier")
    yield Question(
        frame="products",
        let=(context.gtins("products"),),
        wrong=search,
        value=code,
        message=pl.when(strength < 3).then(listed).otherwise(supplied),
    )


OWN_BECAME_CENTRAL = Check(
    id="own-became-central",
    title="Own product became central",
    why="The central database now has this product, with its photo and texts kept up to date for everybody. Your own "
    "copy stands beside it: customers may see it twice, and every correction is yours to make.",
    severity="error",
    entity="product",
    needs={
        "products": ("article_number", "ean", "unit_eans", "package_eans", "suppliers"),
        "central_eans": ("ean",),
        "supplier_articles": ("supplier_id", "article_code"),
    },
    needs_rows=("central_eans",),
    fix="link-central",
    area="products",
    guide="Products, CentralProducts (GetEan, GetArticlecodesBySupplier) and LinkProducts",
    advice="Compare the own and the central product, then link: the own product is deleted and your article number is "
    "linked to the central one, with your price, promotion and client prices.",
    ask=_became_central,
)


def _own_and_linked(context: Context) -> Iterator[Question]:
    linked = (
        context.frames["linked_products"]
        .lazy()
        .select(gtin=gtin_number(pl.col("ean")), linked="article_number")
        .filter(pl.col("gtin").is_not_null())
    )

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        return (
            rows.select(ROW, "gtin")
            .join(linked, on="gtin", how="inner")
            .group_by(ROW)
            .agg(pl.col("linked").min(), count=pl.len())
        )

    others = (
        pl.when(pl.col("count") > 1)
        .then(pl.format(" and {} more", pl.col("count") - 1))
        .otherwise(pl.lit(""))
    )
    yield Question(
        frame="products",
        let=(context.gtins("products"),),
        wrong=search,
        value=pl.col("ean"),
        message=pl.format("EAN {} is also linked, as article {}{}.", "ean", "linked", others),
    )


OWN_AND_LINKED = Check(
    id="own-and-linked",
    title="Both own and linked",
    why="The same product is in your shop twice: once as your own and once linked to the central database. Stock, price "
    "and orders are split over two article numbers.",
    severity="error",
    entity="product",
    needs={"products": ("article_number", "ean"), "linked_products": ("article_number", "ean")},
    fix="delete-own",
    area="products",
    guide="Products (DELETE) and LinkProducts",
    advice="Keep the linked product and delete your own, after moving what only the own one has (client prices).",
    ask=_own_and_linked,
)


def _central_deleted(context: Context) -> Iterator[Question]:
    def gtins(frame: str) -> pl.LazyFrame:
        codes = context.frames[frame].lazy().select(gtin=gtin_number(pl.col("ean")))
        return codes.filter(pl.col("gtin").is_not_null())

    def supplied(rows: pl.LazyFrame, *kept: str) -> pl.LazyFrame:
        filled = (
            rows.filter(pl.col("suppliers").list.len() > 0).select(*kept, "suppliers").explode("suppliers")
        )
        article_code = pl.col("suppliers").struct.field("article_code").str.strip_chars()
        return filled.select(
            *kept, supplier_id=pl.col("suppliers").struct.field("supplier_id"), article_code=article_code
        )

    deleted = context.frames["deleted_central_products"].lazy()
    live = context.frames["supplier_articles"].lazy()
    live = live.select("supplier_id", pl.col("article_code").str.strip_chars())
    by = ["supplier_id", "article_code"]

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        by_code = (
            rows.select(ROW, "gtin", code="ean")
            .join(gtins("deleted_central_products"), on="gtin", how="semi")
            .join(gtins("central_eans"), on="gtin", how="anti")
            .select(ROW, "code")
        )
        pairs = supplied(rows.filter(~has_code(pl.col("ean"))), ROW)
        by_supplier = (
            pairs.join(supplied(deleted), on=by, how="semi")
            # A product that has a live code beside the deleted one lives on under that.
            .join(pairs.join(live, on=by, how="semi"), on=ROW, how="anti")
            .group_by(ROW)
            .agg(pl.col("supplier_id", "article_code").sort_by(by).first())
            .select(ROW, code="article_code", supplier="supplier_id")
        )
        return pl.concat([by_code, by_supplier], how="diagonal")

    code, supplier = pl.col("code"), pl.col("supplier")
    yield Question(
        frame="linked_products",
        let=(context.gtins("linked_products"),),
        wrong=search,
        value=code,
        message=pl.when(supplier.is_null())
        .then(pl.format("The central product with EAN {} was deleted.", code))
        .otherwise(pl.format("Article code {} of supplier {} was deleted.", code, supplier)),
    )


LINKED_CENTRAL_DELETED = Check(
    id="linked-central-deleted",
    title="Linked to a deleted central product",
    why="The central database gave the product up, so nobody keeps its texts, photo and allergens right any more; it may "
    "vanish from your shop at any time.",
    severity="error",
    entity="product",
    needs={
        "linked_products": ("article_number", "ean", "suppliers"),
        "deleted_central_products": ("ean", "suppliers"),
        "central_eans": ("ean",),
        "supplier_articles": ("supplier_id", "article_code"),
    },
    needs_rows=("central_eans",),
    fix="unlink",
    area="products",
    guide="Chapter 5.1: CentralProducts (DeletedProducts); chapter 7.1: LinkProducts",
    advice="Find out whether another central product replaced it and link that one; if you go on selling it yourself, make "
    "it an own product.",
    ask=_central_deleted,
)
