"""Cells as names and texts: what programs left in them is taken out, what people wrote stays."""

from __future__ import annotations

import html
from collections.abc import Callable

import polars as pl

from checks.onboarding.reading.cells import Read, cells, problems

_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_BREAK = r"(?i)<br\s*/?>"
_TAG = r"(?i)</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|table|td|tr|u|ul)(?:\s[^<>]{0,200})?/?>"
#: Control and format characters, but for the soft ones that scripts need.
_CONTROL = r"[\p{Cc}\p{Cf}\x{FFFE}\x{FFFF}--[\t\r\n\x{200C}\x{200D}]]"
_TWICE = r"[ÂÃ][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€"


def texts(text: pl.Series, *, lines: bool = False) -> Read:
    """Names without control characters, double spaces, HTML signs (`&amp;`) and letters read twice (`CafÃ©`).

    What was more than white space is told as repaired.

    Args:
        lines: whether line breaks stay, as in a description; in a name they become a space.
    """
    judged = cells(text)
    judged = judged.with_columns(value=pl.col("written"))
    judged = _each(judged, _TWICE, _meant)
    judged = _each(judged, _ENTITY, html.unescape)
    value = (
        pl.col("value")
        .str.replace_all(_BREAK, "\n")
        .str.replace_all(_TAG, " ")
        .str.replace_all(_CONTROL, "")
        .str.replace_all(r"\r\n?", "\n")
    )
    value = (
        value.str.replace_all(r"[^\S\n]+", " ").str.replace_all(r" ?\n[\n ]*", "\n")
        if lines
        else value.str.replace_all(r"\s+", " ")
    ).str.strip_chars()
    judged = judged.with_columns(value=value).with_columns(pl.when(pl.col("value") != "").then("value"))
    spaced = pl.col("written").str.replace_all(r"\s+", " ")
    changed = pl.col("value").str.replace_all(r"\s+", " ").ne_missing(spaced)
    return Read(
        judged["value"],
        problems(
            judged,
            changed,
            "repaired",
            pl.when(pl.col("value").is_null())
            .then(pl.lit("There was nothing in it but signs that no one sees: it is read as empty."))
            .otherwise(pl.lit("Signs that a program left in the text were taken out or put right.")),
            pl.col("value"),
        ),
    )


def _each(judged: pl.DataFrame, pattern: str, change: Callable[[str], str]) -> pl.DataFrame:
    """Changes the distinct values that hold `pattern`, one at a time: they are few."""
    found = judged.filter(pl.col("value").str.contains(pattern)).get_column("value").unique()
    if found.is_empty():
        return judged
    new = pl.Series([change(value) for value in found.to_list()], dtype=pl.String)
    return judged.with_columns(pl.col("value").replace(found, new))


def _meant(text: str) -> str:
    """UTF-8 that was read as cp1252, read as what it is; as it stands where that does not hold."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
