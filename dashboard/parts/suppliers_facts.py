"""One supplier article in words: its fields, units, prices and images. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from dashboard.parts.details import Part
from dashboard.parts.words import STANDINGS, number, shown

#: Which field a finding without `field` is about.
_GUILTY = {
    "supplier-invalid-ean": "ean",
    "supplier-duplicate-ean": "ean",
    "supplier-missing-image": "images",
    "supplier-price-missing": "gross_price",
    "supplier-blocked": "standing",
    "supplier-inactive": "standing",
    "article-discontinued": "standing",
    "article-phasing-out": "standing",
    "article-unmatched": "match_code",
    "article-invalid-ean": "ean",
    "article-missing-image": "images",
    "article-no-active-price": "prices",
    "article-price-expired": "prices",
    "article-unknown-availability": "availability",
}


def guilty_field(finding: Mapping[str, Any]) -> str | None:
    """The field of the article that the finding is about."""
    return _GUILTY.get(finding["check"]) or finding["field"]


def article_parts(
    article: Mapping[str, Any], zone: tzinfo | None = None, guilty: str | None = None
) -> list[Part]:
    """The fields that people look at, without the empty ones that nobody asked about.

    Args:
        article: a row of `catalogue`.
        guilty: the field that is marked.
    """
    availability = article["availability_label"] or article["availability"]
    if article["availability_label"] and article["availability"]:
        availability = f"{article['availability_label']} ({article['availability']})"
    ean = shown(article["ean"])
    if article["ean_written"] and article["ean_written"] != article["ean"]:
        ean += f", written as {article['ean_written']}"
    fields = [
        ("article_code", "Article code", shown(article["article_code"])),
        ("match_code", "Your number, as it knows it", shown(article["match_code"])),
        ("company", "Company", shown(article["company"])),
        ("brand", "Brand", shown(article["brand"])),
        ("group", "Group", shown(article["group"])),
        ("standing", "Standing", STANDINGS.get(article["standing"], STANDINGS["unknown"])),
        ("availability", "Availability", shown(availability)),
        ("available_from", "Available from", day(article["available_from"])),
        ("ean", "EAN", ean),
        ("gross_price", "Gross price", euro(article["gross_price"])),
        ("recommended_price", "Recommended price", euro(article["recommended_price"])),
        ("prices", "Prices", _count(article["prices"])),
        ("images", "Images", _count(article["images"])),
        ("stock", "Stock", shown(article["stock"])),
        ("modified", "Changed at the supplier", shown(article["modified"], zone)),
    ]
    counts = {"prices", "images"}  # told in lists of their own, unless the finding is about them
    return [
        Part(name, title, text, name == guilty)
        for name, title, text in fields
        if name == guilty or (text != "–" and name not in counts)
    ]


def unit_words(unit: Mapping[str, Any]) -> dict[str, str]:
    """One packaging: `Carton`, its code, `6 piece`, whether it can be ordered."""
    inside = "–" if unit["amount"] is None else f"{shown(unit['amount'])} {unit['unit'] or ''}".strip()
    return {
        "Unit": unit["label"] or unit["package"] or "–",
        "EAN": unit["ean"] or "–",
        "Inside": inside,
        "Orderable": shown(unit["orderable"]),
    }


def price_words(price: Mapping[str, Any]) -> dict[str, str]:
    """One price: what it is, euro for how much, from which quantity, when it holds."""
    per = ""
    if price["unit"]:
        quantity = "" if price["quantity"] in (None, 1) else f"{shown(price['quantity'])} "
        per = f" per {quantity}{price['unit']}"
    since, until = price["valid_from"], price["valid_until"]
    holds = " ".join(
        part
        for part in (f"from {day(since)}" if since else "", f"until {day(until)}" if until else "")
        if part
    )
    return {
        "Price": price["label"] or price["kind"] or "–",
        "Euro": "–" if price["amount"] is None else f"{euro(price['amount'])}{per}",
        "From": "–" if price["minimum"] in (None, 0, 1) else shown(price["minimum"]),
        "Holds": holds or "–",
        "Yours alone": "yes" if price["own"] else "–",
        "Active": shown(price["active"]),
    }


def image_words(image: Mapping[str, Any]) -> dict[str, str]:
    """One image: its name, pixels, size; it is fetched only when somebody asks for it."""
    size = "–" if not image["width"] or not image["height"] else f"{image['width']:,} × {image['height']:,}"
    return {
        "Image": image["name"] or "without a name",
        "Pixels": size,
        "Size": "–" if not image["bytes"] else f"{number(image['bytes'] / 1000)} kB",
        "Can be fetched": "yes" if image["url"] else "no address",
    }


def euro(value: float | None) -> str:
    """`€ 1,204.50`; more decimals where a price has them."""
    if value is None:
        return "–"
    text = f"{value:,.4f}".rstrip("0")
    whole, _, cents = text.partition(".")
    return f"€ {whole}.{cents.ljust(2, '0')}"


def day(value: date | None) -> str:
    return "–" if value is None else value.strftime("%d %b %Y")


def _count(things: list[Any] | None) -> str:
    return "none" if not things else number(len(things))
