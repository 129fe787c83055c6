"""What keeps running until it is stopped: its port, its process, and the signals that end it."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checks.errors import UsageError
from checks.output import complain

_STARTING_SECONDS = 120
_STEP_SECONDS = 1


@contextmanager
def ending_on_terminate() -> Iterator[None]:
    """A polite kill ends what this command started, as Ctrl+C does."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A child process that ends with this one's block."""
    child: subprocess.Popen[bytes] = subprocess.Popen(command, **options)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def ended(child: subprocess.Popen[bytes]) -> int:
    """Waits for its end; the exit code.

    In small steps, for Ctrl+C has to be heard: Polars hears it too, in a way that lets one long wait go on.
    """
    while True:
        try:
            return child.wait(_STEP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def wait_for(url: str, process: subprocess.Popen[bytes]) -> bytes:
    """The first answer of a server that is starting."""
    until = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise UsageError(
                f"The server behind {url} ended by itself (code {process.returncode}); see above."
            )
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise UsageError(f"The server behind {url} did not start within {_STARTING_SECONDS} seconds.")


def available(host: str, port: int, what: str) -> int:
    """`port`, or another where it is taken, which is said: `what` is on that one."""
    if is_free(host, port):
        return port
    other = _free_port()
    complain(f"Port {port} is taken; {what} is on {other}.")
    return other


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
