"""Clients and people, as far as they are read; and the order lists."""

from __future__ import annotations

from typing import Any

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Client, Location, Representative, User


def _client(desk: Desk, row: Client, with_people: bool = True) -> dict[str, Any]:
    name = desk.shop.lookups.segments.get(row.segment_id) if row.segment_id is not None else None
    segment = None if row.segment_id is None else {"Id": row.segment_id, "Name": name}
    person = desk.shop.trade.representatives.get(row.representative or "")
    shape = {
        "ClientNumber": row.number,
        "Name": row.name,
        "Email": row.email,
        "MayViewPromoLabels": row.has_promos,
        "PhoneNumber": row.phone,
        "Segment": segment,
        "Remarks": row.remarks,
        "Active": row.active,
        "HasPromos": row.has_promos,
        "OrdersMayBeDeliveredToClient": True,
        "Location": row.address,
    }
    return {**shape, "Representative": _person(person)} if with_people else shape


def _person(row: Representative | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "Active": row.active,
        "Email": row.email,
        "Fax": None,
        "Firstname": row.first_name,
        "Lastname": row.last_name,
        "LanguageCode": row.language,
        "Telephone": row.phone,
    }


def _user(desk: Desk, row: User) -> dict[str, Any]:
    client = desk.shop.trade.clients.get(row.client_number)
    return {
        "Active": row.active,
        "Client": _client(desk, client, with_people=False)
        if client
        else {"ClientNumber": row.client_number, "Name": None},
        "Email": row.email,
        "Fax": None,
        "Firstname": row.first_name,
        "Lastname": row.last_name,
        "LanguageCode": row.language,
        "MayViewPrices": row.sees_prices,
        "Telephone": row.phone,
    }


def _location(row: Location) -> dict[str, Any]:
    return {
        "Id": row.id,
        "ClientNumber": row.client_number,
        "Company": row.company,
        **row.address,
        "PhoneNumber": row.phone,
        "Remark": row.remark,
    }


def known_client(desk: Desk, number: str) -> Client:
    client = desk.shop.trade.clients.get(number)
    if client is None:
        raise Refusal(404, [f"Client with number {number} does not exist."])
    return client


@route("GET", "ClientSegments")
def segments(desk: Desk, call: Call) -> Reply:
    return listed(
        "ClientSegments", ({"Id": id_, "Name": name} for id_, name in desk.shop.lookups.segments.items())
    )


@route("GET", "Clients")
def clients(desk: Desk, call: Call) -> Reply:
    return listed("Clients", (_client(desk, row) for row in desk.shop.trade.clients.values()))


@route("GET", "Users")
def users(desk: Desk, call: Call) -> Reply:
    return listed("Users", (_user(desk, row) for row in desk.shop.trade.users.values()))


@route("GET", "Representatives")
def representatives(desk: Desk, call: Call) -> Reply:
    trade = desk.shop.trade
    rows = []
    for row in trade.representatives.values():
        numbers = [
            {"ClientNumber": client.number}
            for client in trade.clients.values()
            if client.representative == row.email
        ]
        rows.append({**(_person(row) or {}), "Clients": numbers})
    return listed("Representatives", rows)


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


@route("GET", "Clients/OrderListItems")
def order_list(desk: Desk, call: Call) -> Reply:
    client = known_client(desk, call.text("ClientNumber"))
    return listed("WholesalerArticleNumbers", desk.shop.trade.order_lists.get(client.number, ()))


def _items(desk: Desk, call: Call) -> tuple[str, list[str]]:
    """The client and the articles of a body; unknown articles are refused, doubles count once."""
    values = call.read(bodies.ORDER_LIST_ITEMS)
    client = known_client(desk, values["ClientNumber"])
    numbers = list(dict.fromkeys(values["WholesalerArticleNumbers"]))
    unknown = [number for number in numbers if desk.shop.product(number) is None]
    if unknown:
        key = "orderListItems.WholesalerArticleNumbers"
        raise Refusal(
            model_errors=[
                (key, f"Product with WholesalerArticleNumber {number} does not exist.") for number in unknown
            ]
        )
    return client.number, numbers


@route("POST", "Clients/OrderListItems")
def add_to_order_list(desk: Desk, call: Call) -> Reply:
    client, numbers = _items(desk, call)
    known = desk.shop.trade.order_lists.setdefault(client, [])
    known.extend(number for number in numbers if number not in known)
    return written()


@route("PUT", "Clients/OrderListItems")
def replace_order_list(desk: Desk, call: Call) -> Reply:
    client, numbers = _items(desk, call)
    desk.shop.trade.order_lists[client] = numbers
    return written()


@route("DELETE", "Clients/OrderListItems")
def delete_from_order_list(desk: Desk, call: Call) -> Reply:
    client, number = known_client(desk, call.text("ClientNumber")), call.text("WholesalerArticleNumber")
    items = desk.shop.trade.order_lists.get(client.number, [])
    if number not in items:
        raise Refusal(404, [f"{number} is not on the order list of client {client.number}."])
    items.remove(number)
    return written()
