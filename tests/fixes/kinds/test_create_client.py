"""create-client: a client with its users and delivery addresses, all of it or nothing; whose they are stays out of what is said."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from checks.fixes import plan_new, plan_undo
from checks.fixes.shop import Shop
from checks.sandbox.oresto import routes_people
from checks.sources.oresto import bodies
from checks.sources.request import Request
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, item_of, lines, reason, refused
from tests.fixes.new_scenarios import New, client_of

Json = dict[str, Any]

_NUMBERS = count(1)


def client(world: World, users: int = 1, places: int = 1, **fields: Any) -> New:
    """One that no test has used."""
    number = f"KL-{next(_NUMBERS)}"
    return New(
        "onboarding", number, fix="create-client", given=client_of(world, number, users, places, **fields)
    )


def changed(arranged: New, part: str, **fields: Any) -> New:
    """The same with other fields in its first user or address."""
    first, *others = arranged.given[part]
    given = {**arranged.given, part: [{**first, **fields}, *others]}
    return New("onboarding", arranged.key, fix="create-client", given=given)


def test_what_it_plans(world: World) -> None:
    arranged = client(world, users=2, places=2)
    plan = arranged.plan(world)
    item = item_of(plan)
    assert (plan.check, item.finding_id, item.klass, item.title) == (
        "onboarding",
        None,
        "confirm",
        "Bistro De Zwarte Zwaan",
    )
    assert lines(plan) == [
        "POST /Clients",
        *["POST /Users"] * 2,
        *["POST /ClientLocations"] * 2,
    ]
    assert item.consequences[0] == "New: the client, 2 users and 2 delivery addresses."
    assert "a password that nobody knows and that is kept nowhere" in item.consequences[1]


def test_without_users_it_is_safe_and_says_what_lacks(world: World) -> None:
    item = item_of(client(world, users=0, places=0).plan(world))
    assert (item.klass, len(item.requests)) == ("safe", 1)
    assert item.consequences[1:] == (
        "Nobody can log in for it yet: client-without-user finds it.",
        "It has no delivery address: client-without-location finds it.",
    )


def test_only_the_client_is_new_and_undoing_takes_it_away(world: World) -> None:
    arranged = client(world, users=2, places=2)
    plan, before = arranged.plan(world), world.sandbox.dump(ids=True)
    row = done(world, plan)
    after = world.sandbox.dump(ids=True)
    parts = {
        part: [one for one in after[part] if one not in before[part]]
        for part in ("clients", "users", "locations")
    }
    assert {part: len(rows) for part, rows in parts.items()} == {"clients": 1, "users": 2, "locations": 2}
    assert {one["client_number"] for part in ("users", "locations") for one in parts[part]} == {arranged.key}
    others = set(after) - set(parts)
    assert {part: after[part] for part in others} == {part: before[part] for part in others}
    done(world, plan_undo(world.store, world.settings, [row["id"]], by=ANN))
    assert world.sandbox.dump(ids=True) == before


def test_planning_and_applying_twice(world: World) -> None:
    arranged = client(world)
    plan, twin = arranged.plan(world), arranged.plan(world)
    done(world, plan)
    sent = len(world.log)
    world.apply(plan)
    assert len(world.log) == sent
    assert refused(world, twin) == "somebody has created it since the plan: the client is there."
    assert reason(arranged.plan(world)) == "It is there already, as wanted."


def test_one_that_is_there_in_another_way_names_the_fields_only(world: World) -> None:
    arranged = client(world)
    done(world, arranged.plan(world))
    moved = changed(arranged, "locations", StreetName="Elders")
    given = {**moved.given, "client": {**moved.given["client"], "Name": "Iets anders"}}
    said = reason(New("onboarding", arranged.key, fix="create-client", given=given).plan(world))
    assert said == (
        f"Client {arranged.key} is there already, in another way: differs in name; delivery address 1: not there. What differs "
        "is yours to change in the shop."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SegmentId": 999}, "Its segment 999 is not in the lookup table."),
        ({"Email": "nobody"}, "Email is no e-mail address."),
        ({"Name": None, "Active": None}, "It has no Active, Name."),
        ({"Location": None}, "It has no Location."),
        ({"Location": {"CountryCode": "BEL"}}, "Location CountryCode must have 2 characters, not 3."),
        ({"ClientNumber": "OTHER"}, "Its ClientNumber is OTHER, and not the key KL-"),
        ({"Vat": "BE0"}, "Vat is no field that the shop takes here."),
    ],
)
def test_what_the_shop_would_refuse_is_not_planned(world: World, fields: Json, said: str) -> None:
    assert reason(client(world, **fields).plan(world)).startswith(said)


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("users", {"Email": "no address"}, "User 1: Email is no e-mail address."),
        ("users", {"LanguageCode": None}, "User 1: It has no LanguageCode."),
        ("users", {"Password": "hunter2hunter2"}, "A user was given with a password: leave it out."),
        ("locations", {"Municipality": ""}, "Address 1: It has no Municipality."),
    ],
)
def test_what_is_wrong_with_its_users_and_addresses(world: World, part: str, fields: Json, said: str) -> None:
    plan = changed(client(world), part, **fields).plan(world)
    assert reason(plan).startswith(said)
    assert "hunter2" not in str(world.store.journal.plan(plan.id))


def test_another_shape_is_told(world: World) -> None:
    given = {"K1": {"client": "Bistro"}, "K2": {"users": []}, "K3": {**client_of(world, "K3"), "more": 1}}
    plan = plan_new(world.store, world.settings, "create-client", given, by=ANN)
    assert {why[:15] for _, why in plan.not_planned} == {'It must be {"cl'}


def test_the_same_user_or_address_twice(world: World) -> None:
    arranged = client(world, users=2, places=2)
    email = arranged.given["users"][1]["Email"].upper()
    assert reason(changed(arranged, "users", Email=email).plan(world)).startswith("User 1 and 2 are the same")
    street = arranged.given["locations"][1]["StreetName"]
    said = reason(changed(arranged, "locations", StreetName=street).plan(world))
    assert said.startswith("Address 1 and 2 are the same")


def test_an_e_mail_that_logs_in_for_another_client(world: World) -> None:
    user = world.rows("Users")[0]
    arranged = changed(client(world), "users", Email=user["Email"].upper())
    said = reason(arranged.plan(world))
    assert said.startswith(
        f"The e-mail of user 1 is taken: a user of client {user['Client']['ClientNumber']} has it."
    )
    assert user["Email"] not in said


def test_two_clients_of_a_plan_with_the_same_user_the_first_only(world: World) -> None:
    first, second = client(world), client(world)
    second = changed(second, "users", Email=first.given["users"][0]["Email"])
    given = {one.key: one.given for one in (first, second)}
    plan = plan_new(world.store, world.settings, "create-client", given, by=ANN)
    assert [item.key for item in plan.items] == [first.key]
    assert plan.not_planned[0][1].startswith(
        f"Client {first.key} of this plan has a user with the same e-mail"
    )


def test_an_e_mail_that_was_taken_since_the_plan(world: World) -> None:
    arranged, other = client(world), client(world)
    plan = arranged.plan(world)
    done(world, changed(other, "users", Email=arranged.given["users"][0]["Email"]).plan(world))
    assert refused(world, plan) == "the e-mail of user 1 was taken since the plan: a user has it."


def test_a_user_that_is_refused_takes_the_client_back(world: World) -> None:
    arranged = client(world, users=2)
    plan, before = arranged.plan(world), world.sandbox.dump(ids=True)
    world.sandbox.faults.add("POST Users", "errors-200", after=1)
    (row,) = world.apply(plan)
    assert (row["state"], world.sandbox.dump(ids=True)) == ("failed", before)
    assert row["message"].startswith("Put back as it was: Create user 2 of client")


def test_an_e_mail_that_is_taken_while_it_is_made_takes_the_client_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = client(world)
    plan, send = arranged.plan(world), Shop.send
    other = world.rows("Clients")[0]["ClientNumber"]
    theirs = {**arranged.given["users"][0], "ClientNumber": other, "Password": "x" * 12}

    def late(shop: Shop, request: Request) -> Any:
        if request.path == "Users":
            monkeypatch.setattr(Shop, "send", send)
            world.write(Request("POST", "Users", {}, theirs))
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", late)
    (row,) = world.apply(plan)
    assert row["state"] == "failed"
    assert row["message"].startswith("Put back as it was: Create user 1 of client")
    assert theirs["Email"] not in row["message"]
    state = world.sandbox.dump()
    assert arranged.key not in {one["number"] for one in state["clients"]}
    assert {one["client_number"] for one in state["users"] if one["email"] == theirs["Email"]} == {other}


def test_an_address_whose_answer_never_came_is_not_there_twice(world: World) -> None:
    arranged = client(world, places=2)
    plan = arranged.plan(world)
    world.sandbox.faults.add("POST ClientLocations", "reset-after", times=1)
    done(world, plan)
    theirs = [one for one in world.sandbox.dump()["locations"] if one["client_number"] == arranged.key]
    assert len(theirs) == 2


def test_the_lists_of_clients_and_users_are_read_once_for_what_was_sent(world: World) -> None:
    """They can only be had whole: each is read at first, and after the call that changes it."""
    several = [client(world, users=2, places=2) for _ in range(5)]
    given = {one.key: one.given for one in several}
    plan = plan_new(world.store, world.settings, "create-client", given, by=ANN)
    asked = len(world.sandbox.log)
    assert {row["state"] for row in world.apply(plan)} == {"done"}
    reads = Counter(str(one[1]) for one in world.sandbox.log[asked:] if one[0] == "GET")
    assert reads["/api/Clients"] + reads["Clients"] == 1 + 5
    assert reads["/api/Users"] + reads["Users"] == 1 + 5 * 2


def late_address(world: World, arranged: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody enters the same address with a phone number just before ours is sent."""
    send = Shop.send
    theirs = {**arranged.given["locations"][0], "ClientNumber": arranged.key, "PhoneNumber": "050 11 22 33"}

    def late(shop: Shop, request: Request) -> Any:
        if request.path == "ClientLocations":
            monkeypatch.setattr(Shop, "send", send)
            world.write(Request("POST", "ClientLocations", {}, theirs))
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", late)


