"""The shapes of Oresto's JSON, and how an answer is taken apart.

Read tolerantly: fields we do not know are ignored by the structs and reported as drift; a field of another type costs
that field of that row, never the page. The list in a reply has no documented name: it is the one property that is not
`RequestInformation`, `Errors` or `ModelStateErrors` (oresto-assumptions, first row).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

import msgspec

from checks.frames import Drift
from checks.sources.http import AnswerHasErrors, error_reasons
from checks.sources.oresto import wire_trade
from checks.structs import ready

S = TypeVar("S", bound=msgspec.Struct)

_WRAPPER = ("RequestInformation", "Errors", "ModelStateErrors")
_SAMPLED = 25  # rows of a page whose field names are looked at
_ENOUGH = 5  # objects within a field that prove something about its parts


class Named(msgspec.Struct, rename="pascal"):
    """Brand, producer or storage condition inside a product."""

    id: int | None = None
    name: str | None = None


class CategoryRef(msgspec.Struct, rename="pascal"):
    id: int | None = None


class Abbreviated(msgspec.Struct, rename="pascal"):
    """Content type, unit sales price or multiplier type inside a product."""

    abbreviation: str | None = None


class Text(msgspec.Struct, rename="pascal"):
    language_code: str | None = None
    name: str | None = None
    description: str | None = None


class SupplierCode(msgspec.Struct, rename="pascal"):
    id: int | None = None
    article_code: str | None = None


class LinkedCode(msgspec.Struct, rename="pascal"):
    """The unit inside or the carton around a product."""

    ean_code: str | None = None


class WholesalerInformation(msgspec.Struct, rename="pascal"):
    wholesaler_article_number: str | None = None


class Product(msgspec.Struct, rename="pascal"):
    """What own, linked and central products share."""

    id: int | None = None
    ean_code: str | None = None
    is_package_product: bool | None = None
    localizations: list[Text] | None = None
    brand: Named | None = None
    producer: Named | None = None
    categories: list[CategoryRef] | None = None
    storage_condition: CategoryRef | None = None
    content_type: Abbreviated | None = None
    total_content: float | None = None
    multiplier_amount: float | None = None
    multiplier_content_type: Abbreviated | None = None
    vat_percentage: int | None = None
    amount_of_unit_product: int | None = None
    suppliers: list[SupplierCode] | None = None
    last_modified: str | None = None
    last_modified_utc: str | None = None


class AssortmentProduct(Product, rename="pascal"):
    """GET Products and GET LinkProducts."""

    wholesaler_article_number: str | None = None
    active: bool | None = None
    unit_products: list[LinkedCode] | None = None
    package_products: list[LinkedCode] | None = None
    unit_sales_price: Abbreviated | None = None
    sales_price_list: float | None = None
    sales_price_list_promo: float | None = None
    promo_valid_from: str | None = None
    promo_valid_from_utc: str | None = None
    promo_valid_until: str | None = None
    promo_valid_until_utc: str | None = None
    on_order: bool | None = None
    order_quantity: float | None = None
    temporarily_unavailable: bool | None = None


class CentralProduct(Product, rename="pascal"):
    """GET CentralProducts: one unit, one carton, and the article numbers that use it already."""

    unit_product: LinkedCode | None = None
    package_product: LinkedCode | None = None
    wholesaler_product_information: list[WholesalerInformation] | None = None


class Photo(msgspec.Struct, rename="pascal"):
    photo_id: int | None = None
    wholesaler_article_number: str | None = None
    photo_name: str | None = None
    language_code: str | None = None
    photo_url: str | None = None


class CategoryChain(msgspec.Struct, rename="pascal"):
    """A row of GET Categories/GetConcatenated."""

    id: int | None = None
    description: str | None = None


#: Fields the sources do document and no frame needs: seeing them is not drift.
KNOWN_EXTRAS: dict[type[msgspec.Struct], frozenset[str]] = {
    AssortmentProduct: frozenset({"WholesalerProductLocalizations", "PackageProduct", "UnitProduct"}),
    CentralProduct: frozenset(),
    Photo: frozenset(),
    CategoryChain: frozenset(),
    **wire_trade.EXTRAS,
}


@dataclass
class Shape:
    """What was seen of the fields of one frame's rows, over all pages."""

    sampled: int = 0
    empty: int = 0  # rows that were null
    seen: Counter[str] = field(default_factory=Counter)  # `Brand`, and within it `Brand.Id`
    inside: Counter[str] = field(default_factory=Counter)  # how many objects were seen within a field
    unreadable: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, other: Shape) -> None:
        self.sampled += other.sampled
        self.empty += other.empty
        self.inside.update(other.inside)
        self.seen.update(other.seen)
        self.unreadable.update(other.unreadable)
        self.examples = {**other.examples, **self.examples}

    def spoil(self, name: str, example: str) -> None:
        """Notes a value of field `name` that could not be read."""
        self.unreadable[name] += 1
        self.examples.setdefault(name, example)

    def drift(self, known: Iterable[str], extras: Iterable[str]) -> tuple[Drift, ...]:
        """New, gone and retyped fields, each once. A part (`Brand.Id`) is gone when objects were there without it."""
        known, found = list(known), []
        top = [name for name in known if "." not in name]
        if self.sampled:
            for name in sorted(set(self.seen) - set(known) - set(extras)):
                if "." not in name:  # of objects inside, only the parts we read are known well enough
                    found.append(
                        Drift(
                            name,
                            "new",
                            f"{name} is new: in {self.seen[name]} of {self.sampled} rows looked at.",
                        )
                    )
            for name in top:
                if not self.seen[name]:
                    found.append(
                        Drift(name, "gone", f"{name} is in none of the {self.sampled} rows looked at.")
                    )
            for name in known:
                looked = self.inside[name.partition(".")[0]]
                if "." in name and not self.seen[name] and looked >= _ENOUGH:
                    found.append(Drift(name, "gone", f"{name} is in none of the {looked} looked at."))
        for name, times in sorted(self.unreadable.items()):
            found.append(
                Drift(
                    name,
                    "retyped",
                    f"{name} could not be read in {times} row(s), first: {self.examples[name]}.",
                )
            )
        return tuple(found)


