"""The example files of a new wholesaler: what is in them is what the truth says, and that truth holds in a real shop."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from checks.errors import UsageError
from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.sandbox.onboarding import Example, example
from checks.sandbox.oresto.codes import as_gtin14, is_restricted, is_valid
from checks.settings import Settings
from checks.store import Store

ARTICLES = 600
MENDABLE = {"spaces", "dashes", "point-zero", "gs1-128", "fourteen-digits", "lost-zero"}

Row = dict[str, str]


@pytest.fixture(scope="module")
def shop() -> Sandbox:
    return Sandbox(size=300, seed=7, empty=True)


@pytest.fixture(scope="module")
def made(shop: Sandbox) -> Example:
    return example(shop, ARTICLES)


@pytest.fixture(scope="module")
def rows(made: Example) -> dict[str, Row]:
    """The lines of the CSV file by article number; of one that is there twice the first."""
    found: dict[str, Row] = {}
    for row in _read(made.csv, above=2):
        if row["Artikelnr"] not in ("", "Totaal"):
            found.setdefault(row["Artikelnr"], row)
    return found


@pytest.fixture(scope="module")
def truth(made: Example) -> dict[str, dict[str, Any]]:
    return {row["article_number"]: row for row in made.truth.to_dicts()}


def _read(file: bytes, above: int = 0) -> list[Row]:
    lines = file.decode("cp1252").split("\r\n")[above:]
    return list(csv.DictReader(io.StringIO("\r\n".join(lines)), delimiter=";"))


def _articles(truth: dict[str, dict[str, Any]], kind: str, damage: str | None = None) -> list[str]:
    return [
        number
        for number, row in truth.items()
        if row["kind"] == kind and (damage is None or damage in row["damage"])
    ]


def test_the_same_shop_and_seed_give_the_same_files(shop: Sandbox, made: Example) -> None:
    again, other = example(shop.shop, ARTICLES), example(shop, ARTICLES, seed=8)
    assert (again.csv, again.xlsx, again.clients_csv) == (made.csv, made.xlsx, made.clients_csv)
    assert again.truth.equals(made.truth)
    assert again.names.equals(made.names)
    assert again.faults == made.faults
    assert other.csv != made.csv


def test_the_file_looks_like_one_of_an_erp(made: Example, rows: dict[str, Row]) -> None:
    lines = made.csv.decode("cp1252").split("\r\n")
    assert lines[0].startswith("Artikellijst")
    assert lines[2].startswith("Artikelnr;Omschrijving;Omschrijving FR;Merk;")
    assert lines[-2].startswith("Totaal;")
    assert set(rows) == set(made.truth["article_number"])
    everything = _read(made.csv, above=2)
    assert len(everything) == ARTICLES + len(made.repeated) + made.unnumbered + 1
    assert [row["Artikelnr"] for row in everything].count("") == made.unnumbered
    assert any("," in row["Verkoopprijs"] for row in rows.values())
    assert any(number.startswith("0") for number in rows)
    assert max(len(row["Omschrijving"]) for row in rows.values()) == 40


def test_the_workbook_says_the_same(made: Example, rows: dict[str, Row], tmp_path: Path) -> None:
    file = tmp_path / "articles.xlsx"
    file.write_bytes(made.xlsx)
    sheets = pl.read_excel(file, sheet_id=0, has_header=False, engine="calamine", infer_schema_length=0)
    assert list(sheets) == ["Info", "Artikelen"]
    sheet = sheets["Artikelen"].rows()
    at = next(place for place, row in enumerate(sheet) if row[0] == "Artikelnr")
    assert [cell for cell in sheet[at - 1] if cell][:2] == ["Artikel", "Codes"]
    places = {heading: place for place, heading in enumerate(sheet[at])}
    first = next(iter(rows))
    row = next(row for row in sheet if row[0] == first)
    for heading in ("Omschrijving", "Merk", "Leverancier", "Bewaring"):
        assert (row[places[heading]] or "") == rows[first][heading]
    assert float(row[places["Verkoopprijs"]]) == float(rows[first]["Verkoopprijs"].replace(",", "."))


def test_the_kinds_are_as_many_as_promised(made: Example) -> None:
    kinds = Counter(made.truth["kind"])
    assert kinds == {"gtin": 330, "supplier-code": 60, "name": 60, "own": 150}
    assert made.truth.filter(pl.col("product_id").is_null())["kind"].unique().to_list() == ["own"]


def test_what_is_known_by_its_code_has_that_code_or_one_that_can_be_mended(
    shop: Sandbox, rows: dict[str, Row], truth: dict[str, dict[str, Any]]
) -> None:
    mended = 0
    for number in _articles(truth, "gtin"):
        product = shop.shop.central_by_id(truth[number]["product_id"])
        written = rows[number]["EAN-code"]
        assert not is_restricted(product.ean or "")
        if MENDABLE & set(truth[number]["damage"]):
            mended += 1
            digits = written.removesuffix(".0").replace("(01)", "")
            assert as_gtin14(digits.replace(" ", "").replace("-", "")) == as_gtin14(product.ean)
        else:
            assert written == product.ean
    assert mended > 50


def test_what_is_known_by_its_suppliers_code_has_no_ean(
    shop: Sandbox, rows: dict[str, Row], truth: dict[str, dict[str, Any]]
) -> None:
    for number in _articles(truth, "supplier-code"):
        row, product = rows[number], shop.shop.central_by_id(truth[number]["product_id"])
        assert not is_valid(row["EAN-code"])
        assert (truth[number]["supplier_id"], row["Art.nr. leverancier"]) in product.suppliers
        assert row["Leverancier"]


def test_what_is_known_by_its_name_alone_leads_nowhere_or_to_something_else(
    shop: Sandbox, rows: dict[str, Row], truth: dict[str, dict[str, Any]]
) -> None:
    found = Counter()
    for number in _articles(truth, "name"):
        row, product = rows[number], shop.shop.central_by_id(truth[number]["product_id"])
        meant = shop.shop.central_by_ean(row["EAN-code"])
        (word,) = truth[number]["damage"]
        found[word] += 1
        assert row["Art.nr. leverancier"] == ""
        assert (meant is None) == (word != "other-product")
        if meant is not None:
            assert meant.id != product.id
            assert meant.brand_id != product.brand_id
            assert not set(meant.name_nl.lower().split()) & set(product.name_nl.lower().split())
    assert set(found) == {"excel-ean", "wrong-digit", "no-ean", "other-product", "restricted"}


def test_no_code_of_an_own_article_is_central(
    shop: Sandbox, rows: dict[str, Row], truth: dict[str, dict[str, Any]]
) -> None:
    central = {pair for product in shop.shop.central for pair in product.suppliers}
    for number in _articles(truth, "own"):
        row = rows[number]
        assert shop.shop.central_by_ean(row["EAN-code"]) is None
        assert (truth[number]["supplier_id"], row["Art.nr. leverancier"]) not in central


def test_each_name_in_the_file_means_what_the_truth_says(
    made: Example, rows: dict[str, Row], truth: dict[str, dict[str, Any]]
) -> None:
    meaning = {(row["field"], row["written"]): row["value"] for row in made.names.to_dicts()}
    headings = {
        "brand": "Merk",
        "producer": "Producent",
        "category": "Productgroep",
        "supplier": "Leverancier",
    }
    headings |= {"storage_condition": "Bewaring"}
    units = {"content_type": "Inhoud eenheid", "unit_sales_price": "Verkoopeenheid"}
    for number, row in rows.items():
        for field, heading in (headings | units).items():
            true = truth[number][field if field in units else f"{field}_id"]
            value = meaning[field, row[heading]] if row[heading] else None
            assert value in (None, str(true)), (number, field)
            unknown = {f"unknown-{field}", f"empty-{field}"} & set(truth[number]["damage"])
            assert (value is None) == (true is None or bool(unknown)), (number, field)
    how = Counter(made.names["how"])
    assert {
        "same",
        "capitals",
        "accents",
        "legal-form",
        "shortened",
        "misspelt",
        "synonym",
        "unknown",
    } == set(how)
    assert how["misspelt"] + how["shortened"] < how.total() / 4


def test_too_few_articles_or_too_small_a_database_are_told(shop: Sandbox) -> None:
    with pytest.raises(UsageError, match="at least 150 articles"):
        example(shop, 20)
    with pytest.raises(UsageError, match=r"too few for .* Take a larger size"):
        example(shop, 5_000)


def test_the_clients_have_a_user_and_an_address_but_for_those_that_are_told(made: Example) -> None:
    rows = {row["Klantnr"]: row for row in _read(made.clients_csv)}
    assert len(rows) == ARTICLES // 10 == made.clients.height
    without_user = {number for number, row in rows.items() if "@" not in row["E-mail gebruiker"]}
    without_address = {number for number, row in rows.items() if not row["Straat"]}
    assert {key for key, _ in made.faults["client-without-user"]} == without_user
    assert {key for key, _ in made.faults["client-without-location"]} == without_address
    assert made.clients.filter(pl.col("user_email").is_null())["client_number"].to_list() == sorted(
        without_user
    )


def _sales(row: Row) -> dict[str, Any]:
    def number(heading: str) -> float | None:
        return float(row[heading].replace(",", ".")) if row[heading] else None

    return {
        "Active": row["Actief"] == "J",
        "OnOrder": row["Op bestelling"] == "J",
        "SalesPriceList": number("Verkoopprijs"),
        "SalesPriceListPromo": number("Actieprijs"),
        "PromoValidFrom": row["Actie van"] or None,
        "PromoValidUntil": row["Actie tot"] or None,
        "WholesalerArticleNumber": row["Artikelnr"],
    }


def _send(client: httpx.Client, shop: Sandbox, row: Row, true: dict[str, Any]) -> tuple[str, bool]:
    """Links or creates an article as who knows the truth would; was it taken?"""
    if true["product_id"] is not None:
        product = shop.shop.central_by_id(true["product_id"])
        supplier = {"Id": true["supplier_id"], "ArticleCode": row["Art.nr. leverancier"]}
        code = {"EanCode": product.ean} if product.ean else {"Supplier": supplier}
        answer = client.post(
            "LinkProducts", json={**_sales(row), **code, "UnitSalesPrice": true["unit_sales_price"]}
        )
        return "linked", answer.status_code == 200
    names = {"nld": row["Omschrijving"], "fra": row["Omschrijving FR"]}
    body = {
        **_sales(row),
        "BrandId": true["brand_id"],
        "CategoryId": true["category_id"],
        "ContentType": true["content_type"],
        "EanCode": _mended(row["EAN-code"]),
        "Localizations": [
            {"LanguageCode": language, "Name": name} for language, name in names.items() if name
        ],
        "StorageConditionId": true["storage_condition_id"],
        "TotalContent": float(row["Inhoud"].replace(",", ".")),
        "UnitSalesPrice": true["unit_sales_price"],
        "VatPercentage": int(row["BTW %"]),
    }
    return "own", client.post("Products", json=body).status_code == 200


def _mended(written: str) -> str | None:
    """As far as it can be: the sandbox's own eye, not that of the code that is judged by these files."""
    if written in ("", "geen", "0", "n.v.t.", "9999999999999"):
        return None
    digits = written.removesuffix(".0").replace("(01)", "").replace(" ", "").replace("-", "")
    return digits if is_valid(digits) or not digits.isdecimal() or len(digits) > 11 else digits.zfill(13)


