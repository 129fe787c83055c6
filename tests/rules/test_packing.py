"""multiplier-invalid and package-mismatch: how much is in an own product?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("amount", "unit", "value", "message"),
    [
        (2.5, None, "2.5", "The multiplier is 2.5, without a unit."),
        (1e14, " ", "100000000000000.0", "The multiplier is 100000000000000.0, without a unit."),
        (None, "KG", "KG", "The multiplier is in KG, without an amount."),
        (0.0, "KG", "KG", "The multiplier is in KG, without an amount."),
    ],
)
def test_half_a_multiplier(
    findings: Findings, product: Make, amount: float | None, unit: str | None, value: str, message: str
) -> None:
    own = product(multiplier_amount=amount, multiplier_type=unit)
    (one,) = findings("multiplier-invalid", products=[own])
    assert (one["key"], one["value"], one["message"]) == ("A1", value, message)
    assert (one["severity"], one["fix"]) == ("warning", "edit-product")


@pytest.mark.parametrize(
    ("amount", "unit"), [(None, None), (None, ""), (0.0, None), (5.0, "KG"), (0.0001, "??")]
)
def test_a_whole_multiplier_or_none(
    findings: Findings, product: Make, amount: float | None, unit: str | None
) -> None:
    assert (
        findings("multiplier-invalid", products=[product(multiplier_amount=amount, multiplier_type=unit)])
        == []
    )


@pytest.mark.parametrize("active", [True, False, None])
def test_all_own_products_are_judged(findings: Findings, product: Make, active: bool | None) -> None:
    own = product(active=active, multiplier_amount=2.5, is_package=True)
    for check in ("multiplier-invalid", "package-mismatch"):
        assert len(findings(check, products=[own])) == 1


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (None, "empty"),
        (0, "0"),
        (1, "1"),
        (-6, "-6"),
    ],
)
def test_a_carton_without_units(findings: Findings, product: Make, units: int | None, told: str) -> None:
    (one,) = findings("package-mismatch", products=[product(is_package=True, amount_of_units=units)])
    assert one["value"] == (None if units is None else str(units))
    assert one["message"] == f"It is a carton, and the number of units inside is {told}."
    assert (one["severity"], one["fix"]) == ("warning", "edit-product")


def test_a_carton_of_two_or_a_great_many(findings: Findings, product: Make) -> None:
    for units in (2, 2**62):
        own = product(is_package=True, amount_of_units=units)
        assert findings("package-mismatch", products=[own]) == []


@pytest.mark.parametrize("is_package", [False, None])
def test_what_is_no_carton_holds_no_units(findings: Findings, product: Make, is_package: bool | None) -> None:
    assert findings("package-mismatch", products=[product(is_package=is_package, amount_of_units=None)]) == []
