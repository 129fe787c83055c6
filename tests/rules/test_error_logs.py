"""error-new, error-regressed and error-spike: which problems of the error log ask for somebody?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.fixes.catalogue import FIXES
from checks.frames import Collected
from checks.rules import CHECKS, run_checks
from checks.settings import CheckSettings
from checks.triage.states import STATES

Findings = Callable[..., list[dict[str, Any]]]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
OF_STATE = {"error-new": "new", "error-regressed": "regressed", "error-spike": "escalating"}


def group(state: str, **changes: Any) -> dict[str, Any]:
    usual = {
        "group_id": f"of-{state}",
        "title": "PUT Products: BrandId is required",
        "rows": 40,
        "last_day": 12,
        "expected": 5.4,
        "first_seen": datetime(2026, 11, 18, 9, tzinfo=UTC),
        "last_seen": datetime(2026, 11, 20, 5, tzinfo=UTC),
    }
    return usual | {"state": state} | changes


@pytest.mark.parametrize(("check", "state"), OF_STATE.items())
def test_each_finds_problems_in_its_state_only(findings: Findings, check: str, state: str) -> None:
    (one,) = findings(check, error_groups=[group(other) for other in STATES])
    assert (one["entity"], one["key"], one["fix"]) == ("error-group", f"of-{state}", "triage")
    assert one["message"].startswith("PUT Products: BrandId is required")


@pytest.mark.parametrize(("check", "state"), OF_STATE.items())
def test_more_rows_tomorrow_are_no_other_value(findings: Findings, check: str, state: str) -> None:
    (today,) = findings(check, error_groups=[group(state)])
    (tomorrow,) = findings(check, error_groups=[group(state, rows=90, last_day=50, expected=6.0)])
    assert today["value"] == tomorrow["value"]
    assert today["message"] != tomorrow["message"]


def test_how_much_is_said(findings: Findings) -> None:
    (spike,) = findings("error-spike", error_groups=[group("escalating")])
    assert spike["message"].endswith(": 12 in 24 hours, at most 5 expected")
    (unknown,) = findings("error-spike", error_groups=[group("escalating", expected=None)])
    assert unknown["message"].endswith(": 12 in 24 hours")
    (new,) = findings("error-new", error_groups=[group("new", rows=1)])
    assert (new["value"], new["message"][-8:]) == ("since 2026-11-18", " (1 row)")


def test_what_is_ignored_is_not_judged(shop: Callable[..., Any]) -> None:
    rows = [group("ignored"), group("resolved"), group("new")]
    (result,) = run_checks(shop(error_groups=rows), CheckSettings(), NOW, only=["error-new"]).results
    assert (result.findings, result.entities) == (1, 2)


def test_a_log_that_did_not_come_in_is_never_green(shop: Callable[..., Any]) -> None:
    frames = shop()
    why = "the error log did not come in. 500 on page 1"
    frames.collected["error_groups"] = Collected("shop", "error_groups", "failed", message=why)
    results = run_checks(frames, CheckSettings(), NOW, only=list(OF_STATE)).results
    assert {result.status for result in results} == {"could_not_run"}
    assert all(why in str(result.message) for result in results)


def test_triage_is_done_by_people_no_plan_does_it() -> None:
    assert {CHECKS[check].fix for check in OF_STATE} == {"triage"}
    assert "triage" not in FIXES
