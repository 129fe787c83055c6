"""Cells as codes: EANs, read through what Excel and scanners do to them, and article numbers.

A code is repaired only where what is there proves what it must have been. Everything else stays as it is written, so that the
check `invalid-ean` finds it, and is told with what probably happened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from checks.gtin import LENGTHS, diagnose, gtin_number
from checks.onboarding.columns.field import words
from checks.onboarding.reading.cells import NONE, Read, cells, problems, together

#: What people write where there is no code.
_NO_CODE = frozenset(
    words(
        "geen, nvt, n.v.t., n.v.t, na, n/a, #n/a, #n/b, nb, n.b., none, null, nil, nihil, aucun, "
        "aucune, sans, -, --, ---, ., x, xx, xxx, ?, ??, /, onbekend, unknown, inconnu, keine, kein, "
        "leeg, vide, tbd, todo, ntb, n.t.b., geencode"
    )
)
_NO_CODE_WORDS = re.compile(
    r"(?:geen|pas de|sans|no|kein(?:e|en)?) (?:ean|code|barcode|gtin|code barres?)(?:[- ]?code)?"
)
#: Digits that a finger on one key, or along the row, gives.
_ROW = "12345678901234"
_EXAMPLES = ("1234567890005", "5012345678900")

_PREFIX = r"(?i)^(?:ean|gtin|upc|barcode)(?:[- ]?(?:code|8|12|13|14))?\s*[:.\-]?\s+|^'+|'+$"
_PARTS = re.compile(r"[;,/|+\s]+")
_ROUNDED = r"^[1-9]\d{2,5}0{8,}$"
_SHORT = r"^\d{9,11}$"
#: An American code of twelve digits that lost its first zero.
_UPC = r"^\d{11}$"
_FULL = r"^(?:\d{8}|\d{12,14})$"
_NOTHING = r"^[^\s\S]$"

#: What it takes to prove lost zeros: so many distinct short codes, such a part of them; or so many other codes.
_SEVERAL, _NEARLY_ALL, _MANY = 3, 0.8, 10

_AS_TEXT = "Format the column as text, or as a number without decimals, and export again: the digits cannot be told from this."


class _Reading(NamedTuple):
    ean: str | None
    kind: str
    message: str


def gtins(text: pl.Series) -> Read:
    """Codes as they would be sent: String, valid ones as they are written.

    Repaired and told: spaces, dashes, dots and `.0` that do not belong; a GS1-128 scan (`(01)0540...`, `]C101...`); leading
    zeros that were lost, where the check digit proves it; of several codes in a cell the first valid one. Placeholders (`geen`,
    `0`, `9999999999999`) are null. What cannot be known (`8,71E+12`, a wrong check digit) stays as it is, and is told.

    One code in ten passes the check digit by chance. So lost zeros are proved only where three or more distinct codes of 9 to
    11 digits are there and four in five of them pass. One or two alone are proved where all pass, have 11 digits (one zero of
    an American code is lost, as Excel does it) and four in five of ten or more other codes in the column are right: who writes
    EANs there writes no numbers of the house. Codes of 8 digits and less would be GTIN-8 that begin with zero, which GS1
    gives to nobody: they are numbers of a shop.
    """
    judged = cells(text)
    bare = pl.col("written").str.replace(_PREFIX, "").str.replace(r"^(\d+)[.,]0+$", "$1")
    judged = judged.with_columns(bare=bare)
    judged = judged.with_columns(
        valid=gtin_number(pl.col("bare")).is_not_null(),
        zeros=pl.when(pl.col("bare").str.contains(_SHORT)).then(
            gtin_number(pl.col("bare").str.zfill(14)).is_not_null()
        ),
        rounded=pl.col("bare").str.contains(_ROUNDED),
    )
    good = pl.col("valid") & ~pl.col("rounded") & ~_placeholder_digits(pl.col("bare"))
    strange = judged.filter(pl.col("written").is_not_null() & ~good)
    found = _readings(strange, _proved(judged))
    judged = judged.join(found, on="written", how="left", maintain_order="left")
    value = pl.when(pl.col("kind").is_not_null()).then("ean").when(good).then("bare")
    judged = judged.with_columns(value=value)
    tidied = pl.col("kind").is_null() & (pl.col("bare") != pl.col("written"))
    told = judged.filter(pl.col("kind").is_not_null()).select(
        "at",
        "kind",
        "written",
        read_as=pl.when(pl.col("kind") == "repaired").then("ean").otherwise(NONE),
        message="message",
    )
    plain = problems(
        judged,
        tidied.fill_null(False),
        "repaired",
        pl.format("EAN '{}' has signs that are not digits; without them it is {}.", "written", "value"),
        pl.col("value"),
    )
    return Read(judged["value"], together(told, plain))


def _placeholder_digits(bare: pl.Expr) -> pl.Expr:
    """All the same digit, the keys of a keyboard in a row (with any check digit), or an example of the standard."""
    core = bare.str.strip_chars_start("0")
    row = [_ROW[:size] for size in range(6, len(_ROW) + 1)]
    same = pl.any_horizontal(bare == digit * size for digit in "0123456789" for size in LENGTHS)
    return same | core.str.head(-1).is_in(row) | bare.is_in(_EXAMPLES)


def _proved(judged: pl.DataFrame) -> str:
    """The pattern of codes whose lost zeros are proved by the column they stand in; see `gtins`."""
    distinct = judged.filter(pl.col("written").is_not_null()).unique("bare")
    short = distinct.filter(pl.col("zeros").is_not_null())
    passing = int(short["zeros"].sum())
    if short.height >= _SEVERAL and passing >= _NEARLY_ALL * short.height:
        return _SHORT
    full = distinct.filter(pl.col("bare").str.contains(_FULL))["valid"]
    few = 0 < short.height == passing < _SEVERAL
    return _UPC if few and full.len() >= _MANY and int(full.sum()) >= _NEARLY_ALL * full.len() else _NOTHING


def _readings(strange: pl.DataFrame, proved: str) -> pl.DataFrame:
    """Columns written, ean, kind, message: each distinct code that is not simply valid, looked at one at a time."""
    distinct = strange.select("written", "bare").unique("written", maintain_order=True)
    found = [(written, *_reading(bare or "", proved)) for written, bare in distinct.iter_rows()]
    schema = {"written": pl.String, "ean": pl.String, "kind": pl.String, "message": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def _reading(code: str, proved: str) -> _Reading:
    if _is_placeholder(code):
        return _Reading(None, "missing", f"'{code}' stands for no code: it is read as empty.")
    if re.fullmatch(_ROUNDED, code):
        return _Reading(
            code,
            "unreadable",
            f"EAN {code} ends in zeros as a code does that a spreadsheet rounded. {_AS_TEXT}",
        )
    several = _several(code)
    if several is not None:
        return several
    said = diagnose(code)
    if said.gtin is not None and said.certain:
        return _Reading(said.gtin, "repaired", said.text)
    if said.gtin is not None and said.reason == "lost-zeros" and re.fullmatch(proved, code):
        return _Reading(said.gtin, "repaired", f"EAN {code} has lost its leading zeros: it is {said.gtin}.")
    if said.reason == "scientific-notation":
        return _Reading(code, "unreadable", f"{said.text} {_AS_TEXT}")
    if said.reason == "lost-zeros":
        doubt = "But it may as well be a number of your own: nothing else in the column proves it."
        return _Reading(code, "unreadable", f"{said.text} {doubt} It is left as it is.")
    return _Reading(code, "unreadable", f"{said.text} It is left as it is.")


def _is_placeholder(code: str) -> bool:
    plain = code.casefold().strip()
    if plain in _NO_CODE or _NO_CODE_WORDS.fullmatch(plain):
        return True
    if not (plain.isascii() and plain.isdigit()):
        return False
    core = plain.lstrip("0")
    return len(set(plain)) == 1 or (len(core) > 6 and _ROW.startswith(core[:-1])) or plain in _EXAMPLES


def _several(code: str) -> _Reading | None:
    """Several codes in one cell, at least one of them valid."""
    parts = [part for part in _PARTS.split(code) if part]
    if len(parts) < 2 or any(len(part) < 8 or not (part.isascii() and part.isdigit()) for part in parts):
        return None
    valid = [part for part in parts if diagnose(part).reason == "valid"]
    if not valid:
        return None
    others = ", ".join(part for part in parts if part != valid[0])
    if not others:
        return _Reading(valid[0], "repaired", f"EAN {valid[0]} stands in the cell more than once.")
    return _Reading(
        valid[0], "repaired", f"The cell holds {len(parts)} codes: {valid[0]} is taken. Also there: {others}."
    )


def codes(text: pl.Series) -> Read:
    """Article and client numbers: text as it stands, without the `.0` of a spreadsheet and the apostrophe before a text.

    Where some codes have other digits behind a point, `.0` belongs to them and stays.
    """
    judged = cells(text)
    written = pl.col("written")
    dotted = judged.filter(written.str.contains(r"^\d+[.,]\d+$"))["written"]
    spoilt = bool(dotted.len()) and bool(dotted.str.contains(r"^\d+[.,]0$").all())
    value = written.str.replace(r"^'+", "").str.replace_all(r"[\p{Cc}\p{Cf}]+", " ").str.strip_chars()
    if spoilt:
        value = value.str.replace(r"^(\d+)[.,]0$", "$1")
    judged = judged.with_columns(value=value).with_columns(pl.when(pl.col("value") != "").then("value"))
    lost = pl.col("value").str.contains(r"^\d[.,]\d+[eE]\+\d{1,2}$")
    return Read(
        judged["value"],
        together(
            problems(
                judged,
                pl.col("value").ne_missing(written),
                "repaired",
                pl.format("'{}' has signs that a spreadsheet added.", "written"),
                pl.col("value"),
            ),
            problems(
                judged,
                lost,
                "unreadable",
                pl.format(f"'{{}}' is Excel's scientific notation. {_AS_TEXT}", "written"),
            ),
        ),
    )
