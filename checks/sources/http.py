"""The one place that imports httpx: authentication, limits, retries of reads, time-outs, redaction.

Reads are retried (no connection, 429 and 503 with Retry-After, other 5xx, an answer that is not JSON or says it has
errors). Writes are repeated only where the request cannot have been sent; after anything else the caller reads the state
and decides (`OutcomeUnknown`). Errors carry one cut line of what came back, with the password taken out; never a header.
"""

from __future__ import annotations

import base64
import copy
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import msgspec
import stamina

from checks.errors import (
    CredentialsRefused,
    NoAnswer,
    NotFound,
    OutcomeUnknown,
    ReadOnlySource,
    RequestRejected,
    ServerFault,
    Unreachable,
    UnreadableAnswer,
)
from checks.progress import Progress
from checks.sources.pacing import spacing_of

T = TypeVar("T")

_ATTEMPTS = 5
_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is told as a fault, the next run tries again
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Request:
    """One call as a plan freezes it: `path` is relative to the source's `base_url`, e.g. `LinkProducts`."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any | None = None

    @property
    def line(self) -> str:
        """`DELETE /Products?WholesalerArticleNumber=A100`, as the journal shows it."""
        return f"{self.method} /{self.path}" + (f"?{urlencode(self.params)}" if self.params else "")

    def as_json(self) -> dict[str, Any]:
        return {"method": self.method, "path": self.path, "params": dict(self.params), "body": self.body}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Request:
        return cls(stored["method"], stored["path"], dict(stored.get("params") or {}), stored.get("body"))


class Http:
    """A connection pool to one source. Safe to use from several threads.

    Args:
        name: the source's name, for messages.
        base_url: up to and including `/api`.
        login, password: Basic authentication on every call.
        timeout_seconds: for connecting and for every pause within an answer; a whole answer may take ten times that.
        max_connections: requests under way at once.
        requests_per_second: at most so many begin, evenly spaced, of all connections to the source in this process; None:
            no limit.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        login: str,
        password: str,
        *,
        timeout_seconds: float,
        max_connections: int,
        read_only: bool = False,
        requests_per_second: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.name = name
        self.base_url = base_url
        self.requests = 0
        self.bytes = (
            0  # of bodies received, as they came over the wire: compressed where the server compresses
        )
        self.shared = _Shared()
        self._spacing = spacing_of(name, requests_per_second)
        self._read_only = read_only
        self._progress = progress or Progress()
        self._timeout = timeout_seconds
        basic = base64.b64encode(f"{login}:{password}".encode()).decode()
        self._secrets = tuple(secret for secret in (basic, password) if len(secret) > 3)
        self._client = httpx.Client(
            auth=httpx.BasicAuth(login, password),
            timeout=httpx.Timeout(timeout_seconds, pool=None),
            limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
            headers={"Accept": "application/json", "User-Agent": "keurmeester"},
            verify=_certificates(),
        )

    def close(self) -> None:
        self._client.close()

    def counted(self) -> Http:
        """The same connection with counters of its own: what one collector cost."""
        view = copy.copy(self)
        view.requests = view.bytes = 0
        return view

    def get(self, path: str, params: Mapping[str, str], decode: Callable[[bytes | bytearray], T]) -> T:
        """One read, retried; `decode` turns the body into what is wanted and belongs to the attempt.

        `decode` raises `ValueError` or `msgspec.DecodeError` for a body that is not what it should be.
        """
        url, what = f"{self.base_url}/{path}", _what("GET", path, params)

        def attempt() -> T:
            response, body = self._exchange("GET", url, what, params=params)
            self._judge(what, response, body)
            try:
                return decode(body)
            except (ValueError, msgspec.DecodeError) as error:
                self._unreadable(what, body, error)

        return self._retrying(what, attempt)

    def fetch(self, address: str, what: str, check: Callable[[bytes], None]) -> bytes:
        """The bytes behind an absolute or relative `address` on the source's own host, with the same credentials.

        `check` raises ValueError for bytes that are not what was asked; they are then asked again, as any read.
        Raises RequestRejected for any other host: credentials go nowhere else, and nothing else is fetched.
        """
        try:
            url = str(httpx.URL(urljoin(f"{self.base_url}/", address)))
            ours, theirs = urlsplit(self.base_url), urlsplit(url)
        except (ValueError, httpx.InvalidURL):
            raise RequestRejected(
                self.name, what, f"{self.one_line(address)!r} is no address.", "Not fetched."
            ) from None
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise RequestRejected(
                self.name, what, f"the address is on another host ({theirs.hostname}).", "Not fetched."
            )

        def attempt() -> bytes:
            response, body = self._exchange("GET", url, what)
            self._judge(what, response, body)
            try:
                check(bytes(body))
            except ValueError as error:
                self._unreadable(what, body, error, "what was asked for")
            return bytes(body)

        return self._retrying(what, attempt)

    def send(self, request: Request) -> bytearray:
        """One write; its body when the server answered 2xx. See `OrestoClient.send` for what is raised."""
        what = request.line
        if self._read_only:
            raise ReadOnlySource(
                f"{self.name}: {what}: not sent, the settings say read_only = true for this source. "
                "Set it to false to let fixes write."
            )

        def attempt() -> bytearray:
            content = None if request.body is None else msgspec.json.encode(request.body)
            url = f"{self.base_url}/{request.path}"
            response, body = self._exchange(request.method, url, what, params=request.params, content=content)
            self._judge(what, response, body, write=True)
            return body

        return self._retrying(what, attempt, retry=lambda error: isinstance(error, Unreachable))

    def _retrying(
        self, what: str, attempt: Callable[[], T], retry: Callable[[Exception], bool | float] | None = None
    ) -> T:
        shared, rule = self.shared, retry or _worth_retrying
        context = stamina.retry_context(
            on=lambda error: shared.dead is None and rule(error),
            attempts=_ATTEMPTS,
            timeout=max(2.5 * self._timeout, 20.0),
            wait_initial=0.2,
            wait_max=5.0,
            wait_jitter=0.2,
        )
        try:
            for number in context:
                with number:
                    self._progress.check_stop()
                    if shared.dead is not None:
                        raise shared.dead.again(what)
                    return attempt()
        except (Unreachable, CredentialsRefused) as error:
            # Once one request has exhausted its retries on a dead connection, or the credentials are wrong, the others
            # of this client need not try: a server may lock a login after many refusals.
            if isinstance(error, Unreachable) or error.status == 401:
                shared.dead = error
            raise
        raise AssertionError("a retry context ends by return or raise")

    def _exchange(
        self,
        method: str,
        url: str,
        what: str,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> tuple[httpx.Response, bytearray]:
        """Sends once and reads the whole body within the deadline."""
        write = method != "GET"
        headers = {"Content-Type": "application/json"} if content is not None else {}
        self._spacing.wait()
        with self.shared.lock:
            self.requests += 1
            self.shared.requests += 1
        deadline = time.monotonic() + 10 * self._timeout
        body = bytearray()
        try:
            with self._client.stream(
                method, url, params=dict(params) if params else None, content=content, headers=headers
            ) as response:
                try:
                    for chunk in response.iter_bytes():
                        body += chunk
                        if time.monotonic() > deadline:
                            raise httpx.ReadTimeout("the answer trickles in")
                finally:
                    with self.shared.lock:
                        self.bytes += response.num_bytes_downloaded
        except _NEVER_SENT as error:
            raise Unreachable(
                self.name, what, f"no connection to {self._client_host()} ({_plain(error)}).", _ADVICE_DOWN
            ) from None
        except httpx.HTTPError as error:
            happened = f"{_BROKEN_OFF.get(type(error), 'the connection failed')} ({_plain(error)})."
            if write:
                broke_off = isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError)
                unknown = OutcomeUnknown if broke_off else NoAnswer
                raise unknown(
                    self.name, what, happened, "It may have been done: the state is read first."
                ) from None
            raise Unreachable(self.name, what, happened, _ADVICE_DOWN) from None
        if date := response.headers.get("Date"):
            self.shared.server_time, self.shared.told_at = _http_date(date), time.monotonic()
        return response, body

    def _judge(self, what: str, response: httpx.Response, body: bytearray, write: bool = False) -> None:
        """Raises for every status that is not 2xx; the table of oresto-assumptions, status codes."""
        status = response.status_code
        if 200 <= status < 300:
            return
        reasons = tuple(self.one_line(text) for text in _reasons(body))
        text = " ".join(reasons) or self.one_line(body)
        said = f"HTTP {status}: {text.rstrip('.')}." if text else f"HTTP {status} with an empty answer."
        if status in (401, 403):
            advice = (
                "Check login and password of this source." if status == 401 else "This login may not do that."
            )
            raise CredentialsRefused(
                self.name, what, f"HTTP {status}: the credentials were refused.", advice, status
            )
        if status == 404 and not write:
            raise NotFound(self.name, what, said, "Check base_url and the API's version.")
        if status == 429 or (status == 503 and not write):
            raise ServerFault(
                self.name, what, said, "The server is overloaded; try later.", _retry_after(response)
            )
        if status >= 500:
            if write:
                raise OutcomeUnknown(self.name, what, said, "It may have been done: the state is read first.")
            raise ServerFault(
                self.name, what, said, "The server failed; if it stays, send this line to its support."
            )
        if 300 <= status < 400:
            target = urlsplit(response.headers.get("Location", "")).hostname or "elsewhere"
            raise RequestRejected(
                self.name, what, f"HTTP {status}: redirected to {target}.", "Check base_url."
            )
        raise RequestRejected(self.name, what, said, reasons=reasons)

    def _unreadable(
        self, what: str, body: bytes | bytearray, error: Exception, expected: str = "the expected JSON"
    ) -> NoReturn:
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
            happened = f"not {expected} ({_plain(error)}): {self.one_line(body)}"
            advice = "The answer was cut short, or the API changed."
        raise UnreadableAnswer(self.name, what, happened, advice) from None

    def one_line(self, body: bytes | bytearray | str, length: int = 160) -> str:
        """What came back as one readable line without secrets: tags and white space squeezed out, cut to `length`."""
        text = self.redacted(
            body if isinstance(body, str) else bytes(body[:20_000]).decode("utf-8", "replace")
        )
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I)
        text = re.sub(r"\s+", " ", text).strip()
        return text if len(text) <= length else f"{text[: length - 1]}…"

    def redacted(self, text: str) -> str:
        """The text without this connection's own credentials."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _client_host(self) -> str:
        return urlsplit(self.base_url).netloc


class AnswerHasErrors(ValueError):
    """A 2xx answer whose `Errors` or `ModelStateErrors` are not empty: a failure all the same."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass
