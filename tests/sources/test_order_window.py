"""Processed orders: a window of days, without a date filter on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.rows import Line, Order
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient
from checks.sources.task import Known
from tests.collected import collect

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
FRAMES_READ = ("orders", "processed_orders")


def order(number: int, days: float, processed: bool = True) -> Order:
    """An order of `days` ago."""
    ordered = NOW - timedelta(days=days)
    line = Line("A1", 2.0, 5.0, 10.0, None)
    done = ordered + timedelta(hours=1) if processed else None
    return Order(number, "C10001", ordered, False, "2026-11-30T00:00:00", (line,), done)


class Past:
    """What the run before left."""

    def __init__(self, frames: Mapping[str, Collected], now: datetime) -> None:
        self.known = {name: Known(one.data, "before", now, now) for name, one in frames.items()}

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        return {name: self.known[name] for name in frames} if set(frames) <= set(self.known) else None


def run(
    source: OrestoSource,
    before: Mapping[str, Collected] | None = None,
    now: datetime = NOW,
    names: tuple[str, ...] = FRAMES_READ,
) -> dict[str, Collected]:
    with OrestoClient(source) as client:
        past = Past(before or {}, now)
        found = collect(client, names=names, past=past, now=now, progress=Progress())
        return {one.frame: one for one in found}


def numbers(found: dict[str, Collected]) -> list[int]:
    one = found["processed_orders"]
    assert one.status == "ok", one.message
    return sorted(one.data["order_number"])


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """A processed order an hour, over fifty days; and one that waits since twenty days."""
    sandbox = make_sandbox(size=100)
    orders = [order(number, days=number / 24) for number in range(1, 1201)]
    orders.append(order(5_000, days=20, processed=False))
    sandbox.shop.trade.orders = {one.number: one for one in orders}
    return sandbox


@pytest.fixture
def source(sandbox: Sandbox, make_settings: Callable[..., Settings]) -> OrestoSource:
    return make_settings(sandbox, page_size=200).sources[0]


def pages(sandbox: Sandbox) -> int:
    """Pages of processed orders that were asked since the log was cleared."""
    return sum(params.get("Processed") == "true" for _, _, params, _ in sandbox.log)


class TestFirstRun:
    def test_the_window_is_read_and_no_more(self, sandbox: Sandbox, source: OrestoSource) -> None:
        assert numbers(run(source)) == list(range(1, 721))
        assert pages(sandbox) == 5  # four hold the window, the fifth is older as a whole

    def test_its_days_are_a_setting(self, source: OrestoSource) -> None:
        assert numbers(run(source.model_copy(update={"orders_days": 2}))) == list(range(1, 49))

    def test_a_server_with_small_pages_gives_the_same(
        self, make_sandbox: Callable[..., Sandbox], sandbox: Sandbox, make_settings: Callable[..., Settings]
    ) -> None:
        other = make_sandbox(size=100, page_cap=30)
        other.shop.trade.orders = sandbox.shop.trade.orders
        assert numbers(run(make_settings(other).sources[0])) == list(range(1, 721))

    def test_a_server_that_gives_the_oldest_first_is_read_to_the_end(
        self, sandbox: Sandbox, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handler = ROUTES["GET", "clients/getclientorders"]

        def oldest_first(desk: Any, call: Any) -> Any:
            call.params["OldestFirst"] = "true"
            return handler(desk, call)

        monkeypatch.setitem(ROUTES, ("GET", "clients/getclientorders"), oldest_first)
        assert numbers(run(source)) == list(range(1, 721))

    def test_a_shop_without_orders_has_none(self, sandbox: Sandbox, source: OrestoSource) -> None:
        sandbox.shop.trade.orders = {}
        assert numbers(run(source)) == []


class TestNextRun:
    def test_nothing_new_costs_one_page(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = run(source)
        sandbox.log.clear()
        second = run(source, first)
        assert second["processed_orders"].mode == "changes"
        assert pages(sandbox) == 1
        assert numbers(second) == numbers(first)

    def test_a_page_that_reaches_beyond_the_window_is_known_too(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        narrow = source.model_copy(update={"orders_days": 2})  # 48 orders, and a page has a hundred
        first = run(narrow)
        sandbox.log.clear()
        assert numbers(run(narrow, first)) == numbers(first)
        assert pages(sandbox) == 1

    def test_what_was_ordered_and_processed_since_is_added(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        later = NOW + timedelta(hours=12)
        fresh = [order(9_000 + number, days=-number / 100) for number in range(40)]
        sandbox.shop.trade.orders.update({one.number: one for one in fresh})
        sandbox.log.clear()
        second = run(source, first, later)
        assert set(range(9_000, 9_040)) <= set(numbers(second))
        assert pages(sandbox) == 2

    def test_what_grew_older_than_the_window_goes(self, source: OrestoSource) -> None:
        second = run(source, run(source), NOW + timedelta(days=3))
        assert numbers(second) == list(range(1, 649))

    def test_an_old_order_that_was_processed_since_is_looked_for(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        sandbox.shop.trade.orders[5_000].processed = NOW
        sandbox.log.clear()
        second = run(source, first)
        assert 5_000 in numbers(second)
        assert pages(sandbox) == 5  # twenty days back, a hundred a page

    def test_an_order_that_was_cancelled_is_looked_for_in_the_window_only(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        del sandbox.shop.trade.orders[5_000]
        sandbox.log.clear()
        assert numbers(run(source, first)) == numbers(first)
        assert pages(sandbox) == 9

    def test_an_order_that_is_read_again_replaces_the_known_one(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        sandbox.shop.trade.orders[1].lines[0].total = 99.0
        second = run(source, first)["processed_orders"].data
        assert second.filter(pl.col("order_number") == 1)["total"].to_list() == [99.0]

    def test_an_order_that_waits_again_is_processed_no_more(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        sandbox.shop.trade.orders[300].processed = None
        assert 300 not in numbers(run(source, first))

    def test_without_this_runs_orders_the_window_is_read_again(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = run(source)
        sandbox.faults.add("GET Clients/GetClientOrders", "html-200", match="Processed=false")
        second = run(source, first)
        assert second["orders"].status == "failed"
        assert second["processed_orders"].mode == "full"
        assert numbers(second) == numbers(first)

    @pytest.mark.parametrize("field", ["TotalPrice", "Quantity"])
    def test_a_field_that_no_order_has_any_more_makes_it_whole(
        self, source: OrestoSource, monkeypatch: pytest.MonkeyPatch, field: str
    ) -> None:
        first = run(source)
        handler = ROUTES["GET", "clients/getclientorders"]

        def without(desk: Any, call: Any) -> Any:
            reply = handler(desk, call)
            [name] = reply.payload
            reply.payload[name] = list(reply.payload[name])
            for line in (line for row in reply.payload[name] for line in row["Products"]):
                del line[field]
            return reply

        monkeypatch.setitem(ROUTES, ("GET", "clients/getclientorders"), without)
        second = run(source, first)["processed_orders"]
        assert second.mode == "full"
        assert f"Read in full: Products.{field} is in none of the" in (second.message or "")
        assert "order_lines" in second.unusable
        assert numbers({"processed_orders": second}) == numbers(first)

    def test_orders_that_come_in_while_reading_make_no_doubles(
        self, sandbox: Sandbox, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handler = ROUTES["GET", "clients/getclientorders"]

        def one_more_each_time(desk: Any, call: Any) -> Any:
            number = 20_000 + len(desk.shop.trade.orders)
            desk.shop.trade.orders[number] = order(number, days=-0.01)
            return handler(desk, call)

        monkeypatch.setitem(ROUTES, ("GET", "clients/getclientorders"), one_more_each_time)
        found = numbers(run(source))
        assert len(found) == len(set(found))
        assert set(range(1, 721)) <= set(found)
