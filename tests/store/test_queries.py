"""Questions to the findings, their filters, and closing one."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from checks.findings import FOUND, KEPT, CheckResult
from checks.store import Store

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)

ROWS = [
    (
        "missing-photo",
        "warning",
        "webshop",
        "product",
        "ART_1",
        None,
        None,
        "No photo of Garnalen 100 %.",
        None,
    ),
    (
        "invalid-reference",
        "error",
        "webshop",
        "product",
        "ART01",
        "brand",
        "77777",
        "Brand 77777 (Crème 1/2) is gone.",
        None,
    ),
    (
        "invalid-reference",
        "error",
        "webshop",
        "product",
        "ART01",
        "supplier",
        "5",
        "Supplier 5 is gone.",
        None,
    ),
    ("order-unprocessed", "error", "other", "order", "1001", None, "90", "Waits for 90 hours.", None),
]

FOUND_AGAIN = pl.DataFrame(ROWS[:1], schema=FOUND, orient="row")


@pytest.fixture(autouse=True)
def _filled(store: Store) -> None:
    checks = {(row[0], row[2]) for row in ROWS}
    results = [CheckResult(check, source, "failed", 1, entities=10) for check, source in sorted(checks)]
    run_id = store.begin_run("full", "test")
    found = pl.DataFrame(ROWS, schema=FOUND, orient="row")
    store.finish_run(run_id, "complete", "full", None, [], results, found, NOW)


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({}, ["1001", "ART01", "ART01", "ART_1"]),
        ({"check": "missing-photo"}, ["ART_1"]),
        ({"check": ["missing-photo", "order-unprocessed"]}, ["1001", "ART_1"]),
        ({"severity": "warning"}, ["ART_1"]),
        ({"source": "other"}, ["1001"]),
        ({"key": "ART01"}, ["ART01", "ART01"]),
        ({"text": "brand"}, ["ART01"]),
        ({"text": "100 %"}, ["ART_1"]),
        ({"text": "art_"}, ["ART_1"]),  # no wildcard
        ({"text": "1/2"}, ["ART01"]),
        ({"text": "CRÈME"}, ["ART01"]),
        ({"text": "12"}, []),
        ({"status": "fixed"}, []),
        ({"ids": []}, []),
    ],
    ids=str,
)
def test_filters(store: Store, filters: dict[str, object], keys: list[str]) -> None:
    findings = store.findings(**filters)  # type: ignore[arg-type]
    assert sorted(findings["key"]) == keys
    assert findings.schema == KEPT


def test_counts_by_check_and_severity(store: Store) -> None:
    counts = {
        (row["check"], row["severity"]): row["findings"] for row in store.counts().iter_rows(named=True)
    }
    assert counts == {
        ("missing-photo", "warning"): 1,
        ("invalid-reference", "error"): 2,
        ("order-unprocessed", "error"): 1,
    }


def test_news_of_a_run_by_check(store: Store) -> None:
    first = store.runs()["id"][0]
    store.set_finding(store.findings(check="missing-photo")["id"][0], "fixed", "fixed", "Uploaded.", "Els")
    second = store.begin_run("full", "test")
    results = [CheckResult("missing-photo", "webshop", "failed", 1, entities=10)]
    store.finish_run(second, "partial", "full", None, [], results, FOUND_AGAIN, datetime.now(UTC))
    assert store.new_in(first).select("source", "check", "event", "findings").rows() == [
        ("other", "order-unprocessed", "new", 1),
        ("webshop", "invalid-reference", "new", 2),
        ("webshop", "missing-photo", "new", 1),
    ]
    assert store.new_in(second).rows() == [("webshop", "missing-photo", "warning", "regressed", 1)]


def test_the_revision_grows_with_every_event(store: Store) -> None:
    before = store.revision()
    store.set_finding(store.findings()["id"][0], None, "fix-started", "Link.", "Els")
    assert store.revision() == before + 1


def test_a_fix_closes_a_finding_once(store: Store) -> None:
    finding = store.findings(check="missing-photo")["id"][0]
    for _ in range(2):
        store.set_finding(finding, "fixed", "fixed", "Photo uploaded.", "Els")
    assert store.findings(check="missing-photo").is_empty()
    assert store.events(finding)["event"].to_list() == ["new", "fixed"]
    assert store.fixed_since(7).rows() == [("missing-photo", "Els", 1)]


def test_an_event_may_leave_the_status_alone(store: Store) -> None:
    finding = store.findings(check="missing-photo")["id"][0]
    store.set_finding(finding, None, "fix-failed", "Refused.", "Els")
    store.set_finding("no such finding", None, "fix-failed", "Refused.", "Els")
    assert store.findings(check="missing-photo")["status"].to_list() == ["new"]
    assert store.events(finding)["event"].to_list() == ["new", "fix-failed"]