class _Shared:
    """What all views of one connection know together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0
    server_time: datetime | None = None  # the newest Date header, for the clock comparison
    told_at: float = 0.0  # when that came, by time.monotonic
    dead: Unreachable | CredentialsRefused | None = None


_ADVICE_DOWN = "Check base_url and the network; if both are right, the server is down."

_BROKEN_OFF: dict[type[Exception], str] = {
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteTimeout: "the request could not be sent in time",
    httpx.ReadError: "the connection was reset",
    httpx.WriteError: "the connection was reset",
    httpx.RemoteProtocolError: "the answer broke off",
    httpx.DecodingError: "the answer broke off",
}


@cache
def _certificates() -> ssl.SSLContext:
    """Read once a process: every client with a context of its own would read the certificates anew."""
    return httpx.create_ssl_context()


def _worth_retrying(error: Exception) -> bool | float:
    if isinstance(error, ServerFault) and error.retry_after is not None:
        return error.retry_after <= _LONGEST_WAIT and max(error.retry_after, 0.05)
    if isinstance(error, RequestRejected):
        return error.passing
    return isinstance(error, Unreachable | ServerFault | UnreadableAnswer)


def _what(method: str, path: str, params: Mapping[str, str]) -> str:
    page = f" page {params['Page']}" if "Page" in params else ""
    return f"{method} {path}{page}"


def _plain(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds; the header may be a number or a date."""
    given = response.headers.get("Retry-After")
    if given is None:
        return None
    if given.strip().isdigit():
        return float(given)
    moment = _http_date(given)
    return None if moment is None else max((moment - datetime.now(moment.tzinfo)).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _reasons(body: bytes | bytearray) -> list[str]:
    try:
        return error_reasons(msgspec.json.decode(body))
    except msgspec.DecodeError:
        return []


def error_reasons(answer: Any) -> list[str]:
    """The sentences in `Errors` and `ModelStateErrors` of a reply wrapper (fact sheet, section 2)."""
    if not isinstance(answer, dict):
        return []
    reasons = [str(text) for text in answer.get("Errors") or []]
    for error in answer.get("ModelStateErrors") or []:
        if isinstance(error, dict):  # a batch call has Key1 and Key2 instead of Key
            keys = [str(error[key]) for key in ("Key", "Key1", "Key2") if error.get(key)]
            text = error.get("Message") or error.get("Exception") or "refused"
            reasons.append(f"{' '.join(keys)}: {text}" if keys else str(text))
        else:
            reasons.append(str(error))
    return reasons
