"""Clients, their users and their delivery addresses: from what GET shows to what POST takes, and the writes themselves.

A GET client nests its segment, a GET user its client; a password or a picture no GET shows (oresto-api, section 10).
Values without content are left out of a body, as in `bodies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.sources.oresto.bodies import Body, Json, filled
from checks.sources.request import Request

_CLIENT = (
    "Active",
    "ClientNumber",
    "Email",
    "HasPromos",
    "MayViewPromoLabels",
    "Name",
    "OrdersMayBeDeliveredToClient",
    "PhoneNumber",
    "Remarks",
)
_USER = ("Active", "Email", "Fax", "Firstname", "LanguageCode", "Lastname", "MayViewPrices", "Telephone")
_ADDRESS = (
    "CountryCode",
    "ExtraAddressLine",
    "Municipality",
    "PostalCode",
    "Province",
    "StreetName",
    "StreetNumber",
)
_LOCATION = (*_ADDRESS, "ClientNumber", "Company", "PhoneNumber", "Remark")


def client_body(row: Json) -> Body:
    """The POST Clients body that makes this client again."""
    segment = row.get("Segment")
    number = segment.get("Id") if isinstance(segment, Mapping) else None
    place = row.get("Location")
    address = _picked(place, _ADDRESS) if isinstance(place, Mapping) else {}
    return filled({**_picked(row, _CLIENT), "SegmentId": number, "Location": address})


def user_body(row: Json) -> Body:
    """The POST Users body that makes this user again, but for the password."""
    return filled({**_picked(row, _USER), "ClientNumber": client_of(row)})


def location_body(row: Json) -> Body:
    """The POST ClientLocations body that makes this address again."""
    return _picked(row, _LOCATION)


def client_of(user: Json) -> str | None:
    """The number of the client that a user orders for; None for one that belongs to nobody."""
    client = user.get("Client")
    number = client.get("ClientNumber") if isinstance(client, Mapping) else None
    return None if number is None else str(number)


def create_client(body: Body) -> Request:
    return Request("POST", "Clients", {}, body)


def delete_client(number: str) -> Request:
    """Takes its addresses and its order list along; its users stay (guide, chapter 8.2)."""
    return Request("DELETE", "Clients", {"ClientNumber": number})


def create_user(body: Body) -> Request:
    """POST Users insists on a password: `with_password` gives one when it is sent."""
    return Request("POST", "Users", {}, body)


def is_new_user(request: Request) -> bool:
    return (request.method, request.path) == ("POST", "Users")


def with_password(request: Request, password: str) -> Request:
    """The request of `create_user` as it goes over the wire."""
    return Request(
        request.method, request.path, request.params, {**(request.body or {}), "Password": password}
    )


def delete_user(email: str) -> Request:
    return Request("DELETE", "Users", {"Email": email})


def create_location(body: Body) -> Request:
    return Request("POST", "ClientLocations", {}, body)


def delete_location(number: str, id_: Any) -> Request:
    """The id stands in the path (fact sheet 10)."""
    return Request("DELETE", f"ClientLocations/{id_}", {"ClientNumber": number})


def _picked(row: Json, names: tuple[str, ...]) -> Body:
    return filled({name: row.get(name) for name in names})
