"""Makes what happens around the products, in the numbers that go with an assortment of that size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from checks.sandbox.oresto.made_clients import add_clients
from checks.sandbox.oresto.made_orders import add_orders
from checks.sandbox.oresto.made_prices import add_client_prices, add_order_lists
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.popularity import Popularity
from checks.sandbox.oresto.rows import Sales
from checks.sandbox.oresto.trade import Trade


def make_trade(
    rng: Random,
    own: Sequence[Sales],
    linked: Sequence[Sales],
    segments: Sequence[int],
    own_count: int,
    anchor: datetime,
    truth: Truth,
) -> Trade:
    """Clients, prices, order lists and orders.

    `own_count` sets the numbers: a client per forty own products, a client price per two, an order of the last thirty
    days per twenty, and one that waits per sixty. A product that is on no order is normal; best sellers are on many.

    Args:
        own, linked: all products; only those that are active and have a price are sold.
    """
    trade = Trade()
    sold = [[row for row in rows if row.active and row.price] for rows in (own, linked[: len(own) // 2])]
    popular = Popularity(rng, [*sold[0], *sold[1]])
    add_clients(rng, trade, segments, max(24, own_count // 40), anchor, truth)
    add_client_prices(rng, trade, sold[0], sold[1], max(40, own_count // 2), truth)
    add_order_lists(rng, trade, popular, [row for row in own if not row.active], truth)
    add_orders(rng, trade, popular, max(30, own_count // 60), max(40, own_count // 20), anchor, truth)
    return trade
