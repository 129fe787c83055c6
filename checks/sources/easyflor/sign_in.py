"""The two ways into EasyFlor (easyflor-api, section 2): a token that ends by itself, or a cookie that is given back.

A cookie session ends when the same user name logs in elsewhere; a token does not. Both are opened again once after a 401.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checks.errors import UnreadableAnswer
from checks.settings_sources import EasyFlorSource
from checks.sources.answers import no_login
from checks.sources.easyflor.dialect import error_code, reasons
from checks.sources.request import Request
from checks.sources.sign_in import Opened


@dataclass(frozen=True)
class _Login:
    """Who logs in where. `name`: the source's, for messages."""

    name: str
    login: str
    password: str = field(repr=False)
    database: str

    def asking(self, path: str) -> Request:
        body = {"Username": self.login, "Password": self.password, "Database": self.database}
        return Request("POST", path, body=body)


@dataclass(frozen=True)
class TokenSession(_Login):
    """POST authorizationtoken: a JWT until `Expiration`; it cannot be logged out."""

    path = "authorizationtoken"

    def opening(self) -> Request:
        return self.asking(self.path)

    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        """Raises UnreadableAnswer where there is no token; its text holds names of fields only, for one may be a token."""
        _refuse_errors(answer)
        token = answer.get("Token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token.strip():
            told = ", ".join(map(str, answer)) if isinstance(answer, dict) else type(answer).__name__
            raise UnreadableAnswer(
                self.name,
                f"POST {self.path}",
                f"the answer to a login has no Token; it has: {told or 'nothing'}.",
                'The API changed, or this customer uses cookies: try authentication = "cookie".',
            )
        return Opened({"Authorization": f"Bearer {token}"}, (token,), expiration(answer.get("Expiration")))

    def closing(self) -> Request | None:
        return None


@dataclass(frozen=True)
class CookieSession(_Login):
    """POST authorization: a session cookie, given back by POST unauthorization."""

    path = "authorization"

    def opening(self) -> Request:
        return self.asking(self.path)

    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        """The connection itself keeps and sends the cookie. Raises UnreadableAnswer where none came."""
        _refuse_errors(answer)
        if not any(cookies.values()):
            raise UnreadableAnswer(
                self.name,
                f"POST {self.path}",
                "the login was accepted and no session cookie came.",
                'A proxy took it, or this customer uses tokens: try authentication = "token".',
            )
        return Opened(secrets=tuple(value for value in cookies.values() if value))

    def closing(self) -> Request | None:
        return Request("POST", "unauthorization")


def session_of(source: EasyFlorSource) -> TokenSession | CookieSession:
    """The way in that the settings name. Raises SettingsError where the password is not set."""
    kind = TokenSession if source.authentication == "token" else CookieSession
    return kind(source.name, source.login, source.secret(), source.database)


def expiration(value: Any) -> datetime | None:
    """When a token ends, aware. None where that cannot be read or has no zone: a 401 tells as well."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _refuse_errors(answer: Any) -> None:
    """An error object is no login, also with HTTP 200."""
    if said := reasons(answer):
        raise no_login(error_code(answer), said)
