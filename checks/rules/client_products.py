"""Prices of one client: client-product-unknown-article, -unknown-client and -same-price."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Check, Context, Question, numbers, trimmed
from checks.rules.prices import euro

ARTICLE, CLIENT = pl.col("article_number"), pl.col("client_number")
ASSORTMENT = ("products", "linked_products")

#: Prices that differ by less are the same to the cent.
SAME = 0.005


def _unknown_article(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "article_number", *ASSORTMENT)
    yield Question(
        frame="client_prices",
        wrong=lambda rows: rows.join(known, left_on=trimmed("article_number"), right_on="number", how="anti"),
        value=ARTICLE,
        message=pl.format("Article {} is neither an own nor a linked product.", ARTICLE),
    )


CLIENT_PRODUCT_UNKNOWN_ARTICLE = Check(
    id="client-product-unknown-article",
    title="Client price of an unknown article",
    why="The price is of a product that the shop does not have: the client gets nothing of it, and once the number is "
    "used again, an old price is in force.",
    severity="error",
    entity="client-product",
    needs={
        "client_prices": ("article_number", "client_number"),
        **dict.fromkeys(ASSORTMENT, ("article_number",)),
    },
    needs_rows=(ASSORTMENT,),
    fix="delete-client-product",
    area="prices",
    guide="Chapter 9.1: ClientProducts",
    advice="Delete the row; if the article got another number, give the client its price there first.",
    ask=_unknown_article,
)


def _unknown_client(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "client_number", "clients")
    yield Question(
        frame="client_prices",
        wrong=lambda rows: rows.join(known, left_on=trimmed("client_number"), right_on="number", how="anti"),
        value=CLIENT,
        message=pl.format("Client {} does not exist.", CLIENT),
    )


CLIENT_PRODUCT_UNKNOWN_CLIENT = Check(
    id="client-product-unknown-client",
    title="Client price of an unknown client",
    why="The price is for nobody. An exclusive product of a client that is gone can be ordered by no one at all.",
    severity="error",
    entity="client-product",
    needs={"client_prices": ("article_number", "client_number"), "clients": ("client_number",)},
    needs_rows=("clients",),
    fix="delete-client-product",
    area="prices",
    guide="Chapter 9.1: ClientProducts; chapter 8.2: Clients",
    advice="Delete the row; if the client got another number, give that one the price first.",
    ask=_unknown_client,
)


def _same_price(context: Context) -> Iterator[Question]:
    listed = pl.concat(
        [
            context.frames[name]
            .lazy()
            .select(number=trimmed("article_number"), list_price="sales_price")
            .drop_nulls()
            for name in ASSORTMENT
        ]
    )

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        priced = rows.join(listed, left_on=trimmed("article_number"), right_on="number", how="inner")
        return priced.filter((pl.col("sales_price") - pl.col("list_price")).abs() < SAME)

    price = euro(pl.col("sales_price"))
    also = (
        pl.when(pl.col("exclusive"))
        .then(pl.lit(" It also makes the product exclusive for this client."))
        .otherwise(pl.lit(""))
    )
    yield Question(
        frame="client_prices",
        asked=pl.col("sales_price").is_not_null() & pl.col("promo_price").is_null(),
        wrong=search,
        value=price,
        message=pl.format("The client's price {} is the list price.{}", price, also),
    )


CLIENT_PRODUCT_SAME_PRICE = Check(
    id="client-product-same-price",
    title="Client price equals the list price",
    why="It gives the client nothing, and when the list price changes it stays behind as an agreement that nobody made.",
    severity="info",
    entity="client-product",
    needs={
        "client_prices": ("article_number", "client_number", "sales_price", "promo_price"),
        **dict.fromkeys(ASSORTMENT, ("article_number", "sales_price")),
    },
    needs_rows=(ASSORTMENT,),
    fix="delete-client-product",
    area="prices",
    guide="Chapter 9.1: ClientProducts; chapter 3.9",
    advice="Delete the row, unless the price was agreed to stay or the row makes the product exclusive.",
    ask=_same_price,
)
