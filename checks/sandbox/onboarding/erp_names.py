"""Names of articles as an ERP has them: capitals, short words, the brand in front, cut where the field ends."""

from __future__ import annotations

import re
from random import Random

LONGEST = 40  # letters of the field

#: Whole words and what clerks make of them.
_SHORT = {
    "aardappelen": "aardap.",
    "bio": "bio",
    "chocolade": "choc.",
    "diepvries": "dv",
    "doos van": "ds",
    "extra": "xtra",
    "fairtrade": "fairtr.",
    "gebakken": "gebak.",
    "gepeld": "gep.",
    "geraspte": "ger.",
    "geraspt": "ger.",
    "gesneden": "gesn.",
    "groenten": "groent.",
    "halfvolle": "halfv.",
    "huisbereid": "huisber.",
    "koffiebonen": "koffieb.",
    "mayonaise": "mayo",
    "met": "m/",
    "naturel": "nat.",
    "natuur": "nat.",
    "per stuk": "p/st",
    "plakken": "plk",
    "porties": "port.",
    "rundvlees": "rundvl.",
    "saus": "ss",
    "sinaasappelsap": "sinaassap",
    "tomatensaus": "tom.saus",
    "verpakt": "verp.",
    "verse": "vs",
    "zonder": "z/",
}
_WORD = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")\b")
_SIZE = re.compile(r"(?:(ca\.) )?(?:(\d+) x )?(\d+(?:[.,]\d+)?) (kg|g|ml|cl|l|st)\b")
_BOX = re.compile(r",? doos van (\d+)")
_LONG_WORD = re.compile(r"[^\W\d]{10,}")


def heavy(rng: Random, name: str, brand: str | None) -> str:
    """As a clerk types it into a short field: `MOLENH. TOM.SAUS BASIL. 6X2,5KG`, thirty to forty letters."""
    text = _with_short_words(rng, _with_short_size(name.lower()))
    if brand and rng.random() < 0.5:
        text = f"{brand.lower()} {text}"
    longest = rng.choice((30, 34, 38, LONGEST))
    if rng.random() < 0.3:
        text = _LONG_WORD.sub(lambda word: f"{word[0][:6]}.", text, count=1)
    if len(text) > longest:
        text = text.replace(". ", ".")
    return _cut(text.upper(), longest)


def mild(rng: Random, name: str, brand: str | None) -> str:
    """As written with care: whole words mostly, capitals in some, the brand in front of some."""
    text = name
    if rng.random() < 0.5:
        text = _with_short_size(text)
    if brand and rng.random() < 0.25:
        text = f"{brand} {text}"
    if rng.random() < 0.5:
        text = text.upper()
    return _cut(text, LONGEST)


def _with_short_size(text: str) -> str:
    """`24 x 25 cl` is `24x25cl`, `ca. 3 kg` is `+/-3kg`, `, doos van 6` is ` ds6`."""

    def short(size: re.Match[str]) -> str:
        about, pieces, amount, unit = size.groups()
        number = amount.replace(".", ",")
        return f"{'+/-' if about else ''}{f'{pieces}x' if pieces else ''}{number}{unit}"

    return _BOX.sub(r" ds\1", _SIZE.sub(short, text))


def _with_short_words(rng: Random, text: str) -> str:
    return _WORD.sub(lambda word: _SHORT[word[0]] if rng.random() < 0.7 else word[0], text)


def _cut(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip()
