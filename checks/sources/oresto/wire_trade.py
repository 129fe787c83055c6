"""The shapes of what happens around the products: orders, clients and their people, prices.

Only what a check or a page needs is read: no passwords, pictures, remarks, names of people, telephone numbers or
streets. They are documented all the same, so seeing them is no drift (`EXTRAS`).
"""

from __future__ import annotations

import msgspec

from checks.structs import ready


class OrderClient(msgspec.Struct, rename="pascal"):
    client_number: str | None = None
    name: str | None = None


class OrderLine(msgspec.Struct, rename="pascal"):
    wholesaler_article_number: str | None = None
    unit_sales_price_abbreviation: str | None = None
    quantity: float | None = None
    price: float | None = None
    total_price: float | None = None


class Order(msgspec.Struct, rename="pascal"):
    """GET.ClientOrders.ClientOrder (fact sheet 9)."""

    order_number: int | None = None
    full_order_number: str | None = None
    client: OrderClient | None = None
    order_date: str | None = None
    order_date_utc: str | None = None
    delivery_date: str | None = None
    pickup_date: str | None = None
    is_pickup_order: bool | None = None
    processed_date: str | None = None
    processed_date_utc: str | None = None
    products: list[OrderLine] | None = None


class Segment(msgspec.Struct, rename="pascal"):
    id: int | None = None
    name: str | None = None


class Person(msgspec.Struct, rename="pascal"):
    """The representative inside a client."""

    email: str | None = None


class Place(msgspec.Struct, rename="pascal"):
    """The address inside a client, as far as it tells where in the country that is."""

    postal_code: str | None = None
    municipality: str | None = None
    country_code: str | None = None


class Client(msgspec.Struct, rename="pascal"):
    """GET.Clients.Client (fact sheet 10)."""

    client_number: str | None = None
    name: str | None = None
    active: bool | None = None
    segment: Segment | None = None
    representative: Person | None = None
    has_promos: bool | None = None
    location: Place | None = None


class ClientLocation(msgspec.Struct, rename="pascal"):
    """The fields of POST.ClientLocations with an Id (oresto-assumptions, ClientLocations row)."""

    id: int | None = None
    client_number: str | None = None
    postal_code: str | None = None
    municipality: str | None = None
    country_code: str | None = None


class Numbered(msgspec.Struct, rename="pascal"):
    """A client inside a user or a representative."""

    client_number: str | None = None


class User(msgspec.Struct, rename="pascal"):
    """GET.Users.User (fact sheet 10)."""

    email: str | None = None
    client: Numbered | None = None
    active: bool | None = None
    language_code: str | None = None


class Representative(msgspec.Struct, rename="pascal"):
    """PUT.Representatives.Representative, of which the GET was not seen (fact sheet 10)."""

    email: str | None = None
    active: bool | None = None
    clients: list[Numbered] | None = None


class ClientPrice(msgspec.Struct, rename="pascal"):
    """A row of GET ClientProducts (oresto-assumptions); the API misspells exclusive."""

    wholesaler_article_number: str | None = None
    client_number: str | None = None
    ean_code: str | None = None
    sales_price_list: float | None = None
    sales_price_list_promo: float | None = None
    is_exlusive: bool | None = None


_OF_PEOPLE = frozenset({"Fax", "Firstname", "Lastname", "Telephone"})

#: Fields the sources do document and no frame needs: seeing them is not drift.
EXTRAS: dict[type[msgspec.Struct], frozenset[str]] = {
    Order: frozenset({"DeliveryAddress", "FreeSample", "PickupAddress", "Remark"}),
    Client: frozenset(
        {"Email", "MayViewPromoLabels", "OrdersMayBeDeliveredToClient", "PhoneNumber", "Remarks"}
    ),
    ClientLocation: frozenset(
        {"Company", "ExtraAddressLine", "PhoneNumber", "Province", "Remark", "StreetName", "StreetNumber"}
    ),
    User: _OF_PEOPLE | {"MayViewPrices"},
    Representative: _OF_PEOPLE | {"Image", "ImageName", "LanguageCode", "MayViewPrices"},
    ClientPrice: frozenset(),
}


ready(__name__)
