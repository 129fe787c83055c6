"""From a valid body to a product: references, codes, article numbers; shared by own and linked products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.sandbox.oresto.codes import is_valid
from checks.sandbox.oresto.lookups import Lookups
from checks.sandbox.oresto.planted import FORBIDDEN
from checks.sandbox.oresto.replies import Refusal
from checks.sandbox.oresto.rows import Linked, Note, Own, Sales
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.oresto.validation import moment_of

Errors = list[tuple[str, str]]
Values = Mapping[str, Any]


def check_new_number(shop: Shop, article_number: str) -> None:
    """Refuses an article number with a forbidden character, or one that an own or linked product has already."""
    key = "product.WholesalerArticleNumber"
    found = [letter for letter in FORBIDDEN if letter in article_number]
    if found:
        raise Refusal(
            model_errors=[
                (key, f"WholesalerArticleNumber contains a character that is not allowed: {' '.join(found)}")
            ]
        )
    if shop.product(article_number) is not None:
        raise Refusal(
            model_errors=[(key, f"Product with WholesalerArticleNumber {article_number} already exists.")]
        )


def own_from(shop: Shop, values: Values, id_: int) -> Own:
    """The own product of a POST or PUT Products. Raises Refusal with everything that is wrong with its references."""
    lookups = shop.lookups
    errors: Errors = []
    content_type = _unit(lookups.content_types, values, "ContentType", errors)
    multiplier = _unit(lookups.multiplier_types, values, "MultiplierAbbreviation", errors)
    unit_price = _unit(lookups.unit_sales_prices, values, "UnitSalesPrice", errors)
    _check_ids(lookups, values, errors)
    ean = _ean(values, errors)
    supplier = values["Supplier"]
    if supplier is not None and supplier["Id"] not in lookups.suppliers:
        errors.append(("product.Supplier.Id", f"Supplier with id {supplier['Id']} does not exist."))
    notes = _notes(values, errors)
    if errors:
        raise Refusal(model_errors=errors)
    row = Own(
        id=id_,
        article_number=values["WholesalerArticleNumber"],
        modified=shop.now(),
        active=values["Active"],
        unit_sales_price=unit_price,
        unavailable=bool(values["TemporarilyUnavailable"]),
        ean=ean,
        brand_id=values["BrandId"],
        producer_id=values["ProducerId"],
        category_id=values["CategoryId"],
        storage_id=values["StorageConditionId"],
        content_type=content_type,
        total_content=values["TotalContent"],
        vat=values["VatPercentage"],
        multiplier_amount=values["MultiplierAmount"],
        multiplier_type=multiplier,
        supplier_id=supplier["Id"] if supplier else None,
        supplier_code=supplier["ArticleCode"] if supplier else None,
        texts=tuple(
            (text["LanguageCode"], text["Name"], text["Description"]) for text in values["Localizations"]
        ),
    )
    set_sales(row, values, notes)
    return row


def linked_from(shop: Shop, values: Values, id_: int) -> Linked:
    """The linked product of a POST or PUT LinkProducts. Raises Refusal, also when nothing central is meant."""
    errors: Errors = []
    unit_price = _unit(shop.lookups.unit_sales_prices, values, "UnitSalesPrice", errors)
    supplier = values["Supplier"]
    central = None
    if values["EanCode"]:
        ean = _ean(values, errors)
        central = shop.central_by_ean(ean) if ean else None
        if central is None and ean:
            errors.append(("product.EanCode", f"No central product with EAN {ean}."))
    elif supplier is not None:
        code, package = supplier["ArticleCode"], bool(supplier["IsPackageProduct"])
        central = shop.central_by_supplier(supplier["Id"], code, package)
        if central is None:
            errors.append(
                (
                    "product.Supplier",
                    f"No central product with article code {code} of supplier {supplier['Id']}.",
                )
            )
    else:
        errors.append(("product.EanCode", "The EanCode field is required when Supplier is empty."))
    notes = _notes(values, errors)
    if errors or central is None:
        raise Refusal(model_errors=errors)
    row = Linked(
        id=id_,
        article_number=values["WholesalerArticleNumber"],
        modified=shop.now(),
        central_id=central.id,
        active=values["Active"],
        unit_sales_price=unit_price,
        unavailable=bool(values["TemporarilyUnavailable"]),
    )
    set_sales(row, values, notes)
    return row


def set_sales(row: Sales, values: Values, notes: tuple[Note, ...]) -> None:
    """What Sales bodies share with the whole ones: a replacement, so an absent price is no price."""
    row.on_order = values["OnOrder"]
    row.price, row.promo = values["SalesPriceList"], values["SalesPriceListPromo"]
    row.promo_from, row.promo_until = (
        moment_of(values, "PromoValidFrom"),
        moment_of(values, "PromoValidUntil"),
    )
    row.notes = notes
    if values.get("OrderQuantity") is not None:
        row.order_quantity = values["OrderQuantity"]


def set_amount(shop: Shop, article_number: str, amount: object) -> None:
    """AMOUNT_BY_PUT: the one part of the packing that PUT replaces, where the product is a carton; else it is overlooked."""
    packed = shop.packed(article_number)
    if packed.is_package:
        packed.amount = amount if isinstance(amount, int) and amount >= 0 else None


def sales_notes(values: Values) -> tuple[Note, ...]:
    errors: Errors = []
    notes = _notes(values, errors)
    if errors:
        raise Refusal(model_errors=errors)
    return notes


def _notes(values: Values, errors: Errors) -> tuple[Note, ...]:
    notes = tuple(
        (note["LanguageCode"], note["PromoDescription"], note["Information"])
        for note in values["WholesalerProductLocalizations"]
    )
    for position, (_, promo, information) in enumerate(notes):
        if not promo and not information:
            key = f"product.WholesalerProductLocalizations[{position}]"
            errors.append(
                (
                    f"{key}.PromoDescription",
                    "The PromoDescription field is required when Information is empty.",
                )
            )
    return notes


def _ean(values: Values, errors: Errors) -> str | None:
    ean = (values["EanCode"] or "").strip()
    if ean and not is_valid(ean):
        errors.append(("product.EanCode", "The field EanCode must be a valid EAN code."))
    return ean or None


def _unit(table: Mapping[str, object], values: Values, name: str, errors: Errors) -> str | None:
    """The abbreviation as the table writes it."""
    given = values[name]
    if not given:
        return None
    for abbreviation in table:
        if abbreviation.lower() == given.strip().lower():
            return abbreviation
    errors.append((f"product.{name}", f"{name} with abbreviation {given} does not exist."))
    return None


def _check_ids(lookups: Lookups, values: Values, errors: Errors) -> None:
    tables: tuple[tuple[str, str, Mapping[int, object]], ...] = (
        ("BrandId", "Brand", lookups.brands),
        ("ProducerId", "Producer", lookups.producers),
        ("StorageConditionId", "StorageCondition", lookups.storage),
        ("CategoryId", "Category", lookups.categories),
    )
    for field, title, table in tables:
        if values[field] is not None and values[field] not in table:
            errors.append((f"product.{field}", f"{title} with id {values[field]} does not exist."))
    category = lookups.categories.get(values["CategoryId"])
    if category is not None and not category.is_leaf:
        errors.append(
            (
                "product.CategoryId",
                f"Category with id {category.id} has subcategories: only an end node may hold products.",
            )
        )
