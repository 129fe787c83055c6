"""link-central on fifty products: all linked, all closed, nothing else moved, every call in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="module")
def fifty(world: Any) -> tuple[Any, list[str], dict[str, Any], list[dict[str, Any]], list[Any]]:
    """Fifty products linked: the world, their keys, the shop before, the journal's rows, the writes that were made."""
    keys = [world.take() for _ in range(50)]
    before, sent = world.sandbox.dump(), len(world.log)
    rows = world.apply(world.plan(*keys))
    return world, keys, before, rows, world.log[sent:]


def test_all_are_done(fifty: Any) -> None:
    _, keys, _, rows, _ = fifty
    assert [(row["key"], row["state"]) for row in rows] == [(key, "done") for key in keys]


def test_all_findings_are_closed(fifty: Any) -> None:
    world, keys, _, _, _ = fifty
    assert {world.status(key) for key in keys} == {"fixed"}
    assert world.events(keys[0]) == ["new", "fix-started", "fixed"]


def test_sold_as_before_and_nothing_else_moved(fifty: Any, only_linked: Callable[..., None]) -> None:
    world, keys, before, _, _ = fifty
    only_linked(before, world.sandbox.dump(), *keys)


def test_every_write_stands_in_the_journal(fifty: Any) -> None:
    world, _, _, rows, sent = fifty
    steps = [step for row in rows for step in world.steps(row) if step["kind"] == "do"]
    assert [(step["request"]["method"], step["request"]["path"]) for step in steps] == sent
    assert {step["state"] for step in steps} == {"done"}


def test_every_write_has_what_undoes_it(fifty: Any) -> None:
    world, keys, _, rows, _ = fifty
    undo = [[one["line"] for one in step["compensation"]] for step in world.steps(rows[0])]
    article = f"WholesalerArticleNumber={keys[0]}"
    assert undo[0][0] == "POST /Products"
    assert undo[0].count("POST /ProductPhotos") >= 2
    assert undo[0][-1] == "POST /ClientProducts/Multiple/AddOrUpdate"
    assert undo[1] == [f"DELETE /Products?{article}"]
    assert [line.partition("&ClientNumber=")[0] for line in undo[2]] == [
        f"DELETE /ClientProducts?{article}"
    ] * 2


def test_the_journal_ends_with_the_read_back(fifty: Any) -> None:
    world, _, _, rows, _ = fifty
    last = [world.steps(row)[-1] for row in rows]
    assert {(step["kind"], step["state"]) for step in last} == {("read-back", "done")}


def test_no_picture_stands_in_the_journal(fifty: Any) -> None:
    world, _, _, rows, _ = fifty
    photos = [
        one["body"]["Photo"]
        for step in world.steps(rows[0])
        for one in step["compensation"]
        if one["path"] == "ProductPhotos"
    ]
    assert photos
    assert all(photo.startswith("sha256:") for photo in photos)


def test_applying_again_sends_nothing(fifty: Any) -> None:
    world, _, _, rows, _ = fifty
    sent = len(world.log)
    again = world.apply(type("P", (), {"id": rows[0]["plan_id"]}))
    assert len(world.log) == sent
    assert again == rows


def test_without_an_ean_it_links_by_the_supplier_code(
    make_world: Any, only_linked: Callable[..., None]
) -> None:
    world = make_world()
    own = world.sandbox.dump()["own"]
    key = next(
        key
        for key, _ in sorted(world.sandbox.truth()["own-became-central"])
        if own[key]["EanCode"] is None and not own[key]["UnitProducts"] and not own[key]["PackageProducts"]
    )
    world.find(key)
    before = world.sandbox.dump()
    plan = world.plan(key)
    (row,) = world.apply(plan)
    supplier = before["own"][key]["Suppliers"][0]
    assert plan.items[0].requests[1].body["Supplier"]["ArticleCode"] == supplier["ArticleCode"]
    assert row["state"] == "done"
    only_linked(before, world.sandbox.dump(), key)


def test_a_server_that_deletes_links_elsewhere(make_world: Any) -> None:
    """The guide prints DELETE Products for a link; where that is wrong the setting says so (fact sheet 12)."""
    world = make_world(delete_linked_path="LinkProducts")
    plan = world.plan()
    (fix,) = world.store.journal.fixes(plan_id=plan.id)
    undo = world.steps(fix)[1]["compensation"]
    assert [one["line"] for one in undo] == [
        f"DELETE /LinkProducts?WholesalerArticleNumber={plan.items[0].key}"
    ]
