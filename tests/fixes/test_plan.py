"""Plans: what is frozen, what is left to a person and why, and that planning changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checks.errors import PlanUnusable, Stopped, UsageError
from checks.fixes import load_plan, make_plan
from checks.fixes.shop import Shop
from checks.progress import Progress
from checks.sources.http import Request


def reason(plan: Any) -> str:
    """Why the only key of a plan was not planned."""
    ((_, text),) = plan.not_planned
    assert plan.items == ()
    return str(text)


def truth(world: Any, check: str) -> list[str]:
    return sorted(key for key, _ in world.sandbox.truth()[check])


def test_planning_only_reads(world: Any, key: str) -> None:
    before, sent = world.sandbox.dump(ids=True), len(world.sandbox.log)
    world.plan(key)
    assert {entry[0] for entry in world.sandbox.log[sent:]} == {"GET"}
    assert world.sandbox.dump(ids=True) == before


def test_a_plan_freezes_requests_and_says_what_happens(world: Any, key: str) -> None:
    (item,) = world.plan(key).items
    assert [request.line for request in item.requests] == [
        f"DELETE /Products?WholesalerArticleNumber={key}",
        "POST /LinkProducts",
        "POST /ClientProducts/Multiple/AddOrUpdate",
    ]
    assert item.klass == "safe"
    goes, carried, kept = item.consequences
    assert goes.startswith("Goes: its own ") and "photo" in goes and "texts (nld, fra)" in goes
    assert "list price 9.95" in carried
    assert "promo 8.5 from 05/01/2026 until 31/07/2026" in carried
    assert "promo text nld (Actie)" in carried
    assert kept == "Kept: 2 client prices, set again after linking."


def test_a_plan_is_kept(world: Any, key: str) -> None:
    plan = world.plan(key)
    assert load_plan(world.store, plan.id) == plan


def test_everything_to_put_back_is_kept_with_the_plan(world: Any, key: str) -> None:
    (fix,) = world.store.journal.fixes(plan_id=world.plan(key).id)
    before = world.store.journal.fix(fix["id"])["before"]
    assert before["own"]["WholesalerArticleNumber"] == key
    assert {
        photo["row"]["PhotoName"]: world.store.journal.blob(photo["sha256"]) for photo in before["photos"]
    }["back.jpg"] == f"back of {key}".encode()
    assert [row["SalesPriceList"] for row in before["client_prices"]] == [3.5, 4.25]


def test_lists_are_read_once_however_many_products(world: Any) -> None:
    keys, sent = world.fresh[:20], len(world.sandbox.log)
    assert len(world.plan(*keys).items) == 20
    paths = [str(entry[1]).removeprefix("/api/") for entry in world.sandbox.log[sent:]]
    for path in ("ProductPhotos", "ClientProducts", "UnitSalesPrices", "Brands", "Clients"):
        assert paths.count(path) == 1


def test_no_keys_means_all_open_findings(world: Any) -> None:
    plan = world.plan()
    open_findings = world.store.findings(check="own-became-central")["key"].to_list()
    assert sorted([item.key for item in plan.items] + [key for key, _ in plan.not_planned]) == sorted(
        open_findings
    )


def test_planning_can_be_stopped(world: Any, key: str) -> None:
    progress = Progress()
    progress.stop()
    plans = len(world.store.journal.plans())
    with pytest.raises(Stopped):
        make_plan(world.store, world.settings, "own-became-central", keys=[key], by="ann", progress=progress)
    assert len(world.store.journal.plans()) == plans


def test_a_key_without_a_finding_is_named(world: Any, key: str) -> None:
    plan = world.plan(key, "NOSUCH")
    assert [item.key for item in plan.items] == [key]
    assert plan.not_planned[0][0] == "NOSUCH"
    assert "no open finding" in plan.not_planned[0][1]


def test_nothing_to_plan_is_said(world: Any) -> None:
    with pytest.raises(PlanUnusable, match="no open finding"):
        world.plan("NOSUCH")


def test_a_check_without_a_fix_is_named(world: Any) -> None:
    with pytest.raises(UsageError, match=r"restricted-ean.*Fixable: own-became-central"):
        make_plan(world.store, world.settings, "restricted-ean", keys=None, by="ann")


def test_an_unknown_option_is_named(world: Any) -> None:
    with pytest.raises(UsageError, match="has no option 'brand'"):
        make_plan(
            world.store, world.settings, "own-became-central", keys=None, by="ann", options={"brand": "1"}
        )


def test_a_read_only_source_is_planned_and_says_so(make_world: Any) -> None:
    world = make_world()
    world.set_source(read_only=True)
    plan = world.plan()
    assert len(plan.items) == 1
    assert "applying it will be refused" in plan.notes[0]


# not planned: each reason


@pytest.fixture
def lonely(make_world: Any) -> Any:
    """A world of one product, to be spoilt; `lonely.key` names it."""
    world = make_world()
    world.key = world.fresh[0]
    return world


def test_an_article_number_that_would_be_refused(lonely: Any) -> None:
    key = truth(lonely, "forbidden-characters")[0]
    lonely.find(key)
    assert "which the shop refuses on creation. Give the product an article number" in reason(
        lonely.plan(key)
    )


@pytest.mark.parametrize("kind", ["unit", "carton"])
def test_only_the_code_of_its_unit_or_carton_is_central(lonely: Any, kind: str) -> None:
    field = {"unit": "UnitProducts", "carton": "PackageProducts"}[kind]
    own = lonely.sandbox.dump()["own"]
    lonely.find(*truth(lonely, "own-became-central"))
    reasons = [text for key, text in lonely.plan().not_planned if own[key][field]]
    assert any(text.startswith(f"Only the code of its {kind} is central") for text in reasons)


def test_an_in_store_number(lonely: Any) -> None:
    lonely.sandbox.change(lonely.key, EanCode="2000000000008")
    assert "in-store number" in reason(lonely.plan(lonely.key))


def test_a_product_that_is_gone(lonely: Any) -> None:
    lonely.sandbox.remove(lonely.key)
    assert reason(lonely.plan(lonely.key)).startswith("The product is gone.")


def test_a_product_that_is_linked_already(lonely: Any) -> None:
    lonely.apply(lonely.plan(lonely.key))
    lonely.find(lonely.key)
    assert reason(lonely.plan(lonely.key)).startswith("It is linked already.")


def test_no_central_product_any_more(lonely: Any) -> None:
    lonely.sandbox.delete_central(lonely.sandbox.dump()["own"][lonely.key]["EanCode"])
    assert reason(lonely.plan(lonely.key)).startswith("No central product has its code any more.")


def test_the_central_product_is_linked_under_another_number(lonely: Any) -> None:
    key = truth(lonely, "own-and-linked")[0]
    lonely.find(key)
    assert "delete your own (delete-own)" in reason(lonely.plan(key))


@pytest.mark.parametrize("unit", [None, "XXX"])
def test_no_usable_unit_sales_price(lonely: Any, unit: str | None) -> None:
    lonely.sandbox.change(lonely.key, UnitSalesPrice=unit)
    assert "unit sales price" in reason(lonely.plan(lonely.key))


def test_two_own_products_of_one_central_product(make_world: Any) -> None:
    world = make_world(products=2)
    first, second = sorted(world.fresh)
    world.sandbox.change(second, EanCode=world.sandbox.dump()["own"][first]["EanCode"])
    plan = world.plan()
    assert [item.key for item in plan.items] == [first]
    assert plan.not_planned == ((second, plan.not_planned[0][1]),)
    assert plan.not_planned[0][1].startswith(f"{first} of this plan links to the same central product.")


def test_a_product_another_plan_has_not_finished_with(lonely: Any) -> None:
    plan = lonely.plan(lonely.key)
    lonely.sandbox.faults.add("POST LinkProducts", "errors-200")
    lonely.sandbox.faults.add("POST Products", "error-500")
    lonely.apply(plan)
    assert (
        reason(lonely.plan(lonely.key))
        == f"Plan {plan.id} has not finished with it: apply that plan again first."
    )


# confirm: what putting back could not restore


def consequence(plan: Any) -> str:
    (item,) = plan.items
    assert item.klass == "confirm"
    return str(item.consequences[-1])


def test_a_brand_that_is_gone(lonely: Any) -> None:
    lonely.sandbox.change(lonely.key, BrandId=77777)
    text = consequence(lonely.plan(lonely.key))
    assert (
        text
        == "If linking fails the shop may refuse the product back, because its brand 77777 is not in the lookup table."
    )


def test_a_photo_that_cannot_be_read_back(make_world: Any) -> None:
    text = consequence(make_world(variant={"photo_urls": False}).plan())
    assert "photo back.jpg (the shop gives no picture for it)" in text


def test_a_carton(lonely: Any) -> None:
    own = lonely.sandbox.dump()["own"]
    lonely.find(*truth(lonely, "own-became-central"))
    cartons = [item for item in lonely.plan().items if own[item.key]["IsPackageProduct"]]
    assert {item.klass for item in cartons} == {"confirm"}
    assert "is a carton" in cartons[0].consequences[-1]


def test_a_client_price_of_a_client_that_is_gone(lonely: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Shop.rows
    monkeypatch.setattr(Shop, "rows", lambda shop, path: [] if path == "Clients" else rows(shop, path))
    plan = lonely.plan(lonely.key)
    assert "Lost: the price of client" in consequence(plan)
    assert len(plan.items[0].requests) == 2


def test_the_plan_is_json(world: Any, key: str) -> None:
    (item,) = world.plan(key).items
    assert [Request.from_json(json.loads(json.dumps(one.as_json()))) for one in item.requests] == list(
        item.requests
    )
