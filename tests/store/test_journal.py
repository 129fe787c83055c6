"""The journal: plans frozen, fixes held by one worker, steps written before their call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.store import FixRecord, PlanRecord, StepRecord, Store

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
STEP = StepRecord(
    "do", "Delete the own product", {"method": "DELETE", "path": "Products"}, [{"method": "POST"}]
)


@pytest.fixture
def plan(store: Store) -> str:
    fixes = tuple(
        FixRecord(f"fix-{key}", key, f"Product {key}", "safe", None, {"own": {"Id": 1}}, ["Linked."], (STEP,))
        for key in ("A", "B")
    )
    record = PlanRecord(
        "plan-1",
        "link-central",
        "own-became-central",
        "webshop",
        NOW,
        "Els",
        None,
        {},
        [{"key": "C", "reason": "no"}],
        fixes,
    )
    store.journal.add_plan(record)
    return "plan-1"


def test_a_plan_comes_back_as_it_was_frozen(store: Store, plan: str) -> None:
    row = store.journal.plan(plan)
    assert row is not None
    assert (row["created_at"], row["not_planned"]) == (NOW, [{"key": "C", "reason": "no"}])
    fixes = store.journal.fixes(plan_id=plan)
    assert [(fix["key"], fix["check"], fix["state"]) for fix in fixes] == [
        ("A", "own-became-central", "planned"),
        ("B", "own-became-central", "planned"),
    ]
    assert "before" not in fixes[0]
    one = store.journal.fix("fix-A")
    assert one is not None
    assert one["before"] == {"own": {"Id": 1}}
    [step] = store.journal.steps("fix-A")
    assert (step["number"], step["state"], step["compensation"]) == (1, "planned", [{"method": "POST"}])


def test_a_fix_is_held_by_one_worker(store: Store, plan: str) -> None:
    journal = store.journal
    assert journal.claim("fix-A", "one", "Els", NOW)
    assert not journal.claim("fix-A", "two", "Jan", NOW)
    assert journal.heartbeat("fix-A", "one", NOW + timedelta(seconds=50))
    assert not journal.claim("fix-A", "two", "Jan", NOW + timedelta(seconds=100))
    assert journal.claim("fix-A", "two", "Jan", NOW + timedelta(seconds=111))
    assert not journal.heartbeat("fix-A", "one", NOW)
    assert not journal.finish("fix-A", "done", None, NOW, worker="one")
    assert journal.finish("fix-A", "done", None, NOW, worker="two")
    assert not journal.claim("fix-A", "three", "Jan", NOW + timedelta(days=1))


def test_a_fix_may_be_given_back_untouched(store: Store, plan: str) -> None:
    journal = store.journal
    journal.claim("fix-A", "one", "Els", NOW)
    journal.finish("fix-A", "planned", None, NOW, worker="one")
    fix = journal.fix("fix-A")
    assert fix is not None
    assert (fix["state"], fix["worker"], fix["started_at"]) == ("planned", None, None)


def test_steps_are_added_and_keep_their_answer(store: Store, plan: str) -> None:
    journal = store.journal
    journal.add_step("fix-A", 2, "compensate", "Put back", {"method": "POST"}, [], "sent", NOW)
    journal.update_step("fix-A", 2, "done", "HTTP 200", NOW)
    journal.update_step("fix-A", 2, "done", None, NOW)
    assert [(step["number"], step["state"], step["answer"]) for step in journal.steps("fix-A")] == [
        (1, "planned", None),
        (2, "done", "HTTP 200"),
    ]
    assert len(journal.steps_of(["fix-A", "fix-B"])["fix-B"]) == 1


def test_pictures_are_kept_once(store: Store) -> None:
    first = store.journal.put_blob(b"\xff\xd8picture")
    assert store.journal.put_blob(b"\xff\xd8picture") == first
    assert store.journal.blob(first) == b"\xff\xd8picture"
    with pytest.raises(KeyError):
        store.journal.blob("0" * 64)


def test_fixes_are_listed_newest_plan_first(store: Store, plan: str) -> None:
    later = FixRecord("fix-later", "A", None, "safe", None, {}, [], ())
    store.journal.add_plan(
        PlanRecord(
            "plan-2",
            "unlink",
            "linked-central-deleted",
            "other",
            NOW + timedelta(hours=1),
            "Jan",
            None,
            {},
            [],
            (later,),
        )
    )
    store.journal.claim("fix-B", "one", "Els", NOW)

    def listed(**filters: Any) -> list[str]:
        return [fix["id"] for fix in store.journal.fixes(**filters)]

    assert listed() == ["fix-later", "fix-A", "fix-B"]
    assert listed(limit=1) == ["fix-later"]
    assert listed(source="webshop") == ["fix-A", "fix-B"]
    assert listed(state="running") == ["fix-B"]
    assert listed(plan_id=plan, state=("planned", "done")) == ["fix-A"]
    assert [row["id"] for row in store.journal.plans()] == ["plan-2", "plan-1"]


def test_why_a_fix_was_not_begun_is_said_of_waiting_ones_only(store: Store, plan: str) -> None:
    store.journal.claim("fix-A", "one", "Els", NOW)
    store.journal.note(["fix-A", "fix-B"], "The shop cannot be reached.")
    assert [fix["message"] for fix in store.journal.fixes(plan_id=plan)] == [
        None,
        "The shop cannot be reached.",
    ]


def test_an_answer_with_a_nul_in_it_does_not_break_the_journal(store: Store, plan: str) -> None:
    store.journal.update_step("fix-A", 1, "failed", "cut\x00off", NOW)
    assert store.journal.steps("fix-A")[0]["answer"] == "cut\N{SYMBOL FOR NULL}off"


def test_a_plan_of_many_products_comes_back_whole(store: Store) -> None:
    fixes = tuple(
        FixRecord(f"fix-{number}", str(number), None, "safe", None, {}, [], (STEP, STEP))
        for number in range(2_000)
    )
    store.journal.add_plan(PlanRecord("big", "link-central", "x", "webshop", NOW, "Els", None, {}, [], fixes))
    steps = store.journal.steps_of([fix.id for fix in fixes])
    assert [fix["key"] for fix in store.journal.fixes(plan_id="big")] == [fix.key for fix in fixes]
    assert {len(of_one) for of_one in steps.values()} == {2}


def _plan_of(store: Store, name: str, source: str, *keys: str) -> None:
    fixes = tuple(FixRecord(f"{name}-{key}", key, None, "safe", None, {}, [], ()) for key in keys)
    store.journal.add_plan(
        PlanRecord(name, "link-central", "own-became-central", source, NOW, "Els", None, {}, [], fixes)
    )


@pytest.mark.parametrize("state", ["running", "needs_attention"])
def test_no_fix_is_begun_while_another_one_of_its_key_is_unfinished(
    store: Store, plan: str, state: str
) -> None:
    journal = store.journal
    _plan_of(store, "second", "webshop", "A", "B")
    _plan_of(store, "elsewhere", "other", "A")
    journal.claim("fix-A", "one", "Els", NOW)
    if state != "running":
        journal.finish("fix-A", state, None, NOW, "one")
    assert not journal.claim("second-A", "two", "Jan", NOW)
    assert journal.claim("second-B", "two", "Jan", NOW)
    assert journal.claim("elsewhere-A", "two", "Jan", NOW)
    journal.finish("fix-A", "done", None, NOW)
    assert journal.claim("second-A", "two", "Jan", NOW)


def test_two_unfinished_fixes_of_a_key_do_not_wait_for_each_other(store: Store, plan: str) -> None:
    _plan_of(store, "second", "webshop", "A")
    for fix in ("fix-A", "second-A"):
        store.journal.finish(fix, "needs_attention", None, NOW)
    assert store.journal.claim("second-A", "two", "Jan", NOW)
    assert not store.journal.claim("fix-A", "one", "Els", NOW)
