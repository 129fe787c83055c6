"""What a wrong code may have been, from its own signs alone: as diagnosed, or with one mistake of typing undone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from checks.gtin import LENGTHS, check_digit, diagnose

#: How strongly a reason speaks for a code; those of one code are added up. The diagnosed code is always first.
DIAGNOSED, LOOKALIKE, CORRECTED, SWAPPED = 1000, 80, 40, 35

_SEPARATORS = re.compile(r"[\s\-.,_/'\"\u200b-\u200f\ufeff]+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d*))?[eE]\+?(\d{1,2})")

#: Letters that stand for digits in what was typed over or read by a machine.
_LOOKALIKES = {
    "O": "0",
    "D": "0",
    "Q": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "A": "4",
    "S": "5",
    "G": "6",
    "T": "7",
    "B": "8",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """A valid code in place of a wrong one. `certain` as a diagnosis is."""

    value: str
    why: str
    strength: int
    certain: bool = False


def repairs(code: str) -> Iterator[Repair]:
    """The diagnosed code, then what one mistake in the last digit, two swapped digits or a letter for a digit explains."""
    said = diagnose(code)
    if said.reason == "valid":
        return
    if said.gtin is not None:
        yield Repair(said.gtin, said.text.rstrip("."), DIAGNOSED, said.certain)
    digits = bare(code)
    if said.gtin is None and len(digits) > 14:
        yield from _cut(digits)
    if len(digits) not in LENGTHS or not digits.strip("0"):
        return
    if digits.isascii() and digits.isdigit():
        yield from _retyped(digits)
    elif not said.certain:
        yield from _without_letter(digits)


def bare(code: str) -> str:
    """The code without spaces, dashes and the like."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", code))


def _retyped(digits: str) -> Iterator[Repair]:
    right = check_digit(digits[:-1])
    if right == digits[-1]:
        return
    yield Repair(digits[:-1] + right, f"its check digit would be {right} instead of {digits[-1]}", CORRECTED)
    for at, (first, second) in enumerate(pairwise(digits)):
        swapped = f"{digits[:at]}{second}{first}{digits[at + 2 :]}"
        if first != second and check_digit(swapped[:-1]) == swapped[-1]:
            yield Repair(
                swapped, f"digits {at + 1} and {at + 2} swapped: {second}{first} for {first}{second}", SWAPPED
            )


def _cut(digits: str) -> Iterator[Repair]:
    """Of a code that is too long, both ends may be a GTIN: then nobody can tell which."""
    for size in (13, 14):
        for part, side in ((digits[:size], "behind"), (digits[-size:], "in front of")):
            if part.isascii() and part.isdigit() and part.strip("0") and check_digit(part[:-1]) == part[-1]:
                yield Repair(part, f"there may be extra digits {side} it", CORRECTED)


def _without_letter(code: str) -> Iterator[Repair]:
    """Of one letter among digits the check digit tells which digit it was."""
    strange = [at for at, sign in enumerate(code) if not (sign.isascii() and sign.isdigit())]
    if len(strange) != 1:
        return
    (at,) = strange
    for digit in "0123456789":
        whole = f"{code[:at]}{digit}{code[at + 1 :]}"
        if check_digit(whole[:-1]) == whole[-1]:
            alike = _LOOKALIKES.get(code[at].upper()) == digit
            yield Repair(
                whole, f"only {digit} fits in the place of {code[at]}", LOOKALIKE if alike else CORRECTED
            )


def one_away(code: str) -> set[str]:
    """Codes of a GTIN's length that differ in one digit, or by one digit more or less; not only valid ones."""
    digits = bare(code)
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        return set()
    places = range(len(digits) + 1)
    more = {f"{digits[:at]}{digit}{digits[at:]}" for at in places for digit in "0123456789"}
    other = {f"{digits[:at]}{digit}{digits[at + 1 :]}" for at in places[:-1] for digit in "0123456789"}
    less = {digits[:at] + digits[at + 1 :] for at in places[:-1]}
    return {one for one in more | other | less if len(one) in LENGTHS} - {digits}


def is_scientific(code: str) -> bool:
    """Is it Excel's scientific notation?"""
    return _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", code).strip()) is not None


def fits(code: str, gtin: str) -> bool:
    """Is `code` what Excel's scientific notation leaves of `gtin`, `8,43E+12` of `8431876106442`?"""
    parts = _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", code).strip())
    number = gtin.lstrip("0")
    if parts is None or len(number) != int(parts[3]) + 1:
        return False
    shown = parts[1] + (parts[2] or "")
    unit: int = 10 ** max(len(number) - len(shown), 0)
    return abs(int(number) - int(shown) * unit) * 2 <= unit
