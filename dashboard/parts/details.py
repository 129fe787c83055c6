"""One product or order with its fields in words, and which field a finding is about. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import polars as pl

from checks.rules.central import matched_by
from checks.rules.references import REFERENCES
from dashboard.parts.words import number, shown

#: Which of the product's fields a finding without `field` is about.
_GUILTY = {
    "own-and-linked": "ean",
    "missing-photo": "photos",
    "photo-available": "photos",
    "sold-but-discontinued": "active",
    "description-differs": "texts",
    "price-below-cost": "sales_price",
    "category-not-leaf": "category_ids",
    "invalid-ean": "ean",
    "restricted-ean": "ean",
    "duplicate-ean": "ean",
    "forbidden-characters": "article_number",
    "linked-central-deleted": "ean",
    "text-missing": "texts",
    "price-missing": "sales_price",
    "promo-invalid": "promo_price",
    "multiplier-invalid": "multiplier_type",
    "package-mismatch": "amount_of_units",
    "client-unknown-segment": "segment",
    "user-unknown-client": "client_number",
    "order-unprocessed": "ordered_at",
    "order-delivery-passed": "delivery_date",
    "order-unknown-client": "client_number",
    "order-unknown-article": "lines",
    "order-total-mismatch": "lines",
}

#: Checks whose `field` is no column: a language.
_BY_CHECK = ("text-missing",)

_MATCHED = {"own": "ean", "unit": "unit_eans", "carton": "package_eans", "supplier": "suppliers"}


@dataclass(frozen=True)
class Part:
    """One field as shown; `guilty` when the finding is about it."""

    column: str
    title: str
    text: str
    guilty: bool = False


def guilty_column(finding: Mapping[str, Any]) -> str | None:
    """The frame's column that the finding is about."""
    if finding["check"] == "own-became-central":
        return _MATCHED.get(matched_by(finding["message"]) or "")
    for reference in REFERENCES:
        if finding["field"] == reference.field:
            return reference.column
    if finding["check"] in _BY_CHECK:
        return _GUILTY[finding["check"]]
    return finding["field"] or _GUILTY.get(finding["check"])


def row_of(frame: pl.DataFrame | None, column: str, key: str) -> dict[str, Any] | None:
    """The row of one key, None when the frame is missing or does not have it."""
    if frame is None:
        return None
    rows = frame.filter(pl.col(column).cast(pl.String) == key)
    return rows.row(0, named=True) if rows.height else None


def product_parts(
    product: Mapping[str, Any],
    lookups: Mapping[str, pl.DataFrame | None],
    photos: int | None,
    guilty: str | Collection[str] | None,
    zone: tzinfo | None = None,
    *,
    photo_added: bool = False,
) -> list[Part]:
    """The fields of an own or linked product that people look at, ids with their names.

    Args:
        photos: how many the last health check found; None: not known. `photo_added`: a repair gave it one since.
    """
    brand = _with_id(
        product["brand"] or _name(lookups.get("brands"), product["brand_id"]), product["brand_id"]
    )
    producer = _with_id(product["producer"], product["producer_id"])
    categories = ", ".join(
        _with_id(_name(lookups.get("categories"), one), one) for one in product["category_ids"] or []
    )
    storage = product["storage_condition_id"]
    content = f"{shown(product['total_content'])} {product['content_type'] or ''}".strip()
    fields: list[tuple[str, str, str]] = [
        ("article_number", "Article number", product["article_number"]),
        ("name", "Name", shown(product["name"])),
        ("ean", "EAN", shown(product["ean"])),
        ("unit_eans", "EAN of the unit", shown(product["unit_eans"])),
        ("package_eans", "EAN of the carton", shown(product["package_eans"])),
        ("brand_id", "Brand", brand),
        ("producer_id", "Producer", producer),
        ("category_ids", "Category", categories or "–"),
        (
            "storage_condition_id",
            "Storage",
            _with_id(_name(lookups.get("storage_conditions"), storage), storage),
        ),
        ("content_type", "Content", content),
        ("suppliers", "Supplier", _suppliers(product["suppliers"], lookups.get("suppliers"))),
        ("sales_price", "List price", _euro(product["sales_price"])),
        ("promo_price", "Promo price", _euro(product["promo_price"])),
        ("unit_sales_price", "Price is per", shown(product["unit_sales_price"])),
        ("multiplier_type", "Multiplier", _multiplier(product)),
        ("amount_of_units", "Units inside", shown(product["amount_of_units"])),
        ("texts", "Texts in", shown([text["language"] for text in product["texts"] or [] if text["name"]])),
        (
            "vat_percentage",
            "VAT",
            f"{product['vat_percentage']} %" if product["vat_percentage"] is not None else "–",
        ),
        ("photos", "Photos", _photos(photos, photo_added)),
        ("active", "Active", shown(product["active"])),
        ("modified", "Changed in the shop", shown(product["modified"], zone)),
    ]
    return _marked(
        fields, guilty, always={"article_number", "name", "ean", "brand_id", "category_ids", "photos"}
    )


