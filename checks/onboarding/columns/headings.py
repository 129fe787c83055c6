"""How much a heading of a file is like the words that ERPs use for a field.

Compared without case, accents, spaces and punctuation: `Art.-Nr.` is `ARTNR`. A tag of a language is read apart: `Omschrijving
(FR)` is a French name, however much it is like the Dutch one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import polars as pl
from rapidfuzz import fuzz, process

from checks.folding import plain
from checks.onboarding.columns.field import Field
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS, OTHER_WORDS
from checks.onboarding.columns.negation import says_no
from checks.onboarding.columns.of_texts import ANY_DESCRIPTION, ANY_NAME, LANGUAGE_TAGS

#: As a heading is written with a slip or two; below that `verkoopprijs` would be like `aankoopprijs`.
_TYPO = 86
_WEAK = 0.6
#: Longer cells are no headings.
_LONGEST = 60

_TAG_OF = {tag: language for language, tags in LANGUAGE_TAGS.items() for tag in tags}
#: `Code de l'article`, `Prix d'achat`: too short to be a tag but for the last word.
_ONLY_LAST = {tag for tag in _TAG_OF if len(tag) < 3}


class Heading(NamedTuple):
    """A heading as it is compared: its words, the language that a tag names, and the words without that tag."""

    words: tuple[str, ...]
    language: str | None
    bare: tuple[str, ...]


def read_headings(texts: Sequence[str]) -> list[Heading]:
    """Headings without case, accents and punctuation; `VerkoopPrijs` is two words."""
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    apart = pl.col("text").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    return [_heading(text) for text in frame.select(plain(apart)).to_series().to_list()]


def _heading(folded: str) -> Heading:
    words = tuple(folded.split())
    for at, word in enumerate(words):
        last = at == len(words) - 1
        if word in _TAG_OF and len(words) > 1 and (last or (word not in _ONLY_LAST)):
            return Heading(words, _TAG_OF[word], (*words[:at], *words[at + 1 :]))
    return Heading(words, None, words)


class _Words(NamedTuple):
    strong: dict[str, tuple[str, ...]]  # without spaces -> the words
    weak: frozenset[str]
    any_language: dict[str, tuple[str, ...]]  # of texts: where a tag tells the language


def _joined(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {"".join(heading.words): heading.words for heading in read_headings(texts)}


@cache
def _words_of(field: Field) -> _Words:
    any_language: dict[str, tuple[str, ...]] = {}
    if field.language is not None:
        any_language = _joined(ANY_NAME if field.group == "name" else ANY_DESCRIPTION)
    return _Words(_joined(field.words), frozenset(_joined(field.weak)), any_language)


@cache
def _others() -> dict[str, tuple[str, ...]]:
    return _joined(OTHER_WORDS)


@cache
def _all_words() -> tuple[frozenset[str], tuple[str, ...]]:
    every: set[str] = set(_others())
    for field in (*ARTICLE_FIELDS, *CLIENT_FIELDS):
        words = _words_of(field)
        every |= {*words.strong, *words.weak, *words.any_language}
    return frozenset(every), tuple(word for word in sorted(every) if len(word) > 5)


def known(cells: Sequence[str | None]) -> list[bool]:
    """Whether each cell is a heading that ERPs write, save for a slip."""
    exact, fuzzy = _all_words()
    texts = [cell if cell and len(cell) <= _LONGEST else "" for cell in cells]
    return [
        bool(heading.words)
        and any(
            word in exact
            or (
                len(word) > 5
                and not word.isdigit()
                and process.extractOne(word, fuzzy, scorer=fuzz.ratio, score_cutoff=90) is not None
            )
            for word in {"".join(heading.words), "".join(heading.bare)}
        )
        for heading in read_headings(texts)
    ]


def exactly_known(cell: str) -> bool:
    """Whether a cell is, on its own, one of the headings in the catalogue."""
    (heading,) = read_headings([cell])
    return "".join(heading.words) in _all_words()[0]


def likeness(heading: Heading, field: Field) -> float:
    """How surely `heading` means `field`: 1.0 one of its words, 0.6 a weak one, 0.0 nothing alike.

    Words of things that nobody asks for (`OTHER_WORDS`) take off what they share: `aankoopprijs` is no sales price. A flag is
    never guessed from a heading that says the opposite: `Niet actief`, `Disponible`.
    """
    words, others = _words_of(field), _others()
    if field.language is None or heading.language is None:
        strong = words.strong
        if field.kind == "flag":
            strong, others = _same_way(heading, strong), _same_way(heading, others)
        score = _alike(heading.words, strong)
        if "".join(heading.words) in words.weak:
            score = max(score, _WEAK)
    elif field.language == heading.language:
        score = _alike(heading.bare, words.any_language)
    else:
        return 0.0
    if score == 1.0:
        return score
    return score if score > _alike(heading.words, others) else 0.0


def _same_way(heading: Heading, words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Those that are negated where the heading is, or neither is."""
    no = says_no(heading.words)
    return {joined: parts for joined, parts in words.items() if says_no(parts) == no}


def _alike(heading: tuple[str, ...], words: dict[str, tuple[str, ...]]) -> float:
    joined = "".join(heading)
    if not joined:
        return 0.0
    if joined in words:
        return 1.0
    best = 0.0
    there = set(heading)
    for other, parts in words.items():
        if len(joined) > 4 and len(other) > 4 and abs(len(joined) - len(other)) < 3:
            ratio = fuzz.ratio(joined, other, score_cutoff=_TYPO)
            best = max(best, 0.95 * ratio / 100)
        if set(parts) <= there and len(other) > 1:
            best = max(best, 0.55 + 0.35 * len(other) / len(joined))
        if len(parts) == len(heading) and all(map(_shortens, heading, parts)):
            best = max(best, 0.8 if len(parts) > 1 else 0.58)  # one word alone begins many
    return best


def _shortens(short: str, long: str) -> bool:
    """`omschr` stands for `omschrijving`; two letters stand for too much, but for a whole word."""
    return short == long or (len(short) > 2 and long.startswith(short))


def is_other(heading: Heading) -> bool:
    """Whether a heading is known to be something that nobody asks for."""
    return _alike(heading.words, _others()) >= 0.9
