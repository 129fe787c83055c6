"""A stand-in of IB, settings for it, and runs one after the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox.ib import IbSandbox
from checks.settings_sources import IbSource
from checks.sources.collecting import collect_frames
from checks.sources.ib.system import SYSTEM
from checks.sources.task import Doubt, Known

FRAMES = ("catalogue", "catalogue_waiting")


def source(sandbox: IbSandbox, **more: Any) -> IbSource:
    usual = {
        "system": "ib",
        "name": "ib",
        "base_url": sandbox.base_url,
        "login": sandbox.login,
        "password": sandbox.password,
        "companies": sandbox.companies,
        "timeout_seconds": 5,
    }
    return IbSource(**{**usual, **more})


class Past:
    """What one run left, as a store would remember it."""

    def __init__(self, run: dict[str, Collected]) -> None:
        self.known = {
            name: Known(one.data, "before", one.read_at, one.full_at, one.drift)
            for name, one in run.items()
            if one.data is not None
        }

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | Doubt | None:
        return {name: self.known[name] for name in frames} if set(frames) <= set(self.known) else None

    def last_read(self, frame: str) -> datetime | None:
        return self.known[frame].read_at if frame in self.known else None


def collect(
    sandbox: IbSandbox, past: Past | None = None, *, names: tuple[str, ...] = FRAMES, **settings: Any
) -> dict[str, Collected]:
    with SYSTEM.connect(source(sandbox, **settings), None) as client:
        found = collect_frames(SYSTEM, client, names=names, past=past, now=sandbox.now(), progress=Progress())
        return {one.frame: one for one in found}


def good(one: Collected) -> pl.DataFrame:
    """Its data; it must have come well."""
    assert one.status == "ok", one.message
    assert one.data is not None
    return one.data


def same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.sort("article_key").equals(other.sort("article_key"))


def row(data: pl.DataFrame, key: str) -> dict[str, Any]:
    return data.row(by_predicate=pl.col("article_key") == key, named=True)


NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
