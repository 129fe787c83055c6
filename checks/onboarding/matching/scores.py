"""How likely an article is a certain central product, by name, brand and content.

The evidence of a pair is one number: names that are more alike, a brand or a content that is the same add to it, those
that contradict take from it. A score is a chance: the evidence weighed against that of all other candidates of the article,
and against "none of them".

The weights were fitted (conditional logit) on 6,000 articles made of real products, their names, brands and contents damaged
as article files have them, against a central list of 36,380 from which a third of the articles was missing, and rounded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from checks.onboarding.matching.content import compared
from checks.onboarding.matching.names import Described

_ALIKE = 17.0  # names, from nothing alike to the same
_SHARED = 6.0  # words in common, the rare ones more
_BRAND = {"same": 1.6, "other": -6.0}
_CONTENT = {"same": 2.8, "in all": 1.8, "near": -1.1, "pack": -1.1, "other": -3.5}
_NONE = 21.0  # "none of them"

#: Brands that are so much alike (per cent) are one: `Lindt` and `Lindt & Sprüngli`.
_ONE_BRAND = 88
#: A chance below which it says nothing that others fit as well.
_UNLIKELY = 0.02
#: Evidence that differs by less does not tell two products apart.
_AS_WELL = 0.5


def evidence(pairs: pl.DataFrame, own: Described, central: Described) -> pl.DataFrame:
    """Compares pairs closely.

    Args:
        pairs: item (of `own`), product (item of `central`), shared (0..1, see `candidates`).

    Returns:
        `pairs`, in their order, with alike (0..1: the names, in the languages in which they are most alike), brand (`same`,
        `other`; null: not told by both), content (as `compared` says it; null: not told by both) and evidence (above 0: more
        likely this one than none, if it were the only one).
    """
    numbered = pairs.with_row_index("pair")
    ours = own.sides.select("item", "brand", ours="content", own_said="said")
    theirs = central.sides.select(product="item", their_brand="brand", theirs="content", their_said="said")
    sides = numbered.join(ours, on="item", how="left", maintain_order="left").join(
        theirs, on="product", how="left", maintain_order="left"
    )
    alike = _alike(numbered, own, central)
    return (
        sides.select(*pairs.columns, "pair", brand=_same_brand(sides), content=compared("ours", "theirs"))
        .join(alike, on="pair", how="left", maintain_order="left")
        .drop("pair")
        .with_columns(pl.col("alike").fill_null(0.0))
        .with_columns(evidence=_weighed())
    )


def scored(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with score (0..1: the chance that it is this one) and as_well (how many others fit as well, of the best).

    The scores of an article add up to less than 1: what is missing is the chance that it is none of them.
    """
    best = pl.col("evidence").max()
    most = pl.max_horizontal(best.over("item"), 0.0)
    weight = (pl.col("evidence") - most).exp()
    level = pl.col("evidence") > best - _AS_WELL
    return pairs.with_columns(
        score=weight / (weight.sum().over("item") + (-most).exp()),
        as_well=pl.when(level.over("item")).then(level.sum().over("item").cast(pl.Int64) - 1).otherwise(0),
    )


def why() -> pl.Expr:
    """In short words, of columns that `evidence` and `scored` made: `same brand, name 92 % alike, same content`."""
    brand = pl.col("brand").replace_strict({"same": "same brand", "other": "other brand"}, default=None)
    content = pl.col("content").replace_strict(
        {
            "same": "same content",
            "in all": "as much in all, in other pieces",
            "near": "nearly the same content",
            "pack": "other number of pieces",
            "other": "other content",
        },
        default=None,
    )
    names = pl.format("name {} % alike", (pl.col("alike") * 100).floor().cast(pl.Int64))
    several = pl.col("as_well").clip(0, pl.when(pl.col("score") < _UNLIKELY).then(0))
    others = (
        pl.when(several == 1)
        .then(pl.lit("another one fits as well"))
        .when(several > 1)
        .then(pl.format("{} others fit as well", several))
    )
    return pl.concat_list(brand, names, content, others).list.drop_nulls().list.join(", ")


def _weighed() -> pl.Expr:
    shared = pl.col("shared").clip(0.0, 1.0)
    brand = pl.col("brand").replace_strict(_BRAND, default=0.0, return_dtype=pl.Float64)
    content = pl.col("content").replace_strict(_CONTENT, default=0.0, return_dtype=pl.Float64)
    return _ALIKE * pl.col("alike") + _SHARED * shared + brand + content - _NONE


def _alike(pairs: pl.DataFrame, own: Described, central: Described) -> pl.DataFrame:
    """pair and alike: the best of four measures and of all languages.

    Names are compared without their own brand, and with it in front, in whatever order of words; letter by letter without
    spaces (`kipfilet`, `kip filet`); and with as much of the central name as the own one has letters, for it may be cut off.
    """
    each = (
        pairs.select("pair", "item", "product")
        .join(own.names.select("item", "name", "bare", "full"), on="item")
        .join(
            central.names.select(product="item", their_name="name", their_bare="bare", their_full="full"),
            on="product",
        )
    )
    letters = each.select(
        own=pl.col("bare").str.replace_all(" ", ""), their=pl.col("their_bare").str.replace_all(" ", "")
    )
    cut = each.select(their=pl.col("their_name").str.head(pl.col("name").str.len_chars()))
    measures = [
        _measure(each["bare"], each["their_bare"], fuzz.token_sort_ratio),
        _measure(each["full"], each["their_full"], fuzz.token_sort_ratio),
        _measure(letters["own"], letters["their"], fuzz.ratio),
        _measure(each["name"], cut["their"], fuzz.ratio),
    ]
    best = pl.Series("alike", np.maximum.reduce(measures) / 100, dtype=pl.Float64)
    return each.select("pair").with_columns(best).group_by("pair").agg(pl.col("alike").max())


def _measure(ours: pl.Series, theirs: pl.Series, scorer: Callable[..., float]) -> np.ndarray:
    found: np.ndarray = process.cpdist(
        ours.to_list(), theirs.to_list(), scorer=scorer, dtype=np.float32, workers=-1
    )
    return found


def _same_brand(sides: pl.DataFrame) -> pl.Series:
    """`same`, `other` or null, of rows with brand, their_brand, own_said and their_said: a brand may stand in the other's name."""
    likeness = _measure(
        sides["brand"].fill_null(""), sides["their_brand"].fill_null(""), fuzz.token_set_ratio
    )
    both = pl.col("brand").is_not_null() & pl.col("their_brand").is_not_null()
    named = _stands_in("their_brand", "own_said") | _stands_in("brand", "their_said")
    return sides.select(
        pl.when(both & (pl.lit(pl.Series(likeness)) >= _ONE_BRAND) | named)
        .then(pl.lit("same"))
        .when(both)
        .then(pl.lit("other"))
    ).to_series()


def _stands_in(brand: str, said: str) -> pl.Expr:
    return pl.col(said).str.contains(pl.format(" {} ", brand), literal=True).fill_null(False)
