"""Makes the wholesaler's assortment without any fault in it: own products and linked ones, photos, packing.

`checks.sandbox.oresto.planted` then plants the faults. Nothing here may be a finding of any check by accident.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.oresto.central import FIRST_ID, SupplierCodes, articles, import_moments, shop_price
from checks.sandbox.oresto.codes import CodeMint
from checks.sandbox.oresto.lookups import STORAGE, Lookups
from checks.sandbox.oresto.rows import Central, Linked, Note, Own, Sales
from checks.sandbox.oresto.words_trade import INFORMATION, PROMO_TEXTS

INACTIVE_RATE = 0.07
PROMO_RATE = 0.08
FIRST_OWN_ID = 300_001
FIRST_LINK_ID = 700_001

#: What the wholesaler's article numbers start with, by storage condition.
_SERIES = {1: "DV", 2: "KV", 3: "VV", 4: "NF"}


class ArticleNumbers:
    """Gives each article number once: `VV104512`; own and linked products share them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._last = 100_000

    def next(self, storage_id: int | None) -> str:
        self._last += self._rng.randint(1, 7)
        return f"{_SERIES.get(storage_id or 1, 'DV')}{self._last}"


def make_linked(
    rng: Random, central: Sequence[Central], numbers: ArticleNumbers, count: int, anchor: datetime
) -> dict[str, Linked]:
    """Links to `count` central products that were not deleted; at most half of them all."""
    moments = import_moments(rng, anchor)
    candidates = [product for product in central if not product.deleted]
    count = min(count, len(candidates) // 2)
    linked: dict[str, Linked] = {}
    for product in rng.sample(candidates, count):
        row = Linked(
            id=FIRST_LINK_ID + len(linked),
            article_number=numbers.next(product.storage_id),
            modified=rng.choice(moments),
            central_id=product.id,
            unit_sales_price="DS"
            if product.is_package
            else "KG"
            if product.multiplier_type == "KG"
            else "ST",
        )
        _sell(rng, row, product.price, anchor)
        linked[row.article_number] = row
    return linked


def make_own(
    rng: Random,
    lookups: Lookups,
    mint: CodeMint,
    supplier_codes: SupplierCodes,
    numbers: ArticleNumbers,
    count: int,
    anchor: datetime,
) -> list[Own]:
    """`count` own products that no check finds fault with; none of their codes is central."""
    lines = articles()
    moments = import_moments(rng, anchor)
    own = []
    for position in range(count):
        number = rng.randrange(len(lines))
        family, article = lookups.families[number], rng.choice(lines[number])
        brand_id = rng.choice(family.brand_ids)
        storage_id = STORAGE[family.storage][0]
        row = Own(
            id=FIRST_OWN_ID + position,
            article_number=numbers.next(storage_id),
            modified=rng.choice(moments),
            ean=_code(rng, mint, brand_id),
            brand_id=brand_id,
            producer_id=rng.choice(family.producer_ids) if rng.random() < 0.6 else None,
            category_id=family.category_id,
            storage_id=storage_id,
            content_type=article.content_type,
            total_content=article.content,
            vat=family.vat,
            unit_sales_price="KG" if article.by_weight else "ST",
            texts=(("nld", article.nl, family.about_nl), ("fra", article.fr, family.about_fr)),
        )
        if article.by_weight:
            row.multiplier_amount, row.multiplier_type = article.weight, "KG"
        if row.ean is None or rng.random() < 0.7:
            row.supplier_id = rng.choice(family.supplier_ids)
            row.supplier_code = supplier_codes.next(row.supplier_id)
        _sell(rng, row, shop_price(rng, family, article), anchor)
        own.append(row)
    return own


def _code(rng: Random, mint: CodeMint, brand_id: int) -> str | None:
    """Mostly a GTIN-13; now and then a GTIN-8, a UPC, the fourteen-digit form, or none."""
    draw = rng.random()
    if draw < 0.07:
        return None
    if draw < 0.09:
        return mint.gtin8()
    if draw < 0.10:
        return mint.gtin12()
    code = mint.gtin13(brand_id)
    return "0" + code if draw < 0.12 else code


def _sell(rng: Random, row: Sales, price: float, anchor: datetime) -> None:
    row.price = price
    row.active = rng.random() >= INACTIVE_RATE
    if rng.random() < 0.05:
        row.on_order = True
    if row.unit_sales_price == "KG" and rng.random() < 0.4:
        row.order_quantity = rng.choice((0.5, 0.25, 0.0, 2.5))
    draw = rng.random()
    if draw < PROMO_RATE:
        row.promo = promo_price(price, rng.choice((0.8, 0.85, 0.9)))
        row.promo_from = _midnight(anchor + timedelta(days=rng.randint(-20, 6)))
        row.promo_until = _midnight(anchor + timedelta(days=rng.randint(8, 45)))
        if rng.random() < 0.5:
            row.notes = _notes(rng.choice(PROMO_TEXTS), 0)
    elif draw < PROMO_RATE + 0.02:
        row.unavailable = True
        row.notes = _notes(rng.choice(INFORMATION), 1)


def promo_price(price: float, part: float) -> float:
    """A promo price that stays below the list price, also after rounding to cents."""
    return round(min(round(price * part, 2), price - 0.01), 2)


def _notes(texts: tuple[str, str], place: int) -> tuple[Note, ...]:
    dutch, french = texts
    if place == 0:
        return (("nld", dutch, None), ("fra", french, None))
    return (("nld", None, dutch), ("fra", None, french))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=0, second=0, microsecond=0)


def from_central(row: Own, product: Central, rng: Random, lookups: Lookups) -> None:
    """Makes the own product the same article as this central one, worded as a wholesaler would."""
    dutch, french = product.name_nl, product.name_fr
    if rng.random() < 0.35:
        dutch, french = dutch.upper(), french.upper()
    about = lookups.families[product.about] if product.about >= 0 else None
    row.ean = product.ean
    row.brand_id = product.brand_id
    row.producer_id = product.producer_id
    row.category_id = product.category_id
    row.storage_id = product.storage_id
    row.content_type = product.content_type
    row.total_content = product.total_content
    row.vat = product.vat
    row.multiplier_amount, row.multiplier_type = product.multiplier_amount, product.multiplier_type
    row.unit_sales_price = "DS" if product.is_package else "KG" if product.multiplier_type == "KG" else "ST"
    row.texts = (
        ("nld", dutch, about.about_nl if about else None),
        ("fra", french, about.about_fr if about else None),
    )
    row.price = round(product.price * rng.choice((0.97, 1.0, 1.0, 1.04)), 2)
    if row.promo is not None:
        row.promo = promo_price(row.price, 0.85)


def free_central(rng: Random, central: Sequence[Central], used: Container[int]) -> Iterator[Central]:
    """Central products with an EAN that nobody linked (`used`: ids) and nobody deleted, each once, in any order."""
    places = list(range(len(central)))
    for last in range(len(places) - 1, -1, -1):  # shuffled as far as it is asked for
        at = int(rng.random() * (last + 1))
        places[at], places[last] = places[last], places[at]
        product = central[places[last]]
        if is_free(product, used):
            yield product


def is_free(product: Central, used: Container[int]) -> bool:
    return (
        bool(product.ean) and not product.deleted and product.id not in used and _one_form(product.ean or "")
    )


def _one_form(code: str) -> bool:
    """False for a GTIN-8 written longer, whose number range is a matter of opinion."""
    return len(code) == 8 or not code.zfill(14).startswith("000000")


def central_of(row: Linked, central: Sequence[Central]) -> Central:
    return central[row.central_id - FIRST_ID]
