"""References of own products: invalid-reference, missing-reference and category-not-leaf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from checks.frames import Frames
from checks.gtin import has_code
from checks.rules.check import Check, Context, Question


@dataclass(frozen=True)
class Reference:
    """One reference of a product: `field` as in findings, `column` of the frame products, `table` it points
    into.

    `shape`: one id, a list of ids, a list of suppliers, or an abbreviation.
    """

    field: str
    title: str
    column: str
    table: str
    shape: Literal["id", "ids", "suppliers", "abbreviation"]
    required: bool = False
    named: str | None = None  # the column with the name the product itself carries

    @property
    def key(self) -> str:
        return "abbreviation" if self.shape == "abbreviation" else "id"

    def unknown(self, frames: Frames, texts: pl.Series | None = None) -> pl.Expr:
        """Boolean: does it point at an entry that the table does not have? Null where there is no reference.

        `texts` are the different texts of an abbreviation column.
        """
        column = pl.col(self.column)
        if texts is not None:
            strange = texts.to_frame().filter(has_code(column) & ~_folded(column).is_in(self._known(frames)))
            return column.is_in(strange.get_column(self.column).implode())
        if self.shape == "id":
            return ~column.is_in(self._known(frames))
        return column.list.eval(~self._id(pl.element()).is_in(self._known(frames))).list.any()

    def guilty(self, frames: Frames) -> pl.Expr:
        """String: what the table does not have, of rows that are wrong."""
        if self.shape in ("id", "abbreviation"):
            return pl.col(self.column).cast(pl.String)
        ids = pl.col(self.column).list.eval(self._id(pl.element()))
        return (
            ids.list.eval(pl.element().filter(~pl.element().is_in(self._known(frames))))
            .cast(pl.List(pl.String))
            .list.join(", ")
        )

    def empty(self) -> pl.Expr:
        """Boolean, never null: is nothing filled in?"""
        if self.shape == "id":
            return pl.col(self.column).is_null()
        if self.shape == "abbreviation":
            return ~has_code(pl.col(self.column))
        return ~pl.col(self.column).list.eval(pl.element().is_not_null()).list.any().fill_null(False)

    def _id(self, element: pl.Expr) -> pl.Expr:
        return element.struct.field("supplier_id") if self.shape == "suppliers" else element

    def _known(self, frames: Frames) -> pl.Expr:
        keys = frames[self.table].get_column(self.key).drop_nulls()
        if self.shape == "abbreviation":
            keys = keys.to_frame().select(_folded(pl.col(self.key))).to_series()
        return pl.lit(keys.unique()).implode()


def _folded(text: pl.Expr) -> pl.Expr:
    """Abbreviations are compared without case and outer spaces.

    The shop itself writes KG, Kg and kg for one unit, even within one answer: such a difference points at the
    right entry and is no fault to bother people with.
    """
    return text.str.strip_chars().str.to_lowercase()


REFERENCES = (
    Reference("brand", "Brand", "brand_id", "brands", "id", required=True, named="brand"),
    Reference("category", "Category", "category_ids", "categories", "ids", required=True),
    Reference(
        "storage_condition", "Storage condition", "storage_condition_id", "storage_conditions", "id", True
    ),
    Reference("producer", "Producer", "producer_id", "producers", "id", named="producer"),
    Reference("supplier", "Supplier", "suppliers", "suppliers", "suppliers"),
    Reference("content_type", "Content type", "content_type", "content_types", "abbreviation", required=True),
    Reference(
        "unit_sales_price", "Unit sales price", "unit_sales_price", "unit_sales_prices", "abbreviation", True
    ),
    Reference("multiplier_type", "Multiplier type", "multiplier_type", "multiplier_types", "abbreviation"),
)


def _invalid_reference(context: Context) -> Iterator[Question]:
    # A million rows have a handful of different abbreviations: these are judged, not the rows.
    columns = [reference.column for reference in REFERENCES if reference.shape == "abbreviation"]
    texts = context.frames["products"].select(pl.col(columns).unique().implode())
    for reference in REFERENCES:
        guilty = reference.guilty(context.frames)
        name = pl.lit("")
        if reference.named:
            name = (
                pl.when(has_code(pl.col(reference.named)))
                .then(pl.format(" ({})", reference.named))
                .otherwise(name)
            )
        yield Question(
            frame="products",
            field=reference.field,
            wrong=reference.unknown(
                context.frames, texts[reference.column].explode() if reference.column in columns else None
            ),
            value=guilty,
            message=pl.format("{} {}{} is not in the lookup table.", pl.lit(reference.title), guilty, name),
        )


INVALID_REFERENCE = Check(
    id="invalid-reference",
    title="Invalid reference",
    why="The product points at an entry that the shop no longer has: filters and categories skip it, and every change of "
    "the product is refused until the reference is put right.",
    severity="error",
    entity="product",
    needs={
        "products": (
            "article_number",
            *(reference.column for reference in REFERENCES),
        ),
        **{reference.table: (reference.key,) for reference in REFERENCES},
    },
    needs_rows=tuple(reference.table for reference in REFERENCES),
    fix="set-reference",
    area="products",
    guide="Lookup tables: Brands, Categories, StorageConditions, Producers, Suppliers, ContentTypes, UnitSalesPrices, "
    "MultiplierTypes",
    advice="Choose the entry that replaced it: the page References proposes it, for all products of one entry at once. Where your own system sends the product again, mend it there too.",
    ask=_invalid_reference,
)


def _missing_reference(context: Context) -> Iterator[Question]:
    for reference in REFERENCES:
        if reference.required:
            yield Question(
                frame="products",
                field=reference.field,
                wrong=reference.empty(),
                message=pl.lit(f"{reference.title} is empty and required."),
            )


MISSING_REFERENCE = Check(
    id="missing-reference",
    title="Missing reference",
    why="The shop requires this reference: without it the product is hard to find, and every change of it is refused.",
    severity="error",
    entity="product",
    needs={
        "products": ("article_number", *(reference.column for reference in REFERENCES if reference.required)),
    },
    fix="set-reference",
    area="products",
    guide="Products (BrandId, CategoryId, StorageConditionId, ContentType, UnitSalesPrice)",
    advice="Choose the entry that belongs to the product.",
    ask=_missing_reference,
)


def _category_not_leaf(context: Context) -> Iterator[Question]:
    categories = context.frames["categories"].select("id", "parent_id", "name")
    children = categories.drop_nulls("parent_id").group_by("parent_id").agg(count=pl.len())
    parents = children.join(categories, left_on="parent_id", right_on="id", how="left")
    guilty = pl.col("category_ids").list.eval(
        pl.element().filter(pl.element().is_in(pl.lit(children["parent_id"]).implode()))
    )
    first = guilty.list.first()
    yield Question(
        frame="products",
        wrong=pl.col("category_ids")
        .list.eval(pl.element().is_in(pl.lit(children["parent_id"]).implode()))
        .list.any(),
        value=guilty.cast(pl.List(pl.String)).list.join(", "),
        message=pl.format(
            "Category {} ({}) has {} subcategories; products may only hang on an end node.",
            first,
            first.replace_strict(
                parents["parent_id"], parents["name"], default=None, return_dtype=pl.String
            ).fill_null("no name"),
            first.replace_strict(
                parents["parent_id"], parents["count"], default=None, return_dtype=pl.UInt32
            ),
        ),
    )


CATEGORY_NOT_LEAF = Check(
    id="category-not-leaf",
    title="Category is not an end node",
    why="Only end nodes of the category tree may hold products: customers who click down the tree never meet this one.",
    severity="error",
    entity="product",
    needs={"products": ("article_number", "category_ids"), "categories": ("id", "parent_id")},
    needs_rows=("categories",),
    fix="set-reference",
    area="products",
    guide="Lookup tables: Categories",
    advice="Choose the subcategory that fits.",
    ask=_category_not_leaf,
)
