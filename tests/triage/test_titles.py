"""What people read of a problem: values by what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Title = Callable[..., str]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("No product has EAN 5410000000002.", "No product has EAN ‹GTIN›."),
        ("Code 5410000000003 is none.", "Code ‹number› is none."),  # its check digit is wrong
        ("Product VV-1234 is gone.", "Product ‹article› is gone."),
        ("Photo of VV<1234 is gone.", "Photo of ‹article› is gone."),
        ("Order 4711 is gone.", "Order ‹order› is gone."),
        ("Order SO-4711 of client K12 is gone.", "Order ‹order› of client ‹client› is gone."),
        ("Client with number K12345.", "Client with number ‹client›."),
        ("'VatPercentage' mag niet leeg zijn.", "'VatPercentage' mag niet leeg zijn."),
        ("The Prices[3].Address2 field is required.", "The Prices[].Address2 field is required."),
        ("The value 'kaas' is not valid for EanCode.", "The value ‹value› is not valid for EanCode."),
        ("Mail to ***@klant.example failed.", "Mail to ‹e-mail› failed."),
        ("Request 0a1b2c3d-0000-4000-8000-00000000abcd failed.", "Request ‹GUID› failed."),
        ("Not on 2026-11-25T10:30:07+01:00.", "Not on ‹moment›."),
        ("Not at 10:30:07.", "Not at ‹moment›."),
        ("L'article 'l'été' n'existe pas.", "L'article ‹value› n'existe pas."),
        ("Price 3,75 is wrong.", "Price ‹number› is wrong."),
        ("Row a7b is wrong.", "Row ‹value› is wrong."),
        ("Products VV1234, VV1235 are gone.", "Products ‹article› are gone."),
        ("Timeout.\n  at A.B()", "Timeout."),
        ("<h1>Gone</h1>", "Gone"),
    ],
)
def test_values_are_named(title: Title, message: str, said: str) -> None:
    assert title(message) == f"PUT Products: {said}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"message": None}, "PUT Products: status 400 without a message"),
        ({"method": None, "url": None, "message": "Gone."}, "A request: Gone."),
        ({"method": "put", "message": "Gone."}, "PUT Products: Gone."),
    ],
)
def test_rows_that_say_little(title: Title, row: dict[str, Any], said: str) -> None:
    assert title(row) == said


def test_what_most_rows_are_names_the_value(title: Title) -> None:
    """12345670 is a GTIN by chance, as one in ten numbers of eight digits is."""
    assert title("Bon 12345670.", "Bon 12345671.", "Bon 12345672.") == "PUT Products: Bon ‹number›."


def test_a_long_text_is_cut(title: Title) -> None:
    told = title("word " * 1_000)
    assert len(told) == 300
    assert told.endswith("…")
