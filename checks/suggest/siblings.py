"""What products that have something in common use: the same brand, supplier, category, words in the name, start of the EAN.

Each thing in common speaks for an entry by the share of its products that use it; they are added up as chances that none of
them is mistaken. Measured on real products this finds as much as a Bayesian classifier, and its reasons can be told.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from checks.folding import plain
from checks.frames import FRAMES
from checks.rules.references import Reference
from checks.suggest.entries import BY_FIELD
from checks.suggest.naming import may_hold
from checks.suggest.reading import AnyFrames, read

#: Of a product, what suggestions look at.
COLUMNS = (
    "article_number",
    "product_id",
    "ean",
    "name",
    "brand_id",
    "brand",
    "producer_id",
    "producer",
    "category_ids",
    "storage_condition_id",
    "content_type",
    "unit_sales_price",
    "multiplier_type",
    "suppliers",
)

_TYPES = {name: FRAMES["products"].schema[name] for name in COLUMNS}
_OF_CENTRAL = tuple(name for name in COLUMNS if name in FRAMES["central_products"].columns)

#: What products may have in common -> how that is said behind "products".
_SHARED = {
    "brand": "of the same brand",
    "producer": "of the same producer",
    "supplier": "of the same supplier",
    "category": "of the same category",
    "above": "in the same branch of the categories",
    "storage_condition": "that are kept the same way",
    "content_type": "with the same content type",
    "unit_sales_price": "that are priced by the same unit",
    "prefix": "whose EAN starts the same",
    "word": 'with "{}" in the name',
}

#: Field -> what its siblings have in common.
_KINDS = {
    "brand": ("producer", "supplier", "category", "prefix", "word"),
    "category": ("brand", "producer", "supplier", "storage_condition", "word"),
    "storage_condition": ("category", "above", "brand", "producer", "word"),
    "producer": ("brand", "supplier", "category", "prefix", "word"),
    "supplier": ("brand", "producer", "category", "above", "prefix", "word"),
    "content_type": ("category", "above", "unit_sales_price", "brand", "word"),
    "unit_sales_price": ("category", "above", "content_type", "brand", "word"),
    "multiplier_type": ("category", "above", "content_type", "unit_sales_price", "word"),
}

_SURE = 0.95  # no share of siblings, however large, is proof
_DOUBT = 2  # products that use something else, added to all: three of three say more than one of one
_SMALL = 0.02  # a smaller share says nothing
_NO_NEWS = 0.1
_A_WORD = 0.5  # a name has many words, and they go together

#: `shared` 0..1: how far they speak for the entry; `why_shared`: the loudest of them.
EVIDENCE = pl.Schema({"entry": pl.UInt32(), "shared": pl.Float64(), "why_shared": pl.String()})


def others(frames: AnyFrames, keys: Iterable[str]) -> pl.DataFrame:
    """Own, linked and central products as COLUMNS, each once, without the own ones in `keys`."""
    own = read(frames, "products", COLUMNS)
    linked = read(frames, "linked_products", COLUMNS)
    central = read(frames, "central_products", _OF_CENTRAL)
    if own is not None:
        own = own.filter(~pl.col("article_number").is_in(list(keys)))
    if central is not None and linked is not None:
        central = central.join(linked, on="product_id", how="anti", nulls_equal=False)
    found = [
        frame.with_columns(own=pl.lit(frame is own)) for frame in (own, linked, central) if frame is not None
    ]
    return pl.concat([pl.DataFrame(schema={**_TYPES, "own": pl.Boolean}), *found], how="diagonal")


def used(reference: Reference, products: pl.LazyFrame) -> pl.LazyFrame:
    """row and `use`, an id or abbreviation of the reference's table; abbreviations as the checks compare them."""
    column = pl.col(reference.column)
    if reference.shape == "abbreviation":
        return products.select("row", use=column.str.strip_chars().str.to_lowercase()).drop_nulls()
    if reference.shape == "id":
        return products.select("row", use=column).drop_nulls()
    if reference.shape == "suppliers":
        column = column.list.eval(pl.element().struct.field("supplier_id"))
    return products.select("row", use=column).explode("use").drop_nulls()


