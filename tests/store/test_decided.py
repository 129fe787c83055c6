"""Accepting, snoozing, reopening and commenting: who, when, for which value, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.errors import UsageError
from checks.findings import FOUND, CheckResult, Seen, day_in_words, end_of_day
from checks.store import Store

DAY = timedelta(days=1)
RESULT = CheckResult("missing-photo", "webshop", "failed", 1, entities=9)

Run = Callable[..., str]
Found = Callable[..., pl.DataFrame]


def ids(store: Store, *keys: str) -> list[str]:
    return store.findings(key=keys, status="all").sort("key")["id"].to_list()


def statuses(store: Store) -> dict[str, str]:
    return dict(store.findings(status="all").select("key", "status").iter_rows())


def last_event(store: Store, key: str) -> dict[str, Any]:
    return store.events(ids(store, key)[0]).row(-1, named=True)


def finish(store: Store, found: pl.DataFrame, now: datetime) -> str:
    run_id = store.begin_run("full", "test")
    store.finish_run(run_id, "complete", "full", None, [], [RESULT], found, now)
    return run_id


def test_an_accepted_finding_is_open_no_longer_and_says_who_and_why(
    store: Store, run: Run, now: datetime
) -> None:
    run("A", "B")
    assert store.accept(ids(store, "A"), " It is sold loose. ", "Els", now=now + DAY) == 1
    assert statuses(store) == {"A": "accepted", "B": "new"}
    assert store.findings()["key"].to_list() == ["B"]
    decision = store.decisions().row(0, named=True)
    assert (decision["kind"], decision["reason"], decision["value"], decision["by"], decision["at"]) == (
        "accepted",
        "It is sold loose.",
        "x",
        "Els",
        now + DAY,
    )
    event = last_event(store, "A")
    assert (event["event"], event["detail"], event["by"], event["at"]) == (
        "accepted",
        "It is sold loose.",
        "Els",
        now + DAY,
    )


def test_it_stays_accepted_while_the_value_stays(store: Store, run: Run, now: datetime) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    again = run("A", now=now + DAY)
    assert statuses(store) == {"A": "accepted"}
    assert store.new_in(again).is_empty()


def test_another_value_brings_it_back_and_says_which(
    store: Store, run: Run, found: Found, now: datetime
) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    back = finish(store, found("A", value="y"), now + DAY)
    assert statuses(store) == {"A": "regressed"}
    assert last_event(store, "A")["detail"] == "accepted for x, now y"
    assert store.decisions().is_empty()
    ended = store.decisions(active=False).row(0, named=True)
    assert (ended["ended_why"], ended["ended_at"], ended["ended_by"]) == ("value-changed", now + DAY, None)
    assert store.new_in(back)["event"].to_list() == ["reopened"]


def test_a_value_that_is_not_there_is_a_value_too(store: Store, found: Found, now: datetime) -> None:
    without = found("A").with_columns(value=pl.lit(None, pl.String))
    finish(store, without, now)
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    finish(store, without, now + DAY)
    assert statuses(store) == {"A": "accepted"}
    finish(store, found("A"), now + 2 * DAY)
    assert last_event(store, "A")["detail"] == "accepted for nothing, now x"


def test_a_value_no_database_could_keep_does_not_change_every_run(
    store: Store, found: Found, now: datetime
) -> None:
    finish(store, found("A", value="a\x00b"), now)
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    finish(store, found("A", value="a\x00b"), now + DAY)
    assert statuses(store) == {"A": "accepted"}


@pytest.mark.parametrize("status", ["failed", "could_not_run"])
def test_a_date_that_passed_brings_it_back_also_where_the_check_could_not_run(
    store: Store, run: Run, now: datetime, status: str
) -> None:
    run("A")
    until = end_of_day(date(2026, 11, 24))
    store.snooze(ids(store, "A"), until, "Els", now=now)
    assert last_event(store, "A")["detail"] == "until 24 Nov 2026"
    run("A", now=now + 3 * DAY, status=status)
    assert statuses(store) == {"A": "snoozed"}
    run("A", now=now + 7 * DAY, status=status)
    assert statuses(store) == {"A": "regressed"}
    assert last_event(store, "A")["detail"] == "snoozed until 24 Nov 2026"
    assert store.decisions(active=False)["ended_why"].to_list() == ["date-passed"]


def test_a_snooze_lasts_whatever_the_value(store: Store, run: Run, found: Found, now: datetime) -> None:
    run("A")
    store.snooze(ids(store, "A"), now + 9 * DAY, "Els", "Waiting for the supplier.", now=now)
    finish(store, found("A", value="y"), now + DAY)
    assert statuses(store) == {"A": "snoozed"}
    assert last_event(store, "A")["event"] == "changed"


def test_gone_and_found_again_with_the_same_value_it_is_accepted_without_news(
    store: Store, run: Run, now: datetime
) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    run(now=now + DAY)
    assert statuses(store) == {"A": "fixed"}
    assert store.decisions()["kind"].to_list() == ["accepted"]
    again = run("A", now=now + 2 * DAY)
    assert statuses(store) == {"A": "accepted"}
    assert store.new_in(again).is_empty()
    assert store.events(ids(store, "A")[0])["event"].to_list() == ["new", "accepted", "fixed", "accepted"]


def test_gone_and_found_again_with_another_value_it_is_back(
    store: Store, run: Run, found: Found, now: datetime
) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    run(now=now + DAY)
    finish(store, found("A", value="y"), now + 2 * DAY)
    assert statuses(store) == {"A": "regressed"}
    assert last_event(store, "A")["event"] == "reopened"


def test_accepting_again_replaces_the_earlier_decision(store: Store, run: Run, now: datetime) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    store.snooze(ids(store, "A"), now + 9 * DAY, "Jan", now=now + DAY)
    assert statuses(store) == {"A": "snoozed"}
    decisions = store.decisions(ids(store, "A"), active=False)
    assert decisions.select("kind", "ended_why", "ended_by").rows() == [
        ("snoozed", None, None),
        ("accepted", "replaced", "Jan"),
    ]


def test_taken_back_it_is_open_again(store: Store, run: Run, now: datetime) -> None:
    run("A", "B")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    assert store.reopen(ids(store, "A", "B"), "Jan", "It is not fine.", now=now + DAY) == 1
    assert statuses(store) == {"A": "regressed", "B": "new"}
    event = last_event(store, "A")
    assert (event["event"], event["by"], event["detail"]) == (
        "reopened",
        "Jan",
        "The acceptance was withdrawn: It is not fine.",
    )
    assert store.decisions().is_empty()
    run("A", "B", now=now + 2 * DAY)
    assert statuses(store) == {"A": "ongoing", "B": "ongoing"}


def seen(store: Store) -> dict[str, Seen]:
    rows = store.findings(status="all").select("id", "value", "severity").iter_rows()
    return {ident: Seen(value, severity) for ident, value, severity in rows}


def test_only_what_was_seen_is_accepted(store: Store, found: Found, now: datetime) -> None:
    finish(store, found("A", "B", "C", "D"), now)
    shown = seen(store)
    [d] = ids(store, "D")
    del shown[d]
    graver = found("C").with_columns(severity=pl.lit("error"))
    finish(store, pl.concat([found("A", "D"), found("B", value="y"), graver]), now + DAY)
    everything = ids(store, "A", "B", "C", "D")
    assert store.accept(everything, "Fine.", "Els", now=now + DAY, seen=shown) == 1
    assert statuses(store) == {"A": "accepted", "B": "ongoing", "C": "ongoing", "D": "ongoing"}


def test_nothing_is_a_value_that_can_be_seen(store: Store, found: Found, now: datetime) -> None:
    finish(store, found("A").with_columns(value=pl.lit(None, pl.String)), now)
    assert store.accept(ids(store, "A"), "Fine.", "Els", now=now, seen=seen(store)) == 1


def test_an_acceptance_ends_when_the_finding_gets_graver(store: Store, found: Found, now: datetime) -> None:
    finish(store, found("A"), now)
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    finish(store, found("A").with_columns(severity=pl.lit("error")), now + DAY)
    assert statuses(store) == {"A": "regressed"}
    assert last_event(store, "A")["detail"] == "accepted with severity warning, now error"
    assert store.decisions(active=False)["ended_why"].to_list() == ["graver"]


def test_undone_a_finding_is_what_it_was(store: Store, run: Run, now: datetime) -> None:
    run("B")
    run("A", "B", now=now + DAY)
    both = ids(store, "A", "B")
    store.accept(both, "Fine.", "Els", now=now + DAY)
    assert store.undo_decision(both, "Els", made=now + DAY, now=now + DAY) == 2
    assert statuses(store) == {"A": "new", "B": "ongoing"}
    event = last_event(store, "A")
    assert (event["event"], event["detail"], event["by"]) == (
        "reopened",
        "The acceptance was undone.",
        "Els",
    )
    ended = store.decisions(both, active=False)
    assert ended.select("ended_why", "ended_by").unique().rows() == [("withdrawn", "Els")]
    assert store.undo_decision(both, "Els") == 0, "nothing is left to undo"


def test_undone_the_decision_before_holds_again(store: Store, run: Run, now: datetime) -> None:
    run("A")
    [a] = ids(store, "A")
    store.accept([a], "Agreed with the supplier.", "Els", now=now)
    store.snooze([a], now + 9 * DAY, "Jan", now=now + DAY)
    assert store.undo_decision([a], "Jan", now=now + DAY) == 1
    assert statuses(store) == {"A": "accepted"}
    held = store.decisions([a]).row(0, named=True)
    assert (held["kind"], held["reason"], held["by"], held["ended_why"]) == (
        "accepted",
        "Agreed with the supplier.",
        "Els",
        None,
    )
    assert last_event(store, "A")["detail"] == "The snooze was undone; accepted as before."
    assert store.undo_decision([a], "Els", now=now + DAY) == 1
    assert statuses(store) == {"A": "new"}


def test_what_the_decision_before_no_longer_covers_is_open(
    store: Store, run: Run, found: Found, now: datetime
) -> None:
    run("A")
    [a] = ids(store, "A")
    store.accept([a], "Fine.", "Els", now=now)
    store.snooze([a], now + 9 * DAY, "Jan", now=now)
    finish(store, found("A", value="y"), now + DAY)
    store.undo_decision([a], "Jan", now=now + 2 * DAY)
    assert statuses(store) == {"A": "regressed"}
    assert store.decisions([a]).is_empty()


def test_undone_after_a_run_it_is_new_no_longer_and_what_is_fixed_stays_so(
    store: Store, run: Run, now: datetime
) -> None:
    run("A", "B")
    store.accept(ids(store, "A", "B"), "Fine.", "Els", now=now)
    run("A", now=now + DAY)
    assert store.undo_decision(ids(store, "A", "B"), "Els", now=now + DAY) == 2
    assert statuses(store) == {"A": "ongoing", "B": "fixed"}
    assert last_event(store, "B")["event"] == "comment"


def test_undo_leaves_what_somebody_else_decided_since(store: Store, run: Run, now: datetime) -> None:
    run("A")
    [a] = ids(store, "A")
    store.accept([a], "Fine.", "Els", now=now)
    store.snooze([a], now + 9 * DAY, "Jan", now=now + DAY)
    assert store.undo_decision([a], "Els", made=now, now=now + DAY) == 0
    assert statuses(store) == {"A": "snoozed"}


def test_the_decision_about_a_fixed_finding_can_be_taken_back(store: Store, run: Run, now: datetime) -> None:
    run("A")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now)
    run(now=now + DAY)
    assert store.reopen(ids(store, "A"), "Jan", now=now + DAY) == 1
    assert statuses(store) == {"A": "fixed"}
    assert store.decisions().is_empty()
    run("A", now=now + 2 * DAY)
    assert statuses(store) == {"A": "regressed"}


def test_what_is_fixed_or_unknown_is_not_counted(store: Store, run: Run, now: datetime) -> None:
    run("A", "B")
    run("B", now=now + DAY)
    both = [*ids(store, "A", "B"), *ids(store, "B"), "no such finding"]
    assert store.accept(both, "Fine.", "Els", now=now + DAY) == 1
    assert store.snooze([], now + 9 * DAY, "Els", now=now) == 0
    assert store.comment(both, "Asked the supplier.", "Els") == 2
    assert statuses(store) == {"A": "fixed", "B": "accepted"}


def test_a_comment_changes_nothing_else(store: Store, run: Run) -> None:
    run("A")
    store.comment(ids(store, "A"), "Asked the supplier.", "Els")
    assert statuses(store) == {"A": "new"}
    event = last_event(store, "A")
    assert (event["event"], event["detail"], event["by"]) == ("comment", "Asked the supplier.", "Els")


def test_what_makes_no_sense_is_refused(store: Store, run: Run, now: datetime) -> None:
    run("A")
    with pytest.raises(UsageError, match="say why"):
        store.accept(ids(store, "A"), "  ", "Els")
    with pytest.raises(UsageError, match="needs words"):
        store.comment(ids(store, "A"), "", "Els")
    with pytest.raises(ValueError, match="naive"):
        store.snooze(ids(store, "A"), now.replace(tzinfo=None), "Els")
    with pytest.raises(UsageError, match="1 Nov 2026 is past"):
        store.accept(ids(store, "A"), "Fine.", "Els", until=end_of_day(date(2026, 11, 1)), now=now)
    assert statuses(store) == {"A": "new"}
    assert store.decisions(active=False).is_empty()


def test_thousands_at_once(store: Store, run: Run, now: datetime) -> None:
    run(*(f"ART{n:05}" for n in range(5_000)))
    everything = store.findings()["id"]
    assert store.accept(everything, "Fine.", "Els", now=now) == 5_000
    assert store.events_of(everything).group_by("event").len().sort("event").rows() == [
        ("accepted", 5_000),
        ("new", 5_000),
    ]
    assert store.reopen(everything, "Els") == 5_000


def test_a_fix_that_failed_leaves_an_accepted_finding_accepted(store: Store, run: Run, now: datetime) -> None:
    run("A")
    [a] = ids(store, "A")
    store.accept([a], "Fine.", "Els", now=now)
    for event in ("fix-started", "fix-failed"):
        store.set_finding(a, None, event, "Refused.", "Jan", now=now)
    assert statuses(store) == {"A": "accepted"}
    store.set_finding(a, "fixed", "fixed", "Photo uploaded.", "Jan", now=now)
    assert statuses(store) == {"A": "fixed"}
    store.set_finding(a, "regressed", "put-back", "Undone.", "Jan", now=now)
    assert statuses(store) == {"A": "accepted"}


def test_results_count_accepted_findings_and_the_entities_that_are_left(store: Store, now: datetime) -> None:
    rows = [
        ("invalid-reference", severity, "webshop", "product", key, name, "1", "Gone.", None)
        for key, name, severity in [
            ("A", "brand", "warning"),
            ("A", "supplier", "error"),
            ("B", "brand", "warning"),
            ("C", "brand", "info"),
        ]
    ]
    found = pl.DataFrame(rows, schema=FOUND, orient="row")
    results = [
        CheckResult("invalid-reference", "webshop", "failed", 4, entities=9),
        CheckResult("missing-photo", "webshop", "passed", entities=9),
        CheckResult("invalid-ean", "webshop", "could_not_run"),
    ]
    for day in range(2):
        run_id = store.begin_run("full", "test")
        store.finish_run(run_id, "complete", "full", None, [], results, found, now + day * DAY)
        if day == 0:
            store.accept(store.findings(key="C")["id"], "Fine.", "Els", now=now)
            store.snooze(store.findings(key="B")["id"], now + 9 * DAY, "Els", now=now)
    kept = store.check_results(run_id).sort("check").select("check", "accepted", "affected").rows()
    assert kept == [
        ("invalid-ean", 0, None),
        ("invalid-reference", 1, '{"error": 1, "warning": 1, "info": 0}'),
        ("missing-photo", 0, '{"error": 0, "warning": 0, "info": 0}'),
    ]


def test_what_was_open_when_a_run_had_ended(store: Store, run: Run, now: datetime) -> None:
    first = run("A", "B", "C")
    store.accept(ids(store, "A"), "Fine.", "Els", now=now + DAY / 2)
    store.comment(ids(store, "B"), "Asked.", "Els", now=now + DAY / 2)
    second = run("A", "B", "D", now=now + DAY)
    store.reopen(ids(store, "A"), "Els", now=now + 1.5 * DAY)
    third = run("A", now=now + 2 * DAY)
    opened = {
        name: store.open_at(one)["key"].to_list()
        for name, one in (("first", first), ("second", second), ("third", third))
    }
    assert opened == {"first": ["A", "B", "C"], "second": ["B", "D"], "third": ["A"]}
    with pytest.raises(UsageError, match="no run"):
        store.open_at("nonsense")


def test_a_day_ends_on_this_machines_clock() -> None:
    until = end_of_day(date(2026, 11, 24))
    assert until.tzinfo is not None
    assert day_in_words(until.astimezone(UTC)) == "24 Nov 2026"
    assert day_in_words(until - timedelta(hours=14)) == "24 Nov 2026 09:59"


def test_people_fixes_and_a_run_at_once_wait_for_each_other(
    store: Store, run: Run, found: Found, now: datetime
) -> None:
    keys = [f"ART{n:03}" for n in range(200)]
    run(*keys)
    everything = ids(store, *keys)

    def decide(number: int) -> None:
        store.accept(everything, f"Reason {number}.", "Els", now=now)
        store.set_finding(everything[number], None, "fix-started", "Link.", "Jan", now=now)
        store.snooze(everything[::-1], now + 9 * DAY, "Jan", now=now)

    with ThreadPoolExecutor(4) as pool:
        busy = [pool.submit(decide, number) for number in range(6)]
        for day in range(3):
            finish(store, found(*keys), now + day * DAY)
        for one in busy:
            one.result()
    assert set(statuses(store).values()) == {"snoozed"}
    assert store.decisions()["finding_id"].is_unique().all()
    assert store.decisions(active=False).height == 12 * 200
