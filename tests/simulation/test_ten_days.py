"""Simulated days: whatever happens to the shop, the daily run knows what a full run from scratch would find.

Every day the sandbox lives a day by the dice, and now and then something fails on the wire the next morning. The daily
run builds on what it knew; a run that begins with nothing is its judge: the same findings, the same frames, the same
checks that could or could not run.

Two histories of ten days by default; `KEURMEESTER_LONG=50` tries so many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
import stamina
from hypothesis import Phase, given, note
from hypothesis import settings as trying
from hypothesis import strategies as st

from checks.health import RunReport, run_health_check
from checks.sandbox import Sandbox
from checks.settings import Settings, load_settings
from checks.sources.oresto.collect import FRAME_NAMES
from checks.store import Store

_LONG = int(os.environ.get("KEURMEESTER_LONG", "0"))
_HISTORIES, _DAYS = _LONG or 2, 10

#: Columns that may lag behind until the next full run, with the reason.
LAGGING = {
    # a lookup entry that gets another name leaves the LastModified of who points at it alone
    "products": ("brand", "producer"),
    "linked_products": ("brand", "producer"),
    # neither does a link that is made or undone touch the central product
    "central_products": ("brand", "producer", "article_numbers"),
    # a second photo, or another in place of the first, shows in no list but the whole one
    "photos": ("photo_id", "photo_name", "language", "url"),
    # orders that were processed are not read again: names, and units of articles, as they were
    "processed_orders": ("client_name", "order_lines"),
}

#: They judge problems of the error log by what was known of them before: a store that begins today knows nothing.
_BY_HISTORY = ("error-new", "error-regressed", "error-spike")

#: What the store tells of a finding, but for its history.
_OF_A_FINDING = ("check", "severity", "source", "entity", "key", "field", "value", "message", "fix")

#: What fails for one morning, if anything.
FAULTS = st.sampled_from(
    [None] * 8
    + [
        "GET LinkProducts",
        "GET LinkProducts/*",
        "GET Products",
        "GET Products/*",
        "GET CentralProducts",
        "GET CentralProducts/Count",
        "GET CentralProducts/GetEan",
        "GET ProductPhotos",
        "GET Brands",
        "GET *GetWholesalerArticleNumbers",
        "GET *GetByWholesalerArticleNumber",
    ]
)
HISTORIES = st.lists(st.tuples(st.integers(0, 10**6), FAULTS), min_size=_DAYS, max_size=_DAYS)


@dataclass(frozen=True)
class Shop:
    """A shop, and the store that is kept from day to day."""

    sandbox: Sandbox
    settings: Settings
    store: Store

    def run(self, now: datetime, *, full: bool = False) -> RunReport:
        return run_health_check(self.settings, self.store, started_by="test", full=full, now=now)

    def frames(self) -> dict[str, pl.DataFrame]:
        """The newest frames, as sets of rows without what may lag behind."""
        found = {name: self.store.frame("webshop", name) for name in FRAME_NAMES}
        return {name: as_set(name, data) for name, data in found.items() if data is not None}


def as_set(name: str, data: pl.DataFrame) -> pl.DataFrame:
    """In an order of its own, lists of codes too: an API promises none."""
    rows = data.drop(LAGGING.get(name, ())).with_columns(pl.col(pl.List(pl.String)).list.sort())
    rows = rows.unique() if name == "photos" else rows
    return rows.sort(rows.hash_rows(seed=1)) if rows.height else rows


def verdicts(report: RunReport) -> dict[str, tuple[str, int, int | None]]:
    return {
        one.check: (one.status, one.findings, one.entities if one.check != "collection-incomplete" else None)
        for one in report.results
        if one.check not in _BY_HISTORY
    }


def counted(report: RunReport) -> dict[str, int | None]:
    """What the server counts, by frame."""
    return {one.frame: one.expected for one in report.collected}


@pytest.fixture(scope="module", autouse=True)
def _asked_without_waiting() -> Iterator[None]:
    """No waiting between tries. One hiccup of a loaded machine must not count as a list that failed; the faults here
    last the whole morning, and so outlast every try."""
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=100) as running:
        yield running


@pytest.fixture(scope="module")
def begin(sandbox: Sandbox) -> Iterator[Callable[[], Shop]]:
    """A store with nothing in it, on the one sandbox."""
    with ExitStack() as opened:

        def make() -> Shop:
            folder = Path(opened.enter_context(TemporaryDirectory()))
            settings = load_settings(sandbox.write_settings(folder / "keurmeester.toml"))
            # Everybody is asked every day (what an order list gained is otherwise seen when its turn comes), no run
            # is full for its age, and changes fall on several pages.
            source = settings.sources[0].model_copy(
                update={"per_client_requests": 10**6, "full_every_days": 400, "page_size": 40}
            )
            settings = settings.model_copy(update={"sources": [source]})
            store = Store.open(settings.store.url, settings.store.snapshots)
            opened.callback(store.close)
            return Shop(sandbox, settings, store)

        yield make


@trying(max_examples=_HISTORIES, phases=[Phase.explicit, Phase.reuse, Phase.generate], deadline=None)
@given(history=HISTORIES)
def test_the_daily_run_equals_a_run_from_scratch(
    sandbox: Sandbox, begin: Callable[[], Shop], history: list[tuple[int, str | None]]
) -> None:
    sandbox.reset()
    daily = begin()
    assert daily.run(sandbox.now()).status == "complete"
    for dice, fault in history:
        for sentence in sandbox.live_a_day(dice):
            note(sentence)
        morning = sandbox.advance(hours=24)
        if fault is not None:
            note(f"fails: {fault}")
            sandbox.faults.add(fault, "error-500")
        report = daily.run(morning)
        sandbox.faults.clear()
        note(f"{report.status}: {report.message}")
        for one in report.collected:
            if one.message or one.mode == "changes":
                note(f"{one.frame}: {one.mode}, {one.requests} requests, {one.message}")
        assert report.status == "complete" or fault is not None, report.message
        if report.status == "complete":
            agree(daily, report, begin(), morning)
        note("---")


def agree(daily: Shop, report: RunReport, judge: Shop, morning: datetime) -> None:
    whole = judge.run(morning, full=True)
    assert whole.status == "complete", whole.message
    known, true = daily.frames(), judge.frames()
    assert known.keys() == true.keys()
    # an order that was cancelled after it was processed stays known until the next full run
    known["processed_orders"] = known["processed_orders"].join(
        true["processed_orders"], on="order_number", how="semi", maintain_order="left"
    )
    for name, rows in true.items():
        if name != "error_logs":  # the requests of these very runs may be among them
            assert rows.equals(known[name]), difference(name, known[name], rows)
    # a list that fails may leave a frame whole and uncounted
    mine, theirs = counted(report), counted(whole)
    assert {
        frame: theirs[frame] for frame, count in mine.items() if count is not None
    }.items() <= mine.items()
    assert sorted(verdicts(report).items() ^ verdicts(whole).items()) == []
    found = [
        run.findings.filter(~pl.col("check").is_in(_BY_HISTORY)).select(_OF_A_FINDING).sort(pl.all())
        for run in (report, whole)
    ]
    assert found[0].equals(found[1]), difference("findings", *found)


def difference(name: str, known: pl.DataFrame, true: pl.DataFrame) -> str:
    """The rows that only one of the two has, in words."""
    ours, theirs = set(map(str, known.to_dicts())), set(map(str, true.to_dicts()))
    return (
        f"{name}: only the daily run has {sorted(ours - theirs)}, only the full one {sorted(theirs - ours)}"
    )
