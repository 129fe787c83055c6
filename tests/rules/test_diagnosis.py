"""What went wrong with a broken EAN, and the code it must have been."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from biip import ParseError
from biip.gtin import Gtin
from hypothesis import given
from hypothesis import strategies as st

from checks.gtin import LENGTHS, check_digit, diagnose, gtin_number


@pytest.mark.parametrize(
    ("code", "reason", "gtin", "certain"),
    [
        ("5400000000003", "valid", "5400000000003", True),
        ("5400000000004", "check-digit", None, False),
        ("96385075", "check-digit", None, False),
        ("0000000000000", "placeholder", None, False),
        ("8,00E+12", "scientific-notation", None, False),
        ("8.43E+12", "scientific-notation", None, False),
        ("6.88e11", "scientific-notation", None, False),
        ("5,400000000003E+12", "scientific-notation", "5400000000003", True),
        ("5,400000000004E+12", "scientific-notation", None, False),
        ("85239152300", "lost-zeros", "0085239152300", False),
        ("1053616", "lost-zeros", "01053616", False),
        ("993357", "lost-zeros", "00993357", False),
        ("4041906", "internal-code", None, False),
        ("1234", "internal-code", None, False),
        ("17", "internal-code", None, False),  # right by its check digit, but who loses eleven zeros?
        ("60788003650", "length", None, False),
        ("123456789", "length", None, False),
        ("0105400141291636151902011034144", "gs1-128", "5400141291636", True),
        ("(01)05400141291636(15)190201(10)34144", "gs1-128", "5400141291636", True),
        ("]C10105400141291636", "gs1-128", "5400141291636", True),
        ("10A1\x1d0105400141291636", "gs1-128", "5400141291636", True),
        ("01 05400141291636 15 190201", "gs1-128", "5400141291636", True),
        ("0113181232516898151905141079361350", "gs1-128", "13181232516898", True),
        ("010540014129163699", "gs1-128", "5400141291636", False),  # cut in the middle of the next part
        ("02054001412916363712", "gs1-128", "5400141291636", False),  # what is inside
        ("540000000000312", "extra-trailing-digits", "5400000000003", False),
        ("775400000000003", "extra-leading-digits", "5400000000003", False),
        ("540000000000 3", "not-digits", "5400000000003", True),
        ("5-400000-000003", "not-digits", "5400000000003", True),
        ("5400000000003.0", "not-digits", "5400000000003", True),
        ("'5400000000003", "not-digits", "5400000000003", True),
        ("５４００００００００００３", "not-digits", "5400000000003", True),
        ("EAN 5400000000003", "not-digits", "5400000000003", False),
        ("5400000000004 ", "not-digits", None, False),
        ("n/a", "not-digits", None, False),
        ("", "not-digits", None, False),
    ],
)
def test_reasons(code: str, reason: str, gtin: str | None, certain: bool) -> None:
    said = diagnose(code)
    assert (said.reason, said.gtin, said.certain) == (reason, gtin, certain)
    assert said.text.startswith("EAN ")


def test_the_right_check_digit_is_told() -> None:
    assert "ends in 4, and 3 would be right" in diagnose("5400000000004").text


def test_a_recovered_code_is_in_the_text() -> None:
    for code in ("85239152300", "5,400000000003E+12", "540000000000312", "0105400141291636"):
        gtin = diagnose(code).gtin
        assert gtin is not None
        assert gtin in diagnose(code).text


@given(
    st.one_of(st.text(max_size=40), st.text("0123456789", max_size=50), st.text("0123456789.,eE+()[]C \x1d"))
)
def test_any_text_gets_a_diagnosis_and_any_gtin_in_it_is_valid(code: str) -> None:
    said = diagnose(code)
    if said.gtin is not None:
        assert len(said.gtin) in LENGTHS
        assert Gtin.parse(said.gtin).check_digit == int(said.gtin[-1])
    assert not said.certain or said.gtin


@given(st.text("0123456789", min_size=8, max_size=14))
def test_digits_are_valid_exactly_when_biip_reads_them(code: str) -> None:
    try:
        Gtin.parse(code)
    except ParseError:
        expected = False
    else:
        expected = len(code) in LENGTHS and code.strip("0") != ""
    assert (diagnose(code).reason == "valid") is expected


@given(st.text("123456789", min_size=12, max_size=12))
def test_a_scan_of_any_product_is_read_with_certainty(body: str) -> None:
    code = body + check_digit(body)
    said = diagnose(f"010{code}17301231")
    assert (said.gtin, said.certain) == (code, True)


#: Our word for theirs, where theirs is about the same question.
REASONS = {
    "check_digit_error_gtin8": {"check-digit"},
    "check_digit_error_gtin12": {"check-digit"},
    "check_digit_error_gtin13": {"check-digit"},
    "check_digit_error_gtin14": {"check-digit"},
    "excel_scientific_notation": {"scientific-notation"},
    "leading_zeros_lost": {"lost-zeros"},
    "too_short": {"lost-zeros", "internal-code"},
    "wrong_length": {"length"},
    "gs1_128_element_string": {"gs1-128"},
}


@pytest.fixture(scope="session")
def real(shared_data: Path) -> pl.DataFrame:
    """About 10,000 wrong codes as people entered them, each with our diagnosis beside it."""
    codes = pl.read_parquet(shared_data / "bad_gtins.parquet")
    said = [diagnose(code) for code in codes["gtin_raw"]]
    recovered = pl.Series([one.gtin for one in said], dtype=pl.String)
    return codes.with_columns(
        ours=pl.Series([one.reason for one in said]),
        certain=pl.Series([one.certain for one in said]),
        recovered=recovered.to_frame("gtin").select(gtin_number(pl.col("gtin"))).to_series(),
        theirs=gtin_number(pl.col("recoverable_gtin")),
    )


def test_real_codes_get_the_reason_that_was_found_by_hand(real: pl.DataFrame) -> None:
    for theirs, ours in REASONS.items():
        other = real.filter((pl.col("reason") == theirs) & ~pl.col("ours").is_in(ours))
        assert other.is_empty(), (theirs, other["gtin_raw"].to_list()[:5])


def test_what_we_are_certain_of_in_real_codes_is_right(real: pl.DataFrame) -> None:
    sure = real.filter("certain", pl.col("ours") != "valid")
    assert sure.height >= 38
    assert sure.filter(pl.col("recovered").ne_missing(pl.col("theirs"))).is_empty()


def test_likely_codes_are_mostly_right(real: pl.DataFrame) -> None:
    """Where both name a code: 99 %. Where theirs is silent ours is a guess, at most one in eight."""
    guesses = real.filter(pl.col("recovered").is_not_null(), pl.col("ours") != "valid")
    known = guesses.filter(pl.col("theirs").is_not_null())
    assert (known["recovered"] == known["theirs"]).sum() / known.height >= 0.99
    assert known.height / guesses.height >= 0.87


def test_the_only_valid_ones_are_placeholders(real: pl.DataFrame) -> None:
    """`5012345678900` and its like pass the check digit: only a list of such codes could tell."""
    assert set(real.filter(pl.col("ours") == "valid")["reason"]) == {"placeholder_digits"}
