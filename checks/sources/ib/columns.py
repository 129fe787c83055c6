"""IB's articles as the frame `catalogue`: one place that says which field feeds which column.

What cannot be read (a date that is none) is noted in the page's shape: the rules that need that column could not run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pyarrow

from checks.frames import FRAMES
from checks.sources.ib.client import ZONE
from checks.sources.ib.wire import STANDING_OF, Article, Image, Price, Unit
from checks.sources.moments import moments, unreadable
from checks.sources.rows import Shape

SOURCES_OF: Mapping[str, tuple[str, ...]] = {
    "article_key": ("id",),
    "company": ("id",),
    "article_code": ("articleId",),
    "match_code": ("matchCode",),
    "name": ("description",),
    "description": ("extendedInfo",),
    "brand": ("manufacturer",),
    "group": (),
    "standing": ("availability",),
    "availability": ("availability",),
    "availability_label": ("availability_label",),
    "ean": ("units.eanCode",),
    "ean_written": (),
    "units": ("units.unitLabel", "units.eanCode"),
    "images": ("images",),
    "prices": ("prices.price", "prices.startDate", "prices.endDate", "prices.active"),
    "gross_price": ("prices.price", "prices.type"),
    "recommended_price": ("prices.price", "prices.type"),
    "stock": (),
    "available_from": (),
    "modified": ("modified",),
}

#: Columns that are worth nothing where one of their fields is gone.
NEED_ALL = frozenset({"units", "prices", "gross_price", "recommended_price"})

_COMPUTED = ("gross_price", "recommended_price", "modified")


@cache
def _arrow_schema() -> pyarrow.Schema:
    """Of the columns that rows bring themselves; those of `_COMPUTED` are added by column."""
    return FRAMES["catalogue"].empty().drop(_COMPUTED).to_arrow().schema


def articles(company: str, rows: Sequence[Article], shape: Shape) -> pl.DataFrame:
    """`catalogue` of one page. The prices of a piece depend on the day: see `prices.with_prices`."""
    schema = FRAMES["catalogue"].schema
    table = pyarrow.Table.from_pylist([_cells(company, row, shape) for row in rows], schema=_arrow_schema())
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    text = pl.Series("modified", [row.modified for row in rows], dtype=pl.String)
    modified = moments(text, ZONE)
    for value in unreadable(text, modified):
        shape.spoil("modified", f"{value!r} is not a moment")
    none = pl.lit(None, pl.Float64)
    return (
        found.with_columns(modified.alias("modified"), gross_price=none, recommended_price=none)
        .select(schema.names())
        .cast(schema)
    )


def _cells(company: str, row: Article, shape: Shape) -> dict[str, Any]:
    maker = row.manufacturer
    if isinstance(maker, dict):  # a company's fields are not documented
        maker = maker.get("name")
    units = row.units or []
    return {
        "article_key": None if row.id is None else f"{company}|{row.id}",
        "company": company,
        "article_code": row.article_id,
        "match_code": _filled(row.match_code),
        "name": row.description,
        "description": row.extended_info,
        "brand": maker if isinstance(maker, str) else None,
        "standing": _standing(row.availability),
        "availability": row.availability,
        "availability_label": row.availability_label,
        "ean": _ean(units),
        "units": [_unit(unit) for unit in units],
        "images": [_image(image) for image in row.images or ()],
        "prices": [_price(price, shape) for price in row.prices or ()],
    }


def _standing(code: str | None) -> str | None:
    """Null where IB says nothing: were that "unknown", a field that is gone would look like a value."""
    return None if code is None else STANDING_OF.get(code.strip(), "unknown")


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "label": unit.unit_label,
        "ean": _filled(unit.ean_code),
        "amount": unit.unit_amount,
        "package": unit.package_name,
        "unit": unit.unit_name,
        "orderable": unit.orderable,
    }


def _ean(units: Sequence[Unit]) -> str | None:
    """The code of the smallest unit that may be ordered, else of the first unit that has one."""
    for unit in units:
        if unit.orderable and unit.unit_amount in (None, 1) and _filled(unit.ean_code):
            return _filled(unit.ean_code)
    return next((code for unit in units if (code := _filled(unit.ean_code))), None)


def _image(image: Image) -> dict[str, Any]:
    return {
        "name": image.file_name,
        "url": _filled(image.download),
        "media_type": image.mime_type,
        "width": image.width,
        "height": image.height,
        "bytes": image.file_size,
    }


def _price(price: Price, shape: Shape) -> dict[str, Any]:
    return {
        "kind": price.type,
        "label": price.label,
        "amount": price.price,
        "quantity": price.price_unit_quantity,
        "unit": price.price_unit_description,
        "valid_from": _day(price.start_date, "prices.startDate", shape),
        "valid_until": _day(price.end_date, "prices.endDate", shape),
        "minimum": price.moq,
        "reference": price.reference,
        "own": price.company_specific,
        "active": price.active,
    }


def _day(text: str | None, name: str, shape: Shape) -> date | None:
    """The day as written, never shifted; the clock behind it, if any, says nothing of the day meant."""
    if text is None or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        shape.spoil(name, f"{text!r} is not a date")
        return None


def _filled(text: str | None) -> str | None:
    """The text without spaces around it; None where nothing is left."""
    return (text or "").strip() or None
