"""Findings outside: a spreadsheet runs nothing of it, loses nothing of it, and leads back into the dashboard."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks import export
from checks.export import as_csv, as_json, as_objects, as_xlsx, described, left_out
from checks.export.workbook import sheet_names
from checks.findings import KEPT
from checks.fixes import FIXES
from checks.frames import FRAMES
from checks.health import findings_as_json

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
URL = "https://keurmeester.example.be"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def kept(*rows: dict[str, Any]) -> pl.DataFrame:
    """Findings from what differs."""
    usual = {
        "check": "missing-photo",
        "severity": "warning",
        "source": "webshop",
        "entity": "product",
        "key": "A1",
        "field": None,
        "value": None,
        "message": "has no photo.",
        "fix": None,
        "status": "new",
        "first_seen": NOW,
        "last_seen": NOW,
        "fixed_at": None,
    }
    full = [{"id": f"{number:020x}", **usual, **row} for number, row in enumerate(rows)]
    return pl.DataFrame(full, schema=KEPT)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "30 days"),
        ({"a": 14}, "14 days"),
        ({"a": 90}, "30 days"),
        ({"a": 1}, "1 day"),
        ({"a": 14, "b": 90}, "14 to 30 days"),
    ],
)
def test_the_headings_name_the_days_that_were_counted(days: dict[str, float] | None, words: str) -> None:
    head = Book(as_xlsx(kept({}), URL, days)).rows("missing-photo")[0]
    assert {f"Orders, {words}", f"Turnover, {words} (€)"} <= set(head)


class Book:
    """What an XLSX file holds, as its parts say."""

    def __init__(self, data: bytes) -> None:
        self.files = zipfile.ZipFile(io.BytesIO(data))
        self.names = [one.get("name") for one in self.part("workbook.xml").iter(f"{MAIN}sheet")]
        strings = self.part("sharedStrings.xml").iter(f"{MAIN}si")
        self.strings = ["".join(text.text or "" for text in one.iter(f"{MAIN}t")) for one in strings]

    def part(self, name: str) -> Any:
        return fromstring(self.files.read(f"xl/{name}"))

    def sheet(self, name: str) -> Any:
        return self.part(f"worksheets/sheet{self.names.index(name) + 1}.xml")

    def rows(self, name: str) -> list[list[str | float | None]]:
        """Texts as text, numbers as numbers; fails where anything is a formula or another kind of cell."""
        sheet = self.sheet(name)
        assert not list(sheet.iter(f"{MAIN}f"))
        width = max(len(list(row)) for row in sheet.iter(f"{MAIN}row"))
        table: list[list[str | float | None]] = []
        for row in sheet.iter(f"{MAIN}row"):
            cells: list[str | float | None] = [None] * width
            for cell in row:
                text = cell.find(f"{MAIN}v").text
                letters = re.match("[A-Z]+", cell.get("r"))
                assert letters is not None
                assert cell.get("t") in (None, "s")
                place = 0
                for letter in letters[0]:
                    place = place * 26 + ord(letter) - 64
                cells[place - 1] = unescaped(self.strings[int(text)]) if cell.get("t") else float(text)
            table.append(cells)
        return table

    def column(self, name: str, heading: str) -> list[str | float | None]:
        head, *rows = self.rows(name)
        return [row[head.index(heading)] for row in rows]

    def links(self, name: str) -> dict[str, str]:
        """Cell -> where its link leads."""
        number = self.names.index(name) + 1
        targets = {}
        if (file := f"worksheets/_rels/sheet{number}.xml.rels") and f"xl/{file}" in self.files.namelist():
            targets = {one.get("Id"): one.get("Target") for one in self.part(file)}
        found = self.sheet(name).iter(f"{MAIN}hyperlink")
        return {one.get("ref"): targets.get(one.get(f"{REL}id")) or one.get("location") for one in found}


def unescaped(text: str) -> str:
    """Excel writes characters that XML cannot hold as `_x001F_`."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def runs(cell: str) -> bool:
    """Would a spreadsheet take the text of a CSV cell for a formula?"""
    bare = cell
    while bare and (
        bare[0].isspace() or bare[0] in "\"'`" or unicodedata.category(bare[0]) in ("Cc", "Cf", "Co", "Cn")
    ):
        if bare[0] == "'":
            return False
        bare = bare[1:]
    return bare[:1] in tuple("=+-@＝＋－＠") and not re.fullmatch(r"-[0-9]+([.,][0-9]+)?", cell)


