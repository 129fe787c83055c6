"""`demo`, `serve` and `sandbox`: everything that keeps running until it is stopped."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from checks.commands.common import Config, open_store
from checks.commands.daily import show_report
from checks.commands.processes import available, ended, ending_on_terminate, is_free, running, wait_for
from checks.commands.sign_in import secrets_file
from checks.errors import KeurmeesterError, UsageError
from checks.health import run_health_check
from checks.output import ShownProgress, as_json, complain, stderr
from checks.people import whoami
from checks.sandbox.four import SHOP, Four, serve_all
from checks.sandbox.wire_faults import KINDS
from checks.settings import FILE_NAME, load_settings

_DEMO_FOLDER = "keurmeester-demo"
_DEMO_MARK = "# Written by `keurmeester demo`; the next demo writes it anew.\n"
_SPAWN = multiprocessing.get_context("spawn")

Size = Annotated[int, typer.Option("--size", min=100, help="Own products; five times as many central ones.")]
Seed = Annotated[int, typer.Option("--seed", help="The same number makes the same assortment.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
_FAULT_HELP = (
    'Repeatable, "ROUTE|KIND|RATE", e.g. "GET Products|error-500|0.05", "GET Clients/GetClientOrders|hang", '
    '"ib:GET companies/*/articles|reset" (of another system than the shop: kruitbosch, ib, easyflor), '
    '"POST *|reset-after|0.1", "*|429|0.02". Kinds: ' + ", ".join(KINDS) + "."
)
Products = Annotated[
    Path | None,
    typer.Option("--products", exists=True, dir_okay=False, help="Parquet file of central products."),
]


def demo(
    port: Annotated[int, typer.Option("--port", help="The dashboard's port.")] = 8501,
    size: Size = 5_000,
    seed: Seed = 2026,
    products: Products = None,
    no_browser: NoBrowser = False,
    once: Annotated[bool, typer.Option("--once", help="Health check only, then stop.")] = False,
) -> None:
    """Start stand-ins of all four systems with faults in their data, check them, open the dashboard."""
    folder = Path(_DEMO_FOLDER)
    _clear(folder)
    stderr.print(f"Starting the sandbox: {size:,} own products, two suppliers, an ERP ...")
    with (
        ending_on_terminate(),
        _sandbox_process({"size": size, "seed": seed, "products": products}) as (toml, truth),
    ):
        (folder / "planted.json").write_bytes(msgspec.json.encode(truth, order="sorted"))
        if not once:
            # now, for the settings tell where links lead
            port = available("127.0.0.1", port, "the dashboard")
        config = _write_config(folder, f'{toml}\n[dashboard]\nurl = "http://127.0.0.1:{port}"\n')
        settings = load_settings(config)
        store = open_store(settings)
        with ShownProgress() as progress:
            report = run_health_check(settings, store, started_by=whoami(), progress=progress)
        store.close()
        show_report(report)
        stderr.print(f"Settings: {config}. Planted faults: {folder / 'planted.json'}.", markup=False)
        if report.status != "complete":
            complain(f"{report.status}: {report.message}")
            raise typer.Exit(3)
        if not once:
            raise typer.Exit(serve_dashboard(config, "127.0.0.1", port, browser=not no_browser))


def serve(
    config: Config = None,
    port: Annotated[int, typer.Option("--port", help="The dashboard's port.")] = 8501,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    no_browser: NoBrowser = False,
) -> None:
    """The dashboard on an existing configuration; on 127.0.0.1 unless told otherwise."""
    settings = load_settings(config)
    secrets = secrets_file(settings)
    if secrets is not None and not is_free(host, port):
        raise UsageError(
            f"Port {port} is taken, and people sign in at one address only: free it, or name another."
        )
    open_store(settings).close()  # a store that cannot be opened is told here, not on a page
    assert settings.file is not None
    raise typer.Exit(serve_dashboard(settings.file, host, port, browser=not no_browser, secrets=secrets))


def sandbox(
    port: Annotated[
        int, typer.Option("--port", help="The shop's; the others take the next three. 0: free ones.")
    ] = 8600,
    size: Size = 5_000,
    seed: Seed = 2026,
    products: Products = None,
    page_cap: Annotated[int | None, typer.Option("--page-cap", help="Never more rows a page.")] = None,
    rename_lists: Annotated[bool, typer.Option("--rename-lists", help="Lists under another name.")] = False,
    first_page: Annotated[int, typer.Option("--first-page", min=0, max=1)] = 1,
    errors_as_200: Annotated[bool, typer.Option("--errors-as-200", help="Refusals as HTTP 200.")] = False,
    no_photo_urls: Annotated[
        bool, typer.Option("--no-photo-urls", help="Photos cannot be read back.")
    ] = False,
    empty: Annotated[
        bool,
        typer.Option(
            "--empty", help="A new wholesaler's shop, alone: central products and nothing of its own."
        ),
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help=_FAULT_HELP),
    ] = None,
    planted: Annotated[
        bool, typer.Option("--planted", help="Print the planted faults as JSON and stop.")
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Write the settings here, readable by you only, instead of printing."),
    ] = None,
) -> None:
    """Only the stand-in APIs of all four systems; prints a ready keurmeester.toml."""
    if config is not None and config.exists():
        raise UsageError(f"--config {config}: it is there already. Move it away, or name another.")
    options: dict[str, Any] = {
        "size": size,
        "seed": seed,
        "products": products,
        "page_cap": page_cap,
        "rename_lists": rename_lists,
        "first_page": first_page,
        "errors_as_200": errors_as_200,
        "photo_urls": not no_photo_urls,
        "empty": empty,
    }
    if planted:
        as_json(Four(**options).planted())
        return
    faults = [_fault(text) for text in fault or ()]

    def ready(four: Four) -> None:
        for name, one in faults:
            _add_fault(four, name, one)
        if config is None:
            sys.stdout.write(four.settings_toml())
            sys.stdout.flush()
        else:
            try:
                four.write_settings(config)
            except OSError as error:
                raise UsageError(f"--config {config}: cannot be written: {error.strerror}.") from None
            stderr.print(f"Settings: {config}, with the password: only you can read it.", markup=False)
        listening = ", ".join(f"{name} on {one.base_url}" for name, one in four.all.items())
        stderr.print(f"The sandbox listens: {listening} (stop with Ctrl+C).")

    serve_all(ready, port=port, **options)


def serve_dashboard(config: Path, host: str, port: int, *, browser: bool, secrets: Path | None = None) -> int:
    """Runs the dashboard until it is stopped; returns its exit code. `secrets`: what signing in needs, in a team."""
    port = available(host, port, "the dashboard")
    script = Path(__file__).resolve().parent.parent.parent / "dashboard" / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", host, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += ["--server.fileWatcherType", "none"]
    command += ["--secrets.files", str(secrets)] if secrets is not None else []
    environment = {**os.environ, "KEURMEESTER_CONFIG": str(config.resolve())}
    with ending_on_terminate(), running(command, env=environment, stdout=subprocess.DEVNULL) as server:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        wait_for(f"http://{shown}:{port}/_stcore/health", server)
        stderr.print(f"[bold]The dashboard is ready: http://{shown}:{port}[/]   (stop with Ctrl+C)")
        if browser:
            webbrowser.open(f"http://{shown}:{port}")
        try:
            return ended(server)
        except KeyboardInterrupt:
            complain("Stopped.")
            return 0


def _serve_for_demo(options: dict[str, Any], ready: Connection) -> None:
    """The demo's sandbox, in a process of its own: it must not share the collectors' interpreter.

    Ctrl+C is the demo's to hear, which ends this process too; where the demo was killed, it ends by itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()  # out of the terminal's group: its Ctrl+C does not come here at all
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()

    def tell(four: Four) -> None:
        folder = _DEMO_FOLDER
        toml = four.settings_toml(store=f"sqlite:///{folder}/keurmeester.db", snapshots=f"{folder}/snapshots")
        ready.send((toml, four.planted()))

    try:
        serve_all(tell, **options)
    except KeurmeesterError as error:
        ready.send(str(error))


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


