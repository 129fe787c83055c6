"""The best central products for an article that no code decides, for a person to judge."""

from __future__ import annotations

import polars as pl

from checks.onboarding.matching.candidates import Index, candidates, shared_of
from checks.onboarding.matching.names import Described
from checks.onboarding.matching.scores import evidence, scored, why
from checks.progress import Progress

#: Evidence below which nobody would call it alike; of true pairs with damaged names 1 in 3,000 has less.
_LEAST = -12.0
_SCHEMA = pl.Schema(
    {
        "item": pl.UInt32,
        "rank": pl.Int64,
        "score": pl.Float64,
        "product": pl.UInt32,
        "why": pl.String,
    }
)


def suggestions(
    items: pl.Series,
    doubted: pl.DataFrame,
    taken: pl.DataFrame,
    own: Described,
    central: Described,
    words: Index,
    most: int,
    progress: Progress,
) -> pl.DataFrame:
    """item, rank (from 1), score, product and why of the best `most` of each of `items`.

    Args:
        doubted: item, product and reason: what a code says comes first, with that reason as `why`.
        taken: product: those that are matched already, which are offered to nobody else unless doubted.
    """
    asked = doubted.filter(pl.col("item").is_in(items.implode())).unique(
        ["item", "product"], keep="first", maintain_order=True
    )
    found = [pl.DataFrame(schema=_SCHEMA)]
    done = 0
    for pairs in candidates(words, items):
        progress.check_stop()
        free = pairs.join(taken, on="product", how="anti").join(asked, on=["item", "product"], how="anti")
        codes = asked.join(pairs.select("item").unique(), on="item", how="semi")
        found.append(_best(free, codes, own, central, words, most))
        done += pairs["item"].n_unique()
        progress.step("matching", "suggestions", done, len(items))
    rest = asked.join(pl.concat(found).select("item").unique(), on="item", how="anti")
    none = pl.DataFrame(schema={"item": pl.UInt32, "product": pl.UInt32, "shared": pl.Float64})
    found.append(_best(none, rest, own, central, words, most))
    return pl.concat(found)


def _best(
    free: pl.DataFrame,
    codes: pl.DataFrame,
    own: Described,
    central: Described,
    words: Index,
    most: int,
) -> pl.DataFrame:
    pairs = pl.concat(
        [
            free.select("item", "product", pl.col("shared").cast(pl.Float64), reason=pl.lit(None, pl.String)),
            shared_of(words, codes).select("item", "product", pl.col("shared").cast(pl.Float64), "reason"),
        ]
    )
    weighed = scored(evidence(pairs, own, central))
    return (
        weighed.filter((pl.col("evidence") >= _LEAST) | pl.col("reason").is_not_null())
        .sort(
            pl.col("reason").is_null(),
            "evidence",
            "product",
            descending=[False, True, False],
        )
        .group_by("item", maintain_order=True)
        .head(most)
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("item"))
        .select("item", "rank", pl.col("score").round(4), "product", why=pl.coalesce("reason", why()))
        .cast(_SCHEMA)
        .sort("item", "rank")
    )
