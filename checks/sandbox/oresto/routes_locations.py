"""Where clients are delivered, and on which days: api/ClientLocations, api/ClientLocationDeliveryDates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.sandbox.oresto import bodies_clients as bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.moments import day_of
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.routes_clients import known_client
from checks.sandbox.oresto.rows import Location

_STREET = (
    "StreetName",
    "ExtraAddressLine",
    "StreetNumber",
    "PostalCode",
    "Province",
    "Municipality",
    "CountryCode",
)


def _location(row: Location) -> dict[str, Any]:
    return {
        "Id": row.id,
        "ClientNumber": row.client_number,
        "Company": row.company,
        **row.address,
        "PhoneNumber": row.phone,
        "Remark": row.remark,
    }


@route("GET", "ClientLocations")
def locations(desk: Desk, call: Call) -> Reply:
    """Of one client, or of all."""
    number = call.text("ClientNumber", required=False)
    rows = desk.shop.trade.locations.values()
    return listed(
        "ClientLocations", (_location(row) for row in rows if not number or row.client_number == number)
    )


@route("GET", "ClientLocationDeliveryDates")
def delivery_dates(desk: Desk, call: Call) -> Reply:
    number, location = call.text("ClientNumber"), desk.shop.trade.locations.get(call.integer("Id"))
    if location is None or location.client_number != number:
        raise Refusal(404, [f"No such location of client {number}."], payload="DeliveryDates")
    return listed("DeliveryDates", location.delivery_days)


@route("POST", "ClientLocations")
def create(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.LOCATION)
    known_client(desk, values["ClientNumber"])
    id_ = desk.shop.trade.next_location_id()
    desk.shop.trade.locations[id_] = _location_from(id_, values, ())
    return written()


@route("PUT", "ClientLocations")
def replace(desk: Desk, call: Call) -> Reply:
    """Found by Id, of this client. Its delivery dates stay: they are no part of the body."""
    values = call.read(bodies.CHANGED_LOCATION)
    old = _known(desk, values["Id"], values["ClientNumber"])
    desk.shop.trade.locations[old.id] = _location_from(old.id, values, old.delivery_days)
    return written()


@route("DELETE", "ClientLocations/{Id}")
def delete(desk: Desk, call: Call) -> Reply:
    location = _known(desk, call.id_in_path(), call.text("ClientNumber"))
    del desk.shop.trade.locations[location.id]
    return written()


@route("DELETE", "ClientLocations")
def delete_all(desk: Desk, call: Call) -> Reply:
    """All of one client; a client that has none is no error."""
    client = known_client(desk, call.text("ClientNumber"))
    for location in desk.shop.trade.locations_of(client.number):
        del desk.shop.trade.locations[location.id]
    return written()


@route("PUT", "ClientLocationDeliveryDates")
def replace_delivery_dates(desk: Desk, call: Call) -> Reply:
    """The whole list; an empty one takes all dates away. Days are as written: no zone, no hour."""
    values = call.read(bodies.DELIVERY_DATES)
    location = desk.shop.trade.locations.get(values["ClientLocationId"])
    if location is None:
        raise Refusal(404, [f"ClientLocation {values['ClientLocationId']} does not exist."])
    days, errors = [], []
    for position, text in enumerate(values["DeliveryDates"]):
        try:
            days.append(f"{day_of(text)}T00:00:00")
        except ValueError:
            key = f"clientLocationDeliveryDates.DeliveryDates[{position}]"
            errors.append((key, f"The value '{text}' is not valid for DeliveryDates."))
    if errors:
        raise Refusal(model_errors=errors)
    location.delivery_days = tuple(sorted(set(days)))
    return written()


def _known(desk: Desk, id_: int, client: str) -> Location:
    location = desk.shop.trade.locations.get(id_)
    if location is None or location.client_number != client:
        raise Refusal(404, [f"ClientLocation {id_} of client {client} does not exist."])
    return location


def _location_from(id_: int, values: Mapping[str, Any], days: tuple[str, ...]) -> Location:
    return Location(
        id=id_,
        client_number=values["ClientNumber"],
        company=values["Company"],
        address={name: values[name] for name in _STREET},
        phone=values["PhoneNumber"],
        remark=values["Remark"],
        delivery_days=days,
    )
