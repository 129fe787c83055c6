"""Which fields are secret, and which are about a person: told by their names, in the API's words and in Dutch and French."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: A name that holds one of these: `UserPassword`, `X-Api-Key`, `refresh_token`.
_SECRET_PARTS = (
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "wachtwoord",
    "motdepasse",
    "secret",
    "token",
    "authorization",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
)
_SECRETS = frozenset({"pass", "pin", "auth", "cookie", "setcookie", "sessionid"})

#: `ContactEmail`, `PhoneNumber2`, `InvoiceStreetName`.
_PERSONAL_PARTS = (
    "email",
    "mailaddress",
    "firstname",
    "voornaam",
    "prenom",
    "lastname",
    "surname",
    "familyname",
    "achternaam",
    "familienaam",
    "fullname",
    "middlename",
    "nickname",
    "contactname",
    "contactperson",
    "contactpersoon",
    "clientname",
    "customername",
    "klantnaam",
    "username",
    "phone",
    "telefoon",
    "mobile",
    "fax",
    "street",
    "straat",
    "housenumber",
    "huisnummer",
    "addressline",
    "postalcode",
    "postcode",
    "zipcode",
    "codepostal",
    "municipality",
    "gemeente",
    "vatnumber",
    "btwnummer",
    "numerotva",
    "companynumber",
    "ondernemingsnummer",
    "iban",
    "bankaccount",
    "birthdate",
    "birthday",
    "dateofbirth",
    "geboortedatum",
    "nationalnumber",
    "rijksregister",
)
_PERSONAL = frozenset(
    {
        "mail",
        "tel",
        "gsm",
        "mobiel",
        "city",
        "town",
        "stad",
        "ville",
        "rue",
        "zip",
        "login",
        "latitude",
        "longitude",
    }
)

#: Personal in an object about somebody, and somewhere else not: a product has a name too.
_OF_SOMEBODY = frozenset(
    {"name", "naam", "nom", "company", "companyname", "province", "remark", "remarks", "box", "bus"}
)

#: What hangs under one of these is about somebody.
_SOMEBODIES = frozenset(
    {
        "client",
        "clients",
        "customer",
        "customers",
        "user",
        "users",
        "representative",
        "representatives",
        "person",
        "contact",
        "contacts",
        "address",
        "addresses",
        "deliveryaddress",
        "invoiceaddress",
        "clientlocation",
        "clientlocations",
        "clientlocationaddress",
    }
)


@lru_cache(maxsize=4_096)
def _plain(name: str) -> str:
    """The last part of a path, small letters only: `client.E-Mail` -> `email`."""
    return re.sub(r"[^a-z]", "", re.split(r"[.\]\[]", name.rstrip("[]0123456789."))[-1].lower())


@lru_cache(maxsize=4_096)
def is_secret(name: str) -> bool:
    plain = _plain(name)
    return plain in _SECRETS or any(part in plain for part in _SECRET_PARTS)


@lru_cache(maxsize=4_096)
def is_personal(name: str) -> bool:
    """A field about a person wherever it stands."""
    plain = _plain(name)
    return plain in _PERSONAL or any(part in plain for part in _PERSONAL_PARTS)


@lru_cache(maxsize=4_096)
def is_of_somebody(name: str) -> bool:
    """A field that is personal in an object about somebody only."""
    return _plain(name) in _OF_SOMEBODY


def about_somebody(name: str, keys: Iterable[object], above: bool) -> bool:
    """Is the object with these keys, which hangs under `name`, about a client, a user or an address?

    What hangs in such an object is so too, but for the products in it.
    """
    found = [str(key) for key in keys]
    if any(_plain(key) in ("wholesalerarticlenumber", "eancode", "brandid") for key in found):
        return False
    return above or _plain(name) in _SOMEBODIES or any(is_personal(key) for key in found)
