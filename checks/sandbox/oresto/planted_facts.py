"""Plants the faults in what an own product says of itself: texts, prices, promos, multipliers, packing; and their traps."""

from __future__ import annotations

from datetime import timedelta

from checks.sandbox.oresto.assortment import promo_price
from checks.sandbox.oresto.moments import day_start
from checks.sandbox.oresto.planter import Assortment, Planter
from checks.sandbox.oresto.rows import Packing

LANGUAGES = ("nld", "fra")


def text_missing(planter: Planter, number: int) -> None:
    """Active, and no name in a language: the entry is absent, its name is empty, blank or null; or there is no text.

    A description without a name is no text: the shop's lists show names.
    """
    row, language = planter.take(), LANGUAGES[(number + 1) % 2]
    row.active = True
    others = tuple(text for text in row.texts if text[0] != language)
    kept = ((), (("", None),), (("  ", "Een omschrijving."),), ((None, "Une description."),))[number % 4]
    row.texts = (*others, *((language, name, about) for name, about in kept))
    if number % 8 == 4:
        row.texts = ()
        for each in LANGUAGES:
            planter.truth.add("text-missing", row.article_number, each)
    planter.truth.add("text-missing", row.article_number, language)


def trap_texts(planter: Planter, number: int) -> None:
    """Inactive and without French; or active, with German on top and no descriptions."""
    row = planter.take()
    if number % 2 == 0:
        row.active = False
        row.texts = row.texts[:1]
    else:
        names = [(language, name, None) for language, name, _ in row.texts]
        row.texts = (("deu", "Etwas Deutsches", None), *names)


def price_missing(planter: Planter, number: int) -> None:
    """Active, with no list price, or 0."""
    row = planter.take()
    row.active, row.price = True, (None, 0.0)[number % 2]
    row.promo = row.promo_from = row.promo_until = None
    planter.truth.add("price-missing", row.article_number)


def trap_no_price(planter: Planter, number: int) -> None:
    """Inactive products need no price."""
    row = planter.take()
    row.active, row.price = False, (None, 0.0)[number % 2]
    row.promo = row.promo_from = row.promo_until = None


def promo_invalid(planter: Planter, number: int) -> None:
    """Active, and its promo is not below the list price, or ends before it starts, or ended: by the second, in UTC.

    A promo is a promo price; dates without one are none. Promos that run out later are found by `promos_run_out`.
    """
    row, anchor = planter.take(), planter.made.anchor
    price = row.price or 1.0
    row.active, row.promo = True, promo_price(price, 0.9)
    row.promo_from, row.promo_until = anchor - timedelta(days=10), anchor + timedelta(days=20)
    if number % 3 == 0:
        row.promo = round(price * (1 if number % 2 else 1.1), 2)
    elif number % 3 == 1:
        row.promo_from, row.promo_until = row.promo_until, row.promo_from + timedelta(days=15)
    else:
        row.promo_from, row.promo_until = anchor - timedelta(days=60), anchor - timedelta(days=30)
    planter.truth.add("promo-invalid", row.article_number)


def trap_promo(planter: Planter, number: int) -> None:
    """A promo without dates, one that ends tonight, one that only has an end, or an old one of an inactive product."""
    row, anchor, kind = planter.take(), planter.made.anchor, number % 4
    row.active, row.promo = kind != 3, promo_price(row.price or 1.0, 0.9)
    row.promo_from = row.promo_until = None
    if kind == 1:
        row.promo_from = day_start(anchor, -14)
        row.promo_until = day_start(anchor, 1) - timedelta(seconds=1)
    elif kind == 2:
        row.promo_until = day_start(anchor, 9)
    elif kind == 3:
        row.promo_from, row.promo_until = anchor - timedelta(days=60), anchor - timedelta(days=30)


def promos_run_out(made: Assortment) -> None:
    """Every promo that runs is a finding once it ended. Inactive products have none."""
    running = (row for row in made.own if row.active and row.promo is not None)
    for row in running:
        if row.promo_until is not None and not made.truth.has("promo-invalid", row.article_number):
            made.truth.add("promo-invalid", row.article_number, after=row.promo_until)


def multiplier_invalid(planter: Planter, number: int) -> None:
    """An amount without a unit, or a unit without an amount. Both or neither is right."""
    row = planter.take()
    row.active = True
    row.multiplier_amount, row.multiplier_type = ((2.5, None), (None, "KG"))[number % 2]
    planter.truth.add("multiplier-invalid", row.article_number)


def package_mismatch(planter: Planter, number: int) -> None:
    """A carton of which nobody said how many units are inside: nothing, one or none."""
    row = planter.take()
    row.active = True
    planter.made.packing[row.article_number] = Packing(is_package=True, amount=(None, 1, 0)[number % 3])
    planter.truth.add("package-mismatch", row.article_number)


def trap_packing(planter: Planter, number: int) -> None:
    """A carton of two, or a single product with the number of units that goes with it."""
    row = planter.take()
    carton = number % 2 == 0
    planter.made.packing[row.article_number] = Packing(is_package=carton, amount=2 if carton else 1)
