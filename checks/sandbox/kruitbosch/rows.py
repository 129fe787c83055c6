"""The supplier's memory: its articles, and what was planted in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Truth = dict[str, set[tuple[str, str | None]]]


@dataclass
class Article:
    """One product. `ean` is the number that goes over the wire; `picture` the name of its image file."""

    code: str
    name: str
    created: datetime
    ean: int | float | None
    gross: float | None
    recommended: float | None
    picture: str | None
    group: tuple[str, str, str | None]  # codes of the levels
    text: str | None = None
    blocked: bool = False
    inactive: bool = False
    unit: str = "ST"
    pack: int | None = None
    bike: bool = False
    stock: int = 0
    due: datetime | None = None
    discount: float = 10.0
    supplier_number: str | None = None


@dataclass
class Catalogue:
    """Everything the supplier knows. `beside`: what it takes the shop to see, by shop article number."""

    articles: dict[str, Article] = field(default_factory=dict)
    groups: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)  # code -> name, subgroups
    planted: Truth = field(default_factory=dict)
    beside: Truth = field(default_factory=dict)

    def plant(self, check: str, code: str) -> None:
        self.planted.setdefault(check, set()).add((code, None))

    def plant_beside(self, check: str, article_number: str) -> None:
        self.beside.setdefault(check, set()).add((article_number, None))
