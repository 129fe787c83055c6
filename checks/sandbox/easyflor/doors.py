"""Who may come in: tokens that end by the clock, and one cookie a user (easyflor-api, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from random import Random
from typing import TYPE_CHECKING

from checks.sandbox.calls import Call
from checks.sandbox.clock import Clock

if TYPE_CHECKING:
    from checks.sandbox.easyflor.api import Habits

COOKIE = ".EasyFlorAuth"


class Doors:
    """The sessions of one user. A new cookie ends the one before: that user logged in elsewhere.

    `issued`: every token and cookie there was, for a test that looks where they went.
    """

    def __init__(
        self, seed: int, clock: Clock, login: str, password: str, database: str, habits: Habits
    ) -> None:
        self._rng = Random(f"{seed}/easyflor/doors")
        self._clock = clock
        self._login = {"Username": login, "Password": password, "Database": database}
        self._lasts = timedelta(minutes=habits.token_minutes)
        self._more = timedelta(minutes=habits.tokens_too_long)
        self._tokens: dict[str, datetime] = {}
        self.cookie: str | None = None
        self.issued: list[str] = []

    def knows(self, asked: Mapping[str, str]) -> bool:
        return asked == self._login

    def new_token(self) -> dict[str, str]:
        token = f"eyJ.{self._rng.getrandbits(160):040x}"
        ends = self._clock.now() + self._lasts
        self._tokens[token] = ends
        self.issued.append(token)
        return {"Token": token, "Expiration": (ends + self._more).strftime("%Y-%m-%dT%H:%M:%SZ")}

    def new_cookie(self) -> str:
        """The Set-Cookie header."""
        self.cookie = f"{self._rng.getrandbits(160):040x}"
        self.issued.append(self.cookie)
        return f"{COOKIE}={self.cookie}; path=/; HttpOnly; SameSite=Lax"

    def lets_in(self, call: Call) -> bool:
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if kind == "Bearer" and token in self._tokens:
            return self._clock.now() < self._tokens[token]
        return self.cookie is not None and self._cookie_of(call) == self.cookie

    def leave(self, call: Call) -> None:
        if self._cookie_of(call) == self.cookie:
            self.cookie = None

    def expire(self) -> None:
        """Every session ends now."""
        self._tokens.clear()
        self.cookie = None

    @staticmethod
    def _cookie_of(call: Call) -> str | None:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(call.headers.get("cookie", ""))
        except CookieError:
            return None
        return jar[COOKIE].value if COOKIE in jar else None