def order_parts(order: Mapping[str, Any], guilty: str | None, zone: tzinfo | None = None) -> list[Part]:
    """The fields of an order that people look at."""
    delivery = order["pickup_date"] if order["is_pickup"] else order["delivery_date"]
    fields = [
        ("order_number", "Order", shown(order["full_order_number"] or order["order_number"])),
        ("client_number", "Client", f"{order['client_number']} {order['client_name'] or ''}".strip()),
        ("ordered_at", "Ordered", shown(order["ordered_at"], zone)),
        (
            "delivery_date",
            "Pick-up" if order["is_pickup"] else "Delivery",
            delivery.strftime("%a %d %b %Y") if delivery else "–",
        ),
        ("lines", "Lines", number(order["lines"])),
        ("total", "Total", _euro(order["total"])),
    ]
    return _marked(fields, guilty, always={"order_number", "ordered_at"})


def client_parts(client: Mapping[str, Any], guilty: str | None) -> list[Part]:
    """The fields of a client that people look at."""
    place = " ".join(part for part in (client["postal_code"], client["municipality"]) if part)
    fields = [
        ("client_number", "Client", client["client_number"]),
        ("name", "Name", shown(client["name"])),
        ("active", "Active", shown(client["active"])),
        ("segment", "Segment", _with_id(client["segment"], client["segment_id"])),
        ("representative", "Representative", shown(client["representative"])),
        ("municipality", "Place", place or "–"),
    ]
    return _marked(fields, guilty, always={"client_number", "name", "active"})


def user_parts(user: Mapping[str, Any], guilty: str | None) -> list[Part]:
    """The fields of a user that people look at."""
    fields = [
        ("email", "E-mail", user["email"]),
        ("client_number", "Client", shown(user["client_number"])),
        ("active", "Active", shown(user["active"])),
        ("language", "Language", shown(user["language"])),
    ]
    return _marked(fields, guilty, always={"email", "client_number"})


def price_parts(price: Mapping[str, Any], client: str | None) -> list[Part]:
    """The fields of a client's own price."""
    fields = [
        ("client_number", "Client", f"{price['client_number']} {client or ''}".strip()),
        ("sales_price", "Client's price", _euro(price["sales_price"])),
        ("promo_price", "Client's promo", _euro(price["promo_price"])),
        ("exclusive", "Only for this client", shown(price["exclusive"])),
    ]
    return _marked(fields, None, always={"client_number", "sales_price"})


def _marked(
    fields: list[tuple[str, str, str]], guilty: str | Collection[str] | None, always: set[str]
) -> list[Part]:
    """Parts without the empty ones that nobody asked about."""
    wrong = {guilty} if isinstance(guilty, str) else set(guilty or ())
    return [
        Part(column, title, text, column in wrong)
        for column, title, text in fields
        if text != "–" or column in wrong or column in always
    ]


def _name(table: pl.DataFrame | None, ident: int | None) -> str | None:
    if table is None or ident is None:
        return None
    names = table.filter(pl.col("id") == ident)["name"]
    return names[0] if names.len() else None


def _with_id(name: str | None, ident: int | None) -> str:
    if ident is None:
        return shown(name)
    return f"{name} ({ident})" if name else f"{ident}, which the lookup table does not have"


def _photos(count: int | None, added: bool) -> str:
    known = "not known" if count is None else number(count) if count else "none"
    return f"{known} at the last health check, and a repair added one since" if added else known


def _suppliers(suppliers: list[dict[str, Any]] | None, table: pl.DataFrame | None) -> str:
    parts = []
    for one in suppliers or []:
        name = _name(table, one["supplier_id"]) or f"supplier {one['supplier_id']}"
        parts.append(f"{name}, article {one['article_code']}" if one["article_code"] else name)
    return "; ".join(parts) or "–"


def _multiplier(product: Mapping[str, Any]) -> str:
    if product["multiplier_amount"] is None and not product["multiplier_type"]:
        return "–"
    return f"{shown(product['multiplier_amount'])} {product['multiplier_type'] or ''}".strip()


def _euro(value: float | None) -> str:
    return "–" if value is None else f"€ {value:,.2f}"
