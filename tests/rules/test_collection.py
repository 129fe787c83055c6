"""collection-incomplete and schema-drift: what did the run itself bring home?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.findings import identify
from checks.rules import run_checks
from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def collected(**changes: Any) -> dict[str, Any]:
    usual = {"frame": "products", "title": "Own products", "status": "ok", "rows": 1200, "expected": 1200}
    return usual | changes


def drifted(field: str, kind: str = "gone", **changes: Any) -> dict[str, Any]:
    usual = {"frame": "products", "title": "Own products", "detail": f"{field} is in none of 200 rows."}
    return usual | {"field": field, "kind": kind} | changes


def test_fewer_rows_than_the_server_counted(findings: Findings) -> None:
    (one,) = findings("collection-incomplete", collection=[collected(rows=1197)])
    assert (one["entity"], one["key"], one["value"]) == ("frame", "products", "3 missing")
    assert (one["severity"], one["fix"]) == ("error", None)
    assert one["message"] == "Own products: the server counts 1200 and gave 1197; 3 are missing."


@pytest.mark.parametrize("message", ["500 on page 3", "no connection"])
def test_a_frame_that_failed(findings: Findings, message: str) -> None:
    failed = collected(status="failed", rows=0, expected=None, message=message)
    (one,) = findings("collection-incomplete", collection=[failed])
    assert one["message"] == f"Own products could not be collected: {message}"
    assert one["value"] == "failed", "another wording tomorrow is no news"


def test_a_failure_without_a_reason(findings: Findings) -> None:
    (one,) = findings("collection-incomplete", collection=[collected(status="failed", expected=None)])
    assert one["message"] == "Own products could not be collected: no reason given."


def test_a_failure_is_one_finding_though_rows_are_missing_too(findings: Findings) -> None:
    failed = collected(status="failed", rows=0)
    (one,) = findings("collection-incomplete", collection=[failed])
    assert one["value"] == "failed"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rows": 1201},
        {"expected": None},
        {"rows": 0, "expected": 0},
        {"status": "deferred", "rows": 0},
        {"status": "deferred", "rows": None, "expected": None, "message": "tomorrow"},
        {"message": "Only the newest 20,000 rows were read."},
    ],
)
def test_what_is_complete_or_put_off(findings: Findings, changes: dict[str, Any]) -> None:
    assert findings("collection-incomplete", collection=[collected(**changes)]) == []


def test_a_run_that_says_nothing_of_itself_is_not_believed(why_not: Callable[..., str | None]) -> None:
    assert "collection" in (why_not("collection-incomplete", collection=[]) or "")


def test_schema_drift(findings: Findings) -> None:
    (one,) = findings("schema-drift", field_drift=[drifted("LastModifiedUtc")])
    assert (one["entity"], one["key"]) == ("frame", "products")
    assert (one["field"], one["value"]) == ("LastModifiedUtc", "gone")
    assert (one["severity"], one["fix"]) == ("warning", None)
    assert one["message"] == "Own products: LastModifiedUtc is in none of 200 rows."


def test_each_field_is_shown_once_and_has_a_finding_of_its_own(shop: Callable[..., Any]) -> None:
    drift = [
        drifted("Brand.Id", "retyped"),
        drifted("Brand.Id"),
        drifted("Colour", "new"),
        drifted("Colour", "new", frame="photos", title="Product photos"),
    ]
    judged = run_checks(shop(field_drift=drift), CheckSettings(), NOW, only=["schema-drift"])
    assert judged.results[0].findings == 3
    assert identify(judged.found).height == 3
    assert judged.found["value"].to_list() == ["retyped", "new", "new"]


def test_drift_without_details(findings: Findings) -> None:
    (one,) = findings("schema-drift", field_drift=[drifted("Colour", "new", detail=None)])
    assert one["message"] == "Own products: Colour is new."


def test_no_drift_is_good_news(findings: Findings) -> None:
    assert findings("schema-drift", field_drift=[]) == []


def test_the_fields_of_a_list_that_did_not_come_in_are_unknown(why_not: Callable[..., str | None]) -> None:
    rows = [
        collected(),
        collected(frame="users", status="failed"),
        collected(frame="photos", status="failed"),
    ]
    reason = "The fields of photos, users could not be looked at: they did not come in."
    assert why_not("schema-drift", collection=rows, field_drift=[drifted("Colour", "new")]) == reason
    assert (
        why_not("schema-drift", collection=[collected(), collected(frame="users", status="deferred")]) is None
    )
