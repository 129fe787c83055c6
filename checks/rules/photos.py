"""Own products that customers see without a picture: missing-photo."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Check, Context, Question


def _missing_photo(context: Context) -> Iterator[Question]:
    photos = context.frames["photos"].lazy().select("article_number")
    yield Question(
        frame="products",
        asked=pl.col("active"),
        wrong=lambda rows: rows.join(photos, on="article_number", how="anti"),
        message=pl.format("{} is active and has no photo.", pl.col("name").fill_null("This product")),
    )


MISSING_PHOTO = Check(
    id="missing-photo",
    title="Missing photo",
    why="Customers order what they can see: a product without a photo is passed over, or ordered by mistake.",
    severity="warning",
    entity="product",
    needs={"products": ("article_number", "active"), "photos": ("article_number",)},
    fix="upload-photo",
    area="products",
    guide="ProductPhotos",
    advice="Upload a photo (own products only; linked products show the central one).",
    ask=_missing_photo,
)
