"""invalid-ean, restricted-ean, duplicate-ean and forbidden-characters: are the codes what they should be?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.gtin import diagnose
from checks.rules.identifiers import FORBIDDEN

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]


@pytest.mark.parametrize(
    "ean", ["5400000000004", "8,00E+12", "85239152300", "1234", "540000000000 3", "x" * 250]
)
def test_an_invalid_code_says_why(findings: Findings, product: Make, ean: str) -> None:
    (one,) = findings("invalid-ean", products=[product(ean=ean)])
    assert (one["key"], one["value"], one["fix"]) == ("A1", ean, "edit-product")
    assert one["message"] == diagnose(ean).text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.one_of(st.text("0123456789", max_size=16), st.text(max_size=16)), max_size=8))
def test_expression_and_diagnosis_say_the_same(findings: Findings, product: Make, codes: list[str]) -> None:
    """The commonest fault is worded by an expression, the others one by one."""
    found = findings(
        "invalid-ean", products=[product(article_number=f"A{n}", ean=e) for n, e in enumerate(codes)]
    )
    assert [one["message"] for one in found] == [diagnose(one["value"]).text for one in found]


@pytest.mark.parametrize(
    "ean", [None, "", "  ", "5400000000003", "012345678905", "96385074", "15400000000000"]
)
def test_valid_or_no_code_at_all(findings: Findings, product: Make, ean: str | None) -> None:
    assert findings("invalid-ean", products=[product(ean=ean)]) == []


@pytest.mark.parametrize(
    ("ean", "start"),
    [
        ("2000000000008", "20"),
        ("12000000000005", "20"),
        ("0200000000004", "02"),
        ("04000006", "0"),
        ("20000004", "2"),
    ],
)
def test_in_store_numbers(findings: Findings, product: Make, ean: str, start: str) -> None:
    (one,) = findings("restricted-ean", products=[product(ean=ean)])
    assert (one["severity"], one["fix"], one["value"]) == ("info", None, ean)
    assert f"(it starts with {start})" in one["message"]


@pytest.mark.parametrize("ean", [None, "", "5400000000003", "2000000000001", "40000004"])
def test_other_and_invalid_numbers_are_not_restricted(
    findings: Findings, product: Make, ean: str | None
) -> None:
    assert findings("restricted-ean", products=[product(ean=ean)]) == []


def test_one_gtin_in_two_forms_on_two_articles(findings: Findings, product: Make) -> None:
    own = [product(ean="012345678905"), product(article_number="A2", ean="0012345678905")]
    found = findings("duplicate-ean", products=own)
    assert [(one["key"], one["value"]) for one in found] == [("A1", "012345678905"), ("A2", "0012345678905")]
    assert found[0]["message"] == "EAN 012345678905 is on 2 own products: A1, A2."


def test_more_than_three_sharers_are_counted(findings: Findings, product: Make) -> None:
    found = findings("duplicate-ean", products=[product(article_number=f"A{n}") for n in range(5)])
    assert len(found) == 5
    assert found[4]["message"].endswith("is on 5 own products: A0, A1, A2 and 2 more.")


def test_no_code_and_wrong_codes_are_no_duplicates(findings: Findings, product: Make) -> None:
    for ean in (None, "", "5400000000004", "0000000000000"):
        own = [product(ean=ean), product(article_number="A2", ean=ean)]
        assert findings("duplicate-ean", products=own) == []


def test_a_unit_inside_a_carton_is_no_duplicate(findings: Findings, product: Make) -> None:
    unit = product(package_eans=["15400000000000"])
    carton = product(article_number="A2", ean="15400000000000", unit_eans=["5400000000003"])
    assert findings("duplicate-ean", products=[unit, carton]) == []


@pytest.mark.parametrize("sign", FORBIDDEN)
def test_a_sign_that_the_api_refuses(findings: Findings, product: Make, sign: str) -> None:
    (one,) = findings("forbidden-characters", products=[product(article_number=f"A{sign}1")])
    assert (one["key"], one["fix"]) == (f"A{sign}1", None)
    assert one["message"].endswith(f"refuses: {sign}")


def test_all_the_refused_signs_are_named_once(findings: Findings, product: Make) -> None:
    (one,) = findings("forbidden-characters", products=[product(article_number="A/1/2#")])
    assert one["message"].endswith("refuses: / #")


@pytest.mark.parametrize("number", ["A-1", "A_1", "A 1", "A(1)", "Á1", "A;1|'\"^"])
def test_other_signs_are_fine(findings: Findings, product: Make, number: str) -> None:
    assert findings("forbidden-characters", products=[product(article_number=number)]) == []
