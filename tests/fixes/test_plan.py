"""Plans: what is frozen, what is left to a person and why, and that planning changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checks.errors import PlanUnusable, Stopped, UsageError
from checks.fixes import CLASSES, load_plan, make_plan
from checks.fixes.shop import Shop
from checks.people import Person
from checks.progress import Progress
from checks.sources.oresto.client import OrestoClient
from checks.sources.request import Request

ANN = Person("ann", "admin", "local")


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
    assert goes.startswith("Goes: its own ")
    assert "photo" in goes
    assert "texts (nld, fra)" in goes
    assert "list price 9.95" in carried
    assert "promo 8.5 from 05/01/2026 until 31/07/2026" in carried
    assert "promo text nld (Actie)" in carried
    assert kept == "Kept: 2 client prices, set again after linking."


def test_of_named_keys_too_only_what_is_safe_can_be_asked_for(world: Any, key: str) -> None:
    plan = make_plan(world.store, world.settings, "own-became-central", keys=[key], by=ANN, safe_only=True)
    assert [item.key for item in plan.items] == [key]
    assert load_plan(world.store, plan.id).classes == ("safe",)
    assert world.plan(key).classes == CLASSES


def test_a_plan_is_kept(world: Any, key: str) -> None:
    plan = world.plan(key)
    assert load_plan(world.store, plan.id) == plan


def test_everything_to_put_back_is_kept_with_the_plan(world: Any, key: str) -> None:
    (fix,) = world.store.journal.fixes(plan_id=world.plan(key).id)
    before = world.store.journal.fix(fix["id"])["before"]
    assert before["own"]["WholesalerArticleNumber"] == key
    kept = {
        photo["row"]["PhotoName"]: world.store.journal.blob(photo["sha256"]) for photo in before["photos"]
    }
    assert f"back of {key}".encode() in kept["back.jpg"]
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
        make_plan(world.store, world.settings, "own-became-central", keys=[key], by=ANN, progress=progress)
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
    with pytest.raises(UsageError, match=r"restricted-ean.*Fixable: .*own-became-central"):
        make_plan(world.store, world.settings, "restricted-ean", keys=None, by=ANN)


def test_an_unknown_option_is_named(world: Any) -> None:
    with pytest.raises(UsageError, match="has no option 'brand'"):
        make_plan(
            world.store, world.settings, "own-became-central", keys=None, by=ANN, options={"brand": "1"}
        )


def test_a_read_only_source_is_planned_and_says_so(make_world: Any) -> None:
    world = make_world()
    world.set_source(read_only=True)
    plan = world.plan()
    assert len(plan.items) == 1
    assert "applying it will be refused" in plan.notes[0]


# not planned: each reason


def test_an_article_number_that_would_be_refused(world: Any) -> None:
    key = truth(world, "forbidden-characters")[0]
    world.find(key)
    assert "which the shop refuses on creation. Give the product an article number" in reason(world.plan(key))


@pytest.mark.parametrize("kind", ["unit", "carton"])
def test_only_the_code_of_its_unit_or_carton_is_central(world: Any, kind: str) -> None:
    field = {"unit": "UnitProducts", "carton": "PackageProducts"}[kind]
    own = world.sandbox.dump()["own"]
    keys = [key for key in truth(world, "own-became-central") if own[key][field]]
    world.find(*keys)
    reasons = [text for _, text in world.plan(*keys).not_planned]
    assert any(text.startswith(f"Only the code of its {kind} is central") for text in reasons)


def test_an_in_store_number(world: Any, key: str) -> None:
    world.sandbox.change(key, EanCode="2000000000008")
    assert "in-store number" in reason(world.plan(key))


def test_a_product_that_is_gone(world: Any, key: str) -> None:
    world.sandbox.remove(key)
    assert reason(world.plan(key)).startswith("The product is gone.")


def test_a_product_that_is_linked_already(world: Any, key: str) -> None:
    world.apply(world.plan(key))
    world.find(key)
    assert reason(world.plan(key)).startswith("It is linked already.")


def test_no_central_product_any_more(world: Any, key: str) -> None:
    world.sandbox.delete_central(world.sandbox.dump()["own"][key]["EanCode"])
    assert reason(world.plan(key)).startswith("No central product has its code any more.")


def test_the_central_product_is_linked_under_another_number(world: Any) -> None:
    key = truth(world, "own-and-linked")[0]
    world.find(key)
    assert "delete your own (delete-own)" in reason(world.plan(key))


def test_a_product_found_own_and_linked(make_world: Any) -> None:
    """Also where the shop does not list who uses a central product: the finding of the other check is enough."""
    world = make_world()
    world.find(check="own-and-linked")
    assert reason(world.plan()).startswith("The same product is linked already (finding own-and-linked).")


@pytest.mark.parametrize("unit", [None, "XXX"])
def test_no_usable_unit_sales_price(world: Any, key: str, unit: str | None) -> None:
    world.sandbox.change(key, UnitSalesPrice=unit)
    assert "unit sales price" in reason(world.plan(key))


def test_two_own_products_of_one_central_product(make_world: Any) -> None:
    world = make_world(products=2)
    first, second = sorted(world.fresh)
    world.sandbox.change(second, EanCode=world.sandbox.dump()["own"][first]["EanCode"])
    plan = world.plan()
    assert [item.key for item in plan.items] == [first]
    assert plan.not_planned == ((second, plan.not_planned[0][1]),)
    assert plan.not_planned[0][1].startswith(f"{first} of this plan links to the same central product.")


def test_a_product_another_plan_has_not_finished_with(world: Any, key: str) -> None:
    plan = world.plan(key)
    world.sandbox.faults.add("POST LinkProducts", "errors-200", match=key)
    world.sandbox.faults.add("POST Products", "error-500", match=key)
    world.apply(plan)
    assert reason(world.plan(key)) == f"Plan {plan.id} has not finished with it: apply that plan again first."


def test_a_brand_that_is_gone(world: Any, key: str) -> None:
    """Deleted, it could not be put back: a link that fails would leave it nowhere."""
    world.sandbox.change(key, BrandId=77777)
    assert reason(world.plan(key)) == (
        "If linking failed, the shop would not take the product back, because its brand 77777 is not in the lookup table. "
        "Mend its brand first (set-reference)."
    )


def test_a_client_price_of_a_client_that_is_gone(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "Clients", "C10001")
    text = reason(world.plan(key))
    assert text.startswith("The price of client C10001 would be lost: there is no such client")
    assert text.endswith("Delete that client price, or mend its client, first.")


def without(patch: pytest.MonkeyPatch, path: str, *values: Any) -> None:
    """From now on the list at `path` lacks the rows that hold one of these values."""
    rows = Shop.rows

    def fewer(shop: Shop, asked: str) -> list[dict[str, Any]]:
        return [
            row for row in rows(shop, asked) if asked != path or not set(values) & {*map(str, row.values())}
        ]

    patch.setattr(Shop, "rows", fewer)


OWN, PHOTOS = "Products/GetByWholesalerArticleNumber", "ProductPhotos"


@pytest.mark.parametrize(
    ("path", "field", "value", "said"),
    [
        (OWN, "EanCode", 5410000000000, "got `int` - at `$.EanCode`"),
        (OWN, "Suppliers", {}, "got `object` - at `$.Suppliers`"),
        (OWN, "Suppliers", ["x"], "got `str` - at `$.Suppliers[0]`"),
        (OWN, "Categories", [None], "got `null` - at `$.Categories[0]`"),
        (OWN, "Localizations", "x", "got `str` - at `$.Localizations`"),
        (OWN, "Brand", {"Id": [1], "Name": "Some brand"}, "got `array` - at `$.Brand.Id`"),
        (PHOTOS, "PhotoUrl", 5, "got `int` - at `$.PhotoUrl`"),
        (PHOTOS, "PhotoUrl", "http://[x", "PhotoUrl is no address"),
        ("ClientProducts", "ClientNumber", ["C1"], "got `array` - at `$.ClientNumber`"),
    ],
)
def test_an_answer_of_an_odd_shape_leaves_that_product_alone(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch, path: str, field: str, value: Any, said: str
) -> None:
    other, read = world.fresh[0], OrestoClient.read

    def odd(client: OrestoClient, asked: str, params: Any, decode: Any) -> Any:
        found = read(client, asked, params, decode)
        rows = found if isinstance(found, list) else [found]
        for row in rows if asked == path else ():
            if row and row["WholesalerArticleNumber"] == key:
                row[field] = value
        return found

    monkeypatch.setattr(OrestoClient, "read", odd)
    plan = world.plan(key, other)
    assert [item.key for item in plan.items] == [other]
    ((left, why),) = plan.not_planned
    assert (left, said in why) == (key, True)
    assert "Mend that field in the shop first." in why


# confirm: what putting back could not restore


def consequence(plan: Any) -> str:
    (item,) = plan.items
    assert item.klass == "confirm"
    return str(item.consequences[-1])


def test_a_photo_that_cannot_be_read_back(make_world: Any) -> None:
    text = consequence(make_world(variant={"photo_urls": False}).plan())
    assert "photo back.jpg (the shop gives no picture for it)" in text


def test_a_carton(world: Any) -> None:
    own = world.sandbox.dump()["own"]
    cartons = [key for key in truth(world, "own-became-central") if own[key]["IsPackageProduct"]]
    world.find(*cartons)
    items = world.plan(*cartons).items
    assert {item.klass for item in items} == {"confirm"}
    assert "is a carton" in items[0].consequences[-1]


def test_the_plan_is_json(world: Any, key: str) -> None:
    (item,) = world.plan(key).items
    assert [Request.from_json(json.loads(json.dumps(one.as_json()))) for one in item.requests] == list(
        item.requests
    )
