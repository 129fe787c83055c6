"""Articles as ServiceStack writes them: nulls left out, moments as `/Date(ms-0000)/`, the EAN as a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks.sandbox.kruitbosch.rows import Article


def moment(value: datetime | None) -> str | None:
    return None if value is None else f"/Date({int(value.timestamp() * 1000)}-0000)/"


def _without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def product(one: Article, flags: Mapping[str, bool]) -> dict[str, Any]:
    """A row of /Products; lists that no flag asked for are empty (section 3)."""
    levels = {f"ProductGroupLevel{number}": code for number, code in enumerate(one.group, 1)}
    return _without_nulls(
        {
            "ProductCode": one.code,
            "Blocked": one.blocked,
            "DateCreated": moment(one.created),
            "Unit": one.unit,
            "DeliveredPer": 1,
            "Description": one.name,
            "DescriptionLong": one.text,
            "ProductGroup": one.group[1],
            **levels,
            "EANCode": one.ean,
            "PackageQuantity": one.pack,
            "RecommendedSalesPrice": one.recommended,
            "PriceGross": one.gross,
            "SupplierProductNumber": one.supplier_number,
            "VAT": "H",
            "Bike": one.bike,
            "Image": one.picture,
            "InActive": one.inactive,
            "Attributes": [{"Attribute": "Kleur", "AttributeValue": "Zwart"}]
            if flags.get("IncludeAttributes")
            else [],
            "AdditionalImages": _further(one) if flags.get("IncludeAdditionalImages") else [],
            "OriginalImages": [one.picture] if flags.get("IncludeOriginalImages") and one.picture else [],
            "ProductOptions": [] if flags.get("ProductOptions") else None,
            "IntrastatCode": "82119100" if flags.get("IncludeIntrastatCodes") else None,
        }
    )


def _further(one: Article) -> list[str]:
    return [f"side-{one.picture}"] if one.picture and one.stock % 3 == 0 else []


def stock(one: Article) -> dict[str, Any]:
    """A row of /Products/Stocks."""
    return _without_nulls(
        {
            "ProductCode": one.code,
            "AvailabilityId": 1 if one.stock else 2,
            "Availability": "Op voorraad" if one.stock else "Niet op voorraad",
            "StockQuantity": one.stock,
            "DateAvailable": moment(one.due) or "/Date(-62135596800000-0000)/",
        }
    )


def stock_and_price(one: Article) -> dict[str, Any]:
    """A row of /Customer/StocksAndPrices."""
    nett = None if one.gross is None else round(one.gross * (1 - one.discount / 100), 4)
    return {
        **stock(one),
        **_without_nulls({"PriceGross": one.gross, "PriceNett": nett, "PercentDiscount": one.discount}),
    }


def group_tree(groups: Mapping[str, tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
    return [
        {
            "GroupCode": code,
            "Group": name,
            "SubGroups": [
                {"GroupCode": below, "Group": title, "SubGroups": []} for below, title in inside.items()
            ],
        }
        for code, (name, inside) in groups.items()
    ]
