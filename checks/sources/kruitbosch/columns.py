"""Products of the wire as the columns of the frames `catalogue` and `catalogue_groups`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import polars as pl

from checks.frames import FRAMES
from checks.sources.kruitbosch.values import as_digits, moments, unreadable, with_zeros
from checks.sources.kruitbosch.wire import Group, Product, StockAndPrice
from checks.sources.moments import BELGIUM
from checks.sources.rows import Shape

_LEVELS = tuple(f"ProductGroupLevel{number}" for number in (1, 2, 3, 4))

#: Frame -> its columns -> the wire fields each is made of. Columns of stocks and prices are judged where they are read.
SOURCES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "catalogue": {
        "article_key": ("ProductCode",),
        "company": (),
        "article_code": ("ProductCode",),
        "match_code": (),
        "name": ("Description",),
        "description": ("DescriptionLong",),
        "brand": (),
        "group": ("ProductGroup", *_LEVELS),
        "standing": ("Blocked", "InActive"),
        "availability": (),
        "availability_label": (),
        "ean": ("EANCode",),
        "ean_written": ("EANCode",),
        "units": ("EANCode", "Unit", "PackageQuantity"),
        "images": ("Image", "AdditionalImages"),
        "prices": ("PriceGross", "RecommendedSalesPrice"),
        "gross_price": ("PriceGross",),
        "recommended_price": ("RecommendedSalesPrice",),
        "stock": (),
        "available_from": (),
        "modified": (),
    },
    "catalogue_groups": {"path": (), "group": (), "name": (), "level": ()},
}

#: One that is gone spoils the whole column: half a standing is none.
NEED_ALL = frozenset({"standing"})

#: What StocksAndPrices tells: unusable where this login may not call it.
OF_STOCKS = ("availability", "availability_label", "stock", "available_from")

_EURO = {"label": None, "quantity": 1.0, "valid_from": None, "valid_until": None, "minimum": None}


def catalogue(rows: Sequence[Product], shape: Shape, image_url: str | None) -> pl.DataFrame:
    """The frame `catalogue` without what StocksAndPrices tells.

    Args:
        image_url: where a picture is, with a place for its name; None: `Image` must be an address itself.
    """
    created = pl.Series("DateCreated", [row.date_created for row in rows], pl.String)
    for value in unreadable(created).head(1):
        shape.spoil("DateCreated", f"{value!r} is no /Date(...)/")
    codes = with_zeros(pl.Series("written", [as_digits(row.ean_code) for row in rows], pl.String))
    eans = codes["ean"].to_list()
    standings = [_standing(row) for row in rows]
    cells: dict[str, Any] = {
        "article_key": [_text(row.product_code) for row in rows],
        "company": None,
        "article_code": [_text(row.product_code) for row in rows],
        "match_code": None,
        "name": [row.description for row in rows],
        "description": [row.description_long for row in rows],
        "brand": None,
        "group": [_group(row) for row in rows],
        "standing": standings,
        "availability": None,
        "availability_label": None,
        "ean": eans,
        "ean_written": codes["ean_written"],
        "units": [
            _units(row, ean, standing == "current")
            for row, ean, standing in zip(rows, eans, standings, strict=True)
        ],
        "images": [_images(row, image_url) for row in rows],
        "prices": [_prices(row) for row in rows],
        "gross_price": [row.price_gross for row in rows],
        "recommended_price": [row.recommended_sales_price for row in rows],
        "stock": None,
        "available_from": None,
        "modified": None,
    }
    height = len(rows)
    filled = {name: [None] * height if value is None else value for name, value in cells.items()}
    return pl.DataFrame(filled, schema=FRAMES["catalogue"].schema)


def stocks(rows: Sequence[StockAndPrice], shape: Shape) -> pl.DataFrame:
    """Columns article_key, those of `OF_STOCKS`, `gross` and `nett` (euro a unit); each code once."""
    due = pl.Series("due", [row.date_available for row in rows], pl.String)
    for value in unreadable(due).head(1):
        shape.spoil("DateAvailable", f"{value!r} is no /Date(...)/")
    frame = pl.DataFrame(
        {
            "article_key": [_text(row.product_code) for row in rows],
            "availability": [
                None if row.availability_id is None else str(row.availability_id) for row in rows
            ],
            "availability_label": [row.availability for row in rows],
            "stock": [row.stock_quantity for row in rows],
            "gross": [row.price_gross for row in rows],
            "nett": [row.price_nett for row in rows],
        },
        schema={
            "article_key": pl.String,
            "availability": pl.String,
            "availability_label": pl.String,
            "stock": pl.Float64,
            "gross": pl.Float64,
            "nett": pl.Float64,
        },
    )
    # a day may be written as 22:00 UTC of the day before
    days = moments(due).dt.convert_time_zone(BELGIUM).dt.date().alias("available_from")
    return frame.hstack([days]).drop_nulls("article_key").unique("article_key", keep="last")


def with_stocks(products: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The catalogue with what StocksAndPrices says of each article; its gross price where the product has none."""
    joined = products.drop(OF_STOCKS).join(known, on="article_key", how="left", maintain_order="left")
    nett = pl.when(pl.col("nett").is_not_null()).then(
        pl.concat_list(
            pl.struct(
                kind=pl.lit("nett"),
                label=pl.lit("Your price"),
                amount="nett",
                quantity=pl.lit(1.0),
                unit=pl.col("units").list.first().struct.field("unit"),
                valid_from=pl.lit(None, pl.Date),
                valid_until=pl.lit(None, pl.Date),
                minimum=pl.lit(None, pl.Float64),
                reference=pl.lit(None, pl.String),
                own=pl.lit(True),
                active=pl.lit(None, pl.Boolean),
            )
        )
    )
    return joined.with_columns(
        gross_price=pl.coalesce("gross_price", "gross"),
        prices=pl.when(pl.col("nett").is_not_null()).then(pl.concat_list("prices", nett)).otherwise("prices"),
    ).select(FRAMES["catalogue"].schema.names())


