"""One request and its whole answer: the connection pool, the deadline, what a broken connection means.

The one module that imports httpx.
"""

from __future__ import annotations

import base64
import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import httpx

from checks.errors import NoAnswer, OutcomeUnknown, RequestRejected, Unreachable
from checks.sources.http.shared import Counts, Shared
from checks.sources.moments import http_date
from checks.sources.pacing import Spacing
from checks.sources.sign_in import Basic, Bearer, Credentials

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_BROKEN_OFF: dict[type[Exception], str] = {
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteTimeout: "the request could not be sent in time",
    httpx.ReadError: "the connection was reset",
    httpx.WriteError: "the connection was reset",
    httpx.RemoteProtocolError: "the answer broke off",
    httpx.DecodingError: "the answer broke off",
}

_HEADERS = {"Accept": "application/json", "User-Agent": "keurmeester"}
_ADVICE_DOWN = "Check base_url and the network; if both are right, the server is down."

# At level DEBUG it traces the headers of every answer, Set-Cookie among them.
logging.getLogger("httpcore").setLevel(logging.INFO)


@dataclass(frozen=True)
class Reply:
    """A whole answer; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytearray


class Exchange:
    """A connection pool to one source. Safe to use from several threads.

    Args:
        name: the source's name, for messages.
        timeout_seconds: for connecting and for every pause within an answer; a whole answer may take ten times that.
        max_connections: requests under way at once.
        spacing: how far apart requests begin.
        extra_headers: sent with every call.
    """

    def __init__(
        self,
        name: str,
        credentials: Credentials,
        shared: Shared,
        *,
        timeout_seconds: float,
        max_connections: int,
        spacing: Spacing,
        extra_headers: Mapping[str, str],
    ) -> None:
        self.name = name
        self.shared = shared
        self.timeout = timeout_seconds
        self._spacing = spacing
        basic = (
            httpx.BasicAuth(credentials.login, credentials.password)
            if isinstance(credentials, Basic)
            else None
        )
        token = {"Authorization": f"Bearer {credentials.token}"} if isinstance(credentials, Bearer) else {}
        shared.hide(*_secrets_of(credentials))
        self._client = httpx.Client(
            auth=basic,
            timeout=httpx.Timeout(timeout_seconds, pool=None),
            limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
            headers={**_HEADERS, **token, **extra_headers},
            verify=_certificates(),
        )

    @property
    def is_closed(self) -> bool:
        return self._client.is_closed

    def close(self) -> None:
        self._client.close()

    def cookies(self) -> dict[str, str]:
        """Those that the server has set so far, by name: ASP.NET renews one by setting it again."""
        return {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}

    def once(
        self,
        method: str,
        url: str,
        what: str,
        counts: Counts,
        *,
        write: bool,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int | None = None,
        stranger: bool = False,
    ) -> Reply:
        """Sends once and reads the whole body within the deadline.

        Args:
            what: the request, for messages.
            counts: what is counted up.
            write: may it have changed something? Then an answer that does not come is OutcomeUnknown.
            largest: more bytes than these are refused (RequestRejected).
            stranger: another host than the source's own: it gets no credentials, and its clock is not the source's.
        """
        headers = {**(headers or {}), **({"Content-Type": "application/json"} if content is not None else {})}
        self._spacing.wait()
        with self.shared.lock:
            counts.requests += 1
            self.shared.requests += 1
        deadline = time.monotonic() + 10 * self.timeout
        body = bytearray()
        try:
            with (
                self._pool(stranger) as client,
                client.stream(
                    method, url, params=dict(params) if params else None, content=content, headers=headers
                ) as response,
            ):
                try:
                    for chunk in response.iter_bytes():
                        body += chunk
                        if largest is not None and len(body) > largest:
                            happened = f"it is larger than {largest / 1e6:,.0f} MB."
                            raise RequestRejected(self.name, what, happened, "Not fetched.")
                        if time.monotonic() > deadline:
                            raise httpx.ReadTimeout("the answer trickles in")
                finally:
                    with self.shared.lock:
                        counts.bytes += response.num_bytes_downloaded
        except _NEVER_SENT as error:
            happened = f"no connection to {urlsplit(url).netloc} ({plain(error)})."
            raise Unreachable(self.name, what, happened, _ADVICE_DOWN) from None
        except httpx.HTTPError as error:
            happened = f"{_BROKEN_OFF.get(type(error), 'the connection failed')} ({plain(error)})."
            if write:
                broke_off = isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError)
                unknown = OutcomeUnknown if broke_off else NoAnswer
                raise unknown(
                    self.name, what, happened, "It may have been done: the state is read first."
                ) from None
            raise Unreachable(self.name, what, happened, _ADVICE_DOWN) from None
        if not stranger and (date := response.headers.get("Date")):
            self.shared.server_time, self.shared.told_at = http_date(date), time.monotonic()
        return Reply(response.status_code, dict(response.headers), body)

    @contextmanager
    def _pool(self, stranger: bool) -> Iterator[httpx.Client]:
        if not stranger:
            yield self._client
            return
        with httpx.Client(timeout=self.timeout, headers=_HEADERS, verify=_certificates()) as client:
            yield client


def normal(url: str) -> str:
    """The address as it is sent. Raises ValueError where it is none."""
    try:
        return str(httpx.URL(url))
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None


def plain(error: Exception) -> str:
    """The first line of what an exception says."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


@cache
def _certificates() -> ssl.SSLContext:
    """Read once a process: every client with a context of its own would read the certificates anew."""
    return httpx.create_ssl_context()


def _secrets_of(credentials: Credentials) -> Iterator[str]:
    yield credentials.token if isinstance(credentials, Bearer) else credentials.password
    if isinstance(credentials, Basic):
        yield base64.b64encode(f"{credentials.login}:{credentials.password}".encode()).decode()
