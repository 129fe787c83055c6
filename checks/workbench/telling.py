"""How a notebook shows that something is under way: lines that are written over, one a step."""

from __future__ import annotations

import sys
import threading
import time
from html import escape
from importlib import import_module
from types import TracebackType
from typing import Any

from checks.progress import Progress, State

_EVERY = 0.25  # seconds between two writings
_MOST = 8  # lines


class NotebookProgress(Progress):
    """A context manager: what runs inside shows its steps below the cell. Outside of Jupyter it is silent."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: dict[tuple[str, str], tuple[int, int | None, State]] = {}
        self._lock = threading.Lock()
        self._handle: Any = None
        self._written = 0.0

    def __enter__(self) -> NotebookProgress:
        if in_jupyter():
            self._handle = _ipython().display(_html(""), display_id=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is None:
            return
        with self._lock:
            if kind is None:
                self._steps.clear()  # what came of it is shown by what the cell gives
            self._write()

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        if self._handle is None:
            return
        with self._lock:
            self._steps[source, step] = (done, total, state)
            if time.monotonic() - self._written >= _EVERY:
                self._write()

    def stopped(self) -> None:
        """Says that a stop was heard."""
        self.step("", "Stopping after what is under way; interrupt again to stop at once", 0, None)

    def _write(self) -> None:
        self._written = time.monotonic()
        running = {name: one for name, one in self._steps.items() if one[2] in ("running", "failed")}
        lines = [_line(source, step, *about) for (source, step), about in list(running.items())[-_MOST:]]
        finished = sum(state == "done" for _, _, state in self._steps.values())
        if finished:
            lines.append(f"{finished} finished")
        self._handle.update(_html("<br>".join(lines)))


def in_jupyter() -> bool:
    """Is this a kernel that can show rich output?"""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _ipython() -> Any:
    """IPython has no types, and is there only where Jupyter is."""
    return import_module("IPython.display")


def _html(text: str) -> Any:
    return _ipython().HTML(text)


def _line(source: str, step: str, done: int, total: int | None, state: State) -> str:
    what = escape(f"{source}: {step}" if source else step).replace("_", " ")
    count = f"{done:,} of {total:,}" if total else (f"{done:,}" if done else "")
    bar = (
        f'<progress value="{done}" max="{total}" style="vertical-align:middle"></progress> ' if total else ""
    )
    return f"{what} {bar}{count}{' &mdash; failed' if state == 'failed' else ''}"
