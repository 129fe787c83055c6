"""The server of any stand-in: real HTTP on loopback, in a thread for tests, or blocking in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar

import uvicorn

from checks.errors import UsageError
from checks.sandbox.app import Api, LogEntry, SandboxApp
from checks.sandbox.clock import Clock
from checks.sandbox.control import Control
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import WireFaults

LOGIN = "demo"
PASSWORD = "sand-7f3k-box"

A = TypeVar("A", bound=Api)


class StandIn(Generic[A]):
    """One system over real HTTP on loopback.

    Use it as a context manager, or `start()` and `stop()`. Raises UsageError when the port is taken.

    Args:
        make_api: makes the system anew, with the clock it goes by.
        seed: of the dice for faults that hit some requests.
        port: 0 takes a free one.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.
    """

    control_kind: ClassVar[type[Any]] = Control
    login = LOGIN
    password = PASSWORD

    def __init__(
        self,
        make_api: Callable[[Clock], A],
        seed: int,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._clock = Clock(clock)
        self._make_api = make_api
        self.log: list[LogEntry] = []
        self._traffic = Traffic()
        self.api = make_api(self._clock)
        self.faults = WireFaults(seed, self.api.routes)
        self._app = SandboxApp(self.api, self._new_control(), self.faults, self.log, self._traffic)
        self._host = host
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self._port}/{self.api.root}".rstrip("/")

    @property
    def control_url(self) -> str:
        """Where the test's controls are, see `checks.sandbox.control`."""
        return f"http://{self._host}:{self._port}/sandbox"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens when it returns."""
        listener = self._listen()
        self._app.open()
        ready = threading.Event()
        self._server = _Server(_config(self._app), ready)
        self._thread = threading.Thread(target=self._run, args=(listener,), name="sandbox", daemon=True)
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Closes every connection, also those that hang."""
        server, loop, thread = self._server, self._loop, self._thread
        if server is None or loop is None or thread is None:
            return
        server.should_exit = True
        loop.call_soon_threadsafe(self._app.release)
        thread.join()
        self._server = self._loop = self._thread = None

    def reset(self) -> None:
        """Everything as it was at the start: the system, the clock, no faults on the wire, an empty log, no traffic.

        Cheaper than another server.
        """
        self._clock.reset()
        self.api = self._make_api(self._clock)
        self.faults.clear()
        self.log.clear()
        self._traffic.clear()
        self._app.use(self.api, self._new_control())

    def _new_control(self) -> Control:
        control: Control = self.control_kind(self.api, self._clock, self.faults, self.log, self._traffic)
        return control

    def run(self, on_ready: Callable[[Self], None] | None = None) -> None:
        """Serves in this thread until Ctrl-C; prints nothing. `on_ready` is called when it listens."""
        listener = self._listen()
        server = _Server(_config(self._app), None, (lambda: on_ready(self)) if on_ready else None)
        server.run(sockets=[listener])

    def _run(self, listener: socket.socket) -> None:
        async def serve(server: uvicorn.Server) -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[listener])

        if self._server is not None:
            asyncio.run(serve(self._server))

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError as error:
            listener.close()
            raise UsageError(
                f"The sandbox cannot listen on {self._host}:{self._port}: {error.strerror}. Is another one running? Take --port 0."
            ) from error
        self._port = listener.getsockname()[1]
        return listener

    # what a test asks

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """What was planted, as far as it is true by now: check id -> {(key, field or None)}."""
        return self.api.truth()

    def now(self) -> datetime:
        """The time the sandbox thinks it is, in UTC."""
        return self._clock.now()

    def advance(self, **step: float) -> datetime:
        """Sets the clock forward: `advance(days=1)`, or back: `advance(hours=-2)`. Gives the time it is then."""
        self._clock.advance(timedelta(**step))
        return self.now()

    def traffic(self) -> dict[str, dict[str, int]]:
        """Per route what was sent since the start: requests, bytes, wire. See `checks.sandbox.traffic`."""
        return self._traffic.as_dict()

    def source_toml(self, name: str) -> str:
        """The [[sources]] table of a keurmeester.toml, with the password."""
        raise NotImplementedError


def source_table(name: str, system: str, stand_in: StandIn[Any], **more: Any) -> str:
    """A `[[sources]]` table. `more`: further settings, of types that JSON writes as TOML does."""
    values = {
        "name": name,
        "system": system,
        "base_url": stand_in.base_url,
        "login": stand_in.login,
        "password": stand_in.password,
        **more,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["[[sources]]", *lines]) + "\n"


class _Server(uvicorn.Server):
    """A uvicorn server that says when it listens."""

    def __init__(
        self, config: uvicorn.Config, ready: threading.Event | None, then: Callable[[], None] | None = None
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._then = then

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self._ready is not None:
            self._ready.set()
        if self._then is not None:
            self._then()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, SandboxApp):
            app.release()
        await super().shutdown(sockets=sockets)


def _config(app: SandboxApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",  # `app._transport` knows this one
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        date_header=False,  # the app sends one by its own clock
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
