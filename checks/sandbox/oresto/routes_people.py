"""Users and representatives are made, changed, deleted and linked: api/Users, api/Representatives.

Passwords and pictures are checked like any member, and kept nowhere: no answer shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.sandbox.oresto import bodies_clients as bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.routes_client_writes import known_representative, known_user
from checks.sandbox.oresto.routes_clients import known_client
from checks.sandbox.oresto.rows import Client, Representative, User


@route("POST", "Users")
def create_user(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.USER)
    _check_free("user.Email", values["Email"], desk.shop.trade.users)
    desk.shop.trade.users[values["Email"]] = _user_from(desk, values)
    return written()


@route("PUT", "Users")
def replace_user(desk: Desk, call: Call) -> Reply:
    """Found by Email; NewEmail is its address from then on."""
    values, trade = call.read(bodies.CHANGED_USER), desk.shop.trade
    old, email = known_user(desk, values["Email"]), values["NewEmail"]
    if email and email != old.email:
        _check_free("user.NewEmail", email, trade.users)
    trade.users[old.email] = user = _user_from(desk, values)
    if email:
        trade.rename_user(user, email)
    return written()


@route("DELETE", "Users")
def delete_user(desk: Desk, call: Call) -> Reply:
    user = known_user(desk, call.text("Email", length=100))
    del desk.shop.trade.users[user.email]
    return written()


@route("POST", "Users/LinkUserToClient")
def link_user(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.USER_TO_CLIENT)
    user, client = known_user(desk, values["EmailUser"]), known_client(desk, values["ClientNumber"])
    user.client_number = client.number
    return written()


@route("POST", "Users/UnlinkUserFromClient")
def unlink_user(desk: Desk, call: Call) -> Reply:
    """Also from a client that was deleted since."""
    values = call.read(bodies.USER_TO_CLIENT)
    user = known_user(desk, values["EmailUser"])
    if user.client_number != values["ClientNumber"]:
        raise Refusal(errors=[f"{user.email} is not linked to client {values['ClientNumber']}."])
    user.client_number = None
    return written()


@route("POST", "Representatives")
def create_representative(desk: Desk, call: Call) -> Reply:
    values, trade = call.read(bodies.REPRESENTATIVE), desk.shop.trade
    _check_free("representative.Email", values["Email"], trade.representatives)
    clients = _clients(desk, values["Clients"])
    trade.representatives[values["Email"]] = _representative_from(values)
    for client in clients:
        client.representative = values["Email"]
    return written()


@route("PUT", "Representatives")
def replace_representative(desk: Desk, call: Call) -> Reply:
    """Found by Email; NewEmail is its address from then on. A list of clients replaces those it had (WHOLE_ROWS)."""
    values, trade = call.read(bodies.CHANGED_REPRESENTATIVE), desk.shop.trade
    old, email = known_representative(desk, values["Email"]), values["NewEmail"]
    if email and email != old.email:
        _check_free("representative.NewEmail", email, trade.representatives)
    clients = _clients(desk, values["Clients"])
    trade.representatives[old.email] = person = _representative_from(values)
    if clients:
        _unlink(desk, person.email)
    for client in clients:
        client.representative = person.email
    if email:
        trade.rename_representative(person, email)
    return written()


@route("DELETE", "Representatives")
def delete_representative(desk: Desk, call: Call) -> Reply:
    person = known_representative(desk, call.text("Email", length=100))
    desk.shop.trade.remove_representative(person.email)
    return written()


@route("POST", "Representatives/LinkRepresentativeToClients")
def link_clients(desk: Desk, call: Call) -> Reply:
    person, clients = _representative_and_clients(desk, call)
    for client in clients:
        client.representative = person.email
    return written()


@route("POST", "Representatives/UnlinkRepresentativeFromClients")
def unlink_clients(desk: Desk, call: Call) -> Reply:
    person, clients = _representative_and_clients(desk, call)
    for client in clients:
        if client.representative != person.email:
            raise Refusal(errors=[f"{person.email} is not linked to client {client.number}."])
    for client in clients:
        client.representative = None
    return written()


def _check_free(key: str, email: str, taken: Mapping[str, object]) -> None:
    if email in taken:
        raise Refusal(model_errors=[(key, f"The e-mail address {email} is in use already.")])


def _user_from(desk: Desk, values: Mapping[str, Any]) -> User:
    number = values["ClientNumber"]
    if number not in desk.shop.trade.clients:
        message = f"Client with number {number} does not exist."
        raise Refusal(model_errors=[("user.ClientNumber", message)])
    return User(
        email=values["Email"],
        first_name=values["Firstname"],
        last_name=values["Lastname"],
        language=values["LanguageCode"],
        client_number=number,
        phone=values["Telephone"],
        active=values["Active"],
        sees_prices=values["MayViewPrices"],
        fax=values["Fax"],
    )


def _representative_from(values: Mapping[str, Any]) -> Representative:
    return Representative(
        email=values["Email"],
        first_name=values["Firstname"],
        last_name=values["Lastname"],
        phone=values["Telephone"],
        language=values["LanguageCode"],
        active=values["Active"],
        fax=values["Fax"],
    )


def _clients(desk: Desk, items: list[Mapping[str, str]]) -> list[Client]:
    return [known_client(desk, item["ClientNumber"]) for item in items]


def _representative_and_clients(desk: Desk, call: Call) -> tuple[Representative, list[Client]]:
    values = call.read(bodies.REPRESENTATIVE_TO_CLIENTS)
    person = known_representative(desk, values["EmailRepresentative"])
    return person, _clients(desk, values["ClientNumbers"])


def _unlink(desk: Desk, email: str) -> None:
    for client in desk.shop.trade.clients.values():
        if client.representative == email:
            client.representative = None
