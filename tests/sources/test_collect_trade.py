"""Clients, people, prices, orders and lists over real HTTP: each frame is what the shop holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.replies import Refusal
from checks.sandbox.oresto.rows import Location
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient
from tests.collected import collect

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]
Rows = list[tuple[Any, ...]]

OF_TRADE = (
    "clients",
    "client_locations",
    "client_segments",
    "users",
    "representatives",
    "client_prices",
    "order_lists",
    "delivery_dates",
    "orders",
    "processed_orders",
    "category_chains",
    "multiplicator_products",
)


def collected(source: OrestoSource, *names: str) -> dict[str, Collected]:
    with OrestoClient(source) as client:
        found = collect(client, names=names or OF_TRADE, now=datetime.now(UTC), progress=Progress())
        return {one.frame: one for one in found}


def a_client(row: Any, sandbox: Sandbox) -> tuple[Any, ...]:
    segments, address = sandbox.shop.lookups.segments, row.address
    place = (address["PostalCode"], address["Municipality"], address["CountryCode"])
    segment = (row.segment_id, segments.get(row.segment_id))
    return (row.number, row.name, row.active, *segment, row.representative, row.has_promos, *place)


def a_location(row: Location) -> tuple[Any, ...]:
    address = row.address
    place = (address["PostalCode"], address["Municipality"], address["CountryCode"])
    return (row.id, row.client_number, *place)


def held(sandbox: Sandbox, frame: str) -> Rows:
    """The rows that the shop's memory gives this frame."""
    trade, lookups = sandbox.shop.trade, sandbox.shop.lookups
    rows: dict[str, Callable[[], Rows]] = {
        "clients": lambda: [a_client(row, sandbox) for row in trade.clients.values()],
        "client_locations": lambda: [a_location(row) for row in trade.locations.values()],
        "client_segments": lambda: [(id_, name, []) for id_, name in lookups.segments.items()],
        "users": lambda: [
            (row.email, row.client_number, row.active, row.language) for row in trade.users.values()
        ],
        "representatives": lambda: [
            (
                email,
                row.active,
                [client.number for client in trade.clients.values() if client.representative == email],
            )
            for email, row in trade.representatives.items()
        ],
        "client_prices": lambda: [
            (*key, ean_of(sandbox, key[0]), row.price, row.promo, row.exclusive)
            for key, row in trade.client_prices.items()
        ],
        "order_lists": lambda: [
            (client, article) for client, articles in trade.order_lists.items() for article in articles
        ],
        "delivery_dates": lambda: [
            (row.id, row.client_number, date.fromisoformat(day[:10]))
            for row in trade.locations.values()
            for day in row.delivery_days
        ],
        "category_chains": lambda: [
            (leaf.id, " | ".join(one.nl for one in reversed(lookups.chain(leaf))))
            for leaf in lookups.leaves()
        ],
        "multiplicator_products": lambda: [
            (number,) for number, row in sandbox.shop.own.items() if row.multiplier_amount is not None
        ],
    }
    return rows[frame]()


def ean_of(sandbox: Sandbox, article_number: str) -> str | None:
    shop = sandbox.shop
    if article_number in shop.linked:
        return shop.central_by_id(shop.linked[article_number].central_id).ean
    return shop.own[article_number].ean if article_number in shop.own else None


@pytest.fixture(scope="module", params=[100, 1600], ids="{} products".format)
def home(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, dict[str, Collected]]]:
    """A shop of each size, and everything that was collected from it."""
    with Sandbox(size=request.param, seed=11, page_cap=20) as sandbox:
        settings = Settings.model_validate({"sources": [source_of(sandbox)]})
        yield sandbox, collected(settings.sources[0])


def source_of(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "name": "webshop",
        "system": "oresto",
        "base_url": sandbox.base_url,
        "login": sandbox.login,
        "password": sandbox.password,
    }


@pytest.mark.parametrize("frame", [name for name in OF_TRADE if "orders" not in name])
def test_a_frame_holds_what_the_shop_holds(home: tuple[Sandbox, dict[str, Collected]], frame: str) -> None:
    sandbox, found = home
    wanted = pl.DataFrame(held(sandbox, frame), schema=FRAMES[frame].schema, orient="row")
    key = FRAMES[frame].key
    assert found[frame].status == "ok", found[frame].message
    assert found[frame].data.sort(key).equals(wanted.sort(key))


def test_orders_and_processed_orders_are_the_orders_of_the_shop(
    home: tuple[Sandbox, dict[str, Collected]],
) -> None:
    sandbox, found = home
    both = pl.concat([found["orders"].data, found["processed_orders"].data]).sort("order_number")
    oldest = found["processed_orders"].read_at - timedelta(days=30)
    wanted = [row for row in sandbox.shop.trade.orders.values() if not row.processed or row.ordered >= oldest]
    orders = sorted(wanted, key=lambda order: order.number)
    assert both["order_number"].to_list() == [order.number for order in orders]
    assert both["processed_at"].to_list() == [order.processed for order in orders]
    assert both["ordered_at"].to_list() == [order.ordered for order in orders]
    lines = [
        [(line.article_number, line.quantity, line.price, line.total) for line in o.lines] for o in orders
    ]
    assert [
        [(line["article_number"], line["quantity"], line["price"], line["total"]) for line in cell]
        for cell in both["order_lines"]
    ] == lines
    assert both["total"].to_list() == pytest.approx([sum(line[3] for line in cell) for cell in lines])


