"""The shapes of Oresto's JSON, and how an answer is taken apart.

Read tolerantly: fields we do not know are ignored by the structs and reported as drift; a field of another type costs
that field of that row, never the page. The list in a reply has no documented name: it is the one property that is not
`RequestInformation`, `Errors` or `ModelStateErrors` (oresto-assumptions, first row).
"""

from __future__ import annotations

import msgspec

from checks.sources.answers import AnswerHasErrors, oresto_reasons
from checks.sources.oresto import wire_trade
from checks.structs import ready

_WRAPPER = ("RequestInformation", "Errors", "ModelStateErrors")


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


def payload(body: bytes | bytearray) -> msgspec.Raw:
    """The payload of a GET reply, still as JSON text within `body` (no copy).

    Raises AnswerHasErrors for non-empty Errors, ValueError where no or several properties could be the payload.
    """
    if body.lstrip()[:1] == b"[":
        return msgspec.Raw(bytes(body))
    properties = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    told = {name: msgspec.json.decode(properties.pop(name)) for name in _WRAPPER if name in properties}
    if reasons := oresto_reasons(told):
        raise AnswerHasErrors(tuple(reasons))
    if not properties:
        raise ValueError("the answer holds no payload beside RequestInformation and Errors")
    if len(properties) > 1:
        lists = {name: raw for name, raw in properties.items() if bytes(memoryview(raw)[:1]) == b"["}
        if len(lists) != 1:
            raise ValueError(f"several properties could be the payload: {', '.join(sorted(properties))}")
        properties = lists
    return next(iter(properties.values()))


ready(__name__)
