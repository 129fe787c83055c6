"""Decisions in a workbook: written, filled in by a person in any spreadsheet, and read back without losing a digit."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checks.errors import UsageError
from checks.frames import FRAMES
from checks.onboarding.decisions import sheets as decisions_sheets
from checks.onboarding.decisions.renewing import renew_decisions
from checks.onboarding.decisions.writing import Decisions, read_decisions, write_decisions
from checks.onboarding.matching.match import Matches
from checks.onboarding.references.mapping import References, map_references
from checks.onboarding.shapes import ARTICLES, DOUBTED, MATCHED, SUGGESTED
from tests.onboarding.spreadsheet import Cells, cells, filled, headed, saved_again

BRANDS = ("Coca-Cola", "Ola", "Oude Hoeven", "Weg", "WEG NV", "=HYPERLINK(0)")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Change = Callable[[Cells], Cells]


def tables(brands: tuple[str, ...] = BRANDS) -> dict[str, pl.DataFrame]:
    """Lookup tables; ids count from 1."""
    unit = {"abbreviation": "ST", "name": "stuk", "names": []}
    rows: dict[str, list[dict[str, Any]]] = {
        "brands": [{"id": at, "name": name, "names": []} for at, name in enumerate(brands, 1)],
        "producers": [{"id": 7, "name": "Claes", "names": []}],
        "suppliers": [],
        "categories": [{"id": 30, "name": "IJs", "names": [], "parent_id": None}],
        "storage_conditions": [
            {"id": at, "name": name, "names": []} for at, name in enumerate(("Koel", "Diepvries", "Droog"), 1)
        ],
        "content_types": [unit],
        "unit_sales_prices": [unit],
        "multiplier_types": [unit],
    }
    return {name: pl.DataFrame(given, schema=FRAMES[name].schema) for name, given in rows.items()}


def articles(*brands: str | None, **others: str | None) -> pl.DataFrame:
    usual = {
        "category": "IJs",
        "storage_condition": "Droog",
        "content_type": "ST",
        "unit_sales_price": "stuk",
        **others,
    }
    return pl.DataFrame(
        [
            {
                "row": at,
                "article_number": f"{at:06}",
                "name": f"Article {at}",
                "ean": f"0{at:012}",
                "brand": brand,
                "total_content": 6.0,
                **usual,
            }
            for at, brand in enumerate(brands, 1)
        ],
        schema=ARTICLES,
    )


FILE = articles("Ola", "Oude Hoeve", "Weg", "Xyzzy", None)

#: Central products by id.
CENTRAL = {
    501: ("0012345678905", "Cola 33 cl"),
    502: ("5410000000003", "Cola light 33 cl"),
    503: ("5410000000010", "Limonade 1 l"),
    504: (None, "Sap"),
    505: ("5410000000027", "Water"),
}


def suggestions(**products: list[int]) -> Matches:
    """Matches that suggest these products, the first best: `suggestions(a1=[501, 502])` for the first article."""
    rows = [
        (f"{int(article[1:]):06}", rank, 1 - rank / 10, one, *CENTRAL[one], "Marque", "33 cl", "name alike")
        for article, ids in products.items()
        for rank, one in enumerate(ids, 1)
    ]
    return Matches(
        matched=pl.DataFrame(schema=MATCHED),
        suggested=pl.DataFrame(rows, schema=SUGGESTED, orient="row"),
        doubted=pl.DataFrame(schema=DOUBTED),
        articles=FILE.select("article_number", "ean", "name"),
        central=pl.DataFrame(
            [(one, *about) for one, about in CENTRAL.items()],
            schema={"product_id": pl.Int64, "ean": pl.String, "name": pl.String},
            orient="row",
        ),
    )


REFERENCES = map_references(FILE, tables())
MATCHES = suggestions(a1=[501, 502], a2=[502, 503], a3=[504], a4=[505, 503])


def round_trip(
    folder: Path,
    *changes: tuple[str, Mapping[str, str | None]],
    change: Change | None = None,
    as_number: bool = False,
    references: References = REFERENCES,
    matches: Matches = MATCHES,
) -> Decisions:
    """Written, opened elsewhere, filled in, saved, and read."""
    path = folder / "decisions.xlsx"
    path.unlink(missing_ok=True)
    write_decisions(path, references, matches, FILE)
    sheets = cells(path)
    for sheet, choices in changes:
        sheets = filled(sheets, sheet, choices)
    saved_again(path, change(sheets) if change else sheets, as_number)
    return read_decisions(path, references, matches)


def chosen(decisions: Decisions, field: str = "brand") -> dict[str | None, str | None]:
    rows = decisions.references.table.filter(pl.col("field") == field)
    return dict(rows.select("written", "chosen").iter_rows())


def confirmed(decisions: Decisions) -> dict[str, int]:
    return dict(decisions.matches.matched.select("article_number", "product_id").iter_rows())


def troubles(decisions: Decisions) -> list[str]:
    return [" ".join(one) for one in decisions.troubles.select("cell", "message").iter_rows()]


# What goes out


def test_the_workbook_has_a_sheet_for_everything_that_is_to_be_decided(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    assert list(cells(path)) == [
        "Read me", "Matches", "Brands", "Categories", "Storage conditions", "Content types", "Unit sales prices",
        "Entries", "Kept",
    ]  # fmt: skip
    brands = headed(cells(path), "Brands")
    assert brands.columns == ["In your file", "Articles", "Status", "Choice", "1", "2", "3", "4", "5"]
    assert brands["In your file"].to_list()[-1] == "Ola"  # what is certain comes last
    assert brands.row(by_predicate=pl.col("In your file") == "Ola")[:5] == (
        "Ola",
        "1",
        "same name",
        "Ola [2]",
        "Ola [2]",
    )
    assert brands.row(by_predicate=pl.col("In your file") == "Weg")[3:6] == (None, "Weg [4]", "WEG NV [5]")
    assert brands.row(by_predicate=pl.col("In your file") == "(no name in your file)")[3] is None
    assert headed(cells(path), "Unit sales prices")["Choice"].to_list() == ["stuk [ST]"]
    matches = headed(cells(path), "Matches")
    assert matches.row(0) == (
        "000001", "0000000000001", "Article 1", "Ola", "6 st", None,
        "Cola 33 cl · Marque · 33 cl · 0012345678905 · 90 %", "Cola light 33 cl · Marque · 33 cl · 5410000000003 · 80 %",
        None, None, None,
    )  # fmt: skip
    assert set(headed(cells(path), "Entries")["Brands"].drop_nulls()) == {
        f"{name} [{at}]" for at, name in enumerate(BRANDS, 1)
    }


def test_choices_have_a_list_cells_to_fill_are_unlocked_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    file = articles("=1+1", "@SUM(A1)", "+31", "<r>x</r>")
    write_decisions(path, map_references(file, tables()), suggestions(), file)
    with zipfile.ZipFile(path) as book:
        sheet = fromstring(book.read("xl/worksheets/sheet2.xml"))
        styles = fromstring(book.read("xl/styles.xml"))
        parts = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in part for part in parts)
    lists = [one.findtext(f"{MAIN}formula1") for one in sheet.iter(f"{MAIN}dataValidation")]
    assert lists == [f"Entries!$A$2:$A${len(BRANDS) + 1}"]
    assert sheet.find(f".//{MAIN}pane").get("state") == "frozen"
    assert sheet.find(f"{MAIN}autoFilter").get("ref") == "A1:I5"
    forms = list(styles.find(f"{MAIN}cellXfs"))
    formats = {
        one.get("numFmtId") for one in styles.iter(f"{MAIN}numFmt") if one.get("formatCode") == "@"
    } | {"49"}
    for cell in sheet.iter(f"{MAIN}c"):
        form, letter, line = forms[int(cell.get("s", 0))], cell.get("r")[0], cell.get("r")[1:]
        if line != "1" and letter != "B":
            assert form.get("numFmtId") in formats, cell.get("r")
            protection = form.find(f"{MAIN}protection")
            assert (protection is not None and protection.get("locked") == "0") == (letter == "D")
    assert set(headed(cells(path), "Brands")["In your file"]) == {"=1+1", "@SUM(A1)", "+31", "<r>x</r> "}


def test_doubts_say_which_product_and_why(tmp_path: Path) -> None:
    doubted = pl.DataFrame(
        [("000001", "0012345678905", 501, "Another article has this code too.")], schema=DOUBTED, orient="row"
    )
    matches = Matches(**{**vars(MATCHES), "doubted": doubted})
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, matches, FILE)
    assert headed(cells(path), "Doubts").row(0) == (
        "000001", "0000000000001", "Article 1", "0012345678905", "Cola 33 cl [501]", "Another article has this code too.",
    )  # fmt: skip


def test_of_too_many_rows_the_first_are_written_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.onboarding.decisions.writing.MOST_ROWS", 2)
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    assert headed(cells(path), "Brands").height == 2
    said = " ".join(one for one in cells(path)["Read me"].to_series(0) if one)
    assert "Brands: only the first 2 of 5 rows" in said


# What comes back


def test_a_workbook_that_nobody_filled_in_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    for decisions in (read_decisions(path, REFERENCES, MATCHES), round_trip(tmp_path)):
        assert decisions.changed.is_empty()
        assert decisions.troubles.is_empty()
        assert decisions.references.table.equals(REFERENCES.table)
        assert decisions.matches.suggested.equals(MATCHES.suggested)


@pytest.mark.parametrize("as_number", [False, True])
def test_choices_may_be_a_number_a_list_entry_an_id_or_a_name(tmp_path: Path, as_number: bool) -> None:
    decisions = round_trip(
        tmp_path,
        ("Brands", {"Oude Hoeve": "1", "Weg": "WEG NV [5]", "Xyzzy": "6", "(no name in your file)": "ola"}),
        as_number=as_number,
    )
    assert troubles(decisions) == []
    assert chosen(decisions) == {"Ola": "2", "Oude Hoeve": "3", "Weg": "5", "Xyzzy": "6", None: "2"}
    assert decisions.references.ids(FILE)["brand"].to_list() == [2, 3, 5, 6, 2]
    assert set(decisions.changed["about"]) == {"Oude Hoeve", "Weg", "Xyzzy", "(no name in your file)"}
    row = decisions.changed.row(by_predicate=pl.col("about") == "Xyzzy", named=True)
    assert (row["sheet"], row["written"], row["value"], row["meaning"]) == (
        "Brands",
        "6",
        "6",
        "=HYPERLINK(0) [6]",
    )


@pytest.mark.parametrize("as_number", [False, True])
def test_matches_are_chosen_by_number_ean_id_or_the_whole_suggestion(tmp_path: Path, as_number: bool) -> None:
    decisions = round_trip(
        tmp_path,
        ("Matches", {"000001": "12345678905" if as_number else "0012345678905", "000002": "2", "000003": "504",
                     "000004": "none"}),
        as_number=as_number,
    )  # fmt: skip
    assert troubles(decisions) == []
    assert confirmed(decisions) == {"000001": 501, "000002": 503, "000003": 504}
    assert decisions.matches.suggested.is_empty()
    assert decisions.matches.refused == {"000004"}
    assert decisions.matches.matched["central_ean"].to_list() == ["0012345678905", "5410000000010", None]
    assert decisions.changed.select("about", "value", "meaning").rows() == [
        ("000001", "501", "Cola 33 cl"),
        ("000002", "503", "Limonade 1 l"),
        ("000003", "504", "Sap"),
        ("000004", None, "none of these"),
    ]
    whole = "Cola light 33 cl · Marque · 33 cl · 5410000000003 · 80 %"
    assert confirmed(round_trip(tmp_path, ("Matches", {"000001": whole}))) == {"000001": 502}


@pytest.mark.parametrize("none", ["none", "Geen", "AUCUN", "0", "0.0", "-"])
def test_none_of_them_is_said_in_several_languages(tmp_path: Path, none: str) -> None:
    decisions = round_trip(tmp_path, ("Matches", {"000001": none}))
    assert decisions.matches.refused == {"000001"}
    assert troubles(decisions) == []


def test_every_code_is_the_same_text_after_the_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    before = cells(path)
    saved_again(path, before)
    after = cells(path)
    assert all(before[name].equals(after[name]) for name in before)
    assert headed(cells(path), "Matches")["EAN"].to_list() == FILE["ean"].to_list()[:4]
    assert headed(cells(path), "Matches")["Article"].to_list() == FILE["article_number"].to_list()[:4]


def test_article_numbers_that_a_program_made_numbers_are_found_all_the_same(tmp_path: Path) -> None:
    def spoilt(sheets: Cells) -> Cells:
        frame = sheets["Matches"]
        first = frame.columns[0]
        return {**sheets, "Matches": frame.with_columns(pl.col(first).str.replace(r"^0+(\d+)$", "$1.0"))}

    decisions = round_trip(tmp_path, ("Matches", {"000001": "1"}), change=spoilt)
    assert cells(tmp_path / "decisions.xlsx")["Matches"].row(1)[0] == "1.0"
    assert confirmed(decisions) == {"000001": 501}


def two_with_one_number(same: bool = False) -> tuple[pl.DataFrame, Matches]:
    """Articles 42 and 0042, of the same EAN and name or not, with suggestions."""
    file = FILE.head(2).with_columns(article_number=pl.Series(["0042", "42"]))
    if same:
        file = file.with_columns(ean=pl.lit(None, pl.String), name=pl.lit("Article"))
    known = suggestions(a1=[501, 502], a2=[503, 504])
    number = pl.col("article_number").replace({"000001": "0042", "000002": "42"})
    about = file.select("article_number", "ean", "name")
    return file, Matches(
        **{**vars(known), "suggested": known.suggested.with_columns(number), "articles": about}
    )


@pytest.mark.parametrize("as_number", ["42", "42.0"])
@pytest.mark.parametrize("same", [False, True])
def test_a_decision_never_goes_to_another_article_whose_number_lost_its_zeros(
    tmp_path: Path, as_number: str, same: bool
) -> None:
    file, matches = two_with_one_number(same)
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, matches, file)
    sheets = filled(cells(path), "Matches", {"0042": "1", "42": "2"})
    saved_again(path, sheets)
    assert confirmed(read_decisions(path, REFERENCES, matches)) == {"0042": 501, "42": 504}
    frame = sheets["Matches"]
    spoilt = frame.with_columns(pl.col(frame.columns[0]).replace({"0042": as_number, "42": as_number}))
    saved_again(path, {**sheets, "Matches": spoilt})
    decisions = read_decisions(path, REFERENCES, matches)
    if same:
        assert confirmed(decisions) == {}
        assert [one[:60] for one in troubles(decisions)] == [
            f"Matches!F{line} A program made a number of what stood here: {as_number} may"[:60]
            for line in (2, 3)
        ]
    else:
        assert confirmed(decisions) == {"0042": 501, "42": 504}
        assert troubles(decisions) == []
    # and when only that row is left
    saved_again(path, {**sheets, "Matches": spoilt.head(2)})
    assert confirmed(read_decisions(path, REFERENCES, matches)) == ({} if same else {"0042": 501})


def test_names_that_a_program_made_one_number_are_told_apart_or_told(tmp_path: Path) -> None:
    file = articles("7", "007", "8", "08")
    references = map_references(file, tables(("James 007", "7up", "Weg")))
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, references, suggestions(), file)
    sheets = filled(cells(path), "Brands", {"7": "Weg", "007": "Weg", "8": "Weg", "08": "Weg"})
    frame = sheets["Brands"]
    spoilt = frame.with_columns(pl.col(frame.columns[0]).replace({"007": "7", "08": "8"}))
    saved_again(path, {**sheets, "Brands": spoilt})
    decisions = read_decisions(path, references, suggestions())
    assert chosen(decisions)["08"] is None
    assert chosen(decisions)["8"] is None
    assert all("A program made a number" in one for one in troubles(decisions))


def test_rows_may_be_sorted_deleted_and_moved(tmp_path: Path) -> None:
    def tidied(sheets: Cells) -> Cells:
        brands = sheets["Brands"]
        head, body = brands.head(1), brands.slice(1)
        blank = head.clear().select(pl.all()).clear(2)
        body = body.reverse().filter(pl.col(brands.columns[0]) != "Weg")
        moved = pl.concat([blank, head, body])
        return {**sheets, "Brands": moved.select(reversed(moved.columns))}

    decisions = round_trip(tmp_path, ("Brands", {"Oude Hoeve": "1", "Xyzzy": "nonsense"}), change=tidied)
    assert chosen(decisions)["Oude Hoeve"] == "3"
    assert troubles(decisions)[0].startswith("Brands!F")


def test_what_was_filled_in_already_may_be_changed_and_emptied(tmp_path: Path) -> None:
    decisions = round_trip(tmp_path, ("Brands", {"Ola": "[1]"}), ("Storage conditions", {"Droog": None}))
    assert chosen(decisions)["Ola"] == "1"
    droog = decisions.references.row("storage_condition", "Droog")
    assert (droog["status"], droog["chosen"]) == ("suggested", None)
    assert decisions.changed.select("about", "value", "meaning").rows() == [
        ("Ola", "1", "Coca-Cola [1]"),
        ("Droog", None, "open again"),
    ]


def test_a_number_up_to_five_is_the_suggestion_and_never_the_id(tmp_path: Path) -> None:
    decisions = round_trip(tmp_path, ("Storage conditions", {"Droog": "1"}), ("Brands", {"Oude Hoeve": "2"}))
    # the first suggestion is Droog itself, whose id is 3
    assert chosen(decisions, "storage_condition") == {"Droog": "3"}
    assert troubles(decisions) == [
        "Brands!D3 There is no suggestion 2 here. To choose the entry whose id it is, type [2]."
    ]


def test_what_cannot_be_taken_is_told_with_its_cell_and_everything_else_is_taken(tmp_path: Path) -> None:
    decisions = round_trip(
        tmp_path,
        ("Brands", {"Oude Hoeve": "Coca Colla", "Xyzzy": "none", "Weg": "2"}),
        ("Matches", {"000001": "9999999999994", "000002": "maybe", "000003": "5", "000004": "1"}),
    )
    assert chosen(decisions)["Weg"] == "5"
    assert confirmed(decisions) == {"000004": 505}
    told = decisions.troubles.rows()
    assert [one[:3] for one in told] == [
        ("Brands", "Brands!D3", "Coca Colla"),
        ("Brands", "Brands!D5", "none"),
        ("Matches", "Matches!F2", "9999999999994"),
        ("Matches", "Matches!F3", "maybe"),
        ("Matches", "Matches!F4", "5"),
    ]
    assert [one[3] for one in told] == [
        "Brands: there is no entry 'Coca Colla'. The nearest: Coca-Cola [1].",
        "Brands: own products need one, so none cannot be chosen.",
        "No suggestion of this article has the EAN or id 9999999999994.",
        "'maybe' is neither a number 1 to 5, nor an EAN or id, nor none.",
        "There is no suggestion 5 here.",
    ]


def test_one_central_product_is_given_to_one_article_only(tmp_path: Path) -> None:
    decisions = round_trip(tmp_path, ("Matches", {"000001": "2", "000002": "1", "000003": "1"}))
    assert confirmed(decisions) == {"000003": 504}
    assert [one.split(" ", 1)[1] for one in troubles(decisions)] == [
        "Also chosen for 000002: only one article can be linked to it, so none of them was taken.",
        "Also chosen for 000001: only one article can be linked to it, so none of them was taken.",
    ]


def test_a_field_that_products_may_lack_may_be_none(tmp_path: Path) -> None:
    file = articles("Ola", producer="Xyzzy")
    references = map_references(file, tables())
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, references, suggestions(), file)
    saved_again(path, filled(cells(path), "Producers", {"Xyzzy": "geen"}))
    after = read_decisions(path, references, suggestions()).references
    assert after.row("producer", "Xyzzy")["status"] == "confirmed"
    write_decisions(path, after, suggestions(), file)
    assert headed(cells(path), "Producers")["Choice"].to_list() == ["none"]
    assert read_decisions(path, after, suggestions()).changed.is_empty()


# Again


def test_reading_twice_takes_nothing_twice_and_a_corrected_choice_counts(tmp_path: Path) -> None:
    first = round_trip(
        tmp_path, ("Brands", {"Weg": "1"}), ("Matches", {"000001": "1", "000002": "none", "000004": "2"})
    )
    path = tmp_path / "decisions.xlsx"
    again = read_decisions(path, first.references, first.matches)
    assert again.changed.is_empty()
    assert again.troubles.is_empty()
    saved_again(
        path,
        filled(
            filled(cells(path), "Brands", {"Weg": "2"}),
            "Matches",
            {"000001": "2", "000002": "2", "000004": None},
        ),
    )
    third = read_decisions(path, first.references, first.matches)
    assert chosen(third)["Weg"] == "5"
    # 503 stays with 000004: an empty cell decides nothing
    assert confirmed(third) == {"000004": 503, "000001": 502}
    assert [one.split(" ", 1)[1] for one in troubles(third)] == [
        "It is the product of 000004 already: only one article can be linked to it."
    ]


def test_decisions_of_a_workbook_hold_also_when_everything_was_read_anew(tmp_path: Path) -> None:
    decided = REFERENCES.choose("brand", "Xyzzy", "Ola")
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, decided, MATCHES, FILE)
    fresh = read_decisions(path, REFERENCES, MATCHES)
    assert chosen(fresh)["Xyzzy"] == "2"


def test_what_was_decided_after_the_workbook_was_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    later = REFERENCES.choose("brand", "Ola", "Coca-Cola").choose("brand", "Xyzzy", "Ola")
    decisions = read_decisions(path, later, MATCHES)
    assert decisions.changed.is_empty()
    assert (chosen(decisions)["Ola"], chosen(decisions)["Xyzzy"]) == ("1", "2")


def test_names_that_only_links_have_need_no_choice_any_more(tmp_path: Path) -> None:
    round_trip(tmp_path, ("Brands", {"Xyzzy": "Weg [4]"}))
    fewer = map_references(FILE, tables(), linked=["000001", "000004"])
    decisions = read_decisions(tmp_path / "decisions.xlsx", fewer, MATCHES)
    assert troubles(decisions) == ["Brands!D5 Xyzzy is not needed any more."]
    assert decisions.changed.is_empty()


def exported_anew(*brands: str | None, **changed: str) -> tuple[pl.DataFrame, References, Matches]:
    """The file as a later export has it, with the references and matches of it; `a1="other name"` renames an article."""
    file = articles(*brands)
    for article, name in changed.items():
        is_it = pl.col("article_number") == f"{int(article[1:]):06}"
        file = file.with_columns(name=pl.when(is_it).then(pl.lit(name)).otherwise("name"))
    known = suggestions(a1=[501, 502], a2=[502, 503], a3=[504], a4=[505, 503])
    there = pl.col("article_number").is_in(file["article_number"].implode())
    matches = Matches(
        **{
            **vars(known),
            "articles": file.select("article_number", "ean", "name"),
            "suggested": known.suggested.filter(there),
        }
    )
    return file, map_references(file, tables()), matches


def test_decisions_hold_for_a_file_that_was_exported_anew(tmp_path: Path) -> None:
    round_trip(
        tmp_path,
        ("Brands", {"Weg": "2", "Xyzzy": "Coca-Cola [1]"}),
        ("Matches", {"000001": "1", "000002": "2", "000003": "1", "000004": "none"}),
    )
    _, references, matches = exported_anew("Ola", "Weg", "Nix", "Nox", "Nux", a2="Another article")
    decisions = read_decisions(tmp_path / "decisions.xlsx", references, matches)
    assert chosen(decisions) == {"Ola": "2", "Weg": "5", "Nix": None, "Nox": None, "Nux": None}
    assert confirmed(decisions) == {"000001": 501, "000003": 504}
    assert decisions.matches.refused == {"000004"}
    assert troubles(decisions) == [
        "Brands!D5 Xyzzy is not needed any more.",
        "Matches!F3 000002 was Article 2 (EAN 0000000000002) when the workbook was written, and is Another article "
        "(EAN 0000000000002) now: choose anew.",
    ]
    assert decisions.older == (
        "The article file was exported anew or read in another way since: 3 names are new and stand in no row, 3 names of the "
        "workbook are not needed any more.",
    )


def test_articles_and_products_that_are_gone_are_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    round_trip(tmp_path, ("Matches", {"000001": "1", "000002": "1", "000004": "1"}))
    _, references, matches = exported_anew("Ola", "Oude Hoeve")
    fewer = Matches(**{**vars(matches), "central": matches.central.filter(pl.col("product_id") != 501)})
    decisions = read_decisions(tmp_path / "decisions.xlsx", references, fewer)
    assert confirmed(decisions) == {"000002": 502}
    assert troubles(decisions) == [
        "Matches!F2 Suggestion 1 is not in the central list any more.",
        "Matches!F5 There is no article 000004 in the file.",
    ]


def test_a_choice_holds_in_a_changed_table_where_its_entry_has_the_same_id_and_name(tmp_path: Path) -> None:
    round_trip(
        tmp_path,
        ("Brands", {"Xyzzy": "Coca-Cola [1]", "Weg": "2", "Oude Hoeve": "1", "(no name in your file)": "6"}),
    )
    path = tmp_path / "decisions.xlsx"
    now = map_references(FILE, tables(("Cola", "Ola", "Oude Hoeven", "Weg", "Nix", "Nox")))
    decisions = read_decisions(path, now, MATCHES)
    assert chosen(decisions) == {"Ola": "2", "Oude Hoeve": "3", "Weg": "4", "Xyzzy": None, None: None}
    assert [one.split(" ", 1)[1] for one in troubles(decisions)] == [
        "The entry =HYPERLINK(0) [6] is called Nox [6] now. Pick it again from the list.",
        "The entry 5 is called Nix [5]. Pick it again from the list.",
        "The entry 1 is called Cola [1]. Pick it again from the list.",
    ]
    assert decisions.older == ("The table Brands changed since: 3 are called otherwise.",)


def test_an_id_or_name_that_another_entry_has_now_is_not_taken(tmp_path: Path) -> None:
    round_trip(tmp_path, ("Brands", {"Xyzzy": "7", "Weg": "weg", "Oude Hoeve": "Nix"}))
    moved = map_references(FILE, tables(("Coca-Cola", "Ola", "Oude Hoeven", "Nix", "WEG NV", "Foo", "Weg")))
    decisions = read_decisions(tmp_path / "decisions.xlsx", moved, MATCHES)
    assert chosen(decisions)["Xyzzy"] is None
    assert [one.split(" ", 1)[1] for one in troubles(decisions)][-1].startswith(
        "The entry Weg [7] was not there"
    )
    assert any("The entry Weg [4] is called Nix [4] now" in one for one in troubles(decisions))


# Written anew


def test_a_renewed_workbook_has_the_rows_of_today_and_the_choices_that_were_made(tmp_path: Path) -> None:
    round_trip(
        tmp_path,
        ("Brands", {"Weg": "2", "Ola": "[1]"}),
        ("Storage conditions", {"Droog": None}),
        ("Matches", {"000001": "1", "000003": "none"}),
    )
    path = tmp_path / "decisions.xlsx"
    was = path.read_bytes()
    file, references, matches = exported_anew("Ola", "Nix", "Weg", "Xyzzy", None)
    decided = renew_decisions(path, references, matches, file)
    assert decided.older
    assert (tmp_path / "decisions.before.xlsx").read_bytes() == was
    brands = dict(headed(cells(path), "Brands").select("In your file", "Choice").rows())
    assert (brands["Weg"], brands["Ola"], brands["Nix"]) == ("WEG NV [5]", "Coca-Cola [1]", None)
    rows = dict(headed(cells(path), "Matches").select("Article", "Choice").rows())
    assert rows["000001"] == "Cola 33 cl · Marque · 33 cl · 0012345678905 · 90 %"
    assert (rows["000002"], rows["000003"]) == (None, "none")
    for _ in range(2):  # also with nothing known but the workbook, again and again
        fresh = read_decisions(path, references, matches)
        assert (fresh.older, troubles(fresh)) == ((), [])
        assert chosen(fresh) == {"Weg": "5", "Ola": "1", "Nix": None, "Xyzzy": None, None: None}
        assert chosen(fresh, "storage_condition") == {"Droog": None}
        assert confirmed(fresh) == {"000001": 501}
        assert fresh.matches.refused == {"000003"}
        renew_decisions(path, references, matches, file)
    assert (tmp_path / "decisions.before.xlsx").read_bytes() == was


def test_what_could_not_be_taken_stands_in_the_renewed_workbook_until_somebody_chooses(
    tmp_path: Path,
) -> None:
    round_trip(
        tmp_path,
        ("Brands", {"Xyzzy": "Coca Colla"}),
        ("Matches", {"000001": "2", "000002": "1"}),
    )
    path = tmp_path / "decisions.xlsx"
    renew_decisions(path, REFERENCES, MATCHES, FILE)
    cola = "Cola light 33 cl · Marque · 33 cl · 5410000000003 · "
    for _ in range(2):
        brands = dict(headed(cells(path), "Brands").select("In your file", "Choice").rows())
        assert brands["Xyzzy"] == "? Coca Colla"
        rows = dict(headed(cells(path), "Matches").select("Article", "Choice").rows())
        assert (rows["000001"], rows["000002"]) == (f"? {cola}80 %", f"? {cola}90 %")
        with pytest.raises(UsageError, match="holds decisions that were not taken"):
            write_decisions(path, REFERENCES, MATCHES, FILE)
        again = renew_decisions(path, REFERENCES, MATCHES, FILE)
        assert again.changed.is_empty()
        assert {one.split(" ", 1)[1] for one in troubles(again)} == {
            "It could not be taken before: choose anew, or empty the cell."
        }
    sheets = filled(cells(path), "Brands", {"Xyzzy": "Coca-Cola [1]"})
    saved_again(path, filled(sheets, "Matches", {"000001": f"{cola}80 %", "000002": None}))
    last = renew_decisions(path, REFERENCES, MATCHES, FILE)
    assert troubles(last) == []
    assert (chosen(last)["Xyzzy"], confirmed(last)) == ("1", {"000001": 502})


def test_a_workbook_that_cannot_be_renewed_stays_as_it_is(tmp_path: Path) -> None:
    round_trip(tmp_path, ("Brands", {"Xyzzy": "1"}))
    path = tmp_path / "decisions.xlsx"
    was = path.read_bytes()
    with pytest.raises(UsageError, match="are not among the articles"):
        renew_decisions(path, REFERENCES, MATCHES, FILE.head(1))
    assert [one.name for one in tmp_path.iterdir()] == ["decisions.xlsx"]
    assert path.read_bytes() == was
    path.write_bytes(b"my notes")
    with pytest.raises(UsageError, match=r"decisions\.xlsx"):
        renew_decisions(path, REFERENCES, MATCHES, FILE)
    assert path.read_bytes() == b"my notes"


def test_what_a_person_decided_is_written_however_many_rows_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.onboarding.decisions.writing.MOST_ROWS", 2)
    decided = REFERENCES.choose("brand", "Weg", "4")
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, decided, MATCHES.confirm({"000004": 505}), FILE)
    assert "Weg" in headed(cells(path), "Brands")["In your file"].to_list()
    assert confirmed(read_decisions(path, REFERENCES, MATCHES)) == {"000004": 505}


@pytest.mark.parametrize("content", [b"", b"Article;Choice\n1;2\n", b"PK\x03\x04 half a file"])
def test_what_is_no_workbook_of_decisions_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "decisions.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"decisions\.xlsx"):
        read_decisions(path, REFERENCES, MATCHES)
    saved_again(path, {"Brands": pl.DataFrame({"a": ["In your file"]})})
    with pytest.raises(UsageError, match="is not a workbook of decisions: its hidden sheet Kept is missing"):
        read_decisions(path, REFERENCES, MATCHES)
    with pytest.raises(UsageError, match=r"gone\.xlsx cannot be read"):
        read_decisions(tmp_path / "gone.xlsx", REFERENCES, MATCHES)


def test_a_sheet_or_heading_that_is_gone_and_a_name_that_is_new_are_told(tmp_path: Path) -> None:
    def spoilt(sheets: Cells) -> Cells:
        brands = sheets["Brands"]
        odd = pl.DataFrame(
            [["Foo", *[None] * 2, "1", *[None] * 5], [*[None] * 3, "1", *[None] * 5]], orient="row"
        )
        odd.columns = brands.columns
        kept = {name: frame for name, frame in sheets.items() if name != "Categories"}
        return {
            **kept,
            "Brands": pl.concat([brands, odd.match_to_schema(brands.schema, extra_columns="raise")]),
            "Content types": sheets["Content types"].slice(1),
        }

    decisions = round_trip(tmp_path, change=spoilt)
    assert sorted(troubles(decisions)) == [
        "Brands!D7 Foo is not among the names of the file.",
        "Brands!D8 The column In your file is empty here, so nobody knows what it is about.",
        "Categories The sheet Categories is missing: nothing of it was read.",
        "Content types The headings In your file and Choice are missing: nothing of it was read.",
    ]


def test_of_a_name_that_stands_twice_the_first_choice_is_taken(tmp_path: Path) -> None:
    def twice(sheets: Cells) -> Cells:
        copied = {
            name: pl.concat([sheets[name], sheets[name].filter(pl.col(sheets[name].columns[0]) == key)])
            for name, key in (("Brands", "Weg"), ("Matches", "000001"))
        }
        choices = {name: frame.row(0).index("Choice") for name, frame in copied.items()}
        for name, frame in copied.items():
            column = frame.columns[choices[name]]
            last = pl.int_range(pl.len()) == pl.len() - 1
            copied[name] = frame.with_columns(pl.when(last).then(pl.lit("2")).otherwise(column).alias(column))
        return {**sheets, **copied}

    decisions = round_trip(tmp_path, ("Brands", {"Weg": "1"}), ("Matches", {"000001": "1"}), change=twice)
    assert chosen(decisions)["Weg"] == "4"
    assert confirmed(decisions) == {"000001": 501}
    assert [one.rpartition(",")[0] for one in troubles(decisions)] == [
        "Brands!D7 Weg stands twice. The other choice was taken",
        "Matches!F6 000001 stands twice. The other choice was taken",
    ]


def test_more_rows_than_a_sheet_may_have_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions_sheets, "MOST_ROWS", 3)
    decisions = round_trip(tmp_path, ("Brands", {"Oude Hoeve": "1"}))
    assert "Brands Only the first 3 rows were read, 2 were not." in troubles(decisions)


# The file that is there


def test_a_workbook_with_decisions_is_not_overwritten_until_they_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, REFERENCES, MATCHES, FILE)
    write_decisions(path, REFERENCES, MATCHES, FILE)  # nobody touched it
    first = round_trip(tmp_path, ("Brands", {"Weg": "1"}), ("Matches", {"000001": "1"}))
    kept = path.read_bytes()
    for references, matches in (
        (REFERENCES, MATCHES),
        (first.references, MATCHES),
        (REFERENCES, first.matches),
    ):
        with pytest.raises(
            UsageError, match=r"holds decisions that were not taken yet, such as (Brands|Matches)!"
        ):
            write_decisions(path, references, matches, FILE)
    assert path.read_bytes() == kept
    write_decisions(path, first.references, first.matches, FILE)
    assert "Weg [4]" in headed(cells(path), "Brands")["Choice"].to_list()
    rows = dict(headed(cells(path), "Matches").select("Article", "Choice").rows())
    assert rows["000001"] == "Cola 33 cl · 0012345678905 · 90 %"


def test_a_file_that_is_something_else_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    path.write_bytes(b"my notes")
    with pytest.raises(UsageError, match="is there already and is not overwritten"):
        write_decisions(path, REFERENCES, MATCHES, FILE)
    assert path.read_bytes() == b"my notes"
    with pytest.raises(UsageError, match="cannot be written"):
        write_decisions(tmp_path / "no" / "folder.xlsx", REFERENCES, MATCHES, FILE)


def test_matches_of_other_articles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match="1 articles with suggestions, such as 000004, are not among the articles"
    ):
        write_decisions(tmp_path / "decisions.xlsx", REFERENCES, MATCHES, FILE.head(3))
    assert not (tmp_path / "decisions.xlsx").exists()


# Any text


def test_a_name_that_is_too_long_for_a_cell_is_cut_there_only(tmp_path: Path) -> None:
    file = articles("🙂" * 20_000, "é" * 40_000)
    references = map_references(file, tables())
    path = tmp_path / "decisions.xlsx"
    write_decisions(path, references, suggestions(), file)
    shown = headed(cells(path), "Brands")["In your file"].to_list()
    assert sorted(len(one) for one in shown) == [16_001, 16_001]
    saved_again(path, filled(cells(path), "Brands", dict.fromkeys(shown, "Ola")))
    assert read_decisions(path, references, suggestions()).references.ids(file)["brand"].to_list() == [2, 2]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
@example(["_x0041_ x", "<r>a</r>", "a\r\nb", "\x00", "\x01a", " a ", "(no name in your file)", "=1", "'x"])
@example(["5", "5.0", "0005", "1E5", "TRUE", "2026-01-02"])
def test_any_name_comes_back_with_its_choice(tmp_path: Path, names: list[str]) -> None:
    file = articles(*names)
    references = map_references(file, tables())
    path = tmp_path / "decisions.xlsx"
    path.unlink(missing_ok=True)
    write_decisions(path, references, suggestions(), file)
    sheets = cells(path)
    saved_again(
        path, filled(sheets, "Brands", dict.fromkeys(sheets["Brands"].to_series(0).to_list()[1:], "Weg [4]"))
    )
    decisions = read_decisions(path, references, suggestions())
    assert decisions.troubles.is_empty()
    assert decisions.references.ids(file)["brand"].to_list() == [4] * len(names)