def test_an_address_that_somebody_else_made_is_left_and_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = client(world)
    plan = arranged.plan(world)
    late_address(world, arranged, monkeypatch)
    row = done(world, plan)
    theirs = [one for one in world.sandbox.dump()["locations"] if one["client_number"] == arranged.key]
    assert len(theirs) == 2
    assert "delivery address 1. They are left as they are." in str(world.steps(row)[-1]["answer"])


def test_putting_back_leaves_a_client_to_which_somebody_gave_such_an_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = client(world, places=2)
    plan = arranged.plan(world)
    late_address(world, arranged, monkeypatch)
    world.sandbox.faults.add("POST ClientLocations", "errors-200", after=2)
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "The client has meanwhile 1 other delivery address: it stays." in row["message"]
    theirs = [one for one in world.sandbox.dump()["locations"] if one["client_number"] == arranged.key]
    assert len(theirs) == 2


@pytest.mark.parametrize("meddle", ["renamed", "order", "price", "order list", "user", "address"])
def test_undo_leaves_a_client_that_others_have_touched(world: World, meddle: str) -> None:
    arranged = client(world)
    row = done(world, arranged.plan(world))
    trade, key = world.sandbox.shop.trade, arranged.key
    article = next(iter(world.sandbox.shop.own))
    if meddle == "renamed":
        trade.clients[key].name, said = "Chez Nous", "It changed since it was created: differs in name."
    elif meddle == "order":
        next(iter(trade.orders.values())).client_number, said = (
            key,
            "The client has meanwhile 1 order: it stays.",
        )
    elif meddle == "price":
        price = {"WholesalerArticleNumber": article, "ClientNumber": key, "IsExlusive": False}
        world.write(bodies.add_client_price({**price, "SalesPriceList": 1.0}))
        said = "The client has meanwhile 1 client price: it stays."
    elif meddle == "order list":
        world.write(bodies.add_order_list_item(key, article))
        said = "The client has meanwhile 1 article on its order list: it stays."
    elif meddle == "user":
        user = {**arranged.given["users"][0], "ClientNumber": key, "Email": f"x{key}@y.example"}
        world.write(Request("POST", "Users", {}, {**user, "Password": "x" * 12}))
        said = "The client has meanwhile 1 other user: it stays."
    else:
        place = {**arranged.given["locations"][0], "ClientNumber": key, "StreetName": "Elders"}
        world.write(Request("POST", "ClientLocations", {}, place))
        said = "The client has meanwhile 1 other delivery address: it stays."
    before = world.sandbox.dump(ids=True)
    assert reason(plan_undo(world.store, world.settings, [row["id"]], by=ANN)).startswith(said)
    assert world.sandbox.dump(ids=True) == before


