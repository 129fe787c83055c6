"""A file as a table of texts, as ERPs and spreadsheets write it."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.errors import ArticleFileError, UsageError
from checks.onboarding.file.table import TableFile, read_table, sheets


def table(
    folder: Path, content: str | bytes, name: str = "articles.csv", encoding: str = "utf-8", **options: object
) -> TableFile:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_table(file, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
    ],
)
def test_letters_are_right_whatever_the_encoding(tmp_path: Path, encoding: str, said: str) -> None:
    text = "Artikelnr;Omschrijving\r\nA1;Crème brûlée\r\nA2;Pâté à l'ancienne\r\nA3;Geräucherter Käse\r\n"
    found = table(tmp_path, text, encoding=encoding)
    assert found.encoding == said
    assert found.rows["Omschrijving"].to_list() == ["Crème brûlée", "Pâté à l'ancienne", "Geräucherter Käse"]


def test_the_euro_sign_and_quotes_of_windows_are_no_dos(tmp_path: Path) -> None:
    found = table(tmp_path, "Artikelnr;Naam\nA1;Côte d’Or € 3\nA2;Bœuf\n", encoding="cp1252")
    assert found.encoding == "cp1252"
    assert found.rows["Naam"].to_list() == ["Côte d’Or € 3", "Bœuf"]


def test_two_exports_of_two_encodings_in_one_file(tmp_path: Path) -> None:
    lines = ["Artikelnr;Naam", *(f"A{at};Crème {at}" for at in range(20))]
    content = "\n".join(lines).encode() + "\nB1;Pâté\n".encode("cp1252")
    found = table(tmp_path, content)
    assert found.rows["Naam"].tail(1).item() == "Pâté"
    assert any("but for 1 line that" in note for note in found.notes)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    rows = [
        ["Artikelnr", "Naam", "Verkoopprijs"],
        ["A1", '"Kaas; jong, zacht | plakken"', '"3,20"'],
        ["A2", "Brood", "1.50"],
    ]
    found = table(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert found.separator == separator
    assert found.rows.row(0) == ("A1", "Kaas; jong, zacht | plakken", "3,20")


def test_excels_own_first_line_names_the_separator_and_counts_for_none(tmp_path: Path) -> None:
    found = table(tmp_path, "sep=|\r\nArtikelnr|Naam\r\nA1|a;b\r\n")
    assert (found.separator, found.heading, found.lines.to_list()) == ("|", 1, [2])


def test_a_cell_with_line_breaks_is_one_line(tmp_path: Path) -> None:
    found = table(tmp_path, 'Artikelnr;Naam\nA1;"Kaas\njong; zacht"\n\nA2;Brood\n')
    assert found.lines.to_list() == [2, 4]
    assert found.rows["Naam"].to_list() == ["Kaas\njong; zacht", "Brood"]


def test_a_quote_that_nobody_closes_swallows_no_lines(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        'Artikelnr;Naam;Merk\nA1;"t Koffiehuis;Rombouts\nA2;Pizza 12";Dr\nA3;"Brie ""oud""";M\nA4;Brood;M\n',
    )
    assert found.rows["Naam"].to_list() == ['"t Koffiehuis', 'Pizza 12"', 'Brie "oud"', "Brood"]
    assert any("nobody closed" in note and "line 2" in note for note in found.notes)


def test_lines_that_are_too_long_or_too_short_lose_nothing(tmp_path: Path) -> None:
    found = table(tmp_path, "Artikelnr;Naam;Merk\nA1;Kaas;M;over;nog\nA2\nA3;Brood;M\n")
    assert found.rows.rows() == [
        ("A1", "Kaas", "M", "over", "nog"),
        ("A2", None, None, None, None),
        ("A3", "Brood", "M", None, None),
    ]
    assert any("1 line has more cells" in note and "line 2" in note for note in found.notes)


def test_one_endless_line_makes_no_thousand_columns(tmp_path: Path) -> None:
    lines = ["Artikelnr;Naam", *(f"A{at};x" for at in range(200))]
    lines[150] += ";y" * 500
    found = table(tmp_path, "\n".join(lines))
    assert found.rows.width < 30
    assert sum(cell.count("y") for cell in found.rows.row(149) if cell) == 500


