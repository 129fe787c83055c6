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
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import Any, TypeVar

from checks.errors import NotFound, RequestRejected, UnreadableAnswer
from checks.fixes import shapes
from checks.fixes.model import Live
from checks.fixes.references import References, read_references
from checks.progress import Progress
from checks.settings import OrestoSource
from checks.sources.http import Request
from checks.sources.oresto.client import OrestoClient, object_or_none

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
        self._lock = threading.Lock()

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.__exit__(None, None, None)

    def reconnect(self) -> None:
        """A new connection: a client that found its server dead no longer tries hard."""
        self._client.__exit__(None, None, None)
        self._client = OrestoClient(self.source, self._progress)

    def rows(self, path: str) -> list[Row]:
        return self._client.rows(path)

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

    def picture(self, photo: Mapping[str, Any]) -> bytes | None:
        """The bytes of a photo; None where the shop gives no address for it, or one that leads nowhere."""
        url = photo.get("PhotoUrl")
        try:
            return self._client.picture(url) if url else None
        except (NotFound, RequestRejected):
            return None

    def look(
        self, article_number: str, needs: Collection[str], before: Mapping[str, Any], newer_than: float
    ) -> Live:
        """Reads what is needed of one article number: `own`, `linked`, `central`, `photos`, `pictures`, `client_prices`,
        `references` (the lookup tables).

        `pictures` are photo rows with the SHA-256 of their bytes (None where they cannot be read); `central` is the
        central product with the code that the plan saved in `before`.
        """
        readers: dict[str, Callable[[], Any]] = {
            "own": lambda: self.own(article_number),
            "linked": lambda: self.linked(article_number),
            "central": lambda: self.central(before["code"]),
            "photos": lambda: self.photos(article_number, newer_than),
            "pictures": lambda: [self._with_hash(row) for row in self.photos(article_number, newer_than)],
            "client_prices": lambda: self.client_prices(article_number, newer_than),
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

    def _of(self, path: str, article_number: str, newer_than: float) -> list[Row]:
        with self._lock:
            read_at, by_article = self._lists.get(path, (float("-inf"), {}))
            if read_at < newer_than or not self._lists.get(path):
                read_at = time.monotonic()
                by_article = defaultdict(list)
                for row in self._client.rows(path):
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
