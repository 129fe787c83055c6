"""create-link: an article number that the shop lacks is linked to a central product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from checks.fixes import Plan, plan_new, plan_undo
from checks.sandbox.oresto.rows import Central
from checks.sandbox.oresto.shapes import Shapes
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, item_of, lines, reason, refused
from tests.fixes.new_scenarios import New, code, free_central, link_of, own_of, sold

Json = dict[str, Any]


def number(world: World) -> str:
    """An article number that no test has used."""
    return f"L{len(world.log) + len(world.sandbox.dump()['linked'])}"


def link(world: World, key: str | None = None, **fields: Any) -> New:
    (row,) = free_central(world)
    return New("onboarding", key or number(world), fix="create-link", given={**link_of(row), **fields})


def why_not(world: World, **fields: Any) -> str:
    return reason(link(world, **fields).plan(world))


def test_what_it_plans(world: World) -> None:
    arranged = link(world)
    plan = arranged.plan(world)
    item = item_of(plan)
    assert (plan.check, plan.kind, item.finding_id, item.klass) == ("onboarding", "do", None, "safe")
    assert lines(plan) == ["POST /LinkProducts"]
    assert item.compensation[0].line == f"DELETE /Products?WholesalerArticleNumber={arranged.key}"
    assert item.consequences[0].startswith(f"New: article {arranged.key}, with the texts, photo, brand")
    assert item.consequences[1].startswith(
        "Sold: list price 4.95 per ST, promo 3.5 from 05/01/2026 until 31/07/2026"
    )


def test_only_the_link_is_new_and_undoing_takes_it_away(world: World) -> None:
    arranged = link(world)
    plan, before = arranged.plan(world), world.sandbox.dump()
    row = done(world, plan)
    after = world.sandbox.dump()
    linked = after["linked"].pop(arranged.key)
    assert (linked["EanCode"], linked["SalesPriceList"], linked["SalesPriceListPromo"]) == (
        arranged.given["EanCode"],
        4.95,
        3.5,
    )
    assert after == before
    undo = plan_undo(world.store, world.settings, [row["id"]], by=ANN)
    done(world, undo)
    assert world.sandbox.dump() == before
    assert world.store.journal.fix(row["id"])["state"] == "undone"


def test_by_a_suppliers_article_code(world: World) -> None:
    shop = world.sandbox.shop
    row = next(one for one in free_central(world, 200) if one.suppliers)
    supplier, article = row.suppliers[0]
    given = sold(Supplier={"Id": supplier, "ArticleCode": article, "IsPackageProduct": row.is_package})
    plan = New("onboarding", number(world), fix="create-link", given=given).plan(world)
    done(world, plan)
    assert shop.linked[plan.items[0].key].central_id == row.id


def test_an_ean_in_another_form_is_sent_as_the_central_list_writes_it(world: World) -> None:
    (row,) = free_central(world)
    assert row.ean is not None
    arranged = link(world, EanCode=row.ean.zfill(14))
    plan = arranged.plan(world)
    assert item_of(plan).requests[0].body["EanCode"] == row.ean
    done(world, plan)


def test_planning_and_applying_twice(world: World) -> None:
    arranged = link(world)
    plan, twin = arranged.plan(world), arranged.plan(world)
    row, sent = done(world, plan), len(world.log)
    assert world.apply(plan)[0]["message"] == row["message"]
    assert len(world.log) == sent
    assert refused(world, twin).startswith(
        f"somebody has created it since the plan. Article {arranged.key} is a linked product (EAN"
    )
    assert reason(arranged.plan(world)) == "It is there already, as wanted."


def test_one_that_is_there_in_another_way_names_the_difference(world: World) -> None:
    arranged = link(world)
    done(world, arranged.plan(world))
    dearer = New("onboarding", arranged.key, fix="create-link", given={**arranged.given, "SalesPriceList": 6})
    assert "(wanted -> found): list price: 6 -> 4.95." in reason(dearer.plan(world))


def test_an_own_product_under_that_number(world: World) -> None:
    key = world.untouched()[0]
    assert reason(link(world, key).plan(world)).startswith(f"Article {key} is an own product (EAN")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"UnitSalesPrice": "XXX"}, "Its unit sales price XXX is not in the lookup table."),
        ({"EanCode": "5400000000004"}, "Its EAN 5400000000004 is no valid GTIN"),
        ({"EanCode": code(1)}, f"No central product has EAN {code(1)}."),
        ({"EanCode": "2000000000008"}, "Its EAN 2000000000008 is an in-store number"),
        ({"EanCode": None}, "It has neither EanCode nor Supplier"),
        (
            {"Supplier": {"Id": 1, "ArticleCode": "X", "IsPackageProduct": False}},
            "It has both EanCode and Supplier",
        ),
        ({"Active": None, "UnitSalesPrice": " "}, "It has no Active, UnitSalesPrice."),
        ({"SalesPriceList": "4,95"}, "SalesPriceList is no number."),
        ({"SalesPriceList": -1}, "SalesPriceList must be between 0 and 1e+16."),
        ({"Price": 4.95}, "Price is no field that the shop takes here."),
        ({"PromoValidFrom": "soon"}, "PromoValidFrom is no date."),
        ({"WholesalerArticleNumber": "B"}, "Its WholesalerArticleNumber is B, and not the key"),
    ],
)
def test_what_the_shop_would_refuse_is_not_planned(world: World, fields: Json, said: str) -> None:
    assert why_not(world, **fields).startswith(said)


def test_everything_that_is_wrong_is_named_at_once(world: World) -> None:
    said = why_not(
        world, OnOrder=None, OrderQuantity="6", WholesalerProductLocalizations=[{"Information": "x"}]
    )
    assert said.startswith(
        "It has no OnOrder; it has no WholesalerProductLocalizations 1 LanguageCode; OrderQuantity is no number."
    )


def test_forbidden_signs_in_the_article_number(world: World) -> None:
    said = reason(link(world, "A/1").plan(world))
    assert said.startswith("Its article number holds /, which the shop refuses on creation.")


def test_a_central_product_that_another_article_uses(world: World) -> None:
    arranged = link(world)
    done(world, arranged.plan(world))
    other = New("onboarding", f"{arranged.key}-2", fix="create-link", given=arranged.given)
    assert f"is linked already, as article {arranged.key}: it can be linked once." in reason(
        other.plan(world)
    )


def test_an_own_product_with_that_ean(world: World) -> None:
    key = world.rich()  # its article is central
    ean = world.sandbox.dump()["own"][key]["EanCode"]
    said = why_not(world, EanCode=ean)
    assert said.startswith(f"Own product {key} has the same EAN {ean}")
    assert "link-central" in said


def test_two_keys_to_one_central_product_the_first_only(world: World) -> None:
    arranged = link(world)
    given = {f"{arranged.key}-{place}": arranged.given for place in (1, 2)}
    plan = plan_new(world.store, world.settings, "create-link", given, by=ANN)
    assert [item.key for item in plan.items] == [f"{arranged.key}-1"]
    assert plan.not_planned[0][1].startswith(f"Article {arranged.key}-1 of this plan links to the same")


def test_a_central_product_that_went_since_the_plan(world: World) -> None:
    arranged = link(world)
    plan = arranged.plan(world)
    world.sandbox.delete_central(arranged.given["EanCode"])
    assert f"central product {arranged.given['EanCode']}: there -> gone" in refused(world, plan)


def test_a_central_product_that_somebody_else_linked_since_the_plan(world: World) -> None:
    arranged = link(world)
    plan = arranged.plan(world)
    other = {**bodies.new_body(arranged.given), "WholesalerArticleNumber": f"{arranged.key}-X"}
    world.write(bodies.create_linked(other))
    assert f"is linked already, as article {arranged.key}-X" in refused(world, plan)


def test_one_that_somebody_created_since_the_plan(world: World) -> None:
    arranged = link(world)
    plan = arranged.plan(world)
    world.write(bodies.create_own({**own_of(world, 77), "WholesalerArticleNumber": arranged.key}))
    said = refused(world, plan)
    assert (
        said
        == f"somebody has created it since the plan. Article {arranged.key} is an own product (EAN {code(77)})."
    )


@pytest.fixture
def twin(world: World) -> Iterator[Callable[..., Central]]:
    """Gives another central product like this one, to which their EAN leads from then on; deletes it at the end."""
    shop, made = world.sandbox.shop, []

    def make(row: Central, **facts: Any) -> Central:
        made.append(replace(row, id=shop.next_central_id(), **facts))
        shop.add_central(made[-1])
        return made[-1]

    yield make
    for row in made:
        for article in list(shop.links.get(row.id, ())):
            shop.remove_product(article)
        shop.set_central(row, deleted=True)


@pytest.fixture
def shared(world: World, twin: Callable[..., Central]) -> tuple[Central, Central, New]:
    """Two central products of one EAN, which leads to the second; and what is to be linked by it."""
    first = next(one for one in free_central(world, 200) if one.suppliers)
    second = twin(first, name_nl="Oude kaas", suppliers=((first.suppliers[0][0], "TWIN"),))
    return first, second, New("onboarding", number(world), fix="create-link", given=link_of(first))


def chosen(world: World, arranged: New, id_: int) -> Plan:
    given, products = {arranged.key: arranged.given}, {arranged.key: id_}
    return plan_new(world.store, world.settings, "create-link", given, by=ANN, products=products)


def test_an_ean_that_leads_to_another_central_product_than_was_chosen(
    world: World, shared: tuple[Central, Central, New]
) -> None:
    first, second, arranged = shared
    assert reason(chosen(world, arranged, first.id)) == (
        f"EAN {first.ean} leads to central product {second.id}, not to {first.id} that was chosen; link it by a supplier's "
        "code, or in the shop itself."
    )
    supplier, article = first.suppliers[0]
    given = sold(Supplier={"Id": supplier, "ArticleCode": article, "IsPackageProduct": first.is_package})
    by_supplier = New("onboarding", arranged.key, fix="create-link", given=given)
    assert "leads to central product" in reason(chosen(world, by_supplier, second.id))
    plan = chosen(world, by_supplier, first.id)
    done(world, plan)
    assert world.sandbox.shop.linked[arranged.key].central_id == first.id


def test_an_ean_of_two_central_products_is_asked_where_the_list_is_read_whole(
    world: World, shared: tuple[Central, Central, New]
) -> None:
    first, second, arranged = shared
    many = {f"{arranged.key}-{place}": link_of(row) for place, row in enumerate(free_central(world, 60))}
    many = {key: body for key, body in many.items() if body["EanCode"] != first.ean}
    given = {arranged.key: arranged.given, **many}
    for id_, is_planned in ((first.id, False), (second.id, True)):
        products = {arranged.key: id_}
        plan = plan_new(world.store, world.settings, "create-link", given, by=ANN, products=products)
        assert (arranged.key in {item.key for item in plan.items}) is is_planned


def test_the_chosen_central_product_is_read_back(world: World, shared: tuple[Central, Central, New]) -> None:
    _, second, arranged = shared
    row = done(world, chosen(world, arranged, second.id))
    assert world.steps(row)[-1]["request"]["path"] == "central,linked,own"
    assert world.sandbox.shop.linked[arranged.key].central_id == second.id
    assert reason(chosen(world, arranged, second.id)) == "It is there already, as wanted."
    longer = {**arranged.given, "EanCode": second.ean.zfill(14)}
    again = New("onboarding", arranged.key, fix="create-link", given=longer)
    assert reason(chosen(world, again, second.id)) == "It is there already, as wanted."
    said = reason(chosen(world, arranged, second.id - 1))
    assert said.startswith("It is there already, in another way (wanted -> found): central product:")
    done(world, plan_undo(world.store, world.settings, [row["id"]], by=ANN))
    assert arranged.key not in world.sandbox.dump()["linked"]


@pytest.mark.parametrize("is_chosen", [True, False])
def test_an_ean_that_leads_to_another_central_product_since_the_plan(
    world: World, twin: Callable[..., Central], is_chosen: bool
) -> None:
    arranged = link(world)
    (row,) = free_central(world)
    plan = chosen(world, arranged, row.id) if is_chosen else arranged.plan(world)
    new = twin(row).id
    assert refused(world, plan) == (
        f"EAN {row.ean} leads to another central product since the plan: {row.id} -> {new}. Match it anew."
    )


def test_a_link_that_went_to_another_central_product_is_not_called_done(
    world: World, twin: Callable[..., Central], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop looks the code up itself: it may find another one than it shows."""
    arranged = link(world)
    (row,) = free_central(world)
    plan = chosen(world, arranged, row.id)
    shop, put = world.sandbox.shop, world.sandbox.shop.put_linked
    other = twin(row, deleted=True)

    def astray(linked: Any) -> None:
        put(replace(linked, central_id=other.id))

    monkeypatch.setattr(shop, "put_linked", astray)
    (ended,) = world.apply(plan)
    assert ended["state"] == "needs_attention"
    assert f"central product: {row.id} -> another one" in ended["message"]


