"""The frames' names, columns and types: one vocabulary for all systems.

A frame is always built with its explicit schema (an empty JSON list would become dtype Null). Codes are strings end to
end; moments are UTC; money is a float in euro as the API sends it. `Frames` is what the rules read: the frames of one
source, with the reason for each one that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import polars as pl

from checks.frame_spec import IDS, STRINGS, UTC, FrameSpec
from checks.frames_beside import BESIDE, MEETING

TEXTS = pl.List(pl.Struct({"language": pl.String, "name": pl.String, "description": pl.String}))
NAMES = pl.List(pl.Struct({"language": pl.String, "name": pl.String}))
SUPPLIER_CODES = pl.List(pl.Struct({"supplier_id": pl.Int64, "article_code": pl.String}))
MODEL_ERRORS = pl.List(pl.Struct({"field": pl.String, "message": pl.String}))
ORDER_LINES = pl.List(
    pl.Struct(
        {
            "article_number": pl.String,
            "unit": pl.String,  # abbreviation of the unit sales price
            "quantity": pl.Float64,
            "price": pl.Float64,  # euro a unit
            "total": pl.Float64,  # the line's TotalPrice, euro
        }
    )
)


_PRODUCT_CORE: dict[str, Any] = {
    "product_id": pl.Int64,
    "ean": pl.String,
    "is_package": pl.Boolean,
    "name": pl.String,  # Dutch, else the first language given
    "texts": TEXTS,
    "brand_id": pl.Int64,
    "brand": pl.String,
    "producer_id": pl.Int64,
    "producer": pl.String,
    "category_ids": IDS,
    "storage_condition_id": pl.Int64,
    "content_type": pl.String,  # abbreviation of the total content's unit
    "total_content": pl.Float64,
    "multiplier_amount": pl.Float64,
    "multiplier_type": pl.String,  # abbreviation
    "vat_percentage": pl.Int64,
    "amount_of_units": pl.Int64,
    "suppliers": SUPPLIER_CODES,
    "modified": UTC,
}

_ASSORTMENT: dict[str, Any] = {
    "article_number": pl.String,
    "active": pl.Boolean,
    **_PRODUCT_CORE,
    "unit_eans": STRINGS,  # codes of the unit(s) inside
    "package_eans": STRINGS,  # codes of the carton(s) around
    "unit_sales_price": pl.String,  # abbreviation of the unit the price is per
    "sales_price": pl.Float64,
    "promo_price": pl.Float64,
    "promo_from": UTC,
    "promo_until": UTC,
    "on_order": pl.Boolean,
    "order_quantity": pl.Float64,
    "temporarily_unavailable": pl.Boolean,
}

_ID_TABLE: dict[str, Any] = {"id": pl.Int64, "name": pl.String, "names": NAMES}
_ABBREVIATION_TABLE: dict[str, Any] = {"abbreviation": pl.String, "name": pl.String, "names": NAMES}

_ORDER: dict[str, Any] = {
    "order_number": pl.Int64,
    "full_order_number": pl.String,
    "client_number": pl.String,
    "client_name": pl.String,
    "ordered_at": UTC,
    "delivery_date": pl.Date,
    "pickup_date": pl.Date,
    "is_pickup": pl.Boolean,
    "processed_at": UTC,
    "lines": pl.Int64,
    "total": pl.Float64,  # sum of the lines' TotalPrice, euro
    "order_lines": ORDER_LINES,
}

_SPECS = (
    FrameSpec("products", "Own products", ("article_number",), _ASSORTMENT),
    FrameSpec("linked_products", "Linked products", ("article_number",), _ASSORTMENT),
    FrameSpec(
        "central_products",
        "Central products",
        ("product_id",),
        {**_PRODUCT_CORE, "unit_ean": pl.String, "package_ean": pl.String, "article_numbers": STRINGS},
    ),
    FrameSpec("central_eans", "Central EAN list", ("ean",), {"ean": pl.String}),
    FrameSpec(
        "supplier_articles",
        "Central article codes by supplier",
        ("supplier_id", "article_code"),
        {"supplier_id": pl.Int64, "supplier": pl.String, "article_code": pl.String},
    ),
    FrameSpec(
        "photos",
        "Product photos",
        ("photo_id",),
        {
            "photo_id": pl.Int64,
            "article_number": pl.String,
            "photo_name": pl.String,
            "language": pl.String,
            "url": pl.String,
        },
    ),
    FrameSpec("categories", "Categories", ("id",), {**_ID_TABLE, "parent_id": pl.Int64}),
    FrameSpec("brands", "Brands", ("id",), _ID_TABLE),
    FrameSpec("storage_conditions", "Storage conditions", ("id",), _ID_TABLE),
    FrameSpec("content_types", "Content types", ("abbreviation",), _ABBREVIATION_TABLE),
    FrameSpec("unit_sales_prices", "Unit sales prices", ("abbreviation",), _ABBREVIATION_TABLE),
    FrameSpec("multiplier_types", "Multiplier types", ("abbreviation",), _ABBREVIATION_TABLE),
    FrameSpec("producers", "Producers", ("id",), _ID_TABLE),
    FrameSpec("suppliers", "Suppliers", ("id",), {**_ID_TABLE, "vat_number": pl.String}),
    FrameSpec(
        "orders",
        "Unprocessed orders",
        ("order_number",),
        _ORDER,
        personal=True,
    ),
    FrameSpec("processed_orders", "Processed orders", ("order_number",), _ORDER, personal=True),
    FrameSpec(
        "deleted_central_products",
        "Deleted central products",
        ("product_id",),
        {
            "product_id": pl.Int64,
            "ean": pl.String,
            "name": pl.String,
            "suppliers": SUPPLIER_CODES,
            "modified": UTC,
        },
    ),
    FrameSpec(
        "multiplicator_products",
        "Own products with a multiplier",
        ("article_number",),
        {"article_number": pl.String},
    ),
    FrameSpec("category_chains", "Category chains", ("id",), {"id": pl.Int64, "path": pl.String}),
    FrameSpec("client_segments", "Client segments", ("id",), _ID_TABLE),
    FrameSpec(
        "clients",
        "Clients",
        ("client_number",),
        {
            "client_number": pl.String,
            "name": pl.String,
            "active": pl.Boolean,
            "segment_id": pl.Int64,
            "segment": pl.String,
            "representative": pl.String,  # e-mail
            "has_promos": pl.Boolean,
            "postal_code": pl.String,
            "municipality": pl.String,
            "country_code": pl.String,
        },
        personal=True,
    ),
    FrameSpec(
        "client_locations",
        "Delivery addresses",
        ("location_id",),
        {
            "location_id": pl.Int64,
            "client_number": pl.String,
            "postal_code": pl.String,
            "municipality": pl.String,
            "country_code": pl.String,
        },
        personal=True,
    ),
    FrameSpec(
        "delivery_dates",
        "Delivery dates",
        ("location_id", "date"),
        {"location_id": pl.Int64, "client_number": pl.String, "date": pl.Date},  # the day as written, no zone
        personal=True,
    ),
    FrameSpec(
        "users",
        "Users",
        ("email",),
        {
            "email": pl.String,
            "client_number": pl.String,
            "active": pl.Boolean,
            "language": pl.String,
        },
        personal=True,
    ),
    FrameSpec(
        "representatives",
        "Representatives",
        ("email",),
        {"email": pl.String, "active": pl.Boolean, "client_numbers": STRINGS},
        personal=True,
    ),
    FrameSpec(
        "client_prices",
        "Client prices",
        ("article_number", "client_number"),
        {
            "article_number": pl.String,
            "client_number": pl.String,
            "ean": pl.String,
            "sales_price": pl.Float64,
            "promo_price": pl.Float64,
            "exclusive": pl.Boolean,
        },
        personal=True,
    ),
    FrameSpec(
        "order_lists",
        "Order lists",
        ("client_number", "article_number"),
        {"client_number": pl.String, "article_number": pl.String},
        personal=True,
    ),
    FrameSpec(
        "error_logs",
        "Error logs",
        ("row_id",),
        {
            "row_id": pl.String,  # the same at every reading: of the server's number and moment, else of all it says
            "log_id": pl.String,
            "at": UTC,  # by the server's clock
            "method": pl.String,
            "url": pl.String,  # personal values of its query are masked
            "status_code": pl.Int64,
            "message": pl.String,
            "exception": pl.String,
            "errors": STRINGS,
            "model_errors": MODEL_ERRORS,
            "body": pl.String,  # the request's, secrets and personal fields masked
            "raw": pl.String,  # JSON of what the mapping of the settings does not know, masked; else null
        },
        personal=True,
    ),
)

#: What a run says of its own collecting, as frames, so that checks can judge it like anything else. Not snapshots.
_OF_THE_RUN = (
    FrameSpec(
        "collection",
        "What was collected",
        ("frame",),
        {
            "frame": pl.String,
            "title": pl.String,
            "status": pl.String,  # ok | failed | deferred
            "rows": pl.Int64,
            "expected": pl.Int64,  # what the server counts; null where it counts nothing
            "message": pl.String,
        },
    ),
    FrameSpec(
        "field_drift",
        "Fields that changed",
        ("frame",),  # with `field`, which a finding has a place of its own for
        {
            "frame": pl.String,
            "title": pl.String,
            "field": pl.String,
            "kind": pl.String,  # new | gone | retyped
            "detail": pl.String,
        },
    ),
    FrameSpec(
        "error_groups",
        "Problems in the error log",
        ("group_id",),
        {
            "group_id": pl.String,
            "title": pl.String,
            "state": pl.String,  # see `checks.triage.states`
            "rows": pl.Int64,  # all there ever were
            "last_day": pl.Int64,  # rows of the 24 hours before the collection
            "expected": pl.Float64,  # the most of these 24 hours that its own history lets expect; null: no forecast
            "first_seen": UTC,
            "last_seen": UTC,
        },
    ),
)

FRAMES: dict[str, FrameSpec] = {spec.name: spec for spec in (*_SPECS, *BESIDE, *MEETING, *_OF_THE_RUN)}

LOOKUP_TABLES = (
    "categories",
    "brands",
    "storage_conditions",
    "content_types",
    "unit_sales_prices",
    "multiplier_types",
    "producers",
    "suppliers",
    "client_segments",
)


@dataclass(frozen=True)
class Drift:
    """A field of the wire that is not what the frame's known shape says. `kind`: new, gone or retyped."""

    field: str
    kind: Literal["new", "gone", "retyped"]
    detail: str