def test_titles_above_groups_of_headings_and_the_total_below(tmp_path: Path) -> None:
    text = (
        "Groothandel Janssens;;;;\nArtikellijst 29/11/2026;;;;\n;;;;\n"
        "Artikelnr;Omschrijving;Prijzen;;Stock\n;;Aankoop;Verkoop;\n"
        "A1;Kaas;1,20;2,40;5\nA2;Brood;0,80;1,50;9\nTotaal;;;;14\n"
    )
    found = table(tmp_path, text)
    assert found.rows.columns == ["Artikelnr", "Omschrijving", "Prijzen Aankoop", "Prijzen Verkoop", "Stock"]
    assert found.rows["Artikelnr"].to_list() == ["A1", "A2"]
    assert (found.heading, found.lines.to_list()) == (5, [6, 7])
    assert any("Merged heading 'Prijzen' over 2 columns" in note for note in found.notes)
    assert any("title ('Groothandel Janssens')" in note for note in found.notes)
    assert any("Line 8 is a total" in note for note in found.notes)


def test_an_article_named_total_is_no_total(tmp_path: Path) -> None:
    found = table(tmp_path, "Artikelnr;Naam;Merk\nA1;Kaas;M\nTotal1;Total tandpasta;Colgate\n")
    assert found.rows.height == 2


HEADINGS = "Omschrijving;Artikelnr;Merk;Prijs;Stock;BTW\nKaas;1001;M;1,20;5;6\nBrood;1002;M;1,50;9;6\n"


@pytest.mark.parametrize(
    "article",
    [
        "Total tandpasta;1003;;;;",
        "Total tandpasta;A1003;;2,50;;",
        "Fin de saison;;Colgate;2,50;;",
        "Total;;Colgate;;;",
        "Som;1003;;;;",
        "TOTAL-01;;;2,50;;",
    ],
)
def test_a_line_with_a_number_or_a_text_of_its_own_is_no_total(tmp_path: Path, article: str) -> None:
    found = table(tmp_path, HEADINGS + article)
    assert found.rows.height == 3
    assert not any("is a total" in note for note in found.notes)


@pytest.mark.parametrize(
    "total",
    [
        "Totaal;;;2,70;14;",
        "Totaal;2 artikelen;;;14;",
        "Aantal artikelen: 2;;;;;",
        "Totaal 2 artikelen;;;€ 2,70;;",
        "Einde lijst;;;;;",
        "Totaal;;EUR;2,70;;",
        ";;Totaal;2,70;14;",
    ],
)
def test_a_line_of_sums_is_a_total(tmp_path: Path, total: str) -> None:
    found = table(tmp_path, HEADINGS + total)
    assert found.rows.height == 2
    assert any("is a total" in note for note in found.notes)


def test_headings_that_each_page_prints_again_are_left_out(tmp_path: Path) -> None:
    found = table(tmp_path, "Artikelnr;Naam\nA1;Kaas\nArtikelnr;Naam\nA2;Brood\n")
    assert found.rows["Artikelnr"].to_list() == ["A1", "A2"]


def test_headings_are_unique_and_empty_columns_go(tmp_path: Path) -> None:
    found = table(tmp_path, "Artikelnr;Naam;Naam;;Merk;\nA1;Kaas;Fromage;x;;\n")
    assert found.rows.columns == ["Artikelnr", "Naam", "Naam (2)", "Column 4"]
    assert found.empty == ("Merk",)


def test_a_table_without_headings_and_one_whose_line_is_given(tmp_path: Path) -> None:
    assert table(tmp_path, "1;Kaas\n2;Brood\n", heading=0).rows.columns == ["Column 1", "Column 2"]
    found = table(tmp_path, "x;y\nfoo;bar\n1;2\n", heading=2)
    assert (found.rows.columns, found.lines.to_list()) == (["foo", "bar"], [3])
    with pytest.raises(ArticleFileError, match="has 2 lines"):
        table(tmp_path, "a;b\n1;2\n", heading=7)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
        (b"<!DOCTYPE html><html><table><tr><td>Artikelnr</td></tr></table></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (b"PK\x03\x04 but no more", "cannot be read as XLSX"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<?xml version='1.0'?><articles/>", "XML"),
        (b";;;\n;;\n", "no cells"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ArticleFileError, match=said):
        table(tmp_path, content)


