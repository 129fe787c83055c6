"""The one place that imports httpx: authentication, limits, retries of reads, time-outs, redaction.

Reads are retried (no connection, 429 and 503 with Retry-After, other 5xx, an answer that is not JSON or says it has
errors). Writes are repeated only where the request cannot have been sent; after anything else the caller reads the state
and decides (`OutcomeUnknown`). Errors carry one cut line of what came back, with the password taken out; never a header.
"""

from __future__ import annotations

import base64
import copy
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NoReturn, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
import stamina

from checks.errors import (
    CredentialsRefused,
    Deferred,
    NoAnswer,
    NotFound,
    OutcomeUnknown,
    ReadOnlySource,
    RequestRejected,
    ServerFault,
    SourceError,
    Unreachable,
    UnreadableAnswer,
)
from checks.progress import Progress
from checks.sources.answers import ORESTO, AnswerHasErrors, Dialect
from checks.sources.pacing import spacing_of
from checks.sources.request import Request
from checks.sources.sign_in import Basic, Bearer, Credentials, OneSession, Opened, Session

T = TypeVar("T")

_ATTEMPTS = 5
_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is told as a fault, the next run tries again
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Http:
    """A connection pool to one source. Safe to use from several threads.

    Args:
        name: the source's name, for messages.
        base_url: up to and including `/api`.
        credentials: a login or token for every call, or a session that is opened first.
        timeout_seconds: for connecting and for every pause within an answer; a whole answer may take ten times that.
        max_connections: requests under way at once.
        requests_per_second: at most so many begin, evenly spaced, of all connections to the source in this process; None:
            no limit.
        dialect: how the system says what went wrong.
        extra_headers: sent with every call.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        credentials: Credentials,
        *,
        timeout_seconds: float,
        max_connections: int,
        read_only: bool = False,
        requests_per_second: float | None = None,
        progress: Progress | None = None,
        dialect: Dialect = ORESTO,
        extra_headers: Mapping[str, str] | None = None,
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
        self._dialect = dialect
        self._session = None if isinstance(credentials, Basic | Bearer) else credentials
        self.shared.secrets.update(_secrets_of(credentials))
        self._client = httpx.Client(
            auth=httpx.BasicAuth(credentials.login, credentials.password)
            if isinstance(credentials, Basic)
            else None,
            timeout=httpx.Timeout(timeout_seconds, pool=None),
            limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
            headers={**_HEADERS, **_bearer(credentials), **(extra_headers or {})},
            verify=_certificates(),
        )

    def close(self) -> None:
        """Ends the session where one was opened, as far as the server lets it, and the connections."""
        if self._client.is_closed:
            return
        closing = (
            self._session.closing() if self._session is not None and self.shared.session.is_open else None
        )
        if closing is not None and self.shared.dead is None:
            with suppress(SourceError):
                self._call(closing.method, f"{self.base_url}/{closing.path}", closing.line, write=False)
        self._client.close()

    def counted(self) -> Http:
        """The same connection with counters of its own: what one collector cost."""
        view = copy.copy(self)
        view.requests = view.bytes = 0
        return view

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[bytes | bytearray], T],
        headers: Mapping[str, str] | None = None,
        seen: Callable[[Mapping[str, str]], None] | None = None,
    ) -> T:
        """One read, retried; `decode` turns the body into what is wanted and belongs to the attempt.

        `decode` raises `ValueError` or `msgspec.DecodeError` for a body that is not what it should be. `headers` are sent
        beside the usual ones; `seen` is given those of the answer, names in small letters.
        """
        return self._read(Request("GET", path, params), _what("GET", path, params), decode, headers, seen)

    def ask(self, request: Request, decode: Callable[[bytes | bytearray], T]) -> T:
        """A read that is no GET, because the system wants its questions in a body: retried as a GET is."""
        return self._read(request, _what(request.method, request.path, request.params), decode)

    def _read(
        self,
        request: Request,
        what: str,
        decode: Callable[[bytes | bytearray], T],
        headers: Mapping[str, str] | None = None,
        seen: Callable[[Mapping[str, str]], None] | None = None,
    ) -> T:
        url, content = f"{self.base_url}/{request.path}", _content(request)

        def attempt() -> T:
            response, body = self._call(
                request.method,
                url,
                what,
                write=False,
                params=request.params,
                content=content,
                headers=headers or {},
            )
            self._judge(what, response, body)
            if seen is not None:
                seen(dict(response.headers))
            try:
                return decode(body)
            except (ValueError, msgspec.DecodeError) as error:
                self._unreadable(what, body, error)

        return self._retrying(what, attempt)

    def fetch(
        self,
        address: str,
        what: str,
        check: Callable[[bytes], None],
        hosts: Collection[str] = (),
        largest: int | None = None,
    ) -> bytes:
        """The bytes behind an absolute or relative `address` on the source's own host, with the same credentials.

        `check` raises ValueError for bytes that are not what was asked; they are then asked again, as any read.

        Args:
            hosts: further hosts (names, small letters) that may be asked, without credentials and with the same scheme or
                https.
            largest: more bytes than these are refused.

        Raises RequestRejected for any other host: credentials go nowhere else, and nothing else is fetched.
        """
        try:
            url = str(httpx.URL(urljoin(f"{self.base_url}/", address)))
            ours, theirs = urlsplit(self.base_url), urlsplit(url)
        except (ValueError, httpx.InvalidURL):
            raise RequestRejected(
                self.name, what, f"{self.one_line(address)!r} is no address.", "Not fetched."
            ) from None
        own = _place(url) == _place(self.base_url)
        known = theirs.scheme in (ours.scheme, "https") and (theirs.hostname or "") in hosts
        if theirs.username or theirs.password or not (own or known):
            raise RequestRejected(
                self.name,
                what,
                f"the address is on another host ({self.one_line(theirs.hostname or 'none')}).",
                "Not fetched.",
            )

        def attempt() -> bytes:
            if own:
                response, body = self._call("GET", url, what, write=False, largest=largest)
            else:
                with httpx.Client(
                    timeout=self._timeout, headers=_HEADERS, verify=_certificates()
                ) as stranger:
                    response, body = self._exchange(
                        "GET", url, what, write=False, largest=largest, client=stranger
                    )
            try:
                self._judge(what, response, body)
            except CredentialsRefused as error:
                if own:
                    raise
                raise RequestRejected(
                    self.name, what, f"{theirs.hostname} answers HTTP {error.status}.", "Not fetched."
                ) from None
            try:
                check(bytes(body))
            except ValueError as error:
                self._unreadable(what, body, error, "what was asked for")
            return bytes(body)

        return self._retrying(what, attempt, shared=self.shared if own else _Shared())

    def send(self, request: Request) -> bytearray:
        """One write; its body when the server answered 2xx. See `OrestoClient.send` for what is raised."""
        what = request.line
        if self._read_only:
            raise ReadOnlySource(
                f"{self.name}: {what}: not sent, the settings say read_only = true for this source. "
                "Set it to false to let fixes write."
            )

        def attempt() -> bytearray:
            url = f"{self.base_url}/{request.path}"
            response, body = self._call(
                request.method, url, what, write=True, params=request.params, content=_content(request)
            )
            self._judge(what, response, body, write=True)
            return body

        return self._retrying(what, attempt, retry=lambda error: isinstance(error, Unreachable))

    def _retrying(
        self,
        what: str,
        attempt: Callable[[], T],
        retry: Callable[[Exception], bool | float] | None = None,
        shared: _Shared | None = None,
    ) -> T:
        """`shared`: whose connection it is; another one for a host that is not the source's own."""
        shared, rule = shared or self.shared, retry or _worth_retrying
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

    def _call(
        self, method: str, url: str, what: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> tuple[httpx.Response, bytearray]:
        """Sends once within the session, where there is one; a session that is not accepted is opened anew, once."""
        session = self._session
        if session is None:
            return self._exchange(method, url, what, headers=headers, **more)
        one = self.shared.session
        for again in (False, True):
            number, entered = one.enter(lambda: self._open(session), self._server_now())
            response, body = self._exchange(method, url, what, headers={**(headers or {}), **entered}, **more)
            if response.status_code != 401:
                break
            if not again:
                one.ended(number)
        return response, body

    def _open(self, session: Session) -> Opened:
        """Logs in. Raises CredentialsRefused where that is refused, UnreadableAnswer for an answer that is no login."""
        request = session.opening()
        what = f"{request.method} {request.path}"
        response, body = self._exchange(
            request.method,
            f"{self.base_url}/{request.path}",
            what,
            write=False,
            params=request.params,
            content=_content(request),
        )
        self._judge(what, response, body)
        # ASP.NET renews a cookie by setting it again: those of the answer and those known from before
        cookies = {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}
        try:
            opened = session.opened(msgspec.json.decode(body) if body.strip() else None, cookies)
        except (ValueError, msgspec.DecodeError) as error:
            if isinstance(error, AnswerHasErrors) or bytes(body[:200]).lstrip()[:1] == b"<":
                self._unreadable(what, body, error, "the answer to a login")
            # what cannot be read is not shown: there may be half a token in it
            raise UnreadableAnswer(
                self.name,
                what,
                f"not the answer to a login ({_plain(error)}).",
                "The answer was cut short, or the API changed.",
            ) from None
        self.shared.secrets.update(secret for secret in opened.secrets if len(secret) > 3)
        return opened

    def _server_now(self) -> datetime | None:
        """What the server's clock says now, by its newest Date header."""
        told, shared = self.shared.server_time, self.shared
        return None if told is None else told + timedelta(seconds=time.monotonic() - shared.told_at)

    def _exchange(
        self,
        method: str,
        url: str,
        what: str,
        *,
        write: bool,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int | None = None,
        client: httpx.Client | None = None,
    ) -> tuple[httpx.Response, bytearray]:
        """Sends once and reads the whole body within the deadline."""
        headers = {**(headers or {}), **({"Content-Type": "application/json"} if content is not None else {})}
        self._spacing.wait()
        with self.shared.lock:
            self.requests += 1
            self.shared.requests += 1
        deadline = time.monotonic() + 10 * self._timeout
        body = bytearray()
        try:
            with (client or self._client).stream(
                method, url, params=dict(params) if params else None, content=content, headers=headers
            ) as response:
                try:
                    for chunk in response.iter_bytes():
                        body += chunk
                        if largest is not None and len(body) > largest:
                            raise RequestRejected(
                                self.name,
                                what,
                                f"it is larger than {largest / 1e6:,.0f} MB.",
                                "Not fetched.",
                            )
                        if time.monotonic() > deadline:
                            raise httpx.ReadTimeout("the answer trickles in")
                finally:
                    with self.shared.lock:
                        self.bytes += response.num_bytes_downloaded
        except _NEVER_SENT as error:
            raise Unreachable(
                self.name, what, f"no connection to {urlsplit(url).netloc} ({_plain(error)}).", _ADVICE_DOWN
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
        if client is None and (date := response.headers.get("Date")):
            self.shared.server_time, self.shared.told_at = _http_date(date), time.monotonic()
        return response, body

    def _judge(self, what: str, response: httpx.Response, body: bytearray, write: bool = False) -> None:
        """Raises for every status that is not 2xx; the table of oresto-assumptions, status codes."""
        status = response.status_code
        if 200 <= status < 300:
            return
        answer = _json(body)
        if answer is not None and self._dialect.deferral(answer):
            raise self._deferred(what)
        reasons = tuple(self.one_line(text) for text in self._dialect.reasons(answer))
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

    def _deferred(self, what: str) -> Deferred:
        now = self._server_now() or datetime.now(UTC)
        until = self._dialect.when_open(now) if self._dialect.when_open is not None else None
        return Deferred(self.name, what, "the server is closed for this at this hour.", until)

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
        for secret in tuple(self.shared.secrets):
            text = text.replace(secret, "***")
        return text


@dataclass
class _Shared:
    """What all views of one connection know together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0
    server_time: datetime | None = None  # the newest Date header, for the clock comparison
    told_at: float = 0.0  # when that came, by time.monotonic
    dead: Unreachable | CredentialsRefused | None = None
    session: OneSession = field(default_factory=OneSession)
    secrets: set[str] = field(default_factory=set, repr=False)  # never shown: passwords, tokens, cookies


_HEADERS = {"Accept": "application/json", "User-Agent": "keurmeester"}

# At level DEBUG it traces the headers of every answer, Set-Cookie among them.
logging.getLogger("httpcore").setLevel(logging.INFO)

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


def _json(body: bytes | bytearray) -> Any:
    """The decoded body; None where it is no JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, however they are written."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _content(request: Request) -> bytes | None:
    return None if request.body is None else msgspec.json.encode(request.body)


def _bearer(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials.token}"} if isinstance(credentials, Bearer) else {}


def _secrets_of(credentials: Credentials) -> Iterator[str]:
    """What must never be shown; a text of three signs or fewer would blacken half of what is."""
    found = [credentials.token] if isinstance(credentials, Bearer) else [credentials.password]
    if isinstance(credentials, Basic):
        found.append(base64.b64encode(f"{credentials.login}:{credentials.password}".encode()).decode())
    yield from (secret for secret in found if len(secret) > 3)
