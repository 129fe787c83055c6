"""Comparing runs: a finding's status always follows from what the runs saw of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import DECISIONS, FOUND, KEPT, OPEN_STATUSES, compare, fingerprint, identify

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
JUDGED = {("missing-photo", "webshop")}


def found(values: dict[str, str]) -> pl.DataFrame:
    rows = [
        ("missing-photo", "warning", "webshop", "product", key, None, value, "No photo.", None)
        for key, value in values.items()
    ]
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def after(known: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """What the store holds after a run."""
    return pl.concat([known.join(changed, on="id", how="anti"), changed])


def test_an_id_depends_on_check_source_key_and_field_only() -> None:
    assert fingerprint("a", "b", "c", None) == fingerprint("a", "b", "c", None)
    assert (
        len(
            {
                fingerprint("a", "b", "c", None),
                fingerprint("a", "b", "c", "d"),
                fingerprint("a", "bc", "", None),
            }
        )
        == 3
    )


def test_a_thing_found_twice_counts_once() -> None:
    assert identify(pl.concat([found({"A": "1"}), found({"A": "2"})]))["value"].to_list() == ["1"]


def test_a_change_of_value_is_an_event() -> None:
    first = compare(KEPT.to_frame(), found({"A": "1"}), JUDGED, NOW)
    second = compare(first.findings, found({"A": "2"}), JUDGED, NOW)
    assert second.findings["status"].to_list() == ["ongoing"]
    assert second.events.rows() == [(first.findings["id"][0], "changed", "1 became 2")]


def test_a_check_that_could_not_run_touches_nothing() -> None:
    first = compare(KEPT.to_frame(), found({"A": "1"}), JUDGED, NOW)
    second = compare(first.findings, found({}), set(), NOW)
    assert second.findings.is_empty()
    assert second.events.is_empty()


def set_aside(kind: str, until: datetime | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One finding, set aside, and the decision that holds for it."""
    kept = compare(KEPT.to_frame(), found({"A": "1"}), JUDGED, NOW).findings
    decision = pl.DataFrame([(kept["id"][0], kind, "1", "warning", until)], schema=DECISIONS, orient="row")
    return kept.with_columns(status=pl.lit(kind)), decision


def test_an_unfinished_fix_keeps_a_finding_set_aside_until_its_date() -> None:
    known, decision = set_aside("snoozed", NOW + timedelta(days=1))
    ids = known["id"].to_list()
    waiting = compare(known, found({}), JUDGED, NOW, held=ids, decisions=decision)
    assert (waiting.findings.height, waiting.ended.height) == (0, 0)
    passed = compare(known, found({}), JUDGED, NOW + timedelta(days=2), held=ids, decisions=decision)
    assert passed.findings["status"].to_list() == ["regressed"]
    assert passed.findings["last_seen"].to_list() == [NOW]


@pytest.mark.parametrize(
    ("kind", "severity", "status"),
    [
        ("accepted", "error", "regressed"),
        ("accepted", "info", "accepted"),
        ("accepted", "warning", "accepted"),
        ("snoozed", "error", "snoozed"),
    ],
)
def test_what_was_accepted_as_a_warning_is_not_accepted_as_an_error(
    kind: str, severity: str, status: str
) -> None:
    known, decision = set_aside(kind, None)
    graver = found({"A": "1"}).with_columns(severity=pl.lit(severity))
    result = compare(known, graver, JUDGED, NOW, decisions=decision)
    assert result.findings["status"].to_list() == [status]
    if status == "regressed":
        assert result.ended["why"].to_list() == ["graver"]
        assert result.events.select("event", "detail").rows() == [
            ("reopened", "accepted with severity warning, now error")
        ]


def test_what_a_fix_closed_meanwhile_is_not_accepted_again_by_an_older_sight() -> None:
    known, decision = set_aside("accepted", None)
    fixed = known.with_columns(status=pl.lit("fixed"), fixed_at=pl.lit(NOW, KEPT["fixed_at"]))
    result = compare(
        fixed, found({"A": "2"}), JUDGED, NOW, repaired=known["id"].to_list(), decisions=decision
    )
    assert (result.findings.height, result.events.height, result.ended.height) == (0, 0, 0)


def test_a_date_that_passes_while_it_is_gone_ends_the_decision_and_is_no_news() -> None:
    known, decision = set_aside("accepted", NOW)
    gone = compare(known, found({}), JUDGED, NOW + timedelta(days=1), decisions=decision)
    assert gone.findings["status"].to_list() == ["fixed"]
    assert gone.events["event"].to_list() == ["fixed"]
    assert gone.ended["why"].to_list() == ["date-passed"]


@given(st.lists(st.one_of(st.none(), st.sets(st.sampled_from("ABC"))), min_size=1, max_size=8))
def test_statuses_follow_from_the_runs(runs: list[set[str] | None]) -> None:
    """None: the check could not run. The naive model below keeps, per key, what a person would say."""
    known = KEPT.to_frame()
    expected: dict[str, str] = {}
    first_seen: dict[str, datetime] = {}
    for day, keys in enumerate(runs):
        now = NOW + timedelta(days=day)
        judged = set() if keys is None else JUDGED
        comparison = compare(known, found(dict.fromkeys(keys or (), "x")), judged, now)
        known = after(known, comparison.findings)
        if keys is None:
            continue
        for key in keys:
            was = expected.get(key)
            expected[key] = "new" if was is None else "regressed" if was == "fixed" else "ongoing"
            first_seen.setdefault(key, now)
        for key in set(expected) - keys:
            expected[key] = "fixed"
    assert dict(known.select("key", "status").iter_rows()) == expected
    assert dict(known.select("key", "first_seen").iter_rows()) == first_seen
    assert known.filter(pl.col("status").is_in(OPEN_STATUSES))["fixed_at"].null_count() == sum(
        status != "fixed" for status in expected.values()
    )
