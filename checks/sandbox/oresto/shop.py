"""The web shop's memory: everything the API knows, and the few ways in which it changes.

What no source states about changing it, and what the sandbox does (one place for each such answer):

- MODIFIED: `LastModified` of a product is the server's time of the last change of its own row: of what was written to
  it, its packing included (both the carton and what is inside). What GET shows from other rows changes without it: codes
  of units and cartons, whether they exist, the central facts of a linked product, names of lookup entries, and which
  article numbers are linked to a central product. No two changes have the same moment.

- PACKING_STAYS: which unit is in which carton is no part of POST Products, yet GET shows it. It is kept beside the
  products, by article number: a product that is deleted and created again is packed as before.
- CASCADE: deleting a product, own or linked, takes its client prices along, and an own one's photos. Order lists and
  orders keep the article number.
- SAME_CODE: codes are looked up as GTIN-14, so `5412…` finds `05412…`; a code that is no valid GTIN finds nothing.
- ONE_NAMESPACE: own and linked products share article numbers; a central product may be linked more than once.
- CENTRAL_STAYS: a deleted central product keeps its id and facts, also for those that are linked to it; it may come back.
- CLIENTS_GO_ALONE: deleting a client takes its delivery addresses, its order list and its link to a representative
  along. Users, client prices and orders keep its number and point at nothing from then on. Deleting a representative
  takes it off its clients; deleting a user or an address takes nothing along.
- WHOLE_ROWS: PUT replaces the row, so an absent member is none. Two exceptions: a user's password, which nothing shows,
  and the clients in PUT Representatives, of which a list replaces them and an empty one leaves them as they are.
- USERS_BELONG: a user belongs to one client. Unlinking leaves a user without one; linking moves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from checks.sandbox.clock import Clock
from checks.sandbox.oresto.central import FIRST_ID
from checks.sandbox.oresto.codes import as_gtin14
from checks.sandbox.oresto.lookups import Lookups
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.rows import Central, ClientPrice, ErrorLog, Linked, Own, Packing, Photo
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
    clock: Clock = field(default_factory=Clock)
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
        self._last_error_id = max((row.id for row in self.error_logs), default=0)

    def now(self) -> datetime:
        """The server's time, later with each call."""
        return self.clock.now()

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
    def _gone_by_gtin(self) -> dict[str, list[Central]]:
        found: dict[str, list[Central]] = {}
        for product in self.deleted_central:
            found.setdefault(as_gtin14(product.ean) or "", []).append(product)
        return found

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

    def links_by_ean(self, ean: str) -> list[Linked]:
        """What is linked to the central product with this code, a deleted one too."""
        code, live = as_gtin14(ean.strip()), self.central_by_ean(ean)
        products = [*([live] if live else []), *(self._gone_by_gtin.get(code, ()) if code else ())]
        return [self.linked[number] for product in products for number in self.links.get(product.id, ())]

    def central_by_supplier(self, supplier_id: int, code: str, is_package: bool) -> Central | None:
        for position in self._by_supplier.get((supplier_id, code), ()):
            if self.central[position].is_package == is_package:
                return self.central[position]
        return None

    def next_central_id(self) -> int:
        """Ids have no holes: the next one is that of the row `add_central` takes next."""
        return FIRST_ID + len(self.central)

    def add_central(self, row: Central) -> None:
        self.central.append(row)
        self.forget_indexes()

    def set_central(self, row: Central, **facts: object) -> None:
        """Changes a central product: `set_central(row, deleted=True)`."""
        for name, value in facts.items():
            setattr(row, name, value)
        row.modified = self.now()
        self.forget_indexes()

    def forget_indexes(self) -> None:
        """To be called when the central database changed."""
        for name in ("live_central", "deleted_central", "_by_gtin", "_gone_by_gtin", "_by_supplier"):
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

    def pack(self, unit: str, carton: str, amount: int) -> None:
        """`carton` holds `amount` of `unit` (article numbers) from now on."""
        inside, around = self._packing_of(carton), self._packing_of(unit)
        inside.is_package, inside.amount = True, amount
        if unit not in inside.units:
            inside.units, around.packages = (*inside.units, unit), (*around.packages, carton)
        self._touch(unit, carton)

    def unpack(self, unit: str, carton: str) -> None:
        """`unit` is in `carton` no more; that stays a carton, of nothing that is known."""
        inside, around = self._packing_of(carton), self._packing_of(unit)
        inside.units = tuple(number for number in inside.units if number != unit)
        around.packages = tuple(number for number in around.packages if number != carton)
        self._touch(unit, carton)

    def _packing_of(self, article_number: str) -> Packing:
        return self.packing.setdefault(article_number, Packing())

    def _touch(self, *article_numbers: str) -> None:
        for number in article_numbers:
            row = self.product(number)
            if row is not None:
                row.modified = self.now()

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

    # client prices

    def set_client_price(self, row: ClientPrice) -> None:
        self.trade.client_prices[row.article_number, row.client_number] = row
        self.prices_of.setdefault(row.article_number, set()).add(row.client_number)

    def remove_client_price(self, article_number: str, client_number: str) -> None:
        del self.trade.client_prices[article_number, client_number]
        left = self.prices_of[article_number]
        left.discard(client_number)
        if not left:
            del self.prices_of[article_number]

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
        self.error_logs.append(
            ErrorLog(
                self.next_error_id(),
                self.now(),
                method,
                url,
                status,
                body,
                message,
                tuple(errors),
                tuple(model),
            )
        )

    def next_error_id(self) -> int:
        """A log that was emptied numbers its rows from the start again."""
        self._last_error_id = max(self._last_error_id, self.error_logs[-1].id) + 1 if self.error_logs else 1
        return self._last_error_id

    def add_error_logs(self, rows: Sequence[ErrorLog]) -> None:
        """Puts rows with their own ids and moments where they belong."""
        self.error_logs = sorted([*self.error_logs, *rows], key=lambda row: row.at)
        self._last_error_id = max((row.id for row in self.error_logs), default=0)
