"""Which products sell: a few best sellers, and a long tail that hardly anybody orders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from checks.sandbox.oresto.rows import Sales

#: The best seller is sold twice as often as the product at this place of the ranking.
HALF_AT = 12


class Popularity:
    """The products in an order of popularity that the dice decide: the n-th sells by 1 / (n + HALF_AT)."""

    def __init__(self, rng: Random, products: Sequence[Sales]) -> None:
        self._rng = rng
        self._ranked = rng.sample(products, len(products))
        self._weights = list(accumulate(1 / (place + HALF_AT) for place in range(len(products))))

    def draw(self, count: int) -> list[Sales]:
        """`count` products or somewhat fewer, each once."""
        drawn = self._rng.choices(self._ranked, cum_weights=self._weights, k=count)
        return list({row.article_number: row for row in drawn}.values())
