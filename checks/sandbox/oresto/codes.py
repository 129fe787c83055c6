"""Article codes: makes new ones that are unique, and the wrong ones people type.

Small on purpose and without any rule's code: the planted truth must not come from the thing it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random

#: Kinds of codes that `CodeMint.invalid` makes.
INVALID_KINDS = (
    "letters",
    "wrong-length",
    "check-digit",
    "excel-scientific",
    "lost-leading-zeros",
    "gs1-128",
    "shop-internal",
)


def check_digit(body: str) -> str:
    """The GS1 check digit behind `body` (all digits but the last)."""
    digits = body.encode("ascii")  # sums of bytes are quick, and "0" is the byte 48
    odd, even = digits[-1::-2], digits[-2::-2]
    return str(-(3 * (sum(odd) - 48 * len(odd)) + sum(even) - 48 * len(even)) % 10)


def is_valid(code: str) -> bool:
    """True for a GTIN-8, -12, -13 or -14 with the right check digit."""
    return (
        code.isascii()
        and code.isdigit()
        and len(code) in (8, 12, 13, 14)
        and check_digit(code[:-1]) == code[-1]
    )


def as_gtin14(code: str | None) -> str | None:
    """The code in fourteen digits, None unless it is a valid GTIN: two forms of one code are equal here."""
    return code.zfill(14) if code and is_valid(code) else None


def is_restricted(code: str) -> bool:
    """True for a valid GTIN from the ranges that shops hand out themselves: 02, 04 and 20-29, or a GTIN-8 with 0 or 2."""
    if not is_valid(code):
        return False
    if len(code) == 8:
        return code[0] in "02"
    prefix = code.zfill(14)[1:3]
    return prefix in ("02", "04") or prefix[0] == "2"


class CodeMint:
    """Gives each code once, and none that is in `taken` (GTIN-14s)."""

    def __init__(self, rng: Random, brand_ids: Collection[int], taken: Collection[str] = ()) -> None:
        self._rng = rng
        self._taken = taken
        self._spare = iter(rng.sample(range(5_400_000, 5_500_000), len(brand_ids) + 500))
        self._prefixes = {id_: next(self._spare) for id_ in brand_ids}
        self._next = {id_: rng.randrange(100_000) for id_ in brand_ids}
        self._given = dict.fromkeys(brand_ids, 0)
        self._short = 0
        self._restricted = 0
        self._foreign = 0

    def gtin13(self, brand: int) -> str:
        """A Belgian or Luxembourg GTIN-13 (540-549) of this brand."""
        while True:
            number = self._next[brand] = (self._next[brand] + 61) % 100_000
            self._given[brand] += 1
            if self._given[brand] % 100_000 == 0:  # its range is used up: it buys another
                self._prefixes[brand] = next(self._spare)
            body = f"{self._prefixes[brand]}{number:05d}"
            code = body + check_digit(body)
            if not self._taken or "0" + code not in self._taken:
                return code

    def carton(self, unit: str | None, brand: int) -> str:
        """The GTIN-14 of a carton around this unit's GTIN-13; one of its own where that cannot be."""
        if unit and len(unit) == 13 and unit.startswith("54"):
            body = "1" + unit[:-1]
            code = body + check_digit(body)
            if code not in self._taken:
                return code
        return self.gtin13(brand)

    def gtin8(self) -> str:
        """A Belgian GTIN-8."""
        while True:
            self._short += 1
            body = f"54{self._short:05d}"
            if f"{body}{check_digit(body)}".zfill(14) not in self._taken:
                return body + check_digit(body)

    def gtin12(self) -> str:
        """An American UPC-12 (its GTIN-13 starts with 07)."""
        while True:
            self._foreign += 1
            body = f"71{self._foreign:09d}"
            if f"{body}{check_digit(body)}".zfill(14) not in self._taken:
                return body + check_digit(body)

    def restricted(self, kind: int) -> str:
        """A code of the in-store ranges: prefix 02, 04 or 20-29, or a GTIN-8 that starts with 2 or 0."""
        starts = ("21", "28", "02", "04", "20", "29", "23")
        while True:
            self._restricted += 1
            if kind % 8 == 7:
                body = f"{'20'[self._restricted % 2]}{self._restricted:06d}"
            else:
                body = f"{starts[kind % 8]}{self._restricted:010d}"
            if f"{body}{check_digit(body)}".zfill(14) not in self._taken:
                return body + check_digit(body)

    def invalid(self, kind: str, brand: int) -> str:
        """A wrong code of one of `INVALID_KINDS`, from a right one that no product has."""
        makers: dict[str, Callable[[str], str]] = {
            "letters": self._with_letter,
            "wrong-length": lambda code: (
                code[: self._rng.choice((9, 10, 11))] if self._rng.random() < 0.6 else code + "00"
            ),
            "check-digit": lambda code: code[:-1] + str((int(code[-1]) + self._rng.randint(1, 9)) % 10),
            "excel-scientific": lambda code: f"{code[0]},{code[1:3]}E+12",
            "lost-leading-zeros": lambda code: self._without_zeros(),
            "gs1-128": self._scanned,
            "shop-internal": lambda code: self._rng.choice(("PLU {}", "INT-{}", "{}", "ART {}")).format(
                code[8:12]
            ),
        }
        while True:
            code = makers[kind](self.gtin13(brand))
            if not is_valid(code):
                return code

    def _with_letter(self, code: str) -> str:
        at = self._rng.randrange(3, 11)
        return code[:at] + self._rng.choice("OIBX") + code[at + 1 :]

    def _without_zeros(self) -> str:
        self._foreign += 1
        body = f"003{self._foreign:09d}"
        return (body + check_digit(body)).lstrip("0")

    def _scanned(self, code: str) -> str:
        gtin, best_before, lot = (
            "0" + code,
            f"27{self._rng.randint(1, 12):02d}15",
            f"L{self._rng.randint(1000, 9999)}",
        )
        if self._rng.random() < 0.5:
            return f"(01){gtin}(15){best_before}(10){lot}"
        return f"01{gtin}15{best_before}10{lot}"
