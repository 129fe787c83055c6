"""Killed, and before the next start a person changed the very thing: what they did stays, and it is said what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from checks.fixes import leave_as_is
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World
from tests.fixes.matrix import Bench, Killed, Power, a_bench, state_of
from tests.fixes.scenarios import DO, PRICES, Step

Change = Callable[[World, str], Any]
BY_ID = {scenario.id: scenario for scenario in DO}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_bench(tmp_path_factory.mktemp("meanwhile")) as made:
        yield made


def another_price(world: World, key: str) -> None:
    world.sandbox.change(key.partition("|")[0], SalesPriceList=99.0)


def a_client_price(world: World, key: str) -> None:
    clients = {row["ClientNumber"] for row in world.rows("Clients")}
    priced = {
        row["ClientNumber"] for row in world.rows("ClientProducts") if row["WholesalerArticleNumber"] == key
    }
    body = {"WholesalerArticleNumber": key, "ClientNumber": min(clients - priced), "IsExlusive": False}
    world.write(bodies.add_client_price({**body, "SalesPriceList": 1.0}))


def a_photo(world: World, key: str) -> None:
    body = {"WholesalerArticleNumber": key, "Photo": "QEA=", "PhotoName": "new.jpg"}
    world.write(bodies.add_photo(body))


def the_article(world: World, key: str) -> None:
    like = bodies.product_body(world.rows("Products")[0])
    world.write(bodies.create_own({**like, "WholesalerArticleNumber": key.partition("|")[2]}))


def killed(bench: Bench, fix: str, step: Step, moment: str) -> Any:
    """The plan of a fix that was killed at this step."""
    bench.spoil()
    plan, power = bench.lay_out(BY_ID[fix]), Power(step, moment)
    with power.failing(), pytest.raises(Killed):
        bench.apply(plan)
    return plan


@pytest.mark.parametrize(
    ("fix", "route", "change", "said"),
    [
        ("link-central", "DELETE Products", another_price, "list price: 9.95 -> 99.0"),
        ("link-central", "DELETE Products", a_client_price, "nothing -> new"),
        ("delete-own", PRICES, another_price, "list price: 9.95 -> 99.0"),
        ("unlink", "DELETE Products", another_price, "list price: 9.95 -> 99.0"),
        ("unlink", "DELETE Products", a_client_price, "nothing -> new"),
        ("upload-photo", "POST ProductPhotos", a_photo, "photo: nothing -> new.jpg"),
        ("set-reference", "PUT Products", another_price, "list price: 9.95 -> 99.0"),
        ("edit-product", "PUT Products", another_price, "list price: 9.95 -> 99.0"),
        ("edit-sales", "PUT Products/Sales", another_price, "list price: nothing -> 99.0"),
        ("delete-client-product", "DELETE ClientProducts", another_price, "The prices differ now"),
        ("delete-order-list-item", "DELETE Clients/OrderListItems", the_article, "the article was made"),
    ],
)
def test_before_anything_was_done_it_is_refused(
    bench: Bench, fix: str, route: str, change: Change, said: str
) -> None:
    plan = killed(bench, fix, Step(route), "before")
    change(bench.world, bench.arranged.key)
    meanwhile = state_of(bench.world)
    bench.start_again()
    row = bench.row(plan)
    assert (row["state"], state_of(bench.world) == meanwhile) == ("failed", True)
    assert row["message"].startswith("Nothing was changed: ")
    assert said in row["message"]


def test_with_prices_moved_already_an_own_product_that_changed_is_not_deleted(bench: Bench) -> None:
    plan = killed(bench, "delete-own", Step("DELETE Products"), "before")
    another_price(bench.world, bench.arranged.key)
    meanwhile = state_of(bench.world)
    bench.start_again()
    row = bench.row(plan)
    assert (row["state"], state_of(bench.world) == meanwhile) == ("needs_attention", True)
    assert "list price: 9.95 -> 99.0" in row["message"]
    bench.world.sandbox.change(bench.arranged.key, SalesPriceList=9.95)
    bench.resume()
    assert (bench.row(plan)["state"], state_of(bench.world) == bench.after) == ("done", True)


def test_a_person_may_leave_it_so(bench: Bench) -> None:
    plan = killed(bench, "delete-own", Step("DELETE Products"), "before")
    another_price(bench.world, bench.arranged.key)
    bench.start_again()
    world, row = bench.world, bench.row(plan)
    assert leave_as_is(world.store, world.settings, row["id"], by=ANN, because="We keep both.")
    assert bench.row(plan)["state"] == "failed"
