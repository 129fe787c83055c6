"""Makes the clients with their people and delivery places, and plants the faults of the checks on them.

Clients are judged only when they are active, and a user counts only when it is active: who stopped ordering needs
nobody to log in. Each client gets at most one fault; some are traps: they look guilty and are not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.oresto import words_trade as words
from checks.sandbox.oresto.moments import belgian_day
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.rows import Client, Location, Representative, User
from checks.sandbox.oresto.trade import Trade

INACTIVE_RATE = 0.06


@dataclass
class ClientPlanter:
    """Hands out clients that have no fault yet."""

    rng: Random
    trade: Trade
    truth: Truth
    _slots: Iterator[Client]

    def take(self) -> Client:
        """An active client with an active user, an address and a segment that is known."""
        client = next(self._slots)
        client.active = True
        return client

    def users_of(self, client: Client) -> list[User]:
        return [user for user in self.trade.users.values() if user.client_number == client.number]

    def drop_users(self, client: Client) -> None:
        for user in self.users_of(client):
            del self.trade.users[user.email]

    def drop_locations(self, client: Client) -> None:
        for location in self.trade.locations_of(client.number):
            del self.trade.locations[location.id]


def add_clients(
    rng: Random, trade: Trade, segments: Sequence[int], count: int, anchor: datetime, truth: Truth
) -> None:
    """`count` clients, at least twelve: the faults and traps need so many."""
    for number in range(max(4, count // 60)):
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        email = f"{_mail(first, last)}{number}@groothandel.example"
        trade.representatives[email] = Representative(email, first, last, _phone(rng))
    salespeople = list(trade.representatives)
    for number in range(count):
        town = rng.choice(words.TOWNS)
        french = town[2] in words.WALLOON
        sign = rng.choice(words.SIGNS_FR if french else words.SIGNS_NL)
        name = rng.choice(words.HOUSES_FR if french else words.HOUSES_NL).format(sign)
        client = Client(
            number=f"C{10_001 + number}",
            name=name,
            email=f"{_mail(name)}{number}@klant.example",
            phone=_phone(rng),
            segment_id=rng.choice(segments) if rng.random() < 0.9 else None,
            active=rng.random() > INACTIVE_RATE,
            has_promos=(promos := rng.random() < 0.8),
            address=_address(rng, town),
            representative=rng.choice(salespeople) if rng.random() < 0.8 else None,
            remarks=rng.choice(words.REMARKS) if rng.random() < 0.1 else None,
            sees_labels=promos,
        )
        trade.clients[client.number] = client
        for _ in range(rng.choice((1, 1, 1, 2))):
            _add_user(rng, trade, client, "fra" if french else "nld")
        _add_locations(rng, trade, client, town, anchor)
    slots = iter(rng.sample(list(trade.clients.values()), count))
    planter = ClientPlanter(rng, trade, truth, slots)
    for rate, least, how in PLANTS:
        for number in range(max(least, round(count * rate))):
            how(planter, number)


def client_without_user(planter: ClientPlanter, number: int) -> None:
    """Active, and has no user, or none that is active: nobody can log in."""
    client = planter.take()
    if number % 2:
        for user in planter.users_of(client):
            user.active = False
    else:
        planter.drop_users(client)
    planter.truth.add("client-without-user", client.number)


def client_without_location(planter: ClientPlanter, number: int) -> None:
    """Active, and has no delivery address. Its own address counts for nothing: orders go to a location."""
    client = planter.take()
    planter.drop_locations(client)
    planter.truth.add("client-without-location", client.number)


def client_unknown_segment(planter: ClientPlanter, number: int) -> None:
    """Active, and its segment is not in the table. No segment at all is allowed."""
    client = planter.take()
    client.segment_id = 90 + number % 5
    planter.truth.add("client-unknown-segment", client.number)


def user_unknown_client(planter: ClientPlanter, number: int) -> None:
    """An active user of a client that was deleted."""
    email = f"oud-klant{number}@klant.example"
    planter.trade.users[email] = User(email, "Oud", "Klant", "nld", f"C{9_001 + number}", _phone(planter.rng))
    planter.truth.add("user-unknown-client", email)


def trap_inactive_client(planter: ClientPlanter, number: int) -> None:
    """Nobody to log in, nowhere to deliver, and a segment of old: but it stopped ordering."""
    client = planter.take()
    client.active = False
    if number % 3 != 1:
        planter.drop_users(client)
    if number % 3 != 2:
        planter.drop_locations(client)
    client.segment_id = 94


def trap_former_colleague(planter: ClientPlanter, number: int) -> None:
    """One of two users is inactive: the other one can log in. And no segment, which is allowed."""
    client = planter.take()
    client.segment_id = None
    _add_user(planter.rng, planter.trade, client, "nld")
    planter.users_of(client)[0].active = False


def trap_user_of_inactive_client(planter: ClientPlanter, number: int) -> None:
    """An active user of a client that is inactive: the client exists."""
    planter.take().active = False


#: What is planted: the part of the clients, the least number, how.
PLANTS: tuple[tuple[float, int, Callable[[ClientPlanter, int], None]], ...] = (
    (0.02, 2, client_without_user),
    (0.02, 2, client_without_location),
    (0.015, 2, client_unknown_segment),
    (0.01, 2, user_unknown_client),
    (0.015, 3, trap_inactive_client),
    (0.01, 2, trap_former_colleague),
    (0.01, 1, trap_user_of_inactive_client),
)


def _mail(*parts: str) -> str:
    text = unicodedata.normalize("NFKD", ".".join(parts).lower()).encode("ascii", "ignore").decode()
    return "".join(letter if letter.isalnum() or letter == "." else "" for letter in text)


def _phone(rng: Random) -> str:
    return f"+32 4{rng.randint(60, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)}"


def _address(rng: Random, town: tuple[str, str, str]) -> dict[str, str | None]:
    postal_code, municipality, province = town
    streets = words.STREETS_FR if province in words.WALLOON else words.STREETS_NL
    return {
        "StreetName": rng.choice(streets),
        "ExtraAddressLine": None,
        "StreetNumber": str(rng.randint(1, 240)),
        "PostalCode": postal_code,
        "Province": province,
        "Municipality": municipality,
        "CountryCode": "BE",
    }


def _add_user(rng: Random, trade: Trade, client: Client, language: str) -> None:
    first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
    email = f"{_mail(first, last)}.{client.number.lower()}.{len(trade.users)}@klant.example"
    trade.users[email] = User(email, first, last, language, client.number, _phone(rng))


def _add_locations(
    rng: Random, trade: Trade, client: Client, town: tuple[str, str, str], anchor: datetime
) -> None:
    """Its own address, now and then another one in the same town; deliveries in the next five weeks."""
    for number in range(rng.choice((1, 1, 1, 1, 2))):
        id_ = trade.next_location_id()
        address = dict(client.address) if number == 0 else _address(rng, town)
        remark = rng.choice(words.REMARKS) if rng.random() < 0.15 else None
        first = rng.randint(1, 7)
        days = tuple(
            f"{belgian_day(anchor + timedelta(days=first + 7 * week))}T00:00:00" for week in range(4)
        )
        trade.locations[id_] = Location(id_, client.number, client.name, address, client.phone, remark, days)
