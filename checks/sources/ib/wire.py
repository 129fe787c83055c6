"""The shapes of IB's JSON (ib-api, sections 3 and 4): only the fields that a frame is made of.

What IB does not promise is optional here. A company's fields are not documented, so it may be anything.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from checks.structs import ready

#: Availability code -> what it means for who buys (ib-api, section 4); no other code is documented.
STANDING_OF = {"85E": "current", "91E": "phasing_out", "92E": "discontinued"}


class Page(msgspec.Struct, rename="camel"):
    """One page of a list. `next` is null on the last; `items` is read apart, tolerantly."""

    items: msgspec.Raw
    expanded: bool | None = None
    count: int | None = None
    next_offset_id: str | int | None = None
    next: str | UnsetType | None = UNSET


class Unit(msgspec.Struct, rename="camel"):
    unit_label: str | None = None
    ean_code: str | None = None
    unit_amount: float | None = None
    package_name: str | None = None
    unit_name: str | None = None
    orderable: bool | None = None


class Image(msgspec.Struct, rename="camel"):
    file_name: str | None = None
    mime_type: str | None = None
    file_size: int | None = None
    width: int | None = None
    height: int | None = None
    download: str | None = None


class Price(msgspec.Struct, rename="camel"):
    price: float | None = None
    price_unit_quantity: float | None = None
    price_unit_description: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    moq: float | None = None
    type: str | None = None
    label: str | None = None
    reference: str | None = None
    company_specific: bool | None = None
    active: bool | None = None


class Article(msgspec.Struct, rename="camel"):
    id: str | None = None
    match_code: str | None = None
    article_id: str | None = None
    description: str | None = None
    extended_info: str | None = None
    availability: str | None = None
    availability_label: str | None = msgspec.field(default=None, name="availability_label")
    modified: str | None = None
    manufacturer: Any = None
    units: list[Unit] | None = None
    images: list[Image] | None = None
    prices: list[Price] | None = None


#: Documented, and needed by no frame.
EXTRAS = frozenset(
    {
        "href",
        "siteLink",
        "ibCode",
        "parentIbCode",
        "productIbCode",
        "supplier",
        "unitRoles",
        "documents",
        "properties",
        "classification",
        "parent",
    }
)

ready(__name__)
