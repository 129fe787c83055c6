"""The live shop as fixes see it: what is there under one article number, and one write at a time.

Photos and client prices can only be had as whole lists, so a list is read once and shared; whoever needs it newer than
some moment says so. The thin edge between fixes and `OrestoClient`; safe to use from several threads while planning.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar

from checks.errors import CredentialsRefused, NotFound, RequestRejected, UnreadableAnswer
from checks.fixes import shapes
from checks.fixes.model import Live
from checks.fixes.references import References, read_references, read_table
from checks.fixes.shop_lists import Lists
from checks.fixes.shop_people import People
from checks.progress import Progress
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies_people
from checks.sources.oresto.client import OrestoClient, object_or_none
from checks.sources.request import Request

Row = dict[str, Any]

#: A row, or none.
Found = TypeVar("Found", bound=Row | None)

_PICTURE = "sha256:"

#: So old may the list of processed orders be, in seconds: it is long, and one is seen among those that wait first.
_PROCESSED_AGE = 60.0

#: So old may the list of EANs be when a product is made: its plan had none of them twice, only other people add to it.
_EANS_AGE = 60.0

#: What a server may want in a password, behind a long random part.
_KINDS_OF_SIGNS = "aA1!"


class Shop:
    """One source, read and written for fixes. A context manager.

    Args:
        source: its settings.
        blob: gives the bytes that a photo body names by `sha256:...`.
        progress: how a person stops planning. Applying passes none: a fix under way is never cut off in the middle.
    """

    def __init__(
        self, source: OrestoSource, blob: Callable[[str], bytes], progress: Progress | None = None
    ) -> None:
        self.source = source
        self._blob = blob
        self._progress = progress
        self._client = OrestoClient(source, progress)
        self._lists = Lists()
        self._references: References | None = None
        self._tables: dict[str, frozenset[int | str]] = {}
        self._clients: list[frozenset[str] | None] = []  # empty: not read yet
        self._lock = threading.RLock()
        self.people = People(self.rows, self._orders_of, self.order_list, self._shaped, self._lists)

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.__exit__(None, None, None)

    def has_picture(self, sha256: str) -> bool:
        """Is a picture that a plan named still kept?"""
        try:
            return bool(self._blob(sha256))
        except KeyError:
            return False

    def reconnect(self) -> None:
        """A new connection: a client that found its server dead no longer tries hard."""
        self._client.__exit__(None, None, None)
        self._client = OrestoClient(self.source, self._progress)

    def rows(self, path: str, params: Mapping[str, str] | None = None) -> list[Row]:
        return self._client.rows(path, params)

    def references(self) -> References:
        """The lookup tables, read once for as long as this shop is open."""
        with self._lock:
            if self._references is None:
                self._references = read_references(self.rows)
            return self._references

    def table(self, name: str) -> frozenset[int | str]:
        """The keys of one lookup table, read once: for who needs no other."""
        with self._lock:
            if name not in self._tables:
                self._tables[name] = read_table(name, self.rows)
            return self._tables[name]

    def texts(self, path: str) -> list[str]:
        """A list of article numbers or codes."""
        return self._client.texts(path)

    def pages(self, path: str, key: str) -> Iterator[Row]:
        """A paged list, row by row, to its end."""
        return self._client.pages(path, key)

    def own(self, article_number: str) -> Row | None:
        """GET of one own product. Raises UnreadableAnswer where its parts have another shape than the guide's."""
        own = self._client.own_product(article_number)
        return self._shaped(own, shapes.Product, f"own product {article_number}")

    def linked(self, article_number: str) -> Row | None:
        linked = self._client.linked_product(article_number)
        return self._shaped(linked, shapes.Product, f"linked product {article_number}")

    def central(self, code: Mapping[str, Any]) -> Row | None:
        """The central product with this code: `{"EanCode": ...}` or `{"Supplier": {Id, ArticleCode, IsPackageProduct}}`."""
        if "EanCode" in code:
            found = self._client.central_product(code["EanCode"])
            return self._shaped(found, shapes.Product, f"central product {code['EanCode']}")
        supplier = code["Supplier"]
        params = {
            "Id": str(supplier["Id"]),
            "ArticleCode": supplier["ArticleCode"],
            "IsPackageProduct": "true" if supplier["IsPackageProduct"] else "false",
        }
        try:
            found = self._client.read("CentralProducts/GetBySupplier", params, object_or_none)
        except NotFound:
            return None
        return self._shaped(found, shapes.Product, f"central product {supplier['ArticleCode']}")

    def as_central(self, row: Row) -> Row:
        """A row of the central list. Raises UnreadableAnswer where its parts have another shape than the guide's."""
        return self._shaped(row, shapes.Product, f"central product {row.get('EanCode')}")

    def photos(self, article_number: str, newer_than: float = 0.0) -> list[Row]:
        """The photo rows of one own product. `newer_than`: a moment of `time.monotonic`."""
        rows = self._of("ProductPhotos", article_number, newer_than)
        return [self._shaped(row, shapes.Photo, f"photo of {article_number}") for row in rows]

    def client_prices(self, article_number: str, newer_than: float = 0.0) -> list[Row]:
        rows = self._of("ClientProducts", article_number, newer_than)
        return [self._shaped(row, shapes.ClientPrice, f"client price of {article_number}") for row in rows]

    def has_client_prices(self, article_number: str) -> bool:
        """Are there any, of whatever shape?"""
        return bool(self._of("ClientProducts", article_number, 0.0))

    def order_list(self, client_number: str) -> list[str]:
        """The article numbers on a client's order list; empty where there is no such client."""
        try:
            return [str(number) for number in self._client.order_list(client_number)]
        except NotFound:
            return []

    def order(self, number: int, client_number: str) -> Row | None:
        """One order of a client, waiting or processed; None when neither list has it."""
        for processed in ("false", "true"):
            for row in self._client.orders(processed, client_number):
                if row.get("OrderNumber") == number:
                    return self._shaped(row, shapes.Order, f"order {number}")
        return None

    def waiting_orders(self) -> list[Row]:
        """All orders that wait to be processed."""
        return [self._shaped(row, shapes.Order, "a waiting order") for row in self._client.orders("false")]

    def waiting(self, article_number: str, newer_than: float = 0.0) -> list[int]:
        """The numbers of the waiting orders that hold the article."""
        lines = self._of("ClientOrders", article_number, newer_than, lambda: _lines(self.waiting_orders()))
        return list(dict.fromkeys(line["OrderNumber"] for line in lines))

    def ordered(self, article_number: str, newer_than: float = 0.0) -> list[int]:
        """The numbers of all orders that hold the article, waiting or processed."""
        processed = self._of(
            "processed orders",
            article_number,
            newer_than - _PROCESSED_AGE,
            lambda: _lines(self._client.orders("true")),
        )
        numbers = [*self.waiting(article_number, newer_than), *(line["OrderNumber"] for line in processed)]
        return list(dict.fromkeys(numbers))

    def _orders_of(self, client_number: str) -> Iterator[Row]:
        """All orders of a client, waiting or processed."""
        for processed in ("false", "true"):
            try:
                yield from self._client.orders(processed, client_number)
            except NotFound:  # there is no such client
                return

    def clients(self) -> frozenset[str] | None:
        """The numbers of all clients, read once; None where this login may not see them."""
        with self._lock:
            if not self._clients:
                self._clients = [self._client_numbers()]
            return self._clients[0]

    def _client_numbers(self) -> frozenset[str] | None:
        try:
            rows = self.rows("Clients")
        except (CredentialsRefused, NotFound, RequestRejected):
            return None
        return frozenset(str(row["ClientNumber"]) for row in rows if row.get("ClientNumber"))

    def own_by_ean(self, ean: str) -> list[Row]:
        """The own products with this code."""
        return self._by_ean("Products/GetByEan", ean)

    def _ean_of_others(self, article_number: str, ean: str | None) -> list[str]:
        """The other own products that have this code."""
        found = [str(row.get("WholesalerArticleNumber")) for row in (self.own_by_ean(ean) if ean else ())]
        return [number for number in found if number != article_number]

    def _ean_taken(self, article_number: str, ean: str | None, newer_than: float) -> list[str]:
        """The same for a new product: only a code that the list of codes has is asked for.

        A batch of new products must not cost a question each, and a shop may answer one for an unknown code with an error.
        """
        if not ean:
            return []
        listed = self._lists.of(
            "EANs of own products",
            _short(ean),
            newer_than - _EANS_AGE,
            lambda: ({"EanCode": text} for text in self.texts("Products/GetEan")),
            lambda row: _short(row["EanCode"]),
        )
        return self._ean_of_others(article_number, ean) if listed else []

    def linked_by_ean(self, ean: str) -> list[Row]:
        """What is linked to the central product with this code."""
        return self._by_ean("LinkProducts/GetByEan", ean)

    def _by_ean(self, path: str, ean: str) -> list[Row]:
        try:
            rows = self.rows(path, {"EanCode": ean})
        except NotFound:
            return []
        return [self._shaped(row, shapes.Product, f"product with EAN {ean}") for row in rows]

    def picture(self, photo: Mapping[str, Any]) -> bytes | None:
        """The bytes of a photo; None where the shop gives no address for it, or one that leads nowhere."""
        url = photo.get("PhotoUrl")
        try:
            return self._client.picture(url) if url else None
        except (NotFound, RequestRejected):
            return None

    def look(self, key: str, needs: Collection[str], before: Mapping[str, Any], newer_than: float) -> Live:
        """Reads what is needed of one key, whose article and client stand in `before` where the key is not the article:

        - `own`, `linked`: the product under its article number; `central`: the central product with the plan's code
        - `photos`; `pictures`: photo rows with the SHA-256 of their bytes (None where they cannot be read)
        - `client_prices`: of the article; `other_prices`, `other_linked`: of the article that takes its place
        - `waiting`: the numbers of the waiting orders that hold it; `ean_of_others`: who else has the wanted EAN;
          `ean_taken`: the same of a new product, by a list that may be a minute old
        - `order_list`: of the client; `order`; `clients`: the numbers of all; `references`: the lookup tables
        - `ordered`: the numbers of all orders that hold it
        - `client`, `client_users`, `client_locations`, `client_hangs`: of the client, see `People`; users also by the
          e-mails of `before`
        """
        article = str(before.get("WholesalerArticleNumber") or key)
        client = str(before.get("ClientNumber") or "")
        readers: dict[str, Callable[[], Any]] = {
            "own": lambda: self.own(article),
            "linked": lambda: self.linked(article),
            "central": lambda: self.central(before["code"]),
            "photos": lambda: self.photos(article, newer_than),
            "pictures": lambda: [self._with_hash(row) for row in self.photos(article, newer_than)],
            "client_prices": lambda: self.client_prices(article, newer_than),
            "other_prices": lambda: self.client_prices(before["linked_as"], newer_than),
            "other_linked": lambda: self.linked(before["linked_as"]),
            "waiting": lambda: self.waiting(article, newer_than),
            "ean_of_others": lambda: self._ean_of_others(article, before["wanted"].get("EanCode")),
            "ean_taken": lambda: self._ean_taken(article, before["new"].get("EanCode"), newer_than),
            "order_list": lambda: self.order_list(client),
            "order": lambda: self.order(before["order"]["OrderNumber"], client),
            "clients": self.clients,
            "references": self.references,
            "ordered": lambda: self.ordered(article, newer_than),
            "client": lambda: self.people.client(client, newer_than),
            "client_users": lambda: self.people.users(client, _emails(before), newer_than),
            "client_locations": lambda: self.people.locations(client),
            "client_hangs": lambda: self.people.hangs(client, newer_than),
        }
        return {need: readers[need]() for need in needs}

    def send(self, request: Request) -> Row:
        """One write; raises what `OrestoClient.send` raises.

        Pictures and passwords are filled in here, so no journal holds them. A new user's password is random and known to
        nobody: the guide wants one, and whoever is to log in sets their own.
        """
        if bodies_people.is_new_user(request):
            password = secrets.token_urlsafe(24) + _KINDS_OF_SIGNS
            self._client.hide(password)
            return self._client.send(bodies_people.with_password(request, password))
        body = request.body
        if isinstance(body, dict) and str(body.get("Photo", "")).startswith(_PICTURE):
            picture = self._blob(body["Photo"].removeprefix(_PICTURE))
            body = {**body, "Photo": base64.b64encode(picture).decode()}
        return self._client.send(Request(request.method, request.path, request.params, body))

    def _of(
        self,
        path: str,
        article_number: str,
        newer_than: float,
        rows: Callable[[], Iterable[Row]] | None = None,
    ) -> list[Row]:
        def read() -> Iterable[Row]:
            return self._client.rows(path) if rows is None else rows()

        return self._lists.of(path, article_number, newer_than, read, _article_of)

    def _shaped(self, found: Found, shape: type[shapes.Shape], what: str) -> Found:
        wrong = None if found is None else shapes.trouble(found, shape)
        if wrong is not None:
            raise UnreadableAnswer(self.source.name, what, f"{wrong}.", "Mend that field in the shop first.")
        return found

    def _with_hash(self, photo: Row) -> Row:
        picture = self.picture(photo)
        return {**photo, "sha256": None if picture is None else hashlib.sha256(picture).hexdigest()}


def _article_of(row: Row) -> str:
    return str(row.get("WholesalerArticleNumber"))


def _short(ean: str) -> str:
    """A code without the zeros that other forms of it begin with."""
    return ean.strip().lstrip("0")


def _lines(orders: Iterable[Row]) -> Iterator[Row]:
    """The lines of orders, each with the number of its order."""
    for order in orders:
        for line in order.get("Products") or ():
            yield {**line, "OrderNumber": order["OrderNumber"]}


def _emails(before: Mapping[str, Any]) -> list[str]:
    """The e-mails of the users that a plan makes."""
    return [str(user.get("Email") or "") for user in before.get("users") or ()]
