"""What differs between two states of a product, in words: the field, the old and the new value.

States are compared as POST bodies (`checks.sources.oresto.bodies`), so a date written in another zone, a list in
another order or a number written as 1 or 1.0 is no difference. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.sources.oresto.bodies import Body, Json, product_body, uncarried

#: What people call the fields; others are shown by their own name.
_WORDS = {
    "Active": "active",
    "AmountOfUnitProduct": "number of units inside",
    "BrandId": "brand",
    "Categories": "categories",
    "CategoryId": "category",
    "ContentType": "content type",
    "Description": "description",
    "EanCode": "EAN",
    "Information": "information",
    "IsExlusive": "exclusive",
    "IsPackageProduct": "is a carton",
    "LanguageCode": "language",
    "Localizations": "text",
    "Name": "name",
    "OnOrder": "on order",
    "OrderQuantity": "order quantity",
    "PackageProduct": "carton",
    "PackageProducts": "cartons",
    "MultiplierAbbreviation": "multiplier type",
    "MultiplierAmount": "multiplier amount",
    "ProducerId": "producer",
    "PromoDescription": "promo text",
    "PromoValidFrom": "promo start",
    "PromoValidFromUtc": "promo start",
    "PromoValidUntil": "promo end",
    "PromoValidUntilUtc": "promo end",
    "SalesPriceList": "list price",
    "SalesPriceListPromo": "promo price",
    "StorageConditionId": "storage condition",
    "Supplier": "supplier",
    "Suppliers": "suppliers",
    "TemporarilyUnavailable": "temporarily unavailable",
    "TotalContent": "content",
    "UnitProduct": "unit",
    "UnitProducts": "units",
    "UnitSalesPrice": "unit sales price",
    "VatPercentage": "VAT",
    "WholesalerProductLocalizations": "sales texts",
}


@dataclass(frozen=True)
class Difference:
    """One field: `was` is the old (or wanted) value, `now` the new (or found) one."""

    field: str
    was: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.field}: {shown(self.was)} -> {shown(self.now)}"


def word(field: str) -> str:
    return _WORDS.get(field, field)


def shown(value: Any) -> str:
    """A value as people read it, cut to a line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def listed(differences: list[Difference], most: int = 3) -> str:
    """The first few differences as one line."""
    more = f" and {len(differences) - most} more" if len(differences) > most else ""
    return "; ".join(str(one) for one in differences[:most]) + more


def differences(was: Body, now: Body, only: Body | None = None) -> list[Difference]:
    """Every field in which two bodies differ; with `only`, just the fields that this body has."""
    old, new = _flat(was), _flat(now)
    fields = sorted(_flat(only) if only is not None else {*old, *new})
    return [
        Difference(field, old.get(field), new.get(field))
        for field in fields
        if not _same(old.get(field), new.get(field))
    ]


def own_differences(was: Json, now: Json) -> list[Difference]:
    """What moved on an own product between two GETs. What only the server sets (Id, LastModified) does not count."""
    return differences({**product_body(was), **uncarried(was)}, {**product_body(now), **uncarried(now)})


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_leaves(body, ()))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Leaves by a name for people: `name (nld)`, `Supplier ArticleCode`. Lists are keyed by what identifies an item."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not (
                name == "LanguageCode" and path and path[-1] == f"({inner})"
            ):  # it is in the path already
                yield from _leaves(inner, (*path, word(name)))
    elif isinstance(value, list):
        seen: dict[str, int] = {}
        for item in sorted(value, key=lambda item: (_order(item), str(item))):
            name = _order(item)
            seen[name] = seen.get(name, 0) + 1
            yield from _leaves(item, (*path, f"({name})" if seen[name] == 1 else f"({name} {seen[name]})"))
    else:
        yield " ".join(path), value


def _order(item: Any) -> str:
    """The key of an item within its list: the language of a text, the article of a relation, the id of a reference."""
    if not isinstance(item, Mapping):
        return str(item)
    for name in ("LanguageCode", "WholesalerArticleNumber", "EanCode", "Id", "Abbreviation"):
        if item.get(name) is not None:
            return str(item[name])
    return ""


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, bool) or isinstance(now, bool):
        return bool(was) == bool(now)
    if isinstance(was, int | float) and isinstance(now, int | float):
        return abs(was - now) < 1e-6
    return bool(was == now) or (was in (None, "") and now in (None, ""))
