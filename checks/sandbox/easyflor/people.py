"""The persons behind a debtor, with what nobody may keep: birth dates, password hashes, salts.

Each secret holds `SECRET`, so that a test can look for it wherever data goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

SECRET = "geheim-"

_FIRST = ("An", "Bram", "Chloé", "Daan", "Eline", "Farid")
_LAST = ("Peeters", "Janssens", "Maes", "Dupont", "Claes")


def contacts_of(rng: Random, debtor: int) -> list[dict[str, Any]]:
    return [_contact(rng, debtor, number) for number in range(rng.choice((1, 1, 2)))]


def secrets_of(value: Any) -> Iterator[str]:
    """Every text in it that holds `SECRET`."""
    if isinstance(value, str) and SECRET in value:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from secrets_of(one)


def _contact(rng: Random, debtor: int, number: int) -> dict[str, Any]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    mail = f"{first}.{last}.{debtor}@klant.example".lower()
    return {
        "Initials": first[0],
        "FirstName": first,
        "MiddleName": None,
        "LastName": last,
        "PlaceOfBirth": "Brugge",
        "DateOfBirth": f"19{rng.randint(60, 99)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}T00:00:00+01:00",
        "Function": "Zaakvoerder",
        "Gender": None,
        "Nationality": "BEL",
        "MailAddresses": [{"Category": "Algemeen", "Value": mail, "Password": f"{SECRET}mail-{debtor}"}],
        "Numbers": None,
        "Users": [
            {
                "Username": mail,
                "Password": f"{SECRET}{debtor}-{number}-{rng.getrandbits(64):016x}",
                "PasswordSalt": f"{SECRET}salt-{rng.getrandbits(32):08x}",
                "CanOrder": rng.random() < 0.7,
            }
        ],
    }
