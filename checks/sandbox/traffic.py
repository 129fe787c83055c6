"""Counts what the sandbox sends: how much a run costs the server and the line."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass


@dataclass
class Sent:
    """The answers of one route.

    Attributes:
        requests: how many there were, those without an answer too.
        bytes: of their bodies as they were made, before any compression.
        wire: of their bodies as they went over the line: gzipped for who accepts that.
    """

    requests: int = 0
    bytes: int = 0
    wire: int = 0


class Traffic:
    """What was sent per route, `GET Products`. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, Sent] = {}

    def add(self, route: str, size: int, wire: int) -> None:
        with self._lock:
            sent = self._sent.setdefault(route, Sent())
            sent.requests += 1
            sent.bytes += size
            sent.wire += wire

    def clear(self) -> None:
        with self._lock:
            self._sent.clear()

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Route -> requests, bytes, wire."""
        with self._lock:
            return {route: asdict(sent) for route, sent in sorted(self._sent.items())}
