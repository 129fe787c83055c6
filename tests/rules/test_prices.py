"""price-missing and promo-invalid: what do customers pay for own products?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("price", "value", "message"),
    [
        (None, None, "Grijze garnalen is active and its list price is empty."),
        (0.0, "0.0", "Grijze garnalen is active and its list price is 0.0."),
        (-1.5, "-1.5", "Grijze garnalen is active and its list price is -1.5."),
    ],
)
def test_price_missing(
    findings: Findings, product: Make, price: float | None, value: str | None, message: str
) -> None:
    (one,) = findings("price-missing", products=[product(sales_price=price)])
    assert (one["key"], one["value"], one["message"]) == ("A1", value, message)
    assert (one["severity"], one["fix"]) == ("error", "edit-sales")


@pytest.mark.parametrize("price", [0.0001, 0.01, 9.95, 1e16])
def test_any_price_above_0_is_one(findings: Findings, product: Make, price: float) -> None:
    assert findings("price-missing", products=[product(sales_price=price)]) == []


@pytest.mark.parametrize("active", [False, None])
def test_what_nobody_sees_needs_no_price(findings: Findings, product: Make, active: bool | None) -> None:
    assert findings("price-missing", products=[product(sales_price=None, active=active)]) == []


def test_linked_products_are_not_judged(findings: Findings, product: Make) -> None:
    linked = [product(article_number="L1", sales_price=None, promo_price=99.0)]
    for check in ("price-missing", "promo-invalid"):
        assert findings(check, products=[], linked_products=linked) == []


@pytest.fixture
def promo(findings: Findings, product: Make) -> Findings:
    """What promo-invalid finds in a product of 9.95: `promo(8.5, until=NOW - DAY)`."""

    def ask(
        price: float | None, since: datetime | None = None, until: datetime | None = None, **changes: Any
    ) -> list[dict[str, Any]]:
        given = product(promo_price=price, promo_from=since, promo_until=until, **changes)
        return findings("promo-invalid", products=[given])

    return ask


def test_a_promo_under_way_or_to_come_is_fine(promo: Findings) -> None:
    assert promo(8.5, NOW - DAY, NOW + DAY) == []
    assert promo(8.5, NOW + DAY, NOW + 2 * DAY) == []


def test_a_promo_without_dates_is_fine(promo: Findings) -> None:
    assert promo(8.5) == []
    assert promo(8.5, since=NOW - DAY) == []
    assert promo(8.5, until=NOW + DAY) == []


def test_no_promo_has_no_fault_whatever_dates_are_left(promo: Findings) -> None:
    assert promo(None, NOW, NOW - DAY) == []
    assert promo(None) == []


@pytest.mark.parametrize("active", [False, None])
def test_what_nobody_sees_has_no_promo(promo: Findings, active: bool | None) -> None:
    assert promo(99.0, active=active) == []


@pytest.mark.parametrize("price", [9.95, 9.96, 1e12])
def test_not_below_the_list_price(promo: Findings, price: float) -> None:
    (one,) = promo(price)
    assert one["value"] == f"{price} of 9.95"
    assert one["message"] == f"The promo price {price} is not below the list price 9.95."
    assert (one["severity"], one["fix"]) == ("warning", "edit-sales")


def test_a_cent_below_is_below(promo: Findings) -> None:
    assert promo(9.94) == []


def test_without_a_list_price_there_is_nothing_to_compare(promo: Findings) -> None:
    assert promo(8.5, sales_price=None) == []
    assert len(promo(8.5, until=NOW - DAY, sales_price=None)) == 1


def test_it_ends_before_it_starts_to_the_second(promo: Findings) -> None:
    start = NOW + DAY
    assert promo(8.5, start, start) == []
    (one,) = promo(8.5, start, start - SECOND)
    assert one["value"] == "2026-11-21 07:00 to 2026-11-21 06:59"
    assert one["message"] == "The promo of 8.5 ends (2026-11-21 06:59) before it starts (2026-11-21 07:00)."


def test_it_ended_to_the_second(promo: Findings) -> None:
    assert promo(8.5, until=NOW) == []
    (one,) = promo(8.5, until=NOW - SECOND)
    assert one["value"] == "8.5 until 2026-11-20 06:59"
    assert one["message"] == "The promo ended on 2026-11-20 06:59; its price of 8.5 is still there."


def test_moments_are_told_in_belgian_time_summer_and_winter(promo: Findings) -> None:
    (one,) = promo(8.5, until=datetime(2026, 10, 24, 21, 59, tzinfo=UTC))
    assert one["value"] == "8.5 until 2026-10-24 23:59"
    (one,) = promo(8.5, until=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    assert one["value"] == "8.5 until 2026-10-25 23:59"


def test_the_value_is_the_same_tomorrow(findings: Findings, product: Make) -> None:
    """An accepted deviation comes back when the value changes: the calendar alone must not change it."""
    faults = [
        {"promo_price": 8.5, "promo_until": NOW - DAY},
        {"promo_price": 8.5, "promo_from": NOW + 2 * DAY, "promo_until": NOW + DAY},
        {"promo_price": 9.95, "promo_until": NOW + DAY},
    ]
    own = [product(article_number=f"A{number}", **fault) for number, fault in enumerate(faults)]
    today = findings("promo-invalid", products=own)
    later = findings("promo-invalid", products=own, now=NOW + 40 * DAY)
    assert [one["value"] for one in today] == [one["value"] for one in later]
    assert len(today) == 3


def test_prices_are_told_without_float_noise(promo: Findings) -> None:
    (one,) = promo(0.1 + 0.2, sales_price=0.3)
    assert one["value"] == "0.3 of 0.3"
