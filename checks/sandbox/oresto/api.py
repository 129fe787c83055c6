"""Answers requests to the Oresto API: credentials, route, reply, error log. Knows no network."""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from checks.sandbox import calls
from checks.sandbox.calls import Answer
from checks.sandbox.oresto import (  # noqa: F401  (importing a routes_ module registers its routes)
    routes_central,
    routes_client_products,
    routes_client_writes,
    routes_clients,
    routes_errors,
    routes_links,
    routes_locations,
    routes_lookups,
    routes_order_lists,
    routes_orders,
    routes_people,
    routes_photos,
    routes_products,
)
from checks.sandbox.oresto.desk import ROUTE_NAMES, ROUTES, Desk, Variant, find_route
from checks.sandbox.oresto.photo_bytes import media_type
from checks.sandbox.oresto.replies import Refusal, Reply, refused, to_json, to_xml
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.shapes import Shapes
from checks.sandbox.oresto.shop import Shop

_METHODS = ("GET", "POST", "PUT", "DELETE")
_LONGEST_LOGGED_BODY = 4000


class OrestoApi:
    """The API of one shop. `lock` guards the shop: a test looks at it from another thread."""

    root = "api"
    routes = ROUTE_NAMES

    def __init__(self, shop: Shop, variant: Variant, login: str, password: str) -> None:
        self.shop = shop
        self.shapes = Shapes(shop)
        self.variant = variant
        self.lock = threading.RLock()
        self._desk = Desk(shop, self.shapes, variant)
        self._credentials = f"{login}:{password}"

    def now(self) -> datetime:
        return self.shop.now()

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """What was planted, as far as it is true now; and what this variant of a server does wrong."""
        with self.lock:
            return {**self.shop.truth.at(self.shop.now()), **self.variant.truth()}

    def answer(self, request: calls.Call) -> Answer:
        call, headers = Call(**vars(request)), request.headers
        if not self._may_enter(headers.get("authorization", "")):
            body = to_json({"Message": "Authorization has been denied for this request."})
            return Answer(401, body, headers=(("www-authenticate", 'Basic realm="Oresto"'),))
        known = find_route(call.method, call.path)
        if known is None:
            return self._no_route(call)
        handler = ROUTES[call.method, known]
        started = time.perf_counter()
        with self.lock:
            try:
                reply = handler(self._desk, call)
            except Refusal as refusal:
                reply = refused(refusal, call.method != "GET", self.variant.errors_as_200)
            if reply.failed:
                self._log(call, reply)
            milliseconds = round((time.perf_counter() - started) * 1000)
            return self._write(call, reply, milliseconds, headers.get("accept", ""))

    def outside(self, call: calls.Call) -> Answer:
        """The pictures."""
        if call.path.startswith("media/photos/") and call.method == "GET":
            return self.picture(call.path.rpartition("/")[2], call.headers)
        return Answer(404, b"Not found", "text/plain")

    def errors_with_200(self, call: calls.Call) -> Answer:
        """A refusal that says 200: nothing is logged, for the server thinks that it answered."""
        message = "An error occurred while processing the request."
        return Answer(200, to_json(Reply(is_write=call.method != "GET", errors=[message]).as_dict(1)))

    def picture(self, photo_id: str, headers: Mapping[str, str]) -> Answer:
        """The bytes behind a PhotoUrl; the same credentials."""
        if not self._may_enter(headers.get("authorization", "")):
            return Answer(401, b"", "text/plain")
        with self.lock:
            photo = self.shop.photos.get(int(photo_id)) if photo_id.isdecimal() else None
            if photo is None:
                return Answer(404, b"Not found", "text/plain")
            data = self.shop.picture(photo)
        return Answer(200, data, media_type(data))

    def server_error(self, call: calls.Call, status: int = 500) -> Answer:
        """An error that is the server's: logged like any other."""
        message = "An error has occurred."
        reply = Reply(status=status, is_write=call.method != "GET", errors=[message])
        with self.lock:
            self._log(call, reply)
        return Answer(status, to_json(reply.as_dict(1)))

    def _may_enter(self, authorization: str) -> bool:
        kind, _, text = authorization.partition(" ")
        try:
            given = base64.b64decode(text.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return kind.lower() == "basic" and given == self._credentials

    @staticmethod
    def _no_route(call: Call) -> Answer:
        if any(find_route(method, call.path) for method in _METHODS):
            text = f"The requested resource does not support http method '{call.method}'."
            return Answer(405, to_json({"Message": text}))
        text = f"No HTTP resource was found that matches the request URI '/api/{call.path}'."
        return Answer(404, to_json({"Message": text}))

    def _write(self, call: Call, reply: Reply, milliseconds: int, accept: str) -> Answer:
        content = reply.as_dict(milliseconds, self.variant.rename_lists)
        if "xml" in accept and "json" not in accept:
            group = call.path.split("/")[0]
            body = to_xml(content, f"{group.removesuffix('s')}Data", f"{call.method}.{group}")
            return Answer(reply.status, body, f"{accept.split(',')[0].split(';')[0].strip()}; charset=utf-8")
        return Answer(reply.status, to_json(content))

    def _log(self, call: calls.Call, reply: Reply) -> None:
        query = f"?{urlencode(call.params)}" if call.params else ""
        body = call.body.decode("utf-8", "replace")[:_LONGEST_LOGGED_BODY] if call.body else None
        model = [(str(error["Key"]), str(error["Message"])) for error in reply.model_errors]
        self.shop.log_error(
            call.method, f"/api/{call.path}{query}", reply.status, body, list(reply.errors), model
        )
