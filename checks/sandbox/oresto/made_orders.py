"""Makes the orders of the last weeks, and plants the faults of the checks on those that wait.

Orders are judged only until they are processed: what was wrong with a processed one is history. What depends on the
time is true from a moment on (`Truth`): a day old, the day of delivery over in Belgium.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from checks.sandbox.oresto import words_trade as words
from checks.sandbox.oresto.moments import BELGIUM, belgian_day
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.popularity import Popularity
from checks.sandbox.oresto.rows import Line, Order, Sales
from checks.sandbox.oresto.trade import Trade

FIRST_ORDER = 260_001
FRESH_HOURS = 16.0  # below this an order is no finding within the hours a test takes


@dataclass
class OrderPlanter:
    """Hands out waiting orders that have no fault yet."""

    rng: Random
    anchor: datetime
    truth: Truth
    _slots: Iterator[Order]

    def take(self) -> Order:
        """A fresh order with at least two lines of whole quantities."""
        return next(self._slots)

    def day(self, days: int, at: str = "00:00:00") -> str:
        """A day from today in Belgium, as orders write it: without zone."""
        return f"{belgian_day(self.anchor + timedelta(days=days))}T{at}"


def add_orders(
    rng: Random,
    trade: Trade,
    popular: Popularity,
    waiting: int,
    processed: int,
    anchor: datetime,
    truth: Truth,
) -> None:
    """`waiting` orders that are not processed, `processed` ones of the last thirty days, and some older ones."""
    clients = [client.number for client in trade.clients.values() if client.active]
    hours = [(rng.uniform(12, 30 * 24), True) for _ in range(processed)]
    hours += [(rng.uniform(30 * 24, 70 * 24), True) for _ in range(processed // 8 + 2)]
    hours += [(rng.uniform(0.3, FRESH_HOURS), False) for _ in range(waiting)]
    for position, (age, done) in enumerate(sorted(hours, reverse=True)):
        order = _order(rng, FIRST_ORDER + 3 * position, rng.choice(clients), popular, anchor, age)
        trade.orders[order.number] = order
        if done:
            order.processed = min(order.ordered + timedelta(hours=rng.uniform(0.5, 11)), anchor)
            order.arrival = f"{belgian_day(order.ordered + timedelta(days=rng.randint(1, 3)))}T00:00:00"
    open_ones = [order for order in trade.orders.values() if order.processed is None]
    planter = OrderPlanter(rng, anchor, truth, iter(rng.sample(open_ones, len(open_ones))))
    for rate, least, how in PLANTS:
        for number in range(max(least, round(waiting * rate))):
            how(planter, number)
    history = [order for order in trade.orders.values() if order.processed is not None]
    for number, order in enumerate(rng.sample(history, max(3, len(history) // 50))):
        _trap_processed(order, number)
    for order in open_ones:
        truth.add("order-unprocessed", str(order.number), after=order.ordered + timedelta(hours=24))
        _add_passing(order, truth)


def late(planter: OrderPlanter, number: int) -> None:
    """Older than a day (a warning) or than three days (an error), and not processed."""
    order = planter.take()
    hours = planter.rng.uniform(82, 160) if number % 2 else planter.rng.uniform(30, 58)
    order.ordered = planter.anchor - timedelta(hours=hours)


def delivery_passed(planter: OrderPlanter, number: int) -> None:
    """Its delivery or pickup was yesterday or before, by the calendar in Belgium; the hour of that day is no matter."""
    order = planter.take()
    order.ordered = planter.anchor - timedelta(hours=planter.rng.uniform(90, 150))
    order.is_pickup = number % 3 == 1
    days, hour = ((-1, "23:59:59"), (-1, "00:00:00"), (-2, "00:00:00"))[number % 3]
    order.arrival = planter.day(days, hour)


def unknown_client(planter: OrderPlanter, number: int) -> None:
    """The client was deleted after it had ordered."""
    order = planter.take()
    order.client_number = f"C{7_001 + number}"
    planter.truth.add("order-unknown-client", str(order.number))


def unknown_article(planter: OrderPlanter, number: int) -> None:
    """A line of an article that is neither own nor linked, or whose number is in small letters."""
    order = planter.take()
    line = order.lines[-1]
    line.article_number = line.article_number.lower() if number % 3 == 1 else f"DV{70_001 + number}"
    planter.truth.add("order-unknown-article", str(order.number))


def total_mismatch(planter: OrderPlanter, number: int) -> None:
    """A line's total is off by more than a cent: by two cents, by a lot, upwards or downwards."""
    order = planter.take()
    line = order.lines[0]
    line.total = round(line.total + (0.02, 1.5, -0.02)[number % 3], 2)
    planter.truth.add("order-total-mismatch", str(order.number))


