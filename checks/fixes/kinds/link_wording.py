"""What linking a product means, as sentences: what goes, what is carried over, what is kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.fixes.compare import shown
from checks.fixes.model import Before
from checks.fixes.wording import count, day, names
from checks.sources.oresto import bodies


def consequences(before: Before) -> Iterator[str]:
    """The sentences of one product's plan, in the order in which a person asks."""
    yield _goes(before)
    yield f"Carried over: {sold_as(bodies.sales_fields(before['own']))}."
    if before["client_prices"]:
        yield f"Kept: {count(len(before['client_prices']), 'client price')}, set again after linking."
    if before["not_put_back"]:
        yield f"If linking fails the product is put back, but without: {names(before['not_put_back'])}."


def undo(before: Before) -> str:
    """How it is undone."""
    extras = names(
        [count(len(before["photos"]), "photo"), count(len(before["client_prices"]), "client price")]
    )
    return f"The link is deleted and the own product made again, with its texts, {extras}."


def _goes(before: Before) -> str:
    own = before["own"]
    languages = [str(text.get("LanguageCode")) for text in own.get("Localizations") or []]
    brand = (own.get("Brand") or {}).get("Name")
    photos = len(before["photos"])
    parts = [
        f"{photos} photos" if photos > 1 else "photo" if photos else "",
        f"texts ({', '.join(languages)})" if languages else "",
        f"brand ({brand})" if brand else "",
        "category",
        "content",
        "VAT",
        f"EAN {own['EanCode']}" if own.get("EanCode") else "",
    ]
    central = before["central"]
    which = central["name"] or central["EanCode"] or "the central product"
    return f"Goes: its own {names(part for part in parts if part)}; those of central product {which} apply."


def sold_as(sales: dict[str, Any]) -> str:
    """How a product is sold, in words: `list price 9.95 per ST, active`. `sales`: a POST body."""
    price = sales.get("SalesPriceList")
    parts = [
        f"list price {price} per {sales['UnitSalesPrice']}"
        if price is not None
        else f"no list price, per {sales['UnitSalesPrice']}",
        _promo(sales),
        "active" if sales["Active"] else "not active",
        "on order only" if sales["OnOrder"] else "",
        f"order quantity {sales['OrderQuantity']}" if sales.get("OrderQuantity") is not None else "",
        "temporarily unavailable" if sales.get("TemporarilyUnavailable") else "",
        *(
            f"{word} {note['LanguageCode']} ({shown(note[name])})"
            for note in sales.get("WholesalerProductLocalizations") or []
            for name, word in (("PromoDescription", "promo text"), ("Information", "information"))
            if name in note
        ),
    ]
    return names(part for part in parts if part)


def _promo(sales: dict[str, Any]) -> str:
    price = sales.get("SalesPriceListPromo")
    start, end = sales.get("PromoValidFromUtc"), sales.get("PromoValidUntilUtc")
    if price is None and start is None and end is None:
        return ""
    words = [f"promo {price}" if price is not None else "promo dates"]
    words += [f"from {day(start)}"] if start else []
    words += [f"until {day(end)}"] if end else []
    return " ".join(words)
