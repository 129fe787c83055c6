"""TimeSpan, LanguageValue, and what no source states the shape of."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from checks.sources.easyflor.loose import place, vat_number
from checks.sources.easyflor.values import language_value, time_span


@pytest.mark.parametrize(
    ("text", "day_shift", "clock"),
    [
        ("13:50:01", 0, time(13, 50, 1)),
        ("-01.13:50:01", -1, time(13, 50, 1)),
        ("-1.15:30:00", -1, time(15, 30)),
        ("02.00:00:00", 2, time(0)),
        ("00.23:59:59", 0, time(23, 59, 59)),
        (" -2.12:00:00 ", -2, time(12)),
    ],
)
def test_a_time_span_is_a_day_shift_and_a_clock_time(text: str, day_shift: int, clock: time) -> None:
    assert time_span(text) == (day_shift, clock)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TimeSpan",
        "15:30",
        "24:00:00",
        "12:60:00",
        "-13:50:01",
        "+1.13:50:01",
        "100.13:50:01",
        "1:13:50:01",
        "١٢:00:00",
    ],
)
def test_anything_else_is_no_time_span(text: str) -> None:
    assert time_span(text) is None


def test_a_language_value_in_the_first_language_that_has_one() -> None:
    value = {"nl": "Rood", "fr": "Rouge", "de": " "}
    assert language_value(value, "nl", "fr") == "Rood"
    assert language_value(value, "de", "fr") == "Rouge"
    assert language_value(value, "de", "en") is None
    assert language_value(None, "nl") is None
    assert language_value("Rood", "nl") is None


@pytest.mark.parametrize(
    "numbers",
    [
        [{"Category": "Telefoon", "Value": "050"}, {"Category": "BTW-nummer", "Value": "BE0123456789"}],
        [{"Category": "VAT", "Value": " BE0123456789 "}],
        {"VATNumber": "BE0123456789"},
        {"Phone": "050", "btw": "BE0123456789"},
        [{"TVA": "BE0123456789"}],
        {"Other": [{"Category": "N° TVA", "Value": "BE0123456789"}]},
    ],
)
def test_a_vat_number_is_found_in_whatever_shape(numbers: Any) -> None:
    assert vat_number(numbers) == "BE0123456789"


@pytest.mark.parametrize(
    "addresses",
    [
        [{"Street": "Kaai", "City": "Oostende"}, {"City": "Gent"}],
        {"Municipality": "Oostende"},
        {"Invoice": {"Street": "Kaai", "Town": "Oostende"}},
        [{"Category": "Place", "Value": "Oostende"}],
        [{"Category": "Invoice", "Street": "Kaai", "City": "Oostende"}],
    ],
)
def test_a_place_is_found_in_whatever_shape(addresses: Any) -> None:
    assert place(addresses) == "Oostende"


STRANGE: list[Any] = [
    None,
    [],
    {},
    "x",
    7,
    True,
    [None, 1, "x"],
    [{"Category": 3, "Value": {}}],
    {"City": None, "BTW": False},
]
STRANGE.append([[[[[{"City": "Te diep", "BTW": "Te diep"}]]]]])


@pytest.mark.parametrize("value", STRANGE, ids=str)
def test_what_cannot_be_read_is_null_and_never_a_crash(value: Any) -> None:
    assert vat_number(value) is None
    assert place(value) is None


def test_a_telephone_number_is_no_vat_number() -> None:
    assert vat_number([{"Category": "Telefoon", "Value": "050123456"}]) is None
    assert vat_number([{"Category": "Privat", "Value": "050123456"}]) is None
    assert vat_number([{"Category": "Industrie", "Value": "1"}]) is None