def payload(body: bytes | bytearray) -> msgspec.Raw:
    """The payload of a GET reply, still as JSON text within `body` (no copy).

    Raises AnswerHasErrors for non-empty Errors, ValueError where no or several properties could be the payload.
    """
    if body.lstrip()[:1] == b"[":
        return msgspec.Raw(bytes(body))
    properties = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    told = {name: msgspec.json.decode(properties.pop(name)) for name in _WRAPPER if name in properties}
    if reasons := error_reasons(told):
        raise AnswerHasErrors(tuple(reasons))
    if not properties:
        raise ValueError("the answer holds no payload beside RequestInformation and Errors")
    if len(properties) > 1:
        lists = {name: raw for name, raw in properties.items() if bytes(memoryview(raw)[:1]) == b"["}
        if len(lists) != 1:
            raise ValueError(f"several properties could be the payload: {', '.join(sorted(properties))}")
        properties = lists
    return next(iter(properties.values()))


def is_null(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)) == b"null"


def decode_rows(raw: msgspec.Raw, kind: type[S]) -> tuple[list[S], Shape]:
    """The rows of a list, and what was seen of their fields.

    Raises ValueError or msgspec.ValidationError for what is no list: null is not an empty one.
    """
    shape = Shape()
    try:
        rows = msgspec.json.decode(raw, type=list[kind])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        parts = msgspec.json.decode(raw, type=list[msgspec.Raw])
        shape.empty = sum(is_null(one) for one in parts)
        rows = [_lenient(one, kind, shape) for one in parts if not is_null(one)]
    _sample(raw, shape)
    return rows, shape


def _sample(raw: msgspec.Raw, shape: Shape) -> None:
    """Looks at the field names of some rows, spread over the page."""
    rows = msgspec.json.decode(raw, type=list[msgspec.Raw])
    for one in rows[:: max(1, len(rows) // _SAMPLED)]:
        if is_null(one):
            continue
        fields = msgspec.json.decode(one, type=dict[str, Any])
        shape.sampled += 1
        shape.seen.update(fields.keys())
        for name, value in fields.items():
            for inner in value if isinstance(value, list) else (value,):
                if isinstance(inner, dict):
                    shape.inside[name] += 1
                    shape.seen.update(f"{name}.{part}" for part in inner)


def _lenient(raw: msgspec.Raw, kind: type[S], shape: Shape) -> S:
    """One row of which some field has another type: that field is left out and noted, the others stay."""
    values: dict[str, Any] = msgspec.json.decode(raw)
    if not isinstance(values, dict):
        raise ValueError(f"a row is {type(values).__name__}, not an object")
    while True:
        try:
            return msgspec.convert(values, kind)
        except msgspec.ValidationError as error:
            where = re.search(r"\$\.(\w+)", str(error))
            if where is None or where.group(1) not in values:
                raise
            shape.spoil(where.group(1), str(error))
            del values[where.group(1)]


def known_names(kind: type[msgspec.Struct]) -> list[str]:
    """The wire's names of a struct's fields, and of the parts of those that are objects: `Brand`, `Brand.Id`."""
    names = []
    for info in msgspec.structs.fields(kind):
        names.append(info.encode_name)
        inner = _struct_in(info.type)
        if inner is not None:
            names += [f"{info.encode_name}.{part.encode_name}" for part in msgspec.structs.fields(inner)]
    return names


def _struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct of `Named | None` or `list[Named] | None`."""
    for part in (
        annotation,
        *get_args(annotation),
        *(inner for one in get_args(annotation) for inner in get_args(one)),
    ):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            return part
    return None


def wire_name(kind: type[msgspec.Struct], attribute: str) -> str:
    """`last_modified_utc` -> `LastModifiedUtc`."""
    return {info.name: info.encode_name for info in msgspec.structs.fields(kind)}[attribute]


ready(__name__)
