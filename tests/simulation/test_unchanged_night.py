"""What a night costs in which nothing changed: as many requests for a large shop as for a small one.

`KEURMEESTER_LONG=1 pytest -s tests/simulation/test_unchanged_night.py` measures 1,000, 10,000 and 100,000 own products
(with two linked and five central ones to each) and prints a table.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest

from checks.health import RunReport, run_health_check
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.store import Store

_LONG = bool(int(os.environ.get("KEURMEESTER_LONG", "0")))
SIZES = (1_000, 10_000, 100_000) if _LONG else (150, 600)

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]
MakeStore = Callable[[Settings], Store]

#: What is asked client by client: a part of them a night, see `per_client_requests`.
PER_CLIENT = {"order_lists", "delivery_dates"}


@pytest.fixture
def night(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore
) -> Callable[[int], tuple[RunReport, RunReport]]:
    def measure(size: int) -> tuple[RunReport, RunReport]:
        """A first run that reads everything, and one a day later that finds the shop as it was."""
        sandbox = make_sandbox(size=size)
        settings = make_settings(sandbox)
        store = make_store(settings)
        reports = []
        for day in range(2):
            started, now = perf_counter(), sandbox.now() + timedelta(days=day)
            reports.append(run_health_check(settings, store, started_by="test", now=now))
            if _LONG:
                table(size, day, reports[-1], perf_counter() - started)
        return reports[0], reports[1]

    return measure


def table(size: int, day: int, report: RunReport, seconds: float) -> None:
    rows = [(one.frame, one.mode, one.requests, one.bytes) for one in report.collected]
    total = sum(row[2] for row in rows), sum(row[3] for row in rows)
    night = "unchanged" if day else "first"
    lines = [
        f"{size:,} own products, {night} night: {total[0]:,} requests, {total[1]:,} bytes, {seconds:.1f} s"
    ]
    for frame, mode, requests, received in sorted(rows, key=lambda row: -row[3]) if day else ():
        lines.append(f"  {frame:26} {mode:8} {requests:4} requests {received:12,} bytes")
    sys.stdout.write("\n".join(["", *lines, ""]))


def test_it_takes_as_many_requests_for_a_large_shop(
    night: Callable[[int], tuple[RunReport, RunReport]],
) -> None:
    for size in SIZES:
        _, unchanged = night(size)
        assert unchanged.status == "complete"
        costs = {one.frame: one.requests for one in unchanged.collected}
        # what was modified in the hour before the newest moment known is read again: a page, or two
        assert max(costs[frame] for frame in costs if frame not in PER_CLIENT) <= 8, costs
        assert sum(costs.values()) <= 100, costs
