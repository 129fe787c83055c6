"""How a problem of the error log goes from state to state: by runs, by people, by fixes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.triage import states
from checks.triage.states import FRESH, OPEN, QUIET, STATES, Brought, GroupState, after_run, born

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def brought(**more: Any) -> Brought:
    """What a run brings a day after AT: nothing new, of a problem that is two days old."""
    return Brought(**({"now": AT + DAY, "rows": 10, "after": 0, "first_seen": AT - DAY} | more))


def become(was: GroupState, **more: Any) -> str:
    """The state after a run, or "-" where nothing changes."""
    change = after_run(was, brought(**more))
    return "-" if change is None else change[0].state


@pytest.mark.parametrize(
    ("was", "more", "then"),
    [
        ("new", {}, "-"),
        ("new", {"escalating": True}, "escalating"),
        ("new", {"first_seen": AT + DAY - FRESH}, "ongoing"),
        ("ongoing", {}, "-"),
        ("ongoing", {"after": 5}, "-"),
        ("ongoing", {"escalating": True}, "escalating"),
        ("escalating", {"escalating": True, "after": 5}, "-"),
        ("escalating", {}, "ongoing"),
        ("regressed", {"after": 5, "escalating": True}, "-"),
        ("regressed", {"now": AT + FRESH}, "ongoing"),
        ("regressed", {"now": AT + FRESH, "escalating": True}, "escalating"),
        ("resolved", {}, "-"),
        ("resolved", {"escalating": True}, "-"),
        ("resolved", {"after": 1}, "regressed"),
        ("fixed_unconfirmed", {"after": 1, "quiet_until": AT + DAY}, "regressed"),
        ("fixed_unconfirmed", {"quiet_until": AT + QUIET}, "resolved"),
        ("fixed_unconfirmed", {"quiet_until": AT + QUIET - timedelta(seconds=1)}, "-"),
        ("fixed_unconfirmed", {"now": AT + 9 * DAY, "quiet_until": None}, "-"),
    ],
)
def test_what_a_run_brings(was: str, more: dict[str, Any], then: str) -> None:
    assert become(GroupState(was, AT), **more) == then


@pytest.mark.parametrize(
    ("ignored", "more", "then"),
    [
        ({"ignored": "until", "ignored_until": AT + DAY}, {}, "ongoing"),
        ({"ignored": "until", "ignored_until": AT + 2 * DAY}, {"after": 99, "escalating": True}, "-"),
        ({"ignored": "more", "ignored_after": 10}, {"rows": 9, "escalating": True}, "-"),
        ({"ignored": "more", "ignored_after": 10}, {"rows": 10}, "ongoing"),
        ({"ignored": "escalating"}, {"after": 99}, "-"),
        ({"ignored": "escalating"}, {"escalating": True}, "escalating"),
        ({"ignored": "for_ever"}, {"after": 99, "escalating": True, "rows": 10**6}, "-"),
    ],
)
def test_what_ends_that_it_is_ignored(ignored: dict[str, Any], more: dict[str, Any], then: str) -> None:
    assert become(GroupState("ignored", AT, **ignored), **more) == then


def test_the_first_sight() -> None:
    assert born(AT, AT + DAY, 3)[0] == GroupState("new", AT)
    state, event = born(AT, AT + 8 * DAY, 3)
    assert (state, event.name) == (GroupState("ongoing", AT + FRESH), "found")


def test_events_are_sentences() -> None:
    change = after_run(GroupState("resolved", AT), brought(after=3))
    assert change is not None
    assert change[1] == ("regressed", f"Came back: 3 rows since it was resolved on {states.day(AT)}.")


def test_what_a_fix_was_confirmed_by_counts_from_the_day_that_was_quiet() -> None:
    change = after_run(
        GroupState("fixed_unconfirmed", AT), brought(now=AT + 9 * DAY, quiet_until=AT + 3 * DAY)
    )
    assert change is not None
    assert change[0] == GroupState("resolved", AT + QUIET), (
        "a row that is found late and is later brings it back"
    )


@pytest.mark.parametrize("was", STATES)
def test_what_people_decide(was: str) -> None:
    state, now = GroupState(was, AT), AT + DAY
    assert (states.resolve(state, now) is None) is (was == "resolved")
    assert (states.reopen(state, now) is None) is (was in OPEN)
    assert (states.fixed(state, now, {"invalid-reference": 2}) is None) is (was not in OPEN)
    assert (states.fix_undone(state, now, "invalid-reference") is None) is (was != "fixed_unconfirmed")
    ignored = states.ignore(state, now, 40, more=5, reason="known")
    assert ignored is not None
    assert ignored[0] == GroupState("ignored", now, "more", ignored_after=45)
    assert ignored[1].detail == "Ignored until 5 rows more: known"


def test_ignored_twice_for_the_same_is_no_change() -> None:
    ignored = GroupState("ignored", AT, "escalating")
    assert states.ignore(ignored, AT + DAY, 40, escalating=True) is None
    assert states.ignore(ignored, AT + DAY, 40) is not None


def test_together_what_is_open_stays_open() -> None:
    closed, new, back = (GroupState(one, AT) for one in ("resolved", "new", "regressed"))
    assert states.gravest([closed, new, back]) == back
    assert states.gravest([new, back]) == new
    assert states.gravest([closed, GroupState("ignored", AT)]) == closed


STATE = st.builds(
    GroupState,
    st.sampled_from(STATES),
    st.just(AT),
    st.sampled_from(states.IGNORED),
    st.none() | st.just(AT + DAY),
    st.none() | st.integers(1, 20),
)
BROUGHT = st.builds(
    Brought,
    st.integers(0, 20).map(lambda days: AT + days * DAY),
    st.integers(1, 30),
    st.integers(0, 3),
    st.integers(0, 20).map(lambda days: AT - days * DAY),
    st.booleans(),
    st.none() | st.integers(0, 20).map(lambda days: AT + days * DAY),
)


@given(STATE, BROUGHT)
def test_the_same_run_again_changes_nothing_more(was: GroupState, run: Brought) -> None:
    change = after_run(was, run)
    if change is None:
        return
    # seen a second time, its rows are no new ones
    again = after_run(
        change[0], Brought(run.now, run.rows, 0, run.first_seen, run.escalating, run.quiet_until)
    )
    assert again is None or (change[0].state, again[0].state) == ("ongoing", "escalating")


@given(STATE)
def test_a_state_is_kept_and_restored_whole(was: GroupState) -> None:
    assert GroupState.of_json(was.as_json()) == was
