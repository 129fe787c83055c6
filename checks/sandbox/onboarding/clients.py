"""The clients of the example: with the user who orders and the address of delivery, and what is truly wrong with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import polars as pl

from checks.sandbox.onboarding.lines import WORDS, Faults
from checks.sandbox.oresto import words_trade as words
from checks.sandbox.oresto.lookups import vat_number
from checks.sandbox.oresto.shop import Shop

HEADINGS = (
    "Klantnr",
    "Naam",
    "E-mail",
    "Segment",
    "Taal",
    "BTW-nummer",
    "Straat",
    "Huisnr",
    "Postcode",
    "Gemeente",
    "Land",
    "Telefoon",
    "E-mail gebruiker",
    "Voornaam",
    "Familienaam",
    "Leveradres",
    "Actief",
    "Kredietlimiet",
)

#: What is truly so, by client. `segment_id` is null where the file names none, or none that there is.
CLIENTS = pl.Schema(
    {
        "client_number": pl.String,
        "name": pl.String,
        "segment_id": pl.Int64,
        "user_email": pl.String,
        "has_address": pl.Boolean,
        "active": pl.Boolean,
        "damage": WORDS,
    }
)

_EACH = 40  # one client in so many has each damage


@dataclass(frozen=True)
class Clients:
    """The rows of the file, the truth about them (`CLIENTS`), and the faults by client number."""

    rows: list[list[str]]
    truth: pl.DataFrame
    faults: Faults


@dataclass
class _Client:
    number: str
    name: str
    segment: str
    segment_id: int | None
    language: str
    address: list[str]
    user: list[str]  # e-mail, first and last name
    active: bool
    damage: list[str] = field(default_factory=list)


def make_clients(rng: Random, shop: Shop, count: int) -> Clients:
    """`count` clients; where there are enough of them at least one with each damage."""
    clients = [_sound(rng, shop, 20_001 + place) for place in range(count)]
    faults: Faults = {}
    spoilt = rng.sample(clients, min(count, len(_DAMAGES) * max(1, count // _EACH)))
    for place, client in enumerate(spoilt):
        word, check, spoil = _DAMAGES[place % len(_DAMAGES)]
        client.active = True
        client.damage.append(word)
        spoil(client)
        if check is not None:
            faults.setdefault(check, set()).add((client.number, None))
    rows = [_cells(rng, place, client) for place, client in enumerate(clients)]
    truth = [
        (
            client.number,
            client.name,
            client.segment_id,
            client.user[0] if "@" in client.user[0] else None,
            any(client.address),
            client.active,
            client.damage,
        )
        for client in clients
    ]
    return Clients(rows, pl.DataFrame(truth, schema=CLIENTS, orient="row"), faults)


def _sound(rng: Random, shop: Shop, number: int) -> _Client:
    town = rng.choice(words.TOWNS)
    french = town[2] in words.WALLOON
    sign = rng.choice(words.SIGNS_FR if french else words.SIGNS_NL)
    first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
    segment_id, segment = rng.choice(list(shop.lookups.segments.items()))
    street = rng.choice(words.STREETS_FR if french else words.STREETS_NL)
    return _Client(
        number=str(number),
        name=rng.choice(words.HOUSES_FR if french else words.HOUSES_NL).format(sign),
        segment=segment.upper() if rng.random() < 0.4 else segment,
        segment_id=segment_id,
        language=rng.choice(("F", "FR", "Frans") if french else ("N", "NL", "Nederlands")),
        address=[
            street,
            str(rng.randint(1, 240)),
            town[0],
            town[1],
            rng.choice(("BE", "België", "B")),
        ],
        user=[f"{_letters(first)}.{_letters(last)}.{number}@klant.example", first, last],
        active=rng.random() >= 0.05,
    )


def _cells(rng: Random, place: int, client: _Client) -> list[str]:
    return [
        client.number,
        client.name,
        f"{_letters(client.name)}.{client.number}@klant.example",
        client.segment,
        client.language,
        f"BE {vat_number(place + 300)}",
        *client.address,
        f"04{rng.randint(60, 99)}/{rng.randint(10, 99)}.{rng.randint(10, 99)}.{rng.randint(10, 99)}",
        *client.user,
        client.name if any(client.address) else "",
        "J" if client.active else "N",
        f"{rng.randrange(5, 200) * 100},00",
    ]


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalnum())


def _no_user(client: _Client) -> None:
    client.user = ["", "", ""]


def _bad_email(client: _Client) -> None:
    client.user[0] = "zie dossier"


def _no_address(client: _Client) -> None:
    client.address = [""] * len(client.address)


def _unknown_segment(client: _Client) -> None:
    client.segment, client.segment_id = "GROOTKLANT B", None


def _no_segment(client: _Client) -> None:
    """No fault: a client needs none."""
    client.segment, client.segment_id = "", None


_DAMAGES: tuple[tuple[str, str | None, Callable[[_Client], None]], ...] = (
    ("no-user", "client-without-user", _no_user),
    ("no-address", "client-without-location", _no_address),
    ("unknown-segment", "client-unknown-segment", _unknown_segment),
    ("bad-email", "client-without-user", _bad_email),
    ("no-segment", None, _no_segment),
)
