"""Which EAN a product should have instead of a wrong one: the diagnosed code first, then what other lists tell."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean as oracle

from checks.frames import FRAMES
from checks.gtin import LENGTHS, check_digit, gtin_number, is_restricted
from checks.suggest import CodeChoice, ean_choices, ean_choices_of

Data = dict[str, pl.DataFrame]

#: A wrong check digit: it should end in 3.
WRONG, RIGHT = "5400000000004", "5400000000003"


def shop(**rows: list[dict[str, Any]]) -> Data:
    return {
        name: pl.DataFrame(given, schema=FRAMES[name].schema, orient="row") for name, given in rows.items()
    }


def own(**about: Any) -> dict[str, Any]:
    return {"article_number": "A1", "ean": WRONG, "name": "Grijze garnalen 1 kg", **about}


def values(choices: tuple[CodeChoice, ...]) -> list[str]:
    return [choice.value for choice in choices]


def coded(body: str) -> str:
    return body + check_digit(body)


#: Codes that are not in-store numbers.
bodies = st.text("0123456789", min_size=11, max_size=11).map(lambda digits: f"5{digits}")
codes = bodies.map(coded)


# From the code alone


@pytest.mark.parametrize(
    ("code", "value", "certain"),
    [
        ("85239152300", "0085239152300", False),
        ("5,400000000003E+12", RIGHT, True),
        ("0105400141291636151902011034144", "5400141291636", True),
        ("540000000000312", RIGHT, False),
        ("5-400000-000003", RIGHT, True),
    ],
)
def test_the_diagnosed_code_is_first_with_the_diagnosis_as_its_reason(
    code: str, value: str, certain: bool
) -> None:
    first = ean_choices(code)[0]
    assert (first.value, first.label, first.certain) == (value, value, certain)
    assert first.why.startswith("EAN ")


def test_a_wrong_check_digit_is_corrected_or_two_digits_were_swapped() -> None:
    first, *others = ean_choices("5449802215525")
    assert (first.value, first.why) == ("5449802215529", "its check digit would be 9 instead of 5")
    assert [(other.value, other.why) for other in others] == [
        ("5449820215525", "digits 6 and 7 swapped: 20 for 02")
    ]
    assert not any(choice.certain for choice in (first, *others))


@pytest.mark.parametrize("code", ["54O0000000003", "54 O00000 00003"])
def test_of_a_letter_among_digits_the_check_digit_tells_which_digit_it_was(code: str) -> None:
    assert [(one.value, one.why) for one in ean_choices(code)] == [(RIGHT, "only 0 fits in the place of O")]


def test_where_both_ends_of_a_long_code_are_codes_both_are_given() -> None:
    found = ean_choices(RIGHT + "5411111111113")
    assert [(one.value, one.why) for one in found] == [
        (RIGHT, "there may be extra digits behind it"),
        ("5411111111113", "there may be extra digits in front of it"),
    ]


@pytest.mark.parametrize("code", [None, "", "8,00E+12", "1234", "0000000000000", "n/a", RIGHT])
def test_nothing_is_made_up(code: str | None) -> None:
    assert ean_choices(code) == ()


@pytest.mark.parametrize("code", ["2112345678900", "385190", "0412345678903"])
def test_an_in_store_number_is_never_suggested(code: str) -> None:
    for choice in ean_choices(code):
        assert not pl.select(is_restricted(pl.lit(choice.value))).item(), choice


@given(
    st.one_of(
        st.text(max_size=30), st.text("0123456789", max_size=20), st.text("0123456789 O.,E+()]C", max_size=30)
    )
)
def test_every_choice_is_another_valid_code(code: str) -> None:
    for choice in ean_choices(code):
        assert oracle.is_valid(choice.value)
        assert len(choice.value) in LENGTHS
        assert choice.value != code  # 011115557 may well be 11115557: the length was wrong
        assert not pl.select(is_restricted(pl.lit(choice.value))).item()


@given(codes, st.integers(0, 9))
def test_a_mistyped_last_digit_is_undone(code: str, digit: int) -> None:
    assume(str(digit) != code[-1])
    assert ean_choices(f"{code[:-1]}{digit}")[0].value == code


@given(codes, st.integers(1, 11))
def test_two_swapped_digits_are_swapped_back(code: str, at: int) -> None:
    typed = f"{code[:at]}{code[at + 1]}{code[at]}{code[at + 2 :]}"
    assume(not oracle.is_valid(typed))
    assert code in values(ean_choices(typed))


@given(codes, st.integers(0, 12))
def test_a_letter_for_a_digit_is_undone(code: str, at: int) -> None:
    assert code in values(ean_choices(f"{code[:at]}X{code[at + 1 :]}"))


# From other lists


def test_the_same_article_code_of_the_same_supplier_leads_to_the_central_code() -> None:
    frames = shop(
        products=[own(suppliers=[{"supplier_id": 7, "article_code": " S1 "}])],
        central_products=[
            {"product_id": 1, "ean": "5411111111113", "name": "Garnalen grijs", "suppliers": [{"supplier_id": 7, "article_code": "S1"}]},
            {"product_id": 2, "ean": "5422222222223", "name": "Iets anders", "suppliers": [{"supplier_id": 8, "article_code": "S1"}]},
        ],
    )  # fmt: skip
    first, second = ean_choices(WRONG, "A1", frames)
    assert first == CodeChoice(
        "5411111111113",
        "5411111111113 (Garnalen grijs)",
        "central product 'Garnalen grijs' has the same article code S1 of the same supplier",
        False,
    )
    assert second.value == RIGHT


def test_a_product_with_the_same_name_is_a_suggestion_with_its_name() -> None:
    frames = shop(
        products=[own(ean="1234", brand_id=5)],
        central_products=[
            {"product_id": 1, "ean": "5411111111113", "name": "GRIJZE GARNALEN, 1 kg", "brand_id": 6},
            {"product_id": 2, "ean": "5433333333333", "name": "Grijze garnalen 2 kg", "brand_id": 5},
        ],
        linked_products=[
            {"article_number": "L1", "ean": "5422222222223", "name": "Grijze Garnalen 1 kg", "brand_id": 5}
        ],
    )
    assert [(one.label, one.why) for one in ean_choices("1234", "A1", frames)] == [
        (
            "5422222222223 (Grijze Garnalen 1 kg)",
            "linked product 'Grijze Garnalen 1 kg' has the same name and brand",
        ),
        (
            "5411111111113 (GRIJZE GARNALEN, 1 kg)",
            "central product 'GRIJZE GARNALEN, 1 kg' has the same name but another brand",
        ),
    ]


def test_a_name_that_many_products_have_says_nothing() -> None:
    central = [
        {"product_id": number, "ean": coded(f"54{number:010d}"), "name": "Grijze garnalen 1 kg"}
        for number in range(1, 9)
    ]
    assert ean_choices("1234", "A1", shop(products=[own(ean="1234")], central_products=central)) == ()


def test_what_excel_left_of_a_code_is_held_against_namesakes() -> None:
    frames = shop(
        products=[own(ean="8,43E+12")],
        central_products=[
            {"product_id": 1, "ean": "8411111111110", "name": "Grijze garnalen 1 kg"},
            {"product_id": 2, "ean": "8431876106442", "name": "Grijze garnalen 1 kg"},
        ],
    )
    (only,) = ean_choices("8,43E+12", "A1", frames)
    assert only.value == "8431876106442"
    assert "its code fits what 8,43E+12 shows" in only.why


@pytest.mark.parametrize("typed", ["5411211111113", "541111111113", "54111111111113"])
def test_a_code_of_the_central_list_with_one_typed_digit_between_comes_first(typed: str) -> None:
    frames = shop(products=[own(ean=typed)], central_eans=[{"ean": "5411111111113"}, {"ean": RIGHT}])
    first = ean_choices(typed, "A1", frames)[0]
    assert first.value == "5411111111113"
    assert "the central database has this code" in first.why


def test_reasons_for_one_code_are_added_up() -> None:
    """The check digit alone is a weak reason; that the code is central, and of a namesake, makes it a strong one."""
    frames = shop(
        products=[own(ean="5449802215525")],
        central_products=[{"product_id": 1, "ean": "05449820215525", "name": "Grijze garnalen 1 kg"}],
    )
    first, second = ean_choices("5449802215525", "A1", frames)
    assert (first.value.zfill(14), second.value) == ("05449820215525", "5449802215529")
    assert first.why.count(";") == 2


def test_a_code_that_another_own_product_has_is_last_and_says_whose_it_is() -> None:
    frames = shop(
        products=[
            own(ean="85239152300", suppliers=[{"supplier_id": 7, "article_code": "S1"}]),
            own(article_number="B1", ean="085239152300", name="Soep"),
        ],
        central_products=[
            {"product_id": 1, "ean": "5411111111113", "suppliers": [{"supplier_id": 7, "article_code": "S1"}]}
        ],
    )
    central, taken = ean_choices("85239152300", "A1", frames)
    assert central.value == "5411111111113"
    assert taken.value == "0085239152300"
    assert taken.why.endswith("own product B1 'Soep' has this code already")


def test_a_duplicate_gets_the_code_of_its_own_article_and_not_the_one_it_has() -> None:
    supplied = [{"supplier_id": 7, "article_code": "S1"}]
    frames = shop(
        products=[own(ean=RIGHT, suppliers=supplied), own(article_number="B1", ean=RIGHT)],
        central_products=[
            {"product_id": 1, "ean": "5411111111113", "name": "Roze garnalen", "suppliers": supplied},
            {"product_id": 2, "ean": RIGHT, "name": "Grijze garnalen 1 kg"},
        ],
    )
    assert values(ean_choices(RIGHT, "A1", frames)) == ["5411111111113"]


def test_many_at_once_get_what_each_would_get_alone() -> None:
    frames = shop(
        products=[own(), own(article_number="B1", ean="85239152300", name="Soep")],
        central_products=[{"product_id": 1, "ean": "5411111111113", "name": "Soep"}],
    )
    wrong = {"A1": WRONG, "B1": "85239152300", "gone": None}
    together = ean_choices_of(wrong, frames)
    assert together == {key: ean_choices(code, key, frames) for key, code in wrong.items()}
    assert len(together["B1"]) == 2
    assert together["gone"] == ()


@pytest.mark.parametrize("missing", ["products", "linked_products", "central_products", "central_eans"])
def test_a_missing_frame_is_no_evidence_and_no_error(missing: str) -> None:
    full = shop(products=[own()], linked_products=[], central_products=[], central_eans=[])
    assert (
        ean_choices(WRONG, "A1", {name: data for name, data in full.items() if name != missing})[0].value
        == RIGHT
    )


# Real codes


@pytest.fixture(scope="module")
def real(shared_data: Path) -> pl.DataFrame:
    """Wrong codes as people entered them, of which the right one is known and no in-store number."""
    known = pl.read_parquet(shared_data / "bad_gtins.parquet").drop_nulls("recoverable_gtin")
    right = pl.col("recoverable_gtin")
    return (
        known.filter(gtin_number(right).is_not_null() & ~is_restricted(right))
        .with_row_index()
        .select(
            pl.format("A{}", "index").alias("article_number"),
            "reason",
            ean="gtin_raw",
            name="product_name",
            right=right.str.zfill(14),
        )
    )


@pytest.fixture(scope="module")
def central(shared_data: Path) -> pl.DataFrame:
    """Real products as the central database; other exports than the wrong codes came from."""
    files = ("products_nl_be.parquet", "products_full_fields.parquet")
    named = [pl.read_parquet(shared_data / file).select(ean="gtin", name="product_name") for file in files]
    rows = pl.concat(named).drop_nulls("ean").with_row_index("product_id").cast({"product_id": pl.Int64})
    return pl.concat([FRAMES["central_products"].empty(), rows], how="diagonal")


def shares(wrong: pl.DataFrame, frames: Data) -> tuple[float, float]:
    """Of how many the right code is the first choice, and of how many it is among them."""
    found = ean_choices_of(dict(wrong.select("article_number", "ean").iter_rows()), frames)
    ranks = []
    for key, right in wrong.select("article_number", "right").iter_rows():
        given = [value.zfill(14) for value in values(found[key])]
        ranks.append(given.index(right) if right in given else None)
    return ranks.count(0) / len(ranks), 1 - ranks.count(None) / len(ranks)


def products(wrong: pl.DataFrame) -> pl.DataFrame:
    rows = wrong.select("article_number", "ean", "name")
    return pl.concat([FRAMES["products"].empty(), rows], how="diagonal")


@pytest.mark.parametrize(
    ("reason", "first"),
    [("leading_zeros_lost", 0.99), ("gs1_128_element_string", 0.97), ("extra_trailing_digits", 0.6)],
)
def test_real_codes_are_mended_from_what_they_hold(real: pl.DataFrame, reason: str, first: float) -> None:
    """Measured: 100, 100 and 66 %."""
    assert shares(real.filter(pl.col("reason") == reason), {})[0] >= first


def test_real_codes_that_excel_cut_are_found_by_name(real: pl.DataFrame, central: pl.DataFrame) -> None:
    """Nothing but three digits is left of them. 714 of 1,050 are in the list, 97 % of these are first, 99 % among them."""
    cut = real.filter(pl.col("reason") == "excel_scientific_notation")
    listed = cut.filter(pl.col("right").is_in(central["ean"].str.zfill(14).implode()))
    assert listed.height >= 600
    first, among = shares(listed, {"products": products(cut), "central_products": central})
    assert first >= 0.93
    assert among >= 0.96
    assert shares(cut, {})[1] == 0


def test_real_codes_with_one_mistake_of_typing_are_found_in_the_central_list(central: pl.DataFrame) -> None:
    """A digit wrong, lost or swapped, and no name to go by: 98 % first, all among the choices."""
    dice, rows = random.Random(1), []
    sound = central.filter(pl.col("ean").str.len_chars() == 13, ~is_restricted(pl.col("ean"))).unique(
        "ean", maintain_order=True
    )
    for number, code in enumerate(sound["ean"].sample(500, seed=1)):
        at = dice.randrange(12)
        typed = dice.choice(
            (
                f"{code[:at]}{(int(code[at]) + dice.randint(1, 9)) % 10}{code[at + 1 :]}",
                f"{code[:at]}{code[at + 1]}{code[at]}{code[at + 2 :]}",
                code[:at] + code[at + 1 :],
            )
        )
        if not oracle.is_valid(typed):
            rows.append((f"A{number}", typed, code.zfill(14)))
    wrong = pl.DataFrame(rows, schema=["article_number", "ean", "right"], orient="row")
    first, among = shares(wrong, {"central_eans": central.select("ean")})
    assert wrong.height >= 400
    assert first >= 0.93
    assert among >= 0.98
