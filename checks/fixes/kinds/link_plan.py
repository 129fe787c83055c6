"""Planning of link-central: which central product, what speaks against it, what goes and what is kept.

A product is linked by the code that matched: its own EAN, or, where it has none, its supplier's article code. Everything
doubtful is left to a person, with the reason and the step that helps.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import polars as pl

from checks.fixes.central_list import by_gtin, gtin
from checks.fixes.compare import differences, listed, word
from checks.fixes.kinds.link_wording import consequences, undo
from checks.fixes.kinds.reading import Survey, own_product
from checks.fixes.model import Before, NotPlanned, Planned
from checks.fixes.shop import Shop
from checks.fixes.wording import names, product_name
from checks.gtin import is_restricted
from checks.rules.identifiers import FORBIDDEN
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Json

Row = dict[str, Any]
Code = dict[str, Any]

#: Which other code matched (`checks.rules.central.matched_by`) -> why that is not enough.
OTHER_CODE = {
    "unit": "Only the code of its unit is central, not its own: it would be sold as another thing.",
    "carton": "Only the code of its carton is central, not its own: it would be sold as another thing.",
}
STEP_OTHER_CODE = "Compare the two by hand; link the unit or the carton under an article number of its own."
STEP_FORBIDDEN = (
    "Give the product an article number without these signs in your own system, then link that one."
)

_RESTRICTED = (
    "Its EAN {} is an in-store number, which each shop gives out itself: the central product with that number is another "
    "one. Give the product its maker's EAN, or none."
)
_NOT_FOUND = "No central product has its code any more. Run a health check to look anew."
_NO_UNIT = "It has no unit sales price, which a link must have. Set one first (set-reference)."
_UNKNOWN_UNIT = "Its unit sales price {} is not in the lookup table, and a link must have one. Set another first (set-reference)."
_NO_FLAG = (
    "The shop's answer does not say whether it is {}, and a link must. See Data, drift of frame products."
)
_ELSEWHERE = (
    "The central product is linked already, as article {}. Keep that one and delete your own (delete-own)."
)
OWN_AND_LINKED = "The same product is linked already (finding own-and-linked). Keep that one and delete your own (delete-own)."
_PRICE_LOST = (
    "The price of client {} would be lost: there is no such client, or it has two prices, so it cannot be set again after "
    "linking. Delete that client price, or mend its client, first."
)
_NAMELESS = "One of its client prices has no client number, so it could not be set again. Mend that row in the shop first."
_NOT_TAKEN = "Cannot be undone now: the shop would not take the own product again, because {}."
_CLIENT_GONE = (
    "Cannot be undone now: the price of client {} would be lost, for there is no such client any more."
)
_TWICE = "{} of this plan links to the same central product. Link one of them, delete the other (delete-own)."


def survey(shop: Shop, keys: Collection[str]) -> Survey:
    """Reads the lookup tables and, if any of the keys has client prices, the clients."""
    priced = any(shop.has_client_prices(key) for key in keys)
    return Survey(shop.references(), shop.clients() if priced else None)


def plan(shop: Shop, survey: Survey, key: str) -> Planned | NotPlanned:
    """Reads one own product and its central one, and freezes what linking it would take."""
    if reason := forbidden(key):
        return NotPlanned(key, f"{reason} {STEP_FORBIDDEN}")
    own = own_product(shop, key)
    if isinstance(own, NotPlanned):
        return own
    found = _match(shop, own)
    if isinstance(found, str):
        return NotPlanned(key, found)
    code, central = found
    prices = shop.client_prices(key)
    reason = (
        linked_elsewhere(key, central)
        or _cannot_link(own, survey)
        or survey.references.refusal(bodies.product_body(own))
        or price_lost(prices, survey.clients)
    )
    return NotPlanned(key, reason) if reason else _freeze(shop, key, own, prices, code, central)


def forbidden(key: str) -> str | None:
    """Why POST LinkProducts would refuse this article number; None when it would not (guide, character rule)."""
    signs = sorted(set(key) & set(FORBIDDEN))
    return (
        f"Its article number holds {' '.join(signs)}, which the shop refuses on creation." if signs else None
    )


def linked_elsewhere(key: str, central: Json) -> str | None:
    """Why a central product that another article number uses may not be linked again."""
    others = used_by(central, key)
    return _ELSEWHERE.format(others[0]) if others else None


def used_by(central: Json, key: str) -> list[str]:
    """The other article numbers that are linked to a central product."""
    used = [
        str(one.get("WholesalerArticleNumber")) for one in central.get("WholesalerProductInformation") or []
    ]
    return [number for number in used if number != key]


def one_for_each_central(results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
    """Two own products of one plan must not become links to the same central product: the first is planned."""
    return first_of_each(results, lambda before: str(before["central"]["Id"]), _TWICE)


def first_of_each(
    results: list[Planned | NotPlanned], what: Callable[[Before], str | None], why: str
) -> list[Planned | NotPlanned]:
    """Of the keys for which `what` gives the same, only the first is planned; None is like no other.

    `why`: the reason, with a place for the key that goes first.
    """
    first: dict[str, str] = {}
    settled: list[Planned | NotPlanned] = []
    for one in results:
        same = what(one.before) if isinstance(one, Planned) else None
        if same is None or first.setdefault(same, one.key) == one.key:
            settled.append(one)
        else:
            settled.append(NotPlanned(one.key, why.format(first[same])))
    return settled


def photo_key(row: Json) -> tuple[str, str, str]:
    """What tells a photo from another one: id, name and language. Its address may change by itself."""
    return (str(row.get("PhotoId")), str(row.get("PhotoName")), str(row.get("LanguageCode") or ""))


def _match(shop: Shop, own: Row) -> tuple[Code, Row] | str:
    """The code that matched with its central product, or why there is none to link to."""
    ean = (own.get("EanCode") or "").strip()
    wanted = gtin(ean)
    if wanted is not None and pl.select(is_restricted(pl.lit(wanted, dtype=pl.String))).item():
        return _RESTRICTED.format(ean)
    if wanted is not None:
        central = by_gtin(shop, ean, wanted)
        if central is not None:
            return {"EanCode": central["EanCode"]}, central
    for supplier in [] if ean else own.get("Suppliers") or []:
        if supplier.get("Id") is None or not supplier.get("ArticleCode"):
            continue
        is_package = bool(own.get("IsPackageProduct"))
        code = {"Supplier": {"Id": supplier["Id"], "ArticleCode": supplier["ArticleCode"].strip()}}
        for same in (True, False):
            code["Supplier"]["IsPackageProduct"] = is_package is same
            central = shop.central(code)
            if central is not None:
                other = OTHER_CODE["unit" if is_package else "carton"]
                return (code, central) if same else f"{other} {STEP_OTHER_CODE}"
    for kind, codes in (("unit", "UnitProducts"), ("carton", "PackageProducts")):
        for part in own.get(codes) or []:
            other_ean = (part.get("EanCode") or "").strip()
            other_gtin = gtin(other_ean)
            if other_gtin is not None and by_gtin(shop, other_ean, other_gtin) is not None:
                return f"{OTHER_CODE[kind]} {STEP_OTHER_CODE}"
    return _NOT_FOUND


def _cannot_link(own: Row, survey: Survey) -> str | None:
    body = bodies.sales_fields(own)
    for name in bodies.REQUIRED_TO_LINK:
        if name not in body:
            return _NO_UNIT if name == "UnitSalesPrice" else _NO_FLAG.format(word(name))
    unit = body["UnitSalesPrice"]
    return None if survey.references.knows("unit_sales_prices", unit) else _UNKNOWN_UNIT.format(unit)


def photos_of(shop: Shop, key: str) -> tuple[list[dict[str, Any]], tuple[bytes, ...]]:
    """The photos of an own product as `before` keeps them, `{"row", "sha256"}`, and the pictures themselves."""
    photos, pictures = [], []
    for row in shop.photos(key):
        picture = shop.picture(row)
        photos.append(
            {"row": row, "sha256": None if picture is None else hashlib.sha256(picture).hexdigest()}
        )
        pictures += [] if picture is None else [picture]
    return photos, tuple(pictures)


def _freeze(shop: Shop, key: str, own: Row, prices: list[Row], code: Code, central: Row) -> Planned:
    photos, pictures = photos_of(shop, key)
    before: Before = {
        "own": own,
        "photos": photos,
        "client_prices": prices,
        "code": code,
        "central": {
            "Id": central.get("Id"),
            "EanCode": central.get("EanCode"),
            "name": product_name(central),
        },
        "not_put_back": list(not_put_back(own, photos, prices)),
    }
    return Planned(
        key=key,
        title=product_name(own),
        klass="confirm" if before["not_put_back"] else "safe",
        before=before,
        consequences=tuple(consequences(before)),
        lost=tuple(before["not_put_back"]),
        undo=undo(before),
        pictures=pictures,
    )


def nameless(rows: list[Row]) -> str | None:
    """Why client prices cannot be saved: a row does not say whose it is. None when all do."""
    return None if all(row.get("ClientNumber") for row in rows) else _NAMELESS


def price_lost(rows: list[Row], clients: frozenset[str] | None) -> str | None:
    """Why a client price could not be set again: its client is gone, or has two prices. None when all could."""
    if (reason := nameless(rows)) is not None:
        return reason
    twice = Counter(str(row.get("ClientNumber")) for row in rows)
    lost = [
        str(number)
        for number in (row.get("ClientNumber") for row in rows)
        if (clients is not None and number not in clients) or twice[str(number)] > 1
    ]
    return _PRICE_LOST.format(names(dict.fromkeys(lost))) if lost else None


def no_way_back(shop: Shop, before: Before) -> str | None:
    """Why an own product that was deleted would not be taken again by now, or one of its client prices."""
    refused = shop.references().obstacles(bodies.product_body(before["own"]))
    if refused:
        return _NOT_TAKEN.format(names(why for _, why in refused))
    prices = before["client_prices"]
    clients = shop.clients() if prices else None
    gone = sorted({str(row.get("ClientNumber")) for row in prices} - clients) if clients is not None else []
    return _CLIENT_GONE.format(names(gone)) if gone else None


def not_put_back(own: Row, photos: list[Row], prices: list[Row]) -> Iterator[str]:
    """What putting back could not restore, in words."""
    yield from (word(name) for name in bodies.uncarried(own))
    for photo in photos:
        if photo["sha256"] is None:
            yield f"photo {photo['row'].get('PhotoName')} (the shop gives no picture for it)"
        yield from (
            f"{name} of photo {photo['row'].get('PhotoName')}"
            for name in bodies.uncarried_of_photo(photo["row"])
        )
    fields = {name for row in prices for name in bodies.uncarried_of_client_price(row)}
    yield from (f"{name} of the client prices" for name in sorted(fields))


def hanging_moved(before: Mapping[str, Any], live: Mapping[str, Any]) -> str | None:
    """What moved of what hangs on a product since the plan, in words: its photos and client prices."""
    photos = {photo_key(photo["row"]) for photo in before["photos"]}
    photos_now = {photo_key(row) for row in live["photos"]}
    parts = [f"photo {name}: there -> gone" for _, name, _ in sorted(photos - photos_now)]
    parts += [f"photo {name}: nothing -> new" for _, name, _ in sorted(photos_now - photos)]
    prices = prices_moved(before, live)
    return "; ".join([*parts, *([prices] if prices else [])]) or None


def prices_moved(before: Mapping[str, Any], live: Mapping[str, Any]) -> str | None:
    """What moved of its client prices since the plan, in words."""
    parts = []
    prices, now = _by_client(before["client_prices"]), _by_client(live["client_prices"])
    for client in sorted({*prices, *now}):
        if client not in now:
            parts.append(f"price of client {client}: there -> gone")
        elif client not in prices:
            parts.append(f"price of client {client}: nothing -> new")
        elif moved := differences(prices[client], now[client]):
            parts.append(f"price of client {client}: {listed(moved)}")
    return "; ".join(parts) or None


def _by_client(rows: Collection[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row.get("ClientNumber")): bodies.client_price_body(row) for row in rows}
