"""What the simulated days of one shop have in common: the shop, the dice, and picking somebody it happens to.

An event is a function that changes the shop the way life does and says in words what it did, or None when there was
nobody it could happen to. The modules named life_* hold them; `simulation` says how often each happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from checks.sandbox.oresto.codes import check_digit
from checks.sandbox.oresto.rows import Central, Linked, Own
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.oresto.trade import Trade

T = TypeVar("T")


@dataclass
class Life:
    """One shop on one day."""

    shop: Shop
    rng: Random

    @property
    def trade(self) -> Trade:
        return self.shop.trade

    def any(self, rows: Iterable[T]) -> T | None:
        """One of them; None when there is none."""
        found = list(rows)
        return self.rng.choice(found) if found else None

    def own(self) -> Own | None:
        return self.any(self.shop.own.values())

    def linked(self) -> Linked | None:
        return self.any(self.shop.linked.values())

    def central(self) -> Central | None:
        """One that can be ordered. Drawn by id: listing half a million for each event would cost the day."""
        for _ in range(100):
            row = self.rng.choice(self.shop.central)
            if not row.deleted:
                return row
        return None

    def article(self) -> str | None:
        """The number of an own or linked product."""
        table = self.shop.own if self.rng.random() < 0.5 else self.shop.linked
        return self.any(table)

    def client(self) -> str | None:
        return self.any(self.trade.clients)

    def fresh_number(self) -> str:
        """An article number that no product has."""
        while True:
            number = f"NW{self.rng.randrange(10**6):06d}"
            if self.shop.product(number) is None:
                return number

    def fresh_code(self) -> str:
        """A GTIN-13 of a prefix that no made-up product has."""
        body = f"549{self.rng.randrange(10**9):09d}"
        return body + check_digit(body)

    def price(self) -> float:
        return round(self.rng.uniform(0.4, 60), 2)


Event = Callable[[Life], str | None]
