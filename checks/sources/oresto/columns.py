"""Rows of the wire as columns of the frames: one place that says which field feeds which column.

Every function takes decoded rows and the page's `Shape`, and gives a frame with the schema of `checks.frames`. Values
that cannot be read (a date that is none) are noted in the shape: the rules that need that column could not run then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import polars as pl
import pyarrow

from checks.frames import FRAMES
from checks.sources.moments import BELGIUM, dates, moments, unreadable
from checks.sources.oresto import wire
from checks.sources.rows import Shape, wire_name

Sources = Mapping[str, tuple[str, ...]]

_OF_CORE = {
    "product_id": ("Id",),
    "ean": ("EanCode",),
    "is_package": ("IsPackageProduct",),
    "name": ("Localizations.Name",),
    "texts": ("Localizations.LanguageCode",),
    "brand_id": ("Brand.Id",),
    "brand": ("Brand.Name",),
    "producer_id": ("Producer.Id",),
    "producer": ("Producer.Name",),
    "category_ids": ("Categories.Id",),
    "storage_condition_id": ("StorageCondition.Id",),
    "content_type": ("ContentType.Abbreviation",),
    "total_content": ("TotalContent",),
    "multiplier_amount": ("MultiplierAmount",),
    "multiplier_type": ("MultiplierContentType.Abbreviation",),
    "vat_percentage": ("VatPercentage",),
    "amount_of_units": ("AmountOfUnitProduct",),
    "suppliers": ("Suppliers.Id", "Suppliers.ArticleCode"),
    "modified": ("LastModifiedUtc", "LastModified"),
}

_OF_ASSORTMENT = {
    **_OF_CORE,
    "article_number": ("WholesalerArticleNumber",),
    "active": ("Active",),
    "unit_eans": ("UnitProducts.EanCode",),
    "package_eans": ("PackageProducts.EanCode",),
    "unit_sales_price": ("UnitSalesPrice.Abbreviation",),
    "sales_price": ("SalesPriceList",),
    "promo_price": ("SalesPriceListPromo",),
    "promo_from": ("PromoValidFromUtc", "PromoValidFrom"),
    "promo_until": ("PromoValidUntilUtc", "PromoValidUntil"),
    "on_order": ("OnOrder",),
    "order_quantity": ("OrderQuantity",),
    "temporarily_unavailable": ("TemporarilyUnavailable",),
}

_OF_CENTRAL = {
    **_OF_CORE,
    "unit_ean": ("UnitProduct.EanCode",),
    "package_ean": ("PackageProduct.EanCode",),
    "article_numbers": ("WholesalerProductInformation.WholesalerArticleNumber",),
}

#: Frame -> its columns -> the wire fields each is made of. Of twins (`...Utc` and Belgian) one is enough.
SOURCES_OF: dict[str, Sources] = {
    "products": _OF_ASSORTMENT,
    "linked_products": _OF_ASSORTMENT,
    "central_products": _OF_CENTRAL,
    "deleted_central_products": _OF_CENTRAL,
    "photos": {
        "photo_id": ("PhotoId",),
        "article_number": ("WholesalerArticleNumber",),
        "photo_name": ("PhotoName",),
        "language": ("LanguageCode",),
        "url": ("PhotoUrl",),
    },
    "category_chains": {"id": ("Id",), "path": ("Description",)},
}

#: Columns that need all of their fields.
NEED_ALL = frozenset({"suppliers", "order_lines"})

_NAME_FIRST = "nld"


def assortment(frame: str, rows: Sequence[wire.AssortmentProduct], shape: Shape) -> pl.DataFrame:
    """`products` or `linked_products` of one page."""
    columns = {
        **_core(rows, shape),
        "article_number": [row.wholesaler_article_number for row in rows],
        "active": [row.active for row in rows],
        "unit_eans": [_codes(row.unit_products) for row in rows],
        "package_eans": [_codes(row.package_products) for row in rows],
        "unit_sales_price": [_abbreviation(row.unit_sales_price) for row in rows],
        "sales_price": [row.sales_price_list for row in rows],
        "promo_price": [row.sales_price_list_promo for row in rows],
        "promo_from": moment(rows, "promo_valid_from", shape),
        "promo_until": moment(rows, "promo_valid_until", shape),
        "on_order": [row.on_order for row in rows],
        "order_quantity": [row.order_quantity for row in rows],
        "temporarily_unavailable": [row.temporarily_unavailable for row in rows],
    }
    return frame_of(frame, columns)


def central(rows: Sequence[wire.CentralProduct], shape: Shape) -> pl.DataFrame:
    """`central_products` of one page."""
    columns = {
        **_core(rows, shape),
        "unit_ean": [row.unit_product.ean_code if row.unit_product else None for row in rows],
        "package_ean": [row.package_product.ean_code if row.package_product else None for row in rows],
        "article_numbers": [
            [
                used.wholesaler_article_number
                for used in row.wholesaler_product_information or ()
                if used.wholesaler_article_number is not None
            ]
            for row in rows
        ],
    }
    return frame_of("central_products", columns)


def photos(rows: Sequence[wire.Photo], shape: Shape) -> pl.DataFrame:
    """`photos`, from GET ProductPhotos (guide 6.7)."""
    columns = {
        "photo_id": [row.photo_id for row in rows],
        "article_number": [row.wholesaler_article_number for row in rows],
        "photo_name": [row.photo_name for row in rows],
        "language": [row.language_code for row in rows],
        "url": [row.photo_url for row in rows],
    }
    return frame_of("photos", columns)


def category_chains(rows: Sequence[wire.CategoryChain], shape: Shape) -> pl.DataFrame:
    """`category_chains`, from GET Categories/GetConcatenated (guide 4.2)."""
    return frame_of(
        "category_chains", {"id": [row.id for row in rows], "path": [row.description for row in rows]}
    )


def _core(rows: Sequence[wire.Product], shape: Shape) -> dict[str, Any]:
    return {
        "product_id": [row.id for row in rows],
        "ean": [row.ean_code for row in rows],
        "is_package": [row.is_package_product for row in rows],
        "name": [_name(row.localizations) for row in rows],
        "texts": structs(
            [row.localizations or () for row in rows],
            {
                "language": lambda text: text.language_code,
                "name": lambda text: text.name,
                "description": lambda text: text.description,
            },
            pyarrow.string(),
        ),
        "brand_id": [row.brand.id if row.brand else None for row in rows],
        "brand": [row.brand.name if row.brand else None for row in rows],
        "producer_id": [row.producer.id if row.producer else None for row in rows],
        "producer": [row.producer.name if row.producer else None for row in rows],
        "category_ids": [[c.id for c in row.categories or () if c.id is not None] for row in rows],
        "storage_condition_id": [row.storage_condition.id if row.storage_condition else None for row in rows],
        "content_type": [_abbreviation(row.content_type) for row in rows],
        "total_content": [row.total_content for row in rows],
        "multiplier_amount": [row.multiplier_amount for row in rows],
        "multiplier_type": [_abbreviation(row.multiplier_content_type) for row in rows],
        "vat_percentage": [row.vat_percentage for row in rows],
        "amount_of_units": [row.amount_of_unit_product for row in rows],
        "suppliers": structs(
            [row.suppliers or () for row in rows],
            {"supplier_id": lambda code: code.id, "article_code": lambda code: code.article_code},
            pyarrow.int64(),
            pyarrow.string(),
        ),
        "modified": moment(rows, "last_modified", shape),
    }


def frame_of(name: str, columns: Mapping[str, Any]) -> pl.DataFrame:
    """The frame `name` of its columns: a list of cells, a Series or an Arrow array each."""
    schema = FRAMES[name].schema
    return pl.DataFrame([_series(column, columns[column], dtype) for column, dtype in schema.items()])


def _series(name: str, values: Any, dtype: Any) -> pl.Series:
    """A column; lists go through Arrow, because Polars builds a Series for each row of a list of lists."""
    if isinstance(values, list) and isinstance(dtype, pl.List):
        inner = pyarrow.int64() if dtype.inner == pl.Int64 else pyarrow.string()
        values = pyarrow.array(values, pyarrow.list_(inner))
    if isinstance(values, pyarrow.Array):
        return pl.Series(name, pl.from_arrow(values), dtype=dtype)
    return values.alias(name) if isinstance(values, pl.Series) else pl.Series(name, values, dtype=dtype)


def structs(
    cells: list[Any], fields: dict[str, Callable[[Any], Any]], *types: pyarrow.DataType
) -> pyarrow.Array:
    """A list of structs a row, built flat: all structs in one go, cut by offsets. The last type serves the rest."""
    offsets = [0, *accumulate(len(cell) for cell in cells)]
    flat = [one for cell in cells for one in cell]
    kinds = [types[min(place, len(types) - 1)] for place in range(len(fields))]
    parts = [
        pyarrow.array([get(one) for one in flat], kind)
        for get, kind in zip(fields.values(), kinds, strict=True)
    ]
    return pyarrow.ListArray.from_arrays(
        pyarrow.array(offsets, pyarrow.int32()), pyarrow.StructArray.from_arrays(parts, names=list(fields))
    )


def _name(texts: Iterable[wire.Text] | None) -> str | None:
    """The Dutch name, else the first one there is."""
    named = [text for text in texts or () if text.name]
    return next(
        (text.name for text in named if text.language_code == _NAME_FIRST), named[0].name if named else None
    )


def _codes(linked: Iterable[wire.LinkedCode] | None) -> list[str]:
    return [code.ean_code for code in linked or () if code.ean_code]


def _abbreviation(thing: wire.Abbreviated | None) -> str | None:
    return thing.abbreviation if thing else None


def moment(rows: Sequence[Any], attribute: str, shape: Shape) -> pl.Series:
    """The `...Utc` twin where it is given, else the Belgian one."""
    utc = pl.Series([getattr(row, f"{attribute}_utc") for row in rows], dtype=pl.String)
    local = pl.Series([getattr(row, attribute) for row in rows], dtype=pl.String)
    in_utc, in_belgium = moments(utc, "UTC"), moments(local, BELGIUM)
    for text, parsed, name in ((utc, in_utc, f"{attribute}_utc"), (local, in_belgium, attribute)):
        _note(rows, unreadable(text, parsed), name, shape)
    return pl.select(pl.coalesce(in_utc, in_belgium)).to_series()


def date(rows: Sequence[Any], attribute: str, shape: Shape) -> pl.Series:
    """A day without zone, as written."""
    text = pl.Series([getattr(row, attribute) for row in rows], dtype=pl.String)
    parsed = dates(text)
    _note(rows, unreadable(text, parsed), attribute, shape)
    return parsed


def _note(rows: Sequence[Any], wrong: pl.Series, attribute: str, shape: Shape) -> None:
    for value in wrong:
        shape.spoil(wire_name(type(rows[0]), attribute), f"{value!r} is not a date")