NASTY = st.lists(
    st.sampled_from(
        [
            *"=+-@＝＋－＠;,|!'\"`<>&_ \t\r\n\x00\x1f\ufeff\u200b9Aé€🙂",
            "<r>",
            "</r>",
            "cmd|' /C calc'!A0",
            "_x0041_",
        ]
    ),
    max_size=12,
).map("".join)


def test_csv_for_a_program() -> None:
    (row,) = read_csv(as_csv(kept({"key": "A #1", "field": "brand_id", "value": "-7"}), URL))
    assert (row["key"], row["value"], row["first_seen"]) == ("A #1", "-7", "2026-11-20T06:05:00Z")
    assert row["link"] == f"{URL}/findings?finding={row['id']}"
    assert row["title"] == "Missing photo"
    assert row["name"] == row["turnover"] == ""


def test_csv_without_findings_has_its_heading() -> None:
    assert as_csv(kept()).decode().startswith("severity,check,title,")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ('"=1+1', "'\"=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("\tx", "'\tx"),
        ("\u200b=1", "'\u200b=1"),
        ("Kaas;=1+1", "Kaas;'=1+1"),
        ("Kaas\n=1+1", "Kaas\n'=1+1"),
        ("-12,5", "-12,5"),
        ("8,00E+12", "8,00E+12"),
        ("Kaas - jong", "Kaas - jong"),
    ],
)
def test_csv_takes_the_sting_out_of_formulas(text: str, written: str) -> None:
    (row,) = read_csv(as_csv(kept({"value": text})))
    assert row["value"] == written


@example("", "", "\t\t=")
@example("", "", "a;\n '=1")
@given(NASTY, NASTY, NASTY)
def test_no_cell_of_a_csv_runs(key: str, value: str, message: str) -> None:
    data = as_csv(kept({"key": key, "value": value, "message": message}), URL)
    (row,) = read_csv(data)
    assert not any(runs(cell) for cell in row.values())
    for given_text, written in ((key, row["key"]), (value, row["value"]), (message, row["message"])):
        assert written.replace("'", "") == given_text.replace("'", "")
    # parted at semicolons, as Excel in Belgium does, nothing runs either
    assert not any(
        runs(cell) for line in re.split("[\r\n]", data.decode()) for cell in re.split("[;\t]", line)
    )


@settings(max_examples=40)
@given(NASTY, NASTY, NASTY)
def test_no_cell_of_a_workbook_runs_and_its_text_stays(key: str, name: str, message: str) -> None:
    findings = kept({"key": key, "message": message}).with_columns(name=pl.lit(name, pl.String))
    book = Book(as_xlsx(findings, URL))
    for heading, text in (("Key", key), ("Name", name), ("What is wrong", message)):
        shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
        (cell,) = book.column("missing-photo", heading)
        # one blank more where XlsxWriter would take the text for its own markup
        assert (cell or "") in (shown, f"{shown} " if shown.startswith("<r>") else shown)


def test_a_workbook_leads_back_into_the_dashboard() -> None:
    findings = kept(
        {"key": "A #1/2&3?"},
        {"check": "order-unprocessed", "severity": "error", "entity": "order", "key": "12"},
    )
    book = Book(as_xlsx(findings, URL))
    assert book.names == ["Overview", "missing-photo", "order-unprocessed"]
    assert book.links("Overview") == {
        "B1": f"{URL}/findings",
        "A5": "'missing-photo'!A1",
        "A6": "'order-unprocessed'!A1",
    }
    assert book.links("missing-photo") == {
        "F2": f"{URL}/product?source=webshop&article=A%20%231%2F2%263%3F",
        "AA2": f"{URL}/findings?finding={findings['id'][0]}",
    }
    assert book.links("order-unprocessed")["F2"] == f"{URL}/orders?source=webshop&order=12"


