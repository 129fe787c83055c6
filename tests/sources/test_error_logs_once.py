"""Every row of the error log is collected once: out of order, twice, in pages that shift, with unknown fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.moments import belgian_day
from checks.sandbox.oresto.replies import Refusal, listed
from checks.settings import load_settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient
from checks.sources.task import Known
from tests.collected import collect

PATH = ("GET", "errorlogs")
A_PAGE = 50


@dataclass
class Log:
    """A server's error log that does what logs do.

    Attributes:
        days: how it answers by day: all rows, at most 50 of them (the newest or the oldest), or not at all.
        comes: how many rows come in on top while each of the next requests is answered.
        twice: a row is shown twice in one answer.
        extras: rows have fields that nobody knows.
    """

    rng: Random
    days: Literal["whole", "newest", "oldest", "none"]
    comes: Iterator[int]
    twice: bool
    extras: bool
    sandbox: Sandbox
    rows: list[dict[str, Any]] = field(default_factory=list)  # newest first
    made: int = 0
    came: dict[int, datetime] = field(
        default_factory=dict
    )  # Id -> when, which a row without a date does not say

    def add(self, at: datetime, dated: bool = True) -> None:
        """A row on top; its moment is up to fifty minutes before it came."""
        self.made += 1
        self.came[self.made] = at
        at -= timedelta(minutes=self.rng.choice((0, 0, 1, 50)))
        row: dict[str, Any] = {"Id": self.made, "Message": f"Order {self.made} failed.", "StatusCode": 400}
        if dated:
            row["DateUtc"] = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if self.extras and self.rng.random() < 0.3:
            row["Server"] = {"Name": f"web{self.made % 3}"}
        self.rows.insert(0, row)

    def answer(self, desk: Any, call: Any) -> Any:
        if call.has("Date"):
            if self.days == "none":
                raise Refusal(400, ["The parameter Page is required."])
            found = [row for row in self.rows if _day(row) == call.text("Date")]
            if self.days != "whole":
                found = found[:A_PAGE] if self.days == "newest" else found[-A_PAGE:]
        else:
            start = (call.integer("Page") - 1) * A_PAGE
            found = self.rows[start : start + A_PAGE]
        if self.twice and found:
            found = [*found, self.rng.choice(found)]
        for _ in range(next(self.comes, 0)):
            self.add(self.sandbox.now())
        return listed("ErrorLogs", found)


def _day(row: dict[str, Any]) -> str | None:
    return belgian_day(datetime.fromisoformat(row["DateUtc"])) if "DateUtc" in row else None


class Past:
    def __init__(self, before: Collected | None) -> None:
        self.before = before

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        if self.before is None or self.before.data is None:
            return None
        return {frames[0]: Known(self.before.data, "before", self.before.read_at, self.before.full_at)}

    def last_read(self, frame: str) -> datetime | None:
        return None if self.before is None else self.before.read_at


@contextmanager
def answering(log: Log) -> Iterator[None]:
    usual = ROUTES[PATH]
    ROUTES[PATH] = log.answer
    try:
        yield
    finally:
        ROUTES[PATH] = usual


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=100, seed=7) as running:
        yield running


@pytest.fixture(scope="module")
def source(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> OrestoSource:
    folder: Path = tmp_path_factory.mktemp("settings")
    return load_settings(sandbox.write_settings(folder / "keurmeester.toml")).sources[0]


#: Hours before the reading and how many rows came then: bursts of a night's job.
bursts = st.lists(st.tuples(st.integers(0, 33 * 24), st.integers(1, 130)), max_size=5)
#: Hours after the last reading, and what came within them.
later = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 130)), min_size=1, max_size=2)


@settings(max_examples=12)
@example(
    before=[(721, 74)], after=[(1, 0)], days="whole", comes=0, twice=False, extras=False, undated=True, seed=0
)
@given(
    before=bursts,
    after=later,
    days=st.sampled_from(("whole", "newest", "oldest", "none")),
    comes=st.sampled_from((0, 0, 1, 50)),
    twice=st.booleans(),
    extras=st.booleans(),
    undated=st.booleans(),
    seed=st.integers(0, 999),
)
def test_every_row_is_there_once(
    sandbox: Sandbox,
    source: OrestoSource,
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    days: Any,
    comes: int,
    twice: bool,
    extras: bool,
    undated: bool,
    seed: int,
) -> None:
    sandbox.reset()
    rng = Random(seed)
    log = Log(rng, days, iter(()), twice, extras, sandbox)
    for hours, count in sorted(before, reverse=True):
        for _ in range(count):
            log.add(sandbox.now() - timedelta(hours=hours), dated=not undated or rng.random() < 0.9)
    known: Collected | None = None
    with answering(log), OrestoClient(source) as client:
        for hours, count in [(0, 0), *after]:
            start = sandbox.now()
            sandbox.advance(hours=hours)
            for _ in range(count):
                log.add(
                    start + timedelta(hours=hours * rng.random()), dated=not undated or rng.random() < 0.9
                )
            there = list(log.rows)
            log.comes = iter([comes] * 40)
            found = collect(
                client, names=("error_logs",), past=Past(known), now=sandbox.now(), progress=Progress()
            )
            known = next(iter(found))
            assert known.data is not None, known.message
            kept = Counter(known.data["log_id"])
            assert set(kept.values()) <= {1}
            oldest = sandbox.now() - timedelta(days=30)
            wanted = [row for row in there if (_at(row) or log.came[row["Id"]]) >= oldest]
            assert [row["Id"] for row in wanted if str(row["Id"]) not in kept] == []
            assert known.since is not None
            assert known.since <= sandbox.now() - timedelta(hours=min(hours, 1))


def _at(row: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(row["DateUtc"]) if "DateUtc" in row else None
