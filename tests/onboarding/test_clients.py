"""Clients out of a file, each with its user and its address of delivery."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.errors import ArticleFileError
from checks.onboarding.columns.fields import CLIENT_FIELDS
from checks.onboarding.columns.mapping import guess_columns
from checks.onboarding.file.table import read_table
from checks.onboarding.reading.clients import Clients, read_clients
from checks.onboarding.shapes import CLIENTS, PROBLEMS


def clients(folder: Path, *lines: str) -> Clients:
    file = folder / "clients.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    table = read_table(file)
    return read_clients(table, guess_columns(table, CLIENT_FIELDS))


def test_a_client_with_its_user_and_address(tmp_path: Path) -> None:
    read = clients(
        tmp_path,
        "Klantnr;Naam;Straat;Huisnr;Postcode;Gemeente;Land;Taal;E-mail;BTW-nummer;E-mail besteller;Voornaam;Familienaam;Klantengroep;Tel;Actief;Leverplaats",
        "0012;De Hoek;Kerkstraat;12;9000;Gent;België;Nederlands;info@dehoek.be;BE 0403.170.701;jan@dehoek.be;Jan;Peeters;Horeca;+32 9 123 45 67;J;Keuken",
    )
    assert read.data.schema == CLIENTS
    assert read.problems.schema == PROBLEMS
    assert read.problems.is_empty()
    assert read.data.row(0, named=True) == {
        "row": 2,
        "client_number": "0012",
        "name": "De Hoek",
        "email": "info@dehoek.be",
        "segment": "Horeca",
        "language": "nld",
        "vat_number": "BE0403170701",
        "street": "Kerkstraat",
        "street_number": "12",
        "postal_code": "9000",
        "municipality": "Gent",
        "country_code": "BE",
        "phone": "+32 9 123 45 67",
        "user_email": "jan@dehoek.be",
        "user_first_name": "Jan",
        "user_last_name": "Peeters",
        "location_name": "Keuken",
        "active": True,
    }


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("N", "nld"),
        ("nl-BE", "nld"),
        ("Français", "fra"),
        ("F", "fra"),
        ("Engels", "eng"),
        ("fra", "fra"),
        ("Klingon", None),
    ],
)
def test_languages(tmp_path: Path, written: str, language: str | None) -> None:
    read = clients(tmp_path, "Klantnr;Naam;Taal", f"1;De Hoek;{written}")
    assert read.data["language"].item() == language
    assert read.problems["kind"].to_list() == ([] if language else ["unreadable"])


@pytest.mark.parametrize(
    ("written", "country"), [("BE", "BE"), ("België", "BE"), ("Pays-Bas", "NL"), ("luxembourg", "LU")]
)
def test_countries(tmp_path: Path, written: str, country: str) -> None:
    assert (
        clients(tmp_path, "Klantnr;Naam;Land", f"1;De Hoek;{written}").data["country_code"].item() == country
    )


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("jan@dehoek.be", "jan@dehoek.be"),
        ("mailto:jan@dehoek.be", "jan@dehoek.be"),
        ("Jan Peeters <jan@dehoek.be>", "jan@dehoek.be"),
        ("jan@dehoek.be; piet@dehoek.be", "jan@dehoek.be"),
        ("jan@dehoek", None),
        ("jan.dehoek.be", None),
        ("geen", None),
    ],
)
def test_email_addresses(tmp_path: Path, written: str, address: str | None) -> None:
    read = clients(tmp_path, "Klantnr,Naam,E-mail", f'1,De Hoek,"{written}"')
    assert read.data["email"].item() == address
    expected = [] if written == address else ["repaired" if address else "unreadable"]
    assert read.problems["kind"].to_list() == expected


def test_a_street_with_its_number_and_a_postal_code_with_its_town(tmp_path: Path) -> None:
    read = clients(
        tmp_path,
        "Klantnr;Naam;Adres;Postcode",
        "1;De Hoek;Kerkstraat 12 bus 3;B-9000 Gent",
        "2;Léon;Rue du 11 Novembre 5a;1000 Bruxelles",
        "3;Klaver;Grote Markt;12",
    )
    assert read.data.select("street", "street_number", "postal_code", "municipality").rows() == [
        ("Kerkstraat", "12 bus 3", "9000", "Gent"),
        ("Rue du 11 Novembre", "5a", "1000", "Bruxelles"),
        ("Grote Markt", None, "12", None),
    ]
    assert read.problems.filter(field="postal_code").select("row", "kind").rows() == [(4, "unreadable")]


def test_a_foreign_postal_code_is_no_mistake(tmp_path: Path) -> None:
    assert clients(tmp_path, "Klantnr;Naam;Postcode;Land", "1;De Hoek;1011 AB;NL").problems.is_empty()


def test_a_company_number_that_does_not_add_up_is_told_and_stays(tmp_path: Path) -> None:
    read = clients(
        tmp_path,
        "Klantnr;Naam;BTW nummer",
        "1;De Hoek;403170701",
        "2;Léon;BE0403170702",
        "3;X;FR 40 303 265 045",
    )
    assert read.data["vat_number"].to_list() == ["BE0403170701", "BE0403170702", "FR40303265045"]
    assert read.problems.select("row", "kind").rows() == [(3, "unreadable")]


def test_clients_without_number_twice_or_without_name(tmp_path: Path) -> None:
    read = clients(
        tmp_path, "Klantnr;Naam;Gemeente", "1;De Hoek;Gent", ";Iemand;Gent", "1;Dubbel;Gent", "2;;Brugge"
    )
    assert read.data.select("row", "client_number").rows() == [(2, "1"), (5, "2")]
    assert read.problems.select("row", "field", "kind").rows() == [
        (3, "client_number", "missing"),
        (4, "client_number", "duplicate"),
        (5, "name", "missing"),
    ]
    summary = read.summary().filter(field="client_number").row(0, named=True)
    assert (summary["filled"], summary["missing"], summary["duplicate"]) == (2, 1, 1)


def test_a_file_without_client_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleFileError, match="no column stands for the client number"):
        clients(tmp_path, "Gemeente;Land", "Gent;BE", "Gent;BE")
