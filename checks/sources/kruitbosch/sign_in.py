"""ServiceStack's session: POST /auth/credentials gives cookies, and where the host wants it a bearer token (section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.sources.answers import no_login
from checks.sources.kruitbosch.wire import reasons
from checks.sources.request import Request
from checks.sources.sign_in import Opened


@dataclass(frozen=True)
class CredentialsSession:
    """The user/password provider, `credentials`. How long it lasts is not stated: a 401 tells."""

    login: str
    password: str = field(repr=False)

    def opening(self) -> Request:
        return Request("POST", "auth/credentials", body={"UserName": self.login, "Password": self.password})

    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        """Raises ValueError where nothing came that later calls could send: neither cookie nor token."""
        if said := reasons(answer):
            raise no_login(str(answer["ResponseStatus"]["ErrorCode"]), said)
        values = answer if isinstance(answer, dict) else {}
        token, session = values.get("BearerToken"), values.get("SessionId")
        if not token and not any(cookies.values()):
            raise ValueError("neither a session cookie nor a BearerToken came with it")
        secrets = tuple(str(one) for one in (token, session, *cookies.values()) if one)
        return Opened({"Authorization": f"Bearer {token}"} if token else {}, secrets)

    def closing(self) -> Request | None:
        return None  # the facts name no logout
