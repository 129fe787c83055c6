"""Which few central products an article may be at all: those that share its rarest words, found word by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import polars as pl

from checks.onboarding.matching.names import Described
from checks.onboarding.matching.words import meanings
from checks.progress import Progress

#: Central products looked at closely for each article.
CANDIDATES = 40

#: Central products that the words of one article may lead to before the commonest of them are left out.
_REACH = 6_000
#: Pairs of article and product in one pass: about 400 MB.
_PAIRS = 6_000_000
#: What the same content counts, as a share of the whole name.
_SAME_CONTENT = 0.25


@dataclass(frozen=True)
class Index:
    """The words of both sides, numbered.

    Attributes:
        own: item, word (UInt32), weight (Float32: how much a word tells), reach (how many central products it leads to).
        leads: word, term (UInt32), likeness.
        postings: term, product (the central items that have it).
        sizes: product, size (Float32: what all its words weigh), content (Int64 key).
        contents: item, content (Int64 key).
    """

    own: pl.DataFrame
    leads: pl.DataFrame
    postings: pl.DataFrame
    sizes: pl.DataFrame
    contents: pl.DataFrame


def index(own: Described, central: Described, progress: Progress) -> Index:
    """Numbers the words of both sides and finds what the own ones may stand for."""
    theirs, ours = _words(central), _words(own)
    terms = theirs.group_by("word").agg(products=pl.len()).sort("word").rename({"word": "term"})
    leads = meanings(ours["word"].unique().sort(), terms, progress)
    numbered = terms.with_row_index("number")
    total = max(central.sides.height, 1)
    weighed = (
        leads.join(numbered, on="term")
        .group_by("word")
        .agg(reach=pl.col("products").sum())
        .sort("word")
        .with_row_index("id")
        .with_columns(weight=(1 + total / pl.col("reach")).log().cast(pl.Float32))
    )
    unknown = pl.lit(log(1 + total), pl.Float32)  # of a word that no central product has: as if one had it
    postings = theirs.join(numbered, left_on="word", right_on="term").select(
        "number", product="item", products="products"
    )
    return Index(
        own=ours.join(weighed, on="word", how="left", maintain_order="left").select(
            "item", word="id", weight=pl.col("weight").fill_null(unknown), reach=pl.col("reach").fill_null(0)
        ),
        leads=leads.join(weighed, on="word")
        .join(numbered, on="term")
        .select(word="id", term="number", likeness="likeness"),
        postings=postings.select(term="number", product="product").sort("term", "product"),
        sizes=central.sides.select("item", content=_content_key())
        .join(
            postings.group_by(item="product").agg(
                size=(1 + total / pl.col("products")).log().sum().cast(pl.Float32)
            ),
            on="item",
            how="left",
            maintain_order="left",
        )
        .select(product="item", size="size", content="content"),
        contents=own.sides.select("item", content=_content_key()),
    )


def candidates(found: Index, items: pl.Series) -> Iterator[pl.DataFrame]:
    """Pairs item, product and `shared` (how much of both names is in common, 0..1): the best of each of `items`.

    One frame a pass of so many items as memory allows.
    """
    asked = found.own.filter(pl.col("item").is_in(items.implode()))
    # the rarest words lead; common ones only while they do not lead everywhere
    known = asked.drop_nulls("word").sort("item", "reach", "word")
    kept = known.filter(
        (pl.col("reach").cum_sum().over("item") <= _REACH) | (pl.int_range(pl.len()).over("item") == 0)
    )
    whole = (
        asked.group_by("item")
        .agg(own_size=pl.col("weight").sum())
        .join(found.contents.rename({"content": "own_content"}), on="item", how="left")
    )
    passes = (
        kept.group_by("item", maintain_order=True)
        .agg(pl.col("reach").sum())
        .with_columns(part=pl.col("reach").cum_sum() // _PAIRS)
    )
    for part in passes["part"].unique().sort():
        mine = passes.filter(pl.col("part") == part).select("item")
        words = kept.join(mine, on="item", how="semi")
        where = (
            words.lazy()
            .select("word")
            .unique()
            .join(found.leads.lazy(), on="word")
            .join(found.postings.lazy(), on="term")
            .group_by("word", "product")
            .agg(pl.col("likeness").max())
        )
        pairs = (
            words.lazy()
            .select("item", "word", "weight")
            .join(where, on="word")
            .group_by("item", "product")
            .agg(gain=(pl.col("weight") * pl.col("likeness")).sum())
            .join(whole.lazy(), on="item")
            .join(found.sizes.lazy(), on="product")
            .with_columns(shared=2 * pl.col("gain") / (pl.col("own_size") + pl.col("size")))
            .with_columns(
                rank=pl.col("shared")
                + _SAME_CONTENT * (pl.col("content") == pl.col("own_content")).fill_null(False)
            )
            .select("item", "product", "shared", "rank")
            .collect()
        )
        yield (
            pairs.sort("item", "rank", "product", descending=[False, True, False])
            .group_by("item", maintain_order=True)
            .head(CANDIDATES)
            .select("item", "product", "shared")
        )


def shared_of(found: Index, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (item, product; others are kept) with `shared`, as `candidates` gives it, in their order."""
    asked = pairs.lazy().select("item", "product").unique()
    words = found.own.lazy().drop_nulls("word")
    gains = (
        asked.join(words, on="item")
        .join(found.leads.lazy(), on="word")
        .join(found.postings.lazy(), on=["term", "product"])
        .group_by("item", "product", "word")
        .agg(gain=(pl.col("weight") * pl.col("likeness")).max())
        .group_by("item", "product")
        .agg(pl.col("gain").sum())
    )
    whole = found.own.lazy().group_by("item").agg(own_size=pl.col("weight").sum())
    shared = (
        gains.join(whole, on="item")
        .join(found.sizes.lazy(), on="product")
        .select("item", "product", shared=2 * pl.col("gain") / (pl.col("own_size") + pl.col("size")))
        .collect()
    )
    return pairs.join(shared, on=["item", "product"], how="left", maintain_order="left").with_columns(
        pl.col("shared").fill_null(0.0)
    )


def _words(side: Described) -> pl.DataFrame:
    """item and word, each once: of the names in every language and of the brands."""
    named = side.names.select("item", word=pl.col("name").str.split(" "))
    brands = side.sides.select("item", word=pl.col("brands").list.join(" ").str.split(" "))
    return (
        pl.concat([named, brands])
        .explode("word")
        .filter((pl.col("word") != "") & pl.col("word").is_not_null())
        .unique()
        .sort("item", "word")
    )


def _content_key() -> pl.Expr:
    """One whole number a content: equal where kind and total are."""
    content = pl.col("content").struct
    kind = content.field("kind").replace_strict(
        {"g": 0, "ml": 1, "st": 2}, default=None, return_dtype=pl.Int64
    )
    return (content.field("total") * 10).round(0).cast(pl.Int64, strict=False) * 3 + kind
