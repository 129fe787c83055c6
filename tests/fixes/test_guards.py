"""What keeps applying from doing harm: what moved is refused, nothing is done twice, a person can stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stamina

from checks.errors import PlanUnusable, ReadOnlySource
from checks.fixes import FIXES, apply_plan, engine, shop_lists
from checks.fixes.shop import Shop
from checks.people import Person
from checks.progress import Progress
from checks.rules.central import MATCHES
from checks.sources.request import Request
from checks.store.workers import Workers

ANN = Person("ann", "admin", "local")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("SalesPriceList", 11.0, "list price: 9.95 -> 11.0"),
        ("OnOrder", False, "on order: yes -> no"),
        (
            "PromoValidUntil",
            "2026-08-31T00:00:00+02:00",
            "promo end: 2026-07-30T22:00:00Z -> 2026-08-30T22:00:00Z",
        ),
        ("EanCode", None, "-> nothing"),
        (
            "Localizations",
            [{"LanguageCode": "eng", "Name": "Something else"}],
            "text (eng) name: nothing -> Something else",
        ),
    ],
)
def test_a_product_that_moved_is_refused(world: Any, key: str, field: str, value: Any, said: str) -> None:
    plan = world.plan(key)
    world.sandbox.change(key, {field: value})
    before, sent = world.sandbox.dump(ids=True), len(world.log)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert row["message"].startswith("Nothing was changed: the product changed since the plan: ")
    assert said in row["message"]
    assert (world.sandbox.dump(ids=True), len(world.log)) == (before, sent)


def test_written_to_without_a_change_is_no_change(world: Any, key: str) -> None:
    plan = world.plan(key)
    world.sandbox.change(key, LastModified="2026-11-21T10:00:00Z")
    (row,) = world.apply(plan)
    assert row["state"] == "done"


def _photo(key: str) -> Request:
    return Request(
        "POST", "ProductPhotos", {}, {"WholesalerArticleNumber": key, "Photo": "QEA=", "PhotoName": "new.jpg"}
    )


def _price(key: str) -> Request:
    params = {"WholesalerArticleNumber": key, "ClientNumber": "C10001"}
    return Request("DELETE", "ClientProducts", params)


@pytest.mark.parametrize(
    ("change", "said"),
    [(_photo, "photo new.jpg: nothing -> new"), (_price, "price of client C10001: there -> gone")],
)
def test_photos_and_client_prices_that_moved_are_refused(
    world: Any, key: str, change: Callable[[str], Request], said: str
) -> None:
    plan = world.plan(key)
    with world.client() as client:
        client.send(change(key))
    (row,) = world.apply(plan)
    assert (row["state"], said in row["message"]) == ("failed", True)


def test_a_central_product_that_went_away_is_refused(make_world: Any) -> None:
    world = make_world()
    plan = world.plan()
    world.sandbox.delete_central(plan.items[0].requests[1].body["EanCode"])
    (row,) = world.apply(plan)
    assert "there -> gone" in row["message"]
    assert plan.items[0].key in world.sandbox.dump()["own"]


def test_a_brand_that_vanished_since_the_plan_is_refused(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, rows, read = world.plan(key, world.take()), Shop.rows, []
    brands = {world.sandbox.dump()["own"][item.key]["Brand"]["Id"] for item in plan.items}

    def without_brands(shop: Shop, path: str) -> list[dict[str, Any]]:
        read.append(path)
        return [row for row in rows(shop, path) if path != "Brands" or row["Id"] not in brands]

    monkeypatch.setattr(Shop, "rows", without_brands)
    before, sent = world.sandbox.dump(ids=True), len(world.log)
    applied = world.apply(plan)
    assert [row["state"] for row in applied] == ["failed", "failed"]
    assert all("Mend its brand first (set-reference)." in row["message"] for row in applied)
    assert (world.sandbox.dump(ids=True), len(world.log)) == (before, sent)
    assert read.count("Brands") == 1


class Clock:
    """Time that can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


