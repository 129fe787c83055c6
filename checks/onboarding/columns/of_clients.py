"""The fields of a client with its user and its address of delivery; see `checks.onboarding.columns.fields`."""

from __future__ import annotations

from checks.onboarding.columns.field import Field
from checks.onboarding.columns.field import words as _words

CLIENT_FIELDS: tuple[Field, ...] = (
    Field(
        "client_number",
        "Client number",
        "code",
        _words(
            "klantnr, klantnummer, klant nr, klantcode, klant code, debiteurnr, debiteurnummer, debiteur nr, debnr, "
            "n° client, numéro client, code client, no client, réf client, client number, client no, client code, "
            "customer number, customer no, customer code, Kundennummer, Kunden Nr, relatienummer, account number, KlantID"
        ),
        "Your own number of the client: unique, it never changes.",
        required=True,
        weak=_words("nummer, nr, code, numéro, number, klant, client, customer, id, debiteur"),
    ),
    Field(
        "name",
        "Name",
        "text",
        _words(
            "naam, klantnaam, naam klant, firmanaam, bedrijfsnaam, handelsnaam, firma, bedrijf, nom, nom client, nom du client, "
            "raison sociale, société, name, client name, customer name, company, company name, Kundenname, Firmenname, naam 1, "
            "zaaknaam, nom 1"
        ),
        "What the client is called.",
        required=True,
        weak=_words("omschrijving, klant, client, customer"),
    ),
    Field(
        "email",
        "E-mail of the client",
        "text",
        _words(
            "e-mail, email, mail, mailadres, e-mailadres, adresse mail, adresse e-mail, courriel, email address, mail klant, "
            "e-mail facturatie, e-mail adres, algemeen e-mailadres"
        ),
        "The client's general address.",
    ),
    Field(
        "segment",
        "Segment",
        "text",
        _words(
            "segment, klantengroep, klantgroep, klanttype, type klant, klantsoort, groupe clients, type client, "
            "catégorie client, customer group, customer type, client group, sector, secteur, Kundengruppe, doelgroep"
        ),
        "Restaurant, school, care home ...",
    ),
    Field(
        "language",
        "Language",
        "text",
        _words("taal, taalcode, langue, code langue, language, language code, Sprache"),
        "In which language the client is addressed.",
    ),
    Field(
        "vat_number",
        "VAT number",
        "code",
        _words(
            "BTW nummer, BTW nr, BTWnr, ondernemingsnummer, ondernemingsnr, KBO, KBO nummer, n° TVA, numéro TVA, no TVA, "
            "numéro d'entreprise, VAT number, VAT no, BCE, USt IdNr, BTW, TVA, company number, VAT"
        ),
        "The company number with its country, like BE0403170701.",
    ),
    Field(
        "street",
        "Street",
        "text",
        _words(
            "straat, straatnaam, adres, adres 1, leveradres, leveringsadres, rue, adresse, adresse 1, adresse de livraison, "
            "street, address, address 1, delivery address, Straße, Strasse, adreslijn 1"
        ),
        "Street of the address of delivery; a number behind it is taken off where it has no column.",
    ),
    Field(
        "street_number",
        "House number",
        "code",
        _words(
            "huisnummer, huisnr, straat nr, nr straat, numéro de maison, numéro de rue, n° rue, house number, house no, "
            "street number, Hausnummer"
        ),
        "House number, with the letter or box.",
        weak=_words("nr, nummer, numéro, no, number"),
    ),
    Field(
        "postal_code",
        "Postal code",
        "code",
        _words(
            "postcode, postnr, postnummer, code postal, CP, zip, zip code, postal code, PLZ, Postleitzahl"
        ),
        "Four digits in Belgium.",
    ),
    Field(
        "municipality",
        "Municipality",
        "text",
        _words(
            "gemeente, plaats, stad, woonplaats, localité, ville, commune, city, town, municipality, Ort, Stadt"
        ),
        "Town of the address of delivery.",
    ),
    Field(
        "country_code",
        "Country",
        "text",
        _words("land, landcode, pays, code pays, country, country code, Land, Ländercode"),
        "BE, NL, FR, LU ... or the country's name.",
    ),
    Field(
        "phone",
        "Phone",
        "code",
        _words(
            "telefoon, tel, telefoonnummer, gsm, téléphone, numéro de téléphone, phone, phone number, mobile, Telefon"
        ),
        "Phone number.",
    ),
    Field(
        "user_email",
        "E-mail of the user",
        "text",
        _words(
            "e-mail gebruiker, gebruiker e-mail, e-mail besteller, login, gebruikersnaam, e-mail contact, e-mail contactpersoon, "
            "e-mail utilisateur, utilisateur, user e-mail, user, username, login e-mail, e-mail webshop, mail contactpersoon"
        ),
        "With this address a person logs in to the shop and orders.",
    ),
    Field(
        "user_first_name",
        "First name of the user",
        "text",
        _words(
            "voornaam, voornaam gebruiker, voornaam contact, prénom, prénom utilisateur, first name, Vorname, user first name, "
            "voornaam contactpersoon"
        ),
        "First name of who orders.",
    ),
    Field(
        "user_last_name",
        "Last name of the user",
        "text",
        _words(
            "achternaam, familienaam, achternaam gebruiker, naam gebruiker, naam contact, contactpersoon, contact, "
            "nom de famille, nom utilisateur, personne de contact, last name, surname, family name, Nachname, user last name, "
            "familienaam contactpersoon"
        ),
        "Last name of who orders.",
    ),
    Field(
        "location_name",
        "Name of the address of delivery",
        "text",
        _words(
            "leverplaats, leveringsplaats, naam leveradres, naam locatie, vestiging, lieu de livraison, location, "
            "location name, delivery location, nom du lieu, locatie, afdeling"
        ),
        "What the place of delivery is called: Kitchen, Bar, Main building ...",
        weak=_words("leveradres, leveringsadres, adresse de livraison, delivery address"),
    ),
    Field(
        "active",
        "Active",
        "flag",
        _words("actief, active, actif, aktiv, enabled"),
        "May the client order?",
        weak=_words("status, statut"),
    ),
)
