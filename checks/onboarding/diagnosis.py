"""The same checks as every morning, put to an own article file before anything is sent.

The file's articles are turned into the frame `products`, as the shop would give them back once they are sent. A column
that the file does not have, and that says nothing when it is empty, makes the checks that need it *could not run*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from checks.frames import FRAMES, Collected, Frames
from checks.onboarding.shapes import ARTICLES
from checks.rules import Judged, run_checks
from checks.settings import CheckSettings

#: What a column of `products` comes from, where the name is another one.
_FROM = {"unit_eans": ("unit_ean",), "package_eans": ("carton_ean",)}

#: Of these a file without the column says nothing. Of all others it says what will be sent: no price, no brand, active.
_UNKNOWN_WHERE_ABSENT = (
    "ean",
    "unit_eans",
    "package_eans",
    "promo_price",
    "promo_from",
    "promo_until",
    "multiplier_amount",
    "amount_of_units",
)

#: Can be judged from the articles alone.
_ALONE = (
    "invalid-ean",
    "restricted-ean",
    "duplicate-ean",
    "forbidden-characters",
    "text-missing",
    "price-missing",
    "promo-invalid",
    "multiplier-invalid",
    "package-mismatch",
)
#: Can be judged when own names have become ids.
_WITH_IDS = ("missing-reference", "invalid-reference", "category-not-leaf")


def diagnose(
    articles: pl.DataFrame,
    settings: CheckSettings,
    now: datetime,
    *,
    absent: frozenset[str] = frozenset(),
    ids: pl.DataFrame | None = None,
    tables: Mapping[str, pl.DataFrame] | None = None,
    linked: Collection[str] = (),
    source: str = "article file",
) -> Judged:
    """Judges an article file; the keys of findings are article numbers.

    Args:
        articles: `ARTICLES`.
        now: the moment that promotions are judged by, aware.
        absent: columns of `ARTICLES` that the file has no column for.
        ids: the lookup ids of the articles (`References.ids`); without them, references are not judged.
        tables: the lookup tables by frame name, needed with `ids`.
        linked: article numbers that are going to be links: their references are the central product's.

    A name that stands for no entry yet is no missing reference: the worklist says what has to be decided.
    """
    data = as_products(articles, ids)
    missing = {
        column: f"the file has no column for it ({column.replace('_', ' ')})"
        for column in _UNKNOWN_WHERE_ABSENT
        if not set(_FROM.get(column, (column,))) - absent
    }
    products = Collected(source, "products", "ok", data, unusable=missing)
    frames = {name: Collected(source, name, "ok", table) for name, table in (tables or {}).items()}
    only = _ALONE if ids is None else (*_ALONE, *_WITH_IDS)
    wanted = [check for check in only if check not in settings.disabled]
    judged = run_checks(Frames(source, {**frames, "products": products}), settings, now, only=wanted)
    return judged if ids is None else _of_own(judged, articles, linked)


def _of_own(judged: Judged, articles: pl.DataFrame, linked: Collection[str]) -> Judged:
    """Without references of links, and of names that are only not decided yet."""
    names = [
        articles.select(key="article_number", field=pl.lit(field)).filter(articles[field].is_not_null())
        for field in ("brand", "category", "storage_condition", "content_type", "unit_sales_price")
    ]
    of_references = pl.col("check").is_in(_WITH_IDS)
    found = judged.found.filter(~(of_references & pl.col("key").is_in(list(linked))))
    named = pl.concat(names).with_columns(check=pl.lit("missing-reference"))
    found = found.join(named, on=["check", "key", "field"], how="anti", maintain_order="left")
    counts = dict(found.group_by("check").len().iter_rows())
    results = [
        replace(one, findings=counts.get(one.check, 0), status="failed" if one.check in counts else "passed")
        if one.status != "could_not_run"
        else one
        for one in judged.results
    ]
    return Judged(found, results)


def as_products(articles: pl.DataFrame, ids: pl.DataFrame | None = None) -> pl.DataFrame:
    """`ARTICLES` as the frame `products`: what the shop would show of them once they are own products.

    Without `ids` the references are null. An article that says nothing of being active counts as active, as it would be
    sent.
    """
    with_ids = (
        articles
        if ids is None
        else articles.join(ids, on="article_number", how="left", suffix="_id", maintain_order="left")
    )
    given = dict.fromkeys(ARTICLES)

    def of(field: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
        """The id that an own name stands for, null while that is open."""
        if ids is None or field not in ids.columns:
            return pl.lit(None, dtype)
        return pl.col(f"{field}_id" if field in given else field).cast(dtype)

    spec = FRAMES["products"].schema
    supplier = of("supplier", pl.Int64)
    columns: dict[str, pl.Expr] = {
        "active": pl.col("active").fill_null(True),
        "is_package": pl.lit(False),
        "brand_id": of("brand", pl.Int64),
        "producer_id": of("producer", pl.Int64),
        "category_ids": pl.concat_list(of("category", pl.Int64)).list.drop_nulls(),
        "storage_condition_id": of("storage_condition", pl.Int64),
        "content_type": of("content_type", pl.String) if ids is not None else pl.col("content_type"),
        "unit_sales_price": of("unit_sales_price", pl.String)
        if ids is not None
        else pl.col("unit_sales_price"),
        "multiplier_type": of("multiplier_type", pl.String) if ids is not None else pl.col("multiplier_type"),
        "unit_eans": pl.concat_list("unit_ean").list.drop_nulls(),
        "package_eans": pl.concat_list("carton_ean").list.drop_nulls(),
        "suppliers": pl.when(supplier.is_not_null() & pl.col("supplier_code").is_not_null())
        .then(pl.concat_list(pl.struct(supplier_id=supplier, article_code="supplier_code")))
        .otherwise(pl.lit([], spec["suppliers"])),
        "on_order": pl.col("on_order").fill_null(False),
        "temporarily_unavailable": pl.col("temporarily_unavailable").fill_null(False),
        "product_id": pl.lit(None, pl.Int64),
        "modified": pl.lit(None, spec["modified"]),
    }
    return with_ids.select(
        columns.get(name, pl.col(name) if name in given else pl.lit(None, dtype)).cast(dtype).alias(name)
        for name, dtype in spec.items()
    )
