"""Signs of life: something says every few seconds that it is alive, while the work itself waits for a slow server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from checks.errors import StoreError
from checks.progress import Progress, State
from checks.store import Store


class Heartbeat:
    """Calls `beat` every few seconds, in a thread of its own, for as long as its block lasts."""

    def __init__(self, beat: Callable[[], object], seconds: float, name: str) -> None:
        self._beat = beat
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat-{name[:12]}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._beat()
            except StoreError:
                continue  # busy, or away for a moment: the next beat tries again, the work's own writes will tell


class KeptInStore(Progress):
    """Keeps the newest step of every collector in the run's row, which is also its heartbeat, and hears a stop."""

    _EVERY = 1.0  # seconds

    def __init__(self, store: Store, run_id: str) -> None:
        super().__init__()
        self._store = store
        self._run_id = run_id
        self._steps: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._heartbeat = Heartbeat(self._beat, self._EVERY, run_id)

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
        self._heartbeat.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._heartbeat.__exit__()

    def _beat(self) -> None:
        with self._lock:
            steps = list(self._steps.values())
        if self._store.report_progress(self._run_id, steps):
            self.stop()
