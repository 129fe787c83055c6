"""What planting works with: the truth, the assortment in the making, and who hands out products without a fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from checks.sandbox.oresto.assortment import ArticleNumbers, central_of, free_central, from_central, is_free
from checks.sandbox.oresto.central import SupplierCodes
from checks.sandbox.oresto.codes import CodeMint, is_restricted
from checks.sandbox.oresto.lookups import Lookups
from checks.sandbox.oresto.rows import Central, Linked, Own, Packing

Key = tuple[str, str | None]


class Truth:
    """What was planted: per check id the keys, each with the field it is about or None.

    Some of it is true from a moment on: an order that is waiting, a promo that is running out. So the truth is that of
    the moment it is asked at, also at midnight.
    """

    def __init__(self) -> None:
        self._keys: dict[str, dict[Key, datetime | None]] = {}

    def add(self, check: str, key: str, field: str | None = None, after: datetime | None = None) -> None:
        """`after`: the last moment at which it is not true yet; None: it always is."""
        self._keys.setdefault(check, {})[key, field] = after

    def has(self, check: str, key: str) -> bool:
        return (key, None) in self._keys.get(check, {})

    def move(self, check: str, key: str, other: str) -> None:
        """What was planted on one product is now on the other."""
        self._keys[check][other, None] = self._keys[check].pop((key, None))

    def at(self, now: datetime) -> dict[str, set[Key]]:
        """What is true at this moment; a check of which nothing is true yet is there, and empty."""
        return {
            check: {key for key, after in keys.items() if after is None or now > after}
            for check, keys in sorted(self._keys.items())
        }


@dataclass
class Assortment:
    """All products while they are being made."""

    rng: Random
    lookups: Lookups
    mint: CodeMint
    supplier_codes: SupplierCodes
    numbers: ArticleNumbers
    anchor: datetime
    central: list[Central]
    linked: dict[str, Linked]
    own: list[Own]
    packing: dict[str, Packing] = field(default_factory=dict)
    truth: Truth = field(default_factory=Truth)


class Planter:
    """Hands out products that have no fault yet, and the central ones that nobody uses."""

    def __init__(self, assortment: Assortment) -> None:
        self.made = assortment
        self.rng = assortment.rng
        self.truth = assortment.truth
        self._slots = iter(self.rng.sample(assortment.own, len(assortment.own)))
        central, used = assortment.central, {row.central_id for row in assortment.linked.values()}
        self._free = free_central(self.rng, central, used)
        self._odd_ones = iter(
            [row for row in central if _is_odd(row) and is_free(row, used)]  # the made-up ones have none
        )
        self._known_by_supplier = iter(
            [
                row
                for row in central
                if not row.ean and row.suppliers and not row.deleted and row.id not in used
            ]
        )
        self._gone = iter([row for row in central if row.deleted and row.ean and row.id not in used])
        self._brands = assortment.lookups.families[0].brand_ids
        links = list(assortment.linked.values())
        self._links = iter(self.rng.sample(links, len(links)))

    def take(self) -> Own:
        return next(self._slots)

    def free_central(self) -> Central:
        return next(product for product in self._free if not _is_odd(product))

    def deleted_central(self) -> Central | None:
        """A deleted central product that nobody is linked to; None when there is none left."""
        return next((product for product in self._gone if not is_restricted(product.ean or "")), None)

    def free_central_with_odd_code(self) -> Central | None:
        """A free central product whose code is restricted or no GTIN-13; None when there is none left."""
        return next(self._odd_ones, None)

    def free_central_of_supplier(self, without_ean: bool) -> Central:
        """A free central product that has a supplier's code; without EAN where there is one."""
        product = next(self._known_by_supplier, None) if without_ean else None
        while product is None or not product.suppliers:
            product = self.free_central()
        return product

    def fresh_code(self) -> str:
        """A GTIN-13 that no product has."""
        return self.made.mint.gtin13(self.rng.choice(self._brands))

    def link(self) -> Linked:
        """A link to a central product that has a code and was not deleted."""
        return next(link for link in self._links if _is_linkable(central_of(link, self.made.central)))

    def like(self, row: Own, product: Central) -> None:
        """Makes `row` the central product; in one of seven with its GTIN-13 written in fourteen digits."""
        from_central(row, product, self.rng, self.made.lookups)
        if row.ean and len(row.ean) == 13 and self.rng.random() < 0.15:
            row.ean = "0" + row.ean
        if row.ean and is_restricted(row.ean):
            self.truth.add("restricted-ean", row.article_number)
        if product.is_package:
            self.made.packing[row.article_number] = Packing(is_package=True, amount=product.amount)

    def pack(self, unit: str, carton: str, amount: int) -> None:
        """Says that `carton` holds `amount` of `unit` (article numbers)."""
        inside = self.made.packing.setdefault(carton, Packing())
        inside.is_package, inside.amount, inside.units = True, amount, (*inside.units, unit)
        around = self.made.packing.setdefault(unit, Packing())
        around.packages = (*around.packages, carton)


def _is_linkable(product: Central) -> bool:
    return (
        bool(product.ean) and not product.deleted and not (product.ean or "").zfill(14).startswith("000000")
    )


def _is_odd(product: Central) -> bool:
    """Not for cartons: every made-up one has a GTIN-14."""
    code = product.ean or ""
    if product.is_package or not code:
        return False
    return len(code) != 13 or (code[0] in "02" and is_restricted(code))
