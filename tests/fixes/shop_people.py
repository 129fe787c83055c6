"""What people do to a shop behind the program's back, each to one product."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from checks.sandbox import Sandbox
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.sandbox.oresto.rows import ClientPrice, Linked
from checks.sandbox.oresto.shop import Shop

#: Does something to an article and says what, or None when that cannot be done to it.
Deed = Callable[[Sandbox, str, Random], str | None]


def priced_otherwise(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    return _set(sandbox, article, SalesPriceList=round(dice.uniform(1, 60), 2))


def put_on_promo(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    return _set(sandbox, article, SalesPriceListPromo=round(dice.uniform(0.1, 0.9), 2))


def switched_off_or_on(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    row = sandbox.shop.product(article)
    return _set(sandbox, article, Active=not (row and row.active), OrderQuantity=dice.choice((1.0, 6.0)))


def saved_as_it_was(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    return _set(sandbox, article)


def renamed(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    texts = [
        {"LanguageCode": one, "Name": f"Naam {dice.randrange(99)}", "Description": None}
        for one in ("nld", "fra")
    ]
    return _set_own(sandbox, article, Localizations=texts)


def given_another_brand(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    return _set_own(sandbox, article, BrandId=dice.choice(sorted(sandbox.shop.lookups.brands)))


def given_another_code(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    other = dice.choice([row.ean for row in sandbox.shop.own.values()])
    return _set_own(sandbox, article, EanCode=dice.choice(("5412345678908", other, None)))


def photographed(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    if article not in sandbox.shop.own:
        return None
    name = f"extra {dice.randrange(1000)}.jpg"
    sandbox.shop.add_photo(article, name, dice.choice((None, "nld")), draw_photo(f"{name} of {article}"))
    return f"{article} has photo {name}"


def photo_taken_away(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    there = sandbox.shop.photo_ids.get(article)
    if not there:
        return None
    photo = sandbox.shop.photos[dice.choice(there)]
    sandbox.shop.remove_photo(photo)
    return f"{article} has photo {photo.name} no more"


def client_price_set(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """A new one, or another value for one that is there."""
    client = dice.choice(sorted(sandbox.shop.trade.clients))
    return _price(sandbox.shop, article, client, dice)


def client_price_changed(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    there = sorted(sandbox.shop.prices_of.get(article, ()))
    return _price(sandbox.shop, article, dice.choice(there), dice) if there else None


def client_price_taken_away(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    there = sorted(sandbox.shop.prices_of.get(article, ()))
    if not there:
        return None
    client = dice.choice(there)
    sandbox.shop.remove_client_price(article, client)
    return f"client {client} has no price for {article} any more"


def client_deleted(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """One who has a price for the article."""
    there = sorted(sandbox.shop.prices_of.get(article, set()) & set(sandbox.shop.trade.clients))
    if not there:
        return None
    client = dice.choice(there)
    sandbox.shop.trade.remove_client(client)
    return f"client {client} was deleted"


def became_central(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    row = sandbox.shop.own.get(article)
    if row is None or not row.ean:
        return None
    return f"{article} became central, EAN {sandbox.make_central(article)}"


def central_deleted(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """The one it is linked to, or could be."""
    shop = sandbox.shop
    own, link = shop.own.get(article), shop.linked.get(article)
    ean = own.ean if own else shop.central_by_id(link.central_id).ean if link else None
    if not ean or shop.central_by_ean(ean) is None:
        return None
    sandbox.delete_central(ean)
    return f"central product {ean} of {article} was deleted"


def linked_by_hand(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """Deleted, and linked to the central product with its code: what hung on it is gone, for they wanted that."""
    shop = sandbox.shop
    row = shop.own.get(article)
    central = shop.central_by_ean(row.ean) if row and row.ean else None
    if row is None or central is None:
        return None
    shop.remove_product(article)
    common = {name: getattr(row, name) for name in ("active", "price", "order_quantity", "notes")}
    shop.put_linked(
        Linked(
            id=shop.next_id(),
            article_number=article,
            modified=shop.now(),
            central_id=central.id,
            unit_sales_price="ST",
            **common,
        )
    )
    return f"{article} was linked by hand"


def made_by_hand(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """One that is nowhere, because its repair stands half-way, is made again by somebody who could not wait."""
    shop = sandbox.shop
    if shop.product(article) is not None:
        return None
    like = dice.choice(list(shop.own.values()))
    shop.put_own(
        msgspec.structs.replace(
            like, id=shop.next_id(), article_number=article, ean=None, modified=shop.now()
        )
    )
    return f"{article} was made by hand"


def deleted(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    return f"{article} was deleted by a person" if sandbox.remove(article) else None


def ordered(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """It comes on somebody's order list."""
    lists = sandbox.shop.trade.order_lists
    client = dice.choice(sorted(lists))
    if article in lists[client]:
        return None
    lists[client].append(article)
    return f"{article} is on the order list of client {client}"


def order_processed(sandbox: Sandbox, article: str, dice: Random) -> str | None:
    """Any that waits."""
    waiting = [order for order in sandbox.shop.trade.orders.values() if order.processed is None]
    if not waiting:
        return None
    order = dice.choice(waiting)
    order.processed = sandbox.now()
    return f"order {order.number} was processed"


DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (
        priced_otherwise,
        put_on_promo,
        switched_off_or_on,
        saved_as_it_was,
        renamed,
        given_another_brand,
        given_another_code,
        photographed,
        photo_taken_away,
        client_price_set,
        client_price_changed,
        client_price_taken_away,
        client_deleted,
        became_central,
        central_deleted,
        linked_by_hand,
        made_by_hand,
        deleted,
        ordered,
        order_processed,
    )
}

#: After these a person has decided themselves what becomes of the article, and nobody can say what else should be there.
TAKEN_IN_HAND = ("deleted", "linked_by_hand")


def _set(sandbox: Sandbox, article: str, **fields: Any) -> str | None:
    if sandbox.shop.product(article) is None:
        return None
    sandbox.change(article, **fields)
    return f"{article} was saved with {fields or 'nothing else'}"


def _set_own(sandbox: Sandbox, article: str, **fields: Any) -> str | None:
    return _set(sandbox, article, **fields) if article in sandbox.shop.own else None


def _price(shop: Shop, article: str, client: str, dice: Random) -> str | None:
    if shop.product(article) is None:
        return None
    row = ClientPrice(article, client, round(dice.uniform(1, 60), 2), None, dice.random() < 0.2)
    shop.set_client_price(row)
    return f"client {client} pays {row.price} for {article}"
