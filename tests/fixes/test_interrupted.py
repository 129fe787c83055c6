"""Ctrl+C: the product under way says what state it is in and can be carried on at once; the rest stays planned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.commands.common import stopping_gently
from checks.errors import Stopped
from checks.fixes.shop import Shop
from checks.progress import Progress
from checks.sources.request import Request
from checks.store import Journal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Cuts off at one call: `cut("LinkProducts", KeyboardInterrupt, after=True)`."""
    send, read = Shop.send, Shop.look

    def cut(path: str, error: type[BaseException], *, after: bool) -> None:
        def cutting(shop: Shop, request: Request) -> Any:
            if request.path != path:
                return send(shop, request)
            if after:
                send(shop, request)
            raise error

        def cutting_look(*_: Any) -> Any:
            raise error

        if path == "look":
            monkeypatch.setattr(Shop, "look", cutting_look)
        else:
            monkeypatch.setattr(Shop, "send", cutting)

    def mend() -> None:
        monkeypatch.setattr(Shop, "send", send)
        monkeypatch.setattr(Shop, "look", read)

    cut.mend = mend  # type: ignore[attr-defined]
    return cut


@pytest.mark.parametrize("error", [KeyboardInterrupt, Stopped])
@pytest.mark.parametrize("after", [False, True])
def test_cut_off_in_the_middle_it_says_where_and_goes_on_at_once(
    world: Any, key: str, cut: Any, only_linked: Callable[..., None], after: bool, error: type[BaseException]
) -> None:
    before, plan = world.sandbox.dump(), world.plan(key, world.take())
    cut("LinkProducts", error, after=after)
    with pytest.raises(error):
        world.apply(plan)
    first, second = world.store.journal.fixes(plan_id=plan.id)
    assert (first["state"], second["state"]) == ("needs_attention", "planned")
    assert "It was interrupted during: Link to central product" in first["message"]
    assert "it may or may not have been done" in first["message"]
    assert "neither an own nor a linked product" in first["message"]
    cut.mend()
    assert [row["state"] for row in world.apply(plan)] == ["done", "done"]
    only_linked(before, world.sandbox.dump(), first["key"], second["key"])


def test_cut_off_before_anything_was_sent_it_is_planned_again(world: Any, key: str, cut: Any) -> None:
    plan = world.plan(key)
    cut("look", KeyboardInterrupt, after=False)
    with pytest.raises(KeyboardInterrupt):
        world.apply(plan)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert (row["state"], row["message"]) == (
        "planned",
        "Not begun: it was interrupted before anything was sent.",
    )
    cut.mend()
    assert [row["state"] for row in world.apply(plan)] == ["done"]


def test_cut_off_while_an_answer_is_written_down_no_step_hangs(
    world: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The read-back stood as sent for ever in a fix that was not running any more."""
    plan = world.plan(key)

    def cutting(journal: Journal, fix_id: str, number: int, state: str, *rest: Any) -> None:
        (step,) = [one for one in journal.steps(fix_id) if one["number"] == number]
        if step["kind"] == "read-back" and state == "done":
            raise KeyboardInterrupt
        update(journal, fix_id, number, state, *rest)

    update = Journal.update_step
    monkeypatch.setattr(Journal, "update_step", cutting)
    with pytest.raises(KeyboardInterrupt):
        world.apply(plan)
    monkeypatch.setattr(Journal, "update_step", update)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert row["state"] == "needs_attention"
    assert [(one["kind"], one["state"]) for one in world.steps(row)][-1] == ("read-back", "unknown")
    assert [one["state"] for one in world.apply(plan)] == ["done"]


# signals


def test_the_first_signal_asks_to_stop_and_the_second_one_stops_at_once() -> None:
    progress, before = Progress(), signal.getsignal(signal.SIGINT)
    with stopping_gently(progress):
        signal.raise_signal(signal.SIGINT)
        assert progress.stopping
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_is_left_alone() -> None:
    seen: list[bool] = []

    def elsewhere() -> None:
        with stopping_gently(Progress()):
            seen.append(signal.getsignal(signal.SIGINT) is before)

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [True]


def keurmeester(world: Any, *arguments: str, program: tuple[str, ...] = ("-m", "checks")) -> Any:
    return subprocess.run(
        [sys.executable, *program, "fix", *arguments, "--config", str(world.settings.file)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


#: The command, in which the call to LinkProducts gets so many signals first.
SIGNALLED = """
import os, signal
from checks.cli import main
from checks.fixes.shop import Shop
send = Shop.send

def signalled(shop, request):
    if request.path == "LinkProducts":
        for _ in range({times}):
            os.kill(os.getpid(), signal.{name})
    return send(shop, request)

Shop.send = signalled
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_finishes_the_product_under_way(world: Any, key: str, name: str) -> None:
    plan = world.plan(key, world.take())
    program = ("-c", SIGNALLED.format(times=1, name=name))
    done = keurmeester(world, "apply", plan.id, "--yes", program=program)
    assert done.returncode == 3
    assert "Stopping after the product under way; press Ctrl+C again to stop at once" in done.stderr
    assert "1 not begun: stopped before. Apply the plan again later." in done.stderr
    rows = world.store.journal.fixes(plan_id=plan.id)
    assert [row["state"] for row in rows] == ["done", "planned"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")
def test_ctrl_c_twice_leaves_it_to_be_carried_on(world: Any, key: str) -> None:
    plan = world.plan(key)
    done = keurmeester(
        world, "apply", plan.id, "--yes", program=("-c", SIGNALLED.format(times=2, name="SIGINT"))
    )
    assert done.returncode == 130
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert (row["state"], "interrupted during: Link to central" in row["message"]) == (
        "needs_attention",
        True,
    )
    assert [row["state"] for row in world.apply(plan)] == ["done"]


def test_what_another_worker_holds_is_said(world: Any, key: str) -> None:
    plan = world.plan(key)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert world.store.journal.claim(row["id"], "another", "bob", datetime.now(UTC))
    done = keurmeester(world, "apply", plan.id, "--yes")
    assert done.returncode == 4
    assert "1 being carried out by another process." in done.stderr


def test_a_person_leaves_a_fix_as_it_is(world: Any, key: str) -> None:
    plan = world.plan(key)
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    early = keurmeester(world, "leave", row["id"], "--because", "Seen.")
    assert early.returncode == 4
    assert "is planned: only one that needs attention can be left" in early.stderr
    world.store.journal.finish(row["id"], "needs_attention", "Needs attention: look.", datetime.now(UTC))
    left = keurmeester(world, "leave", row["id"], "--because", "Made anew by hand.")
    assert left.returncode == 0, left.stderr
    (row,) = world.store.journal.fixes(plan_id=plan.id)
    assert row["state"] == "failed"
    assert "Made anew by hand. Before that: Needs attention: look." in row["message"]
