"""Counts and bodies of the error log made ready for the eye: pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from dashboard.parts import error_shapes
from dashboard.parts.error_body import MOST, fields_of
from dashboard.parts.error_words import sentence

BRUSSELS = ZoneInfo("Europe/Brussels")


def open_ones(**counts: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"state": [state for state, count in counts.items() for _ in range(count)]},
        schema={"state": pl.String},
    )


def counts(*rows: tuple[str, datetime, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, ["group_id", "hour", "rows"], orient="row").with_columns(
        pl.col("hour").dt.cast_time_unit("us")
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (
            {"regressed": 1, "escalating": 1, "new": 1, "ongoing": 12},
            "**3 problems need a look**: 1 came back, 1 is escalating, 1 is new; 12 known ones go on.",
        ),
        ({"new": 1}, "**1 problem needs a look**: 1 is new."),
        ({"escalating": 2, "new": 3}, "**5 problems need a look**: 2 are escalating, 3 are new."),
        ({"ongoing": 1}, "**Nothing new**: 1 known problem goes on."),
        ({}, "**No problem is open.**"),
    ],
)
def test_the_answer_is_a_sentence(states: dict[str, int], said: str) -> None:
    assert sentence(open_ones(**states)) == said


def test_a_day_is_one_of_the_reader_not_of_the_server() -> None:
    late = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert error_shapes.by_day(counts(("g", late, 3)), BRUSSELS).rows() == [("g", date(2026, 11, 25), 3)]


def test_a_sparkline_has_every_day_also_the_quiet_ones() -> None:
    groups = pl.DataFrame({"id": ["g", "quiet"]})
    rows = counts(
        ("g", datetime(2026, 11, 25, 8, tzinfo=UTC), 2), ("g", datetime(2026, 11, 12, 8, tzinfo=UTC), 5)
    )
    shown = error_shapes.sparks(groups, rows, date(2026, 11, 25), BRUSSELS)
    assert dict(shown.select("id", "spark").iter_rows()) == {"g": [5, *[0] * 12, 2], "quiet": [0] * 14}


def test_a_day_nobody_read_is_no_quiet_day() -> None:
    days = pl.DataFrame(
        {"day": [date(2026, 11, 24), date(2026, 11, 25)], "state": ["partly", "collected"], "rows": [0, 4]}
    )
    shown = error_shapes.timeline(
        counts(("g", datetime(2026, 11, 25, 8, tzinfo=UTC), 4)), days, date(2026, 11, 25), BRUSSELS
    )
    assert shown.height == 30
    assert shown.tail(3).select("label", "rows", "known").rows() == [
        ("23 Nov", 0, "missing"),
        ("24 Nov", 0, "partly"),
        ("25 Nov", 4, "collected"),
    ]


def test_the_calendar_tells_a_gap_in_words() -> None:
    days = pl.DataFrame(
        {
            "day": [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)],
            "state": ["missing", "collected", "collected"],
            "rows": [0, 0, 7],
        }
    )
    cells = error_shapes.calendar(days)
    assert cells.select("week", "weekday", "text").rows() == [
        ("23 Nov", "Mon", "not read"),
        ("23 Nov", "Tue", "·"),
        ("23 Nov", "Wed", "7"),
    ]
    assert error_shapes.first_monday(date(2026, 11, 25)) == date(2026, 10, 26)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (
            '{"WholesalerArticleNumber": "A106", "BrandId": 77777, "Active": true, "Photo": null}',
            [
                ("Wholesaler article number", "A106"),
                ("Brand id", "77777"),
                ("Active", "yes"),
                ("Photo", "–"),
            ],
        ),
        (
            '{"ClientProducts": [{"ClientNumber": "K1"}, {"ClientNumber": "K2", "Eans": ["1", "2"]}]}',
            [
                ("Client products 1 › Client number", "K1"),
                ("Client products 2 › Client number", "K2"),
                ("Client products 2 › Eans", "1, 2"),
            ],
        ),
        ("[]", [("As sent", "–")]),
        ("not json {", [("As sent", "not json {")]),
        (None, []),
        ("  ", []),
    ],
)
def test_a_body_is_fields_and_values(body: str | None, fields: list[tuple[str, str]]) -> None:
    assert fields_of(body) == (fields, 0)


def test_of_a_long_body_the_first_fields_are_shown_and_the_rest_is_counted() -> None:
    many = "{" + ", ".join(f'"F{n}": {n}' for n in range(MOST + 7)) + "}"
    fields, left = fields_of(many)
    assert (len(fields), left) == (MOST, 7)
