"""GTINs: are they valid, are two codes the same product, and what went wrong with a broken one.

A GTIN is 8, 12, 13 or 14 digits of which the last is a check digit. Leading zeros say nothing, so
`5400000000003`, `05400000000003` and the UPC-12 form of one code are one product: they are compared as
GTIN-14. A valid code is also one whole number; comparing these is several times faster than comparing texts,
so joins use `gtin_number`.

The expressions take any expression of strings and judge a million codes in a few hundredths of a second (one
cast to integer, then arithmetic). `diagnose` takes one code at a time: only for the few that are invalid.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import polars as pl

LENGTHS = (8, 12, 13, 14)

Reason = Literal[
    "valid",
    "placeholder",
    "not-digits",
    "scientific-notation",
    "gs1-128",
    "lost-zeros",
    "internal-code",
    "length",
    "check-digit",
    "extra-leading-digits",
    "extra-trailing-digits",
]

#: Of the commonest fault; placeholders: the code, its last digit, the last digit that would be right.
WRONG_CHECK_DIGIT = (
    "EAN {} has a wrong check digit: it ends in {}, and {} would be right; any of its digits may be mistyped."
)


def _u64(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


def _digits(code: pl.Expr) -> pl.Expr:
    """The code as a whole number when it is 8, 12, 13 or 14 ASCII digits, else null."""
    number = code.cast(pl.UInt64, strict=False)  # reads digits only, save for one leading "+"
    return pl.when(code.str.len_bytes().is_in(LENGTHS) & ~code.str.starts_with("+")).then(number)


def _weighted_sum(number: pl.Expr, heaviest: int) -> pl.Expr:
    """The digits' sum with weights 1 and 3 in turn, `heaviest` first from the right, right modulo 10.

    With q(k) the number without its last k digits, digit k is q(k) - 10 q(k+1); modulo 10 the second term is
    nothing, so the q(k) are summed instead of the digits: half the divisions.
    """
    total = _u64(0)
    for place in range(14):
        rest = number if place == 0 else number // _u64(10**place)
        total = total + (rest * _u64(3) if place % 2 == heaviest else rest)
    return total


def gtin_number(code: pl.Expr) -> pl.Expr:
    """The GTIN as UInt64, null unless `code` (String) is a valid GTIN-8, -12, -13 or -14.

    A code of zeros only is a placeholder, not a GTIN. Spaces and dashes make a code invalid; `diagnose` reads
    through.
    """
    number = _digits(code)
    return pl.when((number > 0) & (_weighted_sum(number, heaviest=1) % _u64(10) == 0)).then(number)


def gtin14(code: pl.Expr) -> pl.Expr:
    """The GTIN as a String of 14 digits, null unless `code` is a valid GTIN."""
    return gtin_number(code).cast(pl.String).str.zfill(14)


def is_valid(code: pl.Expr) -> pl.Expr:
    """Boolean: is it a valid GTIN? Null where there is no code (null, or nothing but spaces)."""
    return pl.when(has_code(code)).then(gtin_number(code).is_not_null())


def has_code(code: pl.Expr) -> pl.Expr:
    """Boolean, never null: is anything filled in?"""
    return (code.str.strip_chars() != "").fill_null(False)


def expected_check_digit(code: pl.Expr) -> pl.Expr:
    """The last digit (UInt64) that would make 8, 12, 13 or 14 digits a GTIN; null where there are none such."""
    body = _digits(code) // _u64(10)
    return (_u64(10) - _weighted_sum(body, heaviest=0) % _u64(10)) % _u64(10)


def is_restricted(code: pl.Expr) -> pl.Expr:
    """Boolean: a number that each shop may give out itself. Null unless a valid GTIN; see `is_restricted_number`."""
    return is_restricted_number(gtin_number(code))


def is_restricted_number(gtin: pl.Expr) -> pl.Expr:
    """`is_restricted` of what `gtin_number` gives: GS1 prefixes 02, 04, 20-29; GTIN-8 from 0 or 2.

    Such a number means another product in another shop, so it can never be central. A number below 10^8 is a
    GTIN-8: GS1 keeps the longer forms of those unused.
    """
    inside = gtin % _u64(10**13)  # without the packaging digit of a GTIN-14
    ranges = [
        (0, 10**7),
        (2 * 10**7, 3 * 10**7),
        *((start * 10**11, (start + 1) * 10**11) for start in (2, 4)),
    ]
    ranges.append((20 * 10**11, 30 * 10**11))
    return pl.any_horizontal(inside.is_between(_u64(low), _u64(end), closed="left") for low, end in ranges)


def check_digit(body: str) -> str:
    """The check digit that belongs behind `body` (digits), as GS1 computes it."""
    heavy = sum(map(int, body[-1::-2]))
    light = sum(map(int, body[-2::-2]))
    return str(-(3 * heavy + light) % 10)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with one code.

    Attributes:
        reason: a fixed word, one of `Reason`.
        text: a sentence for people.
        gtin: the code it must have been (8, 13 or 14 digits), where one can be told.
        certain: the whole code was read and its own check digit proves it. Otherwise `gtin` is a likely
            guess: one in ten codes passes the check digit by chance.
    """

    reason: Reason
    text: str
    gtin: str | None = None
    certain: bool = False


def diagnose(code: str) -> Diagnosis:
    """Why `code` is not a GTIN and, where it can be told, what it must have been."""
    if code.isascii() and code.isdigit():
        return _diagnose_digits(code)
    return _diagnose_signs(code)


def _holds(digits: str) -> bool:
    return check_digit(digits[:-1]) == digits[-1]


def _usual(digits: str) -> str:
    """A GTIN the way it is printed: 8 digits where it fits, 13 unless the packaging digit counts."""
    short = digits.lstrip("0")
    return short.zfill(8 if len(short) <= 8 else 13)


