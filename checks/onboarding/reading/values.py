"""Cells as numbers, percentages and yes or no, the way ERPs and spreadsheets write them.

Each function takes a column of texts and gives a `Read`: what cannot be read is null there and told, never guessed in silence.
"""

from __future__ import annotations

import polars as pl

from checks.onboarding.columns.field import words
from checks.onboarding.reading.cells import Read, cells, problems, together

#: What stands around a number and says nothing: blanks of every kind, the euro, thousands as the Swiss write them.
_AROUND = r"(?i)[\s\u00a0\u2007\u2009\u202f'’`]|[€%]|\beur(?:os?)?\b"
_PER_UNIT = r"(?i)(?:/|\bper\b|\bpar\b)\s*\p{L}+\.?$"

_PLAIN = r"^-?\d+$"
_MIXED = r"^-?\d{1,3}(?:\.\d{3})+,\d*$|^-?\d{1,3}(?:,\d{3})+\.\d*$"
_GROUPED = r"^-?\d{1,3}(?:\.\d{3}){2,}$|^-?\d{1,3}(?:,\d{3}){2,}$"
_DECIMAL = r"^-?\d*[.,]\d+$|^-?\d+[.,]$"
_AMBIGUOUS = r"^-?[1-9]\d{0,2}[.,]\d{3}$"
_SCIENTIFIC = r"^-?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}$"

BELGIAN_RATES = (0, 6, 12, 21)

_YES = words(
    "ja, j, yes, y, oui, o, si, true, waar, vrai, wahr, 1, x, v, actief, active, actif, aktiv, on, "
    "aan, a, ✓, ✔, ☑"
)
_NO = words(
    "nee, n, neen, no, non, nein, false, onwaar, faux, falsch, 0, -, inactief, inactive, inactif, "
    "inaktiv, off, uit, i, geblokkeerd, bloqué, blocked, ☐"
)
_MARKS = ["x", "v", "✓", "✔", "☑"]


def _bare(written: pl.Expr) -> pl.Expr:
    """The number without what stands around it: `€ 1.234,50-` is `-1.234,50`, `3,-` is `3`."""
    return (
        written.str.replace(_PER_UNIT, "")
        .str.replace_all(_AROUND, "")
        .str.replace_all("[−–]", "-")
        .str.replace(r"[.,]-+$", "")
        .str.replace(r"^\((.+)\)$", "-$1")
        .str.replace(r"^([^-].*)-$", "-$1")
        .str.replace(r"^\+", "")
    )


def _sign(bare: pl.Expr) -> pl.Expr:
    """The decimal sign that this number proves, null where it proves none."""
    last = bare.str.extract(r"([.,])[^.,]*$")
    other = pl.when(last == ",").then(pl.lit(".")).otherwise(pl.lit(","))
    decides = (bare.str.contains(_MIXED) | bare.str.contains(_DECIMAL)) & ~bare.str.contains(_AMBIGUOUS)
    return pl.when(decides).then(last).when(bare.str.contains(_GROUPED)).then(other)


def decimal_signs(text: pl.Series) -> dict[str, int]:
    """How many numbers of a column prove the comma, and how many the point, to be the decimal sign."""
    signs = cells(text).select(sign=_sign(_bare(pl.col("written")))).to_series().drop_nulls()
    return {sign: int((signs == sign).sum()) for sign in (",", ".")}


def numbers(text: pl.Series, *, decimal: str = ",", trusted: bool = False) -> Read:
    """Float64. The decimal sign is that of most values of the column that show one.

    `1.234` shows none: it is 1234 where the comma is the sign, 1.234 where the point is. Where the column does not decide, or
    is of two minds, such a value is told as doubtful.

    Args:
        decimal: the sign where the column shows none.
        trusted: whether `decimal` is certain (numbers of XLSX always have a point); then it is not told.
    """
    judged = cells(text).with_columns(bare=_bare(pl.col("written"))).with_columns(sign=_sign(pl.col("bare")))
    signs = judged.select(comma=(pl.col("sign") == ",").sum(), point=(pl.col("sign") == ".").sum()).row(0)
    comma, point = int(signs[0]), int(signs[1])
    usual = decimal if comma == point else "," if comma > point else "."
    doubted = (comma > 0 and point > 0) or (comma == point == 0 and not trusted)
    bare = pl.col("bare")
    used = pl.coalesce("sign", pl.lit(usual))
    thousands = (
        pl.when(used == ",")
        .then(bare.str.replace_all(".", "", literal=True))
        .otherwise(bare.str.replace_all(",", "", literal=True))
    )
    readable = (
        bare.str.contains(_PLAIN)
        | bare.str.contains(_MIXED)
        | bare.str.contains(_GROUPED)
        | bare.str.contains(_DECIMAL)
    )
    number = (
        pl.when(bare.str.contains(_SCIENTIFIC))
        .then(bare.str.replace(",", ".", literal=True))
        .when(readable)
        .then(thousands.str.replace(",", ".", literal=True).str.strip_suffix("."))
        .cast(pl.Float64, strict=False)
    )
    judged = judged.with_columns(value=number)
    judged = judged.with_columns(pl.when(pl.col("value").is_finite()).then("value"))
    bad = problems(
        judged,
        pl.col("value").is_null() & pl.col("written").is_not_null(),
        "unreadable",
        pl.format("'{}' is no number. It is read as empty.", pl.col("written")),
    )
    doubtful = problems(
        judged,
        bare.str.contains(_AMBIGUOUS) & doubted,
        "repaired",
        pl.format(
            "'{}' may have thousands or decimals: it is read as {}, and other values do not settle it. Look at it.",
            "written",
            "value",
        ),
        pl.col("value"),
    )
    return Read(judged["value"], together(bad, doubtful))


