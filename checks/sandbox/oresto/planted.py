"""Plants the faults in the products, at known rates, and writes down each one: the planted truth.

The truth comes from the planting, never from a rule. Each product gets at most one fault of its own (besides a missing
photo), so that what one planting implies is plain: a product whose GTIN is linked is also central; twins on one central
code are duplicates too. Products that became central carry no invalid or missing reference, code or category, so that
the API would take each of them back as it was. Some products are traps: they look guilty and are not.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import msgspec

from checks.sandbox.oresto import planted_facts as facts
from checks.sandbox.oresto import planted_references as references
from checks.sandbox.oresto.assortment import central_of, from_central, promo_price
from checks.sandbox.oresto.codes import INVALID_KINDS, is_restricted
from checks.sandbox.oresto.planter import Assortment, Planter
from checks.sandbox.oresto.rows import Linked, Own

FORBIDDEN = "\\+<>?#%@&*:./"


def forbidden_characters(planter: Planter, number: int) -> None:
    """Article numbers from before the rule; each third product also became central."""
    row = planter.take()
    row.article_number = (
        f"{row.article_number[:2]}{FORBIDDEN[number % len(FORBIDDEN)]}{row.article_number[2:]}"
    )
    planter.truth.add("forbidden-characters", row.article_number)
    if number % 3 == 1:
        planter.like(row, planter.free_central())
        planter.truth.add("own-became-central", row.article_number)


def became_central(planter: Planter, number: int) -> None:
    row = planter.take()
    planter.like(row, planter.free_central())
    planter.truth.add("own-became-central", row.article_number)


def became_central_with_odd_code(planter: Planter, number: int) -> None:
    """Real products have GTIN-8s, GTIN-14s and in-store codes among them; of the made-up ones none has."""
    product = planter.free_central_with_odd_code()
    if product is not None:
        row = planter.take()
        planter.like(row, product)
        planter.truth.add("own-became-central", row.article_number)


def became_central_by_supplier(planter: Planter, number: int) -> None:
    """No EAN of its own, but its supplier's code is central."""
    row, product = planter.take(), planter.free_central_of_supplier(without_ean=number % 2 == 0)
    from_central(row, product, planter.rng, planter.made.lookups)
    row.ean = None
    row.supplier_id, row.supplier_code = product.suppliers[0]
    planter.truth.add("own-became-central", row.article_number)


def carton_of_linked_unit(planter: Planter, number: int) -> None:
    """An own carton: only the code of the unit inside, a linked product, is central."""
    row, link = planter.take(), planter.link()
    from_central(row, central_of(link, planter.made.central), planter.rng, planter.made.lookups)
    _as_carton(planter, row, link.article_number)
    planter.truth.add("own-became-central", row.article_number)


def unit_in_linked_carton(planter: Planter, number: int) -> None:
    """An own unit: only the code of the carton around it, a linked product, is central."""
    row, link = planter.take(), planter.link()
    from_central(row, central_of(link, planter.made.central), planter.rng, planter.made.lookups)
    row.ean = planter.fresh_code()
    planter.pack(row.article_number, link.article_number, 6)
    planter.truth.add("own-became-central", row.article_number)


def unit_and_carton_pair(planter: Planter, number: int) -> None:
    """An own unit and its own carton, one of which has a central code: both became central."""
    unit, carton, product = planter.take(), planter.take(), planter.free_central()
    planter.like(unit, product)
    from_central(carton, product, planter.rng, planter.made.lookups)
    _as_carton(planter, carton, unit.article_number)
    if number % 2:
        carton.ean, unit.ean = unit.ean, carton.ean
        if carton.ean and is_restricted(carton.ean):
            planter.truth.move("restricted-ean", unit.article_number, carton.article_number)
    planter.truth.add("own-became-central", unit.article_number)
    planter.truth.add("own-became-central", carton.article_number)


def honest_pair(planter: Planter, number: int) -> None:
    """An own unit and its own carton; nothing is wrong with either."""
    unit, carton = planter.take(), planter.take()
    for name in (
        "brand_id",
        "producer_id",
        "category_id",
        "storage_id",
        "content_type",
        "total_content",
        "vat",
        "texts",
    ):
        setattr(carton, name, getattr(unit, name))
    carton.price = unit.price
    _as_carton(planter, carton, unit.article_number)


def _as_carton(planter: Planter, row: Own, unit: str) -> None:
    """Makes the product a carton, with a code of its own, of several of what it was."""
    amount = planter.rng.choice((4, 6, 8, 12))
    words = {"nld": "doos van", "fra": "carton de"}
    row.texts = tuple(
        (language, f"{name}, {words[language]} {amount}", None) for language, name, _ in row.texts
    )
    row.ean = planter.fresh_code()
    row.price, row.unit_sales_price = round((row.price or 1) * amount * 0.97, 2), "DS"
    row.multiplier_amount = row.multiplier_type = None
    if row.promo is not None:
        row.promo = promo_price(row.price, 0.9)
    planter.pack(unit, row.article_number, amount)


