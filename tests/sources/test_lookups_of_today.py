"""Lookup tables are read once a day, and yet no entry that is named today looks like one that the shop does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient
from checks.sources.task import Known
from tests.collected import collect

NAMES = ("products", "clients", "brands", "categories", "suppliers", "unit_sales_prices", "client_segments")


class Past:
    """What the run before left."""

    def __init__(self, frames: dict[str, Collected]) -> None:
        self.known = {
            name: Known(one.data, "before", one.read_at, one.full_at, one.drift)
            for name, one in frames.items()
            if one.data is not None
        }

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        return {name: self.known[name] for name in frames} if set(frames) <= set(self.known) else None


class Day:
    """Runs of one day, each built upon the one before."""

    def __init__(self, sandbox: Sandbox, source: OrestoSource) -> None:
        self.sandbox, self.source, self.noon = sandbox, source, sandbox.now()
        self.found = self.run()

    def run(self, names: tuple[str, ...] = NAMES) -> dict[str, Collected]:
        past = Past(getattr(self, "found", {}))
        with OrestoClient(self.source) as client:
            given: dict[str, Any] = {"past": past, "now": self.noon, "progress": Progress()}
            self.found = {one.frame: one for one in collect(client, names=names, **given)}
        return self.found


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    with Sandbox(size=100) as sandbox:
        yield sandbox


@pytest.fixture
def day(server: Sandbox, make_settings: Callable[..., Settings]) -> Day:
    server.reset()
    return Day(server, make_settings(server).sources[0])


def test_a_table_is_not_read_twice_a_day(day: Day) -> None:
    assert {
        name: one.requests for name, one in day.run().items() if name not in ("products", "clients")
    } == dict.fromkeys(NAMES[2:], 0)


def test_a_new_brand_that_a_product_has_today_is_in_the_table(day: Day) -> None:
    day.sandbox.shop.lookups.brands[7_777] = "Nieuw"
    day.sandbox.change(min(day.sandbox.shop.own), BrandId=7_777)
    found = day.run()
    assert 7_777 in set(found["brands"].data["id"])
    assert found["brands"].message == "Read again today: 1 that it lacked are named by now, e.g. 7777."
    assert found["categories"].mode == "carried"


def test_so_are_a_new_supplier_unit_and_segment(day: Day) -> None:
    lookups, number = day.sandbox.shop.lookups, min(day.sandbox.shop.own)
    lookups.suppliers[8_888] = ("Nieuw", next(iter(lookups.suppliers.values()))[1])
    lookups.unit_sales_prices["ZAK"] = ("zak", "sac", "zak", "sac")
    lookups.segments[9_999] = "Nieuw"
    next(iter(day.sandbox.shop.trade.clients.values())).segment_id = 9_999
    day.sandbox.change(number, UnitSalesPrice="ZAK", Supplier={"Id": 8_888, "ArticleCode": "X1"})
    found = day.run()
    assert 8_888 in set(found["suppliers"].data["id"])
    assert "ZAK" in set(found["unit_sales_prices"].data["abbreviation"])
    assert 9_999 in set(found["client_segments"].data["id"])


def test_an_abbreviation_in_another_case_is_no_new_one(day: Day) -> None:
    day.sandbox.change(min(day.sandbox.shop.own), UnitSalesPrice="kG ")
    assert day.run()["unit_sales_prices"].mode == "carried"


def test_what_is_really_missing_is_asked_for_once(day: Day) -> None:
    day.sandbox.change(min(day.sandbox.shop.own), BrandId=666_666)
    assert day.run()["brands"].requests == 1
    assert day.run()["brands"].requests == 0


def test_what_came_while_the_table_could_not_be_read_is_looked_for_again(day: Day) -> None:
    morning = day.found
    day.sandbox.shop.lookups.brands[7_777] = "Nieuw"
    day.sandbox.change(min(day.sandbox.shop.own), BrandId=7_777)
    day.sandbox.faults.add("GET Brands", "html-200")
    assert day.run()["brands"].status == "failed"
    day.sandbox.faults.clear()
    day.found = morning  # the newest run in which both were read
    assert 7_777 in set(day.run()["brands"].data["id"])


def test_without_products_the_table_of_today_stays(day: Day) -> None:
    assert day.run(("brands",))["brands"].mode == "carried"
    day.sandbox.faults.add("GET Products*", "html-200")
    found = day.run(("products", "brands"))
    assert found["products"].status == "failed"
    assert found["brands"].mode == "carried"
