"""Simulated days: the shop changes the way life does, and says so as far as the real one would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.simulation import EVENTS, LOOKUP_EVENTS

Rows = list[dict[str, Any]]
LISTS = (
    "Products",
    "LinkProducts",
    "CentralProducts",
    "ProductPhotos",
    "Brands",
    "Suppliers",
    "Categories/GetConcatenated",
    "CentralProducts/GetArticlecodesBySupplier",
    "ClientProducts",
    "Clients",
    "Users",
    "Representatives",
    "ClientLocations",
    "Clients/GetClientOrders?Processed=false",
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_days_leave_a_shop_that_answers(sandbox: Sandbox, api: httpx.Client, seed: int) -> None:
    for day in range(10):
        assert sandbox.live_a_day(1000 * seed + day)
    assert [api.get(path).status_code for path in LISTS] == [200] * len(LISTS)


def test_the_same_seed_is_the_same_day(make_sandbox: Callable[..., Sandbox]) -> None:
    now = datetime(2026, 11, 20, 6, tzinfo=UTC)
    one, two = (make_sandbox(size=100, seed=4, now=now, clock=lambda: now) for _ in range(2))
    assert one.live_a_day(5) == two.live_a_day(5)
    assert one.dump(ids=True) == two.dump(ids=True)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_can_happen(sandbox: Sandbox, event: str) -> None:
    """Some need another one first: what comes back has to be gone."""
    tries = (sandbox.live_a_day(seed, ["entry-vanished", event])[1:] for seed in range(30))
    assert any(tries)


def test_an_event_that_is_none_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such event: rain"):
        sandbox.live_a_day(1, ["rain"])


def test_a_day_may_leave_the_lookup_tables_alone(sandbox: Sandbox, api: httpx.Client) -> None:
    before = api.get("Brands").json()["Brands"], api.get("Categories").json()["Categories"]
    for day in range(20):
        sandbox.live_a_day(day, without=LOOKUP_EVENTS)
    assert (api.get("Brands").json()["Brands"], api.get("Categories").json()["Categories"]) == before


def modified(rows: Rows) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        row["WholesalerArticleNumber"]: (
            row["LastModifiedUtc"],
            {name: value for name, value in row.items() if not name.startswith("LastModified")},
        )
        for row in rows
    }


@pytest.mark.parametrize("event", ["own-changed", "own-switched", "own-made-anew", "packed", "unpacked"])
def test_what_is_written_to_a_product_sets_its_moment(
    sandbox: Sandbox, api: httpx.Client, all_rows: Callable[..., Rows], event: str
) -> None:
    before = modified(all_rows(api, "Products"))
    sandbox.live_a_day(1, [event] * 5)
    after = modified(all_rows(api, "Products"))
    changed = {number for number, (_, row) in after.items() if before[number][1] != row}
    assert changed
    assert all(after[number][0] > before[number][0] for number in changed)


@pytest.mark.parametrize("event", ["entry-renamed", "central-got-another-code", "central-changed"])
def test_what_others_say_leaves_the_moment_alone(
    sandbox: Sandbox, api: httpx.Client, all_rows: Callable[..., Rows], event: str
) -> None:
    def everything() -> dict[str, tuple[str, dict[str, Any]]]:
        return {**modified(all_rows(api, "Products")), **modified(all_rows(api, "LinkProducts"))}

    before = everything()
    sandbox.live_a_day(3, [event] * 12)
    after = everything()
    assert any(after[number][1] != row for number, (_, row) in before.items())
    assert all(after[number][0] == moment for number, (moment, _) in before.items())


def test_a_carton_shows_its_units_new_code_and_keeps_its_moment(
    sandbox: Sandbox, api: httpx.Client, all_rows: Callable[..., Rows]
) -> None:
    before = modified(all_rows(api, "Products"))
    (told,) = sandbox.live_a_day(1, ["unit-in-a-carton-got-another-code"])
    unit, carton = told.split()[2], told.split()[5]
    after = modified(all_rows(api, "Products"))
    assert after[unit][0] > before[unit][0]
    assert after[carton][0] == before[carton][0]
    assert after[carton][1]["UnitProducts"] != before[carton][1]["UnitProducts"]


def test_a_day_over_http(sandbox: Sandbox) -> None:
    told = httpx.post(f"{sandbox.control_url}/day", json={"seed": 3, "events": ["own-deleted"]})
    assert told.json()[0].endswith("was deleted")


def test_the_truth_stays_that_of_the_beginning(sandbox: Sandbox) -> None:
    before = sandbox.truth()
    sandbox.live_a_day(1)
    assert sandbox.truth() == before


# the clock


def test_the_clock_goes_forward_and_everything_follows(sandbox: Sandbox, api: httpx.Client) -> None:
    tomorrow = sandbox.now() + timedelta(days=1)
    sandbox.advance(days=1)
    number = next(iter(sandbox.dump()["own"]))
    sandbox.change(number, SalesPriceList=3.0)
    answer = api.get("Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": number})
    assert answer.json()["Product"]["LastModifiedUtc"] > tomorrow.strftime("%Y-%m-%dT%H:%M:%S")
    sent = datetime.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(sent - tomorrow) < timedelta(minutes=1)
    api.delete("Products", params={"WholesalerArticleNumber": "NONE"})
    assert api.get("ErrorLogs", params={"Page": 1}).json()["ErrorLogs"][0]["DateUtc"] > f"{tomorrow:%Y-%m-%d}"


def test_an_order_is_processed_by_the_servers_clock(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.advance(days=3)
    order = api.get("Clients/GetClientOrders", params={"Processed": "false"}).json()["ClientOrders"][0]
    body = {"ClientNumber": order["Client"]["ClientNumber"], "OrderNumbers": [order["OrderNumber"]]}
    answer = api.put("ClientOrders/ProcessOrders", json=body).json()
    assert answer["ProcessedDateUtc"] > f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"


def test_no_two_moments_are_the_same(make_sandbox: Callable[..., Sandbox]) -> None:
    standing = datetime(2026, 11, 20, 6, tzinfo=UTC)
    sandbox = make_sandbox(size=100, clock=lambda: standing)
    moments = [sandbox.now() for _ in range(5)]
    assert moments == sorted(set(moments))


def test_reset_sets_the_clock_back(sandbox: Sandbox) -> None:
    sandbox.advance(days=10)
    sandbox.reset()
    assert abs(sandbox.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_over_http(sandbox: Sandbox) -> None:
    told = httpx.post(f"{sandbox.control_url}/clock", json={"hours": 30}).json()
    assert datetime.fromisoformat(told) > datetime.now(UTC) + timedelta(hours=29)


# what becomes true by itself


def test_orders_grow_old_and_promos_run_out(sandbox: Sandbox) -> None:
    before = sandbox.truth()
    sandbox.advance(days=60)
    after = sandbox.truth()
    waiting = {
        (str(order.number), None) for order in sandbox.shop.trade.orders.values() if not order.processed
    }
    assert after["order-unprocessed"] == waiting
    assert before["order-delivery-passed"] < after["order-delivery-passed"]
    assert before["promo-invalid"] < after["promo-invalid"]


@pytest.mark.parametrize(
    ("minutes", "is_late"), [(-1, False), (1, True)], ids=["before midnight", "after midnight"]
)
def test_a_delivery_is_late_from_midnight_in_belgium(
    make_sandbox: Callable[..., Sandbox], minutes: int, is_late: bool
) -> None:
    """In summer that is 22:00 in UTC."""
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    midnight = datetime(2026, 7, 1, 22, tzinfo=UTC)
    sandbox = make_sandbox(size=100, now=noon, clock=lambda: midnight + timedelta(minutes=minutes))
    today = {
        str(order.number)
        for order in sandbox.shop.trade.orders.values()
        if not order.processed and order.arrival and order.arrival.startswith("2026-07-01")
    }
    late = {number for number, _ in sandbox.truth()["order-delivery-passed"]}
    assert today
    assert today <= late if is_late else not today & late
