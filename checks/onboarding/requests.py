"""The request bodies that an own article becomes: a link to a central product, or an own product (guide, 3.5 and 3.6).

What a file does not say is left out of a body, except what the shop insists on: an article counts as active and not on
order unless its file says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checks.fixes.kinds.link_plan import forbidden
from checks.sources.oresto.bodies import REQUIRED, REQUIRED_TO_LINK, Body

Row = Mapping[str, Any]

#: What people call the fields that a body must have.
_WORDS = {
    "Active": "active",
    "BrandId": "brand",
    "CategoryId": "category",
    "ContentType": "content type",
    "OnOrder": "on order",
    "StorageConditionId": "storage condition",
    "UnitSalesPrice": "unit sales price",
}
#: The column of the article that a required reference is made of.
_WRITTEN = {
    "BrandId": "brand",
    "CategoryId": "category",
    "ContentType": "content_type",
    "StorageConditionId": "storage_condition",
    "UnitSalesPrice": "unit_sales_price",
}


def link_body(article: Row, ids: Row, code: Body) -> Body:
    """POST LinkProducts: the central product by `code`, sold as the article says (chapter 4).

    `article`: a row of `ARTICLES`; `ids`: its row of `References.ids`.
    """
    return _filled({**code, **_sales(article, ids)})


def own_body(article: Row, ids: Row) -> Body:
    """POST Products: an own product with its texts and references (chapter 3)."""
    supplier, supplier_code = ids.get("supplier"), article["supplier_code"]
    with_multiplier = article["multiplier_amount"] is not None and ids.get("multiplier_type") is not None
    return _filled(
        {
            **_sales(article, ids),
            "BrandId": ids.get("brand"),
            "CategoryId": ids.get("category"),
            "ContentType": ids.get("content_type"),
            "EanCode": article["ean"],
            "Localizations": [
                _filled(
                    {
                        "LanguageCode": text["language"],
                        "Name": text["name"],
                        "Description": text["description"],
                    }
                )
                for text in article["texts"] or []
                if text["name"]
            ],
            "MultiplierAbbreviation": ids.get("multiplier_type") if with_multiplier else None,
            "MultiplierAmount": article["multiplier_amount"] if with_multiplier else None,
            "ProducerId": ids.get("producer"),
            "StorageConditionId": ids.get("storage_condition"),
            "Supplier": {"Id": supplier, "ArticleCode": supplier_code}
            if supplier and supplier_code
            else None,
            "TotalContent": article["total_content"],
            "VatPercentage": article["vat_percentage"],
        }
    )


def lacking(body: Body, article: Row, *, link: bool) -> list[str]:
    """Why the shop would not take a body, as sentences; empty when it would, as far as can be told beforehand."""
    reasons = []
    if reason := forbidden(str(article["article_number"])):
        reasons.append(reason)
    for name in REQUIRED_TO_LINK if link else REQUIRED:
        if name in body:
            continue
        written = article.get(_WRITTEN.get(name, ""))
        word = _WORDS[name]
        reasons.append(
            f"Its {word} {written!r} is not mapped to the shop's table yet."
            if written
            else f"It has no {word}: fill it in, or choose one for all articles without."
        )
    if not link and not body.get("Localizations"):
        reasons.append("It has no name in any language.")
    if not link and article["multiplier_amount"] is not None and not article["multiplier_type"]:
        reasons.append(
            f"Its multiplier {article['multiplier_amount']:g} has no type (KG, L, ...): give one, or take the amount out."
        )
    return reasons


def _sales(article: Row, ids: Row) -> Body:
    """The part that both bodies share. A promo's days mean nothing without its price."""
    promo = article["promo_price"] is not None
    return {
        "Active": True if article["active"] is None else article["active"],
        "OnOrder": bool(article["on_order"]),
        "OrderQuantity": article["order_quantity"],
        "PromoValidFromUtc": _utc(article["promo_from"]) if promo else None,
        "PromoValidUntilUtc": _utc(article["promo_until"]) if promo else None,
        "SalesPriceList": article["sales_price"],
        "SalesPriceListPromo": article["promo_price"],
        "TemporarilyUnavailable": article["temporarily_unavailable"],
        "UnitSalesPrice": ids.get("unit_sales_price"),
        "WholesalerArticleNumber": article["article_number"],
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _filled(values: Mapping[str, Any]) -> Body:
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}