@dataclass(frozen=True)
class Collected:
    """What one collector brought home.

    `data` is None unless `status` is ok. `unusable` names the frame's columns that no rule may judge, with the reason:
    the wire field was absent from every row, or could not be read in some.

    Attributes:
        mode: `full` was read whole now; `changes` is the last snapshot with what changed since; `carried` is the last
            snapshot as it was, because nothing changed or it was read today already.
        read_at: when the server was last asked for it, aware. Of a carried frame older than the run.
        full_at: when it was last read whole, aware.
        expected: how many rows the server counts, None where it counts nothing.
        carried_from: the run whose snapshot this is, row for row.
        bytes: received for it, as they came over the wire.
        since: of a log, from which moment of the server's clock on it is whole; None of everything else.
        server_at: what the server's clock said when it was read, aware; None where it did not tell.
    """

    source: str
    frame: str
    status: Literal["ok", "failed", "deferred"]
    data: pl.DataFrame | None = None
    requests: int = 0
    seconds: float = 0.0
    message: str | None = None
    drift: tuple[Drift, ...] = ()
    unusable: Mapping[str, str] = field(default_factory=dict)
    mode: Literal["full", "changes", "carried"] = "full"
    read_at: datetime | None = None
    full_at: datetime | None = None
    expected: int | None = None
    carried_from: str | None = None
    bytes: int = 0
    since: datetime | None = None
    server_at: datetime | None = None

    @property
    def incremental(self) -> bool:
        """Was it built on the last snapshot?"""
        return self.mode != "full"

    @property
    def rows(self) -> int:
        return 0 if self.data is None else self.data.height


class Frames:
    """The frames of one source, as rules read them."""

    def __init__(self, source: str, collected: Mapping[str, Collected]) -> None:
        self.source = source
        self.collected = dict(collected)

    @classmethod
    def of(cls, source: str, **frames: pl.DataFrame) -> Frames:
        """Frames straight from data: for notebooks and tests."""
        return cls(source, {name: Collected(source, name, "ok", data) for name, data in frames.items()})

    def __getitem__(self, name: str) -> pl.DataFrame:
        data = self.collected[name].data
        if data is None:
            raise KeyError(name)
        return data

    def why_missing(self, name: str, columns: tuple[str, ...] = ()) -> str | None:
        """Why `name` (or one of its `columns`) cannot be judged, in words; None when it can."""
        title = FRAMES[name].title
        collected = self.collected.get(name)
        if collected is None:
            return f"{title} was not collected."
        if collected.data is None:
            return f"{title} could not be collected: {collected.message or 'no reason given'}"
        for column in columns:
            if column in collected.unusable:
                return f"{title}: {collected.unusable[column]}"
        return None