def test_a_workbook_has_filters_a_frozen_head_and_colours() -> None:
    book = Book(as_xlsx(kept({}, {"key": "A2"}), URL))
    sheet = book.sheet("missing-photo")
    assert sheet.find(f"{MAIN}autoFilter").get("ref") == "A1:AA3"
    assert next(sheet.iter(f"{MAIN}pane")).get("ySplit") == "1"
    assert next(sheet.iter(f"{MAIN}pane")).get("state") == "frozen"
    styles = {cell.get("s") for cell in sheet.iter(f"{MAIN}c") if cell.get("r") == "A2"}
    plain = {cell.get("s") for cell in sheet.iter(f"{MAIN}c") if cell.get("r") == "B2"}
    assert styles != plain


def test_excel_reads_real_dates_and_eans_as_text(tmp_path: Any) -> None:
    file = tmp_path / "findings.xlsx"
    file.write_bytes(as_xlsx(kept({"value": "0001234567895"}), URL))
    (row,) = pl.read_excel(file, sheet_name="missing-photo", engine="calamine").iter_rows(named=True)
    assert row["Since (UTC)"] == datetime(2026, 11, 20, 6, 5)
    assert row["Value"] == "0001234567895"


def test_the_overview_counts_everything_also_what_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export.workbook, "MOST_ROWS", 2)
    findings = kept({"key": "A1"}, {"key": "A2"}, {"key": "A3", "severity": "error"})
    told = "Only 2 of 3 findings are listed: the gravest, and of these the ones that touch most. CSV and JSON hold all."
    assert left_out(findings) == told
    book = Book(as_xlsx(findings))
    cells = [[cell for cell in row if cell is not None] for row in book.rows("Overview")]
    assert cells == [
        ["3 findings"],
        [told],
        ["What is wrong", "Findings", "Error", "Warning", "Info", "Check"],
        ["Missing photo", 3.0, 1.0, 2.0, 0.0, "missing-photo"],
    ]
    assert book.column("missing-photo", "Key") == ["A3", "A1"]


def test_a_text_that_is_too_long_is_cut_and_an_address_left_out() -> None:
    book = Book(as_xlsx(kept({"key": "é" * 3000, "message": "🙂" * 40_000}), URL))
    (cell,) = book.column("missing-photo", "What is wrong")
    assert isinstance(cell, str)
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith("🙂…")
    assert "F2" not in book.links("missing-photo")


def test_sheets_have_names_that_excel_takes() -> None:
    names = sheet_names(["missing-photo", "Missing-Photo", "a" * 40, "a" * 41, "overview", "x/[y]:*?", "''"])
    assert list(names.values()) == [
        "missing-photo",
        "Missing-Photo~2",
        "a" * 31,
        "a" * 29 + "~2",
        "overview~2",
        "x--y----",
        "check",
    ]


class Snapshots:
    def __init__(self, **frames: pl.DataFrame) -> None:
        self.frames = frames

    def frame(self, source: str, name: str) -> pl.DataFrame | None:
        return self.frames.get(name)


def frame(of: str, /, **columns: list[Any]) -> pl.DataFrame:
    spec = FRAMES[of]
    rows = len(next(iter(columns.values())))
    return pl.DataFrame({**{column: [None] * rows for column in spec.columns}, **columns}, schema=spec.schema)


