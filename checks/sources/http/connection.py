"""A connection to one source: reads that are retried, writes that are not, within a session where the source wants one.

Writes are repeated only where the request cannot have been sent; after anything else the caller reads the state and decides
(`OutcomeUnknown`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from checks.errors import CredentialsRefused, ReadOnlySource, RequestRejected, SourceError, UnreadableAnswer
from checks.progress import Progress
from checks.sources.answers import ORESTO, AnswerHasErrors, Dialect, LoginRefused
from checks.sources.http.exchange import Exchange, Reply, plain
from checks.sources.http.fetching import target_of
from checks.sources.http.judging import Judge
from checks.sources.http.retrying import Rule, of_reads, of_writes, retrying
from checks.sources.http.shared import Counts, Shared
from checks.sources.pacing import spacing_of
from checks.sources.request import Request
from checks.sources.sign_in import Basic, Bearer, Credentials, Opened, Session

T = TypeVar("T")
Decode = Callable[[bytes | bytearray], T]


class Http:
    """A connection to one source. Safe to use from several threads.

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
        self.shared = Shared()
        self._counts = Counts()
        self._read_only = read_only
        self._progress = progress or Progress()
        self._session = None if isinstance(credentials, Basic | Bearer) else credentials
        self._judge = Judge(name, dialect, self.shared)
        self._exchange = Exchange(
            name,
            credentials,
            self.shared,
            timeout_seconds=timeout_seconds,
            max_connections=max_connections,
            spacing=spacing_of(name, requests_per_second),
            extra_headers=extra_headers or {},
        )

    @property
    def requests(self) -> int:
        """Requests of this view, retries and logins included."""
        return self._counts.requests

    @property
    def bytes_received(self) -> int:
        """Bytes of bodies that this view received, as they came over the wire: compressed where the server compresses."""
        return self._counts.bytes

    def one_line(self, body: bytes | bytearray | str, length: int = 160) -> str:
        """What came back as one readable line without secrets, cut to `length`."""
        return self._judge.one_line(body, length)

    def redacted(self, text: str) -> str:
        """The text without this connection's own credentials."""
        return self.shared.redacted(text)

    def close(self) -> None:
        """Ends the session where one was opened, as far as the server lets it, and the connections."""
        if self._exchange.is_closed:
            return
        session = self._session
        closing = session.closing() if session is not None and self.shared.session.is_open else None
        if closing is not None and self.shared.dead is None:
            with suppress(SourceError):
                self._call(closing.method, f"{self.base_url}/{closing.path}", closing.line, write=False)
        self._exchange.close()

    def counted(self) -> Http:
        """The same connection with counters of its own: what one collector cost."""
        view = copy.copy(self)
        view._counts = Counts()
        return view

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        decode: Decode[T],
        headers: Mapping[str, str] | None = None,
        seen: Callable[[Mapping[str, str]], None] | None = None,
    ) -> T:
        """One read, retried; `decode` turns the body into what is wanted and belongs to the attempt.

        `decode` raises `ValueError` or `msgspec.DecodeError` for a body that is not what it should be. `headers` are sent
        beside the usual ones; `seen` is given those of the answer, names in small letters.
        """
        return self._read(Request("GET", path, params), _what("GET", path, params), decode, headers, seen)

    def ask(self, request: Request, decode: Decode[T]) -> T:
        """A read that is no GET, because the system wants its questions in a body: retried as a GET is."""
        return self._read(request, _what(request.method, request.path, request.params), decode)

    def _read(
        self,
        request: Request,
        what: str,
        decode: Decode[T],
        headers: Mapping[str, str] | None = None,
        seen: Callable[[Mapping[str, str]], None] | None = None,
    ) -> T:
        url, content = f"{self.base_url}/{request.path}", _content(request)

        def attempt() -> T:
            reply = self._call(
                request.method,
                url,
                what,
                write=False,
                params=request.params,
                content=content,
                headers=headers,
            )
            self._judge.status(what, reply)
            if seen is not None:
                seen(reply.headers)
            try:
                return decode(reply.body)
            except (ValueError, msgspec.DecodeError) as error:
                self._judge.unreadable(what, reply.body, error)

        return self._retrying(what, attempt, of_reads)

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
            target = target_of(self.base_url, address, hosts)
        except ValueError:
            raise self._not_fetched(what, f"{self.one_line(address)!r} is no address.") from None
        if isinstance(target, str):
            raise self._not_fetched(what, f"the address is on another host ({self.one_line(target)}).")

        def attempt() -> bytes:
            send = self._call if target.own else self._ask_a_stranger
            reply = send("GET", target.url, what, write=False, largest=largest)
            try:
                self._judge.status(what, reply)
            except CredentialsRefused as error:
                if target.own:
                    raise
                raise self._not_fetched(what, f"{target.host} answers HTTP {error.status}.") from None
            try:
                check(bytes(reply.body))
            except ValueError as error:
                self._judge.unreadable(what, reply.body, error, "what was asked for")
            return bytes(reply.body)

        return self._retrying(what, attempt, of_reads, self.shared if target.own else Shared())

    def _ask_a_stranger(self, method: str, url: str, what: str, **more: Any) -> Reply:
        return self._exchange.once(method, url, what, self._counts, stranger=True, **more)

    def _not_fetched(self, what: str, happened: str) -> RequestRejected:
        return RequestRejected(self.name, what, happened, "Not fetched.")

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
            reply = self._call(
                request.method, url, what, write=True, params=request.params, content=_content(request)
            )
            self._judge.status(what, reply, write=True)
            return reply.body

        return self._retrying(what, attempt, of_writes)

    def _retrying(self, what: str, attempt: Callable[[], T], rule: Rule, shared: Shared | None = None) -> T:
        """`shared`: whose connection it is; another one for a host that is not the source's own."""
        return retrying(what, attempt, rule, shared or self.shared, self._exchange.timeout, self._progress)

    def _call(
        self, method: str, url: str, what: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Reply:
        """Sends once within the session, where there is one; a session that is not accepted is opened anew, once."""
        session, one = self._session, self.shared.session
        if session is None:
            return self._exchange.once(method, url, what, self._counts, headers=headers, **more)
        number, entered = one.enter(lambda: self._open(session), self.shared.server_now())
        reply = self._within(method, url, what, {**(headers or {}), **entered}, more)
        if reply.status == 401:
            one.ended(number)
            _, entered = one.enter(lambda: self._open(session), self.shared.server_now())
            reply = self._within(method, url, what, {**(headers or {}), **entered}, more)
        return reply

    def _within(
        self, method: str, url: str, what: str, headers: Mapping[str, str], more: Mapping[str, Any]
    ) -> Reply:
        return self._exchange.once(method, url, what, self._counts, headers=headers, **more)

    def _open(self, session: Session) -> Opened:
        """Logs in. Raises CredentialsRefused where that is refused, UnreadableAnswer for an answer that is no login."""
        request = session.opening()
        what = f"{request.method} {request.path}"
        reply = self._exchange.once(
            request.method,
            f"{self.base_url}/{request.path}",
            what,
            self._counts,
            write=False,
            params=request.params,
            content=_content(request),
        )
        self._judge.status(what, reply)
        body = reply.body
        try:
            opened = session.opened(
                msgspec.json.decode(body) if body.strip() else None, self._exchange.cookies()
            )
        except LoginRefused as error:
            raise self._judge.refused(what, reply.status, error.reasons) from None
        except (ValueError, msgspec.DecodeError) as error:
            if isinstance(error, AnswerHasErrors) or bytes(body[:200]).lstrip()[:1] == b"<":
                self._judge.unreadable(what, body, error, "the answer to a login")
            # what cannot be read is not shown: there may be half a token in it
            raise UnreadableAnswer(
                self.name,
                what,
                f"not the answer to a login ({plain(error)}).",
                "The answer was cut short, or the API changed.",
            ) from None
        self.shared.hide(*opened.secrets)
        return opened


def _what(method: str, path: str, params: Mapping[str, str]) -> str:
    page = f" page {params['Page']}" if "Page" in params else ""
    return f"{method} {path}{page}"


def _content(request: Request) -> bytes | None:
    return None if request.body is None else msgspec.json.encode(request.body)
