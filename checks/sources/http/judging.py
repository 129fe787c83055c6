"""What an answer means that is no answer to the question: statuses, error objects, web pages, half a body.

Errors carry one cut line of what came back, with the secrets taken out; never a header.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

import msgspec

from checks.errors import (
    CredentialsRefused,
    Deferred,
    NotFound,
    OutcomeUnknown,
    RequestRejected,
    ServerFault,
    UnreadableAnswer,
)
from checks.sources.answers import AnswerHasErrors, Dialect
from checks.sources.http.exchange import Reply, plain
from checks.sources.http.shared import Shared
from checks.sources.moments import http_date

#: Bytes of a body that are looked at for a line about it.
_LOOKED_AT = 20_000


class Judge:
    """Says what went wrong, in the dialect of one system. `name`: the source's, for messages."""

    def __init__(self, name: str, dialect: Dialect, shared: Shared) -> None:
        self.name = name
        self.dialect = dialect
        self.shared = shared

    def status(self, what: str, reply: Reply, write: bool = False) -> None:
        """Raises for every status that is not 2xx; the table of oresto-assumptions, status codes."""
        status = reply.status
        if 200 <= status < 300:
            return
        answer = _json(reply.body)
        if answer is not None and self.dialect.deferral(answer):
            raise self._deferred(what)
        reasons = tuple(self.one_line(text) for text in self.dialect.reasons(answer))
        text = " ".join(reasons) or self.one_line(reply.body)
        said = f"HTTP {status}: {text.rstrip('.')}." if text else f"HTTP {status} with an empty answer."
        if status in (401, 403):
            raise self.refused(what, status, reasons)
        if status == 404 and not write:
            raise NotFound(self.name, what, said, "Check base_url and the API's version.")
        if status == 429 or (status == 503 and not write):
            raise ServerFault(
                self.name, what, said, "The server is overloaded; try later.", _retry_after(reply)
            )
        if status >= 500:
            if write:
                raise OutcomeUnknown(self.name, what, said, "It may have been done: the state is read first.")
            raise ServerFault(
                self.name, what, said, "The server failed; if it stays, send this line to its support."
            )
        if 300 <= status < 400:
            target = urlsplit(reply.headers.get("location", "")).hostname or "elsewhere"
            raise RequestRejected(
                self.name, what, f"HTTP {status}: redirected to {target}.", "Check base_url."
            )
        raise RequestRejected(self.name, what, said, reasons=reasons)

    def refused(self, what: str, status: int, reasons: tuple[str, ...] = ()) -> CredentialsRefused:
        """The login, or what it may not do; with the server's own `reasons`, which may tell what is wrong with it."""
        told = f" ({self.one_line(' '.join(reasons)).rstrip('.')})" if reasons else ""
        advice = "This login may not do that." if status == 403 else self.dialect.credentials
        happened = f"HTTP {status}: the credentials were refused{told}."
        return CredentialsRefused(self.name, what, happened, advice, 403 if status == 403 else 401)

    def unreadable(
        self, what: str, body: bytes | bytearray, error: Exception, expected: str = "the expected JSON"
    ) -> NoReturn:
        """Raises for a body with status 2xx that `error` says is not what was asked for."""
        if isinstance(error, AnswerHasErrors):
            raise RequestRejected(
                self.name,
                what,
                f"the server reports: {self.one_line(str(error))}",
                reasons=error.reasons,
                passing=True,
            ) from None
        text = bytes(body[:200]).lstrip().lower()
        if not text:
            happened, advice = "an empty answer.", "The server may be restarting; try again."
        elif text.startswith(b"<"):
            happened = f"a web page instead of data: {self.one_line(body)}"
            advice = "Maintenance, a proxy, or a wrong base_url."
        else:
            happened = f"not {expected} ({plain(error)}): {self.one_line(body)}"
            advice = "The answer was cut short, or the API changed."
        raise UnreadableAnswer(self.name, what, happened, advice) from None

    def one_line(self, body: bytes | bytearray | str, length: int = 160) -> str:
        """What came back as one readable line without secrets: tags and white space squeezed out, cut to `length`."""
        text = self.shared.redacted(
            body if isinstance(body, str) else bytes(body[:_LOOKED_AT]).decode("utf-8", "replace")
        )
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I)
        text = re.sub(r"\s+", " ", text).strip()
        return text if len(text) <= length else f"{text[: length - 1]}…"

    def _deferred(self, what: str) -> Deferred:
        now = self.shared.server_now() or datetime.now(UTC)
        until = self.dialect.when_open(now) if self.dialect.when_open is not None else None
        return Deferred(self.name, what, "the server is closed for this at this hour.", until)


def _json(body: bytes | bytearray) -> Any:
    """The decoded body; None where it is no JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _retry_after(reply: Reply) -> float | None:
    """Seconds; the header may be a number or a date."""
    given = reply.headers.get("retry-after")
    if given is None:
        return None
    if given.strip().isdigit():
        return float(given)
    moment = http_date(given)
    return None if moment is None else max((moment - datetime.now(moment.tzinfo)).total_seconds(), 0.0)
