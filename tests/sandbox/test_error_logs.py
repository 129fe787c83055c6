"""The error log: seeded rows, and every request that fails."""

from __future__ import annotations

import httpx

from checks.sandbox import Sandbox


def test_fifty_rows_a_page_newest_first(reader: httpx.Client) -> None:
    rows = reader.get("ErrorLogs", params={"Page": 1}).json()["ErrorLogs"]
    moments = [row["DateUtc"] for row in rows]
    assert len(rows) == 50
    assert moments == sorted(moments, reverse=True)


def test_a_day_is_a_belgian_day(reader: httpx.Client) -> None:
    day = reader.get("ErrorLogs", params={"Page": 2}).json()["ErrorLogs"][0]["Date"][:10]
    rows = reader.get("ErrorLogs", params={"Date": day}).json()["ErrorLogs"]
    assert {row["Date"][:10] for row in rows} == {day}


def test_a_refused_request_is_logged_with_its_body(api: httpx.Client) -> None:
    api.post("Products", json={"WholesalerArticleNumber": "A1", "Active": True})
    row = api.get("ErrorLogs", params={"Page": 1}).json()["ErrorLogs"][0]
    assert (row["HttpMethod"], row["Url"], row["StatusCode"]) == ("POST", "/api/Products", 400)
    assert '"A1"' in row["RequestBody"]
    assert row["ModelStateErrors"][0]["Key"] == "product.BrandId"


def test_a_server_error_is_logged(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("GET Brands", "error-500", times=1)
    api.get("Brands")
    assert api.get("ErrorLogs", params={"Page": 1}).json()["ErrorLogs"][0]["StatusCode"] == 500


def test_without_date_or_page_it_is_refused(reader: httpx.Client) -> None:
    assert reader.get("ErrorLogs").status_code == 400