def test_findings_are_described_by_the_newest_snapshots() -> None:
    store = Snapshots(
        products=frame(
            "products",
            article_number=["A1", "A|2"],
            name=["Kaas", "Zout"],
            brand=["Weg", None],
            category_ids=[[1, 9], []],
        ),
        linked_products=frame("linked_products", article_number=["L1"], name=["Melk"]),
        categories=frame("categories", id=[1, 2], name=["Zuivel", "Droog"]),
        clients=frame("clients", client_number=["A1"], name=["Café Zoë"]),
    )
    findings = kept(
        {"key": "A1"},
        {"key": "A|2|C7", "entity": "client-product"},
        {"key": "C7|L1", "entity": "order-list-item"},
        {"key": "A1", "entity": "client"},
        {"key": "A1", "entity": "order"},
        {"key": "gone"},
    )
    shown = described(findings, store, NOW)
    assert shown["id"].to_list() == findings["id"].to_list()
    assert shown.select("name", "brand", "category").rows() == [
        ("Kaas", "Weg", "Zuivel"),
        ("Zout", None, None),
        ("Melk", None, None),
        ("Café Zoë", None, None),
        (None, None, None),
        (None, None, None),
    ]
    assert described(shown, store, NOW).equals(shown), "described twice is the same"
    assert described(kept(), store, NOW).is_empty()
    assert described(findings, Snapshots(), NOW)["name"].null_count() == 6


class Problems:
    def groups(self, *, state: str) -> pl.DataFrame:
        return pl.DataFrame({"id": ["ab12"], "title": ["PUT Products: Brand does not exist."]})


def test_a_problem_of_the_error_log_is_named_by_its_title() -> None:
    findings = kept({"check": "error-new", "entity": "error-group", "key": "ab12"})
    shown = described(findings, Snapshots(), NOW, problems=Problems())
    assert shown["name"].to_list() == ["PUT Products: Brand does not exist."]
    book = Book(as_xlsx(shown, URL))
    assert "PUT Products: Brand does not exist." in book.rows("error-new")[1]
    assert "ab12" not in book.rows("error-new")[1]
    assert read_csv(as_csv(shown, URL))[0]["key"] == "ab12", "programs need the id"


def test_an_order_is_named_by_its_clients_number_and_never_by_who_that_is() -> None:
    orders = frame("orders", order_number=[12], client_number=["C7"], client_name=["Jan Peeters"])
    findings = described(kept({"entity": "order", "key": "12"}), Snapshots(orders=orders), NOW)
    assert findings["name"].to_list() == ["C7"]
    assert b"Peeters" not in as_csv(findings) + as_json(findings)


def test_files_name_only_fixes_that_there_are() -> None:
    findings = kept({"fix": "link-central"}, {"fix": "triage"})
    assert "link-central" in FIXES
    assert "triage" not in FIXES
    assert [row["fix (where there is one)"] for row in read_csv(as_csv(findings))] == ["link-central", ""]
    assert Book(as_xlsx(findings)).column("missing-photo", "Fix (where there is one)") == [
        "link-central",
        None,
    ]
    assert [one["fix"] for one in as_objects(findings)] == ["link-central", "triage"], "the contract's field"


def test_files_carry_what_was_decided_and_said() -> None:
    until = datetime(2027, 1, 31, tzinfo=UTC)
    findings = described(kept({}), Snapshots(), NOW).with_columns(
        decision=pl.lit("snoozed"),
        decided_by=pl.lit("An"),
        reason=pl.lit("=later"),
        until=pl.lit(until, pl.Datetime("us", "UTC")),
        comment=pl.lit("called"),
    )
    (row,) = read_csv(as_csv(findings, URL))
    assert [row[name] for name in ("decision", "decided_by", "reason", "until", "comment")] == [
        "snoozed",
        "An",
        "'=later",
        "2027-01-31T00:00:00Z",
        "called",
    ]
    (one,) = json.loads(as_json(findings, URL))
    assert one["decision"] == {
        "kind": "snoozed",
        "by": "An",
        "reason": "=later",
        "until": "2027-01-31T00:00:00Z",
    }
    assert one["comment"] == "called"
    assert (one["title"], one["link"]) == ("Missing photo", f"{URL}/findings?finding={one['id']}")
    assert {"brand", "category"} <= set(one)
    book = Book(as_xlsx(findings, URL))
    assert book.column("missing-photo", "Decided by") == ["An"]


def test_json_is_the_contracts_with_the_impact_where_it_is_known() -> None:
    findings = kept({"key": "A1"})
    assert as_objects(findings) == findings_as_json(findings)
    (one,) = json.loads(as_json(described(findings, Snapshots(), NOW)))
    assert one["name"] is None
    assert set(one["impact"]) == {"orders", "turnover", "clients"}
