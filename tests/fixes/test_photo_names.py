"""Which product a photo is of, by what its file is called."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.fixes.photo_names import NAME_LENGTH, Match, match, photo_name, stem
from checks.gtin import check_digit

EAN = "5400000000003"


def products(*numbers: str | None, **eans: str | None) -> pl.DataFrame:
    """`products("A100", B200="5400...")`: own products without and with a code."""
    rows = [*((number, None) for number in numbers), *eans.items()]
    return pl.DataFrame(rows, schema={"article_number": pl.String, "ean": pl.String}, orient="row")


def one(name: str, shop: pl.DataFrame) -> Match:
    (found,) = match([name], shop)
    assert found.name == name
    assert (found.key is None) == (found.by is None) == (found.doubt is not None)
    return found


def key(name: str, *numbers: str, **eans: str | None) -> str | None:
    return one(name, products(*numbers, **eans)).key


@pytest.mark.parametrize(
    "name",
    [
        "A100.jpg",
        "a100.JPG",
        "A100",
        r"C:\photos\A1000\A100.jpg",
        "../A1000/A100.png",
        "A100-1.jpg",
        "A100_2.jpg",
        "A100 (3).jpg",
        "A100(12).jpg",
        "A100_front.jpg",
        "A100-back2.jpg",
        "A100 - kopie (2).jpg",
        "A100_achterkant-nld.jpg",
        "A100.jpg.png",
        "Jonge kaas A100 500 g.jpg",
        "A100_A100.jpg",
        "IMG_1000 A100.jpg",
        "A100\u200b.jpg",
    ],
)
def test_the_article_number_in_a_name(name: str) -> None:
    found = one(name, products("A100", "A1000", "B100", "1000", "500"))
    assert (found.key, found.by) == ("A100", "article number")


def test_a_longer_article_number_is_never_its_beginning() -> None:
    assert key("A1000.jpg", "A100") is None
    assert key("kaas A1000 jong.jpg", "A100") is None
    assert key("A1000.jpg", "A100", "A1000") == "A1000"


def test_the_whole_name_comes_before_a_counter_or_a_side() -> None:
    assert key("A100-1.jpg", "A100", "A100-1") == "A100-1"
    assert key("A100-1-2.jpg", "A100", "A100-1") == "A100-1"
    assert key("A100-front.jpg", "A100", "A100-front") == "A100-front"
    assert key("A100-nld.jpg", "A100", "A100-nld") == "A100-nld"


def test_the_longest_part_of_a_name_wins() -> None:
    assert key("foto AB-100 jong.jpg", "AB-100", "100") == "AB-100"
    assert key("foto 100 XL jong.jpg", "100", "100 XL") == "100 XL"


def test_a_name_that_fits_several_is_matched_to_none() -> None:
    found = one("A100 and A1000.jpg", products("A100", "A1000"))
    assert found.key is None
    assert found.doubt is not None
    assert "fits A100 and A1000:" in found.doubt


def test_parts_that_overlap_fit_both() -> None:
    assert "fits AB-100 and 100-XL:" in str(one("foto AB-100-XL.jpg", products("AB-100", "100-XL")).doubt)


def test_many_that_fit_are_not_all_listed() -> None:
    found = one(f"{EAN}.jpg", products(**{f"A{number}": EAN for number in range(20)}))
    assert found.doubt is not None
    assert "fits A0, A1, A2, A3, A4 and 15 more:" in found.doubt


def test_capitals_count_only_where_two_article_numbers_differ_in_nothing_else() -> None:
    assert key("kaas-x1.jpg", "KAAS-X1") == "KAAS-X1"
    assert key("ab1.jpg", "ab1", "AB1") == "ab1"
    assert "fits ab1 and AB1:" in str(one("Ab1.jpg", products("ab1", "AB1")).doubt)


def test_an_accent_may_be_written_in_two_ways() -> None:
    assert key("Cre\u0300me1.jpg", "Cr\u00e8me1") == "Cr\u00e8me1"


@pytest.mark.parametrize(
    "name",
    [
        "foto 2.jpg",  # too short to be told from a counter
        "jonge kaas.jpg",  # a word
        "12-1-2.jpg",  # one counter at most
        "IMG_1234.jpg",  # a camera's count
        "IMG-20260105-WA1234.jpg",
        "20260105_123456.jpg",
        "WhatsApp Image 2026-01-05 at 1234.jpg",
        "foto 2026-01-05 markt.jpg",  # a day
        "melk 500 ml vol.jpg",  # a content
        "melk 500g vol.jpg",
    ],
)
def test_a_number_that_means_something_else_is_no_article_number(name: str) -> None:
    shop = products("2", "12", "kaas", "1234", "2026", "20260105", "123456", "500", "500 ml", "2026-01")
    assert one(name, shop).key is None


def test_a_whole_name_may_be_anything() -> None:
    for number in ("2", "kaas", "IMG_1234", "500 ml", "2026-01-05"):
        assert key(f"{number}.jpg", number) == number


@pytest.mark.parametrize("name", [f"{EAN}.jpg", f"0{EAN}.jpg", f"kaas {EAN}-2.jpg", f"EAN{EAN}_front.png"])
@pytest.mark.parametrize("code", [EAN, f"0{EAN}", f" {EAN} "])
def test_the_ean_in_a_name(name: str, code: str) -> None:
    found = one(name, products("A1", "X", B200=code))
    assert (found.key, found.by) == ("B200", "EAN")


def test_a_product_whose_code_lost_its_leading_zeros_is_found_by_the_whole_code() -> None:
    assert key("0012345678905.jpg", B200="12345678905") == "B200"
    assert key("012345678905.jpg", B200="12345678905") == "B200"
    assert key("00000123.jpg", B200="123") is None


def test_the_article_number_comes_before_the_ean() -> None:
    assert one(f"{EAN}.jpg", products(EAN, B200=EAN)) == Match(f"{EAN}.jpg", EAN, "article number")
    both = one(f"A100 {EAN}.jpg", products(A100=EAN, B200=EAN))
    assert (both.key, both.by) == ("A100", "article number")
    assert key(f"A100 {EAN}.jpg", "A100") == "A100"


def test_an_article_number_and_the_ean_of_another_product_are_a_doubt() -> None:
    found = one(f"A100 {EAN}.jpg", products("A100", B200=EAN))
    assert str(found.doubt).startswith("Its article number fits A100, but its EAN is of B200.")


def test_one_code_of_two_products_and_two_codes_in_a_name() -> None:
    assert "fits A1 and B1: by its EAN" in str(one(f"{EAN}.jpg", products(A1=EAN, B1=f"0{EAN}")).doubt)
    other = "4006381333931"
    assert "fits A1 and B1:" in str(one(f"{EAN} {other}.jpg", products(A1=EAN, B1=other)).doubt)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kaas.jpg", "No product of yours has an article number or EAN"),
        ("IMG_0001.jpg", "A camera or telephone gave this name"),
        ("20260105.jpg", "No product of yours has an article number or EAN"),  # a day, no mistyped EAN
        (f"{EAN}.jpg", f"No product of yours has EAN {EAN}"),
        ("5400000000009.jpg", "wrong check digit: it ends in 9, and 3 would be right"),
    ],
)
def test_a_name_that_fits_nothing_says_why_and_what_to_do(name: str, said: str) -> None:
    doubt = one(name, products("A100", None, C300="5400000000009", D400="abc", E500="", F600=None)).doubt
    assert doubt is not None
    assert said in doubt
    assert doubt.endswith("Rename the file to the article number of the product it shows.")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("A100.jpg", None),
        ("A100-nld.jpg", "nld"),
        ("A100_FRA.jpg", "fra"),
        ("A100_front_nld (2).jpg", "nld"),
        ("A100-nld-2.jpg", "nld"),
        ("A100-XXL.jpg", None),
        ("kaas A100 jong-nld.jpg", "nld"),
        ("kaas B-nld.jpg", None),
        (f"{EAN}_fra.jpg", "fra"),
    ],
)
def test_the_language_a_name_ends_in(name: str, language: str | None) -> None:
    found = one(name, products("A100", "B1-nld", C300=EAN))
    assert found.language == language


def test_a_language_that_belongs_to_the_article_number_is_none() -> None:
    assert one("foto B1-nld.jpg", products("B1-nld")).language is None


def test_two_files_of_one_product_are_both_matched_in_order() -> None:
    names = ["A100-2.jpg", "B200.jpg", "A100-1.jpg", "A100-2.jpg"]
    assert [(found.name, found.key) for found in match(names, products("A100", B200=EAN))] == [
        ("A100-2.jpg", "A100"),
        ("B200.jpg", "B200"),
        ("A100-1.jpg", "A100"),
        ("A100-2.jpg", "A100"),
    ]


def test_no_names_and_no_products() -> None:
    assert match([], products("A100")) == []
    assert key("A100.jpg") is None


NUMBERS = st.text("aAbB019- ", min_size=1, max_size=6).filter(lambda text: text == text.strip())
TAILS = st.lists(
    st.sampled_from(["-1", "_2", " (3)", "_front", "-back", "_links"]),
    max_size=2,
    unique_by=lambda tail: tail[1:3].isalpha(),
)


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=8, unique=True), data=st.data())
def test_the_very_article_number_always_finds_its_product(numbers: list[str], data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(numbers))
    assume(" ".join(number.split()) == number)  # a name cannot say how many spaces
    assert key(f"{number}.jpg", *numbers) == number


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=8, unique_by=str.casefold), tails=TAILS, data=st.data())
def test_with_something_behind_it_only_a_longer_number_may_win(
    numbers: list[str], tails: list[str], data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(numbers))
    assume(" ".join(number.split()) == number)
    assume(number[0].isalnum() and number[-1].isalnum())  # a dash at its end would go with what is behind it
    found = key(f"{number}{''.join(tails)}.jpg", *numbers)
    assert found is not None
    assert found.casefold().startswith(number.casefold())


@given(body=st.text("0123456789", min_size=11, max_size=12).filter(lambda digits: digits.strip("0") != ""))
def test_any_gtin_finds_its_product_in_every_form(body: str) -> None:
    code = body + check_digit(body)
    shop = products("A100", B200=code)
    for form in {code, code.zfill(13), code.zfill(14)}:
        assert one(f"kaas {form}.jpg", shop).key == "B200"


@given(names=st.lists(st.text(max_size=40), max_size=4), numbers=st.lists(st.text(max_size=6), max_size=6))
def test_any_text_has_an_answer(names: list[str], numbers: list[str]) -> None:
    found = match(names, products(*numbers))
    assert [one.name for one in found] == names
    assert all(one.key is None or one.key in numbers for one in found)


@pytest.mark.parametrize(
    ("name", "given_to_the_shop"),
    [
        ("A100.jpeg", "A100.jpg"),
        (r"C:\x\A100.webp", "A100.jpg"),
        ("../../A100", "A100.jpg"),
        ("..", "photo.jpg"),
        ("Cre\u0300me.jpg", "Cr\u00e8me.jpg"),
        ("", "photo.jpg"),
        (".jpg", "photo.jpg"),
        ("Jonge kaas 1.5 kg.png", "Jonge kaas 1.5 kg.jpg"),
        ("a\0b\r\n c\u202egpj.exe", "ab cgpj.jpg"),
        ("x" * 300 + ".png", "x" * 96 + ".jpg"),
        ("\U0001f9c0" * 60 + ".png", "\U0001f9c0" * 48 + ".jpg"),  # two units each, as the shop counts
        ("half a sign \ud83e.jpg", "half a sign.jpg"),
    ],
)
def test_the_name_that_the_shop_gets(name: str, given_to_the_shop: str) -> None:
    assert photo_name(name, ".jpg") == given_to_the_shop


@given(st.text())
def test_any_name_becomes_one_that_the_shop_takes(name: str) -> None:
    made = photo_name(name, ".png")
    assert made.endswith(".png")
    assert len(made.encode("utf-16-le")) <= 2 * NAME_LENGTH
    assert not set(made) & set("/\\\0\r\n")
    assert made == photo_name(made, ".png")
    assert stem(made)
