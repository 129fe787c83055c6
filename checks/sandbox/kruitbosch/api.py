"""Answers requests to Kruitbosch's web service: session, routes, flags, errors as ServiceStack writes them. Knows no network.

What the pages do not state, and what the stand-in does:

- DEFAULTS: without flags, blocked products come and inactive ones do not; lists that no flag asks for are empty.
- LISTS_IN_PATHS: several values in a path are parted by commas.
- SESSION: a cookie `ss-id`; a session ends with `expire()`. No bearer token, unless `bearer`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from checks.sandbox.calls import Answer, Call
from checks.sandbox.clock import Clock
from checks.sandbox.kruitbosch import shapes
from checks.sandbox.kruitbosch.rows import Article, Catalogue, Truth
from checks.sandbox.oresto.photo_bytes import LARGE, draw_photo, media_type

ROUTES = (
    "POST auth/credentials",
    "GET Products",
    "GET Products/*",
    "GET Products/Groups",
    "GET Products/Stocks",
    "GET Customer/StocksAndPrices",
    "GET Customer/*/StocksAndPrices",
    "POST json/reply/Products",
    "GET media/images/*",
)


class KruitboschApi:
    """The web service for one customer.

    Args:
        roles: what the login may do: `Klant` everything, `Kassasysteem` no stocks and prices.
        bearer: logins give a bearer token instead of cookies.
    """

    root = ""
    routes = ROUTES

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        login: str,
        password: str,
        roles: Iterable[str] = ("Klant",),
        bearer: bool = False,
    ) -> None:
        self.catalogue = catalogue
        self.lock = threading.RLock()
        self.roles = set(roles)
        self.bearer = bearer
        self._clock = clock
        self._login, self._password = login, password
        self._sessions: set[str] = set()
        self._opened = 0

    def now(self) -> datetime:
        return self._clock.now()

    def truth(self) -> Truth:
        with self.lock:
            return {check: set(keys) for check, keys in self.catalogue.planted.items()}

    def expire(self) -> None:
        """Ends every session, as a restart of the server does."""
        with self.lock:
            self._sessions.clear()

    def secrets(self) -> set[str]:
        """What must be seen nowhere: the password and every session's key there was."""
        with self.lock:
            return {self._password, *(self._key(number) for number in range(1, self._opened + 1))}

    def answer(self, call: Call) -> Answer:
        path = call.path.removesuffix(".json").strip("/")
        with self.lock:
            if path.lower() in ("auth/credentials", "authenticate/credentials"):
                return self._sign_in(call)
            if not self._may_enter(call.headers):
                return refused(401, "Unauthorized", "Unauthorized")
            try:
                return self._route(call, path)
            except ValueError as error:
                return refused(400, "ArgumentException", str(error))

    def outside(self, call: Call) -> Answer:
        """The pictures: to whoever asks, as on a host for images."""
        name = call.path.rpartition("/")[2]
        with self.lock:
            known = {one.picture for one in self.catalogue.articles.values()}
            if not call.path.startswith("media/images/") or name.removeprefix("side-") not in known:
                return Answer(404, b"Not found", "text/plain")
            data = draw_photo(name, LARGE)
        return Answer(200, data, media_type(data))

    def server_error(self, call: Call, status: int = 500) -> Answer:
        return refused(status, "Exception", "An unexpected error occurred.")

    def errors_with_200(self, call: Call) -> Answer:
        return refused(200, "Exception", "An unexpected error occurred.")

    def _key(self, number: int) -> str:
        return hashlib.blake2b(f"{self._login}/{number}".encode(), digest_size=10).hexdigest()

    def _sign_in(self, call: Call) -> Answer:
        given = msgspec.json.decode(call.body, type=dict[str, Any]) if call.body else {}
        if (given.get("UserName"), given.get("Password")) != (self._login, self._password):
            return refused(401, "Unauthorized", "Invalid UserName or Password")
        self._opened += 1
        key = self._key(self._opened)
        self._sessions.add(key)
        reply = {"UserId": "17", "UserName": self._login, "DisplayName": "Demo"}
        if self.bearer:
            return answered({**reply, "BearerToken": key})
        cookies = (("set-cookie", f"ss-id={key}; path=/; HttpOnly"),)
        return answered({**reply, "SessionId": key}, cookies)

    def _may_enter(self, headers: Mapping[str, str]) -> bool:
        cookies = dict(part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";"))
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return cookies.get("ss-id") in self._sessions or bearer in self._sessions

    def _route(self, call: Call, path: str) -> Answer:
        parts, method = path.split("/"), call.method
        low = [part.lower() for part in parts]
        if method == "POST" and low == ["json", "reply", "products"]:
            asked = msgspec.json.decode(call.body, type=dict[str, Any]) if call.body else {}
            return self._products(
                asked, asked.get("Ids") or (), asked.get("Category"), asked.get("Categories") or ()
            )
        if method != "GET":
            return refused(405, "NotSupportedException", f"{method} is not allowed")
        if low == ["products", "groups"]:
            return answered({"ProductGroups": shapes.group_tree(self.catalogue.groups)})
        if low == ["products", "stocks"]:
            return answered({"Stocks": [shapes.stock(one) for one in self.catalogue.articles.values()]})
        if low[0] == "customer" and low[-1] == "stocksandprices":
            if "Klant" not in self.roles:
                return refused(403, "Forbidden", "Invalid Role")
            rows = [shapes.stock_and_price(one) for one in self.catalogue.articles.values()]
            return answered({"StocksAndPrices": rows})
        if low[0] == "products" and len(parts) <= 3:
            if not self.roles & {"Klant", "Kassasysteem"}:
                return refused(403, "Forbidden", "Invalid Role")
            ids = parts[1].split(",") if len(parts) == 2 else ()
            category = parts[1] if len(parts) == 3 else None
            return self._products(call.params, ids, category, parts[2].split(",") if len(parts) == 3 else ())
        return refused(404, "NotFound", f"Handler for request not found: /{path}")

    def _products(
        self, asked: Mapping[str, Any], ids: Iterable[str], category: str | None, categories: Iterable[str]
    ) -> Answer:
        wanted, groups = set(ids), {one for one in (category, *categories) if one}
        rows = [
            shapes.product(one, {name: _flag(asked, name) is True for name in _FLAGS})
            for one in self.catalogue.articles.values()
            if (not wanted or one.code in wanted)
            and (not groups or groups & set(one.group))
            and _comes(one, asked)
        ]
        return answered({"Products": rows})


_FLAGS = (
    "IncludeAttributes",
    "IncludeAdditionalImages",
    "IncludeOriginalImages",
    "IncludeIntrastatCodes",
    "ProductOptions",
)


def _comes(one: Article, asked: Mapping[str, Any]) -> bool:
    bikes = _flag(asked, "IsBike")
    return (
        not (one.blocked and _flag(asked, "ExcludeBlocked"))
        and not (one.inactive and not _flag(asked, "IncludeInActive"))
        and (bikes is None or one.bike == bikes)
    )


def _flag(asked: Mapping[str, Any], name: str) -> bool | None:
    value = asked.get(name)
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() not in ("true", "false"):
        raise ValueError(f"{name} is not a boolean: {value}")
    return str(value).lower() == "true"


def answered(body: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(200, msgspec.json.encode(body), headers=headers)


def refused(status: int, code: str, message: str) -> Answer:
    """ServiceStack's error: a `ResponseStatus` (section 5)."""
    return Answer(
        status, msgspec.json.encode({"ResponseStatus": {"ErrorCode": code, "Message": message, "Errors": []}})
    )
