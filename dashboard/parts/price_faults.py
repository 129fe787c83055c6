"""Findings on prices, texts and quantities beside the fields that they are about. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

#: Checks about own products, and about client prices, in the order of the page.
OF_PRODUCTS = ("price-missing", "promo-invalid", "text-missing", "multiplier-invalid", "package-mismatch")
OF_CLIENT_PRICES = (
    "client-product-unknown-article",
    "client-product-unknown-client",
    "client-product-same-price",
)
#: Checks about own and linked products beside the same article at a supplier.
OF_SUPPLIERS = ("sold-but-discontinued", "price-below-cost", "description-differs")
CHECKS_HERE = (*OF_PRODUCTS, *OF_CLIENT_PRICES, *OF_SUPPLIERS)

#: What each check is called where all of them are offered side by side.
WORDS = {
    "price-missing": "No list price",
    "promo-invalid": "Promo",
    "text-missing": "Texts",
    "multiplier-invalid": "Multiplier",
    "package-mismatch": "Cartons",
    "client-product-unknown-article": "Client price, no article",
    "client-product-unknown-client": "Client price, no client",
    "client-product-same-price": "Client price = list price",
    "sold-but-discontinued": "Gone at the supplier",
    "price-below-cost": "Below cost",
    "description-differs": "Other description",
}

LANGUAGES = {"nld": "Dutch", "fra": "French", "deu": "German", "eng": "English"}

#: How far a client price may be from the list price and still be the same, euro; as the check has it.
SAME = 0.005

_TOUCHED = ("orders", "turnover", "clients")


def language(code: str) -> str:
    return LANGUAGES.get(code, code)


def product_faults(found: pl.DataFrame, products: pl.DataFrame | None, touched: pl.DataFrame) -> pl.DataFrame:
    """Findings of one check about products with their product, what touches most first; one row an article.

    Args:
        found: open findings of the check, as `loading.open_findings` gives them.
        products: the frame, of checks in OF_SUPPLIERS with linked products too; None when it was never collected.
        touched: `checks.impact.IMPACT`.

    Returns id (of the article's first finding), article_number, name, brand, sales_price, promo_price, promo_from,
    promo_until, unit_sales_price, multiplier_amount, multiplier_type, is_package, amount_of_units, has and misses
    (languages in words), orders, turnover, clients, message, first_seen.
    """
    by_article = found.group_by(article_number="key", maintain_order=True).agg(
        pl.col("id").first(),
        pl.col("message").first(),
        pl.col("first_seen").min(),
        told=pl.col("name").first(),
        misses=pl.col("field").drop_nulls().unique(maintain_order=True),
    )
    wanted = (
        "brand",
        "sales_price",
        "promo_price",
        "promo_from",
        "promo_until",
        "unit_sales_price",
        "multiplier_amount",
        "multiplier_type",
        "is_package",
        "amount_of_units",
    )
    own = (
        pl.DataFrame(schema={"article_number": pl.String, "name": pl.String, **_NO_PRODUCT})
        if products is None
        else products.select("article_number", "name", "texts", *wanted)
    )
    rows = by_article.join(own, on="article_number", how="left", maintain_order="left")
    words = {**LANGUAGES}
    has = (
        pl.col("texts")
        .list.eval(
            pl.element()
            .filter(pl.element().struct.field("name").str.strip_chars() != "")
            .struct.field("language")
            .str.strip_chars()
            .str.to_lowercase()
        )
        .list.unique(maintain_order=True)
    )
    return (
        rows.with_columns(
            name=pl.coalesce("name", "told"),
            has=has.list.eval(pl.element().replace(words)),
            misses=pl.col("misses").list.eval(pl.element().replace(words)),
        )
        .join(touched, on="article_number", how="left", maintain_order="left")
        .with_columns(pl.col(name).fill_null(0) for name in _TOUCHED)
        .sort("turnover", "orders", "clients", "article_number", descending=[True, True, True, False])
        .select(
            "id",
            "article_number",
            "name",
            *wanted,
            "has",
            "misses",
            *_TOUCHED,
            "message",
            "first_seen",
        )
    )


_NO_PRODUCT: dict[str, Any] = {
    "texts": pl.List(pl.Struct({"language": pl.String, "name": pl.String, "description": pl.String})),
    "brand": pl.String,
    "sales_price": pl.Float64,
    "promo_price": pl.Float64,
    "promo_from": pl.Datetime("us", "UTC"),
    "promo_until": pl.Datetime("us", "UTC"),
    "unit_sales_price": pl.String,
    "multiplier_amount": pl.Float64,
    "multiplier_type": pl.String,
    "is_package": pl.Boolean,
    "amount_of_units": pl.Int64,
}


def client_price_faults(
    found: pl.DataFrame,
    prices: pl.DataFrame | None,
    articles: pl.DataFrame | None,
    clients: pl.DataFrame,
) -> pl.DataFrame:
    """Findings of one check in OF_CLIENT_PRICES with their price row.

    Args:
        found: open findings of the check; their key is `article|client`.
        prices: the frame client_prices, None when it was never collected.
        articles: article_number, name, sales_price; None when not known.
        clients: client_number, client: what each client is called.

    Returns id, article_number, name, client_number, client, sales_price, promo_price, list_price, exclusive, message,
    first_seen; by article, then client.
    """
    key = pl.col("key")
    rows = found.select(
        "id",
        "message",
        "first_seen",
        article_number=key.str.replace(r"\|[^|]*$", ""),
        client_number=key.str.extract(r"\|([^|]*)$"),
    )
    known = (
        pl.DataFrame(
            schema={
                "article_number": pl.String,
                "client_number": pl.String,
                "sales_price": pl.Float64,
                "promo_price": pl.Float64,
                "exclusive": pl.Boolean,
            }
        )
        if prices is None
        else prices.select(
            "article_number", "client_number", "sales_price", "promo_price", "exclusive"
        ).unique(["article_number", "client_number"], keep="first")
    )
    names = (
        pl.DataFrame(schema={"article_number": pl.String, "name": pl.String, "list_price": pl.Float64})
        if articles is None
        else articles.select("article_number", "name", list_price="sales_price")
    )
    return (
        rows.join(known, on=["article_number", "client_number"], how="left", maintain_order="left")
        .join(names, on="article_number", how="left", maintain_order="left")
        .join(clients, on="client_number", how="left", maintain_order="left")
        .sort("article_number", "client_number")
        .select(
            "id",
            "article_number",
            "name",
            "client_number",
            "client",
            "sales_price",
            "promo_price",
            "list_price",
            "exclusive",
            "message",
            "first_seen",
        )
    )


def keys_of(check: str, rows: pl.DataFrame) -> list[str]:
    """What the findings of these rows are kept under, each once: article numbers, or `article|client`."""
    if check not in OF_CLIENT_PRICES:
        return rows["article_number"].to_list()
    return rows.select(pl.format("{}|{}", "article_number", "client_number")).to_series().to_list()


def fault(check: str, now: datetime) -> pl.Expr:
    """What is wrong with a row of `product_faults`, in two or three words; beside a supplier, in a sentence."""
    if check in OF_SUPPLIERS:
        return _without_name()
    price, promo, units = (pl.col(name) for name in ("sales_price", "promo_price", "amount_of_units"))
    since, until = pl.col("promo_from"), pl.col("promo_until")
    return {
        "price-missing": pl.when(price.is_null()).then(pl.lit("No price")).otherwise(pl.lit("Price is 0")),
        "promo-invalid": pl.when(promo >= price)
        .then(pl.lit("Not below list price"))
        .when(until < since)
        .then(pl.lit("Ends before it starts"))
        .when(until < pl.lit(now, dtype=pl.Datetime("us", "UTC")))
        .then(pl.lit("Ended"))
        .otherwise(pl.lit("Changed since")),
        "text-missing": pl.format("No {}", pl.col("misses").list.join(", no ")),
        "multiplier-invalid": pl.when(pl.col("multiplier_amount").fill_null(0) > 0)
        .then(pl.lit("No unit"))
        .otherwise(pl.lit("No amount")),
        "package-mismatch": pl.when(units.is_null())
        .then(pl.lit("No unit count"))
        .otherwise(pl.format("Carton of {}", units)),
    }[check]


def _without_name() -> pl.Expr:
    """The message, which begins with the name of the product, without what the column before it says already."""
    message, named = pl.col("message"), pl.format("{} ", pl.col("name"))
    rest = message.str.strip_prefix(named)
    capital = pl.concat_str(rest.str.head(1).str.to_uppercase(), rest.str.slice(1))
    return pl.when(message.str.starts_with(named)).then(capital).otherwise(message)


def searched(rows: pl.DataFrame, text: str) -> pl.DataFrame:
    """Rows that hold every word of `text` in article, name, brand, client or what is wrong."""
    columns = [
        name
        for name in ("article_number", "name", "brand", "client_number", "client", "message")
        if name in rows.columns
    ]
    wanted = [
        pl.any_horizontal(
            pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
            for column in columns
        )
        for word in text.lower().split()
    ]
    return rows.filter(wanted) if wanted else rows


def guilty_fields(check: str, row: Mapping[str, Any], now: datetime) -> set[str]:
    """Which fields of a product the finding is about: those that a person has to look at."""
    if check in ("price-missing", "price-below-cost"):
        return {"sales_price"}
    if check == "promo-invalid":
        return _guilty_promo(row, now)
    if check == "text-missing":
        return {"misses"}
    if check == "multiplier-invalid":
        has_amount = (row["multiplier_amount"] or 0) > 0
        return {"multiplier_type"} if has_amount else {"multiplier_amount"}
    if check == "package-mismatch":
        return {"amount_of_units"}
    return set()


def _guilty_promo(row: Mapping[str, Any], now: datetime) -> set[str]:
    promo, price, since, until = (
        row[name] for name in ("promo_price", "sales_price", "promo_from", "promo_until")
    )
    guilty = set()
    if promo is not None and price is not None and promo >= price:
        guilty.add("promo_price")
    if since is not None and until is not None and until < since:
        guilty |= {"promo_from", "promo_until"}
    if until is not None and until < now:
        guilty.add("promo_until")
    return guilty or {"promo_price"}


@dataclass(frozen=True)
class Spread:
    """How the clients' prices of one article lie: how many there are, and how many below, at and above the list price."""

    clients: int
    lowest: float
    median: float
    highest: float
    below: int
    same: int
    above: int


def spread(prices: pl.DataFrame, list_price: float | None) -> Spread | None:
    """The spread of one article's client prices; None when no client has one.

    Args:
        prices: rows of client_prices of the article.
        list_price: euro; without one nothing is below, at or above it.
    """
    paid = prices["sales_price"].drop_nulls().alias("paid")
    if paid.is_empty():
        return None
    below = same = above = 0
    if list_price:
        away = paid - list_price
        below, above = int((away <= -SAME).sum()), int((away >= SAME).sum())
        same = paid.len() - below - above
    low, middle, high = (
        paid.to_frame()
        .select(low=pl.col("paid").min(), middle=pl.col("paid").median(), high=pl.col("paid").max())
        .row(0)
    )
    return Spread(paid.len(), low, middle, high, below, same, above)


def spread_words(told: Spread, list_price: float | None) -> str:
    """The spread in a sentence."""
    who = f"{told.clients:,} client{'s have prices' if told.clients > 1 else ' has a price'} of their own"
    if told.lowest == told.highest:
        what = f"{who}: € {told.lowest:,.2f}"
    else:
        what = (
            f"{who}: € {told.lowest:,.2f} to € {told.highest:,.2f}, half of them at most € {told.median:,.2f}"
        )
    if not list_price:
        return f"{what}. There is no list price beside it."
    parts = [
        f"{count:,} {word}"
        for count, word in ((told.below, "below"), (told.same, "at"), (told.above, "above"))
        if count
    ]
    return f"{what}. Against the list price of € {list_price:,.2f}: {', '.join(parts)} it."
