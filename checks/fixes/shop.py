"""The live shop as fixes see it: what is there under one article number, and one write at a time.

Photos and client prices can only be had as whole lists, so a list is read once and shared; whoever needs it newer than
some moment says so. The thin edge between fixes and `OrestoClient`; safe to use from several threads while planning.
"""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar

from checks.errors import CredentialsRefused, NotFound, RequestRejected, UnreadableAnswer
from checks.fixes import shapes
from checks.fixes.model import Live
from checks.fixes.references import References, read_references
from checks.progress import Progress
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient, object_or_none
from checks.sources.request import Request

Row = dict[str, Any]

#: A row, or none.
Found = TypeVar("Found", bound=Row | None)

_PICTURE = "sha256:"


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
        self._lists: dict[str, tuple[float, dict[str, list[Row]]]] = {}
        self._references: References | None = None
        self._clients: list[frozenset[str] | None] = []  # empty: not read yet
        self._lock = threading.RLock()

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
        lines = self._of("ClientOrders", article_number, newer_than, self._waiting_lines)
        return list(dict.fromkeys(line["OrderNumber"] for line in lines))

    def _waiting_lines(self) -> list[Row]:
        return [
            {**line, "OrderNumber": order["OrderNumber"]}
            for order in self.waiting_orders()
            for line in order.get("Products") or ()
        ]

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
        - `waiting`: the numbers of the waiting orders that hold it; `ean_of_others`: who else has the wanted EAN
        - `order_list`: of the client; `order`; `clients`: the numbers of all; `references`: the lookup tables
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
            "order_list": lambda: self.order_list(client),
            "order": lambda: self.order(before["order"]["OrderNumber"], client),
            "clients": self.clients,
            "references": self.references,
        }
        return {need: readers[need]() for need in needs}

    def send(self, request: Request) -> Row:
        """One write; raises what `OrestoClient.send` raises. Pictures are filled in here, so no journal holds them."""
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
        with self._lock:
            read_at, by_article = self._lists.get(path, (float("-inf"), {}))
            if read_at < newer_than or not self._lists.get(path):
                read_at = time.monotonic()
                by_article = defaultdict(list)
                for row in self._client.rows(path) if rows is None else rows():
                    by_article[str(row.get("WholesalerArticleNumber"))].append(row)
                self._lists[path] = (read_at, dict(by_article))
            return list(by_article.get(article_number, ()))

    def _shaped(self, found: Found, shape: type[shapes.Shape], what: str) -> Found:
        wrong = None if found is None else shapes.trouble(found, shape)
        if wrong is not None:
            raise UnreadableAnswer(self.source.name, what, f"{wrong}.", "Mend that field in the shop first.")
        return found

    def _with_hash(self, photo: Row) -> Row:
        picture = self.picture(photo)
        return {**photo, "sha256": None if picture is None else hashlib.sha256(picture).hexdigest()}