def siblings(
    reference: Reference,
    asked: pl.DataFrame,
    pool: pl.DataFrame,
    uses: pl.DataFrame,
    above: pl.DataFrame | None,
) -> pl.DataFrame:
    """What siblings of the products in `asked` use: EVIDENCE, the mean over these products.

    Args:
        asked, pool: products as COLUMNS, and `row`.
        uses: which entry each product of the pool uses: row, entry.
        above: id of a category, and of the one above it.
    """
    if pool.is_empty() or asked.is_empty():
        return pl.DataFrame(schema=EVIDENCE)
    # `500 g` in a name tells the content type; elsewhere short words say little.
    shortest = 1 if reference.shape == "abbreviation" else 3
    found = pl.collect_all(
        [
            _shared(kind, asked.lazy(), pool.lazy(), uses.lazy(), above, shortest)
            for kind in _KINDS[reference.field]
            if kind != "above" or above is not None
        ]
    )
    usual = uses.group_by("entry").agg(usual=pl.len() / uses["row"].n_unique())
    among = pl.col("users") / (pl.col("products") + _DOUBT)
    # What all products use is no news of siblings, and a name with ten usual words is not ten times news.
    more = (among - pl.col("usual")) / (1 - pl.col("usual"))
    share = pl.max_horizontal(more, _NO_NEWS * among)
    voices = (
        pl.concat(found)
        .join(usual, on="entry")
        .with_columns(
            says=-(1 - _SURE * share).log() * pl.when(pl.col("kind") == "word").then(_A_WORD).otherwise(1.0)
        )
        .filter(share >= _SMALL)
    )
    scores = (
        voices.group_by("row", "entry")
        .agg(pl.col("says").sum())
        .group_by("entry")
        .agg(shared=(1 - (-pl.col("says")).exp()).sum() / asked.height)
    )
    loudest = (
        voices.group_by("entry", "kind", "tie")
        .agg(pl.col("says").sum(), pl.col("users", "products").first())
        .sort("says", "users", "kind", "tie", descending=[True, True, False, False])
        .unique("entry", keep="first", maintain_order=True)
    )
    return scores.join(loudest.select("entry", why_shared=_in_words()), on="entry").select(EVIDENCE.names())


def _shared(
    kind: str,
    asked: pl.LazyFrame,
    pool: pl.LazyFrame,
    uses: pl.LazyFrame,
    above: pl.DataFrame | None,
    shortest: int,
) -> pl.LazyFrame:
    """By product asked about, thing in common (`tie`) and entry: of how many `products` that have it how many are `users`."""
    mine = _ties(kind, asked, above, shortest)
    if kind == "word":
        words = mine.select(pl.col("tie").unique()).collect().to_series().to_list()
        pool = pool.filter(may_hold(pl.col("name"), words))
    theirs = _ties(kind, pool, above, shortest).join(mine, on="tie", how="semi").join(uses, on="row")
    counted = theirs.group_by("tie", "entry").agg(users=pl.len())
    products = theirs.group_by("tie").agg(products=pl.col("row").n_unique())
    return (
        mine.join(counted, on="tie")
        .join(products, on="tie")
        .select(
            "row",
            "entry",
            pl.col("users", "products").cast(pl.Float64),
            kind=pl.lit(kind),
            tie=pl.col("tie").cast(pl.String),
        )
    )


def _ties(kind: str, products: pl.LazyFrame, above: pl.DataFrame | None, shortest: int) -> pl.LazyFrame:
    """row and `tie`: what of this kind each product has, once; words have at least `shortest` letters."""
    if kind == "word":
        words = plain(pl.col("name")).str.extract_all(rf"\p{{L}}{{{shortest},}}")
        return products.select("row", tie=words.list.unique()).explode("tie").drop_nulls()
    if kind == "prefix":
        # Seven digits are a company's in Belgium; elsewhere they may be several companies'. Not of in-store numbers.
        code = pl.col("ean").str.strip_chars()
        start = code.str.zfill(14).str.slice(1, 7)
        real = code.str.contains(r"^\d{12,14}$") & ~start.str.contains("^(02|04|2)")
        return products.filter(real).select("row", tie=start)
    from_reference = BY_FIELD["category" if kind == "above" else kind]
    ties = used(from_reference, products).rename({"use": "tie"}).unique()
    if kind == "above" and above is not None:
        ties = ties.join(above.lazy(), left_on="tie", right_on="id").select("row", tie="above").unique()
    return ties


def _in_words() -> pl.Expr:
    users, products = (pl.col(name).cast(pl.Int64).cast(pl.String) for name in ("users", "products"))
    which = (
        pl.col("kind")
        .replace_strict(_SHARED, return_dtype=pl.String)
        .str.replace("{}", pl.col("tie"), literal=True)
    )
    return (
        pl.when(pl.col("products") == 1)
        .then(pl.format("used by the only other product {}", which))
        .otherwise(pl.format("used by {} of {} products {}", users, products, which))
    )
