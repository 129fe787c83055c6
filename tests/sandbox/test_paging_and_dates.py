"""Pages, the variants of a server, and the dates that filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from checks.sandbox.oresto.moments import parse_moment, twins

MakeClient = Callable[..., httpx.Client]


def test_pages_are_disjoint_and_end_empty(reader: httpx.Client) -> None:
    pages = [
        reader.get("Products", params={"Page": page, "PageSize": 120}).json()["Products"]
        for page in (1, 2, 3, 4)
    ]
    numbers = [row["WholesalerArticleNumber"] for page in pages for row in page]
    assert [len(page) for page in pages] == [120, 120, 60, 0]
    assert len(set(numbers)) == 300


def test_without_page_size_a_hundred_rows_come(reader: httpx.Client) -> None:
    assert len(reader.get("Products").json()["Products"]) == 100


def test_a_page_that_is_no_number_is_refused(reader: httpx.Client) -> None:
    assert reader.get("Products", params={"Page": "two"}).status_code == 400


def test_a_cap_silently_shortens_pages(variant: MakeClient) -> None:
    client = variant(page_cap=7)
    assert len(client.get("Products", params={"Page": 1, "PageSize": 1000}).json()["Products"]) == 7
    assert client.get("Products", params={"Page": 2, "PageSize": 1000}).json()["Products"]


def test_the_first_page_can_be_nought(variant: MakeClient) -> None:
    client = variant(first_page=0)
    assert len(client.get("Products", params={"Page": 0, "PageSize": 60}).json()["Products"]) == 60
    assert len(client.get("Products", params={"Page": 1, "PageSize": 60}).json()["Products"]) == 40


def test_lists_can_have_another_name(variant: MakeClient) -> None:
    client = variant(rename_lists=True)
    assert set(client.get("Products").json()) == {"Result", "RequestInformation", "Errors"}


def test_refusals_can_come_with_200(variant: MakeClient) -> None:
    answer = variant(errors_as_200=True).post("Products", json={"Active": True})
    assert answer.status_code == 200
    assert answer.json()["ModelStateErrors"]


def test_an_unknown_key_can_be_200_with_null(variant: MakeClient) -> None:
    answer = variant(errors_as_200=True).get("CentralProducts/GetByEan", params={"EanCode": "5400000000003"})
    assert (answer.status_code, answer.json()["Product"], answer.json()["Errors"]) == (200, None, [])


def test_moments_come_twice_with_seven_decimals(reader: httpx.Client) -> None:
    product = reader.get("Products", params={"PageSize": 1}).json()["Products"][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+0[12]:00", product["LastModified"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", product["LastModifiedUtc"])
    assert parse_moment(product["LastModified"]) == parse_moment(product["LastModifiedUtc"])


@pytest.mark.parametrize("path", ["Products", "LinkProducts", "CentralProducts"])
def test_modified_dates_cut_the_list_in_two(reader: httpx.Client, path: str) -> None:
    rows = reader.get(path, params={"PageSize": 5000}).json()[path]
    moments = sorted(row["LastModifiedUtc"] for row in rows)
    middle = moments[len(moments) // 2]
    later = reader.get(path, params={"PageSize": 5000, "ModifiedDate": middle}).json()[path]
    earlier = reader.get(path, params={"PageSize": 5000, "ModifiedEndDate": middle}).json()[path]
    assert {row["Id"] for row in later} == {row["Id"] for row in rows if row["LastModifiedUtc"] >= middle}
    assert {row["Id"] for row in earlier} == {row["Id"] for row in rows if row["LastModifiedUtc"] <= middle}


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),  # naive: Belgian summer time
        ("2026-01-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ("2019-01-01+00:00", datetime(2019, 1, 1, tzinfo=UTC)),
        ("05/12/2025", datetime(2025, 12, 4, 23, tzinfo=UTC)),
        ("2025-12-05T06:52:19.0114513+01:00", datetime(2025, 12, 5, 5, 52, 19, 11451, tzinfo=UTC)),
        ("2025-12-05T06:00:00Z", datetime(2025, 12, 5, 6, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_every_form(text: str, utc: datetime) -> None:
    assert parse_moment(text) == utc


def test_what_is_written_is_read_back() -> None:
    moment = datetime(2026, 10, 25, 0, 30, 1, 123456, tzinfo=UTC)  # the hour that comes twice in Belgium
    assert [parse_moment(text) for text in twins(moment)] == [moment, moment]


@pytest.mark.parametrize("text", ["yesterday", "1700-01-01", "13/13/2025"])
def test_a_date_that_is_none_is_refused(reader: httpx.Client, text: str) -> None:
    answer = reader.get("Products", params={"ModifiedDate": text})
    assert answer.status_code == 400
    assert answer.json()["ModelStateErrors"][0]["Key"] == "ModifiedDate"
