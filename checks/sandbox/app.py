"""The ASGI application of any stand-in: the API under its root, the test's own controls under /sandbox, the rest outside.

Wire faults need the bare connection, which ASGI hides: `_transport` is the one place that takes it from uvicorn.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from checks.sandbox.calls import Answer, Call
from checks.sandbox.control import Control
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import BEFORE, HTML_PAGE, WireFault, WireFaults

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LogEntry = tuple[str, str, dict[str, str], int]

_LINGER = "hh" if os.name == "nt" else "ii"

#: The status of a request that got no answer.
NO_ANSWER = 0

#: Shorter answers are sent as they are, as IIS does; and the fastest level, for a server has more to do.
_GZIP_FROM = 1_400
_GZIP_LEVEL = 1


class Api(Protocol):
    """What one system is to its server. Knows no network.

    Attributes:
        root: `api`: where it begins, taken off a call's path; "" for the whole server.
        lock: guards its state: a test looks at it from another thread.
        routes: `GET Products`, for who switches faults on.
    """

    @property
    def root(self) -> str: ...
    @property
    def lock(self) -> threading.RLock: ...
    @property
    def routes(self) -> Sequence[str]: ...

    def answer(self, call: Call, /) -> Answer: ...
    def outside(self, call: Call, /) -> Answer:
        """What is not under the root: pictures and the like; 404 else."""

    def server_error(self, call: Call, /, status: int = 500) -> Answer: ...
    def errors_with_200(self, call: Call, /) -> Answer:
        """A refusal that says 200, in this system's own form."""

    def now(self) -> datetime: ...
    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """Check id -> (key, field) of what was planted, as far as it is true by now."""


class SandboxApp:
    """Answers everything that is sent to the sandbox.

    `log` keeps each request to the API or its photos, `traffic` how much was sent.
    """

    def __init__(
        self, api: Api, control: Control, faults: WireFaults, log: list[LogEntry], traffic: Traffic
    ) -> None:
        self.faults = faults
        self.log = log
        self.traffic = traffic
        self.use(api, control)
        self.open()

    def use(self, api: Api, control: Control) -> None:
        """Answers for this API from now on."""
        self.api = api
        self.control = control

    def open(self) -> None:
        """To be called before a server starts: requests may hang from now on."""
        self._stopping = asyncio.Event()

    def release(self) -> None:
        """Lets go of every request that hangs; to be called in the server's own loop."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the sandbox speaks HTTP only, not {scope['type']}")
        request = Request(scope, receive)
        path = request.url.path
        if path.startswith("/sandbox/"):
            await self._send(
                self.control.answer(
                    request.method, path[9:], dict(request.query_params), await request.body()
                ),
                scope,
                receive,
                send,
            )
            return
        inside, rest = self._place(path.strip("/"))
        call = Call(
            method=request.method,
            path=rest,
            params=dict(request.query_params),
            body=await request.body(),
            content_type=request.headers.get("content-type", ""),
            host=request.headers.get("host", "127.0.0.1"),
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        answer = self.api.answer if inside else self.api.outside
        fault = self.faults.pick(f"{call.method} {call.path}", _everything(call))
        if fault is None:
            await self._finish(call, answer(call), scope, receive, send)
        elif fault.kind in BEFORE:
            await self._fail_before(fault, call, scope, receive, send)
        else:
            await self._fail_after(fault, call, answer(call), scope, receive, send)

    def _place(self, path: str) -> tuple[bool, str]:
        """Is it within the API, and its path there, else its whole path?"""
        root = self.api.root
        if not root:
            return not path.startswith("media/"), path
        if path == root or path.startswith(f"{root}/"):
            return True, path[len(root) :].strip("/")
        return False, path

    async def _fail_before(
        self, fault: WireFault, call: Call, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if fault.kind == "reset":
            await self._reset(call, receive, send)
        elif fault.kind == "hang":
            await self._hang(call, receive, send)
        else:
            answers: dict[str, Callable[[], Answer]] = {
                "error-500": lambda: self.api.server_error(call),
                "html": lambda: Answer(502, HTML_PAGE, "text/html"),
                "html-200": lambda: Answer(200, HTML_PAGE, "text/html"),
                "429": lambda: Answer(
                    429, b"Too many requests", "text/plain", (("retry-after", str(fault.retry_after)),)
                ),
                "errors-200": lambda: self.api.errors_with_200(call),
            }
            await self._finish(call, answers[fault.kind](), scope, receive, send)

    async def _fail_after(
        self, fault: WireFault, call: Call, answer: Answer, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if fault.kind == "reset-after":
            await self._reset(call, receive, send)
        elif fault.kind == "hang-after":
            await self._hang(call, receive, send)
        elif fault.kind == "half":
            await self._half(call, answer, receive, send)
        else:
            await self._finish(call, self.api.server_error(call), scope, receive, send)

    async def _finish(self, call: Call, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        body, headers = answer.body, dict(answer.headers)
        if len(body) >= _GZIP_FROM and answer.media_type.startswith(("application/", "text/")):
            headers["vary"] = "Accept-Encoding"
            if _takes_gzip(Request(scope).headers.get("accept-encoding", "")):
                body = gzip.compress(body, _GZIP_LEVEL)
                headers["content-encoding"] = "gzip"
        self._note(call, answer.status, len(answer.body), len(body))
        await self._send(
            Answer(answer.status, body, answer.media_type, tuple(headers.items())), scope, receive, send
        )

    async def _send(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {**dict(answer.headers), "date": self._date()}
        response = Response(answer.body, answer.status, headers, answer.media_type)
        await response(scope, receive, send)

    def _date(self) -> str:
        return format_datetime(self.api.now(), usegmt=True)

    async def _reset(self, call: Call, receive: Receive, send: Send) -> None:
        self._note(call, NO_ANSWER, 0, 0)
        transport = _transport(send)
        connection = transport.get_extra_info("socket")
        # Linger of nought seconds: the peer sees a reset, not an orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        transport.abort()
        await self._until_gone(receive)

    async def _hang(self, call: Call, receive: Receive, send: Send) -> None:
        self._note(call, NO_ANSWER, 0, 0)
        gone = asyncio.ensure_future(self._until_gone(receive))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({gone, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        _transport(send).abort()
        await gone

    async def _half(self, call: Call, answer: Answer, receive: Receive, send: Send) -> None:
        self._note(call, answer.status, len(answer.body), len(answer.body) // 2)
        length = str(len(answer.body)).encode()
        headers = [
            (b"content-type", answer.media_type.encode()),
            (b"content-length", length),
            (b"date", self._date().encode()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True}
        )
        _transport(send).close()
        await self._until_gone(receive)

    @staticmethod
    async def _until_gone(receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    def _note(self, call: Call, status: int, size: int, wire: int) -> None:
        self.log.append((call.method, call.path, dict(call.params), status))
        self.traffic.add(_route(call), size, wire)


def _transport(send: Send) -> asyncio.Transport:
    """The connection behind a request: uvicorn's `send` is a method of the object that holds it."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    return transport


def _takes_gzip(accepted: str) -> bool:
    """Is gzip named in Accept-Encoding, and not with a weight of 0?"""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _route(call: Call) -> str:
    """The request without what tells one photo or location from another."""
    above, _, last = call.path.rpartition("/")
    return f"{call.method} {above}/*" if last.isdecimal() else f"{call.method} {call.path}"


def _everything(call: Call) -> str:
    query = "&".join(f"{name}={value}" for name, value in call.params.items())
    return f"{call.path}?{query}\n{call.body.decode('utf-8', 'replace')}"
