"""Makes client prices and order lists, and plants the faults of the checks on them.

Numbers are compared as they are written: `kv1` is not `KV1`, in the shop's own look-ups and in the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.popularity import Popularity
from checks.sandbox.oresto.rows import ClientPrice, Sales
from checks.sandbox.oresto.trade import Trade


@dataclass
class PricePlanter:
    """Hands out products and clients for price rows, each product once."""

    rng: Random
    trade: Trade
    truth: Truth
    clients: Sequence[str]
    _own: Iterator[Sales]
    _linked: Iterator[Sales]

    def take(self, linked: bool = False) -> tuple[str, str, float]:
        """An article that is active and has a list price, a client, and the list price."""
        row = next(self._linked if linked else self._own)
        return row.article_number, self.rng.choice(self.clients), row.price or 0.0

    def put(
        self,
        article: str,
        client: str,
        price: float | None,
        promo: float | None = None,
        exclusive: bool = False,
    ) -> str:
        """Writes the row; gives its key in the truth."""
        self.trade.client_prices[article, client] = ClientPrice(article, client, price, promo, exclusive)
        return f"{article}|{client}"


def add_client_prices(
    rng: Random, trade: Trade, own: Sequence[Sales], linked: Sequence[Sales], count: int, truth: Truth
) -> None:
    """`count` rows and those of the faults, which come last; `own` and `linked` are active and have a price."""
    clients, everything = list(trade.clients), [*own, *linked]
    dear = [[row for row in rows if (row.price or 0) > 0.2] for rows in (own, linked)]
    slots = [iter(rng.sample(rows, len(rows))) for rows in dear]
    planter = PricePlanter(rng, trade, truth, clients, *slots)
    while len(trade.client_prices) < count:
        product, client = rng.choice(everything), rng.choice(clients)
        if (product.article_number, client) not in trade.client_prices:
            lower = round((product.price or 0.0) * rng.uniform(0.82, 0.97), 2)
            price = lower if lower != product.price else round(lower + 0.05, 2)
            planter.put(product.article_number, client, price, exclusive=rng.random() < 0.05)
    for rate, least, how in PRICE_PLANTS:
        for number in range(max(least, round(count * rate))):
            how(planter, number)


def price_of_unknown_article(planter: PricePlanter, number: int) -> None:
    """An article that was deleted, or one whose number somebody typed in small letters."""
    article, client, _ = planter.take()
    article = article.lower() if number % 3 == 1 else f"KV{90_001 + number}"
    key = planter.put(article, client, 4.5)
    planter.truth.add("client-product-unknown-article", key)


def price_for_unknown_client(planter: PricePlanter, number: int) -> None:
    """A client that was deleted; the article is there, own or linked."""
    article, _, _ = planter.take(linked=number % 2 == 1)
    key = planter.put(article, f"C{8_001 + number}", 0.01)
    planter.truth.add("client-product-unknown-client", key)


def same_price(planter: PricePlanter, number: int) -> None:
    """The list price of an own or a linked product, and no promo of its own; exclusive or not."""
    article, client, price = planter.take(linked=number % 2 == 1)
    key = planter.put(article, client, price, exclusive=number % 3 == 2)
    planter.truth.add("client-product-same-price", key)


def trap_promo_of_its_own(planter: PricePlanter, number: int) -> None:
    """The list price, and a promo that others do not get; exclusive or not."""
    article, client, price = planter.take(linked=number % 2 == 1)
    planter.put(article, client, price, round(price * 0.8, 2), exclusive=number % 2 == 0)


def trap_one_cent(planter: PricePlanter, number: int) -> None:
    """One cent below or above the list price: another price."""
    article, client, price = planter.take(linked=number % 2 == 1)
    planter.put(article, client, round(price + (0.01, -0.01)[number % 2], 2))


def trap_promo_only(planter: PricePlanter, number: int) -> None:
    """No list price, only a promo."""
    article, client, price = planter.take()
    planter.put(article, client, None, round(price * 0.9, 2))


def trap_price_of_inactive_client(planter: PricePlanter, number: int) -> None:
    """A client that stopped ordering, and exists."""
    article, _, price = planter.take()
    inactive = [client.number for client in planter.trade.clients.values() if not client.active]
    planter.put(article, inactive[number % len(inactive)], round(price * 0.9 + 0.02, 2))


#: What is planted: the part of the rows, the least number, how.
PRICE_PLANTS: tuple[tuple[float, int, Callable[[PricePlanter, int], None]], ...] = (
    (0.005, 2, price_of_unknown_article),
    (0.005, 2, price_for_unknown_client),
    (0.01, 3, same_price),
    (0.003, 2, trap_promo_of_its_own),
    (0.003, 2, trap_one_cent),
    (0.002, 1, trap_promo_only),
    (0.002, 1, trap_price_of_inactive_client),
)


def add_order_lists(
    rng: Random, trade: Trade, popular: Popularity, idle: Sequence[Sales], truth: Truth
) -> None:
    """What each client mostly orders. `idle`: products that are inactive, which may stand on a list.

    Each tenth list holds an article that was deleted, or one in small letters. Only lists of active clients do: whether
    the list of a client that stopped ordering matters is nobody's finding here.
    """
    active = 0
    for client in trade.clients.values():
        articles = [row.article_number for row in popular.draw(rng.randint(4, 14))]
        active += client.active
        if client.active and active % 10 == 4:
            articles.append(f"VV{80_001 + active}" if active % 20 == 4 else articles[0].lower())
            truth.add("order-list-unknown-article", f"{client.number}|{articles[-1]}")
        elif idle and active % 10 == 6:
            articles.append(rng.choice(idle).article_number)
        trade.order_lists[client.number] = articles
    trade.order_lists[
        next(iter(trade.clients))
    ] = []  # somebody emptied it; the first one never holds a fault
