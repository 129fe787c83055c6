"""The sign of life of a run: how far it is, in the store, once a second; and the ear for a stop."""

from __future__ import annotations

import threading
from typing import Any

from checks.errors import StoreError
from checks.progress import Progress, State
from checks.store import Store


class KeptInStore(Progress):
    """Keeps the newest step of every collector in the run's row, which is also its heartbeat, and hears a stop.

    A thread of its own writes once a second: a collector that waits for a slow server must not look dead.
    """

    _EVERY = 1.0  # seconds

    def __init__(self, store: Store, run_id: str) -> None:
        super().__init__()
        self._store = store
        self._run_id = run_id
        self._steps: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        with self._lock:
            self._steps[source, step] = {
                "source": source,
                "step": step,
                "done": done,
                "total": total,
                "state": state,
            }

    def __enter__(self) -> KeptInStore:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(self._EVERY):
            with self._lock:
                steps = list(self._steps.values())
            try:
                stop = self._store.report_progress(self._run_id, steps)
            except (
                StoreError
            ):  # busy, or away for a moment: the next beat tries again, the run's end will tell
                continue
            if stop:
                self.stop()
