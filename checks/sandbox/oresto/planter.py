"""What planting works with: the truth, the assortment in the making, and who hands out products without a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from checks.sandbox.oresto.assortment import ArticleNumbers, central_of, free_central, from_central
from checks.sandbox.oresto.central import SupplierCodes
from checks.sandbox.oresto.codes import CodeMint, is_restricted
from checks.sandbox.oresto.lookups import Lookups
from checks.sandbox.oresto.rows import Central, Linked, Own, Packing

Key = tuple[str, str | None]


class Truth:
    """What was planted: per check id the keys, each with the field it is about or None."""

    def __init__(self) -> None:
        self._keys: dict[str, set[Key]] = {}

    def add(self, check: str, key: str, field: str | None = None) -> None:
        self._keys.setdefault(check, set()).add((key, field))

    def move(self, check: str, key: str, other: str) -> None:
        """What was planted on one product is now on the other."""
        self._keys[check].remove((key, None))
        self._keys[check].add((other, None))

    def as_dict(self) -> dict[str, set[Key]]:
        return {check: set(keys) for check, keys in sorted(self._keys.items())}


@dataclass
class Assortment:
    """All products while they are being made."""

    rng: Random
    lookups: Lookups
    mint: CodeMint
    supplier_codes: SupplierCodes
    numbers: ArticleNumbers
    anchor: datetime
    central: Sequence[Central]
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
        free = list(free_central(self.rng, assortment.central, assortment.linked))
        self._odd_ones = iter([product for product in free if _is_odd(product)])
        self._free = iter([product for product in free if not _is_odd(product)])
        linked = {row.central_id for row in assortment.linked.values()}
        self._known_by_supplier = iter(
            [
                product
                for product in assortment.central
                if not product.ean and product.suppliers and not product.deleted and product.id not in linked
            ]
        )
        self._brands = assortment.lookups.families[0].brand_ids
        links = [
            row for row in assortment.linked.values() if _is_linkable(central_of(row, assortment.central))
        ]
        self.rng.shuffle(links)
        self._links = iter(links)

    def take(self) -> Own:
        return next(self._slots)

    def free_central(self) -> Central:
        return next(self._free)

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
        return next(self._links)

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
    return not product.is_package and (len(code) != 13 or is_restricted(code))
