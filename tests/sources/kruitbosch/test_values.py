"""Values as ServiceStack writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.sources.kruitbosch.values import as_digits, moments, unreadable, with_zeros
from checks.sources.kruitbosch.wire import Product, reasons


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("/Date(1709544600000-0000)/", datetime(2024, 3, 4, 9, 30, tzinfo=UTC)),
        ("/Date(1709544600000)/", datetime(2024, 3, 4, 9, 30, tzinfo=UTC)),
        # the offset tells where the server stands and moves nothing
        ("/Date(1709544600000+0100)/", datetime(2024, 3, 4, 9, 30, tzinfo=UTC)),
        # before 1970: the sign in front is no offset
        ("/Date(-86400000+0200)/", datetime(1969, 12, 31, tzinfo=UTC)),
        ("/Date(-62135596800000-0000)/", None),
        (" /Date(0)/ ", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2024-03-04", None),
        (None, None),
    ],
)
def test_a_moment(text: str | None, moment: datetime | None) -> None:
    assert moments(pl.Series([text], dtype=pl.String)).to_list() == [moment]


def test_what_is_no_moment_is_told_and_what_is_not_set_is_not() -> None:
    given = ["/Date(1709544600000)/", "/Date(-62135596800000-0000)/", "2024-03-04", "", None, "/Date(x)/"]
    assert unreadable(pl.Series(given)).to_list() == ["2024-03-04", "/Date(x)/"]


@pytest.mark.parametrize(
    ("json", "digits"),
    [
        ("8710000000123", "8710000000123"),
        ("8.710000000123E12", "8710000000123"),
        ("8710000000123.0", "8710000000123"),
        ("12.5", "12.5"),
        ('"0871000000017"', "0871000000017"),
        ("18710000000120", "18710000000120"),
        ("99999999999999", "99999999999999"),
        ("null", None),
        ('""', None),
    ],
)
def test_a_number_as_it_was_written(json: str, digits: str | None) -> None:
    row = msgspec.json.decode(f'{{"ProductCode": "A", "EANCode": {json}}}'.encode(), type=Product)
    assert as_digits(row.ean_code) == digits


@pytest.mark.parametrize(
    ("written", "ean", "told"),
    [
        ("8710000000010", "8710000000010", None),
        # 012345678905 is a UPC: its check digit proves the zero
        ("12345678905", "012345678905", "12345678905"),
        # 00012348 would be a GTIN-8 that lost three zeros: nobody gives such out
        ("12348", "12348", None),
        # nine digits that no length proves stay as they are, and it is said
        ("123456789", "123456789", "123456789"),
        # a full length with a wrong check digit lost nothing
        ("8710000000011", "8710000000011", None),
        ("123456789012345", "123456789012345", "123456789012345"),
        ("12.5", "12.5", None),
        (None, None, None),
    ],
)
def test_zeros_are_put_back_only_where_the_check_digit_proves_it(
    written: str | None, ean: str | None, told: str | None
) -> None:
    row = with_zeros(pl.Series([written], dtype=pl.String)).row(0)
    assert row == (ean, told)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"ResponseStatus": {"ErrorCode": "Unauthorized", "Message": "Invalid"}}, ["Invalid"]),
        ({"ResponseStatus": {"ErrorCode": "NotFound"}}, ["NotFound"]),
        (
            {
                "ResponseStatus": {
                    "ErrorCode": "E",
                    "Message": "No.",
                    "Errors": [{"FieldName": "IsBike", "Message": "no boolean"}, {"ErrorCode": "X"}],
                }
            },
            ["No.", "IsBike: no boolean", "X"],
        ),
        ({"ResponseStatus": {}}, []),
        ({"Products": []}, []),
        ([1], []),
        (None, []),
    ],
)
def test_what_a_response_status_says(answer: Any, said: list[str]) -> None:
    assert reasons(answer) == said
