"""IB over real HTTP on loopback, with the assortments of several suppliers for one shop."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from checks.sandbox.clock import Clock
from checks.sandbox.ib.api import Habits, IbApi
from checks.sandbox.ib.build import make_assortment
from checks.sandbox.ib.rows import Article, Company
from checks.sandbox.ours import Ours, invented
from checks.sandbox.stand_in import LOGIN, PASSWORD, StandIn, source_table

_OF_OURS = 120  # articles of the shop that is invented where none is given


class IbSandbox(StandIn[IbApi]):
    """A stand-in of IB. Use it as a context manager, or `start()` and `stop()`.

    Args:
        ours: what it knows of the shop, which is a source too; None: an invented one, which is not.
        size: articles besides the twins of the shop's, over all companies; at least 20 a company.
        seed: the same shop, size, seed and hour give the same assortments.
        companies: how many suppliers.
        authentication: `basic`, or `bearer`: the password is the token then.
        unapproved: machine names of companies of which nothing was approved yet.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.
        habits: see `checks.sandbox.ib.api.Habits`.
    """

    def __init__(
        self,
        ours: Ours | None = None,
        size: int = 200,
        seed: int = 7,
        companies: int = 5,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] | None = None,
        authentication: str = "basic",
        unapproved: Collection[str] = (),
        **habits: Any,
    ) -> None:
        known, ways = ours if ours is not None else invented(_OF_OURS, seed), Habits(**habits)
        self._authentication = authentication

        def make(its_clock: Clock) -> IbApi:
            assortment = make_assortment(
                known, size, seed, companies, its_clock, unapproved, beside_shop=ours is not None
            )
            return IbApi(assortment, ways, LOGIN, PASSWORD, authentication)

        super().__init__(make, seed, port, host=host, clock=clock)

    @property
    def companies(self) -> list[str]:
        """Their machine names."""
        return list(self.api.assortment.companies)

    def source_toml(self, name: str) -> str:
        """The [[sources]] table of a keurmeester.toml, with the password."""
        return source_table(name, "ib", self, companies=self.companies, authentication=self._authentication)

    def truth_beside(self) -> dict[str, set[tuple[str, str | None]]]:
        """What was planted between the shop and these suppliers: check id -> {(article number, None)}."""
        return {check: set(keys) for check, keys in self.api.assortment.beside.items()}

    @property
    def strange_pictures(self) -> dict[str, str]:
        """Names of pictures that are none: what they are instead, `web page` or `too large`."""
        return dict(self.api.assortment.strange_pictures)

    # what happens at a supplier's, behind the program's back

    def article(self, key: str) -> Article:
        """The article of a key `company|id` as it is now."""
        company, _, id_ = key.partition("|")
        return self._company(company).articles[id_]

    def keys(self, company: str) -> list[str]:
        """The keys of a company's articles, in the order of its cursor."""
        return [f"{company}|{id_}" for id_ in self._company(company).articles]

    def change(self, key: str, **fields: Any) -> Article:
        """Sets fields of an article (those of `rows.Article`); `modified` moves to now."""
        with self.api.lock:
            old = self.article(key)
            new = replace(old, **{"modified": self.now(), **fields})
            self._company(key.partition("|")[0]).articles[old.id] = new
            return new

    def add(self, company: str, id_: str, **fields: Any) -> Article:
        """A new article, like the first of that company but for `fields`; modified now."""
        with self.api.lock:
            rows = self._company(company).articles
            new = replace(next(iter(rows.values())), **{"id": id_, "modified": self.now(), **fields})
            rows[id_] = new
            return new

    def approve(self, company: str) -> datetime:
        """Approves a company's assortment as it is now."""
        with self.api.lock:
            one = self._company(company)
            one.approved, one.approved_at = dict(one.articles), self.now()
            return one.approved_at

    def _company(self, name: str) -> Company:
        return self.api.assortment.companies[name]