def test_a_client_price_set_while_another_product_is_linked_is_kept(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the first product gives no reason to read the list of client prices anew."""
    second, clock, send = world.take(), Clock(), Shop.send
    clients = [row["ClientNumber"] for row in _prices(world, key)]
    with world.client() as client:
        for number in clients:
            client.send(
                Request("DELETE", "ClientProducts", {"WholesalerArticleNumber": key, "ClientNumber": number})
            )
        client.send(
            Request(
                "DELETE", "ClientProducts", {"WholesalerArticleNumber": second, "ClientNumber": clients[0]}
            )
        )
        added = {
            "WholesalerArticleNumber": second,
            "ClientNumber": clients[0],
            "SalesPriceList": 1.25,
            "IsExlusive": False,
        }
        plan = world.plan(key, second)

        def linking(shop: Shop, request: Request) -> Any:
            if request.path == "LinkProducts":
                client.send(Request("POST", "ClientProducts", {}, added))
                clock.ahead += 2  # as long as it takes a slow shop
            return send(shop, request)

        monkeypatch.setattr(Shop, "send", linking)
        for module in (engine, shop_lists):
            monkeypatch.setattr(module, "time", clock)
        first, refused = world.apply(plan)
    assert (first["state"], refused["state"]) == ("done", "failed")
    assert f"price of client {clients[0]}: nothing -> new" in refused["message"]
    assert 1.25 in [row["SalesPriceList"] for row in _prices(world, second)]


def _prices(world: Any, key: str) -> list[dict[str, Any]]:
    with world.client() as client:
        return [row for row in client.rows("ClientProducts") if row["WholesalerArticleNumber"] == key]


def test_a_product_that_is_gone_is_refused(world: Any, key: str) -> None:
    plan = world.plan(key)
    world.sandbox.remove(key)
    (row,) = world.apply(plan)
    assert (row["state"], "it was an own product and is gone" in row["message"]) == ("failed", True)


def test_a_second_plan_of_a_linked_product_is_refused(world: Any, key: str) -> None:
    first, second = world.plan(key), world.plan(key)
    world.apply(first)
    (row,) = world.apply(second)
    assert "it was an own product and is linked already" in row["message"]


def test_the_others_of_a_plan_go_on(world: Any, key: str) -> None:
    keys = [world.take(), key, world.take()]
    plan = world.plan(*keys)
    world.sandbox.change(key, SalesPriceList=11.0)
    assert [row["state"] for row in world.apply(plan)] == ["done", "failed", "done"]


def test_two_workers_touch_each_product_once(
    make_world: Any, only_linked: Callable[..., None], quick: Any
) -> None:
    world = make_world(products=6)
    before, plan, sent = world.sandbox.dump(), world.plan(), len(world.log)
    workers = [threading.Thread(target=world.apply, args=(plan, quick)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rows = world.store.journal.fixes(plan_id=plan.id)
    keys = [item.key for item in plan.items]
    assert [row["state"] for row in rows] == ["done"] * 6
    assert sorted(world.log[sent:]) == sorted(
        (request.method, request.path) for item in plan.items for request in item.requests
    )
    only_linked(before, world.sandbox.dump(), *keys)


def test_two_plans_of_one_product_touch_it_once(
    world: Any, key: str, only_linked: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both begin at once: one of them has its turn, the other waits for it and finds the product linked."""
    before, plans, take = world.sandbox.dump(), [world.plan(key), world.plan(key)], Workers.take
    both, first_two, sent = threading.Barrier(2), iter((1, 2)), len(world.log)

    def together(workers: Workers, *args: Any, **kwargs: Any) -> bool:
        if next(first_two, None) is not None:
            both.wait(20)
        return take(workers, *args, **kwargs)

    monkeypatch.setattr(Workers, "take", together)
    workers = [threading.Thread(target=world.apply, args=(plan,)) for plan in plans]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    states = [row["state"] for plan in plans for row in world.store.journal.fixes(plan_id=plan.id)]
    assert sorted(states) == ["done", "failed"]
    assert len(world.log) - sent == len(plans[0].items[0].requests)
    only_linked(before, world.sandbox.dump(), key)


def test_a_read_only_source_is_never_written_to(make_world: Any) -> None:
    world = make_world()
    plan, before, sent = world.plan(), world.sandbox.dump(ids=True), len(world.log)
    world.set_source(read_only=True)
    with pytest.raises(ReadOnlySource, match="webshop: the plan is not applied"):
        world.apply(plan)
    assert (world.sandbox.dump(ids=True), len(world.log)) == (before, sent)
    assert [row["state"] for row in world.store.journal.fixes(plan_id=plan.id)] == ["planned"]


class StopAt(Progress):
    """Asks to stop once so many products are done."""

    def __init__(self, done: int) -> None:
        super().__init__()
        self.at = done

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: Any = "running"
    ) -> None:
        if done == self.at:
            self.stop()


def test_stopping_leaves_the_rest_planned_and_it_goes_on_later(make_world: Any) -> None:
    world = make_world(products=4)
    plan = world.plan()
    rows = apply_plan(world.store, world.settings, plan.id, by=ANN, progress=StopAt(2))
    assert [row["state"] for row in rows] == ["done", "done", "planned", "planned"]
    assert [row["state"] for row in world.apply(plan)] == ["done"] * 4


def test_a_server_that_is_down_leaves_everything_planned(
    make_world: Any, request: pytest.FixtureRequest
) -> None:
    world = make_world(products=8)
    plan = world.plan()
    stamina.set_testing(True, attempts=1)
    request.addfinalizer(lambda: stamina.set_testing(False))
    world.sandbox.faults.add("GET Products/GetByWholesalerArticleNumber", "errors-200")
    rows = world.apply(plan)
    assert [row["state"] for row in rows] == ["planned"] * 8
    assert all(row["message"].startswith("Not begun: ") for row in rows)
    assert "for 5 in a row" in rows[-1]["message"]


def test_an_unknown_plan_is_named(world: Any) -> None:
    with pytest.raises(PlanUnusable, match="There is no plan nothing"):
        apply_plan(world.store, world.settings, "nothing", by=ANN)


# the button


def finding(key: str = "A100", status: str = "new", message: str = MATCHES["own"]) -> dict[str, str]:
    return {"key": key, "status": status, "message": message}


def test_a_finding_can_be_linked(world: Any) -> None:
    assert FIXES["link-central"].available(finding(), world.source).available


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": "fixed"}, "It is fixed already."),
        ({"key": "A/100"}, "Its article number holds /, which the shop refuses on creation."),
        ({"message": MATCHES["unit"]}, "Only the code of its unit is central"),
        ({"message": MATCHES["carton"]}, "Only the code of its carton is central"),
    ],
)
def test_a_disabled_button_says_why_and_what_helps(world: Any, changed: dict[str, str], reason: str) -> None:
    answer = FIXES["link-central"].available(finding(**changed), world.source)
    assert not answer.available
    assert answer.reasons[0].startswith(reason)
    assert answer.step


def test_a_read_only_source_disables_the_button(world: Any) -> None:
    source = world.source.model_copy(update={"read_only": True})
    answer = FIXES["link-central"].available(finding(), source)
    assert answer.step == "Set read_only = false for this source."
