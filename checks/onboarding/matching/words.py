"""Which words of the central list a word of an own name may stand for: itself, cut off, abbreviated or mistyped.

Names are compared word by word first, because there are far fewer different words than pairs of names.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from checks.progress import Progress

#: What programs write for a word, plain; the list is of trade words whose letters alone do not tell it.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "choc": ("chocolade", "chocolat", "chocolate"),
    "choco": ("chocolade", "chocolat", "chocolate"),
    "vm": ("volle", "melk"),
    "hv": ("halfvolle",),
    "mag": ("magere", "maigre"),
    "sin": ("sinaasappel",),
    "sinas": ("sinaasappel",),
    "nat": ("natuur", "nature", "naturel"),
    "ger": ("gerookt", "gerookte", "geraspt", "geraspte"),
    "gem": ("gemalen", "gemengd", "gemengde"),
    "gesn": ("gesneden",),
    "gepl": ("gepeld", "gepelde"),
    "oo": ("olijfolie",),
    "ev": ("extra", "vierge"),
    "rd": ("rood", "rode"),
    "zw": ("zwart", "zwarte"),
    "pdt": ("pommes", "terre"),
    "fr": ("frais", "fraiche", "verse"),
    "pt": ("petit", "petite"),
    "gd": ("grand", "grande"),
    "vl": ("vloeibaar", "vloeibare"),
    "ass": ("assortiment", "assorti"),
    "bio": ("biologisch", "biologische", "biologique", "organic"),
}

#: Central words that one own word may stand for, at most; the likeliest.
_MOST = 40
_ABBREVIATED = 0.9
_SKELETON = 0.8
_TYPO = 0.75  # likeness from which another spelling is a typo
_RARE = 3  # an own word that so few central products have may be a typo of another
_SCHEMA = {"word": pl.String, "term": pl.String, "likeness": pl.Float32}


def meanings(words: pl.Series, terms: pl.DataFrame, progress: Progress | None = None) -> pl.DataFrame:
    """What each own word may stand for.

    Args:
        words: different plain words of the own names.
        terms: term (the different words of the central names) and products (how many have it).

    Returns:
        Columns word, term and likeness (0..1; 1 is the same word), at most 40 a word, the likeliest.
    """
    own = pl.DataFrame({"word": words})
    known = own.join(terms, left_on="word", right_on="term", how="left", maintain_order="left")
    same = own.join(terms.select(term="term", word="term"), on="word")
    unsure = known.filter(
        (pl.col("products").fill_null(0) <= _RARE)
        & (pl.col("word").str.len_chars() >= 4)
        & ~_has_digit("word")
    )
    found = [
        same.select("word", "term", likeness=pl.lit(1.0, pl.Float32)),
        *_cut(own, terms),
        _abbreviated(own, terms),
        _skeletons(own, terms),
        *_typos(unsure["word"], terms, progress or Progress()),
    ]
    each = pl.concat(
        [frame.select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items()) for frame in found]
    )
    return (
        each.group_by("word", "term")
        .agg(pl.col("likeness").max())
        .join(terms, on="term")
        .sort("word", "likeness", "products", "term", descending=[False, True, True, False])
        .group_by("word", maintain_order=True)
        .head(_MOST)
        .select(*_SCHEMA)
    )


def _cut(own: pl.DataFrame, terms: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Words that are the beginning of a longer one: `choc` of `chocolade`; or the other way round: `wafels` of `wafel`."""
    lettered = terms.filter(~_has_digit("term")).with_columns(size=pl.col("term").str.len_chars())
    mine = own.filter(~_has_digit("word")).with_columns(size=pl.col("word").str.len_chars())
    for size in range(3, 13):
        longer = lettered.filter(pl.col("size") > size).with_columns(start=pl.col("term").str.head(size))
        found = mine.filter(pl.col("size") == size).join(
            longer, left_on="word", right_on="start", suffix="_term"
        )
        # three letters begin many words: only those that are not much longer
        near = found if size > 3 else found.filter(pl.col("size_term") <= 9)
        yield near.select("word", "term", likeness=0.6 + 0.4 * size / pl.col("size_term"))
        if size >= 4:
            shorter = lettered.filter(pl.col("size") == size)
            whole = mine.filter((pl.col("size") > size) & (pl.col("size") <= 2 * size))
            back = whole.with_columns(start=pl.col("word").str.head(size)).join(
                shorter, left_on="start", right_on="term", suffix="_term", coalesce=False
            )
            yield back.select("word", "term", likeness=0.6 + 0.4 * size / pl.col("size"))


def _abbreviated(own: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    table = pl.DataFrame(
        [(short, term) for short, meant in ABBREVIATIONS.items() for term in meant],
        schema={"word": pl.String, "term": pl.String},
        orient="row",
    )
    return own.join(table, on="word").join(terms, on="term").with_columns(likeness=pl.lit(_ABBREVIATED))


def _skeletons(own: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Words without their vowels: `krpkk` of `kropkaak`."""
    bare = _skeleton("word")
    mine = own.filter((bare == pl.col("word")) & (pl.col("word").str.len_chars() >= 3) & ~_has_digit("word"))
    theirs = terms.filter(pl.col("term").str.len_chars() >= 4).with_columns(bones=_skeleton("term"))
    return mine.join(theirs, left_on="word", right_on="bones").with_columns(likeness=pl.lit(_SKELETON))


def _skeleton(column: str) -> pl.Expr:
    return pl.concat_str(
        pl.col(column).str.head(1), pl.col(column).str.slice(1).str.replace_all("[aeiouy]", "")
    )


def _typos(words: pl.Series, terms: pl.DataFrame, progress: Progress) -> Iterator[pl.DataFrame]:
    """Words that differ by a letter or two, swapped neighbours included (`OSA`); with words of about their length only."""
    sized = (
        terms.filter(~_has_digit("term"))
        .with_columns(size=pl.col("term").str.len_chars())
        .sort("size", "term")
    )
    lengths = words.str.len_chars()
    for size in sorted(lengths.unique().to_list()):
        wide = 1 if size < 8 else 2
        near = sized.filter(pl.col("size").is_between(size - wide, size + wide))["term"]
        mine = words.filter(lengths == size)
        choices = near.to_list()
        if not choices:
            continue
        for start in range(0, len(mine), 500):
            progress.check_stop()
            part = mine.slice(start, 500)
            scores = process.cdist(
                part.to_list(),
                choices,
                scorer=OSA.normalized_similarity,
                score_cutoff=_TYPO,
                dtype=np.float32,
                workers=-1,
            )
            rows, columns = np.nonzero(scores)
            yield pl.DataFrame(
                {"word": part.gather(rows), "term": near.gather(columns), "likeness": scores[rows, columns]}
            )


def _has_digit(column: str) -> pl.Expr:
    return pl.col(column).str.contains(r"\d")
