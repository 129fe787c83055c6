"""Small words of the fix pages: how long still, the two states of a message, a body field by field. Pure."""

from __future__ import annotations

import pytest

from dashboard.parts import fix_requests
from dashboard.parts.fix_attention import Two, two_states
from dashboard.parts.fix_worker import left
from dashboard.parts.words import duration


@pytest.mark.parametrize(
    ("seen", "total", "seconds"),
    [([(0, 0)], 10, None), ([(0, 5), (10, 5)], 10, None), ([(0, 0), (10, 5)], 15, 20.0)],
)
def test_how_long_still(seen: list[tuple[float, int]], total: int, seconds: float | None) -> None:
    assert left(seen, total) == seconds


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "5 seconds"), (42, "40 seconds"), (58, "1 min"), (250, "4 min"), (7900, "2 h 12 min")],
)
def test_durations_in_round_words(value: float, text: str) -> None:
    assert duration(value) == text


def test_the_two_states_of_a_message() -> None:
    said = "Needs attention: it broke. Before: an own product. Last seen: nothing. Everything needed to put it back is here."
    assert two_states(said) == Two("it broke.", "an own product.", "nothing.")
    assert two_states("Interrupted before it was looked at.") == Two("Interrupted before it was looked at.")


def test_what_a_body_says_field_by_field() -> None:
    body = {
        "WholesalerArticleNumber": "A100",
        "Active": True,
        "PromoValidFrom": "2026-01-05T00:00:00+01:00",
        "Localizations": [{"LanguageCode": "nld", "Name": "Stroop"}],
        "Supplier": {"Id": 3, "ArticleCode": "X1"},
        "Photo": "sha256:abc",
    }
    said = {one.name: one.now for one in fix_requests.fields({"method": "POST", "body": body})}
    assert said == {
        "Article number": "A100",
        "Active": "yes",
        "Promo start": "05/01/2026 00:00",
        "Text (nld) name": "Stroop",
        "Supplier Id": "3",
        "Supplier Article Code": "X1",
    }
    assert fix_requests.pictures({"body": body}) == ["abc"]


def test_a_replacement_tells_what_changes_first() -> None:
    old = {"EanCode": "1", "SalesPriceList": 4.95}
    request = {"method": "PUT", "path": "Products", "body": {"SalesPriceList": 4.95, "EanCode": None}}
    found = fix_requests.fields(request, [{"method": "PUT", "path": "Products", "body": old}])
    assert [(one.name, one.was, one.now, one.changes) for one in found] == [
        ("EAN", "1", "nothing", True),
        ("List price", None, "4.95", False),
    ]