def trap_one_cent(planter: OrderPlanter, number: int) -> None:
    """Two lines are off by exactly one cent each: within the tolerance, which is per line."""
    for line in planter.take().lines[:2]:
        line.total = round(line.total + (0.01, -0.01)[number % 2], 2)


def trap_today(planter: OrderPlanter, number: int) -> None:
    """To be delivered or picked up today: the day is not over."""
    order = planter.take()
    order.is_pickup = number % 2 == 1
    order.arrival = planter.day(0, ("00:00:00", "06:30:00")[number % 2])


def trap_no_date(planter: OrderPlanter, number: int) -> None:
    """Nobody chose a day."""
    planter.take().arrival = None


def trap_free_sample(planter: OrderPlanter, number: int) -> None:
    """A line for nothing: its total is 0, as it should be."""
    line = planter.take().lines[0]
    line.price = line.total = 0.0


#: What is planted: the part of the waiting orders, the least number, how.
PLANTS: tuple[tuple[float, int, Callable[[OrderPlanter, int], None]], ...] = (
    (0.25, 4, late),
    (0.05, 3, delivery_passed),
    (0.03, 2, unknown_client),
    (0.03, 2, unknown_article),
    (0.04, 3, total_mismatch),
    (0.03, 2, trap_one_cent),
    (0.03, 2, trap_today),
    (0.01, 1, trap_no_date),
    (0.01, 1, trap_free_sample),
)


def _trap_processed(order: Order, number: int) -> None:
    """Everything that is wrong with a waiting order, on a processed one: history."""
    kind = number % 3
    if kind == 0:
        order.client_number = f"C{6_001 + number}"
    elif kind == 1:
        order.lines[0].article_number = f"NF{60_001 + number}"
    else:
        order.lines[0].total = round(order.lines[0].total + 2, 2)


def _add_passing(order: Order, truth: Truth) -> None:
    """It is a finding once the day after its delivery or pickup begins in Belgium."""
    if order.arrival is not None:
        next_day = date.fromisoformat(order.arrival[:10]) + timedelta(days=1)
        midnight = datetime.combine(next_day, time.min, BELGIUM)
        truth.add("order-delivery-passed", str(order.number), after=midnight - timedelta(microseconds=1))


def _order(
    rng: Random, number: int, client: str, popular: Popularity, anchor: datetime, hours: float
) -> Order:
    return Order(
        number=number,
        client_number=client,
        ordered=anchor - timedelta(hours=hours),
        is_pickup=rng.random() < 0.15,
        arrival=f"{belgian_day(anchor + timedelta(days=rng.randint(2, 5)))}T00:00:00",
        lines=_lines(rng, popular.draw(rng.choice((3, 4, 6, 8, 12, 18))), anchor),
        remark=rng.choice(words.REMARKS) if rng.random() < 0.2 else None,
    )


def _lines(rng: Random, products: list[Sales], anchor: datetime) -> tuple[Line, ...]:
    """The first two in whole quantities, so that their totals are whole cents."""
    lines: list[Line] = []
    for product in products:
        by_weight = product.unit_sales_price == "KG" and len(lines) > 1
        quantity = float(rng.choice((1, 1, 2, 3, 5, 10))) + (0.5 if by_weight else 0.0)
        price = product.price or 0.0
        last = anchor - timedelta(days=rng.randint(7, 90)) if rng.random() < 0.6 else None
        lines.append(Line(product.article_number, quantity, price, round(quantity * price, 2), last))
    return tuple(lines)
