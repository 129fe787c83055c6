"""What a photo's file name says: of which product it is, in which language, and how the shop may call it.

People name photos after the article number or the EAN, and add a counter, a side or a language: `A100.jpg`, `A100 (2).jpg`,
`A100_back-fra.png`, `kaas 5400000000003.jpg`. A photo on the wrong product is worse than one that is left over, so a name
that fits several products is matched to none of them, and says which. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from checks.fixes.wording import names as listed
from checks.gtin import LENGTHS, diagnose

#: POST ProductPhotos takes no longer PhotoName (guide, chapter 8).
NAME_LENGTH = 100
#: A part of a name is taken for an article number from this length on, and with a digit in it: not the 2 of `foto 2`.
SHORTEST_PART = 3
#: Languages that a name may end in. Not any three letters: `A100-XXL` is no language.
LANGUAGES = ("nld", "fra", "deu", "eng")

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_SIDES = (
    "front|back|side|left|right|top|bottom|main|detail|pack|packshot|photo|image|copy|"
    "voor|voorkant|achter|achterkant|zijkant|links|rechts|boven|onder|foto|kopie|"
    "avant|devant|arriere|arrière|dos|cote|côté|gauche|droite|copie"
)
#: What may stand behind an article number, each once, in any order.
_TAILS = (
    re.compile(r"(?:[-_ ]*\([0-9]{1,3}\)|[-_ ]+[0-9]{1,2})$"),
    re.compile(rf"[-_ ]+(?:{_SIDES})[0-9]?$", re.IGNORECASE),
    re.compile(rf"[-_ .]+(?P<language>{'|'.join(LANGUAGES)})$", re.IGNORECASE),
)
_PART = re.compile(r"[^\W_]+")
_EAN = re.compile(r"(?<![0-9])[0-9]{8,14}(?![0-9])")
#: What a camera or a telephone calls a photo by itself.
_CAMERA = re.compile(
    r"^(?:(?:img|dsc[nf]?|pxl|mvimg|vid)[-_ ]?[0-9]+(?:[-_](?:wa)?[0-9]+)*"
    r"|20[0-9]{6}_[0-9]{6}|(?:screenshot|schermafbeelding|whatsapp[ _]image).*)",
    re.IGNORECASE,
)
#: Numbers in a name that are no article number: a day, a content, a camera's own.
_NOISE = (
    re.compile(r"(?<![^\W_])(?:19|20)[0-9]{2}[-_. ](?:0[1-9]|1[0-2])[-_. ](?:[0-2][0-9]|3[01])(?![^\W_])"),
    re.compile(
        r"(?<![^\W_])[0-9]{1,4}(?:[.,][0-9]+)? ?(?:mg|g|gr|kg|ml|cl|dl|l|lt|ltr|st|stuks|pcs|cm|mm)(?![^\W_])",
        re.IGNORECASE,
    ),
    _CAMERA,
)

_RENAME = "Rename the file to the article number of the product it shows."


@dataclass(frozen=True, slots=True)
class Match:
    """Of which product one file is.

    Attributes:
        name: the file's name as it was given.
        key: the article number, as the shop spells it; None when it is not certain.
        by: what it was told by.
        language: three letters, where the name ends in them: the photo is for that language only.
        doubt: a sentence, exactly when `key` is None: why not, and what to do.
    """

    name: str
    key: str | None
    by: Literal["article number", "EAN"] | None = None
    language: str | None = None
    doubt: str | None = None


def match(names: Iterable[str], products: pl.DataFrame) -> list[Match]:
    """The product of each file, in the order of `names`; two files may be of one product.

    products: article_number, ean (String both; nulls, wrong codes and codes without their leading zeros are fine). The
    article number comes before the EAN, the whole name before its parts, the longer part before one inside it. Capitals
    count only where two article numbers differ in nothing else.
    """
    known = _Products(products)
    return [_match(name, known) for name in names]


def stem(name: str) -> str:
    """A file's name without folders (Windows' too), type and signs that cannot be seen."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return _SUFFIX.sub("", " ".join(seen.split())).strip(" .")


def photo_name(name: str, suffix: str) -> str:
    """The name that the shop gets: its stem with the right suffix, `NAME_LENGTH` at most as .NET counts (UTF-16)."""
    room = 2 * (NAME_LENGTH - len(suffix))
    short = stem(name).encode("utf-16-le")[:room].decode("utf-16-le", "ignore").rstrip(" .")
    return f"{short or 'photo'}{suffix}"


