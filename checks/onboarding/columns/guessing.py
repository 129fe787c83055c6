"""Guessing which heading stands for which field: the words of the heading and what its cells hold, weighed together."""

from __future__ import annotations

from typing import NamedTuple

from checks.onboarding.columns.evidence import Evidence, evidence_of, fit
from checks.onboarding.columns.field import Field
from checks.onboarding.columns.headings import Heading, is_other, likeness, read_headings
from checks.onboarding.columns.negation import says_no
from checks.onboarding.file.table import TableFile

#: What is less sure is no guess.
_LEAST = 0.52
#: Other headings about as sure are told.
_RIVAL = 0.15
#: A heading without the group over it: `Verkoopprijs` under `Prijzen`.
_IN_GROUP = 0.97
#: Words in a language that the heading does not say.
_OTHER_LANGUAGE = 0.85


class Guess(NamedTuple):
    heading: str
    certainty: float
    why: str


class _Pair(NamedTuple):
    heading: str
    field: Field
    certainty: float
    why: str


def guesses(table: TableFile, fields: tuple[Field, ...]) -> tuple[dict[str, Guess], dict[str, str]]:
    """Field name -> guess, and field name -> what to say of a field that has none."""
    seen = evidence_of(table)
    headings = _read(table, list(seen))
    pairs = [
        pair
        for heading, cells in seen.items()
        for field in fields
        if (pair := _pair(heading, headings[heading], cells, field)).certainty >= _LEAST
    ]
    chosen = _assigned(pairs)
    chosen |= _by_cells(table, fields, seen, headings, chosen)
    return _told(chosen, pairs), _notes(fields, chosen, pairs)


def _read(table: TableFile, names: list[str]) -> dict[str, tuple[Heading, ...]]:
    """Each heading as it is compared: the whole, then without the group in front of it."""
    whole = read_headings(names)
    own = read_headings([table.own.get(name, "") for name in names])
    return {
        name: (full, part) if part.words else (full,)
        for name, full, part in zip(names, whole, own, strict=True)
    }


def _pair(heading: str, words: tuple[Heading, ...], cells: Evidence, field: Field) -> _Pair:
    whole, *own = words
    if field.kind == "flag":  # `Niet` may be the group over `actief`
        own = [part for part in own if says_no(part.words) == says_no(whole.words)]
    alike = max(likeness(whole, field), *(_IN_GROUP * likeness(part, field) for part in own), 0.0)
    if alike and field.language and not whole.language and cells.language:
        alike *= 1.0 if cells.language == field.language else _OTHER_LANGUAGE
    suits, said = fit(field, cells) if alike else (0.0, "")
    how = "the heading says so" if alike >= _IN_GROUP else "the heading is like it"
    doubt = f", but {said}" if suits < 0.5 and said else f", {said}" if said else ""
    return _Pair(heading, field, round(alike * (0.55 + 0.45 * suits), 3), f"{how}{doubt}")


def _assigned(pairs: list[_Pair]) -> dict[str, _Pair]:
    """The surest pairs first; of two alike the one whose heading could not be anything else.

    `Naam` and `Omschrijving` both name an article; the second may also be its description.
    """
    chosen: dict[str, _Pair] = {}
    used: set[str] = set()

    def standing(pair: _Pair) -> tuple[float, float]:
        elsewhere = max(
            (
                other.certainty
                for other in pairs
                if other.heading == pair.heading
                and other.field.name != pair.field.name
                and other.field.name not in chosen
            ),
            default=0.0,
        )
        return pair.certainty, -elsewhere

    left = list(pairs)
    while left:
        best = max(left, key=standing)
        chosen[best.field.name] = best
        used.add(best.heading)
        left = [pair for pair in left if pair.heading not in used and pair.field.name not in chosen]
    return chosen


def _by_cells(
    table: TableFile,
    fields: tuple[Field, ...],
    seen: dict[str, Evidence],
    headings: dict[str, tuple[Heading, ...]],
    chosen: dict[str, _Pair],
) -> dict[str, _Pair]:
    """What no heading says and the cells do: for what is required or tells most."""
    names = {field.name: field for field in fields}
    used = {pair.heading for pair in chosen.values()}
    free = [
        name for name in table.rows.columns if name not in used and not any(map(is_other, headings[name]))
    ]
    found: dict[str, _Pair] = {}

    def take(name: str, heading: str, certainty: float, why: str) -> None:
        found[name] = _Pair(heading, names[name], certainty, why)
        free.remove(heading)

    if "ean" in names and "ean" not in chosen:
        codes = [name for name in free if seen[name].code > 0.8 and seen[name].filled > 0.2]
        if codes:
            take("ean", codes[0], 0.75, f"{seen[codes[0]].code:.0%} of its cells are EANs")
    number = "article_number" if "article_number" in names else "client_number"
    if number in names and number not in chosen:
        own = [
            name
            for name in free
            if seen[name].distinct == 1.0
            and seen[name].filled > 0.98
            and seen[name].words < 1.5
            and seen[name].length < 20
        ]
        own = [name for name in own if seen[name].code < 0.5]
        if own and table.rows.height > 1:
            take(number, own[0], 0.55, "each of its cells is there once")
    if "vat_percentage" in names and "vat_percentage" not in chosen:
        rates = [name for name in free if seen[name].rate == 1.0 and seen[name].filled > 0.8]
        rates = [name for name in rates if 1 < table.rows[name].n_unique() < 8]
        if len(rates) == 1:
            take("vat_percentage", rates[0], 0.55, "all its cells are VAT rates")
    if "name_nld" in names and not any(pair.field.group == "name" for pair in chosen.values()):
        texts = [
            name
            for name in free
            if seen[name].words >= 2 and seen[name].filled > 0.9 and seen[name].distinct > 0.8
        ]
        if texts:
            language = seen[texts[0]].language or "nld"
            take(f"name_{language}", texts[0], 0.55, "its cells are texts of several words")
    return found


def _told(chosen: dict[str, _Pair], pairs: list[_Pair]) -> dict[str, Guess]:
    told = {}
    taken = {pair.heading: pair.certainty for pair in chosen.values()}
    for name, pair in chosen.items():
        rivals = [
            other.heading
            for other in pairs
            if other.field.name == name
            and other.certainty > taken.get(other.heading, 0.0)
            and other.certainty > pair.certainty - _RIVAL
        ]
        also = f"; as well possible: {', '.join(rivals)}" if rivals else ""
        told[name] = Guess(pair.heading, pair.certainty, f"{pair.why}{also}")
    return told


def _notes(fields: tuple[Field, ...], chosen: dict[str, _Pair], pairs: list[_Pair]) -> dict[str, str]:
    """Of a field without a column: the headings that mean it and stand for something else already."""
    notes = {}
    for field in fields:
        if field.name not in chosen:
            others = [pair.heading for pair in pairs if pair.field.name == field.name]
            if others:
                notes[field.name] = f"{others[0]} may mean it, but is something else already"
    return notes
