"""Own products beside the central products they have become: pure functions, frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.frames import SUPPLIER_CODES
from checks.gtin import gtin_number
from checks.rules.central import matched_by
from checks.rules.identifiers import FORBIDDEN
from dashboard.parts.assortment import Assortment, articles
from dashboard.parts.words import number, shown

CHECK = "own-became-central"

#: How sure one may be before linking; the words of the filter.
VERDICTS = {
    "safe": "Safe to link",
    "look": "Look first",
    "hand": "By hand",
}

#: What the verdicts mean, in a sentence.
MEANING = {
    "safe": "Same name and same content: the two are one product.",
    "look": "Name or content differ: perhaps the code was given to another product. Compare before linking.",
    "hand": "A plan leaves these to a person: only the code of the unit or carton matched, the central product is linked "
    "already, or the article number has a sign that the API refuses.",
}

_GRAMS_OR_MILLILITRES = {
    "g": 1.0,
    "gr": 1.0,
    "kg": 1000.0,
    "mg": 0.001,
    "ml": 1.0,
    "cl": 10.0,
    "dl": 100.0,
    "l": 1000.0,
}
_LIQUID = ("ml", "cl", "dl", "l")

MATCHED = {
    "own": "EAN",
    "unit": "EAN of its unit",
    "carton": "EAN of its carton",
    "supplier": "supplier's article code",
}


@dataclass(frozen=True)
class Line:
    """One field of both products, as shown. `differs` is None where the two cannot be compared."""

    title: str
    own: str
    central: str
    differs: bool | None


def compared(findings: pl.DataFrame, assortment: Assortment) -> pl.DataFrame:
    """One row per finding of own-became-central (KEPT rows of one source).

    Returns:
        id, key, code, matched, first_seen, and for own_ and central_: name, brand, amount, content, category, vat,
        storage; photos (of the own product), product_id (central), linked_as (the article number under which the
        central product is linked already), differs (list of titles), verdict, reason.
    """
    rows = findings.select("id", "key", "status", "first_seen", "message", code="value").with_columns(
        matched=pl.col("message").map_elements(matched_by, return_dtype=pl.String, skip_nulls=True)
    )
    rows = _beside(rows, assortment, "products", "key", "article_number", "own_", ["suppliers"])
    rows = rows.join(_central_of(rows, assortment), on="id", how="left", maintain_order="left")
    rows = _beside(rows, assortment, "central", "product_id", "product_id", "central_", [])
    rows = rows.join(assortment.photo_counts, on="key", how="left", maintain_order="left")
    if assortment.photos is not None:
        rows = rows.with_columns(pl.col("photos").fill_null(0))
    rows = rows.join(_linked_as(rows, assortment), on="id", how="left", maintain_order="left")
    return _judged(rows).drop("suppliers", "message")


def _beside(
    rows: pl.DataFrame, assortment: Assortment, frame: str, on: str, key: str, prefix: str, more: list[str]
) -> pl.DataFrame:
    """The rows with what is shown of the product that `on` names, under `prefix`."""
    products: pl.DataFrame | None = getattr(assortment, frame)
    if products is None:
        nothing = [pl.lit(None, dtype).alias(prefix + name) for name, dtype in _SHOWN.items()]
        return rows.with_columns(*nothing, *(pl.lit(None, SUPPLIER_CODES).alias(name) for name in more))
    there = products.filter(pl.col(key).is_in(rows[on].drop_nulls().implode()))
    shown = _readable(there, assortment).select(
        pl.col(key).alias(on), *more, *(pl.col(name).name.prefix(prefix) for name in _SHOWN)
    )
    return rows.join(shown, on=on, how="left", maintain_order="left")


_SHOWN: dict[str, Any] = {
    "name": pl.String,
    "ean": pl.String,
    "folded": pl.String,
    "brand": pl.String,
    "amount": pl.Float64,
    "content": pl.String,
    "category": pl.String,
    "vat": pl.Int64,
    "storage": pl.String,
}


def _readable(products: pl.DataFrame, assortment: Assortment) -> pl.DataFrame:
    """Products with names for ids, and content as one amount of grams, millilitres or pieces."""
    unit = pl.col("content_type").str.strip_chars().str.to_lowercase()
    factor = unit.replace_strict(_GRAMS_OR_MILLILITRES, default=1.0, return_dtype=pl.Float64)
    return products.with_columns(
        amount=(pl.col("total_content") * factor).round(3),
        content=pl.format(
            "{} {}", _trimmed(pl.col("total_content")), pl.col("content_type").str.strip_chars()
        ),
        vat=pl.col("vat_percentage"),
        category=_looked_up(pl.col("category_ids").list.first(), assortment.categories, "Category"),
        storage=_looked_up(
            pl.col("storage_condition_id"), assortment.storage_conditions, "Storage condition"
        ),
        folded=_folded(pl.col("name")),
    )


def _trimmed(amount: pl.Expr) -> pl.Expr:
    return amount.round(4).cast(pl.String).str.strip_suffix(".0")


def _folded(name: pl.Expr) -> pl.Expr:
    """A name without case, accents, signs and order of words: `Confituur - AARDBEI` is `aardbei confituur`."""
    words = (
        name.str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_all(r"\p{M}", "")
        .str.extract_all(r"[\p{L}\p{N}]+")
    )
    return words.list.sort().list.join(" ")


def _looked_up(ident: pl.Expr, table: pl.DataFrame | None, title: str) -> pl.Expr:
    unknown = pl.when(ident.is_not_null()).then(pl.format("{} {}", pl.lit(title), ident))
    if table is None or table.is_empty():
        return unknown
    names = table.drop_nulls("name").unique("id", keep="first")
    found = ident.replace_strict(names["id"], names["name"], default=None, return_dtype=pl.String)
    return pl.coalesce(found, unknown)


def _central_of(rows: pl.DataFrame, assortment: Assortment) -> pl.DataFrame:
    """id of the finding -> product_id of the central product whose code matched."""
    by_code = (
        rows.filter(pl.col("matched") != "supplier")
        .select("id", gtin=gtin_number(pl.col("code")))
        .join(assortment.central_codes, on="gtin", how="inner")
        .select("id", "product_id")
    )
    by_supplier = rows.filter(pl.col("matched") == "supplier").select("id", "code", "suppliers")
    if by_supplier.is_empty():
        return by_code
    ours = articles(by_supplier).filter(pl.col("article_code") == pl.col("code"))
    found = ours.join(assortment.central_articles, on=["supplier_id", "article_code"], how="inner")
    return pl.concat([by_code, found.select("id", "product_id")]).unique("id", keep="first")


def _linked_as(rows: pl.DataFrame, assortment: Assortment) -> pl.DataFrame:
    """id of the finding -> article number under which the same code is linked already."""
    ours = rows.select("id", gtin=gtin_number(pl.coalesce("central_ean", "code"))).drop_nulls()
    return ours.join(assortment.linked_codes, on="gtin", how="inner").select("id", "linked_as")


def _judged(both: pl.DataFrame) -> pl.DataFrame:
    """With `differs`, `verdict` and `reason`."""
    same_name = pl.col("own_folded") == pl.col("central_folded")
    same_content = (
        (pl.col("own_amount") - pl.col("central_amount")).abs() <= 0.001 * pl.col("own_amount").abs()
    ) & (_kind("own_content") == _kind("central_content"))
    seen = pl.col("central_name").is_not_null()
    differences = [
        ("name", ~same_name),
        ("brand", pl.col("own_brand").str.to_lowercase() != pl.col("central_brand").str.to_lowercase()),
        ("content", ~same_content),
        ("category", pl.col("own_category") != pl.col("central_category")),
        ("VAT", pl.col("own_vat") != pl.col("central_vat")),
        ("storage", pl.col("own_storage") != pl.col("central_storage")),
    ]
    differs = pl.concat_list(
        [pl.when(differing).then(pl.lit(title)) for title, differing in differences]
    ).list.drop_nulls()
    by_hand = pl.col("matched").is_in(["unit", "carton"])
    refused = pl.col("key").str.contains_any(list(FORBIDDEN))
    return both.with_columns(differs=differs).with_columns(
        verdict=pl.when(by_hand | refused | pl.col("linked_as").is_not_null())
        .then(pl.lit("hand"))
        .when((same_name & same_content).fill_null(False))
        .then(pl.lit("safe"))
        .otherwise(pl.lit("look")),
        reason=pl.when(refused)
        .then(pl.lit("The article number has a sign that the API refuses."))
        .when(pl.col("linked_as").is_not_null())
        .then(pl.format("The central product is linked already, as article {}: keep that one.", "linked_as"))
        .when(pl.col("matched") == "unit")
        .then(pl.lit("Only the code of its unit matched."))
        .when(pl.col("matched") == "carton")
        .then(pl.lit("Only the code of its carton matched."))
        .when(~seen)
        .then(pl.lit("The central product itself was not collected, so it cannot be compared here."))
        .when((same_name & same_content).fill_null(False))
        .then(pl.lit("Same name and content."))
        .otherwise(pl.format("Different: {}.", pl.col("differs").list.join(", "))),
    )


def _kind(column: str) -> pl.Expr:
    """Grams, millilitres or something counted: only contents of one kind can be equal."""
    unit = pl.col(column).str.extract(r"([\p{L}]+)\s*$").str.to_lowercase()
    weight = [name for name in _GRAMS_OR_MILLILITRES if name not in _LIQUID]
    return (
        pl.when(unit.is_in(_LIQUID))
        .then(pl.lit("ml"))
        .when(unit.is_in(weight))
        .then(pl.lit("g"))
        .otherwise(unit)
    )


def side_by_side(row: Mapping[str, Any]) -> list[Line]:
    """The fields of one row of `compared`, aligned."""
    differing = set(row["differs"])
    lines = []
    for title, column in (
        ("Name", "name"),
        ("Brand", "brand"),
        ("Content", "content"),
        ("Category", "category"),
        ("VAT", "vat"),
        ("Storage", "storage"),
    ):
        own, central = row[f"own_{column}"], row[f"central_{column}"]
        known = own is not None and central is not None
        sign = " %" if title == "VAT" else ""
        lines.append(
            Line(
                title,
                shown(own) + (sign if own is not None else ""),
                shown(central) + (sign if central is not None else ""),
                (title if title == "VAT" else title.lower()) in differing if known else None,
            )
        )
    own_photos = row["photos"]
    words = (
        "not known"
        if own_photos is None
        else "none"
        if own_photos == 0
        else f"{number(own_photos)} of your own"
    )
    lines.append(Line("Photo", words, "the central one", None))
    return lines
