"""What happens to own products, their photos and how they are packed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from checks.sandbox.oresto.life import Life
from checks.sandbox.oresto.moments import day_start
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.sandbox.oresto.rows import Own


def own_created(life: Life) -> str | None:
    """A product like one of the others, under a number and a code of its own."""
    like = life.own()
    if like is None:
        return None
    row = msgspec.structs.replace(
        like,
        id=life.shop.next_id(),
        article_number=life.fresh_number(),
        ean=life.fresh_code() if life.rng.random() < 0.9 else None,
        modified=life.shop.now(),
    )
    life.shop.put_own(row)
    return f"own product {row.article_number} was made"


def own_changed(life: Life) -> str | None:
    """One to three of its facts, of which one may be what it was."""
    row = life.own()
    if row is None:
        return None
    names = life.rng.sample(sorted(_CHANGES), life.rng.randint(1, 3))
    for name in names:
        _CHANGES[name](life, row)
    row.modified = life.shop.now()
    return f"own product {row.article_number} has another {', '.join(names)}"


def own_touched(life: Life) -> str | None:
    """Saved as it was: only its LastModified is another."""
    row = life.own()
    if row is None:
        return None
    row.modified = life.shop.now()
    return f"own product {row.article_number} was saved as it was"


def own_switched(life: Life) -> str | None:
    row = life.own()
    if row is None:
        return None
    row.active = not row.active
    row.modified = life.shop.now()
    return f"own product {row.article_number} is {'active' if row.active else 'inactive'}"


def own_deleted(life: Life) -> str | None:
    row = life.own()
    if row is None:
        return None
    life.shop.remove_product(row.article_number)
    return f"own product {row.article_number} was deleted"


def own_made_anew(life: Life) -> str | None:
    """Deleted and created again under the same number: another id, no photos, no client prices."""
    row = life.own()
    if row is None:
        return None
    life.shop.remove_product(row.article_number)
    again = msgspec.structs.replace(row, id=life.shop.next_id(), modified=life.shop.now())
    life.shop.put_own(again)
    return f"own product {row.article_number} was deleted and made anew"


# facts


def _ean(life: Life, row: Own) -> None:
    """Another code: a good one, none, a wrong one, another product's, one that is central, or the same in fourteen digits."""
    kind = life.rng.randrange(6)
    other, central = life.own(), life.central()
    if kind == 0:
        row.ean = None
    elif kind == 1:
        row.ean = "5412345678900"  # its check digit would be 8
    elif kind == 2 and other is not None:
        row.ean = other.ean
    elif kind == 3 and central is not None:
        row.ean = central.ean
    elif kind == 4 and row.ean and len(row.ean) == 13:
        row.ean = "0" + row.ean
    else:
        row.ean = life.fresh_code()


def _name(life: Life, row: Own) -> None:
    """A word more in one language, or a language lost or found again."""
    mark = f"v{life.rng.randint(2, 99)}"
    texts = {language: (name, about) for language, name, about in row.texts}
    language = life.rng.choice(("nld", "fra"))
    if language in texts and life.rng.random() < 0.2:
        del texts[language]
    else:
        name, about = texts.get(language, (row.article_number, None))
        texts[language] = (f"{name} {mark}", about)
    row.texts = tuple((language, name, about) for language, (name, about) in texts.items())


def _price(life: Life, row: Own) -> None:
    row.price = life.rng.choice((life.price(), life.price(), None, 0.0))


def _promo(life: Life, row: Own) -> None:
    """A promo that is on, one that was, one the wrong way round, or none."""
    kind, today = life.rng.randrange(4), life.shop.now()
    row.promo = round((row.price or 1.0) * life.rng.choice((0.8, 1.0)), 2)
    row.promo_from, row.promo_until = day_start(today, -3), day_start(today, 12)
    if kind == 1:
        row.promo_from, row.promo_until = day_start(today, -20), today - timedelta(days=2)
    elif kind == 2:
        row.promo_from, row.promo_until = row.promo_until, row.promo_from
    elif kind == 3:
        row.promo = row.promo_from = row.promo_until = None


def _brand(life: Life, row: Own) -> None:
    row.brand_id = life.any((*life.shop.lookups.brands, 77_777, None))


def _producer(life: Life, row: Own) -> None:
    row.producer_id = life.any((*life.shop.lookups.producers, 8_800, None))


