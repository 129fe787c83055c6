"""GTINs: valid or not, the same or not, free to use or not; python-stdnum as the second opinion."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean as stdnum_ean

from checks.gtin import (
    LENGTHS,
    check_digit,
    expected_check_digit,
    gtin14,
    has_code,
    is_restricted,
    is_valid,
)

CODE = pl.col("code")
DIGITS = st.sampled_from(LENGTHS).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
VALID = DIGITS.map(lambda code: code[:-1] + check_digit(code[:-1])).filter(lambda code: code.strip("0"))


def ask(expression: pl.Expr, *codes: str | None) -> list[object]:
    return pl.DataFrame({"code": codes}, schema={"code": pl.String}).select(expression).to_series().to_list()


@pytest.mark.parametrize(
    "code", ["5400000000003", "05400000000003", "012345678905", "0012345678905", "96385074"]
)
def test_every_length_of_a_valid_code_becomes_fourteen_digits(code: str) -> None:
    assert ask(gtin14(CODE), code) == [code.zfill(14)]


def test_upc_ean_and_gtin14_of_one_product_are_the_same() -> None:
    assert len(set(ask(gtin14(CODE), "012345678905", "0012345678905", "00012345678905"))) == 1


@pytest.mark.parametrize(
    "code",
    [
        None,
        "",
        "5400000000004",  # check digit
        "540000000003",  # a zero lost
        "540000000000",
        "15400000000003",  # the check digit of the thirteen, not of the fourteen
        "5400000000003 ",
        "+400000000003",
        "-400000000003",
        "5400000000003.0",
        "5,40E+12",
        "５４００００００００００３",  # digits, of another alphabet
        "ABCDEFGHIJKLM",
        "0105400000000003",
        "99999999999999999999999999",
    ],
)
def test_anything_else_is_no_gtin(code: str | None) -> None:
    assert ask(gtin14(CODE), code) == [None]


def test_zeros_only_are_a_placeholder() -> None:
    assert ask(is_valid(CODE), "00000000", "0000000000000") == [False, False]


def test_no_code_is_neither_valid_nor_invalid() -> None:
    assert ask(is_valid(CODE), None, "", "  ", "x", "5400000000003") == [None, None, None, False, True]
    assert ask(has_code(CODE), None, "", "  ", "x") == [False, False, False, True]


def test_no_codes_at_all() -> None:
    assert ask(gtin14(CODE)) == []


@given(st.one_of(DIGITS, VALID, st.text(max_size=20)))
def test_valid_as_python_stdnum_says(code: str) -> None:
    # stdnum reads through spaces and dashes, and takes zeros only for a code; we don't.
    expected = code.isascii() and code.isdigit() and stdnum_ean.is_valid(code) and code.strip("0") != ""
    assert ask(gtin14(CODE).is_not_null(), code) == [expected]


@given(DIGITS)
def test_the_check_digit_as_python_stdnum_computes_it(code: str) -> None:
    expected = stdnum_ean.calc_check_digit(code[:-1])
    assert check_digit(code[:-1]) == expected
    assert ask(expected_check_digit(CODE), code) == [int(expected)]


@given(VALID, st.integers(0, 13), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(code: str, place: int, by: int) -> None:
    place %= len(code)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert ask(is_valid(CODE), wrong) == [False]


@pytest.mark.parametrize(
    ("body", "restricted"),
    [
        ("020000012345", True),
        ("030000012345", False),
        ("040000012345", True),
        ("050000012345", False),
        ("199999999999", False),
        ("200000000000", True),
        ("299999999999", True),
        ("300000000000", False),
        ("540000000000", False),
        ("20000012345", True),  # UPC-12 with number system 2: prefix 02
        ("1210000012345", True),  # a carton of in-store numbers
        ("9540000000000", False),
        ("0012345", True),  # GTIN-8 from 0
        ("2012345", True),  # GTIN-8 from 2
        ("4012345", False),
        ("9638507", False),
    ],
)
def test_in_store_ranges(body: str, restricted: bool) -> None:
    assert ask(is_restricted(CODE), body + check_digit(body)) == [restricted]


def test_an_invalid_code_is_in_no_range() -> None:
    assert ask(is_restricted(CODE), "2000000000001", None) == [None, None]


@given(VALID)
def test_leading_zeros_change_nothing(code: str) -> None:
    longer = code.zfill(14)
    assert ask(gtin14(CODE), code) == ask(gtin14(CODE), longer) == [longer]
    assert ask(is_restricted(CODE), code) == ask(is_restricted(CODE), longer)
