"""What the stand-in of IB remembers. A row is replaced, never changed: the approved form keeps the old one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from checks.sandbox.clock import Clock

LABELS = {"85E": "Actueel", "91E": "Uitlopend", "92E": "Vervallen"}


@dataclass(frozen=True, slots=True)
class Unit:
    """`amount` of the smaller `inner` make one `package`."""

    amount: float | None
    package: str
    inner: str
    ean: str | None
    orderable: bool = True

    @property
    def label(self) -> str:
        return f"{self.amount or 1:g} {self.inner}"


@dataclass(frozen=True, slots=True)
class Price:
    """`start` and `end` as IB writes them, `YYYY-MM-DD`. `active` as it says, which may be wrong."""

    kind: str
    label: str
    price: float
    start: str | None
    end: str | None = None
    moq: float | None = None
    quantity: float = 1
    unit: str = "st"
    own: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one supplier; `modified` in UTC. `pictures`: names of its pictures, without what they are."""

    id: str
    code: str
    name: str
    modified: datetime
    text: str = ""
    brand: str | None = None
    match_code: str | None = None
    availability: str | None = "85E"
    units: tuple[Unit, ...] = ()
    pictures: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()

    @property
    def eans(self) -> set[str]:
        return {unit.ean for unit in self.units if unit.ean}


@dataclass
class Company:
    """One supplier's assortment, in the order of its cursor; and how it was at its last approval.

    Attributes:
        written: how this supplier's moments are written: `offset`, `naive` (Dutch time), `zulu` or `day`.
        approved_at: None: nothing was approved yet.
    """

    name: str
    written: str
    articles: dict[str, Article] = field(default_factory=dict)
    approved: dict[str, Article] = field(default_factory=dict)
    approved_at: datetime | None = None

    def waits(self, article: Article) -> bool:
        return self.approved_at is None or article.modified > self.approved_at


@dataclass
class Assortment:
    """All suppliers, the truth of what is wrong with them, and what was planted between them and the shop.

    Attributes:
        beside_shop: is the shop a source too? What is gone is then told of what it sells; else of what has a matchCode.
        planted: check id -> (article key, field), as it is without a shop.
        sold: what depends on the shop, as it is beside one.
        beside: check id -> (article number, None), of the shop.
    """

    companies: dict[str, Company]
    clock: Clock
    beside_shop: bool = False
    planted: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)
    beside: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)
    sold: dict[str, set[tuple[str, str | None]]] = field(
        default_factory=lambda: {"article-discontinued": set(), "article-phasing-out": set()}
    )
    strange_pictures: dict[str, str] = field(default_factory=dict)  # picture -> "web page" | "too large"

    def plant(self, check: str, key: str, field: str | None = None) -> None:
        self.planted.setdefault(check, set()).add((key, field))

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """Check id -> (article key, field); what waits for approval as it is now, the rest as it was planted."""
        waiting: set[tuple[str, str | None]] = {
            (f"{company.name}|{article.id}", None)
            for company in self.companies.values()
            for article in company.articles.values()
            if company.waits(article)
        }
        known = self.planted | self.sold if self.beside_shop else self.planted
        return {**{check: set(keys) for check, keys in known.items()}, "article-unmoderated": waiting}
