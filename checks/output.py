"""How the command line shows things: tables for people, JSON, CSV and XLSX for programs, progress on stderr."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from checks.errors import UsageError
from checks.findings import SEVERITIES
from checks.progress import Progress, State

stdout = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
stderr = Console(stderr=True, highlight=False)

_STYLES = {
    "error": "red",
    "failed": "red",
    "needs_attention": "red",
    "warning": "yellow",
    "could_not_run": "yellow",
}
_FORMULA = r"^[=+\-@\t\r]"  # what a spreadsheet would take for a formula


class Format(StrEnum):
    """What `--format` takes; each command allows some of them."""

    table = "table"
    json = "json"
    ndjson = "ndjson"
    csv = "csv"
    xlsx = "xlsx"


def complain(message: str) -> None:
    """One line on stderr."""
    stderr.print(f"keurmeester: {message}", style="yellow", markup=False, soft_wrap=True)


def as_json(document: Any, output: Path | None = None) -> None:
    """One JSON document on stdout, or in `output`."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def as_ndjson(rows: Iterable[Any]) -> None:
    """One JSON object a line."""
    for row in rows:
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()
) -> None:
    """A table for people; the columns named in `right` hold numbers."""
    if title:  # not as the Table's own: it would be folded to the table's width
        stdout.print(title, style="italic", markup=False)
    shown = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(value) for value in row))
    stdout.print(shown)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value).replace("[", "\\[")
    style = _STYLES.get(text)
    return f"[{style}]{text}[/]" if style else text


def as_file(frame: pl.DataFrame, wanted: Format, output: Path | None) -> None:
    """A frame as CSV (stdout or `output`) or XLSX (needs `output`). Cells that would be formulas are kept as text."""
    safe = frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String
    )
    if wanted is Format.xlsx:
        if output is None:
            raise UsageError("xlsx is a file: name it with --output findings.xlsx.")
        # Excel knows no zones: moments are written as text, in UTC
        flat = safe.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%SZ"))
        flat.write_excel(output, worksheet="Findings", autofilter=True, freeze_panes=(1, 0))
    elif output is None:
        sys.stdout.write(safe.write_csv())
    else:
        safe.write_csv(output)


def worst_first(kept: pl.DataFrame) -> pl.DataFrame:
    """Findings by severity, then check and key."""
    order = pl.Enum(SEVERITIES)
    return kept.sort(pl.col("severity").cast(order), "check", "key", "field")


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
