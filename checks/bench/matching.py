"""How long does it take to match an article file with the central list, and how much memory?

The names are made of the sandbox's words with made-up brands and varieties, or are real ones in many variants. Of the articles
two thirds have the right EAN; the rest have none, and of these one in six is not in the list. Their names are cut, in capitals,
abbreviated or mistyped.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from checks.bench.measuring import peak_mb
from checks.errors import UsageError
from checks.frames import FRAMES
from checks.gtin import expected_check_digit
from checks.onboarding.matching.match import match_articles
from checks.onboarding.shapes import ARTICLES
from checks.output import table
from checks.progress import Progress, State

_N = pl.col("n")
_SYLLABLES = pl.Series(
    ["ba", "do", "fi", "gu", "ke", "lo", "mi", "na", "pe", "ra", "so", "ta", "vu", "we", "ze", "cre"]
)
_CONTENTS = pl.DataFrame(
    {
        "total_content": [250.0, 500.0, 1.0, 2.5, 5.0, 33.0, 75.0, 1.5, 400.0, 125.0],
        "content_type": ["G", "G", "KG", "KG", "KG", "CL", "CL", "L", "G", "G"],
    }
)


class _Clock(Progress):
    """How many seconds each step took."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        now = perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._since
        self._since = now


def bench(
    articles: int = 50_000, central: int = 300_000, names: Path | None = None, coded: float = 2 / 3
) -> dict[str, Any]:
    """Matches so many articles with so many central products once.

    Args:
        names: Parquet file of real products with a column product_name; None: made-up ones.
        coded: share of the articles with their EAN.

    Returns `articles`, `central`; `seconds` and `by_step`; `matched`, `wrong` (of these), `suggested` (articles with
    suggestions), `first` and `listed` (share of the articles without EAN that have their product first, and at all);
    `frames_mb`: both lists in memory; `peak_mb`: the most this process ever held, None on Windows.
    """
    products = make_central(central, names)
    own, truth = make_articles(articles, products, coded)
    clock, start = _Clock(), perf_counter()
    found = match_articles(own, products, progress=clock)
    taken = perf_counter() - start
    known = found.matched.join(truth, on="article_number", suffix="_true")
    looked_for = truth.filter(~pl.col("coded") & pl.col("product_id").is_not_null())
    ranks = looked_for.join(found.suggested, on=["article_number", "product_id"], how="left")["rank"]
    return {
        "articles": articles,
        "central": central,
        "seconds": taken,
        "by_step": clock.seconds,
        "matched": known.height,
        "wrong": known.filter(pl.col("product_id").ne_missing(pl.col("product_id_true"))).height,
        "suggested": found.suggested["article_number"].n_unique(),
        "first": (ranks == 1).sum() / max(len(ranks), 1),
        "listed": ranks.is_not_null().sum() / max(len(ranks), 1),
        "frames_mb": own.estimated_size("mb") + products.estimated_size("mb"),
        "peak_mb": peak_mb(),
    }


def main(articles: int = 50_000, central: int = 300_000, names: Path | None = None) -> None:
    """Prints the measurement as a small table."""
    result = bench(articles, central, names)
    rows = [(f"seconds for {step}", f"{taken:.1f} s") for step, taken in result["by_step"].items()]
    rows += [
        ("together", f"{result['seconds']:.1f} s"),
        ("matched by EAN", f"{result['matched']:,}, {result['wrong']:,} of them wrong"),
        ("articles with suggestions", f"{result['suggested']:,}"),
        ("the right one first", f"{result['first']:.1%}"),
        ("the right one among them", f"{result['listed']:.1%}"),
        ("frames in memory", f"{result['frames_mb']:,.0f} MB"),
    ]
    if result["peak_mb"] is not None:
        rows.append(("most memory held", f"{result['peak_mb']:,.0f} MB"))
    table(
        f"{articles:,} articles, {central:,} central products",
        ("what", "measured"),
        rows,
        right=("measured",),
    )


