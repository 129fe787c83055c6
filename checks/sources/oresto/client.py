"""Asks Oresto: single objects for fixes, whole lists for collectors, and the writes.

Single reads give the API's own JSON objects, with every field the server sent: a fix that puts a product back needs
also what no frame knows. Paths and parameters as in the integration guide, chapters 4 to 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, TypeVar

import msgspec
from PIL import Image, UnidentifiedImageError

from checks.errors import (
    NotFound,
    OutcomeUnknown,
    RequestRejected,
    ServerFault,
    SourceError,
    UnreadableAnswer,
)
from checks.progress import Progress
from checks.settings_sources import OrestoSource
from checks.sources.answers import ORESTO, oresto_reasons
from checks.sources.client import Client, open_http
from checks.sources.oresto.wire import payload
from checks.sources.request import Request
from checks.sources.rows import is_null
from checks.sources.sign_in import Basic

T = TypeVar("T")

__all__ = ["OrestoClient", "Request"]

#: Lists that tell where the pages begin, with the field that tells their rows apart.
_PAGED = (
    ("Products", "WholesalerArticleNumber"),
    ("LinkProducts", "WholesalerArticleNumber"),
    ("CentralProducts", "Id"),
)


class OrestoClient(Client[OrestoSource]):
    """A connection to one wholesaler's Oresto. A context manager, safe to use from several threads."""

    def __init__(self, source: OrestoSource, progress: Progress | None = None) -> None:
        super().__init__(source, open_http(source, Basic(source.login, source.secret()), progress, ORESTO))
        self._first_page: int | None = None

    @property
    def first_page(self) -> int:
        """The number of the server's first page: 0 or 1, found once by asking for both.

        A wrong 0 costs one request, a wrong 1 would lose a page: when the two pages differ, 0 it is. Many servers fail
        on the page before their first one; then the setting decides, unless the other page tells nothing either. A
        list that fails or is empty says nothing: the next one is asked.
        """
        if self._first_page is None:
            self._first_page = self._find_first_page()
        return self._first_page

    def _find_first_page(self) -> int:
        trouble: SourceError | None = None
        answered = False
        for path, key in _PAGED:
            try:
                found = self._first_page_of(path, key)
            except (ServerFault, UnreadableAnswer, RequestRejected, NotFound) as error:
                trouble = trouble or error
                continue
            if found is not None:
                return found
            answered = True
        if trouble is not None and not answered:
            raise trouble
        return self.source.first_page

    def _first_page_of(self, path: str, key: str) -> int | None:
        """What this list tells; None when it is empty."""
        trouble: SourceError | None = None
        zero: str | None = None
        try:
            zero = self._first_key(path, key, "0")
        except (RequestRejected, NotFound):
            pass  # a clear no: there is no such page
        except (ServerFault, UnreadableAnswer) as error:
            trouble = error
        one = self._first_key(path, key, "1")
        if trouble is not None:
            if one is None:
                raise trouble
            return self.source.first_page
        if zero is None or zero == one:
            return 1 if one is not None else None
        return 0

    def _first_key(self, path: str, key: str, page: str) -> str | None:
        rows = self.rows(path, {"Page": page, "PageSize": "1"})
        return str(rows[0].get(key)) if rows else None

    def read(self, path: str, params: Mapping[str, str], decode: Callable[[msgspec.Raw], T]) -> T:
        """One GET; `decode` gets the payload's JSON and runs within the retries."""
        return self.http.get(path, params, lambda body: decode(payload(body)))

    def own_product(self, article_number: str) -> dict[str, Any] | None:
        """GET Products/GetByWholesalerArticleNumber (guide 6.6); None when there is no such own product."""
        return self._single(
            "Products/GetByWholesalerArticleNumber", {"WholesalerArticleNumber": article_number}
        )

    def linked_product(self, article_number: str) -> dict[str, Any] | None:
        """GET LinkProducts/GetByWholesalerArticleNumber (guide 7.6); None when it is not linked."""
        return self._single(
            "LinkProducts/GetByWholesalerArticleNumber", {"WholesalerArticleNumber": article_number}
        )

    def central_product(self, ean: str) -> dict[str, Any] | None:
        """GET CentralProducts/GetByEan (guide 5.3); None when it is not central."""
        return self._single("CentralProducts/GetByEan", {"EanCode": ean})

    def rows(self, path: str, params: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """A whole list as JSON objects. A list that is null is unreadable, not empty: absent is something else."""
        return self.read(path, params or {}, _objects)

    def texts(self, path: str) -> list[str]:
        """A list of article numbers or codes (GetWholesalerArticleNumbers, GetEan)."""
        return [text for text in self.read(path, {}, _texts_or_none) if text]

    def pages(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        """A paged list, row by row; `key` tells rows apart. A short page is not the end, one that brings nothing new is."""
        seen: set[Any] = set()
        page = self.first_page
        while True:
            rows = self.rows(path, {"Page": str(page), "PageSize": str(self.source.page_size)})
            fresh = [row for row in rows if row.get(key) not in seen]
            if not fresh:
                return
            seen.update(row.get(key) for row in fresh)
            yield from fresh
            page += 1

    def hide(self, secret: str) -> None:
        """From now on no error shows this, whatever a server says."""
        self.http.shared.secrets.add(secret)

    def order_list(self, client_number: str) -> list[str]:
        """GET Clients/OrderListItems (guide 8.15): article numbers. Raises NotFound when there is no such client."""
        return self.read("Clients/OrderListItems", {"ClientNumber": client_number}, _texts)

    def orders(self, processed: str, client_number: str | None = None) -> Iterator[dict[str, Any]]:
        """GET of the orders (guide 10), newest first, page by page: of one client, or of all. `processed`: true | false.

        A short page is not the end: it goes on until a page brings no order that was not there before.
        """
        params = {"Processed": processed, "OldestFirst": "false", "PageSize": str(self.source.page_size)}
        if client_number is not None:
            params["ClientNumber"] = client_number
        seen: set[Any] = set()
        page = self.first_page
        while True:
            rows = self.rows(self.source.orders_path, {**params, "Page": str(page)})
            fresh = [row for row in rows if row.get("OrderNumber") not in seen]
            if not fresh:
                return
            seen.update(row.get("OrderNumber") for row in fresh)
            yield from fresh
            page += 1

    def picture(self, url: str) -> bytes:
        """The picture behind a `PhotoUrl`: same host and credentials, never another host.

        Raises UnreadableAnswer for anything that is no picture: a web page must never be put back as a photo.
        """
        return self.http.fetch(url, "picture of a product", _is_picture)

    def send(self, request: Request) -> dict[str, Any]:
        """One write, never repeated once it may have been sent.

        Returns the reply wrapper when the server did it. Raises:
            ReadOnlySource: the settings forbid writing to this source.
            Unreachable: certainly not sent: no connection.
            RequestRejected: certainly refused: 4xx, or 200 with Errors / ModelStateErrors.
            CredentialsRefused: 401 or 403.
            ServerFault: 429, refused before any work; `retry_after` in seconds.
            OutcomeUnknown: 5xx, a time-out, a reset, half an answer, a web page with 200.
        """
        body = self.http.send(request)
        try:
            answer = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            happened = f"the answer is not JSON: {self.http.one_line(body) or 'empty'}"
            raise OutcomeUnknown(
                self.source.name, request.line, happened, "The state is read first."
            ) from None
        if reasons := tuple(self.http.one_line(text) for text in oresto_reasons(answer)):
            raise RequestRejected(
                self.source.name, request.line, f"refused: {' '.join(reasons)}", reasons=reasons
            )
        return answer if isinstance(answer, dict) else {}

    def _single(self, path: str, params: Mapping[str, str]) -> dict[str, Any] | None:
        try:
            return self.read(path, params, object_or_none)
        except NotFound:
            return None


def _is_picture(data: bytes) -> None:
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):  # Pillow's ways to say no
        raise ValueError("not a picture") from None


def _objects(raw: msgspec.Raw) -> list[dict[str, Any]]:
    return msgspec.json.decode(raw, type=list[dict[str, Any]])


def _texts_or_none(raw: msgspec.Raw) -> list[str | None]:
    return msgspec.json.decode(raw, type=list[str | None])


def _texts(raw: msgspec.Raw) -> list[str]:
    return msgspec.json.decode(raw, type=list[str])


def object_or_none(raw: msgspec.Raw) -> dict[str, Any] | None:
    """One object; some servers wrap it in a list, and an empty list means there is none."""
    if is_null(raw):
        return None
    found = msgspec.json.decode(raw)
    if isinstance(found, list):
        found = found[0] if found else None
    if found is not None and not isinstance(found, dict):
        raise ValueError(f"one object was expected, not {type(found).__name__}")
    return found
