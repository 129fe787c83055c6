"""What people decide about problems of the error log, and how each of it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from checks.errors import UsageError
from checks.store import Store
from tests.store.error_logs import BRAND, NOW, TAKEN, happened, later, only, read, row, states

Decide = Callable[[Store, str], int]

DECISIONS: list[tuple[Decide, str]] = [
    (lambda store, one: store.errors.resolve(one, "ann", now=later(hours=1)), "resolved"),
    (lambda store, one: store.errors.ignore(one, "ann", more=5, now=later(hours=1)), "ignored"),
    (lambda store, one: store.errors.ignore(one, "ann", escalating=True, now=later(hours=1)), "ignored"),
    (
        lambda store, one: store.errors.ignore(one, "ann", until=later(days=9), now=later(hours=1)),
        "ignored",
    ),
    (
        lambda store, one: store.errors.ignore(one, "ann", for_ever=True, reason="known", now=later(hours=1)),
        "ignored",
    ),
]


def last(store: Store, ident: str) -> int:
    return int(store.errors.events(ident)["number"].to_list()[-1])


@pytest.fixture
def ident(store: Store) -> str:
    """A problem of one row."""
    read(store, row(1))
    return str(only(store)["id"])


@pytest.mark.parametrize(("decide", "state"), DECISIONS)
def test_each_decision_can_be_undone(store: Store, ident: str, decide: Decide, state: str) -> None:
    before = only(store)
    assert decide(store, ident) == 1
    assert only(store)["state"] == state
    assert store.errors.undo(last(store, ident), "bob", now=later(hours=2)) == 1
    assert only(store) == before
    assert happened(store) == ["new", state, "undone"]


def test_what_is_so_already_is_not_counted(store: Store, ident: str) -> None:
    assert store.errors.reopen(ident, "ann", now=NOW) == 0
    assert store.errors.resolve([ident, ident], "ann", now=NOW) == 1
    assert store.errors.resolve(ident, "ann", now=NOW) == 0
    assert store.errors.reopen(ident, "ann", reason="too early", now=NOW) == 1
    assert store.errors.events(ident)["detail"].to_list()[-1] == "Reopened: too early"


def test_nothing_is_decided_about_what_nobody_looked_at(store: Store, ident: str) -> None:
    store.errors.resolve(ident, "bob", now=NOW)
    assert store.errors.ignore(ident, "ann", escalating=True, seen={ident: "new"}, now=NOW) == 0
    assert store.errors.ignore(ident, "ann", escalating=True, seen={}, now=NOW) == 0
    assert states(store) == ["resolved"]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({}, "one of these"),
        ({"more": 3, "escalating": True}, "one of these"),
        ({"more": 0}, "At least 1"),
        ({"until": NOW - timedelta(days=1)}, "is past"),
        ({"for_ever": True, "reason": " "}, "say why"),
    ],
)
def test_terms_that_make_no_sense(store: Store, ident: str, terms: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        store.errors.ignore(ident, "ann", now=NOW, **terms)


def test_assigned_and_taken_back(store: Store, ident: str) -> None:
    assert store.errors.assign(ident, "carl", "ann", now=NOW) == 1
    assert store.errors.assign(ident, "carl", "ann", now=NOW) == 0
    assert only(store)["assignee"] == "carl"
    store.errors.undo(last(store, ident), "ann", now=NOW)
    assert only(store)["assignee"] is None


def test_a_comment_changes_nothing_and_is_not_undone(store: Store, ident: str) -> None:
    assert store.errors.comment([ident], " asked the supplier ", "ann", now=NOW) == 1
    with pytest.raises(UsageError, match="changed nothing"):
        store.errors.undo(last(store, ident), "ann")
    with pytest.raises(UsageError, match="needs words"):
        store.errors.comment(ident, "  ", "ann")


def test_a_later_change_must_be_undone_first(store: Store, ident: str) -> None:
    store.errors.resolve(ident, "ann", now=NOW)
    first = last(store, ident)
    store.errors.assign(ident, "carl", "ann", now=NOW)
    store.errors.reopen(ident, "bob", now=NOW)
    second = last(store, ident)
    with pytest.raises(UsageError, match=r"a later change stands: “Reopened\.”"):
        store.errors.undo(first, "ann")
    assert store.errors.undo([first, second], "ann", now=NOW) == 2
    assert (only(store)["state"], only(store)["assignee"]) == ("new", "carl")
    with pytest.raises(UsageError, match="undone already"):
        store.errors.undo(first, "ann")


def test_what_a_run_did_can_be_undone_too(store: Store, ident: str) -> None:
    store.errors.resolve(ident, "ann", now=NOW)
    read(store, row(2, hours=-1), at=later(hours=2))
    store.errors.undo(last(store, ident), "ann", now=later(hours=2))
    read(store, row(2, hours=-1), at=later(hours=3))
    assert only(store)["state"] == "resolved", "the same row again is no news"


def pair(store: Store) -> tuple[str, str]:
    """An older and a younger problem."""
    read(store, row(1, hours=5), row(2, hours=4), row(3, TAKEN, hours=3))
    groups = store.errors.groups(state="all").sort("first_seen")["id"].to_list()
    return groups[0], groups[1]


def test_merged_stays_merged_and_what_comes_counts_there(store: Store) -> None:
    into, other = pair(store)
    assert store.errors.merge([other], into, "ann", now=NOW) == 1
    read(store, row(4, TAKEN), at=later(hours=1))
    assert (only(store)["id"], only(store)["rows"]) == (into, 4)
    found = store.errors.group(other)
    assert found is not None
    assert found["id"] == into
    assert store.errors.members(into)["rows"].sum() == 4
    store.errors.undo(last(store, into), "ann", now=NOW)
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {into: 2, other: 2}


def test_an_open_problem_does_not_vanish_in_a_closed_one(store: Store) -> None:
    into, other = pair(store)
    store.errors.resolve(into, "ann", now=NOW)
    store.errors.merge(other, into, "ann", now=NOW)
    assert only(store)["state"] == "new"
    store.errors.undo(last(store, into), "ann", now=NOW)
    assert store.errors.groups(state="all", ids=into)["state"].to_list() == ["resolved"]


def test_what_a_day_has_is_counted_at_once(store: Store) -> None:
    into, other = pair(store)

    def last_days() -> dict[str, int]:
        return dict(store.errors.groups(state="all").select("id", "last_day").iter_rows())

    before = last_days()
    assert before == {into: 2, other: 1}
    store.errors.merge(other, into, "ann", now=NOW)
    assert last_days() == {into: 3}
    store.errors.undo(last(store, into), "ann", now=NOW)
    assert last_days() == before


def test_merging_leaves_alone_what_nobody_looked_at(store: Store) -> None:
    into, other = pair(store)
    read(store, row(8, "Something else.", hours=2), at=later(minutes=1))
    (third,) = set(store.errors.groups(state="all")["id"]) - {into, other}
    seen = dict(store.errors.groups().select("id", "state").iter_rows())
    store.errors.resolve(other, "bob", now=NOW)
    assert store.errors.merge([other, third], into, "ann", now=NOW, seen=seen) == 1
    assert dict(store.errors.groups(state="all").select("id", "rows").iter_rows()) == {into: 3, other: 1}
    store.errors.resolve(into, "bob", now=NOW)
    with pytest.raises(UsageError, match="changed meanwhile"):
        store.errors.merge(other, into, "ann", now=NOW, seen=seen)
    assert len(store.errors.groups(state="all")) == 2


def test_who_looks_after_what_is_merged_looks_after_it_all(store: Store) -> None:
    into, other = pair(store)
    store.errors.assign(other, "carl", "ann", now=NOW)
    store.errors.merge(other, into, "ann", now=NOW)
    assert only(store)["assignee"] == "carl"
    assert "carl looks after it" in store.errors.events(into)["detail"].to_list()[-1]
    store.errors.undo(last(store, into), "ann", now=NOW)
    assert dict(store.errors.groups().select("id", "assignee").iter_rows()) == {into: None, other: "carl"}


def test_who_looks_after_it_already_stays(store: Store) -> None:
    into, other = pair(store)
    store.errors.assign(into, "dora", "ann", now=NOW)
    store.errors.assign(other, "carl", "ann", now=NOW)
    store.errors.merge(other, into, "ann", now=NOW)
    assert only(store)["assignee"] == "dora"


def test_rows_that_only_move_are_none_that_were_waited_for(store: Store) -> None:
    into, other = pair(store)
    store.errors.resolve(other, "ann", now=NOW)
    store.errors.ignore(into, "ann", more=2, now=NOW)
    store.errors.merge(other, into, "ann", now=NOW)
    store.errors.reopen(into, "ann", now=NOW)
    store.errors.undo(last(store, into), "ann", now=NOW)
    read(store, row(5), at=later(hours=1))
    assert only(store)["state"] == "ignored", "one of two"
    read(store, row(6), at=later(hours=2))
    assert only(store)["state"] == "ongoing"


def test_rows_that_came_in_between_do_count_when_a_decision_is_undone(store: Store, ident: str) -> None:
    store.errors.ignore(ident, "ann", more=3, now=NOW)
    store.errors.reopen(ident, "ann", now=NOW)
    number = last(store, ident)
    read(store, row(11), row(12), at=later(hours=1))
    store.errors.undo(number, "ann", now=later(hours=1))
    assert only(store)["state"] == "ignored"
    read(store, row(13), at=later(hours=2))
    assert only(store)["state"] == "ongoing", "the third"


def test_rows_that_came_in_between_do_count_when_a_merge_is_undone(store: Store) -> None:
    into, other = pair(store)
    store.errors.ignore(into, "ann", more=3, now=NOW)
    store.errors.merge(other, into, "ann", now=NOW)  # open, as the other is
    number = last(store, into)
    read(store, row(11), row(12), at=later(hours=1))
    store.errors.undo(number, "ann", now=later(hours=1))
    read(store, row(13), at=later(hours=2))
    found = dict(store.errors.groups(state="all").select("id", "state").iter_rows())
    assert found[into] == "ongoing", "the third"


def test_split_apart_again(store: Store) -> None:
    into, other = pair(store)
    store.errors.merge(other, into, "ann", now=NOW)
    part = store.errors.split(into, other, "ann", now=NOW)
    assert part == other
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {into: 2, other: 1}
    with pytest.raises(UsageError, match="leaves at least one"):
        store.errors.split(into, store.errors.members(into)["fingerprint"].to_list(), "ann")
    with pytest.raises(UsageError, match="no part of the problem"):
        store.errors.split(into, "nope", "ann")
    store.errors.undo(last(store, part), "ann", now=NOW)
    assert only(store)["rows"] == 3


def test_split_by_a_text_also_of_what_comes(store: Store, ident: str) -> None:
    read(store, row(2, body='{"WholesalerArticleNumber": "B2", "Job": "Nightly"}'), row(3))
    part = store.errors.split_by_text(ident, "nightly", "ann", now=NOW)
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {ident: 2, part: 1}
    read(store, row(4, body='{"Job": "NIGHTLY"}'), row(5), at=later(hours=1))
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {ident: 3, part: 2}
    (member,) = store.errors.members(part).to_dicts()
    assert (member["contains"], member["rows"]) == ("nightly", 2)
    store.errors.undo(last(store, part), "ann", now=NOW)
    assert only(store)["rows"] == 5


def test_a_text_that_takes_none_or_all_splits_nothing(store: Store, ident: str) -> None:
    for text in ("no such words", BRAND):
        with pytest.raises(UsageError, match="nothing was split off"):
            store.errors.split_by_text(ident, text, "ann")
