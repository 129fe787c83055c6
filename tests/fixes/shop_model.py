"""What a shop must look like after any sequence of repairs, crashes and changes by people: a flat picture of it.

The picture is taken from the sandbox, never worked out: what a person changes is copied from the state before and after.
The one thing that is stated here is what each repair may change once it is done, and what it may leave half-way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

#: ("there", article), ("row", article, field), ("photo", article, name, language, sha256), ("price", article, client),
#: ("list", client, article), ("order", number), ("clients", number) ...
Part = tuple[str, ...]
State = dict[Part, Any]
Row = Mapping[str, Any]

#: How a product is sold, own or linked: all else that a linked one shows is the central product's.
SOLD = (
    "Active",
    "OnOrder",
    "OrderQuantity",
    "PromoValidFrom",
    "PromoValidFromUtc",
    "PromoValidUntil",
    "PromoValidUntilUtc",
    "SalesPriceList",
    "SalesPriceListPromo",
    "TemporarilyUnavailable",
    "UnitSalesPrice",
    "WholesalerProductLocalizations",
)
#: What GET shows of other products.
_OTHERS = ("PackageProducts", "UnitProducts")

#: Field of a PUT body -> where GET shows it.
_SHOWN = {
    "BrandId": ("Brand",),
    "CategoryId": ("Categories",),
    "MultiplierAbbreviation": ("MultiplierContentType",),
    "ProducerId": ("Producer",),
    "PromoValidFrom": ("PromoValidFrom", "PromoValidFromUtc"),
    "PromoValidUntil": ("PromoValidUntil", "PromoValidUntilUtc"),
    "StorageConditionId": ("StorageCondition",),
    "Supplier": ("Suppliers",),
}
_PEOPLE = {"clients": "number", "users": "email", "representatives": "email", "locations": "id"}


class _Gone:
    def __repr__(self) -> str:
        return "gone"


GONE = _Gone()


def flat(dump: Row) -> State:
    """The sandbox's `dump()` as single parts that can be compared and copied."""
    state: State = {}
    for kind, fields in (("own", None), ("linked", SOLD)):
        for article, row in dump[kind].items():
            state["there", article] = kind
            for field in fields or row:
                if field not in _OTHERS:
                    state["row", article, field] = row[field]
    photos = Counter(
        ("photo", one["WholesalerArticleNumber"], one["PhotoName"], one["LanguageCode"] or "", one["Sha256"])
        for one in dump["photos"]
    )
    items = Counter(("list", client, article) for client, on in dump["order_lists"].items() for article in on)
    state |= {**photos, **items}
    for one in dump["client_products"]:
        state["price", one["article_number"], one["client_number"]] = (
            one["price"],
            one["promo"],
            one["exclusive"],
        )
    state |= {("order", number): processed is not None for number, processed in dump["orders"].items()}
    for kind, name in _PEOPLE.items():
        state |= {(kind, str(row[name])): row for row in dump[kind]}
    return state


def changed(was: State, now: State) -> State:
    """What makes `now` of `was`."""
    parts = (part for part in {**was, **now} if was.get(part, GONE) != now.get(part, GONE))
    return {part: now.get(part, GONE) for part in parts}


def take_over(state: State, changes: State) -> None:
    for part, value in changes.items():
        if value is GONE:
            state.pop(part, None)
        else:
            state[part] = value


def is_of(part: Part, article: str) -> bool:
    """Does it belong to the article: the product itself, its photos, its client prices?"""
    return part[0] in ("there", "row", "photo", "price") and part[1] == article


def article_of(fix: Row) -> str | None:
    """The article that a fix of the journal changes; None for an order."""
    if fix["fix"] == "process-order":
        return None
    return str(fix["before"].get("WholesalerArticleNumber") or fix["key"])


# what a repair touches


