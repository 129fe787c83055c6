"""Which entry of a lookup table products should point at: every entry of it, the likeliest first. Pure functions.

Three kinds of evidence: the name that products still carry of an entry that is gone, the entry's name in their own, and what
products that have something in common with them use. Many products vote: one choice is made for all of them.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from checks.frames import FRAMES
from checks.rules.references import Reference
from checks.suggest.called import by_old_name, by_product_name
from checks.suggest.entries import BY_FIELD, branches, entries_of
from checks.suggest.reading import AnyFrames, read
from checks.suggest.siblings import COLUMNS, others, siblings, used

#: `value` is what a fix sends (id or abbreviation), `label` the entry's name, a category's with all above it; `score` 0..1.
CHOICES = pl.Schema({"value": pl.String(), "label": pl.String(), "score": pl.Float64(), "why": pl.String()})

_FEW = 25  # entries of a short table
_VOTERS = 200  # of more products an even sample votes


def reference_choices(
    field: str, keys: Collection[str], frames: AnyFrames, *, most: int | None = None
) -> pl.DataFrame:
    """The entries that products may be given for one reference, the likeliest first.

    Args:
        field: of the finding: brand, supplier, unit_sales_price ...; `category` for category-not-leaf.
        keys: article numbers of the own products that one choice is made for.
        frames: of one source. The field's lookup table, products, linked_products, central_products, categories and
            supplier_articles are read where they are there; what is missing is no evidence.
        most: only so many.

    Returns:
        `CHOICES`, every entry once; of categories only end nodes. `why` says in short what speaks for it, and is empty
        where nothing does. No rows where there is no table.

    Raises:
        KeyError: there is no such reference.
    """
    reference = BY_FIELD[field]
    entries = entries_of(reference, frames)
    if entries is None or entries.is_empty():
        return pl.DataFrame(schema=CHOICES)
    asked = _asked(frames, keys)
    pool = others(frames, keys).with_row_index("row")
    known = entries.lazy().select("entry", use="key").unique("use", keep="first", maintain_order=True)
    uses = used(reference, pool.lazy()).join(known, on="use").select("row", "entry").unique().collect()
    for part in (
        by_old_name(reference, asked, entries, frames),
        by_product_name(reference, asked, entries),
        siblings(reference, asked, pool, uses, branches(frames)),
        _below(reference, asked, entries),
        _usual(uses.join(pool.filter("own"), on="row", how="semi")),
    ):
        entries = entries.join(part, on="entry", how="left", maintain_order="left")
    chosen = entries.select("value", "label", score=_score(), why=_why()).sort(
        "score", pl.col("label").str.to_lowercase(), "value", descending=[True, False, False]
    )
    return chosen if most is None else chosen.head(most)


def _asked(frames: AnyFrames, keys: Collection[str]) -> pl.DataFrame:
    """The own products in question, as COLUMNS with row and texts; of very many an even sample."""
    own = read(frames, "products", (*COLUMNS, "texts"))
    if own is None:
        own = FRAMES["products"].empty()
    own = own.filter(pl.col("article_number").is_in(list(keys)))
    return own.gather_every(max(1, -(-own.height // _VOTERS))).with_row_index("row")


def _below(reference: Reference, asked: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """End nodes below a category that the products hang on: entry, below (share of the products) and why_below."""
    schema = {"entry": pl.UInt32, "below": pl.Float64, "why_below": pl.String}
    if reference.field != "category":
        return pl.DataFrame(schema=schema)
    hung = asked.select("row", above="category_ids").explode("above").drop_nulls()
    return (
        entries.select("entry", "above")
        .explode("above")
        .drop_nulls()
        .join(hung, on="above")
        .group_by("entry")
        .agg(below=pl.col("row").n_unique() / max(asked.height, 1))
        .with_columns(why_below=pl.lit("below the category it hangs on now"))
        .select(schema.keys())
    )


def _usual(uses: pl.DataFrame) -> pl.DataFrame:
    """What own products use, whatever they are: entry, usual (share of them) and why_usual."""
    products = uses["row"].n_unique()
    return (
        uses.group_by("entry")
        .agg(users=pl.len())
        .select(
            "entry",
            usual=pl.col("users") / products,
            why_usual=pl.format("used by {} of all {} own products", pl.col("users"), pl.lit(products)),
        )
    )


def _score() -> pl.Expr:
    named, same, shared, mentioned, below, usual = (
        pl.col(name).fill_null(0.0) for name in ("named", "same", "shared", "mentioned", "below", "usual")
    )
    # Of a few units the usual one is a good guess; of thousands of brands it is not.
    guess = pl.when(pl.len() <= _FEW).then(0.5 * usual).otherwise(0.0)
    doubt = (1 - 0.9 * named) * (1 - 0.8 * shared) * (1 - mentioned) * (1 - guess)
    # The very same name stays ahead of anything that siblings use.
    score = 0.75 * (1 - doubt) + 0.2 * same + 0.05 * usual
    return pl.when(below.max() > 0).then((score + below) / 2).otherwise(score)


def _why() -> pl.Expr:
    reasons = pl.concat_list("why_named", "why_below", "why_mentioned", "why_shared").list.drop_nulls()
    return (
        pl.when(reasons.list.len() > 0)
        .then(reasons.list.head(2).list.join("; "))
        .otherwise(pl.col("why_usual").fill_null(""))
    )