class _Products:
    """The products' numbers and codes, to look names up in."""

    def __init__(self, products: pl.DataFrame) -> None:
        rows = products.select("article_number", "ean").drop_nulls("article_number")
        self._numbers: dict[str, list[str]] = defaultdict(list)
        for number in rows["article_number"].unique(maintain_order=True):
            self._numbers[_folded(number)].append(number)
        self.longest = max(map(len, self._numbers), default=0)
        code = pl.col("ean").str.strip_chars()
        coded = rows.select(
            "article_number", code=pl.when(code.str.contains("^[0-9]{6,14}$")).then(code.str.zfill(14))
        )
        self._codes: dict[str, list[str]] = defaultdict(list)
        for number, ean in coded.drop_nulls().unique(maintain_order=True).iter_rows():
            self._codes[ean].append(number)

    def numbered(self, text: str) -> list[str]:
        """The article numbers that `text` may be: the very one, else those that differ in capitals."""
        found = self._numbers.get(_folded(text), [])
        return [text] if text in found else found

    def coded(self, gtin: str) -> list[str]:
        """The article numbers of a valid GTIN. Leading zeros never count, so a code that lost them is found too."""
        return self._codes.get(gtin.zfill(14), [])


@dataclass(frozen=True, slots=True)
class _Hit:
    """A part of a name, from `start` to `end`, and the article numbers it may be."""

    start: int
    end: int
    keys: Sequence[str]

    def within(self, start: int, end: int) -> bool:
        return start <= self.start and self.end <= end

    def inside(self, other: _Hit) -> bool:
        return self.within(other.start, other.end) and not other.within(self.start, self.end)


def _match(name: str, known: _Products) -> Match:
    whole = stem(name)
    steps = list(_shorter(whole))
    for rest, language in steps:
        if keys := known.numbered(rest):
            return _decided(name, keys, "article number", language)
    language = steps[-1][1]
    tail = next((len(rest) for rest, of in steps if of), len(whole))  # where the language begins
    hits = _parts(whole, known)
    codes = [hit for hit in _eans(whole, known) if hit.keys]
    numbered, coded = _keys(hits), _keys(codes)
    if hits and (len(numbered) > 1 or not coded or set(numbered) <= set(coded)):
        said = language if all(hit.end <= tail for hit in hits) else None
        return _decided(name, numbered, "article number", said)
    if hits:
        doubt = f"Its article number fits {_some(numbered)}, but its EAN is of {_some(coded)}. {_RENAME}"
        return Match(name, None, doubt=doubt)
    if coded:
        return _decided(name, coded, "EAN", language)
    return Match(name, None, doubt=_why_not(whole))


def _decided(
    name: str, keys: Sequence[str], by: Literal["article number", "EAN"], language: str | None
) -> Match:
    if len(keys) == 1:
        return Match(name, keys[0], by, language)
    return Match(name, None, doubt=f"It fits {_some(keys)}: by its {by} it may be any of these. {_RENAME}")


def _shorter(whole: str) -> Iterator[tuple[str, str | None]]:
    """The name, then without one thing after the other from its end, with the language seen so far."""
    rest, language, tails = whole, None, list(_TAILS)
    yield rest, language
    while found := next(((tail, cut) for tail in tails if (cut := tail.search(rest)) and cut.start()), None):
        tail, cut = found
        tails.remove(tail)
        said = cut.groupdict().get("language")
        rest, language = rest[: cut.start()], said.lower() if said else language
        yield rest, language


def _parts(whole: str, known: _Products) -> list[_Hit]:
    """The parts of a name that are article numbers, without those inside a longer one."""
    parts = [part.span() for part in _PART.finditer(whole)]
    hits = []
    for place, (start, _) in enumerate(parts):
        for _, end in parts[place:]:
            if end - start > known.longest:
                break
            text = whole[start:end]
            if len(text) >= SHORTEST_PART and any(map(str.isdigit, text)) and (keys := known.numbered(text)):
                hits.append(_Hit(start, end, keys))
    noise = [found.span() for kind in _NOISE for found in kind.finditer(whole)]
    return [
        hit
        for hit in hits
        if not any(hit.within(*span) for span in noise) and not any(hit.inside(other) for other in hits)
    ]


def _eans(whole: str, known: _Products) -> Iterator[_Hit]:
    """The valid GTINs in a name, also of products that are not known."""
    for found in _EAN.finditer(whole):
        if len(found[0]) in LENGTHS and diagnose(found[0]).reason == "valid":
            yield _Hit(*found.span(), known.coded(found[0]))


def _keys(hits: Iterable[_Hit]) -> list[str]:
    return list(dict.fromkeys(key for hit in hits for key in hit.keys))


def _why_not(whole: str) -> str:
    """Why a name fits nothing."""
    for found in _EAN.finditer(whole):
        if len(found[0]) not in LENGTHS:
            continue
        diagnosis = diagnose(found[0])
        if diagnosis.reason == "valid":
            return f"No product of yours has EAN {found[0]}. {_RENAME}"
        if diagnosis.reason == "check-digit" and len(found[0]) > 8:  # eight digits are more often a day
            return f"{diagnosis.text} {_RENAME}"
    if _CAMERA.match(whole):
        return f"A camera or telephone gave this name; its number says nothing about the product. {_RENAME}"
    return f"No product of yours has an article number or EAN that is in this name. {_RENAME}"


def _some(keys: Sequence[str]) -> str:
    """`A, B and C`, or the first five and how many more."""
    return listed([*keys[:5], f"{len(keys) - 5:,} more"] if len(keys) > 6 else keys)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