def _diagnose_digits(code: str) -> Diagnosis:
    if not code.strip("0"):
        return Diagnosis("placeholder", f"EAN {code} is zeros only: a placeholder, not a code.")
    size = len(code)
    if size in LENGTHS:
        if _holds(code):
            return Diagnosis("valid", f"EAN {code} is valid.", code, certain=True)
        return Diagnosis("check-digit", WRONG_CHECK_DIGIT.format(code, code[-1], check_digit(code[:-1])))
    if size > 14:
        return _diagnose_long(code)
    # Five digits or fewer would have lost three zeros or more: no such numbers are given out.
    if size > 5 and _holds(code):
        padded = _usual(code)
        return Diagnosis("lost-zeros", f"EAN {code} has lost its leading zeros: probably {padded}.", padded)
    if size <= 7:
        return Diagnosis(
            "internal-code", f"EAN {code} is a short number of {size} digits: a code of the shop's own."
        )
    return Diagnosis("length", f"EAN {code} has {size} digits; a GTIN has 8, 12, 13 or 14.")


def _diagnose_long(code: str) -> Diagnosis:
    found = _read_scan(code)
    if found is not None:
        return found
    ends: dict[str, Reason] = {}
    tried: tuple[tuple[str, Reason], ...] = (
        (code[:13], "extra-trailing-digits"),
        (code[-13:], "extra-leading-digits"),
        (code[:14], "extra-trailing-digits"),
        (code[-14:], "extra-leading-digits"),
    )
    for part, reason in tried:
        if part.strip("0") and _holds(part):
            ends.setdefault(_usual(part), reason)
    front = _usual(code[:13])
    if (
        len(code) in (15, 18) and front in ends
    ):  # the small add-on barcode of two or five digits was read along
        ends = {front: ends[front]}
    if len(ends) == 1:
        ((gtin, reason),) = ends.items()
        side = "behind" if reason == "extra-trailing-digits" else "in front of"
        return Diagnosis(reason, f"EAN {code} has extra digits {side} what is probably {gtin}.", gtin)
    return Diagnosis("length", f"EAN {code} has {len(code)} digits; a GTIN has 8, 12, 13 or 14.")


_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d*))?[eE]\+?(\d{1,2})")
_SEPARATORS = re.compile(r"[\s\-.,_/'\"\u200b-\u200f\ufeff]+")
_GTIN14 = re.compile(r"\d{14}", re.ASCII)
_FLOAT = re.compile(r"(\d+)[.,]0+")


def _diagnose_signs(code: str) -> Diagnosis:
    plain = unicodedata.normalize("NFKC", code).strip()
    scientific = _SCIENTIFIC.fullmatch(plain)
    if scientific:
        return _diagnose_scientific(code, scientific)
    decimal = _FLOAT.fullmatch(plain)
    joined = decimal[1] if decimal else _SEPARATORS.sub("", plain)
    long_number = joined.isascii() and joined.isdigit() and len(joined) > 14
    if long_number or plain.startswith(("]", "(")) or "\x1d" in plain:
        found = _read_scan(joined if long_number else plain)
        if found is not None:
            return found
    digits = "".join(re.findall(r"\d+", joined, re.ASCII))
    if len(digits) in LENGTHS and digits.strip("0") and _holds(digits):
        certain = digits == joined
        sure = "it is" if certain else "it is probably"
        text = f"EAN '{code.strip()}' has signs that are not digits; without them {sure} {digits}."
        return Diagnosis("not-digits", text, digits, certain)
    return Diagnosis("not-digits", f"EAN '{code.strip()}' has signs that are not digits.")


def _diagnose_scientific(code: str, parts: re.Match[str]) -> Diagnosis:
    shown = parts[1] + (parts[2] or "")
    size = int(parts[3]) + 1
    if len(shown) == size and size in LENGTHS and _holds(shown):
        text = f"EAN {code} is Excel's scientific notation; all digits are there: it is {shown}."
        return Diagnosis("scientific-notation", text, shown, certain=True)
    text = f"EAN {code} is Excel's scientific notation of a code of {size} digits: only {shown} is left, the rest is lost."
    return Diagnosis("scientific-notation", text)


def _read_scan(text: str) -> Diagnosis | None:
    """Reads a GS1-128 scan: `]C1010540...`, `(01)0540...(10)A1` or digits only; None if it is not one.

    Part (01) is the GTIN of the thing itself, (02) of what a pallet or box holds: that one is a guess.
    """
    # Here, not above: the import takes a tenth of a second, which few programs that use this module need.
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    bare = re.sub(r"^\][A-Za-z]\d", "", text).lstrip("\x1d")
    try:
        message = GS1Message.parse_hri(bare) if bare.startswith("(") else GS1Message.parse(bare)
    except ParseError:
        if (
            bare.startswith("01")
            and bare[2:16].strip("0")
            and _GTIN14.fullmatch(bare[2:16])
            and _holds(bare[2:16])
        ):
            gtin = _usual(bare[2:16])
            said = (
                f"EAN {bare} looks like a GS1-128 scan that was cut or altered; its GTIN is probably {gtin}."
            )
            return Diagnosis("gs1-128", said, gtin)
        return None
    for part in ("01", "02"):
        element = message.element_strings.get(ai=part)
        if element is not None and element.gtin is not None and element.value.strip("0"):
            gtin = _usual(element.value)
            whose = "its GTIN is" if part == "01" else "the goods inside, probably these, have GTIN"
            said = (
                f"EAN {message.as_hri()} is a GS1-128 scan of a whole label: {whose} {gtin}, part ({part})."
            )
            return Diagnosis("gs1-128", said, gtin, certain=part == "01")
    return None
