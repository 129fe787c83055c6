"""Kruitbosch over real HTTP on loopback, with a catalogue that knows one shop."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from checks.sandbox.clock import Clock
from checks.sandbox.kruitbosch.api import KruitboschApi
from checks.sandbox.kruitbosch.build import make_catalogue
from checks.sandbox.kruitbosch.rows import Truth
from checks.sandbox.ours import Ours, invented
from checks.sandbox.stand_in import LOGIN, PASSWORD, StandIn, source_table

_OF_OURS = 120  # articles of the shop that is invented where none is given


class KruitboschSandbox(StandIn[KruitboschApi]):
    """A stand-in of Kruitbosch. Use it as a context manager, or `start()` and `stop()`.

    Args:
        ours: what it knows of the shop; None: an invented one.
        size: articles besides the twins of the shop's; at least 40.
        seed: the same shop, size, seed and hour give the same catalogue.
        roles, bearer: see `checks.sandbox.kruitbosch.api.KruitboschApi`.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.
    """

    def __init__(
        self,
        ours: Ours | None = None,
        size: int = 120,
        seed: int = 7,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] | None = None,
        roles: Collection[str] = ("Klant",),
        bearer: bool = False,
    ) -> None:
        known = ours if ours is not None else invented(_OF_OURS, seed)

        def make(its_clock: Clock) -> KruitboschApi:
            anchor = its_clock.now().replace(minute=0, second=0, microsecond=0)
            catalogue = make_catalogue(known, size, seed, anchor)
            return KruitboschApi(catalogue, its_clock, LOGIN, PASSWORD, roles, bearer)

        super().__init__(make, seed, port, host=host, clock=clock)

    def source_toml(self, name: str) -> str:
        """The [[sources]] table of a keurmeester.toml, with the password."""
        return source_table(name, "kruitbosch", self, image_url=f"{self.base_url}/media/images/{{image}}")

    def truth_beside(self) -> Truth:
        """What was planted between the shop and this supplier: check id -> {(article number, None)}."""
        return {check: set(keys) for check, keys in self.api.catalogue.beside.items()}

    def change(self, code: str, **fields: Any) -> None:
        """Sets fields of an article (those of `rows.Article`) behind the program's back."""
        with self.api.lock:
            for name, value in fields.items():
                setattr(self.api.catalogue.articles[code], name, value)

    def expire(self) -> None:
        """Ends every session, as a restart of the server does."""
        self.api.expire()
