"""What happens around the products: clients and their people, prices, order lists, orders."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from checks.sandbox.oresto.life import Life
from checks.sandbox.oresto.moments import belgian_day
from checks.sandbox.oresto.rows import Client, ClientPrice, Line, Location, Order, Representative, User

# clients


def client_added(life: Life) -> str | None:
    """A client like another one; mostly with a user and a delivery address."""
    like = life.any(life.trade.clients.values())
    if like is None:
        return None
    number = _fresh(life, "C5", life.trade.clients)
    client = msgspec.structs.replace(
        like, number=number, email=f"{number.lower()}@klant.example", active=True, address={**like.address}
    )
    life.trade.clients[number] = client
    if life.rng.random() < 0.8:
        _add_user(life, client)
    if life.rng.random() < 0.8:
        _add_location(life, client)
    return f"client {number} was added"


def client_changed(life: Life) -> str | None:
    client = life.any(life.trade.clients.values())
    if client is None:
        return None
    kind = life.rng.randrange(4)
    if kind == 0:
        client.name = f"{client.name} {life.rng.randint(2, 99)}"
    elif kind == 1:
        client.segment_id = life.any((*life.shop.lookups.segments, 95, None))
    elif kind == 2:
        client.representative = life.any((*life.trade.representatives, None))
    else:
        client.address = {**client.address, "Municipality": "Elders", "PostalCode": "9999"}
    return f"client {client.number} has another {('name', 'segment', 'representative', 'municipality')[kind]}"


def client_switched(life: Life) -> str | None:
    client = life.any(life.trade.clients.values())
    if client is None:
        return None
    client.active = not client.active
    return f"client {client.number} is {'active' if client.active else 'inactive'}"


def client_deleted(life: Life) -> str | None:
    number = life.client()
    if number is None:
        return None
    life.trade.remove_client(number)
    return f"client {number} was deleted"


# people and places


def user_added(life: Life) -> str | None:
    client = life.any(life.trade.clients.values())
    return None if client is None else f"user {_add_user(life, client)} was added"


def user_changed(life: Life) -> str | None:
    """Switched on or off, moved to another client, or speaking another language."""
    user = life.any(life.trade.users.values())
    if user is None:
        return None
    kind = life.rng.randrange(3)
    if kind == 0:
        user.active = not user.active
    elif kind == 1:
        user.client_number = life.client() or user.client_number
    else:
        user.language = "fra" if user.language == "nld" else "nld"
    return f"user {user.email} was changed"


def user_deleted(life: Life) -> str | None:
    email = life.any(life.trade.users)
    if email is None:
        return None
    del life.trade.users[email]
    return f"user {email} was deleted"


def location_added(life: Life) -> str | None:
    client = life.any(life.trade.clients.values())
    return None if client is None else f"delivery address {_add_location(life, client)} was added"


def location_changed(life: Life) -> str | None:
    """Another place, or other delivery dates."""
    location = life.any(life.trade.locations.values())
    if location is None:
        return None
    if life.rng.random() < 0.5:
        location.address = {**location.address, "Municipality": "Verhuisd", "PostalCode": "1111"}
    else:
        days = sorted(life.rng.sample(range(1, 40), life.rng.randint(0, 4)))
        location.delivery_days = tuple(_day(life, day) for day in days)
    return f"delivery address {location.id} was changed"


def location_deleted(life: Life) -> str | None:
    id_ = life.any(life.trade.locations)
    if id_ is None:
        return None
    del life.trade.locations[id_]
    return f"delivery address {id_} was deleted"


def representative_added(life: Life) -> str | None:
    number = life.rng.randrange(10**6)
    email = f"nieuw{number}@groothandel.example"
    life.trade.representatives[email] = Representative(email, "Nieuw", "Iemand", "+32 470 00 00 00")
    return f"representative {email} was added"


def representative_switched(life: Life) -> str | None:
    person = life.any(life.trade.representatives.values())
    if person is None:
        return None
    person.active = not person.active
    return f"representative {person.email} is {'active' if person.active else 'inactive'}"


def representative_deleted(life: Life) -> str | None:
    email = life.any(life.trade.representatives)
    if email is None:
        return None
    life.trade.remove_representative(email)
    return f"representative {email} was deleted"


# prices and order lists


def client_price_set(life: Life) -> str | None:
    """A new one, or another one for a pair that has one."""
    article, client = life.article(), life.client()
    if article is None or client is None:
        return None
    product = life.shop.product(article)
    price = product.price if product and life.rng.random() < 0.2 else life.price()
    exclusive = life.rng.random() < 0.1
    life.shop.set_client_price(ClientPrice(article, client, price, None, exclusive))
    return f"client {client} pays {price} for {article}"


def client_price_changed(life: Life) -> str | None:
    row = life.any(life.trade.client_prices.values())
    if row is None:
        return None
    changed = msgspec.structs.replace(row, price=life.price(), promo=life.rng.choice((None, 0.5)))
    life.shop.set_client_price(changed)
    return f"client {row.client_number} pays {changed.price} for {row.article_number}"


def client_price_removed(life: Life) -> str | None:
    key = life.any(life.trade.client_prices)
    if key is None:
        return None
    life.shop.remove_client_price(*key)
    return f"client {key[1]} has no price for {key[0]} any more"


def order_list_changed(life: Life) -> str | None:
    """An article more, one less, the other way round, or emptied."""
    client = life.client()
    if client is None:
        return None
    items = life.trade.order_lists.setdefault(client, [])
    article, kind = life.article(), life.rng.randrange(5)
    if kind < 2 and article is not None and article not in items:
        items.append(article)
    elif kind == 2 and items:
        items.remove(life.rng.choice(items))
    elif kind == 3:
        items.reverse()
    elif life.rng.random() < 0.2:
        items.clear()
    return f"client {client} has another order list"


# orders


def order_placed(life: Life) -> str | None:
    """One to five lines, now and then of an article that is about to go."""
    client = life.client()
    articles = sorted({article for _ in range(life.rng.randint(1, 5)) if (article := life.article())})
    if client is None or not articles:
        return None
    trade, number = life.trade, max(life.trade.orders, default=260_000) + 3
    lines = []
    for article in articles:
        quantity, price = float(life.rng.choice((1, 2, 6))), life.price()
        lines.append(Line(article, quantity, price, round(quantity * price, 2), None))
    trade.orders[number] = Order(
        number=number,
        client_number=client,
        ordered=life.shop.now(),
        is_pickup=life.rng.random() < 0.2,
        arrival=_day(life, life.rng.randint(1, 4)),
        lines=tuple(lines),
    )
    return f"order {number} of client {client} came in"


def order_processed(life: Life) -> str | None:
    order = life.any(order for order in life.trade.orders.values() if order.processed is None)
    if order is None:
        return None
    order.processed = life.shop.now()
    return f"order {order.number} was processed"


def order_cancelled(life: Life) -> str | None:
    """It is gone, as if it had never been; processed ones too."""
    order = life.any(life.trade.orders.values())
    if order is None:
        return None
    del life.trade.orders[order.number]
    return f"order {order.number} was cancelled"


def request_failed(life: Life) -> str | None:
    """A request of the wholesaler's own system that was refused in the night."""
    article = life.article()
    message = f"Product with WholesalerArticleNumber {article} already exists."
    life.shop.log_error(
        "POST", "/api/LinkProducts", 400, None, (), (("product.WholesalerArticleNumber", message),)
    )
    return f"linking {article} was refused"


def _add_user(life: Life, client: Client) -> str:
    email = f"gebruiker{life.rng.randrange(10**6)}@klant.example"
    life.trade.users[email] = User(email, "Nieuw", "Iemand", "nld", client.number, client.phone)
    return email


def _add_location(life: Life, client: Client) -> int:
    id_ = life.trade.next_location_id()
    days = (_day(life, 3), _day(life, 10))
    address = {**client.address}
    life.trade.locations[id_] = Location(id_, client.number, client.name, address, client.phone, None, days)
    return id_


def _day(life: Life, days: int) -> str:
    return f"{belgian_day(life.shop.now() + timedelta(days=days))}T00:00:00"


def _fresh(life: Life, prefix: str, taken: dict[str, Client]) -> str:
    while True:
        number = f"{prefix}{life.rng.randrange(10**5):05d}"
        if number not in taken:
            return number
