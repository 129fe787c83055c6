"""The rows of the sandbox's memory. Compact: a hundred thousand central products are a hundred thousand `Central`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

#: language -> (name, description)
Text = tuple[str, str | None, str | None]
#: language, promo text, information
Note = tuple[str, str | None, str | None]


class Central(msgspec.Struct, gc=False):
    """A product of the central database."""

    id: int
    ean: str | None
    brand_id: int | None
    producer_id: int | None
    category_id: int
    storage_id: int
    content_type: str
    total_content: float
    vat: int
    suppliers: tuple[tuple[int, str], ...]
    name_nl: str
    name_fr: str
    about: int  # position of the family whose description it shows; -1: none
    price: float  # what a wholesaler would ask; never on the wire
    modified: datetime
    is_package: bool = False
    amount: int | None = None  # units inside
    other_id: int | None = None  # the carton of a unit, the unit of a carton
    multiplier_amount: float | None = None
    multiplier_type: str | None = None
    deleted: bool = False


class Sales(msgspec.Struct, gc=False, kw_only=True):
    """What own and linked products have in common: how the wholesaler sells them."""

    id: int
    article_number: str
    modified: datetime
    active: bool = True
    unit_sales_price: str | None = None
    price: float | None = None
    promo: float | None = None
    promo_from: datetime | None = None
    promo_until: datetime | None = None
    on_order: bool = False
    order_quantity: float = 1.0
    unavailable: bool = False
    notes: tuple[Note, ...] = ()


class Own(Sales, gc=False, kw_only=True):
    """One of the wholesaler's own products."""

    ean: str | None = None
    brand_id: int | None = None
    producer_id: int | None = None
    category_id: int | None = None
    storage_id: int | None = None
    content_type: str | None = None
    total_content: float | None = None
    vat: int | None = None
    multiplier_amount: float | None = None
    multiplier_type: str | None = None
    supplier_id: int | None = None
    supplier_code: str | None = None
    texts: tuple[Text, ...] = ()
    extra: dict[str, Any] = {}  # members that no page documents; PUT replaces them like all others


class Linked(Sales, gc=False, kw_only=True):
    """An article number of the wholesaler on a central product."""

    central_id: int


class Packing(msgspec.Struct, gc=False):
    """How an own product is packed. See `state.PACKING_STAYS`."""

    is_package: bool = False
    amount: int | None = None
    units: tuple[str, ...] = ()  # article numbers
    packages: tuple[str, ...] = ()


class Photo(msgspec.Struct, gc=False):
    """A photo of an own product; `data` is None for one the sandbox draws when it is asked for."""

    id: int
    article_number: str
    name: str
    language: str | None = None
    data: bytes | None = None


class ClientPrice(msgspec.Struct, gc=False):
    article_number: str
    client_number: str
    price: float | None
    promo: float | None
    exclusive: bool


class Client(msgspec.Struct, gc=False):
    number: str
    name: str
    email: str
    phone: str | None
    segment_id: int | None
    active: bool
    has_promos: bool
    address: dict[str, str | None]
    representative: str | None
    remarks: str | None = None
    sees_labels: bool = True  # MayViewPromoLabels
    gets_deliveries: bool = True  # OrdersMayBeDeliveredToClient


class User(msgspec.Struct, gc=False):
    email: str
    first_name: str | None
    last_name: str | None
    language: str
    client_number: str | None
    phone: str | None
    active: bool = True
    sees_prices: bool | None = None
    fax: str | None = None


class Representative(msgspec.Struct, gc=False):
    email: str
    first_name: str | None
    last_name: str | None
    phone: str | None
    language: str = "nld"
    active: bool = True
    fax: str | None = None


class Location(msgspec.Struct, gc=False):
    id: int
    client_number: str
    company: str | None
    address: dict[str, str | None]
    phone: str | None
    remark: str | None
    delivery_days: tuple[str, ...]  # dates, no zone


class Line(msgspec.Struct, gc=False):
    article_number: str
    quantity: float
    price: float
    total: float
    last_ordered: datetime | None
    remark: str | None = None


class Order(msgspec.Struct, gc=False):
    number: int
    client_number: str
    ordered: datetime
    is_pickup: bool
    arrival: str | None  # delivery or pickup date, no zone
    lines: tuple[Line, ...]
    processed: datetime | None = None
    remark: str | None = None


class ErrorLog(msgspec.Struct, gc=False):
    id: int
    at: datetime
    method: str
    url: str
    status: int | None  # None: only an exception is known
    body: str | None
    message: str
    errors: tuple[str, ...] = ()
    model_errors: tuple[tuple[str, str], ...] = ()
    exception: str | None = None
