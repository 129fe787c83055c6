"""How the wholesaler's own system calls the brands, groups, units ... of the shop's lookup tables, and what each means.

Most are called as in the table but for capitals, accents or the legal form; some are shortened or misspelt; some are in
no table at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from checks.sandbox.oresto.lookups import Lookups

_LEGAL = re.compile(r",? (NV|BV|SA|SRL|SC|CV)$")
_SECOND_RATE = 0.12  # of the names: some of their articles have another spelling

#: What no table has.
UNKNOWN = {
    "brand": ("HUISMERK", "EIGEN MERK DELVA", "Merkloos"),
    "category": ("DIVERSEN", "TE VERDELEN", "ACTIE WEEK 12"),
    "storage_condition": ("Kelder",),
    "unit_sales_price": ("COLLI",),
}

#: The shop's abbreviation -> what the wholesaler's system says.
_UNITS = {
    "content_type": {
        "G": ("GR", "G"),
        "KG": ("KG", "kg"),
        "ML": ("ML",),
        "CL": ("CL",),
        "L": ("LTR", "L"),
        "ST": ("ST", "stuks"),
    },
    "unit_sales_price": {
        "ST": ("ST", "stuk"),
        "KG": ("KG",),
        "L": ("LTR",),
        "DS": ("DOOS",),
        "BAK": ("BAK",),
    },
}
_STORAGE = {
    1: ("Droog", "DROOG"),
    2: ("Koel", "Koel", "Gekoeld"),
    3: ("Diepvries", "DIEPVRIES"),
    4: ("Alle",),
}


@dataclass(frozen=True)
class Spelling:
    """`written` in the column of `field` means the entry `value` of the lookup table (id or abbreviation)."""

    field: str
    written: str
    value: str | None  # None: no entry is meant
    how: str  # same | capitals | accents | legal-form | shortened | misspelt | synonym | unknown


@dataclass
class Spellings:
    """What each entry is called, made when it is first asked for; the same dice and order give the same."""

    rng: Random
    lookups: Lookups
    known: dict[tuple[str, str], Spelling] = field(default_factory=dict)  # by field and written name
    _chosen: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables: dict[str, Mapping[int, str]] = {
            "brand": self.lookups.brands,
            "producer": self.lookups.producers,
            "supplier": {id_: name for id_, (name, _) in self.lookups.suppliers.items()},
            "category": {one.id: one.nl for one in self.lookups.leaves()},
        }
        self._tables = tables
        self._folded = {
            part: {_folded(name): id_ for id_, name in table.items()} for part, table in tables.items()
        }

    def of(self, part: str, id_: int | None) -> str:
        """The name of an entry of the brands, producers, suppliers, categories or storage conditions."""
        if id_ is None:
            return ""
        if part == "storage_condition":
            return self._of_words(part, str(id_), _STORAGE[id_])
        names = self._chosen.get((part, id_))
        if names is None:
            names = [self._new(part, id_)]
            if self.rng.random() < _SECOND_RATE:
                names.append(self._new(part, id_))
            self._chosen[part, id_] = names
        return names[0] if len(names) == 1 or self.rng.random() < 0.7 else names[1]

    def unit(self, part: str, abbreviation: str | None) -> str:
        """The name of a unit: `content_type` or `unit_sales_price`."""
        if abbreviation is None:
            return ""
        return self._of_words(part, abbreviation, _UNITS[part][abbreviation])

    def unknown(self, part: str) -> str:
        """A name that no entry has."""
        written = self.rng.choice(UNKNOWN[part])
        self.known[part, written] = Spelling(part, written, None, "unknown")
        return written

    def _of_words(self, part: str, value: str, words: tuple[str, ...]) -> str:
        written = self.rng.choice(words)
        how = "same" if written.upper() in (value, self._storage_name(part, value)) else "synonym"
        self.known[part, written] = Spelling(part, written, value, how)
        return written

    def _storage_name(self, part: str, value: str) -> str:
        return self.lookups.storage[int(value)][0].upper() if part == "storage_condition" else value

    def _new(self, part: str, id_: int) -> str:
        name = self._tables[part][id_]
        draw = self.rng.random()
        how, change = next((how, change) for least, how, change in _WAYS if draw < least)
        written = in_cp1252(" ".join(change(self.rng, name).split()))
        other = self._folded[part].get(_folded(written), id_)
        before = self.known.get((part, written))
        if other != id_ or (before is not None and before.value != str(id_)) or not written:
            written, how = in_cp1252(name), "same"  # it would have been another one's name
        how = "same" if written == name else how
        self.known[part, written] = Spelling(part, written, str(id_), how)
        return written


def _same(rng: Random, name: str) -> str:
    return name


def _capitals(rng: Random, name: str) -> str:
    return name.upper()


def _accents(rng: Random, name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()


def _legal_form(rng: Random, name: str) -> str:
    """Without it where there is one, or with points in it."""
    found = _LEGAL.search(name)
    if found is None:
        return name
    short = name[: found.start()]
    return short if rng.random() < 0.6 else f"{short} {'.'.join(found[1])}."


def _shortened(rng: Random, name: str) -> str:
    """`Brouwerij De Drie Torens` is `Brouw. De Drie Torens`; a name of one word loses its end."""
    words = name.split(" ")
    at = max(range(len(words)), key=lambda place: len(words[place]))
    if len(words[at]) < 8:
        return name
    words[at] = f"{words[at][: 5 + len(words[at]) % 2]}."
    return " ".join(words)


def _misspelt(rng: Random, name: str) -> str:
    """A letter too few, one twice, or two that changed places."""
    places = [
        place for place in range(2, len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()
    ]
    if not places:
        return name
    at = rng.choice(places)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


_WAYS: tuple[tuple[float, str, Callable[[Random, str], str]], ...] = (
    (0.42, "same", _same),
    (0.62, "capitals", _capitals),
    (0.72, "accents", _accents),
    (0.84, "legal-form", _legal_form),
    (0.91, "shortened", _shortened),
    (1.0, "misspelt", _misspelt),
)


def in_cp1252(text: str) -> str:
    """The text as far as the old code page of Windows has its letters; others are a question mark."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _LEGAL.sub("", text)).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())
