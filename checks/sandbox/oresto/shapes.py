"""How a row looks on the wire. Fields and order follow the API's models; what products share is encoded once."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from checks.sandbox.oresto.lookups import Category, Lookups
from checks.sandbox.oresto.moments import twins
from checks.sandbox.oresto.rows import Central, Linked, Own, Sales
from checks.sandbox.oresto.shop import Shop

Row = dict[str, Any]
_encode = msgspec.json.encode


def category(row: Category) -> Row:
    return {"Id": row.id, "ParentId": row.parent_id, "Localizations": _described(row.nl, row.fr)}


def _described(nl: str, fr: str) -> list[Row]:
    return [{"LanguageCode": "nld", "Description": nl}, {"LanguageCode": "fra", "Description": fr}]


def unit(abbreviation: str, words: tuple[str, str, str, str]) -> Row:
    """A content type, unit sales price or multiplier type."""
    nl, fr, short_nl, short_fr = words
    return {
        "Abbreviation": abbreviation,
        "Localizations": [
            {"LanguageCode": "nld", "Description": nl, "Abbreviation": short_nl},
            {"LanguageCode": "fra", "Description": fr, "Abbreviation": short_fr},
        ],
    }


def storage(id_: int, words: tuple[str, str]) -> Row:
    return {"Id": id_, "Localizations": _described(*words)}


def supplier(id_: int, row: tuple[str, str]) -> Row:
    return {"Id": id_, "Name": row[0], "VatNumber": row[1], "VatCountryCode": "BE"}


class Shapes:
    """Writes products. Brands, categories and units are encoded once and pasted in."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.forget()

    def forget(self) -> None:
        """To be called when the lookup tables changed."""
        lookups = self.shop.lookups
        self._brand = self._named(lookups.brands, "brand", lookups)
        self._producer = self._named(lookups.producers, "producer", lookups)
        self._storage = lru_cache(None)(lambda id_: self._storage_of(lookups, id_))
        self._categories = lru_cache(None)(lambda id_: self._categories_of(lookups, id_))
        self._content = self._units(lookups.content_types)
        self._unit = self._units(lookups.unit_sales_prices)
        self._multiplier = self._units(lookups.multiplier_types)

    def own(self, row: Own) -> Row:
        """GET.Products.Product."""
        packed = self.shop.packed(row.article_number)
        return {
            **row.extra,
            "Id": row.id,
            "Active": row.active,
            "AmountOfUnitProduct": packed.amount,
            "PackageProducts": self._packed(packed.packages),
            "UnitProducts": self._packed(packed.units),
            "EanCode": row.ean,
            "TotalContent": row.total_content,
            "VatPercentage": row.vat,
            "IsPackageProduct": packed.is_package,
            "WholesalerArticleNumber": row.article_number,
            "ContentType": self._content(row.content_type),
            "MultiplierAmount": row.multiplier_amount,
            "MultiplierContentType": self._multiplier(row.multiplier_type),
            **self._sales(row),
            "Brand": self._brand(row.brand_id),
            "Producer": self._producer(row.producer_id),
            "StorageCondition": self._storage(row.storage_id),
            "Suppliers": self._own_supplier(row),
            "Localizations": [
                {"LanguageCode": lang, "Name": name, "Description": about} for lang, name, about in row.texts
            ],
            "Categories": self._categories(row.category_id),
            **_modified(row.modified),
        }

    def linked(self, row: Linked) -> Row:
        """GET.LinkProducts.Product."""
        product = self.shop.central_by_id(row.central_id)
        packed = self.shop.packed(row.article_number)
        packages, units = list(packed.packages), list(packed.units)
        if product.other_id is not None:
            (units if product.is_package else packages).extend(self.shop.links.get(product.other_id, ()))
        return {
            "Id": row.id,
            "Active": row.active,
            "WholesalerArticleNumber": row.article_number,
            "PackageProducts": self._packed(packages),
            "UnitProducts": self._packed(units),
            **self._facts(product),
            "MultiplierAmount": product.multiplier_amount,
            "MultiplierContentType": self._multiplier(product.multiplier_type),
            **self._sales(row),
            **_modified(row.modified),
        }

    def central(self, row: Central) -> Row:
        """GET.CentralProducts.Product."""
        other = None if row.other_id is None else self.shop.central_by_id(row.other_id)
        return {
            "Id": row.id,
            **self._facts(row),
            "MultiplierAmount": row.multiplier_amount,
            "MultiplierContentType": self._multiplier(row.multiplier_type),
            "PackageProduct": self._central_link(None if row.is_package else other),
            "UnitProduct": self._central_link(other if row.is_package else None),
            "WholesalerProductInformation": [
                {
                    "WholesalerArticleNumber": number,
                    "UnitSalesPrice": self._unit(self.shop.linked[number].unit_sales_price),
                }
                for number in self.shop.links.get(row.id, ())
            ],
            **_modified(row.modified),
        }

    def central_nested(self, row: Central) -> Row:
        """GET.CentralProducts.ProductNested: the carton is a whole product."""
        shape = self.central(row)
        for name in ("MultiplierAmount", "MultiplierContentType", "UnitProduct"):
            del shape[name]
        if row.other_id is not None and not row.is_package:
            shape["PackageProduct"] = self.central_nested(self.shop.central_by_id(row.other_id))
        return shape

    def linked_nested(self, row: Linked) -> Row:
        """GET.LinkProducts.ProductNested: the carton, when it is linked too, is a whole product."""
        shape = self.linked(row)
        for name in (
            "Active",
            "MultiplierAmount",
            "MultiplierContentType",
            "UnitProducts",
            "PackageProducts",
            "TemporarilyUnavailable",
        ):
            del shape[name]
        product = self.shop.central_by_id(row.central_id)
        carton = None
        if product.other_id is not None and not product.is_package:
            numbers = self.shop.links.get(product.other_id, ())
            carton = self.linked_nested(self.shop.linked[numbers[0]]) if numbers else None
        return {**shape, "PackageProduct": carton}

    def _facts(self, row: Central) -> Row:
        """What a central product is; a linked product shows the same."""
        family = self.shop.lookups.families[row.about] if row.about >= 0 else None
        return {
            "AmountOfUnitProduct": row.amount,
            "EanCode": row.ean,
            "TotalContent": row.total_content,
            "VatPercentage": row.vat,
            "IsPackageProduct": row.is_package,
            "ContentType": self._content(row.content_type),
            "Brand": self._brand(row.brand_id),
            "Producer": self._producer(row.producer_id),
            "StorageCondition": self._storage(row.storage_id),
            "Suppliers": [self._supplier(id_, code) for id_, code in row.suppliers],
            "Localizations": [
                {
                    "LanguageCode": "nld",
                    "Name": row.name_nl,
                    "Description": family.about_nl if family else None,
                },
                {
                    "LanguageCode": "fra",
                    "Name": row.name_fr,
                    "Description": family.about_fr if family else None,
                },
            ],
            "Categories": self._categories(row.category_id),
        }

    def _sales(self, row: Sales) -> Row:
        start = (None, None) if row.promo_from is None else twins(row.promo_from)
        end = (None, None) if row.promo_until is None else twins(row.promo_until)
        return {
            "SalesPriceList": row.price,
            "SalesPriceListPromo": row.promo,
            "PromoValidFrom": start[0],
            "PromoValidFromUtc": start[1],
            "PromoValidUntil": end[0],
            "PromoValidUntilUtc": end[1],
            "OnOrder": row.on_order,
            "OrderQuantity": row.order_quantity,
            "UnitSalesPrice": self._unit(row.unit_sales_price),
            "TemporarilyUnavailable": row.unavailable,
            "WholesalerProductLocalizations": [
                {"LanguageCode": language, "PromoDescription": promo, "Information": information}
                for language, promo, information in row.notes
            ],
        }

    def _packed(self, numbers: tuple[str, ...] | list[str]) -> list[Row]:
        """GET.Products.LinkedProduct of each that exists now."""
        rows = (self.shop.product(number) for number in numbers)
        return [self._linked_product(row) for row in rows if row is not None]

    def _linked_product(self, row: Own | Linked) -> Row:
        if isinstance(row, Linked):
            product = self.shop.central_by_id(row.central_id)
            ean, suppliers = product.ean, [self._supplier(id_, code) for id_, code in product.suppliers]
        else:
            ean, suppliers = row.ean, self._own_supplier(row)
        return {
            "EanCode": ean,
            "Id": row.id,
            "Suppliers": suppliers,
            "UnitSalesPrice": self._unit(row.unit_sales_price),
            "WholesalerArticleNumber": row.article_number,
        }

    def _central_link(self, row: Central | None) -> Row | None:
        if row is None:
            return None
        return {
            "EanCode": row.ean,
            "Id": row.id,
            "Suppliers": [self._supplier(id_, code) for id_, code in row.suppliers],
        }

    def _own_supplier(self, row: Own) -> list[Row]:
        return [] if row.supplier_id is None else [self._supplier(row.supplier_id, row.supplier_code)]

    def _supplier(self, id_: int, code: str | None) -> Row:
        lookups = self.shop.lookups
        name = (
            lookups.suppliers[id_][0] if id_ in lookups.suppliers else lookups.gone.get(("supplier", id_), "")
        )
        return {"Id": id_, "Name": name, "ArticleCode": code}

    @staticmethod
    def _named(table: dict[int, str], kind: str, lookups: Lookups) -> Any:
        @lru_cache(None)
        def encode(id_: int | None) -> msgspec.Raw | None:
            if id_ is None:
                return None
            name = table.get(id_) or lookups.gone.get((kind, id_), "")
            return msgspec.Raw(_encode({"Id": id_, "Name": name}))

        return encode

    @staticmethod
    def _units(table: dict[str, tuple[str, str, str, str]]) -> Any:
        @lru_cache(None)
        def encode(abbreviation: str | None) -> msgspec.Raw | None:
            if abbreviation is None:
                return None
            short = abbreviation.lower()
            return msgspec.Raw(
                _encode(unit(abbreviation, table.get(abbreviation, (short, short, short, short))))
            )

        return encode

    @staticmethod
    def _storage_of(lookups: Lookups, id_: int | None) -> msgspec.Raw | None:
        if id_ is None:
            return None
        name = lookups.gone.get(("storage", id_), "")
        return msgspec.Raw(_encode(storage(id_, lookups.storage.get(id_, (name, name)))))

    @staticmethod
    def _categories_of(lookups: Lookups, id_: int | None) -> msgspec.Raw:
        if id_ is None:
            return msgspec.Raw(b"[]")
        name = lookups.gone.get(("category", id_), "")
        return msgspec.Raw(
            _encode([category(lookups.categories.get(id_, Category(id_, None, name, name, True)))])
        )


def _modified(moment: datetime) -> Row:
    local, utc = twins(moment)
    return {"LastModified": local, "LastModifiedUtc": utc}
