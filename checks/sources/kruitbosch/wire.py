"""The shapes of Kruitbosch's JSON (kruitbosch-api, sections 3 and 4). ServiceStack leaves nulls out: a missing key is a null."""

from __future__ import annotations

from typing import Any

import msgspec

from checks.sources.answers import AnswerHasErrors
from checks.structs import ready


class Attribute(msgspec.Struct, rename="pascal"):
    attribute: str | None = None
    attribute_value: str | None = None


class Product(msgspec.Struct, rename="pascal"):
    """GET /Products. `ean_code` is a number there, and may come as 8.71E12: what JSON gives."""

    product_code: str | None = None
    blocked: bool | None = None
    date_created: str | None = None
    unit: str | None = None
    description: str | None = None
    description_long: str | None = None
    product_group: str | None = None
    product_group_level1: str | None = None
    product_group_level2: str | None = None
    product_group_level3: str | None = None
    product_group_level4: str | None = None
    ean_code: Any = msgspec.field(name="EANCode", default=None)
    package_quantity: float | None = None
    recommended_sales_price: float | None = None
    price_gross: float | None = None
    image: str | None = None
    additional_images: list[str] | None = None
    in_active: bool | None = None


class StockAndPrice(msgspec.Struct, rename="pascal"):
    """GET /Customer/StocksAndPrices."""

    product_code: str | None = None
    availability_id: int | None = None
    availability: str | None = None
    stock_quantity: float | None = None
    date_available: str | None = None
    price_gross: float | None = None
    price_nett: float | None = None
    percent_discount: float | None = None


class Group(msgspec.Struct, rename="pascal"):
    """GET /Products/Groups: a tree."""

    group_code: str | None = None
    group: str | None = None
    sub_groups: list[Group] | None = None


#: Fields the sources do document and no frame needs: seeing them is not drift.
EXTRAS: dict[type[msgspec.Struct], frozenset[str]] = {
    Product: frozenset(
        {
            "DeliveredPer",
            "UnitAlternative",
            "ProductGroupCategory",
            "SupplierProductNumber",
            "VAT",
            "Bike",
            "StockMin",
            "StockMax",
            "Autorisation",
            "KboGroup",
            "Attributes",
            "OriginalImages",
            "ProductOptions",
            "IntrastatCode",
        }
    ),
    StockAndPrice: frozenset(),
    Group: frozenset(),
}

#: Fields of a product that ServiceStack leaves out where no row has a value: that none has them proves nothing.
MAY_BE_ABSENT = frozenset({"AdditionalImages", "PackageQuantity", "ProductGroupLevel3", "ProductGroupLevel4"})


def reasons(answer: Any) -> list[str]:
    """The sentences of a `ResponseStatus` (section 5), wherever ServiceStack put it."""
    status = answer.get("ResponseStatus") if isinstance(answer, dict) else None
    if not isinstance(status, dict) or not status.get("ErrorCode"):
        return []
    found = [str(status.get("Message") or status["ErrorCode"])]
    for one in status.get("Errors") or []:
        if isinstance(one, dict):
            field, text = one.get("FieldName"), one.get("Message") or one.get("ErrorCode") or "refused"
            found.append(f"{field}: {text}" if field else str(text))
    return found


def payload(body: bytes | bytearray, name: str) -> msgspec.Raw:
    """The list of that name in a reply, still as JSON text.

    Raises AnswerHasErrors for an error told with HTTP 200, ValueError where the list is missing: that is not an empty one.
    """
    reply = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    if "ResponseStatus" in reply and (
        said := reasons({"ResponseStatus": msgspec.json.decode(reply["ResponseStatus"])})
    ):
        raise AnswerHasErrors(tuple(said))
    if name not in reply:
        raise ValueError(f"the answer holds no {name}")
    return reply[name]


ready(__name__)
