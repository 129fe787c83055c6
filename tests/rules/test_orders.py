"""order-unprocessed: which orders has nobody taken in?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.rules import run_checks
from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def order(hours: float, **changes: Any) -> dict[str, Any]:
    ordered = NOW - timedelta(hours=hours)
    return {
        "order_number": 1001,
        "ordered_at": ordered,
        "lines": 3,
        "total": 59.9,
        "client_name": "Jan",
    } | changes


@pytest.mark.parametrize(
    ("hours", "severity"), [(25, "warning"), (72, "warning"), (72.1, "error"), (900, "error")]
)
def test_severity_grows_with_age(findings: Findings, hours: float, severity: str) -> None:
    (one,) = findings("order-unprocessed", orders=[order(hours)])
    assert (one["key"], one["severity"], one["entity"], one["fix"]) == (
        "1001",
        severity,
        "order",
        "process-order",
    )


@pytest.mark.parametrize("hours", [0, 24, -3])
def test_a_young_order_may_wait(findings: Findings, hours: float) -> None:
    assert findings("order-unprocessed", orders=[order(hours)]) == []


def test_processed_orders_and_orders_without_a_moment(findings: Findings) -> None:
    assert findings("order-unprocessed", orders=[order(100, processed_at=NOW)]) == []
    assert findings("order-unprocessed", orders=[order(100, ordered_at=None)]) == []


def test_the_message_counts_and_names_nobody(findings: Findings) -> None:
    (one,) = findings("order-unprocessed", orders=[order(30)])
    assert one["message"] == "Ordered 30 hours ago, 3 lines, 59.9 euro, and not processed."
    (one,) = findings("order-unprocessed", orders=[order(80, lines=None, total=None)])
    assert one["message"] == "Ordered 3 days ago, ? lines, ? euro, and not processed."


def test_the_value_is_the_same_tomorrow(findings: Findings) -> None:
    (one,) = findings("order-unprocessed", orders=[order(30)])
    assert one["value"] == "2026-11-19 00:00 UTC"


def test_thresholds_come_from_the_settings(shop: Make) -> None:
    settings = CheckSettings(order_warning_hours=0.5, order_error_hours=1)
    found = run_checks(shop(orders=[order(0.75)]), settings, NOW, only=["order-unprocessed"]).found
    assert found["severity"].to_list() == ["warning"]
