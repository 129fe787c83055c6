"""upload-photo: pictures that a person gave, each once, and nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from checks.fixes import make_plan, plan_undo
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.shop import Shop
from checks.sources.oresto import bodies
from checks.sources.request import Request
from tests.fixes.conftest import ANN, World
from tests.fixes.kinds.reading import done, inputs, item_of, lines, planned, reason, refused
from tests.fixes.scenarios import no_photo, picture


def photos(world: World, key: str) -> list[tuple[str, str | None, str]]:
    rows = world.sandbox.dump()["photos"]
    return [
        (row["PhotoName"], row["LanguageCode"], row["Sha256"])
        for row in rows
        if row["WholesalerArticleNumber"] == key
    ]


def test_what_it_plans(world: World) -> None:
    plan = planned(world, no_photo(world))
    item = item_of(plan)
    assert lines(plan) == ["POST /ProductPhotos"] * 2
    assert (item.klass, item.lost) == ("safe", ())
    assert item.consequences == ("It gets 2 photos (photo 1.jpg and photo 2.jpg).",)
    assert item.undo == "2 photos (photo 1.jpg and photo 2.jpg) are deleted again."
    assert [request.line.rpartition("=")[2] for request in item.compensation] == [
        "photo+1.jpg",
        "photo+2.jpg",
    ]


def test_the_very_bytes_arrive_each_with_its_language(world: World) -> None:
    arranged = no_photo(world)
    done(world, planned(world, arranged))
    assert photos(world, arranged.key) == [
        ("photo 1.jpg", None, hashlib.sha256(picture(1).data).hexdigest()),
        ("photo 2.jpg", "fra", hashlib.sha256(picture(2).data).hexdigest()),
    ]
    assert world.status(arranged.key, arranged.check) == "fixed"


def test_no_picture_stands_in_the_journal(world: World) -> None:
    plan = planned(world, no_photo(world))
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    sent = [step["request"]["body"]["Photo"] for step in world.steps(row)]
    assert len(sent) == 2
    assert all(photo.startswith("sha256:") for photo in sent)


def test_a_photo_that_arrives_twice_is_there_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken for lost, it was carried out late, after it had been sent again."""
    arranged, send, first = no_photo(world), Shop.send, []

    def twice(shop: Shop, request: Request) -> Any:
        if request.path == "ProductPhotos" and not first:
            first.append(request)
            send(shop, request)
        return send(shop, request)

    plan = planned(world, arranged)
    monkeypatch.setattr(Shop, "send", twice)
    done(world, plan)
    assert [name for name, _, _ in photos(world, arranged.key)] == ["photo 1.jpg", "photo 2.jpg"]


def test_the_same_picture_is_kept_once(world: World) -> None:
    first, second = (as_option(world.store, [(picture(5), None)]) for _ in range(2))
    assert first == second


def test_it_asks_for_photos(world: World) -> None:
    arranged = no_photo(world)
    arranged.report(world)
    (asked,) = inputs(world, arranged)
    assert (asked.name, asked.kind) == ("photo", "photo")


def test_without_a_photo(world: World) -> None:
    arranged = no_photo(world)
    arranged.report(world)
    plan = make_plan(world.store, world.settings, arranged.check, keys=[arranged.key], by=ANN)
    assert reason(plan).startswith("No photo was given for it")


def test_with_a_photo_by_now(world: World) -> None:
    arranged = no_photo(world)
    _add(world, arranged.key)
    assert reason(planned(world, arranged)).startswith("It has a photo by now: theirs.jpg.")


def test_a_picture_that_is_not_kept(world: World) -> None:
    arranged = no_photo(world)
    photo = '[{"sha256": "none", "name": "gone.jpg"}]'
    assert reason(planned(world, arranged, photo=photo)) == (
        "The picture gone.jpg is not kept: give the file again."
    )


def test_a_product_that_is_gone(world: World) -> None:
    arranged = no_photo(world)
    world.sandbox.remove(arranged.key)
    assert reason(planned(world, arranged)).startswith("The product is gone.")


def test_a_photo_that_came_since_is_no_reason_for_another(world: World) -> None:
    arranged = no_photo(world)
    plan = planned(world, arranged)
    _add(world, arranged.key)
    assert "photo: nothing -> theirs.jpg" in refused(world, plan)


def test_a_product_that_went_since(world: World) -> None:
    arranged = no_photo(world)
    plan = planned(world, arranged)
    world.sandbox.remove(arranged.key)
    assert "the product is gone, or was linked, since the plan" in refused(world, plan)


def _add(world: World, key: str) -> None:
    body = {"WholesalerArticleNumber": key, "Photo": "QEA=", "PhotoName": "theirs.jpg"}
    world.write(bodies.add_photo(body))


def test_a_shop_that_writes_pictures_anew_has_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    arranged, read = no_photo(world), Shop.picture
    plan = planned(world, arranged)
    monkeypatch.setattr(Shop, "picture", lambda shop, photo: (read(shop, photo) or b"") + b"smaller")
    row = done(world, plan)
    (read_back,) = [step for step in world.steps(row) if step["kind"] == "read-back"]
    assert "There with another picture than was saved" in str(read_back)
    undo = plan_undo(world.store, world.settings, [row["id"]], by=ANN)
    assert "There with another picture than was saved" in reason(undo)


def test_a_shop_that_writes_pictures_anew_keeps_none_of_half_an_upload(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged, read = no_photo(world), Shop.picture
    plan = planned(world, arranged)
    monkeypatch.setattr(Shop, "picture", lambda shop, photo: (read(shop, photo) or b"") + b"smaller")
    world.sandbox.faults.add("POST ProductPhotos", "errors-200", after=1)
    (row,) = world.apply(plan)
    assert (row["state"], photos(world, arranged.key)) == ("failed", [])
