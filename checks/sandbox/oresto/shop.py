"""The web shop's memory: everything the API knows, and the few ways in which it changes.

What no source states about changing it, and what the sandbox does (one place for each such answer):

- PACKING_STAYS: which unit is in which carton is no part of POST Products, yet GET shows it. It is kept beside the
  products, by article number: a product that is deleted and created again is packed as before.
- CASCADE: deleting a product, own or linked, takes its client prices along, and an own one's photos. Order lists and
  orders keep the article number.
- SAME_CODE: codes are looked up as GTIN-14, so `5412…` finds `05412…`; a code that is no valid GTIN finds nothing.
- ONE_NAMESPACE: own and linked products share article numbers; a central product may be linked more than once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from checks.sandbox.oresto.central import FIRST_ID
from checks.sandbox.oresto.codes import as_gtin14
from checks.sandbox.oresto.lookups import Lookups
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.rows import Central, ErrorLog, Linked, Own, Packing, Photo
from checks.sandbox.oresto.trade import Trade

NOT_PACKED = Packing()


@dataclass
class Shop:
    """One wholesaler's shop. All moments are UTC."""

    anchor: datetime  # when it was made, in whole hours
    lookups: Lookups
    central: list[Central]
    own: dict[str, Own]
    linked: dict[str, Linked]
    packing: dict[str, Packing]
    photos: dict[int, Photo]
    trade: Trade
    error_logs: list[ErrorLog]
    truth: Truth
    links: dict[int, list[str]] = field(default_factory=dict)  # central id -> article numbers
    photo_ids: dict[str, list[int]] = field(default_factory=dict)  # article number -> photo ids
    prices_of: dict[str, set[str]] = field(default_factory=dict)  # article number -> client numbers

    def __post_init__(self) -> None:
        for link in self.linked.values():
            self.links.setdefault(link.central_id, []).append(link.article_number)
        for photo in self.photos.values():
            self.photo_ids.setdefault(photo.article_number, []).append(photo.id)
        for article, client in self.trade.client_prices:
            self.prices_of.setdefault(article, set()).add(client)
        self._last_id = max(
            [row.id for rows in (self.own, self.linked) for row in rows.values()], default=FIRST_ID
        )
        self._last_photo_id = max(self.photos, default=0)

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    # central

    @cached_property
    def live_central(self) -> list[Central]:
        return [product for product in self.central if not product.deleted]

    @cached_property
    def deleted_central(self) -> list[Central]:
        return [product for product in self.central if product.deleted]

    @cached_property
    def _by_gtin(self) -> dict[str, int]:
        known = (
            (as_gtin14(product.ean), position)
            for position, product in enumerate(self.central)
            if not product.deleted
        )
        return {code: position for code, position in known if code}

    @cached_property
    def _by_supplier(self) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = {}
        for position, product in enumerate(self.central):
            for key in () if product.deleted else product.suppliers:
                found.setdefault(key, []).append(position)
        return found

    def central_by_id(self, id_: int) -> Central:
        return self.central[id_ - FIRST_ID]

    def central_by_ean(self, ean: str) -> Central | None:
        code = as_gtin14(ean.strip())
        position = self._by_gtin.get(code) if code else None
        return None if position is None else self.central[position]

    def central_by_supplier(self, supplier_id: int, code: str, is_package: bool) -> Central | None:
        for position in self._by_supplier.get((supplier_id, code), ()):
            if self.central[position].is_package == is_package:
                return self.central[position]
        return None

    def add_central(self, row: Central) -> None:
        self.central.append(row)
        self.forget_indexes()

    def forget_indexes(self) -> None:
        """To be called when the central database changed."""
        for name in ("live_central", "deleted_central", "_by_gtin", "_by_supplier"):
            self.__dict__.pop(name, None)

    # own and linked

    def product(self, article_number: str) -> Own | Linked | None:
        return self.own.get(article_number) or self.linked.get(article_number)

    def put_own(self, row: Own) -> None:
        self.own[row.article_number] = row

    def put_linked(self, row: Linked) -> None:
        old = self.linked.get(row.article_number)
        if old is not None:
            self._forget_link(old)
        self.linked[row.article_number] = row
        self.links.setdefault(row.central_id, []).append(row.article_number)

    def remove_product(self, article_number: str) -> bool:
        """Deletes an own or linked product with what hangs on it (CASCADE); False when there is none."""
        own, link = self.own.pop(article_number, None), self.linked.pop(article_number, None)
        if link is not None:
            self._forget_link(link)
        for photo_id in self.photo_ids.pop(article_number, ()):
            del self.photos[photo_id]
        for client in self.prices_of.pop(article_number, ()):
            del self.trade.client_prices[article_number, client]
        return own is not None or link is not None

    def _forget_link(self, row: Linked) -> None:
        self.links[row.central_id].remove(row.article_number)

    def packed(self, article_number: str) -> Packing:
        return self.packing.get(article_number, NOT_PACKED)

    # photos

    def add_photo(self, article_number: str, name: str, language: str | None, data: bytes) -> Photo:
        self._last_photo_id += 1
        photo = Photo(self._last_photo_id, article_number, name, language, data)
        self.photos[photo.id] = photo
        self.photo_ids.setdefault(article_number, []).append(photo.id)
        return photo

    def remove_photo(self, photo: Photo) -> None:
        del self.photos[photo.id]
        left = self.photo_ids[photo.article_number]
        left.remove(photo.id)
        if not left:
            del self.photo_ids[photo.article_number]

    @staticmethod
    def picture(photo: Photo) -> bytes:
        """The photo's bytes: those that were uploaded, or its drawing."""
        return photo.data if photo.data is not None else draw_photo(f"{photo.article_number} {photo.name}")

    # errors

    def log_error(
        self,
        method: str,
        url: str,
        status: int,
        body: str | None,
        errors: Sequence[str],
        model: Sequence[tuple[str, str]],
    ) -> None:
        message = model[0][1] if model else errors[0] if errors else f"Request failed with status {status}."
        number = self.error_logs[-1].id + 1 if self.error_logs else 1
        self.error_logs.append(
            ErrorLog(number, self.now(), method, url, status, body, message, tuple(errors), tuple(model))
        )
