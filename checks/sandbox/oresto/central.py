"""Makes the central database: units, their cartons, products that are known by a supplier's code only, deleted ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple, TypeVar

from checks.sandbox.oresto.codes import CodeMint
from checks.sandbox.oresto.lookups import Family, Lookups, families
from checks.sandbox.oresto.rows import Central

T = TypeVar("T")

FIRST_ID = 1_000_001
CARTON_RATE = 0.3
WITHOUT_EAN_RATE = 0.04
DELETED_RATE = 0.01
DEAREST_IN_CARTONS = 60.0  # euro; dearer units are boxes already
HEAVIEST_IN_CARTONS = 2.5  # kilogram or litre

_TO_KILO = {"G": 1000, "ML": 1000, "CL": 100}
_BIGGER = {"G": ("KG", 1000), "ML": ("L", 1000), "CL": ("L", 100)}


class Article(NamedTuple):
    """One line of the assortment, before somebody sells it: a family in one variant and size."""

    nl: str
    fr: str
    family: int
    content: float
    content_type: str
    weight: float  # in the unit its price is per (kg, litre, piece)
    by_weight: bool  # sold per kilogram: its weight varies


class SupplierCodes:
    """Gives each supplier's article codes once."""

    def __init__(self, lookups: Lookups) -> None:
        self.ids = list(lookups.suppliers)
        self._last = dict.fromkeys(self.ids, 10_000)
        self._prefix = {
            id_: name[0].upper() + name[-4:-3].upper() for id_, (name, _) in lookups.suppliers.items()
        }

    def next(self, supplier_id: int) -> str:
        self._last[supplier_id] += 7
        return f"{self._prefix[supplier_id]}{self._last[supplier_id]}"


@cache
def articles() -> list[list[Article]]:
    """Per family each variant in each size; the names are shared by all products that carry them."""
    everything = []
    for position, family in enumerate(families()):
        lines = []
        for nl, fr in family.variants:
            for text, pieces, content, unit in family.sizes:
                total, total_unit = round(pieces * content, 3), unit
                weight = total / _TO_KILO.get(unit, 1)
                if unit in _BIGGER and total >= _BIGGER[unit][1]:
                    total_unit, divisor = _BIGGER[unit]
                    total = round(total / divisor, 3)
                lines.append(
                    Article(
                        " ".join(filter(None, (family.nl, nl, text))),
                        " ".join(filter(None, (family.fr, fr, _french_size(text)))),
                        position,
                        float(total),
                        total_unit,
                        weight,
                        text.startswith("ca."),
                    )
                )
        everything.append(lines)
    return everything


def _french_size(text: str) -> str:
    return text.replace("ca.", "env.").replace(" st", " pc")


def shop_price(rng: Random, family: Family, article: Article) -> float:
    """A believable list price: euro for the piece, or for the kilogram when its weight varies."""
    level = family.low + (family.high - family.low) * rng.random()
    raw = level * (1 if article.by_weight else article.weight)
    return max(0.05, round(round(raw * 20) / 20 - (0.01 if rng.random() < 0.4 else 0), 2))


def import_moments(rng: Random, anchor: datetime) -> list[datetime]:
    """Moments at which products were last changed: nightly imports of the last two years, mostly long ago."""
    moments = []
    for _ in range(600):
        days = min(700.0, 0.05 + rng.expovariate(1 / 160))
        moments.append(anchor - timedelta(days=days, microseconds=rng.randrange(1_000_000)))
    return moments


def make_central(
    rng: Random, lookups: Lookups, mint: CodeMint, supplier_codes: SupplierCodes, count: int, anchor: datetime
) -> list[Central]:
    """`count` products that can be ordered and some that were deleted; ids run from `FIRST_ID` without holes."""
    lines = articles()
    moments = import_moments(rng, anchor)
    chance = rng.random

    def choice(items: Sequence[T]) -> T:  # a third of the time of `rng.choice`, and here there are millions
        return items[int(chance() * len(items))]

    central: list[Central] = []
    deleted = max(6, round(count * DELETED_RATE))
    while len(central) < count + deleted:
        is_deleted = len(central) >= count
        family_number = int(chance() * len(lines))
        family, article = lookups.families[family_number], choice(lines[family_number])
        brand = choice(family.brand_ids)
        suppliers: tuple[tuple[int, str], ...] = ()
        without_ean = chance() < WITHOUT_EAN_RATE
        if without_ean or chance() < 0.65:
            first = choice(family.supplier_ids)
            suppliers = ((first, supplier_codes.next(first)),)
            if chance() < 0.1:
                second = choice([id_ for id_ in family.supplier_ids if id_ != first])
                suppliers += ((second, supplier_codes.next(second)),)
        number = FIRST_ID + len(central)
        unit = Central(
            number,
            None if without_ean else mint.gtin13(brand),
            brand,
            choice(family.producer_ids) if chance() < 0.7 else None,
            family.category_id,
            _STORAGE_IDS[family.storage],
            article.content_type,
            article.content,
            family.vat,
            suppliers,
            article.nl,
            article.fr,
            family_number,
            shop_price(rng, family, article),
            choice(moments),
            deleted=is_deleted,
        )
        if article.by_weight:
            unit.multiplier_amount, unit.multiplier_type = article.weight, "KG"
        central.append(unit)
        packs = unit.ean and not is_deleted and len(central) < count
        packs = packs and unit.price < DEAREST_IN_CARTONS and article.weight <= HEAVIEST_IN_CARTONS
        if packs and chance() < CARTON_RATE:
            central.append(carton_of(unit, mint, choice((4, 6, 8, 10, 12))))
    return central


def carton_of(unit: Central, mint: CodeMint, amount: int) -> Central:
    """The carton around a unit: the next id, the same supplier code, its own GTIN-14."""
    unit.other_id = unit.id + 1
    return Central(
        unit.id + 1,
        mint.carton(unit.ean, unit.brand_id or 0),
        unit.brand_id,
        unit.producer_id,
        unit.category_id,
        unit.storage_id,
        unit.content_type,
        round(unit.total_content * amount, 3),
        unit.vat,
        unit.suppliers,
        f"{unit.name_nl}, doos van {amount}",
        f"{unit.name_fr}, carton de {amount}",
        unit.about,
        round(unit.price * amount * 0.96, 2),
        unit.modified,
        is_package=True,
        amount=amount,
        other_id=unit.id,
    )


_STORAGE_IDS = {"D": 1, "K": 2, "V": 3, "A": 4}
