"""Whole lists of the shop, read once and shared: what can only be had whole must not be asked again for every key."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]


class Lists:
    """Lists by name, each grouped by what its rows belong to. Safe to use from several threads."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, dict[str, list[Row]]]] = {}
        self._lock = threading.RLock()

    def of(
        self,
        name: str,
        key: str,
        newer_than: float,
        rows: Callable[[], Iterable[Row]],
        by: Callable[[Row], str],
    ) -> list[Row]:
        """The rows of `name` that belong to `key`; read by `rows` where it was read before `newer_than`, or never.

        `newer_than`: a moment of `time.monotonic`.
        """
        with self._lock:
            read_at, groups = self._read.get(name, (float("-inf"), {}))
            if read_at < newer_than or name not in self._read:
                read_at = time.monotonic()
                found: dict[str, list[Row]] = defaultdict(list)
                for row in rows():
                    found[by(row)].append(row)
                groups = dict(found)
                self._read[name] = (read_at, groups)
            return list(groups.get(key, ()))
