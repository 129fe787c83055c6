"""What fixes rely on in the shop's own JSON: which parts are lists, which are objects, which are text.

A fix keeps whole objects, also fields that nobody knows; only what it looks into is judged here, once, when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from checks.structs import ready

Number = int | float | str | None


class Shape(msgspec.Struct, rename="pascal"):
    """Base of the shapes. Fields that are not named, or absent, are fine."""


class Reference(Shape):
    """A brand, a category, a unit: something with a key and a name."""

    id: int | str | None = None
    abbreviation: str | None = None
    name: str | None = None


class Text(Shape):
    language_code: str | None = None
    name: str | None = None
    promo_description: str | None = None
    information: str | None = None


class Supplier(Shape):
    id: int | None = None
    article_code: str | None = None


class Relation(Shape):
    """The unit inside, the carton around, or who sells a central product."""

    ean_code: str | None = None
    wholesaler_article_number: str | None = None


class Product(Shape):
    """An own, linked or central product, as far as a fix looks into it (guide, chapters 5 to 7)."""

    wholesaler_article_number: str | None = None
    ean_code: str | None = None
    brand: Reference | None = None
    producer: Reference | None = None
    storage_condition: Reference | None = None
    content_type: Reference | None = None
    multiplier_content_type: Reference | None = None
    unit_sales_price: Reference | None = None
    categories: list[Reference] | None = None
    suppliers: list[Supplier] | None = None
    localizations: list[Text] | None = None
    wholesaler_product_localizations: list[Text] | None = None
    unit_products: list[Relation] | None = None
    package_products: list[Relation] | None = None
    wholesaler_product_information: list[Relation] | None = None
    sales_price_list: Number = None
    sales_price_list_promo: Number = None
    order_quantity: Number = None


class Photo(Shape):
    """A row of GET ProductPhotos (guide, chapter 8)."""

    photo_id: int | str | None = None
    photo_name: str | None = None
    language_code: str | None = None
    photo_url: str | None = None

    def __post_init__(self) -> None:
        if self.photo_url:
            try:
                _ = urlsplit(self.photo_url).port
            except ValueError as error:
                raise ValueError(f"PhotoUrl is no address: {error}") from None


class ClientPrice(Shape):
    """A row of GET ClientProducts (guide, chapter 11)."""

    client_number: str | None = None
    sales_price_list: Number = None
    sales_price_list_promo: Number = None


class OrderLine(Shape):
    wholesaler_article_number: str | None = None


class OrderClient(Shape):
    client_number: str | None = None


class Order(Shape):
    """A row of GetClientOrders (guide, chapter 10)."""

    order_number: int
    client: OrderClient
    products: list[OrderLine] | None = None
    processed_date: str | None = None
    processed_date_utc: str | None = None


class Client(Shape):
    """A row of GET Clients (guide, chapter 8.2)."""

    client_number: str | None = None
    segment: Reference | None = None
    location: dict[str, str | None] | None = None


class User(Shape):
    """A row of GET Users (guide, chapter 8.12)."""

    email: str | None = None
    client: OrderClient | None = None


class Location(Shape):
    """A row of GET ClientLocations (guide, chapter 8.3)."""

    id: int | str | None = None
    client_number: str | None = None


def trouble(found: Mapping[str, Any], shape: type[Shape]) -> str | None:
    """What is not as expected, e.g. "Expected `str | null`, got `int` - at `$.EanCode`"; None when all is."""
    try:
        msgspec.convert(found, shape)
    except msgspec.ValidationError as error:
        return str(error)
    return None


ready(__name__)
