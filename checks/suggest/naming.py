"""When two names mean one thing: without case, accents, punctuation and legal forms, or nearly so."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from rapidfuzz import fuzz, process


def may_hold(text: pl.Expr, words: list[str]) -> pl.Expr:
    """Boolean: could `plain(text)` have one of these plain words? Taking texts apart costs most, and this tells which need be."""
    if not words:
        return pl.lit(False)
    strange = text.str.len_bytes() != text.str.len_chars()  # an accent may hide a word
    return text.str.contains_any(words, ascii_case_insensitive=True) | strange


def alike(names: Sequence[str], entries: Sequence[str]) -> pl.DataFrame:
    """How much names are like entries, both `folded`.

    The mean of two measures lets a word more or less pass (`Frigo Est` for `Groothandel Frigo Est`); those that match
    any part of a longer name (rapidfuzz' WRatio) find `eve` in `Oude Hoeve` and are left alone.

    Returns columns name, entry (UInt32 positions in the arguments) and percent (Float64, from 70; 100 is the same
    but for spaces).
    """
    found = []
    joined = [entry.replace(" ", "") for entry in entries]
    for at, name in enumerate(names):
        sorted_ = process.cdist([name], entries, scorer=fuzz.token_sort_ratio)[0]
        shared = process.cdist([name], entries, scorer=fuzz.token_set_ratio)[0]
        letters = process.cdist([name.replace(" ", "")], joined, scorer=fuzz.ratio)[0]
        found.append(
            pl.select(
                name=pl.lit(at, pl.UInt32).repeat_by(len(entries)).explode(),
                entry=pl.int_range(len(entries), dtype=pl.UInt32),
                sorted=pl.Series(sorted_),
                shared=pl.Series(shared),
                letters=pl.Series(letters),
            )
        )
    schema = {"name": pl.UInt32, "entry": pl.UInt32, "percent": pl.Float64}
    if not found:
        return pl.DataFrame(schema=schema)
    # Other words in another order are not the same name, however many letters they share.
    likeness = pl.max_horizontal(
        pl.col("letters"),
        pl.min_horizontal(pl.max_horizontal("sorted", (pl.col("sorted") + pl.col("shared")) / 2), 99),
    )
    return (
        pl.concat(found)
        .select("name", "entry", percent=likeness.cast(pl.Float64))
        .filter(pl.col("percent") >= 70)
    )
