"""What happens in the central database, and to the products that are linked to it."""

from __future__ import annotations

import msgspec

from checks.sandbox.oresto.dump import make_central
from checks.sandbox.oresto.life import Life
from checks.sandbox.oresto.rows import Central, Linked, Own


def central_added(life: Life) -> str | None:
    """A unit like another one, now and then with a carton around it."""
    like = life.central()
    if like is None:
        return None
    unit = msgspec.structs.replace(
        like,
        id=life.shop.next_central_id(),
        ean=life.fresh_code(),
        suppliers=(),
        name_nl=f"{like.name_nl} nieuw",
        is_package=False,
        amount=None,
        other_id=None,
        modified=life.shop.now(),
    )
    life.shop.add_central(unit)
    if life.rng.random() < 0.4:
        _add_carton(life, unit)
    return f"central product {unit.ean} was added"


def central_got_a_carton(life: Life) -> str | None:
    unit = life.central()
    if unit is None or unit.is_package or unit.other_id is not None:
        return None
    carton = _add_carton(life, unit)
    return f"central product {unit.ean} got carton {carton.ean}"


def _add_carton(life: Life, unit: Central) -> Central:
    amount = life.rng.choice((6, 12))
    carton = msgspec.structs.replace(
        unit,
        id=life.shop.next_central_id(),
        ean=life.fresh_code(),
        name_nl=f"{unit.name_nl}, doos van {amount}",
        is_package=True,
        amount=amount,
        other_id=unit.id,
        modified=life.shop.now(),
    )
    life.shop.add_central(carton)
    life.shop.set_central(unit, other_id=carton.id)
    return carton


def central_changed(life: Life) -> str | None:
    """Another name, brand, content or VAT; who is linked to it shows it too."""
    row = life.any(_linked_ones(life)) if life.rng.random() < 0.5 else life.central()
    if row is None:
        return None
    lookups = life.shop.lookups
    facts: dict[str, object] = {
        "name_nl": f"{row.name_nl} {life.rng.randint(2, 99)}",
        "name_fr": f"{row.name_fr} {life.rng.randint(2, 99)}",
        "brand_id": life.any((*lookups.brands, None)),
        "producer_id": life.any((*lookups.producers, None)),
        "category_id": life.any(leaf.id for leaf in lookups.leaves()),
        "total_content": life.rng.choice((0.25, 1.0, 500.0)),
        "vat": life.rng.choice((6, 12, 21)),
        "multiplier_amount": life.rng.choice((None, 2.5)),
    }
    name = life.rng.choice(sorted(facts))
    life.shop.set_central(row, **{name: facts[name]})
    return f"central product {row.ean or row.id} has another {name}"


def central_got_another_code(life: Life) -> str | None:
    """Also one that products are linked to: they show it, and their LastModified stays."""
    row = life.any(_linked_ones(life)) if life.rng.random() < 0.6 else life.central()
    if row is None:
        return None
    before = row.ean
    life.shop.set_central(row, ean=life.fresh_code())
    return f"central product {before or row.id} has EAN {row.ean}"


def central_deleted(life: Life) -> str | None:
    row = life.any(_linked_ones(life)) if life.rng.random() < 0.4 else life.central()
    if row is None or row.deleted:
        return None
    life.shop.set_central(row, deleted=True)
    return f"central product {row.ean or row.id} was deleted"


def central_restored(life: Life) -> str | None:
    row = life.any(life.shop.deleted_central)
    if row is None:
        return None
    life.shop.set_central(row, deleted=False)
    return f"central product {row.ean or row.id} is back"


def own_became_central(life: Life) -> str | None:
    row = life.any(row for row in life.shop.own.values() if row.ean)
    if row is None:
        return None
    make_central(life.shop, row.article_number)
    return f"own product {row.article_number} became central"


# links


def own_linked(life: Life) -> str | None:
    """The own product is deleted, and its number linked to the central one: its own where there is one."""
    row = life.own()
    product = row and ((row.ean and life.shop.central_by_ean(row.ean)) or life.central())
    if not row or not product:
        return None
    life.shop.remove_product(row.article_number)
    life.shop.put_linked(_link(life, row.article_number, product, row.price))
    return f"own product {row.article_number} was linked to {product.ean or product.id}"


def unlinked(life: Life) -> str | None:
    """The link is deleted, and an own product made of it under the same number."""
    link = life.linked()
    if link is None:
        return None
    product, shop = life.shop.central_by_id(link.central_id), life.shop
    shop.remove_product(link.article_number)
    shop.put_own(
        Own(
            id=shop.next_id(),
            article_number=link.article_number,
            modified=shop.now(),
            ean=product.ean if product.deleted else life.fresh_code(),
            brand_id=product.brand_id,
            category_id=product.category_id,
            storage_id=product.storage_id,
            content_type=product.content_type,
            total_content=product.total_content,
            vat=product.vat,
            unit_sales_price=link.unit_sales_price,
            price=link.price,
            texts=(("nld", product.name_nl, None), ("fra", product.name_fr, None)),
        )
    )
    return f"linked product {link.article_number} became an own product"


def link_created(life: Life) -> str | None:
    product = life.central()
    if product is None:
        return None
    link = _link(life, life.fresh_number(), product, life.price())
    life.shop.put_linked(link)
    return f"{link.article_number} was linked to central product {product.ean or product.id}"


def link_moved(life: Life) -> str | None:
    """PUT LinkProducts with another code: the same number, another central product."""
    link, product = life.linked(), life.central()
    if link is None or product is None:
        return None
    moved = msgspec.structs.replace(link, central_id=product.id, modified=life.shop.now())
    life.shop.put_linked(moved)
    return f"linked product {link.article_number} is on central product {product.ean or product.id}"


def link_changed(life: Life) -> str | None:
    """What a wholesaler may change of it: price, promo, whether it is active."""
    link = life.linked()
    if link is None:
        return None
    link.price, link.active = life.price(), life.rng.random() < 0.9
    link.promo = round(link.price * 0.9, 2) if life.rng.random() < 0.3 else None
    link.promo_from = link.promo_until = None
    link.modified = life.shop.now()
    return f"linked product {link.article_number} has another price"


def link_deleted(life: Life) -> str | None:
    link = life.linked()
    if link is None:
        return None
    life.shop.remove_product(link.article_number)
    return f"linked product {link.article_number} was deleted"


def _link(life: Life, number: str, product: Central, price: float | None) -> Linked:
    return Linked(
        id=life.shop.next_id(),
        article_number=number,
        modified=life.shop.now(),
        central_id=product.id,
        unit_sales_price="DS" if product.is_package else "ST",
        price=price,
    )


def _linked_ones(life: Life) -> list[Central]:
    """One central product that somebody is linked to, as a list of one or none."""
    link = life.linked()
    return [life.shop.central_by_id(link.central_id)] if link is not None else []