def test_a_zip_a_folder_a_missing_file_and_an_unknown_encoding(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("articles.csv", "a;b")
    with pytest.raises(ArticleFileError, match="no XLSX workbook"):
        table(tmp_path, packed.getvalue(), "articles.zip")
    with pytest.raises(ArticleFileError, match="folder"):
        read_table(tmp_path)
    with pytest.raises(ArticleFileError, match="no file"):
        read_table(tmp_path / "gone.csv")
    with pytest.raises(ArticleFileError, match="no encoding"):
        read_table(table(tmp_path, "a;b").path, encoding="latin-99")
    assert issubclass(ArticleFileError, UsageError)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two sheets; codes as numbers, as texts and with a format of zeros; two lines of headings, the upper one merged."""
    file = tmp_path / "articles.xlsx"
    with xlsxwriter.Workbook(file) as book:
        zeros, day = (
            book.add_format({"num_format": "0000000000000"}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
        )
        book.add_worksheet("Info").write("A1", "Export of Groothandel Janssens")
        sheet = book.add_worksheet("Artikelen")
        sheet.merge_range("E2:F2", "Prijzen")
        sheet.write_row("B3", ["Artikelnr", "EAN-code", "Merk", "Aankoop", "Verkoop", "Actie van", "Actief"])
        sheet.write_row("B4", ["0012", 8712345678906, "A", 1.2, 2.4])
        sheet.write_datetime("G4", datetime(2026, 3, 1), day)
        sheet.write_boolean("H4", True)
        sheet.write_string("B5", "0013")
        sheet.write_number("C5", 12345678905, zeros)
        sheet.write_row("D5", ["B", 1, 1234.5])
        sheet.write_row("B7", [14, 5411111111116.0, None, None])
        sheet.write_formula("F7", "=1/0", None, "#DIV/0!")
        sheet.write_string("B8", "Totaal")
        sheet.write_number("F8", 3)
    return file


def test_codes_of_a_workbook_keep_their_digits_and_zeros(workbook: Path) -> None:
    found = read_table(workbook)
    assert (found.kind, found.sheet) == ("xlsx", "Artikelen")
    assert found.rows["EAN-code"].to_list() == ["8712345678906", "0012345678905", "5411111111116"]
    assert found.rows["Artikelnr"].to_list() == ["0012", "0013", "14"]
    assert found.rows.schema == dict.fromkeys(found.rows.columns, pl.String)


def test_headings_dates_and_lines_of_a_workbook(workbook: Path) -> None:
    found = read_table(workbook)
    assert found.rows.columns == [
        "Artikelnr",
        "EAN-code",
        "Merk",
        "Prijzen Aankoop",
        "Prijzen Verkoop",
        "Actie van",
        "Actief",
    ]
    assert (found.heading, found.lines.to_list()) == (3, [4, 5, 7])
    assert found.rows.select("Prijzen Verkoop", "Actie van", "Actief").row(0) == ("2.4", "2026-03-01", "true")
    notes = " ".join(found.notes)
    for said in (
        "not read: 'Info'",
        "Merged heading 'Prijzen'",
        "cell holds an error",
        "in F7",
        "Line 8 is a total",
    ):
        assert said in notes


def test_another_sheet_can_be_named(workbook: Path) -> None:
    assert sheets(workbook) == ("Info", "Artikelen")
    with pytest.raises(ArticleFileError, match="It has: Info, Artikelen"):
        read_table(workbook, sheet="Articles")


@settings(max_examples=150)
@given(data=st.one_of(st.binary(max_size=300), st.text('ab1;,\t|"\n\r\0é=', max_size=300).map(str.encode)))
def test_any_bytes_are_a_table_or_an_error_that_says_so(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "anything.csv"
    file.write_bytes(data)
    try:
        found = read_table(file)
    except ArticleFileError:
        return
    assert found.rows.height == found.lines.len()
    assert len(set(found.rows.columns)) == found.rows.width


@settings(max_examples=60)
@given(at=st.integers(0, 10_000), put=st.binary(min_size=1, max_size=4), cut=st.booleans())
def test_a_spoilt_workbook_is_a_table_or_an_error_that_says_so(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes, cut: bool
) -> None:
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        book.add_worksheet().write_row("A1", ["Artikelnr", "EAN", 8712345678906])
    data = bytearray(whole.getvalue())
    at %= len(data)
    data[at : at + len(put)] = put
    file = tmp_path_factory.getbasetemp() / "spoilt.xlsx"
    file.write_bytes(data[:at] if cut else data)
    try:
        found = read_table(file)
    except ArticleFileError as error:
        refused = str(error)
        if "spoilt.xlsx" not in refused:
            raise
        return
    assert found.rows.height == found.lines.len()
