"""Who we are to a source: a login with every call, a token, or a session that is opened first. Knows no network.

`Http` carries it out: a session is opened once for all threads, once more after a 401, and before it ends by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from checks.errors import CredentialsRefused
from checks.sources.request import Request

#: So long before its end a session is taken for ended: a call that begins now must still be answered.
_MARGIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Basic:
    """Login and password with every call (RFC 7617)."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Bearer:
    """A token with every call (RFC 6750)."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A session that was opened.

    Attributes:
        headers: sent with every later call; cookies that came with the answer go by themselves.
        secrets: what must not be shown: tokens, values of cookies.
        until: when it ends by itself, aware, by the server's clock; None: nobody knows.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    until: datetime | None = None


class Session(Protocol):
    """A login that gives a session."""

    @property
    def password(self) -> str: ...

    def opening(self) -> Request:
        """The login call."""

    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        """What the login's answer (decoded JSON; None when it is empty) and its cookies give.

        Raises ValueError, without a secret in its text, where it is no login.
        """

    def closing(self) -> Request | None:
        """The logout call, where there is one."""


Credentials = Basic | Bearer | Session


class OneSession:
    """The session of one connection, whoever of its threads opens it. `open` sends the login and judges its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._number = 0
        self._refused: CredentialsRefused | None = None

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def enter(
        self, open_one: Callable[[], Opened], server_now: datetime | None
    ) -> tuple[int, Mapping[str, str]]:
        """Its number and the headers to send; opened where there is none, or where it is about to end.

        Credentials that were refused are not tried again by those that waited: a server may lock the login.
        """
        with self._lock:
            if self._refused is not None:
                raise self._refused.again(self._refused.what)
            session = self._opened
            ends = session.until if session is not None else None
            if session is None or (
                ends is not None and server_now is not None and server_now >= ends - _MARGIN
            ):
                try:
                    session = open_one()
                except CredentialsRefused as error:
                    self._refused = error
                    raise
                self._opened = session
                self._number += 1
            return self._number, session.headers

    def ended(self, number: int) -> None:
        """The session of that number is not accepted any more; one that was opened since stays."""
        with self._lock:
            if number == self._number:
                self._opened = None
