"""What the other stand-ins know of the shop: its articles and its clients, so that what they plant fits it.

A supplier sells a part of the same things under codes of its own (`twin`), and the ERP keeps the same clients. Without a
shop, for tests of one system alone, `invented` makes as many of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from checks.sandbox.oresto.codes import CodeMint, as_gtin14, is_restricted

if TYPE_CHECKING:
    from checks.sandbox.oresto.rows import Linked, Own
    from checks.sandbox.oresto.shop import Shop


@dataclass(frozen=True, slots=True)
class OurArticle:
    """One own or linked product of the shop.

    Attributes:
        ean: as the shop has it, valid or not.
        has_photo: an own product has one; a linked one shows that of the central database, so True.
        list_price: euro, of what the shop sells it by.
        supplier_codes: (supplier id in the shop's table, its code).
        packed: a carton, or a unit in one: several codes then lead to it.
        by_piece: `list_price` is of one piece, not of a kilogram, a litre or a case.
    """

    article_number: str
    ean: str | None
    name: str
    brand: str | None
    linked: bool
    active: bool
    has_photo: bool
    list_price: float | None
    supplier_codes: tuple[tuple[int, str], ...] = ()
    packed: bool = False
    by_piece: bool = True

    @property
    def gtin(self) -> str | None:
        """GTIN-14; None where the code is none."""
        return as_gtin14((self.ean or "").strip())


@dataclass(frozen=True, slots=True)
class OurClient:
    """One client of the shop; `country` is two letters, `open_orders` the numbers of orders that wait."""

    number: str
    name: str
    active: bool
    country: str | None
    place: str | None
    open_orders: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ours:
    """The shop's articles, own products first, and its clients. Both in the shop's order."""

    articles: tuple[OurArticle, ...]
    clients: tuple[OurClient, ...]

    @cached_property
    def gtins(self) -> Counter[str]:
        """All valid codes of the shop as GTIN-14, with how many articles have each: a supplier makes up none of them."""
        return Counter(article.gtin for article in self.articles if article.gtin is not None)

    def once(self) -> list[OurArticle]:
        """The articles whose valid code no other article has."""
        return [one for one in self.articles if one.gtin is not None and self.gtins[one.gtin] == 1]

    def clear_gtin(self, article: OurArticle) -> str | None:
        """The GTIN-14 by which this article and no other is found at a supplier; None where there is no such code.

        That needs a valid code that no other article has, of no range that every shop numbers itself, and an article
        that is neither a carton nor in one.
        """
        code = article.gtin
        if code is None or article.packed or self.gtins[code] > 1 or is_restricted(code):
            return None
        return code

    def of_odd_numbers(self, odd: bool) -> list[OurArticle]:
        """The articles whose number ends in an odd digit, or all others: two suppliers share the shop like that."""
        return [article for article in self.articles if ends_odd(article.article_number) == odd]


def ends_odd(article_number: str) -> bool:
    """True when the last character is an odd digit."""
    return article_number[-1:] in tuple("13579")


def ours(shop: Shop) -> Ours:
    """What a supplier or the ERP could know of this shop, as it is at this moment."""
    articles = [_own(shop, row) for row in shop.own.values()]
    articles += [_linked(shop, row) for row in shop.linked.values()]
    waiting: dict[str, list[int]] = {}
    for order in shop.trade.orders.values():
        if order.processed is None:
            waiting.setdefault(order.client_number, []).append(order.number)
    clients = [
        OurClient(
            number=client.number,
            name=client.name,
            active=client.active,
            country=client.address.get("CountryCode") or "BE",
            place=client.address.get("Municipality"),
            open_orders=tuple(sorted(waiting.get(client.number, ()))),
        )
        for client in shop.trade.clients.values()
    ]
    return Ours(tuple(articles), tuple(clients))


def _own(shop: Shop, row: Own) -> OurArticle:
    names = {language: name for language, name, _ in row.texts}
    packed = shop.packed(row.article_number)
    known = row.supplier_id is not None and row.supplier_code
    return OurArticle(
        article_number=row.article_number,
        ean=row.ean,
        name=names.get("nld") or next((name for name in names.values() if name), None) or "",
        brand=None if row.brand_id is None else shop.lookups.brands.get(row.brand_id),
        linked=False,
        active=row.active,
        has_photo=bool(shop.photo_ids.get(row.article_number)),
        list_price=row.price,
        supplier_codes=((row.supplier_id, row.supplier_code),) if known else (),  # type: ignore[arg-type]
        packed=packed.is_package or bool(packed.units or packed.packages),
        by_piece=row.unit_sales_price == "ST",
    )


def _linked(shop: Shop, row: Linked) -> OurArticle:
    product = shop.central_by_id(row.central_id)
    packed = shop.packed(row.article_number)
    other = product.other_id is not None and bool(shop.links.get(product.other_id))
    return OurArticle(
        article_number=row.article_number,
        ean=product.ean,
        name=product.name_nl,
        brand=None if product.brand_id is None else shop.lookups.brands.get(product.brand_id),
        linked=True,
        active=row.active,
        has_photo=True,
        list_price=row.price,
        supplier_codes=product.suppliers,
        packed=product.is_package or other or packed.is_package or bool(packed.units or packed.packages),
        by_piece=row.unit_sales_price == "ST",
    )


_BRANDS = ("Molenhof", "Polderzoet", "Scheldegoud", "Ter Duinen", "Vlasveld")
_THINGS = ("bonen", "koffie", "olijfolie", "rijst", "saus", "soep", "suiker", "thee")
_INACTIVE, _WITHOUT_PHOTO, _FEWEST_CLIENTS = 0.1, 0.2, 20


def invented(size: int, seed: int) -> Ours:
    """`size` articles, half of them linked, and an eighth as many clients, without a shop; the same for the same seed."""
    dice = Random(f"{seed}/ours")
    codes = CodeMint(dice, range(len(_BRANDS)))
    articles = []
    for number in range(size):
        brand, linked = dice.randrange(len(_BRANDS)), number % 2 == 1
        articles.append(
            OurArticle(
                f"KV{100_000 + 7 * number + number // 2 % 2}",  # own and linked ones among odd and even numbers
                codes.gtin13(brand),
                f"{_BRANDS[brand]} {dice.choice(_THINGS)} nr {number}",
                _BRANDS[brand],
                linked,
                dice.random() >= _INACTIVE,
                linked or dice.random() >= _WITHOUT_PHOTO,
                round(dice.uniform(2, 60), 2),
            )
        )
    clients = [
        OurClient(
            f"C{5_000 + number}",
            f"Klant {number}",
            dice.random() >= _INACTIVE,
            dice.choice(("BE", "BE", "NL")),
            dice.choice(("Gent", "Brugge", "Aalst", "Sluis", "Breda")),
            tuple(90_000 + 10 * number + k for k in range(dice.choice((0, 0, 1, 2)))),
        )
        for number in range(max(_FEWEST_CLIENTS, size // 8))
    ]
    return Ours(tuple(articles), tuple(clients))