def _category(life: Life, row: Own) -> None:
    row.category_id = life.any((*life.shop.lookups.categories, 9_901, None))


def _storage(life: Life, row: Own) -> None:
    row.storage_id = life.any((*life.shop.lookups.storage, 90, None))


def _content(life: Life, row: Own) -> None:
    row.content_type = life.any((*life.shop.lookups.content_types, "OZ", None))
    row.total_content = life.rng.choice((0.5, 1.0, 250.0, None))


def _multiplier(life: Life, row: Own) -> None:
    row.multiplier_amount = life.rng.choice((2.5, 5.0, None))
    row.multiplier_type = life.any((*life.shop.lookups.multiplier_types, None))


def _unit(life: Life, row: Own) -> None:
    row.unit_sales_price = life.any((*life.shop.lookups.unit_sales_prices, "PAK", None))


def _supplier(life: Life, row: Own) -> None:
    """Another one's code, which may be that of a central product, or none."""
    central = life.central()
    if central is not None and central.suppliers and life.rng.random() < 0.7:
        row.supplier_id, row.supplier_code = life.rng.choice(central.suppliers)
    else:
        row.supplier_id = row.supplier_code = None


def _vat(life: Life, row: Own) -> None:
    row.vat = life.rng.choice((6, 12, 21))


def _selling(life: Life, row: Own) -> None:
    row.on_order, row.unavailable = life.rng.random() < 0.5, life.rng.random() < 0.3
    row.order_quantity = life.rng.choice((1.0, 0.5, 6.0))


_CHANGES: dict[str, Callable[[Life, Own], None]] = {
    "EAN": _ean,
    "name": _name,
    "price": _price,
    "promo": _promo,
    "brand": _brand,
    "producer": _producer,
    "category": _category,
    "storage condition": _storage,
    "content": _content,
    "multiplier": _multiplier,
    "unit": _unit,
    "supplier": _supplier,
    "VAT": _vat,
    "way of selling": _selling,
}


# packing


def unit_in_a_carton_got_another_code(life: Life) -> str | None:
    """The carton shows it, and its LastModified stays."""
    inside = (
        (number, unit)
        for number, packing in life.shop.packing.items()
        if life.shop.product(number) is not None
        for unit in packing.units
        if unit in life.shop.own
    )
    found = life.any(inside)
    if found is None:
        return None
    carton, unit = found
    row = life.shop.own[unit]
    row.ean, row.modified = life.fresh_code(), life.shop.now()
    return f"the unit {unit} in carton {carton} has another EAN"


def packed(life: Life) -> str | None:
    """A product goes into a carton, or how many of it are in there changes."""
    unit, carton = life.article(), life.own()
    if unit is None or carton is None or unit == carton.article_number:
        return None
    life.shop.pack(unit, carton.article_number, life.rng.choice((0, 1, 6, 12)))
    return f"{unit} is in carton {carton.article_number}"


def unpacked(life: Life) -> str | None:
    pairs = ((unit, carton) for carton, packing in life.shop.packing.items() for unit in packing.units)
    found = life.any(pairs)
    if found is None:
        return None
    life.shop.unpack(*found)
    return f"{found[0]} is in carton {found[1]} no more"


# photos


def photo_added(life: Life) -> str | None:
    row = life.own()
    if row is None:
        return None
    name = f"{row.article_number}-{life.rng.randrange(1000)}.jpg"
    life.shop.add_photo(row.article_number, name, life.rng.choice((None, "nld", "fra")), draw_photo(name))
    return f"{row.article_number} has photo {name}"


def photo_removed(life: Life) -> str | None:
    photo = life.any(life.shop.photos.values())
    if photo is None:
        return None
    life.shop.remove_photo(photo)
    return f"{photo.article_number} has photo {photo.name} no more"


def photo_replaced(life: Life) -> str | None:
    """Another picture under the same name: there is no way but taking one away and adding one."""
    photo = life.any(life.shop.photos.values())
    if photo is None:
        return None
    life.shop.remove_photo(photo)
    other = draw_photo(f"{photo.name} {life.rng.random()}")
    life.shop.add_photo(photo.article_number, photo.name, photo.language, other)
    return f"{photo.article_number} has another photo {photo.name}"
