"""Which column is what: guessed from headings and cells, corrected by a person, kept for the next export."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.errors import UsageError
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS
from checks.onboarding.columns.headings import likeness, read_headings
from checks.onboarding.columns.mapping import Columns, guess_columns
from checks.onboarding.file.table import TableFile, read_table


def table(folder: Path, *lines: str, name: str = "articles.csv") -> TableFile:
    file = folder / name
    file.write_text("\n".join(lines), encoding="utf-8")
    return read_table(file)


DUTCH = (
    "Artikelnr;Omschrijving;Omschrijving FR;Merk;Productgroep;EAN-code;EAN doos;Leverancier;Art.nr. leverancier;Inhoud;"
    "Inhoud eenheid;Verkoopeenheid;Aantal per doos;Bewaring;BTW %;Aankoopprijs;Verkoopprijs;Actieprijs;Actie van;Actie tot;Actief;Stock",
    "A1;Jonge kaas;Fromage jeune;Boer;Kaas;5400000000003;15400000000000;Lev;L1;500;g;st;6;koel;6;1,20;2,40;2,00;01/03/2026;31/03/2026;J;5",
    "A2;Bruin brood;Pain gris;Bakker;Brood;5400141291636;;Lev;L2;1;kg;st;1;droog;6;0,80;1,50;;;;N;9",
)


def test_dutch_headings_of_an_erp(tmp_path: Path) -> None:
    columns = guess_columns(table(tmp_path, *DUTCH))
    assert columns.headings == {
        "article_number": "Artikelnr",
        "ean": "EAN-code",
        "carton_ean": "EAN doos",
        "name_nld": "Omschrijving",
        "name_fra": "Omschrijving FR",
        "brand": "Merk",
        "category": "Productgroep",
        "supplier": "Leverancier",
        "supplier_code": "Art.nr. leverancier",
        "storage_condition": "Bewaring",
        "total_content": "Inhoud",
        "content_type": "Inhoud eenheid",
        "unit_sales_price": "Verkoopeenheid",
        "amount_of_units": "Aantal per doos",
        "vat_percentage": "BTW %",
        "sales_price": "Verkoopprijs",
        "promo_price": "Actieprijs",
        "promo_from": "Actie van",
        "promo_until": "Actie tot",
        "active": "Actief",
    }
    assert columns.unused == ["Aankoopprijs", "Stock"]
    assert columns.missing == []


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (
            "Code article;Libellé;Marque;Famille;Code barre;Fournisseur;Réf. fournisseur;Contenance;Unité de vente;PCB;TVA;Prix de vente HTVA;Prix d'achat",
            "article_number name_fra brand category ean supplier supplier_code content unit_sales_price amount_of_units vat_percentage sales_price -",
        ),
        (
            "Art.-Nr.;Bezeichnung;Marke;Warengruppe;Strichcode;Lieferant;Lieferantenartikelnummer;Inhalt;Verkaufseinheit;Stück pro Karton;MwSt;VK;EK",
            "article_number name_deu brand category ean supplier supplier_code content unit_sales_price amount_of_units vat_percentage sales_price -",
        ),
        (
            "Item no.;Item description;Brand;Item group;Barcode;Vendor;Vendor item no.;Pack size;Sales unit;Units per case;VAT rate;List price;Cost price",
            "article_number name_eng brand category ean supplier supplier_code content unit_sales_price amount_of_units vat_percentage sales_price -",
        ),
    ],
)
def test_headings_in_other_languages(tmp_path: Path, headings: str, expected: str) -> None:
    row = "A1;Jambon cuit;Boer;Kaas;5400000000003;Lev;L1;6 x 330 ml;st;6;6;2,40;1,20"
    columns = guess_columns(table(tmp_path, headings, row))
    wanted = {
        field: heading
        for field, heading in zip(expected.split(), headings.split(";"), strict=True)
        if field != "-"
    }
    assert columns.headings == wanted


def test_a_slip_and_a_heading_with_more_words_are_seen_through(tmp_path: Path) -> None:
    columns = guess_columns(
        table(
            tmp_path, "ArtikelNumer;Omschrijving (NL);Verkoopprijs excl. BTW (EUR);Mrek", "A1;Kaas;2,40;Boer"
        )
    )
    assert columns.headings["article_number"] == "ArtikelNumer"
    assert columns.headings["name_nld"] == "Omschrijving (NL)"
    assert columns.headings["sales_price"] == "Verkoopprijs excl. BTW (EUR)"


def test_what_nobody_asks_for_is_not_taken_for_something_else() -> None:
    for heading in (
        "Aankoopprijs",
        "Prix d'achat",
        "Stock",
        "THT",
        "Verkoopprijs incl. BTW",
        "Leveranciersnummer",
        "Laatste verkoop",
    ):
        (words,) = read_headings([heading])
        assert [field.name for field in ARTICLE_FIELDS if likeness(words, field) > 0.5] == [], heading


@pytest.mark.parametrize(
    "heading",
    [
        "Disponible", "Leverbaar", "Available", "Verfügbar", "Niet actief", "Niet-actief", "NietActief", "Non actif", "Not active",
        "Pas actif", "Plus actif", "Niet online", "Niet in assortiment", "Niet meer in gebruik", "Niet op bestelling", "Geblokkeerd",
        "Bloqué", "Inactif", "Inaktief", "Uit webshop", "Hors assortiment", "Webshop geblokkeerd", "Pas sur commande", "Disabled",
        "Tijdelijk leverbaar", "Niet onbeschikbaar",
    ],
)  # fmt: skip
def test_a_flag_is_never_guessed_from_a_heading_that_says_the_opposite(tmp_path: Path, heading: str) -> None:
    found = table(tmp_path, f"Artikelnr;Naam;{heading}", "1;Kaas;J", "2;Brood;N")
    for fields in (ARTICLE_FIELDS, CLIENT_FIELDS):
        columns = guess_columns(found, fields)
        assert {"active", "on_order", "temporarily_unavailable"}.isdisjoint(columns.headings)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Actief", "active"), ("Actief (ja/nee)", "active"), ("Actif oui/non", "active"), ("Actief J/N", "active"),
        ("In assortiment", "active"), ("Webshop actief", "active"), ("Op bestelling", "on_order"), ("On order", "on_order"),
        ("Niet leverbaar", "temporarily_unavailable"), ("Indisponible", "temporarily_unavailable"),
        ("Onbeschikbaar", "temporarily_unavailable"), ("Not available", "temporarily_unavailable"),
        ("Tijdelijk niet leverbaar (J/N)", "temporarily_unavailable"), ("Temporarily unavailable", "temporarily_unavailable"),
    ],
)  # fmt: skip
def test_a_flag_is_guessed_where_the_heading_says_no_as_its_words_do(
    tmp_path: Path, heading: str, field: str
) -> None:
    found = table(tmp_path, f"Artikelnr;Naam;{heading}", "1;Kaas;J", "2;Brood;N")
    assert guess_columns(found).headings.get(field) == heading


def test_a_negation_in_the_group_over_a_heading_counts(tmp_path: Path) -> None:
    found = table(
        tmp_path, ";Artikel;;Niet;", "Nr;Artikelnr;Naam;actief;besteld", "1;A1;Kaas;J;N", "2;A2;Brood;N;J"
    )
    assert found.own["Niet actief"] == "actief"
    assert "active" not in guess_columns(found).headings


def test_a_language_behind_the_heading_decides() -> None:
    for heading, name in (
        ("Omschrijving NL", "name_nld"),
        ("Libellé NL", "name_nld"),
        ("Naam (FR)", "name_fra"),
        ("Omschr. Frans", "name_fra"),
        ("Name DE", "name_deu"),
    ):
        (words,) = read_headings([heading])
        best = max(ARTICLE_FIELDS, key=lambda field: likeness(words, field))
        assert best.name == name, heading


def test_codes_are_known_by_their_check_digits_where_no_heading_says_so(tmp_path: Path) -> None:
    columns = guess_columns(
        table(tmp_path, "Artikelnr;Naam;Kolom X", "1;Kaas;5400000000003", "2;Brood;5400141291636")
    )
    assert columns.headings["ean"] == "Kolom X"
    (row,) = columns.table.filter(field="ean").iter_rows(named=True)
    assert row["certainty"] < 1.0
    assert row["why"] == "100% of its cells are EANs"
    assert row["examples"] == "5400000000003 · 5400141291636"


def test_a_name_and_a_description(tmp_path: Path) -> None:
    columns = guess_columns(
        table(tmp_path, "Artikelnr;Omschrijving;Naam", "1;Van de boer, jong en zacht;Kaas jong")
    )
    assert columns.headings["name_nld"] == "Naam"
    assert columns.headings["description_nld"] == "Omschrijving"


def test_a_description_in_english_words_is_french_where_its_cells_are(tmp_path: Path) -> None:
    rows = [f"{at};Jambon cuit avec du fromage et de la sauce" for at in range(9)]
    assert guess_columns(table(tmp_path, "Item no;Description", *rows)).headings["name_fra"] == "Description"


def test_content_in_one_cell_and_in_two(tmp_path: Path) -> None:
    whole = guess_columns(table(tmp_path, "Artikelnr;Naam;Inhoud", "1;Cola;6 x 33 cl"))
    assert "total_content" not in whole.headings
    assert whole.headings["content"] == "Inhoud"
    apart = guess_columns(table(tmp_path, "Artikelnr;Naam;Inhoud;Maat", "1;Cola;33;cl"))
    assert (apart.headings["total_content"], apart.headings["content_type"]) == ("Inhoud", "Maat")


def test_a_group_over_headings_does_not_hide_them(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Lijst;;;;;",
        ";Artikel;;Prijzen;;Stock",
        "Nr;Artikelnr;Omschrijving;Inkoop;Verkoopprijs;",
        "1;A1;Kaas;1,20;2,40;5",
        "2;A2;Brood;0,80;1,50;9",
    )
    assert found.rows.columns == [
        "Nr",
        "Artikel Artikelnr",
        "Omschrijving",
        "Prijzen Inkoop",
        "Verkoopprijs",
        "Stock",
    ]
    headings = guess_columns(found).headings
    assert headings["article_number"] == "Artikel Artikelnr"
    assert headings["sales_price"] == "Verkoopprijs"


def test_two_headings_that_are_as_likely_are_told(tmp_path: Path) -> None:
    columns = guess_columns(
        table(tmp_path, "Artikelnr;Naam;Barcode;Streepjescode", "1;Kaas;5400000000003;5400141291636")
    )
    (row,) = columns.table.filter(field="ean").iter_rows(named=True)
    assert row["heading"] == "Barcode"
    assert "as well possible: Streepjescode" in row["why"]


def test_a_heading_that_its_cells_contradict_is_less_certain(tmp_path: Path) -> None:
    columns = guess_columns(table(tmp_path, "Artikelnr;Naam;EAN-code", "1;Kaas;rood", "2;Brood;blauw"))
    (row,) = columns.table.filter(field="ean").iter_rows(named=True)
    assert (row["heading"], row["certainty"]) == ("EAN-code", 0.55)
    assert "but 0% are codes" in row["why"]


def test_what_is_required_and_not_there_is_missing(tmp_path: Path) -> None:
    columns = guess_columns(table(tmp_path, "Merk;EAN", "Boer;5400000000003", "Boer;5400000000003"))
    assert columns.missing == ["Article number", "Dutch name or French name or German name or English name"]


def test_a_correction_takes_the_heading_from_its_guess(tmp_path: Path) -> None:
    columns = guess_columns(table(tmp_path, *DUTCH))
    corrected = columns.correct(brand="Leverancier", active=None)
    assert corrected.headings["brand"] == "Leverancier"
    assert {"supplier", "active"}.isdisjoint(corrected.headings)
    assert corrected.table.filter(field="brand")["certainty"].item() == 1.0
    assert columns.headings["brand"] == "Merk"
    both = corrected.correct(name_nld="Omschrijving", description_nld="Omschrijving")
    assert both.headings["name_nld"] == both.headings["description_nld"] == "Omschrijving"


def test_a_wrong_correction_names_the_nearest(tmp_path: Path) -> None:
    columns = guess_columns(table(tmp_path, *DUTCH))
    with pytest.raises(UsageError, match=r"no field 'brnd'. Did you mean 'brand'"):
        columns.correct(brnd="Merk")
    with pytest.raises(UsageError, match=r"no heading 'merk'. Did you mean 'Merk'"):
        columns.correct(brand="merk")


def test_columns_are_kept_for_the_next_export(tmp_path: Path) -> None:
    first = guess_columns(table(tmp_path, *DUTCH)).correct(producer="Leverancier", on_order=None)
    first.save(tmp_path / "columns.json")
    reordered = [";".join(reversed(line.split(";"))) for line in DUTCH]
    again = Columns.load(tmp_path / "columns.json", table(tmp_path, *reordered))
    assert again.headings == first.headings
    assert "5400000000003" not in (tmp_path / "columns.json").read_text(encoding="utf-8")


def test_a_kept_heading_that_is_empty_holds_and_one_that_is_gone_is_named(tmp_path: Path) -> None:
    guess_columns(table(tmp_path, *DUTCH)).save(tmp_path / "columns.json")
    without_promo = [line.replace("2,00;01/03/2026;31/03/2026", ";;") for line in DUTCH]
    assert (
        Columns.load(tmp_path / "columns.json", table(tmp_path, *without_promo)).headings["promo_price"]
        == "Actieprijs"
    )
    renamed = [line.replace("Merk;", "Merknaam;") for line in DUTCH]
    with pytest.raises(UsageError, match=r"no heading 'Merk' any more.*Did you mean 'Merknaam'"):
        Columns.load(tmp_path / "columns.json", table(tmp_path, *renamed))


def test_a_file_that_holds_no_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "columns.json").write_text('{"of": "orders"}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds no columns"):
        Columns.load(tmp_path / "columns.json", table(tmp_path, *DUTCH))
    with pytest.raises(UsageError, match="cannot be read"):
        Columns.load(tmp_path / "gone.json", table(tmp_path, *DUTCH))


def test_headings_of_clients(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Klantnr;Naam;Straat;Nr;Postcode;Gemeente;Land;Taal;E-mail;BTW-nummer;E-mail besteller;Voornaam;Familienaam;Klantengroep;Tel.;Actief;Leverplaats",
        "K1;De Hoek;Kerkstraat;12;9000;Gent;BE;N;info@dehoek.be;BE0403170701;jan@dehoek.be;Jan;Peeters;Horeca;09 123 45 67;J;Keuken",
    )
    columns = guess_columns(found, CLIENT_FIELDS)
    assert set(columns.headings) == {field.name for field in CLIENT_FIELDS}
    assert columns.headings["street_number"] == "Nr"
    columns.save(tmp_path / "clients.json")
    assert Columns.load(tmp_path / "clients.json", found).fields == CLIENT_FIELDS


def test_every_field_has_words_of_its_own() -> None:
    for fields in (ARTICLE_FIELDS, CLIENT_FIELDS):
        seen: dict[str, str] = {}
        for field in fields:
            for words in read_headings(field.words):
                assert seen.setdefault("".join(words.words), field.name) == field.name, words
