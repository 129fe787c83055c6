"""The frames that a comparison looks into, with their indexes by code: made once a run, used after every fix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from checks.gtin import gtin_number


@dataclass(frozen=True)
class Assortment:
    """Frames of one source; None where they could not be collected."""

    products: pl.DataFrame | None
    linked: pl.DataFrame | None = None
    central: pl.DataFrame | None = None
    photos: pl.DataFrame | None = None
    categories: pl.DataFrame | None = None
    storage_conditions: pl.DataFrame | None = None

    @cached_property
    def central_codes(self) -> pl.DataFrame:
        """gtin -> product_id of the central product."""
        if self.central is None:
            return pl.DataFrame(schema={"product_id": pl.Int64, "gtin": pl.UInt64})
        codes = self.central.lazy().select("product_id", gtin=gtin_number(pl.col("ean")))
        return codes.drop_nulls().unique("gtin", keep="first").collect()

    @cached_property
    def central_articles(self) -> pl.DataFrame:
        """supplier_id, article_code -> product_id of the central product."""
        if self.central is None:
            return pl.DataFrame(
                schema={"product_id": pl.Int64, "supplier_id": pl.Int64, "article_code": pl.String}
            )
        return articles(self.central.select("product_id", "suppliers"))

    @cached_property
    def linked_codes(self) -> pl.DataFrame:
        """gtin -> article number under which it is linked."""
        if self.linked is None:
            return pl.DataFrame(schema={"linked_as": pl.String, "gtin": pl.UInt64})
        codes = self.linked.lazy().select(linked_as="article_number", gtin=gtin_number(pl.col("ean")))
        return codes.drop_nulls().unique("gtin", keep="first").collect()

    @cached_property
    def photo_counts(self) -> pl.DataFrame:
        """key, photos: how many photos each own product has."""
        if self.photos is None:
            return pl.DataFrame(schema={"key": pl.String, "photos": pl.UInt32})
        return self.photos.group_by(key="article_number").agg(photos=pl.len().cast(pl.UInt32))


def articles(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows once per supplier: `suppliers` becomes supplier_id and article_code."""
    struct = pl.col("suppliers").struct
    return (
        rows.lazy()
        .filter(pl.col("suppliers").list.len() > 0)
        .explode("suppliers")
        .with_columns(
            supplier_id=struct.field("supplier_id"),
            article_code=struct.field("article_code").str.strip_chars(),
        )
        .drop("suppliers")
        .drop_nulls(["supplier_id", "article_code"])
        .collect()
    )