def integers(text: pl.Series, *, decimal: str = ",", trusted: bool = False) -> Read:
    """Int64; a number with something behind its decimal sign is not one."""
    read = numbers(text, decimal=decimal, trusted=trusted)
    judged = cells(text).with_columns(value=read.values)
    whole = (pl.col("value") % 1 == 0) & (pl.col("value").abs() < 1e15)
    bad = problems(
        judged, ~whole, "unreadable", pl.format("'{}' is no whole number. It is read as empty.", "written")
    )
    values = judged.select(pl.when(whole).then("value").cast(pl.Int64)).to_series()
    return Read(values.alias("value"), together(_elsewhere(read.problems, bad), bad))


def _elsewhere(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    return first.join(second, on="at", how="anti", maintain_order="left")


def percentages(text: pl.Series, *, rates: tuple[int, ...] = BELGIAN_RATES) -> Read:
    """Int64, VAT rates in per cent: `6%`, `6,00`, `6,000`, `BTW 6 %` and `0.06` (how a spreadsheet keeps 6 %) are 6.

    What is none of `rates` may be a code of the ERP: it is null and told.
    """
    judged = cells(text)
    stripped = pl.col("written").str.replace_all(r"(?i)%|\b(?:btw|tva|vat|mwst|ust|t\.?v\.?a\.?)\b|[:()]", "")
    # no rate has thousands: `21,000` is 21; with a fourth digit no sign is in doubt
    stripped = stripped.str.replace(r"^(\s*\d{1,3}[.,]\d{3})(\s*)$", "${1}0$2")
    read = numbers(judged.select(stripped).to_series(), decimal=".", trusted=True)
    percent = "%" if judged["written"].str.contains("%", literal=True).any() else ""
    value = pl.col("value")
    hundredth = (value > 0) & (value < 1) & ~pl.col("written").str.contains("%", literal=True)
    judged = judged.with_columns(value=read.values).with_columns(
        value=pl.when(hundredth).then((value * 100).round(6)).otherwise(value)
    )
    fits = value.is_in([float(rate) for rate in rates])
    known = ", ".join(map(str, rates))
    bad = problems(
        judged,
        pl.col("written").is_not_null() & ~fits.fill_null(False),
        "unreadable",
        pl.format(
            f"'{{}}' is no VAT rate ({known}{percent and ' %'}). Is it a code of the ERP? It is read as empty.",
            "written",
        ),
    )
    values = judged.select(pl.when(fits).then(value).cast(pl.Int64)).to_series()
    return Read(values.alias("value"), bad)


def flags(text: pl.Series) -> Read:
    """Boolean: `ja`, `oui`, `J`, `1`, `true`, `X`, `actief` and their opposites.

    In a column of nothing but marks (`X` or empty) an empty cell says no; else it says nothing.
    """
    judged = cells(text).with_columns(word=pl.col("written").str.to_lowercase().str.strip_chars(" ."))
    word = pl.col("word").str.replace(r"^([01])[.,]0+$", "$1")
    value = pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)
    judged = judged.with_columns(value=value)
    given = judged["word"].drop_nulls()
    if given.len() and given.is_in(_MARKS).all():
        judged = judged.with_columns(pl.col("value").fill_null(False))
    bad = problems(
        judged,
        pl.col("value").is_null() & pl.col("written").is_not_null(),
        "unreadable",
        pl.format("'{}' is neither yes nor no. It is read as empty.", "written"),
    )
    return Read(judged["value"].cast(pl.Boolean), bad)
