"""A real headless Chromium in front of a real dashboard and a real (sandbox) shop."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.settings import Settings, load_settings
from checks.store import Store

ROOT = Path(__file__).resolve().parent.parent.parent
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@dataclass
class Shop:
    """A dashboard on an empty store, in front of a sandbox."""

    sandbox: Sandbox
    url: str
    store: Store
    settings: Settings

    def check(self, now: datetime | None = None) -> None:
        """A health check of the night, not started from the dashboard; at another moment than this where `now` says so."""
        run_health_check(self.settings, self.store, started_by="cron", now=now)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the journeys")
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture
def shop(
    make_sandbox: Callable[..., Sandbox], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Shop]:
    """As many own products as `@pytest.mark.parametrize("shop", [150], indirect=True)` says, else 400."""
    sandbox = make_sandbox(size=getattr(request, "param", 400))
    config = sandbox.write_settings(tmp_path / "keurmeester.toml")
    with dashboard(config) as url:
        settings = load_settings(config)
        with Store.open(settings.store.url, settings.store.snapshots) as store:
            yield Shop(sandbox, url, store, settings)


@contextmanager
def dashboard(config: Path) -> Iterator[str]:
    """A dashboard of these settings, in a process of its own; gives its address."""
    folder = config.parent
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "dashboard.log").open("wb")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "checks",
            "serve",
            "--config",
            str(config),
            "--port",
            str(port),
            "--no-browser",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(f"{url}/_stcore/health", server, folder / "dashboard.log")
        yield url
        assert server.poll() is None, f"the dashboard ended by itself with {server.poll()}"
    finally:
        _end(server, f"{url}/_stcore/health")
        log.close()
        # pytest shows it where the test failed
        sys.stdout.write((folder / "dashboard.log").read_text(errors="replace")[-12_000:])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def _end(server: subprocess.Popen[bytes], url: str) -> None:
    """Ends a dashboard; one that answers no more writes first where each of its threads is."""
    try:
        with urllib.request.urlopen(url, timeout=20):
            server.terminate()
    except OSError:
        if server.poll() is None and os.name != "nt":
            os.killpg(server.pid, signal.SIGABRT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(20)


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the dashboard did not start: {log.read_text()}")