def test_no_field_that_the_sources_document_is_reported_as_drift(
    home: tuple[Sandbox, dict[str, Collected]],
) -> None:
    _, found = home
    assert {name: one.drift for name, one in found.items() if one.drift} == {}
    assert {name: one.unusable for name, one in found.items() if one.unusable} == {}


def test_lists_of_a_client_cost_a_request_each(home: tuple[Sandbox, dict[str, Collected]]) -> None:
    sandbox, found = home
    assert found["order_lists"].requests == len(sandbox.shop.trade.clients)
    assert found["delivery_dates"].requests == len(sandbox.shop.trade.locations)
    assert found["clients"].requests == 1


def of_one_client_only(answer: Callable[..., Any]) -> Callable[..., Any]:
    def handler(desk: Any, call: Any) -> Any:
        if not call.has("ClientNumber"):
            raise Refusal(model_errors=[("ClientNumber", "The ClientNumber field is required.")])
        return answer(desk, call)

    return handler


def nothing_without_a_client(answer: Callable[..., Any]) -> Callable[..., Any]:
    def handler(desk: Any, call: Any) -> Any:
        reply = answer(desk, call)
        return reply if call.has("ClientNumber") else type(reply)({"ClientLocations": []})

    return handler


@pytest.mark.parametrize(
    "refused", [of_one_client_only, nothing_without_a_client], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("as_200", [False, True], ids=["status 400", "status 200"])
def test_addresses_are_asked_client_by_client_where_the_server_wants_that(
    make_sandbox: MakeSandbox,
    make_settings: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[..., Any],
    as_200: bool,
) -> None:
    route = ("GET", "clientlocations")
    monkeypatch.setitem(ROUTES, route, refused(ROUTES[route]))
    sandbox = make_sandbox(size=100, errors_as_200=as_200)
    found = collected(make_settings(sandbox).sources[0], "clients", "client_locations")["client_locations"]
    assert found.status == "ok", found.message
    assert "client by client" in (found.message or "")
    assert set(found.data["location_id"]) == set(sandbox.shop.trade.locations)


class TestFaults:
    """What goes wrong for one frame is told there, and stays there."""

    @pytest.fixture
    def source(self, sandbox: Sandbox, make_settings: MakeSettings) -> OrestoSource:
        return make_settings(sandbox).sources[0]

    @pytest.fixture
    def sandbox(self, make_sandbox: MakeSandbox) -> Sandbox:
        return make_sandbox(size=100)

    @pytest.mark.parametrize(
        ("route", "failing"),
        [
            ("Clients", {"clients", "order_lists"}),
            ("ClientLocations", {"client_locations", "delivery_dates"}),
            ("Clients/OrderListItems", {"order_lists"}),
            ("ClientProducts", {"client_prices"}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_only_that_frame_and_what_needs_it_fails(
        self, sandbox: Sandbox, source: OrestoSource, route: str, failing: set[str]
    ) -> None:
        sandbox.faults.add(f"GET {route}", "html-200")
        assert {name for name, one in collected(source).items() if one.status == "failed"} == failing

    def test_who_needs_a_failed_frame_says_which(self, sandbox: Sandbox, source: OrestoSource) -> None:
        sandbox.faults.add("GET Clients", "html-200")
        told = collected(source, "clients", "order_lists")["order_lists"].message or ""
        assert "needs Clients, which could not be collected" in told

    def test_a_request_for_one_client_that_fails_names_the_client(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        sandbox.faults.add("GET Clients/OrderListItems", "html-200", match="C10005")
        told = collected(source, "clients", "order_lists")["order_lists"].message or ""
        assert "Clients/OrderListItems of C10005" in told

    def test_a_client_that_went_in_the_meantime_is_left_out(
        self, sandbox: Sandbox, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        list_clients = ROUTES["GET", "clients"]

        def then_one_goes(desk: Any, call: Any) -> Any:
            reply = list_clients(desk, call)
            desk.shop.trade.clients.pop("C10005", None)
            return reply

        monkeypatch.setitem(ROUTES, ("GET", "clients"), then_one_goes)
        found = collected(source, "clients", "order_lists")["order_lists"]
        assert found.status == "ok"
        told = f"1 of {len(sandbox.shop.trade.clients) + 1} that were asked for do not exist any more"
        assert told in (found.message or "")
        assert "C10005" not in set(found.data["client_number"])

    def test_a_path_that_the_server_does_not_have_is_no_empty_list(
        self, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(ROUTES, ("GET", "clients/orderlistitems"))
        found = collected(source, "clients", "order_lists")["order_lists"]
        assert found.status == "failed"
        assert "404" in (found.message or "") or "405" in (found.message or "")

    @pytest.mark.parametrize("kind", ["error-500", "429", "half", "errors-200"])
    def test_now_and_then_a_fault_changes_nothing(
        self, sandbox: Sandbox, source: OrestoSource, kind: str
    ) -> None:
        sandbox.faults.add("*", kind, rate=0.1)
        found = collected(source)
        assert {name: one.message for name, one in found.items() if one.status != "ok"} == {}
        filled = {client for client, articles in sandbox.shop.trade.order_lists.items() if articles}
        assert set(found["order_lists"].data["client_number"]) == filled