def test_sent_as_it_is_the_file_has_the_faults_that_were_told_and_no_others(
    make_sandbox: Callable[..., Sandbox],
    make_settings: Callable[..., Settings],
    make_store: Callable[[Settings], Store],
    open_client: Callable[..., httpx.Client],
) -> None:
    shop = make_sandbox(size=200, empty=True)
    made = example(shop, 300)
    true = {row["article_number"]: row for row in made.truth.to_dicts()}
    refused: set[str] = set()
    own: set[str] = set()
    client = open_client(shop)
    for row in _read(made.csv, above=2):
        number = row["Artikelnr"]
        if number in true and number not in own:
            kind, is_taken = _send(client, shop, row, true[number])
            refused |= set() if is_taken else {number}
            own |= {number} if kind == "own" and is_taken else set()
    # what the shop refuses to take: no code, a sign in the number, a brand that it does not have
    reasons = made.faults_of(refused - set(made.repeated))
    assert {key for found in reasons.values() for key, _ in found} == refused - set(made.repeated)
    assert {"forbidden-characters", "invalid-ean", "missing-reference"} <= set(reasons)
    settings = make_settings(shop)
    report = run_health_check(settings, make_store(settings), started_by="test")
    found = {
        (row["check"], row["key"], row["field"])
        for row in report.findings.to_dicts()
        if row["check"] not in ("missing-photo", "error-new")
    }
    # of what was named wrongly the true one was sent
    told = {
        (check, key, field)
        for check, keys in made.faults_of(own).items()
        for key, field in keys
        if check != "missing-reference"
    }
    assert found == told
    assert {"price-missing", "text-missing", "duplicate-ean", "restricted-ean"} <= {
        check for check, *_ in found
    }
