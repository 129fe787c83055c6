"""Many rows at once: what goes in comes out, whatever stands in it and however many they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.findings import KEPT
from checks.store import Store, bulk, tables
from checks.store.tables import NUL, NUL_SHOWN

MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["", "\\N", "\\.", "a\n\\.\nb", '"quoted", and comma', "tab\tbackslash\\", "crème brûlée", NUL, "NULL"]
)
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def kept(**columns: list[object]) -> pl.DataFrame:
    """Findings, with some columns as given."""
    rows = len(next(iter(columns.values())))
    filled = {
        "id": [str(number) for number in range(rows)],
        **{name: ["x"] * rows for name, dtype in KEPT.items() if dtype == pl.String and name != "id"},
        **{name: [NOW] * rows for name, dtype in KEPT.items() if dtype != pl.String},
    }
    return pl.DataFrame({**filled, **columns}, schema=KEPT)


@pytest.fixture
def connection(store: Store) -> Iterator[sa.Connection]:
    with store.engine.connect() as opened:
        yield opened


def written(connection: sa.Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as they come back; afterwards the table is empty again."""
    with connection.begin() as transaction:
        bulk.upsert(connection, tables.findings, rows, "id")
        back = bulk.frame(connection, sa.select(tables.findings), KEPT)
        transaction.rollback()
    return back.sort("id")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.none() | MOMENTS), min_size=1, max_size=5))
def test_texts_and_moments_come_back_as_they_were(
    connection: sa.Connection, texts: list[tuple[str, str | None, datetime | None]]
) -> None:
    messages, values, moments = (list(column) for column in zip(*texts, strict=True))
    rows = kept(message=messages, value=values, fixed_at=moments)
    shown = rows.with_columns(pl.col(pl.String).str.replace_all(NUL, NUL_SHOWN, literal=True))
    assert written(connection, rows).equals(shown)


def test_a_moment_of_another_zone_is_the_same_moment(connection: sa.Connection) -> None:
    brussels = kept(first_seen=[NOW]).with_columns(
        pl.col("first_seen").dt.convert_time_zone("Europe/Brussels")
    )
    assert written(connection, brussels)["first_seen"].to_list() == [NOW]


def test_no_rows_are_no_trouble(connection: sa.Connection) -> None:
    assert written(connection, KEPT.to_frame()).schema == KEPT


def test_rows_are_replaced_by_their_key_and_others_stay(store: Store) -> None:
    with store.engine.begin() as connection:
        bulk.upsert(connection, tables.findings, kept(message=["one", "two"]), "id")
        bulk.upsert(connection, tables.findings, kept(message=["one, anew"]), "id")
    assert sorted(store.findings(status="all")["message"]) == ["one, anew", "two"]


def test_a_filter_takes_more_values_than_a_database_takes_parameters(store: Store) -> None:
    keys = [f"ART{number:06}" for number in range(70_000)]
    with store.engine.begin() as connection:
        bulk.upsert(connection, tables.findings, kept(key=[*keys[:3], "other"]), "id")
    assert sorted(store.findings(status="all", key=keys)["key"]) == keys[:3]


def test_a_filter_finds_odd_values(store: Store) -> None:
    odd = ["it's", '"quoted"', "back\\slash", "{a,b}", "crème", f"nul{NUL}", ""]
    with store.engine.begin() as connection:
        bulk.upsert(connection, tables.findings, kept(key=list(odd)), "id")
    assert [store.findings(status="all", key=key).height for key in odd] == [1] * len(odd)


def test_twenty_thousand_findings_are_read_at_once(store: Store, tmp_path: Path) -> None:
    with store.engine.begin() as connection:
        seen = [NOW - timedelta(minutes=number) for number in range(20_000)]
        bulk.upsert(connection, tables.findings, kept(first_seen=list(seen)), "id")
    findings = store.findings(status="all")
    assert findings.height == 20_000
    assert findings["first_seen"].is_sorted(descending=True)
