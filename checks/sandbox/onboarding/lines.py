"""The articles of the example file: which they are, what of their codes is spoilt, and what is truly wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checks.sandbox.oresto.rows import Central, Own

#: Several fixed words.
WORDS: Any = pl.List(pl.String)

#: What an article's line says of how it is found in the central list.
GTIN, SUPPLIER_CODE, NAME, OWN = "gtin", "supplier-code", "name", "own"


@dataclass
class Line:
    """One article of the wholesaler's own system.

    Attributes:
        row: its facts as the shop would have them: the true ids, the price, the promo.
        kind: how it is found: `gtin`, `supplier-code`, `name`, or `own` (not central).
        product: the central product it is; None for an own one.
        ean: what the file has in the column of the EAN.
        name, french: what the file has as names.
        carton_ean, per_carton: of the box around it.
        damage: what happened to its codes, in fixed words.
        written: field of a reference -> what the file has there, where it is not the usual spelling.
    """

    row: Own
    kind: str
    product: Central | None = None
    ean: str = ""
    name: str = ""
    french: str = ""
    carton_ean: str = ""
    per_carton: int | None = None
    damage: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Nothing happened to it yet."""
        return not self.damage and not self.written


Faults = dict[str, set[tuple[str, str | None]]]


@dataclass
class Found:
    """The faults while lines have no final number yet: kept by line."""

    _told: list[tuple[str, Line, str | None]] = field(default_factory=list)

    def add(self, check: str, line: Line, field: str | None = None) -> None:
        self._told.append((check, line, field))

    def faults(self) -> Faults:
        """Check id -> {(article number, field or None)}."""
        together: Faults = {}
        for check, line, part in self._told:
            together.setdefault(check, set()).add((line.row.article_number, part))
        return dict(sorted(together.items()))
