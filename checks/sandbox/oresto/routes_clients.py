"""Clients and people, as they are read."""

from __future__ import annotations

from typing import Any

from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, listed
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Client, Representative, User


def _client(desk: Desk, row: Client, with_people: bool = True) -> dict[str, Any]:
    name = desk.shop.lookups.segments.get(row.segment_id) if row.segment_id is not None else None
    segment = None if row.segment_id is None else {"Id": row.segment_id, "Name": name}
    person = desk.shop.trade.representatives.get(row.representative or "")
    shape = {
        "ClientNumber": row.number,
        "Name": row.name,
        "Email": row.email,
        "MayViewPromoLabels": row.sees_labels,
        "PhoneNumber": row.phone,
        "Segment": segment,
        "Remarks": row.remarks,
        "Active": row.active,
        "HasPromos": row.has_promos,
        "OrdersMayBeDeliveredToClient": row.gets_deliveries,
        "Location": row.address,
    }
    return {**shape, "Representative": _person(person)} if with_people else shape


def _gone(number: str | None) -> dict[str, Any] | None:
    """What a user shows of a client that was deleted; None for one that belongs to nobody."""
    return None if number is None else {"ClientNumber": number, "Name": None}


def _person(row: Representative | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "Active": row.active,
        "Email": row.email,
        "Fax": row.fax,
        "Firstname": row.first_name,
        "Lastname": row.last_name,
        "LanguageCode": row.language,
        "Telephone": row.phone,
    }


def _user(desk: Desk, row: User) -> dict[str, Any]:
    client = desk.shop.trade.clients.get(row.client_number or "")
    return {
        "Active": row.active,
        "Client": _client(desk, client, with_people=False) if client else _gone(row.client_number),
        "Email": row.email,
        "Fax": row.fax,
        "Firstname": row.first_name,
        "Lastname": row.last_name,
        "LanguageCode": row.language,
        "MayViewPrices": row.sees_prices,
        "Telephone": row.phone,
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