def groups(rows: Sequence[Group]) -> pl.DataFrame:
    """The frame `catalogue_groups`: the tree, each group under the path of its codes."""
    return pl.DataFrame(list(_flat(rows, (), 1)), schema=FRAMES["catalogue_groups"].schema, orient="row")


def _flat(
    rows: Sequence[Group], above: tuple[str, ...], level: int
) -> Iterator[tuple[str, str, str | None, int]]:
    for row in rows:
        code = _text(row.group_code) or row.group or "?"
        yield "/".join((*above, code)), code, row.group, level
        yield from _flat(row.sub_groups or (), (*above, code), level + 1)


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _standing(row: Product) -> str:
    if row.in_active:
        return "inactive"
    return "blocked" if row.blocked else "current"


def _group(row: Product) -> str | None:
    levels = (
        row.product_group_level1,
        row.product_group_level2,
        row.product_group_level3,
        row.product_group_level4,
    )
    return " / ".join(level for level in levels if level) or row.product_group


def _units(row: Product, ean: str | None, orderable: bool) -> list[dict[str, Any]]:
    unit = row.unit
    found = [
        {
            "label": f"1 {unit or ''}".strip(),
            "ean": ean,
            "amount": 1.0,
            "package": unit,
            "unit": unit,
            "orderable": orderable,
        }
    ]
    if row.package_quantity is not None and row.package_quantity > 1:
        label = f"{row.package_quantity:g} {unit or ''}".strip()
        found.append(
            {
                "label": label,
                "ean": None,
                "amount": row.package_quantity,
                "package": None,
                "unit": unit,
                "orderable": None,
            }
        )
    return found


def _images(row: Product, image_url: str | None) -> list[dict[str, Any]]:
    names = dict.fromkeys(
        one.strip() for one in (row.image, *(row.additional_images or ())) if one and one.strip()
    )
    return [
        {
            "name": name.rpartition("/")[2],
            "url": _address(name, image_url),
            "media_type": None,
            "width": None,
            "height": None,
            "bytes": None,
        }
        for name in names
    ]


def _address(name: str, image_url: str | None) -> str | None:
    if urlsplit(name).scheme in ("http", "https"):
        return name
    return None if image_url is None else image_url.replace("{image}", quote(name))


def _prices(row: Product) -> list[dict[str, Any]]:
    told = (
        ("gross", "Gross price", row.price_gross),
        ("recommended", "Recommended price", row.recommended_sales_price),
    )
    return [
        {
            **_EURO,
            "kind": kind,
            "label": label,
            "amount": amount,
            "unit": row.unit,
            "reference": None,
            "own": False,
            "active": None,
        }
        for kind, label, amount in told
        if amount is not None
    ]