def make_central(count: int, names: Path | None = None) -> pl.DataFrame:
    """Frame `central_products`: `count` products, each with another EAN; two names each unless they are real ones."""
    known = _made_names() if names is None else _real_names(names)
    body = _N + 500_000_000_000
    rows = pl.select(n=pl.int_range(count)).with_columns(
        known=_N.hash(3) % known.height if names is None else _N % known.height,
        variety=pl.when(known.height <= _N).then(_made_word(11, 3))
        if names is not None
        else _made_word(11, 3),
        brand=_made_word(12, 4, among=max(200, count // 40)).str.to_titlecase(),
        content=_N.hash(13) % _CONTENTS.height,
    )
    named = rows.join(known.with_row_index("known"), on="known", maintain_order="left", how="left").join(
        _CONTENTS.with_row_index("content"), on="content", maintain_order="left", how="left"
    )
    joined = {
        language: pl.concat_str(pl.col(language), "variety", separator=" ", ignore_nulls=True)
        for language in ("nld", "fra")
    }
    texts = pl.concat_list(
        pl.struct(language=pl.lit(language), name=name, description=pl.lit(None, pl.String))
        for language, name in joined.items()
    )
    made = named.select(
        product_id=_N + 1,
        ean=pl.format("{}{}", body, expected_check_digit(pl.format("{}0", body))),
        is_package=pl.lit(False),
        name=joined["nld"],
        texts=texts,
        brand="brand",
        total_content="total_content",
        content_type="content_type",
    )
    return _shaped(made, FRAMES["central_products"].schema)


def make_articles(count: int, central: pl.DataFrame, coded: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """ARTICLES of central products, and article_number, product_id (null: not in the list), coded (has its EAN)."""
    dice = _N.hash(21) % 1000
    rows = (
        central.select("product_id", "ean", "name", "brand", "total_content", "content_type")
        .with_columns(order=pl.col("product_id").hash(22))
        .sort("order")
        .head(count)
        .with_row_index("n")
        .with_columns(pl.col("n").cast(pl.Int64), article_number=pl.format("A{}", "n"))
        .with_columns(coded=dice < round(1000 * coded), strange=_N.hash(23) % 6 == 0)
    )
    strange = pl.col("strange") & ~pl.col("coded")
    words = pl.col("name").str.split(" ")
    short = words.list.eval(pl.element().str.head(5)).list.join(" ")
    letter = _N.hash(24) % pl.col("name").str.len_chars().clip(1)
    mistyped = pl.concat_str(pl.col("name").str.head(letter), pl.col("name").str.slice(letter + 1))
    kind = _N.hash(25) % 4
    name = pl.when(kind == 0).then(short).when(kind == 1).then(mistyped).otherwise("name")
    gram = (pl.col("content_type") == "KG") & (_N % 3 == 0)
    own = rows.select(
        "article_number",
        row=_N + 2,
        ean=pl.when("coded").then("ean"),
        name=pl.when(strange)
        .then(pl.format("{} {} {}", *(_made_word(seed, 4) for seed in (26, 27, 28))))
        .when(kind == 2)
        .then(pl.format("{} {}", "brand", name))
        .otherwise(name)
        .str.to_uppercase()
        .str.head(35),
        brand=pl.when(_N % 3 > 0).then("brand"),
        total_content=pl.when(gram).then(pl.col("total_content") * 1000).otherwise("total_content"),
        content_type=pl.when(gram).then(pl.lit("gr")).otherwise("content_type"),
    )
    truth = rows.select("article_number", "coded", product_id=pl.when(~strange).then("product_id"))
    return _shaped(own, ARTICLES), truth


def _made_names() -> pl.DataFrame:
    from checks.sandbox.oresto.central import (
        articles,  # the sandbox is made of words, and only this needs them
    )

    lines = [line for family in articles() for line in family]
    return pl.DataFrame({"nld": [line.nl for line in lines], "fra": [line.fr for line in lines]})


def _real_names(file: Path) -> pl.DataFrame:
    try:
        names = pl.read_parquet(file, columns=["product_name"])["product_name"].str.strip_chars()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file} cannot be read as a Parquet file with a column product_name: {error}"
        ) from error
    known = names.filter(names != "")
    if known.is_empty():
        raise UsageError(f"{file} has no names in its column product_name.")
    return pl.DataFrame({"nld": known, "fra": known})


def _made_word(seed: int, syllables: int, among: int | None = None) -> pl.Expr:
    """A word of so many syllables, one of `among` different ones at most."""
    dice = _N.hash(seed)
    dice = dice if among is None else (dice % among).hash(seed)
    known = pl.lit(_SYLLABLES)
    return pl.concat_str([known.gather(dice // 16**place % 16) for place in range(syllables)])


def _shaped(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
