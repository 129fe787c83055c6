"""Articles out of a file: what is read, what is repaired, what is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import ArticleFileError
from checks.gtin import check_digit, gtin14
from checks.onboarding.columns.field import Field
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS
from checks.onboarding.columns.mapping import Columns, guess_columns
from checks.onboarding.file.table import read_table
from checks.onboarding.reading.articles import Articles, read_articles
from checks.onboarding.reading.clients import read_clients
from checks.onboarding.reading.codes import codes, gtins
from checks.onboarding.reading.content import contents
from checks.onboarding.reading.dates import dates
from checks.onboarding.reading.texts import texts
from checks.onboarding.reading.values import flags, integers, numbers, percentages
from checks.onboarding.shapes import ARTICLES, PROBLEMS

BELGIUM = ZoneInfo("Europe/Brussels")


def articles(folder: Path, *lines: str, **options: Any) -> Articles:
    file = folder / "articles.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    table = read_table(file)
    return read_articles(table, guess_columns(table), **options)


def told(read: Articles, field: str) -> list[tuple[int, str, str | None]]:
    """Line, kind and what it was read as, of the problems of one field."""
    rows = read.problems.filter(field=field).select("row", "kind", "read_as").rows()
    return [(row, kind, read_as) for row, kind, read_as in rows]


def values(read: Any) -> list[Any]:
    return list(read.values.to_list())


def kinds(read: Any) -> list[tuple[int, str]]:
    return list(read.problems.select("at", "kind").rows())


def test_an_article_as_an_erp_writes_it(tmp_path: Path) -> None:
    read = articles(
        tmp_path,
        "Artikelnr;Omschrijving;Omschrijving FR;Merk;Inhoud;Verkoopeenheid;BTW %;EAN-code;Verkoopprijs;Actieprijs;Actie van;Actie tot;Actief",
        'A1;Cola  zero;"Coca z&eacute;ro";Coca;6 x 33 cl;st;6%;5400000000003;€ 1.234,50;2,99;01/03/2026;31/07/2026;J',
    )
    (row,) = read.data.rows(named=True)
    assert read.data.schema == ARTICLES
    assert read.problems.schema == PROBLEMS
    assert row["texts"] == [
        {"language": "nld", "name": "Cola zero", "description": None},
        {"language": "fra", "name": "Coca zéro", "description": None},
    ]
    assert (row["name"], row["brand"], row["unit_sales_price"], row["vat_percentage"]) == (
        "Cola zero",
        "Coca",
        "st",
        6,
    )
    assert (row["total_content"], row["content_type"], row["multiplier_amount"], row["multiplier_type"]) == (
        33.0,
        "cl",
        6.0,
        "st",
    )
    assert (row["sales_price"], row["promo_price"], row["active"]) == (1234.5, 2.99, True)
    assert row["promo_from"] == datetime(2026, 2, 28, 23, tzinfo=UTC)  # Belgian midnight, winter
    assert row["promo_until"] == datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC)  # its end, in summer
    assert told(read, "name_fra") == [(2, "repaired", "Coca zéro")]
    assert {"supplier", "on_order", "carton_ean"} <= read.absent
    assert {"ean", "texts", "multiplier_type", "row"}.isdisjoint(read.absent)


def test_lines_without_a_number_and_numbers_given_twice_are_left_out_and_told(tmp_path: Path) -> None:
    read = articles(
        tmp_path,
        "Artikelnr;Omschrijving;Prijs",
        "A1;Kaas;1,20",
        ";Groep Kaas;x",
        "A1;Kaas oud;1,40",
        "A2;Brood;0,80",
    )
    assert read.data.select("row", "article_number", "name").rows() == [(2, "A1", "Kaas"), (5, "A2", "Brood")]
    assert read.problems.select("row", "key", "field", "kind").rows() == [
        (3, None, "article_number", "missing"),
        (4, "A1", "article_number", "duplicate"),
    ]
    assert "in line 2 already" in read.problems["message"][1]


def test_a_missing_name_is_told_in_the_languages_that_the_file_has(tmp_path: Path) -> None:
    read = articles(tmp_path, "Artikelnr;Naam NL;Naam FR;Naam DE", "A1;Kaas;;", "A2;;Pain;Brot")
    assert read.data["name"].to_list() == ["Kaas", "Pain"]
    assert told(read, "name_fra") == [(2, "missing", None)]
    assert told(read, "name_nld") == [(3, "missing", None)]
    assert told(read, "name_deu") == []
    assert [text["language"] for text in read.data["texts"][1]] == ["fra", "deu"]


def test_a_file_without_article_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleFileError, match="no column stands for the article number"):
        articles(tmp_path, "Merk;Prijs", "Boer;1,20", "Boer;1,20")


@pytest.mark.parametrize("fields", [ARTICLE_FIELDS, CLIENT_FIELDS])
def test_headings_without_rows_are_refused_by_what_they_are(
    tmp_path: Path, fields: tuple[Field, ...]
) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("Artikelnr;Naam;Merk\n", encoding="utf-8")
    table = read_table(file)
    said = r"articles\.csv has headings in line 1 and no rows under them"
    with pytest.raises(ArticleFileError, match=said):
        guess_columns(table, fields)
    columns = Columns(table, fields, {}, {})
    with pytest.raises(ArticleFileError, match=said):
        read_articles(table, columns)
    with pytest.raises(ArticleFileError, match=said):
        read_clients(table, columns)


def test_a_description_without_a_name_in_its_language_is_told(tmp_path: Path) -> None:
    read = articles(
        tmp_path,
        "Artikelnr;Naam NL;Lange omschrijving NL;Naam FR;Lange omschrijving FR;Lange omschrijving DE",
        "A1;Kaas;Zachte kaas;Fromage;Fromage tendre;",
        "A2;Brood;;;Pain blanc;Brot",
    )
    assert told(read, "description_nld") == []
    assert told(read, "description_fra") == [(3, "missing", None)]
    assert told(read, "description_deu") == [(3, "missing", None)]
    (message,) = read.problems.filter(field="description_fra")["message"]
    assert message == "There is a French description and no French name: the description is not sent."


def test_columns_of_another_file_are_refused(tmp_path: Path) -> None:
    for name, heading in (("a.csv", "Merk"), ("b.csv", "Marque")):
        (tmp_path / name).write_text(f"Artikelnr;Naam;{heading}\n1;Kaas;Boer\n", encoding="utf-8")
    one, other = read_table(tmp_path / "a.csv"), read_table(tmp_path / "b.csv")
    with pytest.raises(ArticleFileError, match="of another file"):
        read_articles(other, guess_columns(one))


def test_a_column_without_a_value_is_not_absent(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("Artikelnr;Naam;Merk\n1;Kaas;\n", encoding="utf-8")
    table = read_table(file)
    read = read_articles(table, guess_columns(table).correct(brand="Merk"))
    assert read.data["brand"].to_list() == [None]
    assert "brand" not in read.absent


def test_the_unit_of_a_weight_may_stand_in_its_heading(tmp_path: Path) -> None:
    read = articles(tmp_path, "Artikelnr;Naam;Nettogewicht (kg)", "A1;Kaas;0,5", "A2;Brood;")
    assert read.data.select("total_content", "content_type").rows() == [(0.5, "kg"), (None, None)]


def test_the_summary_counts_what_is_there_and_what_was_told(tmp_path: Path) -> None:
    read = articles(
        tmp_path,
        "Artikelnr;Naam;EAN;Verkoopprijs",
        "A1;Kaas;5400000000003;x",
        "A2;Brood;8,71E+12;1,20",
        "A3;Melk;;",
    )
    summary = {row["field"]: row for row in read.summary().iter_rows(named=True)}
    assert (summary["ean"]["filled"], summary["ean"]["empty"], summary["ean"]["unreadable"]) == (2, 1, 1)
    assert (summary["sales_price"]["filled"], summary["sales_price"]["unreadable"]) == (1, 1)
    assert summary["name"]["filled"] == 3


def test_numbers_of_a_workbook_have_a_point_and_no_doubt(tmp_path: Path) -> None:
    file = tmp_path / "articles.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["Artikelnr", "Naam", "Verkoopprijs", "BTW"])
        sheet.write_row("A2", [1001, "Kaas", 1.234, 0.06])
    table = read_table(file)
    read = read_articles(table, guess_columns(table))
    assert read.data.select("article_number", "sales_price", "vat_percentage").row(0) == ("1001", 1.234, 6)
    assert read.problems.is_empty()


# --- numbers, percentages, flags, dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.234,56", 1234.56), ("1,234.56", 1234.56), ("€ 3,20", 3.2), ("3.20", 3.2), ("12,5 %", 12.5), ("1\u00a0234,56", 1234.56),
        ("1\u202f234,5", 1234.5), ("1'234.50", 1234.5), ("-3,2", -3.2), ("3,20-", -3.2), ("(4,50)", -4.5), ("\u22127", -7.0),
        ("3,-", 3.0), ("1.234.567", 1234567.0), ("2,50 EUR/kg", 2.5), (",5", 0.5), ("0,125", 0.125), ("1234,567", 1234.567), ("1e3", 1000.0),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, number: float) -> None:
    assert values(numbers(pl.Series([written]))) == [number]


def test_the_column_decides_what_a_sign_before_three_digits_means() -> None:
    assert values(numbers(pl.Series(["1.234", "2,50"]))) == [1234.0, 2.5]
    assert values(numbers(pl.Series(["1.234", "2.50"]))) == [1.234, 2.5]
    assert kinds(numbers(pl.Series(["1.234", "2,50"]))) == []


def test_a_number_that_nothing_decides_is_told() -> None:
    alone = numbers(pl.Series(["12", "1.234"]))
    assert (values(alone), kinds(alone)) == ([12.0, 1234.0], [(1, "repaired")])
    both = numbers(pl.Series(["1.234", "2,50", "3.50"]))
    assert kinds(both) == [(0, "repaired")]


def test_what_is_no_number_is_told_and_empty() -> None:
    read = numbers(pl.Series(["op aanvraag", None, " ", "1.2.3,4,5", "1,2"]))
    assert (values(read), kinds(read)) == (
        [None, None, None, None, 1.2],
        [(0, "unreadable"), (3, "unreadable")],
    )


def test_whole_numbers() -> None:
    read = integers(pl.Series(["6", "6,0", "6,5", "1.000"]))
    assert (values(read), kinds(read)) == ([6, 6, None, 1000], [(2, "unreadable")])


def test_vat_rates() -> None:
    read = percentages(pl.Series(["6%", "0.06", "6,00", "BTW 21 %", "0,21", "0", "12", "3", "hoog", None]))
    assert values(read) == [6, 6, 6, 21, 21, 0, 12, None, None, None]
    assert kinds(read) == [(7, "unreadable"), (8, "unreadable")]


@pytest.mark.parametrize("sign", [",", "."])
def test_vat_rates_with_three_digits_behind_either_sign(sign: str) -> None:
    read = percentages(pl.Series([f"21{sign}000", f"6{sign}000 %", f"12{sign}000", f"21{sign}500"]))
    assert values(read) == [21, 6, 12, None]
    assert kinds(read) == [(3, "unreadable")]


def test_yes_and_no() -> None:
    read = flags(
        pl.Series(
            ["ja", "Nee", "OUI", "non", "J", "N", "1", "0,0", "TRUE", "waar", "X", "Actief", "soms", None]
        )
    )
    assert values(read) == [
        True,
        False,
        True,
        False,
        True,
        False,
        True,
        False,
        True,
        True,
        True,
        True,
        None,
        None,
    ]
    assert kinds(read) == [(12, "unreadable")]


def test_in_a_column_of_marks_an_empty_cell_says_no() -> None:
    assert values(flags(pl.Series(["x", None, "X"]))) == [True, False, True]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01",
        "01/03/2026",
        "1-3-26",
        "1.3.2026",
        "20260301",
        "46082",
        "1 mrt. 2026",
        "1 mars 2026",
        "1 March 2026",
        "zo 1 maart 2026",
        "01/03/2026 00:00:00",
    ],
)
def test_days_as_people_and_programs_write_them(written: str) -> None:
    read = dates(pl.Series([written]))
    assert (values(read), kinds(read)) == ([datetime(2026, 2, 28, 23, tzinfo=UTC)], [])


def test_days_that_are_none() -> None:
    read = dates(pl.Series(["29/02/2025", "binnenkort", "31/12/9999", "00/00/0000", None]))
    assert values(read) == [None] * 5
    assert kinds(read) == [(0, "unreadable"), (1, "unreadable"), (2, "repaired"), (3, "repaired")]


def test_month_and_day_the_other_way_round() -> None:
    read = dates(pl.Series(["03/25/2026"]))
    assert (values(read), kinds(read)) == ([datetime(2026, 3, 24, 23, tzinfo=UTC)], [(0, "repaired")])
    assert values(dates(pl.Series(["03/01/2026"]), day_first=False)) == [
        datetime(2026, 2, 28, 23, tzinfo=UTC)
    ]


def test_one_day_that_proves_the_month_first_decides_for_its_column_and_that_is_told() -> None:
    read = dates(pl.Series(["03/01/2026", "03/25/2026", "2026-03-01", "1 mrt 2026", "03/03/2026"]))
    assert [moment.astimezone(BELGIUM).strftime("%m-%d") for moment in values(read)] == [
        "03-01",
        "03-25",
        "03-01",
        "03-01",
        "03-03",
    ]
    assert read.problems.select("at", "kind", "read_as").rows() == [
        (0, "repaired", "2026-03-01"),
        (1, "repaired", "2026-03-25"),
    ]
    assert "month first" in read.problems["message"][0]
    other = dates(pl.Series(["01/03/2026", "25/03/2026"]), day_first=False)
    assert values(other)[0] == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert kinds(other) == [(0, "repaired"), (1, "repaired")]


def test_where_days_are_written_both_ways_those_that_may_be_either_are_told() -> None:
    read = dates(pl.Series(["01/03/2026", "25/03/2026", "26/03/2026", "03/27/2026", "04/04/2026"]))
    assert values(read)[0] == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert kinds(read) == [(0, "repaired"), (3, "repaired")]
    assert "may be two days" in read.problems["message"][0]


def test_the_days_of_another_column_prove_the_order_too(tmp_path: Path) -> None:
    read = articles(
        tmp_path, "Artikelnr;Naam;Actieprijs;Actie van;Actie tot", "A1;Kaas;1,20;03/01/2026;03/31/2026"
    )
    assert read.data["promo_from"][0] == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert told(read, "promo_from") == [(2, "repaired", "2026-03-01")]


@pytest.mark.parametrize(
    "written", ["31/07/2026", "2026-07-31", "31 juli 2026", "46234", "31/07/2026 00:00:00"]
)
def test_a_promotion_lasts_to_the_end_of_its_last_day(tmp_path: Path, written: str) -> None:
    read = articles(
        tmp_path, "Artikelnr;Naam;Actieprijs;Actie van;Actie tot", f"A1;Kaas;1,20;{written};{written}"
    )
    since, until = read.data.select("promo_from", "promo_until").row(0)
    assert since == datetime(2026, 7, 30, 22, tzinfo=UTC)
    assert until == datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC)
    assert read.problems.filter(field="promo_until").is_empty()


def test_a_promotion_that_ends_at_an_hour_ends_then(tmp_path: Path) -> None:
    read = articles(
        tmp_path,
        "Artikelnr;Naam;Actie tot",
        "A1;Kaas;31/12/2026 12:00",
        "A2;Brood;31/12/2026 00:00",
        "A3;Melk;2026-12-31T00:00:00Z",
        "A4;Ei;31/12/2026",
    )
    assert read.data["promo_until"].to_list() == [
        datetime(2026, 12, 31, 11, tzinfo=UTC),
        datetime(2026, 12, 30, 23, tzinfo=UTC),
        datetime(2026, 12, 31, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    ]


def test_a_time_beside_the_day_is_belgian() -> None:
    assert (
        values(dates(pl.Series(["2026-07-01 08:30:00", "2026-07-01T06:30:00Z"])))
        == [datetime(2026, 7, 1, 6, 30, tzinfo=UTC)] * 2
    )


# --- contents and texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("6 x 330 ml", (330.0, "ml", 6.0, "st")), ("6x33cl", (33.0, "cl", 6.0, "st")), ("1,5L", (1.5, "L", None, None)),
        ("ca. 500 g", (500.0, "g", None, None)), ("500 gr.", (500.0, "gr", None, None)), ("2 x 6 x 33 cl", (33.0, "cl", 12.0, "st")),
        ("1kg x 6", (1.0, "kg", 6.0, "st")), ("500", (500.0, None, None, None)), ("12 stuks", (12.0, "stuks", None, None)),
        ("0,250kg", (0.25, "kg", None, None)), ("330 ml blik", (330.0, "ml", None, None)),
    ],
)  # fmt: skip
def test_contents_in_one_cell(written: str, parts: tuple[Any, ...]) -> None:
    read = contents(pl.Series([written]))
    assert (
        read.total_content[0],
        read.content_type[0],
        read.multiplier_amount[0],
        read.multiplier_type[0],
    ) == parts


def test_a_content_that_is_none_is_told() -> None:
    read = contents(pl.Series(["24/33", "doos", "850 g (uitlek 500 g)"]))
    assert read.problems.select("at", "kind").rows() == [
        (0, "unreadable"),
        (1, "unreadable"),
        (2, "repaired"),
    ]


def test_names_without_what_programs_left_in_them() -> None:
    read = texts(
        pl.Series(
            [
                "Kaas &amp; brood",
                "CafÃ©",
                "a\x07b",
                "x  y",
                "regel\nzwei",
                "Ã la carte",
                "<b>vet</b>",
                "\u200b",
            ]
        )
    )
    assert values(read) == ["Kaas & brood", "Café", "ab", "x y", "regel zwei", "Ã la carte", "vet", None]
    assert kinds(read) == [
        (0, "repaired"),
        (1, "repaired"),
        (2, "repaired"),
        (6, "repaired"),
        (7, "repaired"),
    ]
    assert values(texts(pl.Series(["a \r\n\r\n b"]), lines=True)) == ["a\nb"]


# --- codes -----------------------------------------------------------------------------------------------------------


def test_article_numbers_stay_as_they_are() -> None:
    assert values(codes(pl.Series(["0012", "A-1/b", "12.5", "12.0"]))) == ["0012", "A-1/b", "12.5", "12.0"]


def test_an_article_number_without_what_a_spreadsheet_added() -> None:
    read = codes(pl.Series(["1001.0", "1002.0", "'007", "1,2E+05"]))
    assert values(read) == ["1001", "1002", "007", "1,2E+05"]
    assert kinds(read) == [(0, "repaired"), (1, "repaired"), (2, "repaired"), (3, "unreadable")]


@pytest.mark.parametrize(
    ("written", "ean", "kind"),
    [
        ("5400000000003", "5400000000003", None), ("5400000000004", "5400000000004", "unreadable"),
        ("5400000000003.0", "5400000000003", "repaired"), ("5 400000-000003", "5400000000003", "repaired"),
        ("'5400000000003", "5400000000003", "repaired"), ("EAN: 5400000000003", "5400000000003", "repaired"),
        ("85239152300", "85239152300", "unreadable"), ("(01)05400141291636(15)190201", "5400141291636", "repaired"),
        ("]C10105400141291636", "5400141291636", "repaired"), ("5400000000003, 5400141291636", "5400000000003", "repaired"),
        ("5400000000003 / 5400000000004", "5400000000003", "repaired"), ("8,71E+12", "8,71E+12", "unreadable"),
        ("8710000000000", "8710000000000", "unreadable"), ("5,400000000003E+12", "5400000000003", "repaired"),
        ("geen", None, "missing"), ("n.v.t.", None, "missing"), ("0", None, "missing"), ("9999999999999", None, "missing"),
        ("1234567890128", None, "missing"), ("geen EAN-code", None, "missing"), ("12345", "12345", "unreadable"),
        ("1053616", "1053616", "unreadable"),  # GS1 gives no GTIN-8 that begins with 0 to anybody
        ("02054001412916363712", "02054001412916363712", "unreadable"),  # what is in the box: a guess
    ],
)  # fmt: skip
def test_eans(written: str, ean: str | None, kind: str | None) -> None:
    read = gtins(pl.Series([written]))
    assert values(read) == [ean]
    assert read.problems["kind"].to_list() == ([kind] if kind else [])


def test_the_other_codes_of_a_cell_and_what_to_do_about_excel_are_told() -> None:
    read = gtins(pl.Series(["5400000000003;5400141291636", "8,71E+12"]))
    assert "Also there: 5400141291636" in read.problems["message"][0]
    assert "export again" in read.problems["message"][1]


def test_zeros_are_not_put_back_among_numbers_of_the_house() -> None:
    """One number in ten passes the check digit by chance: 85239152300 proves nothing between others that do not."""
    house = pl.Series(["85239152300", "85239152301", "85239152302", "85239152304"])
    read = gtins(house)
    assert values(read) == house.to_list()
    assert "probably 0085239152300" in read.problems["message"][0]


def sound(count: int) -> list[str]:
    """So many codes that are right."""
    bodies = [f"5400000{at:05}" for at in range(1, count + 1)]
    return [body + check_digit(body) for body in bodies]


def test_lost_zeros_take_several_codes_to_prove() -> None:
    one, two, three = "85239152300", "37000000011", "3700000021"
    for few in ([one], [one, two], [three], [one, one, one]):
        assert values(gtins(pl.Series(few))) == few
    three = three[:-1] + check_digit("000" + three[:-1])
    two = two[:-1] + check_digit("00" + two[:-1])
    assert values(gtins(pl.Series([one, two, three]))) == ["0085239152300", f"00{two}", f"000{three}"]


def test_one_code_that_lost_its_zero_is_repaired_among_right_ones_and_only_as_excel_loses_it() -> None:
    read = gtins(pl.Series([*sound(10), "85239152300"]))
    assert values(read)[-1] == "0085239152300"
    assert kinds(read) == [(10, "repaired")]
    shorter = "370000002"
    shorter += check_digit("000" + shorter)
    for codes_there in (
        [*sound(9), "85239152300"],  # too few to tell by
        [*sound(10), "5400000000004", "5400000000005", "5400000000006", "85239152300"],  # many are wrong
        [*sound(10), shorter],  # three zeros
        [*sound(10), "85239152301", "85239152300"],  # one of two passes
    ):
        read = gtins(pl.Series(codes_there))
        assert values(read)[-1] == codes_there[-1]
        assert "probably 00" in read.problems["message"][-1]


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=20), st.text("0123456789.,eE+()-/ \x1d", max_size=25)),
        max_size=8,
    )
)
def test_any_cells_can_be_read(cells: list[str | None]) -> None:
    text = pl.Series(cells, dtype=pl.String)
    for read in (numbers, integers, percentages, flags, dates, texts, codes, gtins):
        found = read(text)
        assert found.values.len() == len(cells)
        unreadable = found.problems.filter(kind="unreadable")["at"]
        assert set(unreadable) <= {at for at, cell in enumerate(cells) if cell}
    assert contents(text).total_content.len() == len(cells)


# --- real codes ------------------------------------------------------------------------------------------------------


def read_codes(folder: Path, written: pl.Series) -> pl.DataFrame:
    """Real codes as the EAN column of a file, one article each: columns ean (GTIN-14, null for none), told."""
    frame = pl.DataFrame(
        {
            "Artikelnr": [f"A{at:05}" for at in range(written.len())],
            "Naam": ["Kaas"] * written.len(),
            "EAN-code": written,
        }
    )
    frame.write_csv(folder / "codes.csv", separator=";")
    table = read_table(folder / "codes.csv")
    read = read_articles(table, guess_columns(table))
    told_of = read.problems.filter(field="ean").select("key", "kind")
    return read.data.select(key="article_number", sent="ean", ean=gtin14(pl.col("ean"))).join(
        told_of, on="key", how="left", maintain_order="left"
    )


def test_real_wrong_codes_are_repaired_where_it_is_certain_and_never_wrongly(
    tmp_path: Path, shared_data: Path
) -> None:
    bad = pl.read_parquet(shared_data / "bad_gtins.parquet")
    right: dict[str, int] = {}
    for (reason,), group in bad.group_by("reason", maintain_order=True):
        read = read_codes(tmp_path, group["gtin_raw"])
        both = read.with_columns(true=group["recoverable_gtin"].str.zfill(14), written=group["gtin_raw"])
        repaired = both.filter(kind="repaired")
        assert repaired.filter(pl.col("ean").ne_missing(pl.col("true"))).is_empty(), reason
        untouched = both.filter(kind="unreadable")
        assert untouched["sent"].to_list() == untouched["written"].str.strip_chars().to_list()
        right[str(reason)] = repaired.height
    assert {reason: count for reason, count in right.items() if count} == {
        "leading_zeros_lost": 729,
        "gs1_128_element_string": 38,
    }


def test_real_wrong_codes_all_in_one_file_prove_less(tmp_path: Path, shared_data: Path) -> None:
    """Most 11-digit codes are junk there, so lost zeros stay a guess."""
    bad = pl.read_parquet(shared_data / "bad_gtins.parquet")
    read = read_codes(tmp_path, bad["gtin_raw"])
    both = read.with_columns(true=bad["recoverable_gtin"].str.zfill(14)).filter(kind="repaired")
    assert both.height == 38
    assert both["ean"].to_list() == both["true"].to_list()


def test_the_codes_of_real_products_come_through(tmp_path: Path, shared_data: Path) -> None:
    products = pl.read_parquet(shared_data / "products_full_fields.parquet")
    read = read_codes(tmp_path, products["gtin_raw"])
    both = read.with_columns(true=products["gtin"].str.zfill(14), problem=products["gtin_raw_problem"])
    assert both.filter(pl.col("ean").is_not_null() & (pl.col("ean") != pl.col("true"))).is_empty()
    assert both.filter(pl.col("problem").is_null() & pl.col("ean").is_null()).is_empty()
    lost = both.filter(problem="leading_zeros_lost")
    assert (lost.height, lost["ean"].count()) == (545, 204)  # the others have 6 or 7 digits
