"""What is read of an error log goes into the store once, and moves its problems on."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from checks.errors import UsageError
from checks.frames import FRAMES
from checks.store import Store, tables
from tests.store.error_logs import (
    BRAND,
    NOW,
    SOURCE,
    TAKEN,
    happened,
    later,
    log,
    only,
    read,
    row,
    states,
)


def everything(store: Store) -> dict[str, Any]:
    """All that the store has of the log, but for what tells one reading from another."""
    names = (
        "error_rows",
        "error_things",
        "error_counts",
        "error_fingerprints",
        "error_groups",
        "error_events",
    )
    with store.engine.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(sa.select(tables.metadata.tables[name])).all()))
            for name in names
        }


class TestOnce:
    def test_rows_group_and_count(self, store: Store) -> None:
        given = read(store, row(1), row(2, hours=3), row(3, TAKEN, method="POST"))
        assert given.schema == FRAMES["error_groups"].schema
        assert sorted(given["rows"]) == [1, 2]
        found = store.errors.groups()
        # the message names another product than the body
        assert dict(found.select("method", "products").iter_rows()) == {"PUT": 2, "POST": 2}
        assert states(store) == ["new", "new"]

    def test_the_same_frame_again_changes_nothing(self, store: Store) -> None:
        rows = [row(number, hours=number) for number in range(1, 30)]
        read(store, *rows)
        before = everything(store)
        read(store, *rows)
        read(store, *rows, run="another")
        assert everything(store) == before

    def test_a_row_twice_in_one_frame_counts_once(self, store: Store) -> None:
        read(store, row(1), row(1))
        assert only(store)["rows"] == 1

    def test_a_row_that_says_no_moment_counts_when_it_was_read(self, store: Store) -> None:
        read(store, row(1, at=None))
        (kept,) = store.errors.rows().to_dicts()
        assert (kept["at"], kept["dated"]) == (NOW, False)
        read(store, row(1, at=None), at=later(days=1))
        assert only(store)["rows"] == 1

    def test_nothing_is_lost_of_a_row(self, store: Store) -> None:
        told = row(
            1,
            errors=['één "fout"', "two"],
            model_errors=[{"field": "product.BrandId", "message": BRAND}],
            raw='{"Odd":1}',
            exception="System.Exception: no",
        )
        read(store, told)
        (kept,) = store.errors.rows().to_dicts()
        assert {name: kept[name] for name in told} == told

    def test_a_log_that_did_not_come_in(self, store: Store) -> None:
        failed = log(row(1))
        with pytest.raises(ValueError, match="did not come in"):
            store.errors.absorb(SOURCE, type(failed)(SOURCE, "error_logs", "failed"), NOW, "run")

    def test_another_source_has_problems_of_its_own(self, store: Store) -> None:
        read(store, row(1))
        store.errors.absorb("other", log(row(1)), NOW, "run")
        assert store.errors.groups()["source"].sort().to_list() == ["other", SOURCE]


MESSAGES = (BRAND, TAKEN, "Timeout expired.", "Category is not an end node.")
POOL = [row(number, MESSAGES[number % 4], hours=number * 7) for number in range(24)]


@pytest.fixture
def emptied(store: Store) -> Callable[[], Store]:
    def empty() -> Store:
        with store.engine.begin() as connection:
            for table in tables.metadata.sorted_tables:
                if table.name.startswith("error_"):
                    connection.execute(sa.delete(table))
        return store

    return empty


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@trying(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(range(24)), max_size=12), max_size=5), st.randoms(use_true_random=False)
)
def test_rows_in_any_order_and_batch_twice_or_in_pages_that_shift(
    emptied: Callable[[], Store], batches: list[list[int]], dice: random.Random
) -> None:
    store = emptied()
    for place, batch in enumerate(batches):
        read(store, *(POOL[number] for number in batch), run=f"batch-{place}")
    shuffled = dice.sample(POOL, len(POOL))
    read(store, *shuffled, run="last")
    found = store.errors.groups(state="all")
    assert found["rows"].to_list() == [6, 6, 6, 6]
    assert store.errors.counts(found["id"])["rows"].sum() == store.errors.rows_total() == 24
    assert found["first_seen"].min() == NOW - timedelta(hours=23 * 7)


class TestStatesOfRuns:
    def test_new_for_a_week_then_ongoing(self, store: Store) -> None:
        read(store, row(1))
        read(store, row(1), at=later(days=8))
        assert happened(store) == ["new", "ongoing"]
        assert only(store)["state"] == "ongoing"

    def test_known_at_once_where_the_log_goes_far_back(self, store: Store) -> None:
        read(store, row(1, hours=24 * 9))
        assert (only(store)["state"], happened(store)) == ("ongoing", ["found"])

    def test_a_later_row_brings_back_an_older_one_never(self, store: Store) -> None:
        read(store, row(1, hours=5))
        store.errors.resolve(only(store)["id"], "ann", now=NOW)
        read(store, row(1, hours=5), row(2, hours=2), at=later(hours=1))
        assert only(store)["state"] == "resolved"
        read(store, row(3, hours=-2), at=later(hours=3))
        assert only(store)["state"] == "regressed"
        read(store, row(4, hours=-4), at=later(hours=5))
        assert happened(store) == ["new", "resolved", "regressed"]

    def test_it_escalates_once_and_calms_down(self, store: Store) -> None:
        quiet = [row(day, hours=24 * day - 1) for day in range(1, 29)]
        read(store, *quiet, at=later(hours=0))
        burst = [row(100 + number, hours=-20) for number in range(200)]
        read(store, *burst, at=later(days=1))
        read(store, row(400, hours=-23), at=later(days=1, minutes=5))
        group = only(store)
        assert (group["state"], group["last_day"] > 200) == ("escalating", True)
        read(store, at=later(days=3))
        assert happened(store) == ["found", "escalating", "calmed"]

    def test_the_servers_clock_decides(self, store: Store) -> None:
        """It is a day ahead: what it stamps after the decision is later, though our clock says otherwise."""
        ahead = later(days=1)
        read(store, row(1, hours=-23), server_at=ahead, since=NOW)
        store.errors.resolve(only(store)["id"], "ann", now=later(hours=1))
        assert only(store)["state_at"] == ahead + timedelta(hours=1)
        soon = later(hours=2)
        read(store, row(2, hours=-24.5), at=soon, server_at=soon + timedelta(days=1), since=NOW)
        assert only(store)["state"] == "resolved"
        read(store, row(3, hours=-25.5), at=soon, run="b", server_at=soon + timedelta(days=1), since=NOW)
        assert only(store)["state"] == "regressed"

    def test_ignored_until_more_rows(self, store: Store) -> None:
        read(store, row(1))
        store.errors.ignore(only(store)["id"], "ann", more=2, now=NOW)
        read(store, row(2), at=later(hours=1))
        assert only(store)["state"] == "ignored"
        read(store, row(3), at=later(hours=2))
        assert (only(store)["state"], happened(store)[-1]) == ("ongoing", "back")


class TestQuestions:
    def test_text_is_found_whatever_its_case(self, store: Store) -> None:
        read(store, row(1, 'CAFÉ met "quotes" 100%_x'), row(2, errors=['zei "ja" É']))
        for text in ("café", 'QUOTES" 100%_', 'zei "JA" é'):
            assert store.errors.rows_total(text=text) == 1, text
        assert store.errors.rows_total(text="100_x") == 0

    def test_rows_by_what_they_are(self, store: Store) -> None:
        read(store, row(1), row(2, TAKEN, hours=30), row(3, raw='{"Odd": 1}'))
        errors = store.errors
        assert errors.rows(limit=2)["row_id"].to_list() == ["r1", "r3"]
        assert errors.rows(since=NOW - timedelta(hours=5), until=NOW)["row_id"].to_list() == ["r1", "r3"]
        assert errors.rows(unmapped=True)["row_id"].to_list() == ["r3"]
        assert errors.rows(thing=("product", "A2"))["row_id"].to_list() == ["r2"]
        assert errors.rows_total(source="other") == 0
        ident = errors.groups_of(SOURCE, "product", "A2")["id"][0]
        assert errors.rows(ids=ident)["group_id"].to_list() == [ident]

    def test_groups_come_by_gravity_and_can_be_asked_for(self, store: Store) -> None:
        read(store, row(1), row(2, TAKEN, hours=9 * 24), row(3, "Timeout."))
        assert store.errors.groups()["state"].to_list() == ["new", "new", "ongoing"]
        assert store.errors.groups(state="ongoing", text="ALREADY").height == 1
        assert store.errors.groups(state=["resolved", "ignored"]).is_empty()
        assert store.errors.groups(source="other").is_empty()

    def test_unknown_ids_are_told(self, store: Store) -> None:
        with pytest.raises(UsageError, match="no problem nope"):
            store.errors.groups(ids=["nope"])
        assert store.errors.group("nope") is None

    def test_days_not_collected_are_no_days_without_errors(self, store: Store) -> None:
        read(store, row(1, hours=2), since=NOW - timedelta(days=2))
        read(store, at=later(days=3), since=later(days=3) - timedelta(hours=1))
        zone = ZoneInfo("UTC")
        days = store.errors.days(SOURCE, date(2026, 11, 17), date(2026, 11, 23), zone)
        assert days["state"].to_list() == [
            "missing",
            "partly",
            "collected",
            "partly",
            "missing",
            "missing",
            "partly",
        ]
        assert days["rows"].to_list() == [0, 0, 0, 1, 0, 0, 0]

    def test_what_rows_name(self, store: Store) -> None:
        read(store, row(1), row(11, body='{"WholesalerArticleNumber": "A1"}'), row(2))
        told = store.errors.things(only(store)["id"]).filter(pl.col("kind") == "product")
        assert told.select("key", "rows").rows() == [("A1", 2), ("A2", 1)]
