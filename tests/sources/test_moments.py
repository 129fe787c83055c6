"""Oresto's dates: Belgian time, the ...Utc twins, offsets, old formats."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from checks.sources.moments import BELGIUM, dates, moments, unreadable
from checks.sources.oresto import columns, wire
from checks.sources.rows import Shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T08:00:00", datetime(2026, 1, 5, 7, tzinfo=UTC)),  # winter: UTC+1
        (
            "2026-07-05T08:00:00",
            datetime(2026, 7, 5, 6, tzinfo=UTC),
        ),  # summer: UTC+2, whatever the guide says
        ("2025-12-05T06:52:19.0114513+01:00", datetime(2025, 12, 5, 5, 52, 19, 11451, tzinfo=UTC)),
        ("2026-01-05T07:00:00Z", datetime(2026, 1, 5, 7, tzinfo=UTC)),
        ("05/01/2026", datetime(2026, 1, 4, 23, tzinfo=UTC)),
        ("2019-01-01+00:00", datetime(2019, 1, 1, tzinfo=UTC)),
        (
            "2026-10-25T02:30:00",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # the repeated hour: its first pass
        ("2026-03-29T02:30:00", None),  # the skipped hour does not exist
        ("0001-01-01T00:00:00", None),  # unset
        (None, None),
    ],
)
def test_a_belgian_moment_becomes_utc(text: str | None, expected: datetime | None) -> None:
    assert moments(pl.Series([text], dtype=pl.String), BELGIUM).to_list() == [expected]


def test_a_utc_twin_without_offset_is_utc() -> None:
    assert moments(pl.Series(["2026-07-05T08:00:00"]), "UTC").to_list() == [
        datetime(2026, 7, 5, 8, tzinfo=UTC)
    ]


@pytest.mark.parametrize(
    ("belgian", "utc", "expected"),
    [
        ("2026-03-29T03:30:00", None, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00", None, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00", "2026-10-25T01:30:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00", "0001-01-01T00:00:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25/10/2026", None, datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None, None),
    ],
)
def test_without_its_utc_twin_the_belgian_moment_counts(
    belgian: str, utc: str | None, expected: datetime | None
) -> None:
    row = wire.AssortmentProduct(last_modified=belgian, last_modified_utc=utc)
    assert columns.moment([row], "last_modified", Shape()).to_list() == [expected]


def test_what_is_no_date_is_told_and_what_is_unset_is_not() -> None:
    text = pl.Series(["soon", "0001-01-01T00:00:00", None, "2026-01-05T08:00:00"])
    assert unreadable(text, moments(text, "UTC")).to_list() == ["soon"]


def test_a_delivery_date_is_the_day_as_written() -> None:
    assert dates(pl.Series(["2026-01-07T00:00:00", "07/01/2026", None])).to_list() == [
        date(2026, 1, 7),
        date(2026, 1, 7),
        None,
    ]
