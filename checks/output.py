"""How the command line shows things: tables for people, JSON and files for programs, progress on stderr."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from checks.errors import UsageError
from checks.progress import Progress, State

stdout = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
stderr = Console(stderr=True, highlight=False)

#: Columns that people copy from: broken over lines they would be worth nothing.
_COPIED = ("id", "plan", "run")
_AS_ABOVE = "(as above)"
_STYLES = {
    "error": "red",
    "failed": "red",
    "needs_attention": "red",
    "warning": "yellow",
    "could_not_run": "yellow",
}
#: Signs that would steer the terminal: a name from the shop must not.
_UNSEEN = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))


class Format(StrEnum):
    """What `--format` takes; each command allows some of them."""

    table = "table"
    json = "json"
    ndjson = "ndjson"
    csv = "csv"
    xlsx = "xlsx"
    text = "text"
    html = "html"


def complain(message: str) -> None:
    """One line on stderr."""
    stderr.print(f"keurmeester: {message}", style="yellow", markup=False, soft_wrap=True)


def as_json(document: Any, output: Path | None = None) -> None:
    """One JSON document on stdout, or in `output`."""
    as_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n", output)


def as_ndjson(rows: Iterable[Any]) -> None:
    """One JSON object a line."""
    for row in rows:
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    right: Sequence[str] = (),
    *,
    once: str | None = None,
) -> None:
    """A table for people; the columns named in `right` hold numbers.

    `once`: the column whose text is not told again where it is that of the row above.
    """
    if title:  # not as the Table's own: it would be folded to the table's width
        stdout.print(title, style="italic", markup=False)
    rows = list(rows)
    if not rows:  # a heading over nothing says nothing
        return
    shown = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        shown.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=column in _COPIED,
        )
    for row in rows if once is None else _told_once(columns.index(once), rows):
        shown.add_row(*(_cell(value) for value in row))
    stdout.print(shown)


def _told_once(at: int, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows; of texts in column `at` that follow each other and are the same, only the first."""
    above = None
    for row in rows:
        text = row[at]
        yield [*row[:at], _AS_ABOVE, *row[at + 1 :]] if text and text == above else row
        above = text


def counted(count: int, one: str, several: str | None = None) -> str:
    """`1 finding`, `12,345 findings`."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def size(bytes: float) -> str:
    """`812 B`, `3.4 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if bytes < 1000:
            return f"{bytes:.0f} {unit}" if unit == "B" else f"{bytes:.1f} {unit}"
        bytes /= 1000
    return f"{bytes:,.1f} TB"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value).translate(_UNSEEN).replace("[", "\\[")
    style = _STYLES.get(text)
    return f"[{style}]{text}[/]" if style else text


def as_bytes(data: bytes, output: Path | None = None) -> None:
    """A file's bytes on stdout, or in `output`."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write(data, output)


def write(data: bytes, output: Path) -> None:
    """Writes a file a person named. Raises UsageError where that cannot be done."""
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"--output {output}: cannot be written: {error.strerror}. Name a file in a folder that exists and is yours."
        ) from None


class ShownProgress(Progress):
    """Bars on stderr: one a step, with what is done, of how much, and for how long."""

    def __init__(self) -> None:
        super().__init__()
        self._bars = Bars(
            TextColumn("{task.description:<36}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=stderr,
            transient=True,
            disable=not stderr.is_terminal,
        )
        self._tasks: dict[tuple[str, str], TaskID] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> ShownProgress:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        if state == "waiting":
            return
        with self._lock:
            task = self._tasks.get((source, step))
            if task is None:
                task = self._tasks[source, step] = self._bars.add_task(
                    f"{source}: {step.replace('_', ' ')}", total=total
                )
        self._bars.update(
            task, completed=done, total=total if total is not None or state == "running" else done
        )
        if state in ("done", "failed"):
            self._bars.stop_task(task)
