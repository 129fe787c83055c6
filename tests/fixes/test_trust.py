"""What a strict reader tried, and must not work: stale settings, a stop that is not heard, defects that block, a leave cut off."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks import jobs
from checks.errors import NotAllowed, ReadOnlySource
from checks.fixes import CLASSES, apply_plan, ask_worker, leave_as_is, resume, settle
from checks.fixes.shop import Shop
from checks.people import Person
from checks.settings import load_settings
from checks.store import Journal

ANN = Person("ann", "admin", "local")


def _rewritten(world: Any, old: str, new: str) -> None:
    """Somebody edits the settings file."""
    file: Path = world.settings.file
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    stamp = file.stat().st_mtime + 5
    os.utime(file, (stamp, stamp))


def _after_the_first_call(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any]) -> None:
    send, done = Shop.send, iter([do])

    def sending(shop: Shop, request: Any) -> Any:
        answer = send(shop, request)
        if (now := next(done, None)) is not None:
            now()
        return answer

    monkeypatch.setattr(Shop, "send", sending)


def test_a_source_made_read_only_meanwhile_gets_no_further_fix(
    make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(products=3)
    plan = world.plan()
    _after_the_first_call(
        monkeypatch, lambda: _rewritten(world, "first_page = 1", "first_page = 1\nread_only = true")
    )
    rows = world.apply(plan)
    assert [row["state"] for row in rows] == ["done", "planned", "planned"]
    assert "read_only = true" in rows[1]["message"]


def test_older_settings_do_not_write_to_what_is_read_only_by_now(make_world: Any) -> None:
    world = make_world()
    plan, sent = world.plan(), len(world.log)
    _rewritten(world, "first_page = 1", "first_page = 1\nread_only = true")
    with pytest.raises(ReadOnlySource):
        world.apply(plan)
    assert len(world.log) == sent


def test_who_loses_the_role_meanwhile_is_stopped(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(products=2)
    file: Path = world.settings.file
    file.write_text(f'{file.read_text()}\n[team]\nsign_in = true\n[team.people]\n"bob@x.be" = "fixer"\n')
    settings = load_settings(file)
    bob = Person("bob@x.be", "fixer", "sign-in")
    plan = world.plan()
    _after_the_first_call(
        monkeypatch, lambda: _rewritten(world, '"bob@x.be" = "fixer"', '"bob@x.be" = "viewer"')
    )
    rows = apply_plan(world.store, settings, plan.id, by=bob, classes=CLASSES)
    assert [row["state"] for row in rows] == ["done", "planned"]
    assert "bob@x.be may look, not apply fixes" in rows[1]["message"]
    with pytest.raises(NotAllowed):
        apply_plan(world.store, settings, plan.id, by=bob)


def test_a_stop_is_meant_for_who_waits_for_the_same_plan_too(
    make_world: Any, monkeypatch: pytest.MonkeyPatch, quick: Any
) -> None:
    world = make_world(products=4)
    plan, waiting = world.plan(), threading.Event()

    def poll(_: float) -> None:
        waiting.set()

    patient = type(quick)(**{**vars(quick), "sleep": poll})
    second = threading.Thread(target=lambda: world.apply(plan, patient))

    def stop() -> None:
        second.start()
        assert waiting.wait(30)
        assert ask_worker(world.store, world.settings, "webshop", "stop", by=ANN)

    _after_the_first_call(monkeypatch, stop)
    world.apply(plan, quick)
    second.join()
    assert [row["state"] for row in world.store.journal.fixes(plan_id=plan.id)] == ["done", *["planned"] * 3]
    assert [row["state"] for row in world.apply(plan, quick)] == ["done"] * 4


def test_a_defect_leaves_no_fix_held(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    plan, send = world.plan(), Shop.send

    def broken(shop: Shop, request: Any) -> Any:
        if request.path == "LinkProducts":
            raise KeyError("a defect")
        return send(shop, request)

    monkeypatch.setattr(Shop, "send", broken)
    with pytest.raises(KeyError):
        world.apply(plan)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert row["state"] == "needs_attention"
    assert settle(world.store, world.settings) == []
    monkeypatch.setattr(Shop, "send", send)
    assert [one["state"] for one in world.apply(plan)] == ["done"]


def test_a_leave_that_was_cut_off_is_not_carried_on(
    make_world: Any, monkeypatch: pytest.MonkeyPatch, after_a_crash: Any
) -> None:
    """Killed at either of its writes: what a person put right by hand is not touched."""
    world = make_world()
    plan = world.plan()
    world.sandbox.faults.add("POST *Products", "errors-200")
    world.apply(plan)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert row["state"] == "needs_attention"
    world.sandbox.faults.clear()
    sent = len(world.log)

    class Killed(BaseException):
        """The power went."""

    def dying(*_: Any, **__: Any) -> Any:
        raise Killed

    monkeypatch.setattr(type(world.store), "set_finding", dying)
    with pytest.raises(Killed):
        leave_as_is(world.store, world.settings, row["id"], by=ANN, because="Made anew by hand.")
    assert settle(world.store, world.settings, pace=after_a_crash) == []
    assert len(world.log) == sent


def test_one_source_that_is_read_only_does_not_keep_others_from_being_resumed(
    make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(products=1)
    plan = world.plan()
    other = world.source.model_copy(update={"name": "another", "read_only": True})
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    fixes = Journal.fixes
    begun = [{**row, "plan_id": "0", "source": "another"}, row]
    monkeypatch.setattr(Journal, "plan", _plans(world, plan, Journal.plan))
    monkeypatch.setattr(
        Journal,
        "fixes",
        lambda journal, **asked: (
            begun if "ids" not in asked and "plan_id" not in asked else fixes(journal, **asked)
        ),
    )
    settings = world.settings.model_copy(update={"sources": [world.source, other], "file": None})
    world.store.journal.finish(row["id"], "needs_attention", "Look.", plan.created_at)
    with pytest.raises(ReadOnlySource):
        resume(world.store, settings, by=ANN)
    assert [one["state"] for one in fixes(world.store.journal, plan_id=plan.id)] == ["done"]


def _plans(world: Any, plan: Any, real: Callable[..., Any]) -> Callable[..., Any]:
    """A plan of another source beside the real one."""

    def found(journal: Journal, plan_id: str) -> Any:
        row = real(journal, plan.id)
        return {**row, "id": "0", "source": "another"} if plan_id == "0" else real(journal, plan_id)

    return found


def test_another_choice_of_classes_is_another_work(make_world: Any) -> None:
    world = make_world()
    plan = world.plan()
    safe = jobs.start_apply(world.settings, plan.id, ANN, ("safe",))
    more = jobs.start_apply(world.settings, plan.id, ANN, ("safe", "confirm"))
    again = jobs.start_apply(world.settings, plan.id, ANN, ("confirm", "safe"))
    assert safe.id != more.id
    assert again.id == more.id or more.state != "running"
    for job in (safe, more, again):
        assert job.thread is not None
        job.thread.join(60)
    assert [row["state"] for row in world.store.journal.fixes(plan_id=plan.id)] == ["done"]


def test_done_that_does_not_show_yet_is_not_called_nothing(
    make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop whose GET lags behind: the product is neither given up nor said to be untouched."""
    world = make_world()
    plan, before = world.plan(), world.sandbox.dump()
    (key,) = [item.key for item in plan.items]
    own = Shop.own
    with world.client() as client:
        stale = client.own_product(key)

    monkeypatch.setattr(Shop, "own", lambda shop, number: stale if number == key else own(shop, number))
    (row,) = world.apply(plan)
    assert row["state"] == "needs_attention"
    assert "the shop said it was done, but it does not show" in row["message"]
    monkeypatch.setattr(Shop, "own", own)
    assert key not in world.sandbox.dump()["own"]
    assert [one["state"] for one in world.apply(plan)] == ["failed"]
    assert world.sandbox.dump() == before


def test_a_shop_that_asks_to_be_left_alone_for_long_is(make_world: Any, quick: Any) -> None:
    world = make_world()
    plan = world.plan()
    waits: list[float] = []
    world.sandbox.faults.add("DELETE Products", "429", retry_after=600)
    sent = len(world.log)
    pace = type(quick)(**{**vars(quick), "longest_busy": 120.0, "sleep": waits.append})
    (row,) = world.apply(plan, pace)
    assert row["state"] == "failed"
    assert "It asks to be left alone for 600 seconds." in row["message"]
    assert len(world.log) - sent == 1