def test_where_no_shop_shows_what_is_linked_to_it_the_name_must_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shapes.central

    def hiding(shapes: Shapes, row: Central) -> Json:
        return {**shown(shapes, row), "WholesalerProductInformation": None}

    monkeypatch.setattr(Shapes, "central", hiding)
    arranged = link(world)
    (central,) = free_central(world)
    row = done(world, chosen(world, arranged, central.id))
    assert f"does not show to which central product it is linked ({central.id} was chosen" in str(
        world.steps(row)[-1]["answer"]
    )


@pytest.mark.parametrize("meddle", ["price", "client price", "order"])
def test_undo_leaves_what_others_have_touched(world: World, meddle: str) -> None:
    arranged = link(world)
    row = done(world, arranged.plan(world))
    if meddle == "price":
        world.sandbox.change(arranged.key, SalesPriceListPromo=None, SalesPriceList=5.5)
        said = "list price: 4.95 -> 5.5"
    elif meddle == "client price":
        client = world.rows("Clients")[0]["ClientNumber"]
        price = {"WholesalerArticleNumber": arranged.key, "ClientNumber": client, "IsExlusive": False}
        world.write(bodies.add_client_price({**price, "SalesPriceList": 1.0}))
        said = f"price of client {client}: nothing -> new"
    else:
        order = next(iter(world.sandbox.shop.trade.orders.values()))
        order.lines = (*order.lines, type(order.lines[0])(arranged.key, 1, 4.95, 4.95, None))
        said = f"It was ordered meanwhile (order {order.number})"
    undo = plan_undo(world.store, world.settings, [row["id"]], by=ANN)
    assert said in reason(undo)
    assert arranged.key in world.sandbox.dump()["linked"]