def own_and_linked(planter: Planter, number: int) -> None:
    """Its GTIN is linked under another article number: so it is central too."""
    row, link = planter.take(), planter.link()
    planter.like(row, central_of(link, planter.made.central))
    planter.truth.add("own-and-linked", row.article_number)
    planter.truth.add("own-became-central", row.article_number)


def twins(planter: Planter, number: int) -> None:
    """Two or three own products with one GTIN, also in another form; each fourth group on a central code."""
    rows = [planter.take() for _ in range(3 if number % 3 == 2 else 2)]
    first = rows[0]
    if number % 4 == 1:
        planter.like(first, planter.free_central())
    else:
        first.ean = planter.fresh_code()
    for row in rows:
        code = first.ean or ""
        row.ean = "0" + code if row is not first and len(code) == 13 and number % 2 else code
        planter.truth.add("duplicate-ean", row.article_number)
        if number % 4 == 1:
            planter.truth.add("own-became-central", row.article_number)
            if is_restricted(row.ean):
                planter.truth.add("restricted-ean", row.article_number)


def invalid_ean(planter: Planter, number: int) -> None:
    row = planter.take()
    row.ean = planter.made.mint.invalid(INVALID_KINDS[number % len(INVALID_KINDS)], row.brand_id or 0)
    planter.truth.add("invalid-ean", row.article_number)


def restricted_ean(planter: Planter, number: int) -> None:
    row = planter.take()
    row.ean = planter.made.mint.restricted(number)
    planter.truth.add("restricted-ean", row.article_number)


def trap_deleted_central(planter: Planter, number: int) -> None:
    """Has the code of a central product that was deleted: no finding."""
    product = planter.deleted_central()
    if product is not None:
        from_central(planter.take(), product, planter.rng, planter.made.lookups)


def trap_supplier_code(planter: Planter, number: int) -> None:
    """Has an EAN that is not central, and a supplier's code that is: no finding."""
    row, product = planter.take(), planter.free_central_of_supplier(without_ean=False)
    row.ean = planter.fresh_code()
    row.supplier_id, row.supplier_code = product.suppliers[0]


#: What is planted: the part of the own products, the least number, how. First those that change the article number.
PLANTS: tuple[tuple[float, int, Callable[[Planter, int], None]], ...] = (
    (0.006, 4, forbidden_characters),
    (0.03, 6, became_central),
    (0.002, 6, became_central_with_odd_code),
    (0.005, 2, became_central_by_supplier),
    (0.003, 1, carton_of_linked_unit),
    (0.003, 1, unit_in_linked_carton),
    (0.002, 2, unit_and_carton_pair),
    (0.02, 2, honest_pair),
    (0.006, 2, own_and_linked),
    (0.005, 3, twins),
    (0.014, 7, invalid_ean),
    (0.008, 4, restricted_ean),
    (0.016, 8, references.invalid_reference),
    (0.010, 5, references.missing_reference),
    (0.006, 2, references.category_not_leaf),
    (0.008, 2, facts.text_missing),
    (0.005, 2, facts.price_missing),
    (0.005, 3, facts.promo_invalid),
    (0.003, 2, facts.multiplier_invalid),
    (0.003, 2, facts.package_mismatch),
    (0.002, 2, facts.trap_texts),
    (0.002, 2, facts.trap_no_price),
    (0.002, 4, facts.trap_promo),
    (0.001, 2, facts.trap_packing),
    (0.001, 2, trap_deleted_central),
    (0.003, 2, trap_supplier_code),
)

#: Below this there is no room for one fault of each kind.
SMALLEST = 100


def linked_central_deleted(made: Assortment) -> None:
    """Some linked products whose central product was deleted since; of three one has no EAN, only a supplier's code."""
    count = max(2, round(len(made.linked) * 0.002))
    coded: list[Linked] = []
    bare: list[Linked] = []
    for row in made.linked.values():
        product = central_of(row, made.central)
        if not product.is_package:
            (coded if product.ean else bare).append(row)
    by_supplier = min(len(bare), max(1, count // 3))
    for row in (*made.rng.sample(coded, count - by_supplier), *made.rng.sample(bare, by_supplier)):
        central_of(row, made.central).deleted = True
        made.truth.add("linked-central-deleted", row.article_number)


def trap_deleted_twins(made: Assortment) -> None:
    """Deleted central products with the EAN, or the supplier's code, of one that is linked and still there.

    A code that is both deleted and alive lives: the product was entered anew. Units and cartons share supplier's codes.
    """
    linked = [central_of(row, made.central) for row in made.linked.values()]
    alive = [product for product in linked if not product.deleted and not product.is_package]
    coded = islice((product for product in alive if product.ean), 2)
    bare = islice((product for product in alive if not product.ean and product.suppliers), 2)
    for product in [*coded, *bare]:
        twin = msgspec.structs.replace(
            product, id=made.central[-1].id + 1, deleted=True, is_package=not product.ean, other_id=None
        )
        made.central.append(twin)


def plant(made: Assortment) -> None:
    """Plants everything; changes the rows in place."""
    linked_central_deleted(made)
    trap_deleted_twins(made)
    planter = Planter(made)
    for rate, least, how in PLANTS:
        for number in range(max(least, round(len(made.own) * rate))):
            how(planter, number)
    facts.promos_run_out(made)
