"""Runs the sandbox: in a thread for tests and the demo (`Sandbox`), or blocking in a process of its own (`serve`)."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import uvicorn

from checks.errors import UsageError
from checks.sandbox.app import LogEntry, SandboxApp
from checks.sandbox.clock import Clock
from checks.sandbox.oresto import error_stream
from checks.sandbox.oresto.api import OrestoApi
from checks.sandbox.oresto.build import make_shop
from checks.sandbox.oresto.desk import ROUTE_NAMES, Variant
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import WireFaults

LOGIN = "demo"
PASSWORD = "sandbox"
DEFAULT_SIZE = 500
DEFAULT_SEED = 7


class Sandbox:
    """The Oresto API over real HTTP on loopback, with a shop of its own.

    Args:
        size: number of own products, at least 100; linked are twice as many, central five times.
        seed: the same size, seed and hour give the same shop.
        products: Parquet file of real products, which become the central database.
        port: 0 takes a free one.
        page_cap, rename_lists, first_page, photo_urls, errors_as_200, miscount, drift: see
            `checks.sandbox.oresto.desk.Variant`.
        now: the hour that orders, promos and changes are relative to; this hour, by the clock, when None.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.

    Use it as a context manager, or `start()` and `stop()`. Raises UsageError when the shop cannot be made or the port
    is taken.
    """

    def __init__(
        self,
        size: int = DEFAULT_SIZE,
        seed: int = DEFAULT_SEED,
        products: Path | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        page_cap: int | None = None,
        rename_lists: bool = False,
        first_page: int = 1,
        photo_urls: bool | Literal["relative"] = True,
        errors_as_200: bool = False,
        miscount: int = 0,
        drift: bool = False,
        now: datetime | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.login = LOGIN
        self.password = PASSWORD
        self.log: list[LogEntry] = []
        self.faults = WireFaults(seed, ROUTE_NAMES)
        self.variant = Variant(page_cap, rename_lists, first_page, photo_urls, errors_as_200, miscount, drift)
        self._clock = Clock(clock)
        self._traffic = Traffic()
        self._make_shop = partial(make_shop, size, seed, products, now, self._clock)
        self.shop = self._make_shop()
        self._app = SandboxApp(self._new_api(), self.faults, self.log, self._traffic)
        self._host = host
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self._port}/api"

    @property
    def control_url(self) -> str:
        """Where the test's controls are, see `checks.sandbox.control`."""
        return f"http://{self._host}:{self._port}/sandbox"

    def __enter__(self) -> Sandbox:
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
        """Everything as it was at the start: the shop, the clock, no faults on the wire, an empty log, no traffic.

        Cheaper than another server.
        """
        self._clock.reset()
        self.shop = self._make_shop()
        self.faults.clear()
        self.log.clear()
        self._traffic.clear()
        self._app.use(self._new_api())

    def _new_api(self) -> OrestoApi:
        return OrestoApi(self.shop, self.variant, self.login, self.password)

    def run(self, on_ready: Callable[[Sandbox], None] | None = None) -> None:
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
        """What was planted when the assortment was made, as far as it is true by now: check id -> {(key, field or None)}.

        Waiting orders grow old and promos run out by themselves; nothing else that happens since is followed.
        """
        return self._app.control.truth()

    def now(self) -> datetime:
        """The time the sandbox thinks it is, in UTC."""
        return self._clock.now()

    def advance(self, **step: float) -> datetime:
        """Sets the clock forward: `advance(days=1)`, or back: `advance(hours=-2)`. Gives the time it is then."""
        self._clock.advance(timedelta(**step))
        return self.now()

    def live_a_day(
        self, seed: int, events: Collection[str] | None = None, without: Collection[str] = ()
    ) -> list[str]:
        """Changes the shop the way a day does, while it is being served; says in words what happened.

        Args:
            seed: the same shop and seed give the same day.
            events: names out of `checks.sandbox.oresto.simulation.EVENTS` instead of a whole day by the dice.
            without: names that are left out; `simulation.LOOKUP_EVENTS` are those of the lookup tables.

        The clock stays where it is, and `truth` is that of the beginning.
        """
        return self._app.control.live_a_day(seed, events, without)

    def traffic(self) -> dict[str, dict[str, int]]:
        """Per route what was sent since the start: requests, bytes, wire. See `checks.sandbox.traffic`."""
        return self._traffic.as_dict()

    def dump(self, ids: bool = False) -> dict[str, Any]:
        """The state as JSON-able data; without `ids` equal before and after a product was deleted and put back."""
        return self._app.control.dump(ids)

    def change(self, article_number: str, fields: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Sets fields of a product behind the program's back: `change("A100", SalesPriceList=3.2)`."""
        self._app.control.change(article_number, {**(fields or {}), **more})

    def remove(self, article_number: str) -> bool:
        """Deletes a product behind the program's back."""
        return self._app.control.remove(article_number)

    def make_central(self, article_number: str) -> str:
        """An own product's article is central from now on; gives its EAN. `truth` stays as it was."""
        return self._app.control.make_central(article_number)

    def delete_central(self, ean: str) -> None:
        """A central product is deleted from now on."""
        self._app.control.delete_central(ean)

    def fail(
        self,
        method: str,
        url: str,
        status: int | None,
        message: str,
        *,
        body: str | None = None,
        model: Sequence[tuple[str, str]] = (),
        times: int = 1,
    ) -> list[int]:
        """Requests of the wholesaler's system that fail at this moment: rows on top of the error log; gives their ids.

        `fail("PUT", "/api/Products", 400, "No.", model=[("product.BrandId", "No.")])`
        """
        return self._app.control.fail(method, url, status, message, body=body, model=model, times=times)

    def plant_errors(
        self, templates: Path, count: int, seed: int, days: float = 14
    ) -> dict[int, error_stream.Problem]:
        """Adds a stream of failing requests of the last `days`; gives the problem planted in each, by the row's id.

        See `checks.sandbox.oresto.error_stream`.
        """
        return self._app.control.plant_errors(templates, count, seed, days)

    def settings_toml(
        self, store: str = "sqlite:///keurmeester.db", snapshots: str = "snapshots", name: str = "webshop"
    ) -> str:
        """A ready keurmeester.toml. It holds the password: let others not read the file (`write_settings` sees to it)."""
        text = {
            "store": store,
            "snapshots": snapshots,
            "name": name,
            "url": self.base_url,
            "login": self.login,
            "password": self.password,
        }
        quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in text.items()}
        lines = [
            "[store]",
            f"url = {quoted['store']}",
            f"snapshots = {quoted['snapshots']}",
            "",
            "[[sources]]",
            f"name = {quoted['name']}",
            'system = "oresto"',
            f"base_url = {quoted['url']}",
            f"login = {quoted['login']}",
            f"password = {quoted['password']}",
            f"first_page = {self.variant.first_page}",
        ]
        return "\n".join(lines) + "\n"

    def write_settings(self, file: Path, **options: str) -> Path:
        """Writes `settings_toml(**options)` so that only its owner can read it; gives the file."""
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(self.settings_toml(**options), encoding="utf-8")
        return file


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


def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    on_ready: Callable[[Sandbox], None] | None = None,
    **options: Any,
) -> None:
    """Makes a shop and serves it until Ctrl-C, printing nothing. `options` are those of `Sandbox`.

    `on_ready` gets the `Sandbox` when it listens: print its `settings_toml()` there.
    """
    Sandbox(port=port, host=host, **options).run(on_ready)
