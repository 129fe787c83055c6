"""delete-order-list-item: an article that does not exist leaves a client's list."""

from __future__ import annotations

from checks.sources.oresto import bodies
from tests.fixes.conftest import World
from tests.fixes.kinds.reading import done, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import unknown_on_order_list


def make(world: World, article: str) -> None:
    like = bodies.product_body(world.rows("Products")[0])
    world.write(bodies.create_own({**like, "WholesalerArticleNumber": article}))


def test_what_it_plans(world: World) -> None:
    arranged = unknown_on_order_list(world)
    client, _, article = arranged.key.partition("|")
    plan = planned(world, arranged)
    item = item_of(plan)
    assert lines(plan) == [
        f"DELETE /Clients/OrderListItems?ClientNumber={client}&WholesalerArticleNumber={article}"
    ]
    assert (item.klass, item.lost) == ("irreversible", ("Its place on the list.",))
    assert item.undo == "Cannot be undone: the shop takes no article on a list that it does not have."


def test_it_goes_and_the_others_stay_in_their_order(world: World) -> None:
    arranged = unknown_on_order_list(world)
    client, _, article = arranged.key.partition("|")
    plan = planned(world, arranged)
    before = world.sandbox.dump()["order_lists"]
    done(world, plan)
    after = world.sandbox.dump()["order_lists"]
    assert after == {**before, client: [one for one in before[client] if one != article]}
    assert world.status(arranged.key, arranged.check) == "fixed"


def test_one_that_is_off_already(world: World) -> None:
    arranged = unknown_on_order_list(world)
    client, _, article = arranged.key.partition("|")
    world.write(bodies.delete_order_list_item(client, article))
    assert reason(planned(world, arranged)).startswith("It is not on the list any more.")


def test_an_article_that_exists_by_now(world: World) -> None:
    arranged = unknown_on_order_list(world)
    make(world, arranged.key.partition("|")[2])
    assert reason(planned(world, arranged)).startswith("The article exists now")


def test_an_article_that_was_made_since_is_refused(world: World) -> None:
    arranged = unknown_on_order_list(world)
    plan = planned(world, arranged)
    make(world, arranged.key.partition("|")[2])
    assert "the article was made since the plan" in refused(world, plan)


def test_one_that_left_the_list_since_is_refused(world: World) -> None:
    arranged = unknown_on_order_list(world)
    client, _, article = arranged.key.partition("|")
    plan = planned(world, arranged)
    world.write(bodies.delete_order_list_item(client, article))
    assert "it left the order list since the plan" in refused(world, plan)


def test_without_the_clients_nobody_knows_whose_list_it_is(world: World) -> None:
    arranged = unknown_on_order_list(world)
    world.sandbox.faults.add("GET Clients", "errors-200")
    assert reason(planned(world, arranged)).startswith("Which clients exist cannot be read")
