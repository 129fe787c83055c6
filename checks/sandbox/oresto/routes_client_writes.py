"""Clients are made, changed and deleted, and linked to their people: api/Clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.sandbox.oresto import bodies_clients as bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.routes_clients import known_client
from checks.sandbox.oresto.rows import Client, Representative, User


def known_user(desk: Desk, email: str) -> User:
    user = desk.shop.trade.users.get(email)
    if user is None:
        raise Refusal(404, [f"User with e-mail {email} does not exist."])
    return user


def known_representative(desk: Desk, email: str) -> Representative:
    person = desk.shop.trade.representatives.get(email)
    if person is None:
        raise Refusal(404, [f"Representative with e-mail {email} does not exist."])
    return person


@route("POST", "Clients")
def create(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.CLIENT)
    number = values["ClientNumber"]
    if number in desk.shop.trade.clients:
        message = f"Client with number {number} already exists."
        raise Refusal(model_errors=[("client.ClientNumber", message)])
    desk.shop.trade.clients[number] = _client_from(desk, values, None)
    return written()


@route("PUT", "Clients")
def replace(desk: Desk, call: Call) -> Reply:
    """Its representative stays: it is no part of the body."""
    values = call.read(bodies.CLIENT)
    old = known_client(desk, values["ClientNumber"])
    desk.shop.trade.clients[old.number] = _client_from(desk, values, old.representative)
    return written()


@route("DELETE", "Clients")
def delete(desk: Desk, call: Call) -> Reply:
    client = known_client(desk, call.text("ClientNumber"))
    desk.shop.trade.remove_client(client.number)
    return written()


def _client_from(desk: Desk, values: Mapping[str, Any], representative: str | None) -> Client:
    segment = values["SegmentId"]
    if segment is not None and segment not in desk.shop.lookups.segments:
        raise Refusal(model_errors=[("client.SegmentId", f"Segment with id {segment} does not exist.")])
    return Client(
        number=values["ClientNumber"],
        name=values["Name"],
        email=values["Email"],
        phone=values["PhoneNumber"],
        segment_id=segment,
        active=values["Active"],
        has_promos=values["HasPromos"],
        address=dict(values["Location"]),
        representative=representative,
        remarks=values["Remarks"],
        sees_labels=values["MayViewPromoLabels"],
        gets_deliveries=values["OrdersMayBeDeliveredToClient"],
    )


# links; all or none


@route("POST", "Clients/LinkClientToUsers")
def link_users(desk: Desk, call: Call) -> Reply:
    client, users = _client_and_users(desk, call)
    for user in users:
        user.client_number = client.number
    return written()


@route("POST", "Clients/UnlinkClientFromUsers")
def unlink_users(desk: Desk, call: Call) -> Reply:
    client, users = _client_and_users(desk, call)
    for user in users:
        _check_linked(user.client_number == client.number, user.email, client)
    for user in users:
        user.client_number = None
    return written()


@route("POST", "Clients/LinkClientToRepresentative")
def link_representative(desk: Desk, call: Call) -> Reply:
    client, person = _client_and_representative(desk, call)
    client.representative = person.email
    return written()


@route("POST", "Clients/UnlinkClientFromRepresentative")
def unlink_representative(desk: Desk, call: Call) -> Reply:
    client, person = _client_and_representative(desk, call)
    _check_linked(client.representative == person.email, person.email, client)
    client.representative = None
    return written()


def _client_and_users(desk: Desk, call: Call) -> tuple[Client, list[User]]:
    values = call.read(bodies.CLIENT_TO_USERS)
    client = known_client(desk, values["ClientNumber"])
    return client, [known_user(desk, item["Email"]) for item in values["EmailUsers"]]


def _client_and_representative(desk: Desk, call: Call) -> tuple[Client, Representative]:
    values = call.read(bodies.CLIENT_TO_REPRESENTATIVE)
    client = known_client(desk, values["ClientNumber"])
    return client, known_representative(desk, values["EmailRepresentative"])


def _check_linked(linked: bool, email: str, client: Client) -> None:
    if not linked:
        raise Refusal(errors=[f"{email} is not linked to client {client.number}."])
