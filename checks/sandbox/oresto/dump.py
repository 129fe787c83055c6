"""The shop's state as plain data, to compare before and after; and ways to change it behind a program's back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from checks.sandbox.oresto.moments import parse_moment, twins
from checks.sandbox.oresto.rows import Central, Own
from checks.sandbox.oresto.shapes import Shapes
from checks.sandbox.oresto.shop import Shop

#: What a deletion and a new creation may change.
_VOLATILE = ("LastModified", "LastModifiedUtc")

#: The API's name -> ours, for `change`.
_CHANGEABLE = {
    "Active": "active",
    "EanCode": "ean",
    "BrandId": "brand_id",
    "ProducerId": "producer_id",
    "CategoryId": "category_id",
    "StorageConditionId": "storage_id",
    "ContentType": "content_type",
    "TotalContent": "total_content",
    "VatPercentage": "vat",
    "MultiplierAmount": "multiplier_amount",
    "MultiplierAbbreviation": "multiplier_type",
    "UnitSalesPrice": "unit_sales_price",
    "SalesPriceList": "price",
    "SalesPriceListPromo": "promo",
    "PromoValidFrom": "promo_from",
    "PromoValidUntil": "promo_until",
    "OnOrder": "on_order",
    "OrderQuantity": "order_quantity",
    "TemporarilyUnavailable": "unavailable",
    "LastModified": "modified",
}


def dump(shop: Shop, shapes: Shapes, ids: bool = False) -> dict[str, Any]:
    """Everything that can be written, as JSON-able data.

    Without `ids` it leaves out what differs after a product was deleted and put back: product and photo ids, moments of
    change. Photos come by the SHA-256 of their bytes.
    """
    trade = shop.trade
    photos = [
        {
            "WholesalerArticleNumber": photo.article_number,
            "PhotoName": photo.name,
            "LanguageCode": photo.language,
            "Sha256": hashlib.sha256(shop.picture(photo)).hexdigest(),
            **({"PhotoId": photo.id} if ids else {}),
        }
        for photo in shop.photos.values()
    ]
    return {
        "own": {row.article_number: _plain(shapes.own(row), ids) for _, row in sorted(shop.own.items())},
        "linked": {
            row.article_number: _plain(shapes.linked(row), ids) for _, row in sorted(shop.linked.items())
        },
        "photos": sorted(
            photos, key=lambda row: (row["WholesalerArticleNumber"], row["PhotoName"], row["Sha256"])
        ),
        "client_products": [msgspec.to_builtins(row) for _, row in sorted(trade.client_prices.items())],
        "orders": {
            str(order.number): twins(order.processed)[1] if order.processed else None
            for order in trade.orders.values()
        },
        "order_lists": {client: list(numbers) for client, numbers in sorted(trade.order_lists.items())},
        "clients": [_json(row) for _, row in sorted(trade.clients.items())],
        "users": [_json(row) for _, row in sorted(trade.users.items())],
        "representatives": [_json(row) for _, row in sorted(trade.representatives.items())],
        "locations": [_json(row) for _, row in sorted(trade.locations.items())],
    }


def _plain(row: dict[str, Any], ids: bool) -> dict[str, Any]:
    plain: dict[str, Any] = _json(row)
    if ids:
        return plain
    for name in ("PackageProducts", "UnitProducts"):
        for product in plain[name]:
            del product["Id"]
    return {name: value for name, value in plain.items() if name not in _VOLATILE and name != "Id"}


def _json(row: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(row))


def change(shop: Shop, article_number: str, fields: Mapping[str, Any]) -> None:
    """Sets fields of an own or linked product, unchecked, by the API's names; a supplier as `Supplier: {Id, ArticleCode}`,
    members that no page documents as `Extra`.

    `LastModified` becomes now unless it is among the fields. Raises KeyError for an unknown product or field.
    """
    row = shop.product(article_number)
    if row is None:
        raise KeyError(article_number)
    row.modified = shop.now()
    for name, value in fields.items():
        if name == "Supplier" and isinstance(row, Own):
            row.supplier_id, row.supplier_code = (
                (value["Id"], value["ArticleCode"]) if value else (None, None)
            )
            continue
        if name == "Extra" and isinstance(row, Own):
            row.extra = dict(value)
            continue
        if name == "Localizations" and isinstance(row, Own):
            row.texts = tuple(
                (text["LanguageCode"], text.get("Name"), text.get("Description")) for text in value
            )
            continue
        attribute = _CHANGEABLE[name]
        if not hasattr(row, attribute):
            raise KeyError(name)
        is_moment = attribute in ("promo_from", "promo_until", "modified") and isinstance(value, str)
        setattr(row, attribute, parse_moment(value) if is_moment else value)


def make_central(shop: Shop, article_number: str) -> str:
    """Puts an own product's article into the central database today; gives its EAN. Raises KeyError when it has none."""
    row = shop.own[article_number]
    if row.ean is None:
        raise KeyError(f"{article_number} has no EAN")
    names = {language: name for language, name, _ in row.texts}
    first = next(iter(shop.lookups.leaves()))
    shop.add_central(
        Central(
            shop.next_central_id(),
            row.ean,
            row.brand_id,
            row.producer_id,
            row.category_id or first.id,
            row.storage_id or 1,
            row.content_type or "ST",
            row.total_content or 1.0,
            row.vat or 6,
            (),
            names.get("nld") or article_number,
            names.get("fra") or names.get("nld") or article_number,
            -1,
            row.price or 1.0,
            shop.now(),
        )
    )
    return row.ean


def delete_central(shop: Shop, ean: str) -> None:
    """Marks a central product deleted, as Oresto does. Raises KeyError when there is none."""
    row = shop.central_by_ean(ean)
    if row is None:
        raise KeyError(ean)
    shop.set_central(row, deleted=True)