def test_the_password_is_nowhere(
    make_world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each user gets one of its own, also where the shop says it back in a refusal."""
    world, given, made = make_world(products=0), [], routes_people._user_from

    def telling(desk: Any, values: Any) -> Any:
        given.append(values["Password"])
        if len(given) == 2:
            raise routes_people.Refusal(model_errors=[("user.Password", f"{values['Password']} is too odd")])
        return made(desk, values)

    monkeypatch.setattr(routes_people, "_user_from", telling)
    arranged = client(world, users=2)
    (row,) = world.apply(arranged.plan(world))
    assert row["state"] == "failed"
    assert "*** is too odd" in row["message"]
    assert len(set(given)) == 2
    assert all(len(one) > 30 for one in given)
    kept = json.dumps([row, world.steps(row), world.store.journal.fix(row["id"])], default=str)
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    for password in given:
        assert password not in kept
        assert password not in caplog.text
        assert not any(password.encode() in data for data in files)


def test_what_the_shop_says_of_people_is_masked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    arranged = client(world)
    plan = arranged.plan(world)
    email = arranged.given["users"][0]["Email"]

    def refuse(key: str, email: str, taken: Any) -> None:
        raise routes_people.Refusal(
            errors=[f"Godelieve of Zwanenlaan ({email}) is known, as is rik@zee.example."]
        )

    monkeypatch.setattr(routes_people, "_check_free", refuse)
    (row,) = world.apply(plan)
    said = json.dumps([row["message"], [step["answer"] for step in world.steps(row)]])
    assert row["state"] == "failed"
    for word in (email, "Godelieve", "Zwanenlaan", "rik@"):
        assert word not in said
    assert "***@zee.example" in said
