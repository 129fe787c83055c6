"""Makes what happens around the products: clients, users, delivery places, client prices, order lists, orders.

Plants the faults of the contract's client and order checks on the way, each on a row of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.oresto import words_trade as words
from checks.sandbox.oresto.moments import belgian_day
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.rows import (
    Client,
    ClientPrice,
    Line,
    Location,
    Order,
    Representative,
    Sales,
    User,
)

FIRST_ORDER = 260_001


@dataclass
class Trade:
    """The wholesaler's clients and what they do."""

    clients: dict[str, Client] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    representatives: dict[str, Representative] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    client_prices: dict[tuple[str, str], ClientPrice] = field(default_factory=dict)
    order_lists: dict[str, list[str]] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)


def make_trade(
    rng: Random,
    products: Sequence[Sales],
    segments: Sequence[int],
    own_count: int,
    anchor: datetime,
    truth: Truth,
) -> Trade:
    """Clients for an assortment of this size; `products` are the active ones with a price.

    `own_count` sets the numbers: a client per forty own products, an order per twenty-five, a price row per two.
    """
    trade = Trade()
    _add_clients(rng, trade, segments, max(20, own_count // 40), truth)
    _add_client_prices(rng, trade, products, max(40, own_count // 2), truth)
    _add_order_lists(rng, trade, products, truth)
    _add_orders(rng, trade, products, max(60, own_count // 25), anchor, truth)
    return trade


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


def _add_clients(rng: Random, trade: Trade, segments: Sequence[int], count: int, truth: Truth) -> None:
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
            active=rng.random() > 0.06,
            has_promos=rng.random() < 0.8,
            address=_address(rng, town),
            representative=rng.choice(salespeople) if rng.random() < 0.8 else None,
            remarks=rng.choice(words.REMARKS) if rng.random() < 0.1 else None,
        )
        trade.clients[client.number] = client
        fault = number % 20 if number < count - count % 20 else None
        if fault == 3 and number % 3 == 0:
            client.active = True
            truth.add("client-without-user", client.number)
        else:
            _add_users(rng, trade, client, "fra" if french else "nld")
        if fault == 7 and number % 3 == 1:
            client.active = True
            truth.add("client-without-location", client.number)
        else:
            _add_locations(rng, trade, client, town)
        if fault == 11 and number % 2:
            client.segment_id = 90 + number % 5
            truth.add("client-unknown-segment", client.number)
    for number in range(max(1, count // 100)):
        email = f"oud-klant{number}@klant.example"
        trade.users[email] = User(email, "Oud", "Klant", "nld", f"C{9_001 + number}", _phone(rng))
        truth.add("user-unknown-client", email)


def _add_users(rng: Random, trade: Trade, client: Client, language: str) -> None:
    for number in range(rng.choice((1, 1, 1, 2))):
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        email = f"{_mail(first, last)}.{client.number.lower()}.{number}@klant.example"
        trade.users[email] = User(email, first, last, language, client.number, _phone(rng))


def _add_locations(rng: Random, trade: Trade, client: Client, town: tuple[str, str, str]) -> None:
    for number in range(rng.choice((1, 1, 1, 1, 2))):
        id_ = 5_001 + len(trade.locations)
        address = dict(client.address) if number == 0 else _address(rng, town)
        remark = rng.choice(words.REMARKS) if rng.random() < 0.15 else None
        days = tuple(f"2026-{month:02d}-{rng.randint(1, 28):02d}T00:00:00" for month in (11, 12))
        trade.locations[id_] = Location(id_, client.number, client.name, address, client.phone, remark, days)


def _add_client_prices(
    rng: Random, trade: Trade, products: Sequence[Sales], count: int, truth: Truth
) -> None:
    clients = list(trade.clients)
    planted = max(2, count // 100)

    def put(article: str, client: str, price: float) -> None:
        exclusive = rng.random() < 0.05
        trade.client_prices[article, client] = ClientPrice(article, client, price, None, exclusive)

    while len(trade.client_prices) < count:
        product, client = rng.choice(products), rng.choice(clients)
        if (product.article_number, client) in trade.client_prices:
            continue
        price = product.price or 0.0
        if planted and price > 0.1:
            planted -= 1
            put(product.article_number, client, price)
            truth.add("client-product-same-price", f"{product.article_number}|{client}")
            continue
        lower = round(price * rng.uniform(0.82, 0.97), 2)
        put(product.article_number, client, lower if lower != price else round(price + 0.05, 2))
    for number in range(max(2, count // 200)):
        article, client = f"KV{90_001 + number}", rng.choice(clients)
        put(article, client, 4.5)
        truth.add("client-product-unknown-article", f"{article}|{client}")
        article, client = rng.choice(products).article_number, f"C{8_001 + number}"
        put(article, client, 0.01)
        truth.add("client-product-unknown-client", f"{article}|{client}")


def _add_order_lists(rng: Random, trade: Trade, products: Sequence[Sales], truth: Truth) -> None:
    for position, client in enumerate(trade.clients):
        articles = [
            product.article_number for product in rng.sample(products, min(len(products), rng.randint(3, 12)))
        ]
        if position % 10 == 4:
            articles.append(f"VV{80_001 + position}")
            truth.add("order-list-unknown-article", f"{client}|{articles[-1]}")
        trade.order_lists[client] = articles


def _add_orders(
    rng: Random, trade: Trade, products: Sequence[Sales], count: int, anchor: datetime, truth: Truth
) -> None:
    """Six in ten processed; the others fresh (under 12 hours), late (30 to 60) or far too late (above 80)."""
    clients = [client.number for client in trade.clients.values() if client.active]
    for position in range(count):
        number, client = FIRST_ORDER + 3 * position, rng.choice(clients)
        kind = position % 10
        hours = (
            rng.uniform(82, 160) if kind == 7 else rng.uniform(30, 58) if kind == 8 else rng.uniform(0.3, 10)
        )
        if kind < 6:
            hours = rng.uniform(12, 500)
        ordered = anchor - timedelta(hours=hours)
        order = Order(
            number=number,
            client_number=client,
            ordered=ordered,
            is_pickup=rng.random() < 0.15,
            arrival=f"{belgian_day(anchor + timedelta(days=rng.randint(2, 5)))}T00:00:00",
            lines=_lines(rng, products, anchor),
            remark=rng.choice(words.REMARKS) if rng.random() < 0.2 else None,
        )
        trade.orders[number] = order
        if kind < 6:
            order.processed = ordered + timedelta(hours=rng.uniform(0.5, 11))
            order.arrival = f"{belgian_day(ordered + timedelta(days=rng.randint(1, 3)))}T00:00:00"
            continue
        if kind in (7, 8):
            truth.add("order-unprocessed", str(number))
        _plant_in_order(order, position, anchor, truth)


def _plant_in_order(order: Order, position: int, anchor: datetime, truth: Truth) -> None:
    """One further fault in some of the unprocessed orders."""
    key = str(order.number)
    turn = position // 10 % 8
    if position % 10 == 7 and turn % 2:
        order.arrival = f"{belgian_day(anchor - timedelta(days=2))}T00:00:00"
        truth.add("order-delivery-passed", key)
    elif position % 10 == 6 and turn == 1:
        order.client_number = f"C{7_001 + position}"
        truth.add("order-unknown-client", key)
    elif position % 10 == 6 and turn == 2:
        order.lines[0].article_number = f"DV{70_001 + position}"
        truth.add("order-unknown-article", key)
    elif position % 10 == 9 and turn in (1, 4):
        order.lines[0].total = round(order.lines[0].total + 1.5, 2)
        truth.add("order-total-mismatch", key)


def _lines(rng: Random, products: Sequence[Sales], anchor: datetime) -> tuple[Line, ...]:
    lines = []
    for product in rng.sample(products, min(len(products), rng.choice((1, 2, 3, 4, 6, 9)))):
        quantity = float(rng.choice((1, 1, 2, 3, 5, 10))) + (0.5 if product.unit_sales_price == "KG" else 0.0)
        price = product.price or 0.0
        last = anchor - timedelta(days=rng.randint(7, 90)) if rng.random() < 0.6 else None
        lines.append(Line(product.article_number, quantity, price, round(quantity * price, 2), last))
    return tuple(lines)