@contextmanager
def _sandbox_process(options: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A sandbox beside this process; gives its settings and what was planted in it."""
    ours, theirs = _SPAWN.Pipe(duplex=False)
    child = _SPAWN.Process(target=_serve_for_demo, args=(options, theirs), name="sandbox", daemon=True)
    child.start()
    theirs.close()
    try:
        try:
            told = ours.recv()
        except EOFError:
            raise UsageError("The sandbox ended before it was ready; the lines above say why.") from None
        if isinstance(told, str):
            raise UsageError(told)
        yield told
    finally:
        child.terminate()
        child.join()


def _clear(folder: Path) -> None:
    """A fresh folder for the demo; one that the demo did not make is left alone."""
    mark = folder / ".made-by-demo"
    if folder.exists():
        if not mark.exists():
            raise UsageError(
                f"{folder} exists and was not made by the demo. Move it away, or start elsewhere."
            )
        shutil.rmtree(folder)
    folder.mkdir()
    mark.touch()


def _write_config(folder: Path, toml: str) -> Path:
    """`./keurmeester.toml` where there is none of a person's, so that the other commands find it; else in the folder."""
    here = Path(FILE_NAME)
    ours = not here.exists() or here.read_text(encoding="utf-8").startswith(_DEMO_MARK)
    chosen = here if ours else folder / FILE_NAME
    if not ours:
        toml = toml.replace(f"{_DEMO_FOLDER}/", "")
        complain(f"{here} is yours and stays; for the demo add --config {chosen} to the other commands.")
    chosen.touch(mode=0o600)
    chosen.write_text(_DEMO_MARK + toml, encoding="utf-8")
    return chosen


def _fault(text: str) -> tuple[str, dict[str, Any]]:
    """`ib:GET companies/*/articles|reset|0.5` -> whose it is, and the fault. Without a name it is the shop's."""
    named, _, rest = text.partition(":")
    name, parts = (named.strip(), rest.split("|")) if rest and "|" not in named else (SHOP, text.split("|"))
    try:
        route, kind = parts[0], parts[1]
        rate = float(parts[2]) if len(parts) > 2 else None
    except (IndexError, ValueError):
        raise UsageError(f'--fault {text!r}: expected "ROUTE|KIND|RATE", e.g. "*|429|0.02".') from None
    if kind.strip() not in KINDS:
        raise UsageError(f"--fault {text!r}: no such kind {kind.strip()!r}. Kinds: {', '.join(KINDS)}.")
    return name, {"route": route.strip(), "kind": kind.strip(), "rate": rate}


def _add_fault(four: Four, name: str, fault: dict[str, Any]) -> None:
    stand_in = {known.lower(): one for known, one in four.all.items()}.get(name.lower())
    if stand_in is None:
        raise UsageError(f"--fault: there is no {name!r}. There are: {', '.join(four.all)}.")
    try:
        stand_in.faults.add(**fault)
    except ValueError as error:
        raise UsageError(f"--fault {fault['route']!r}: {error}.") from None