def footprint(fix: Row) -> Callable[[Part], bool]:
    """The parts that a fix of the journal (with its `before`), or its undo, may have changed when it stands half-way."""
    before, key = fix["before"], fix["key"]
    if fix["fix"] in ("link-central", "unlink"):
        return lambda part: is_of(part, key)
    if fix["fix"] == "delete-own":
        moved = _moved(before)
        return lambda part: is_of(part, key) or part in moved
    parts = _parts(fix)
    return lambda part: part in parts


def _parts(fix: Row) -> set[Part]:
    before, key = fix["before"], fix["key"]
    match fix["fix"]:
        case "upload-photo":
            return set(_photos(before, key))
        case "delete-client-product":
            return {("price", before["WholesalerArticleNumber"], before["ClientNumber"])}
        case "delete-order-list-item":
            return {("list", before["ClientNumber"], before["WholesalerArticleNumber"])}
        case "process-order":
            return {("order", key)}
        case _:
            return {
                ("row", key, shown) for field in before["wanted"] for shown in _SHOWN.get(field, (field,))
            }


def effect(fix: Row, expected: State, found: State) -> State:
    """What a fix that is done has changed of what was expected.

    Values that only the shop can give (the texts of a central product, the name of a brand) are taken from `found`.
    """
    before, key = fix["before"], fix["key"]
    touches = footprint(fix)
    parts = [part for part in {**expected, **found} if touches(part)]
    match fix["fix"]:
        case "link-central":
            goes = {part: GONE for part in parts if part[0] == "photo" or _own_only(part)}
            return {**goes, ("there", key): "linked"}
        case "delete-own":
            return {**{part: GONE for part in parts if is_of(part, key)}, **_moved(before)}
        case "unlink" if before["keep"] == "own":
            new = {part: found[part] for part in parts if _own_only(part) and part in found}
            return {**new, ("there", key): "own"}
        case "unlink" | "delete-client-product" | "delete-order-list-item":
            return dict.fromkeys(parts, GONE)
        case "upload-photo":
            return dict.fromkeys(_photos(before, key), 1)
        case "process-order":
            return dict.fromkeys(parts, True)
        case _:
            return {part: found.get(part, GONE) for part in parts}


def unsaved(fix: Row, found: State) -> list[str]:
    """What a fix may take away and its `before` does not hold; empty when all can be put back."""
    before, key = fix["before"], fix["key"]
    row = before.get("own") or before.get("linked") or {}
    missing = []
    for part, value in found.items():
        if part[:2] == ("row", key) and part[2] in row and row[part[2]] != value:
            missing.append(f"{part}: {row[part[2]]} saved, {value} was there")
    if fix["fix"] in ("link-central", "delete-own"):
        there = Counter({part: count for part, count in found.items() if part[:2] == ("photo", key)})
        missing += [f"photo {part}" for part in there - _photos(before, key)]
    if fix["fix"] in ("link-central", "delete-own", "unlink"):
        saved = _prices(before["client_prices"])
        missing += [
            f"price {part}"
            for part, value in found.items()
            if part[:2] == ("price", key) and saved.get(part) != value
        ]
    return missing


def pictures(fix: Row) -> list[str]:
    """The SHA-256 of each picture that the journal must hold."""
    return [str(one["sha256"]) for one in fix["before"].get("photos") or ()]


def _own_only(part: Part) -> bool:
    return part[0] == "row" and part[2] not in SOLD


def _moved(before: Row) -> State:
    return _prices(before["moved"])


def _prices(rows: list[Row]) -> State:
    return {
        ("price", one["WholesalerArticleNumber"], one["ClientNumber"]): (
            one.get("SalesPriceList"),
            one.get("SalesPriceListPromo"),
            bool(one.get("IsExlusive")),
        )
        for one in rows
    }


def _photos(before: Row, key: str) -> Counter[Part]:
    return Counter(
        ("photo", key, one["row"]["PhotoName"], one["row"].get("LanguageCode") or "", one["sha256"])
        for one in before["photos"]
    )
