"""How many requests, how long and how much memory does a supplier's catalogue take? IB's stand-in over real HTTP.

The collecting runs in a process of its own, so that its memory is not that of the server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from checks.bench.measuring import peak_mb, seconds
from checks.frames import FRAMES, Collected
from checks.output import table
from checks.sandbox.ib import IbSandbox
from checks.sandbox.ours import Ours
from checks.settings_sources import IbSource
from checks.sources.collecting import collect_frames
from checks.sources.ib.system import SYSTEM
from checks.sources.task import Known

_FRAMES = ("catalogue", "catalogue_waiting")
_COMPANIES = 5


@dataclass
class _Before:
    """The snapshots of one run, for the next to build upon."""

    known: dict[str, Known]

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        return {name: self.known[name] for name in frames}

    def last_read(self, frame: str) -> datetime | None:
        return self.known[frame].read_at


def _collect(source: IbSource, now: datetime, past: _Before | None = None) -> dict[str, Collected]:
    with SYSTEM.connect(source, None) as client:
        return {one.frame: one for one in collect_frames(SYSTEM, client, names=_FRAMES, past=past, now=now)}


def _in_this_process(asked: dict[str, Any]) -> dict[str, Any]:
    """One run as `asked`: `source`, `now`, `folder` of the snapshots, and whether it builds upon those there."""
    source, now, folder = (
        IbSource(**asked["source"]),
        datetime.fromisoformat(asked["now"]),
        Path(asked["folder"]),
    )
    past = None
    if asked["incremental"]:
        at = datetime.fromisoformat(asked["read_at"])
        past = _Before(
            {name: Known(pl.read_parquet(folder / f"{name}.parquet"), "before", at) for name in _FRAMES}
        )
    for name in _FRAMES:
        FRAMES[name].model.validate(FRAMES[name].empty())  # what it brings along is not the collecting's
    at_rest = peak_mb()
    found: dict[str, Collected] = {}
    took = seconds(lambda: found.update(_collect(source, now, past)))
    peak = peak_mb()
    for name, one in found.items():
        if one.data is None:
            raise RuntimeError(f"{name}: {one.message}")
        one.data.write_parquet(folder / f"{name}.parquet")
    rows = found["catalogue"]
    return {
        "rows": rows.rows,
        "expected": rows.expected,
        "modes": [one.mode for one in found.values()],
        "requests": {name: one.requests for name, one in found.items()},
        "seconds": took,
        "frame_mb": sum(one.data.estimated_size("mb") for one in found.values() if one.data is not None),
        "rest_mb": at_rest,
        "peak_mb": peak,
    }


def _run(source: IbSource, now: datetime, folder: str, read_at: datetime | None = None) -> dict[str, Any]:
    asked = {
        "source": {**source.model_dump(mode="json"), "password": source.secret()},
        "now": now.isoformat(),
        "folder": folder,
        "incremental": read_at is not None,
        "read_at": read_at.isoformat() if read_at is not None else None,
    }
    code = (
        "import json, sys; from checks.bench.catalogue import _in_this_process as run; "
        "print(json.dumps(run(json.load(sys.stdin))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the run ended with an error: {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _source(sandbox: IbSandbox, page_size: int = 100) -> IbSource:
    return IbSource.model_validate(
        {
            "system": "ib",
            "name": "ib",
            "base_url": sandbox.base_url,
            "login": sandbox.login,
            "password": sandbox.password,
            "companies": sandbox.companies,
            "page_size": page_size,
        }
    )


def bench(articles: int = 100_000, changes: int = 50, few: int = 10_000) -> dict[str, dict[str, Any]]:
    """Four runs: whole, then after `changes` changes; and `few` articles by 100 and by 10 a page.

    Returns for each: `rows`, `expected`, `modes`, `requests` by frame, `seconds`, `frame_mb`: both frames in memory;
    `rest_mb`, `peak_mb`: the most the process held before and after (None on Windows).
    """
    found: dict[str, dict[str, Any]] = {}
    with IbSandbox(Ours((), ()), size=articles, companies=_COMPANIES) as sandbox, _folder() as folder:
        at = sandbox.now()
        found["whole"] = _run(_source(sandbox), at, folder)
        sandbox.advance(hours=3)
        for company in sandbox.companies:
            for key in sandbox.keys(company)[: max(1, changes // _COMPANIES)]:
                sandbox.change(key, text="Changed.")
        found["after changes"] = _run(_source(sandbox), sandbox.now(), folder, read_at=at)
    with IbSandbox(Ours((), ()), size=few, companies=_COMPANIES) as sandbox, _folder() as folder:
        for size in (100, 10):
            found[f"{size} a page"] = _run(_source(sandbox, size), sandbox.now(), folder)
    return found


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="keurmeester-")


def main(articles: int = 100_000, changes: int = 50, few: int = 10_000) -> None:
    """Prints the measurement as a small table."""
    rows = []
    for name, one in bench(articles, changes, few).items():
        beside = "-"
        if one["peak_mb"] is not None and one["rest_mb"] is not None:
            beside = f"{one['peak_mb'] - one['rest_mb'] - one['frame_mb']:,.0f} MB"
        requests = " + ".join(f"{number:,}" for number in one["requests"].values())
        rows.append(
            (
                name,
                f"{one['rows']:,}",
                requests,
                f"{one['seconds']:.1f} s",
                f"{one['frame_mb']:,.0f} MB",
                beside,
            )
        )
    title = f"{articles:,} articles in {_COMPANIES} companies, {changes} changes; then {few:,} articles"
    columns = ("run", "articles", "requests", "time", "frames", "memory beside")
    table(title, columns, rows, right=columns[1:])
