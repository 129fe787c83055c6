"""The entries of a large table that many names are most like, in seconds: 20,000 names against 22,000 brands.

Three looks find who may be alike: rapidfuzz over all letters (fast, and nothing like it is missed), rare words that two
names share, and words that are cut short (`Gastro Sélect.`). Only these pairs are then measured in full, as
`checks.suggest.naming.alike` measures.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from checks.progress import Progress

#: Below this, two names are alike by chance.
FLOOR = 0.70

_AT_ONCE = 512  # names: a block of scores against 22,000 entries takes 11 MB
_COMMON = 300  # a word in more entries than this tells little
_PAIRS = 40  # of one name by shared words
_SHORTEST = 4  # letters: less begins too many names
_BEGUN = 4  # words that may be cut short

_PAIR = {"name": pl.UInt32, "form": pl.UInt32}
_FOUND = {"name": pl.UInt32, "entry": pl.UInt32, "score": pl.Float64}


def nearest(
    names: pl.Series, forms: pl.DataFrame, *, most: int = 5, progress: Progress | None = None
) -> pl.DataFrame:
    """The entries that each name is most like.

    Args:
        names: String, as `folded` leaves them.
        forms: `entry` (UInt32) and `form` (String, folded): all that an entry is called, a row each.
        most: so many entries a name.
        progress: may stop it.

    Returns:
        name (UInt32, the position in `names`), entry and score (Float64, FLOOR..1; 1 is the same but for spaces), the best
        first, one row a pair.
    """
    called = forms.filter(pl.col("form") != "").with_row_index("at")
    given = names.to_frame("text").with_row_index("name").filter(pl.col("text") != "")
    if called.is_empty() or given.is_empty():
        return pl.DataFrame(schema=_FOUND)
    left, right = given.select("name", *_looks("text")), called.select(form="at", **_named_looks("form"))
    beginnings = _by_beginnings(left, right)
    pairs = pl.concat(
        [
            _by_letters(left, right, "letters", progress),
            _by_letters(left, right, "sorted", progress),
            _by_words(left, right),
            beginnings,
        ]
    ).unique()
    return (
        _measured(pairs, beginnings, left, right)
        .join(called.select(form="at", entry="entry"), on="form")
        .group_by("name", "entry")
        .agg(pl.col("score").max())
        .filter(pl.col("score") >= FLOOR)
        .sort("name", "score", "entry", descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("name") < most)
        .select(_FOUND.keys())
    )


def _named_looks(column: str) -> dict[str, pl.Expr]:
    words = pl.col(column).str.split(" ")
    return {
        "letters": pl.col(column).str.replace_all(" ", ""),
        "sorted": words.list.sort().list.join(" "),
        "words": words,
        "beginning": pl.col(column).str.head(3),
    }


def _looks(column: str) -> list[pl.Expr]:
    return [look.alias(name) for name, look in _named_looks(column).items()]


def _by_letters(
    left: pl.DataFrame, right: pl.DataFrame, look: str, progress: Progress | None
) -> pl.DataFrame:
    """Pairs whose letters are alike from FLOOR on. With the words sorted this is rapidfuzz' token_sort_ratio, only faster."""
    texts, entries = left[look].to_list(), right[look].to_list()
    found = [pl.DataFrame(schema=_PAIR)]
    for start in range(0, len(texts), _AT_ONCE):
        if progress is not None:
            progress.check_stop()
        block = process.cdist(
            texts[start : start + _AT_ONCE], entries, scorer=fuzz.ratio, score_cutoff=100 * FLOOR, workers=-1
        )
        rows, columns = block.nonzero()
        found.append(
            pl.DataFrame(
                {"name": left["name"].gather(rows + start), "form": right["form"].gather(columns)},
                schema=_PAIR,
            )
        )
    return pl.concat(found)


def _by_words(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs that share words which few entries have, those with the rarest first."""
    of_entries = right.select("form", word=pl.col("words").list.unique()).explode("word")
    rarity = of_entries.group_by("word").agg(weight=1 / pl.len()).filter(pl.col("weight") >= 1 / _COMMON)
    known = of_entries.join(rarity, on="word")
    return (
        left.select("name", word=pl.col("words").list.unique())
        .explode("word")
        .join(known, on="word")
        .group_by("name", "form")
        .agg(pl.col("weight").sum())
        .sort("name", "weight", "form", descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("name") < _PAIRS)
        .select(_PAIR.keys())
    )


def _by_beginnings(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs where each word of the name begins the entry's word in the same place; the entry may have more words."""
    short = left.filter(pl.col("letters").str.len_chars() >= _SHORTEST, pl.col("words").list.len() <= _BEGUN)
    both = short.select("name", "beginning", "words").join(
        right.select("form", "beginning", of_entry="words"), on="beginning"
    )
    begun = pl.all_horizontal(
        pl.col("of_entry")
        .list.get(place, null_on_oob=True)
        .str.starts_with(pl.col("words").list.get(place, null_on_oob=True))
        .fill_null(pl.col("words").list.len() <= place)
        for place in range(_BEGUN)
    )
    return both.filter(begun).select(_PAIR.keys())


def _measured(
    pairs: pl.DataFrame, beginnings: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame
) -> pl.DataFrame:
    """Adds score: letters in their order, or the same words in any order with some more or less (then never quite 1).
    `beginnings`: pairs of which the name is the entry's cut short; the more is cut, the less that says."""
    both = pairs.join(left, on="name").join(right, on="form", suffix="_of_entry").sort("name", "form")

    def scored(scorer: Any, look: str) -> pl.Series:
        scores = process.cpdist(
            both[look].to_list(), both[f"{look}_of_entry"].to_list(), scorer=scorer, workers=-1
        )
        return pl.Series(look, scores, pl.Float64)

    length = pl.col("letters").str.len_chars() / pl.col("letters_of_entry").str.len_chars()
    begun = both.join(
        beginnings.with_columns(begun=True), on=["name", "form"], how="left", maintain_order="left"
    )
    cut = begun.select(pl.when("begun").then(100 * (FLOOR + 0.15 * length)).otherwise(0.0)).to_series()
    letters = scored(fuzz.ratio, "letters")
    in_order = scored(fuzz.ratio, "sorted")
    shared = scored(fuzz.token_set_ratio, "sorted")
    return both.select(
        "name",
        "form",
        score=pl.max_horizontal(
            letters,
            cut,
            pl.min_horizontal(pl.max_horizontal(in_order, (in_order + shared) / 2), pl.lit(99.0)),
        )
        / 100,
    )
