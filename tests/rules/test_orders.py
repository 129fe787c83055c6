"""order-unprocessed, order-delivery-passed, order-unknown-client, order-unknown-article, order-total-mismatch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.frames import FRAMES, Frames
from checks.rules import run_checks
from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def aged(hours: float, **changes: Any) -> dict[str, Any]:
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
    (one,) = findings("order-unprocessed", orders=[aged(hours)])
    assert (one["key"], one["severity"], one["entity"], one["fix"]) == (
        "1001",
        severity,
        "order",
        "process-order",
    )


@pytest.mark.parametrize("hours", [0, 24, -3])
def test_a_young_order_may_wait(findings: Findings, hours: float) -> None:
    assert findings("order-unprocessed", orders=[aged(hours)]) == []


def test_processed_orders_and_orders_without_a_moment(findings: Findings) -> None:
    assert findings("order-unprocessed", orders=[aged(100, processed_at=NOW)]) == []
    assert findings("order-unprocessed", orders=[aged(100, ordered_at=None)]) == []


def test_the_message_counts_and_names_nobody(findings: Findings) -> None:
    (one,) = findings("order-unprocessed", orders=[aged(30)])
    assert one["message"] == "Ordered 30 hours ago, 3 lines, 59.9 euro, and not processed."
    (one,) = findings("order-unprocessed", orders=[aged(80, lines=None, total=None)])
    assert one["message"] == "Ordered 3 days ago, ? lines, ? euro, and not processed."


def test_the_value_is_the_same_tomorrow(findings: Findings) -> None:
    (one,) = findings("order-unprocessed", orders=[aged(30)])
    assert one["value"] == "2026-11-19 00:00 UTC"


def test_thresholds_come_from_the_settings(shop: Make) -> None:
    settings = CheckSettings(order_warning_hours=0.5, order_error_hours=1)
    found = run_checks(shop(orders=[aged(0.75)]), settings, NOW, only=["order-unprocessed"]).found
    assert found["severity"].to_list() == ["warning"]


DELIVERY = "order-delivery-passed"


def due(findings: Findings, order: Make, now: datetime = NOW, **changes: Any) -> list[dict[str, Any]]:
    nothing = {"delivery_date": None, "pickup_date": None}
    return findings(DELIVERY, orders=[order(**nothing | changes)], now=now)


def test_a_delivery_that_should_have_been(findings: Findings, order: Make) -> None:
    (one,) = due(findings, order, delivery_date=date(2026, 11, 19))
    assert (one["entity"], one["key"], one["value"]) == ("order", "1001", "2026-11-19")
    assert (one["severity"], one["fix"]) == ("error", "process-order")
    assert one["message"] == "It was to be delivered on 2026-11-19, and is not processed."


def test_the_value_of_a_passed_delivery_is_the_same_tomorrow(findings: Findings, order: Make) -> None:
    found = [
        due(findings, order, NOW + timedelta(days=days), delivery_date=date(2026, 11, 19)) for days in (0, 9)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("day", [20, 21])
def test_today_is_not_over_yet(findings: Findings, order: Make, day: int) -> None:
    assert due(findings, order, delivery_date=date(2026, 11, day)) == []


@pytest.mark.parametrize(
    ("now", "passed"),
    [
        (datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC), False),  # winter: Belgium is an hour ahead
        (datetime(2026, 1, 15, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 15, 21, 59, 59, tzinfo=UTC), False),  # summer: two
        (datetime(2026, 7, 15, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), False),  # the day before the clock goes forward
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), False),  # the day itself ends an hour sooner
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), False),  # and an hour later in autumn
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), True),
    ],
)
def test_the_day_ends_at_midnight_in_belgium(
    findings: Findings, order: Make, now: datetime, passed: bool
) -> None:
    day = (now - timedelta(seconds=1) + timedelta(hours=1)).date()  # the Belgian day that is ending
    assert bool(due(findings, order, now, delivery_date=day)) is passed


def test_a_pickup_order_has_a_pickup_date(findings: Findings, order: Make) -> None:
    (one,) = due(findings, order, is_pickup=True, pickup_date=date(2026, 11, 19))
    assert one["message"] == "It was to be picked up on 2026-11-19, and is not processed."
    later = {"is_pickup": True, "pickup_date": date(2026, 11, 25), "delivery_date": date(2026, 11, 19)}
    assert due(findings, order, **later) == []
    assert len(due(findings, order, **later | {"is_pickup": False})) == 1


@pytest.mark.parametrize("is_pickup", [True, False, None])
def test_the_only_date_there_is_counts(findings: Findings, order: Make, is_pickup: bool | None) -> None:
    for which in ("delivery_date", "pickup_date"):
        found = due(findings, order, is_pickup=is_pickup, **{which: date(2026, 11, 19)})
        assert [one["value"] for one in found] == ["2026-11-19"]


def test_an_order_without_a_date_is_not_late(findings: Findings, order: Make) -> None:
    assert due(findings, order) == []


CLIENT = "order-unknown-client"


def test_an_order_of_an_unknown_client(findings: Findings, order: Make) -> None:
    (one,) = findings(CLIENT, orders=[order(client_number="C9", client_name="Brasserie Leopold")])
    assert (one["entity"], one["key"], one["value"], one["fix"]) == ("order", "1001", "C9", None)
    assert one["message"] == "Client C9 does not exist."


@pytest.mark.parametrize("number", [None, "", " "])
def test_an_order_of_nobody(findings: Findings, order: Make, number: str | None) -> None:
    (one,) = findings(CLIENT, orders=[order(client_number=number)])
    assert one["message"] == "The order has no client."


def test_a_known_client_with_spaces_or_inactive(findings: Findings, order: Make, client: Make) -> None:
    assert findings(CLIENT, orders=[order(client_number=" C1 ")]) == []
    assert findings(CLIENT, orders=[order()], clients=[client(client_number="C1 ", active=False)]) == []
    assert len(findings(CLIENT, orders=[order(client_number="c1")])) == 1


ARTICLE = "order-unknown-article"


def line(article: str | None, quantity: Any = 1.0, price: Any = 1.0, total: Any = 1.0) -> dict[str, Any]:
    return {"article_number": article, "unit": "KG", "quantity": quantity, "price": price, "total": total}


def test_an_order_of_an_unknown_article(findings: Findings, order: Make) -> None:
    (one,) = findings(ARTICLE, orders=[order(order_lines=[line("A1"), line("X9")])])
    assert (one["entity"], one["key"], one["value"], one["fix"]) == ("order", "1001", "X9", None)
    assert one["message"] == "Neither own nor linked products: X9."


def test_at_most_three_are_named_in_an_order_that_does_not_move(findings: Findings, order: Make) -> None:
    lines = [line(f"X{number}") for number in (5, 3, 1, 2, 4, 5)]
    for turned in (lines, lines[::-1]):
        (one,) = findings(ARTICLE, orders=[order(order_lines=turned)])
        assert one["value"] == "X1, X2, X3 and 2 more"


def test_one_finding_an_order(findings: Findings, order: Make) -> None:
    wrong = [line("X9"), line("X9", 2.0)]
    orders = [order(order_lines=wrong), order(order_number=1002), order(order_number=1003, order_lines=wrong)]
    found = findings(ARTICLE, orders=orders)
    assert [(one["key"], one["value"]) for one in found] == [("1001", "X9"), ("1003", "X9")]


@pytest.mark.parametrize("article", [None, "", " "])
def test_a_line_without_a_number(findings: Findings, order: Make, article: str | None) -> None:
    (one,) = findings(ARTICLE, orders=[order(order_lines=[line("A1"), line(article)])])
    assert one["value"] == "without a number"


def test_own_and_linked_articles_with_spaces(findings: Findings, order: Make, product: Make) -> None:
    lines = [line(" A1"), line("L1 ")]
    linked = [product(article_number="L1")]
    assert findings(ARTICLE, orders=[order(order_lines=lines)], linked_products=linked) == []
    assert len(findings(ARTICLE, orders=[order(order_lines=[line("a1")])])) == 1


TOTAL = "order-total-mismatch"


def totals(findings: Findings, order: Make, *lines: dict[str, Any]) -> list[str]:
    """The values of what is found, beside a line that adds up."""
    found = findings(TOTAL, orders=[order(order_lines=[line("A1"), *lines])])
    return [one["value"] for one in found]


def test_a_total_that_does_not_add_up(findings: Findings, order: Make) -> None:
    (one,) = findings(TOTAL, orders=[order(order_lines=[line("A1", 2.0, 9.95, 21.4)])])
    assert (one["entity"], one["key"], one["severity"]) == ("order", "1001", "warning")
    assert one["value"] == "A1: 2.0 x 9.95 is not 21.4"
    assert one["message"] == "A1: 2.0 x 9.95 is not 21.4."


@pytest.mark.parametrize(
    ("quantity", "price", "total", "fine"),
    [
        (2.0, 9.95, 19.9, True),
        (2.0, 9.95, 19.91, True),  # a cent
        (2.0, 9.95, 19.89, True),
        (2.0, 9.95, 19.92, False),
        (2.0, 9.95, 19.88, False),
        (3.0, 0.1, 0.1 + 0.2, True),
        (1.0, 0.1 + 0.2, 0.3, True),
        (1.0, 0.1 + 0.2, 0.31, True),  # a cent and a hair
        (1.0, 0.1 + 0.2, 0.32, False),
        (0.333, 1.0, 0.34, True),
        (0.0, 9.95, 0.0, True),
        (0.0, 9.95, 9.95, False),
        (-1.0, 9.95, -9.95, True),
        (-1.0, 9.95, 9.95, False),
        (3.0, 33333333333333.33, 99999999999999.99, True),
        (1e7, 1e7, 1e14, True),
        (1e7, 1e7, 1e14 + 1, False),
    ],
)
def test_a_cent_may_be_rounded_away(
    findings: Findings, order: Make, quantity: float, price: float, total: float, fine: bool
) -> None:
    assert (totals(findings, order, line("A2", quantity, price, total)) == []) is fine


@given(
    st.decimals(0, 10_000, places=3),
    st.decimals(0, 10_000, places=2),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN]),
)
def test_whoever_rounds_to_cents_agrees_with_it(quantity: Decimal, price: Decimal, rounding: str) -> None:
    total = (quantity * price).quantize(Decimal("0.01"), rounding)
    told = [total + Decimal(cents) / 100 for cents in (0, 1, 2, -1, -3)]
    orders = [
        {"order_number": number, "order_lines": [line("A1", float(quantity), float(price), float(one))]}
        for number, one in enumerate(told)
    ]
    frames = Frames.of("shop", orders=pl.DataFrame(orders, schema=FRAMES["orders"].schema))
    found = run_checks(frames, CheckSettings(), NOW, only=[TOTAL]).found
    off = [str(number) for number, one in enumerate(told) if abs(one - quantity * price) > Decimal("0.01")]
    assert found["key"].to_list() == off
    assert "0" not in off


@pytest.mark.parametrize("field", [1, 2, 3])
def test_a_line_that_lacks_one_of_the_three_is_not_judged(
    findings: Findings, order: Make, field: int
) -> None:
    given: list[Any] = ["A2", 2.0, 9.95, 99.0]
    given[field] = None
    assert totals(findings, order, line(*given)) == []


def test_at_most_three_lines_are_told_in_an_order_that_does_not_move(findings: Findings, order: Make) -> None:
    wrong = [line(f"A{number}", total=5.0) for number in (9, 7, 8, 6, 5)]
    expected = "; ".join(f"A{number}: 1.0 x 1.0 is not 5.0" for number in (5, 6, 7)) + " and 2 more"
    for turned in (wrong, wrong[::-1]):
        assert totals(findings, order, *turned) == [expected]


def test_a_line_without_an_article_number_is_judged_too(findings: Findings, order: Make) -> None:
    assert totals(findings, order, line(None, total=5.0)) == ["without a number: 1.0 x 1.0 is not 5.0"]


@pytest.mark.parametrize("field", ["quantity", "price", "total"])
def test_a_field_that_no_line_has_is_nothing_to_judge_by(
    why_not: Callable[..., str | None], order: Make, field: str
) -> None:
    orders = [order(order_number=number, order_lines=[line("A1") | {field: None}]) for number in (1, 2)]
    assert why_not(TOTAL, orders=orders) == "None of the 2 order lines has a quantity, a price and a total."
    assert why_not(TOTAL, orders=[*orders, order()]) is None


def test_what_it_judged_is_counted(shop: Make, order: Make) -> None:
    orders = [
        order(),
        order(order_number=2, order_lines=[line("A1", None)]),
        order(order_number=3, order_lines=[]),
    ]
    (result,) = run_checks(shop(orders=orders), CheckSettings(), NOW, only=[TOTAL]).results
    assert (result.status, result.entities) == ("passed", 1)


ALL = ("order-unprocessed", DELIVERY, CLIENT, ARTICLE, TOTAL)


@pytest.fixture
def hopeless(order: Make) -> Make:
    """An order with every fault."""
    faults = {
        "ordered_at": NOW - timedelta(days=9),
        "delivery_date": date(2026, 11, 13),
        "client_number": "C9",
        "order_lines": [line("X9", total=9.0)],
    }
    return lambda **changes: order(**faults | changes)


@pytest.mark.parametrize("check", ALL)
def test_a_processed_order_is_history(findings: Findings, hopeless: Make, check: str) -> None:
    assert len(findings(check, orders=[hopeless()])) == 1
    assert findings(check, orders=[hopeless(processed_at=NOW - timedelta(days=1))]) == []
    assert findings(check, processed_orders=[hopeless()]) == []


@pytest.mark.parametrize("check", ALL)
def test_no_orders_at_all(findings: Findings, check: str) -> None:
    assert findings(check, orders=[]) == []


@pytest.mark.parametrize("check", [ARTICLE, TOTAL])
@pytest.mark.parametrize("lines", [None, [], [None]])
def test_an_order_without_lines(findings: Findings, order: Make, check: str, lines: Any) -> None:
    assert findings(check, orders=[order(), order(order_number=2, order_lines=lines)]) == []


@pytest.mark.parametrize("check", ALL)
def test_no_sentence_names_a_client(findings: Findings, hopeless: Make, check: str) -> None:
    (one,) = findings(check, orders=[hopeless(client_name="Brasserie Leopold")])
    assert "Leopold" not in str(one)
