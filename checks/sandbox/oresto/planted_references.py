"""Plants references of own products that lead nowhere, are empty, or end on a category that has subcategories."""

from __future__ import annotations

from checks.sandbox.oresto.planter import Planter

INVALID_REFERENCE_FIELDS = (
    "brand",
    "category",
    "storage_condition",
    "producer",
    "supplier",
    "content_type",
    "unit_sales_price",
    "multiplier_type",
)
MISSING_REFERENCE_FIELDS = ("brand", "category", "storage_condition", "content_type", "unit_sales_price")


def invalid_reference(planter: Planter, number: int) -> None:
    """Points at a lookup entry that vanished; the product still shows its old name."""
    row, which = planter.take(), INVALID_REFERENCE_FIELDS[number % len(INVALID_REFERENCE_FIELDS)]
    gone, turn = planter.made.lookups.gone, number // len(INVALID_REFERENCE_FIELDS) % 5
    if which == "brand":
        row.brand_id = 77_777 + turn
        gone["brand", row.brand_id] = (
            "Oude Hoeve",
            "Saveurs d'Antan",
            "Vriesmeester",
            "Belpomme",
            "Zilverkust",
        )[turn]
    elif which == "category":
        row.category_id = 9_901 + turn
        gone["category", row.category_id] = ("Diversen", "Actie", "Te verdelen", "Import", "Oud assortiment")[
            turn
        ]
    elif which == "storage_condition":
        row.storage_id = 90 + turn
        gone["storage", row.storage_id] = ("Kelder", "Vers", "Ultra-vers", "Gekoeld 7 °C", "Bevroren")[turn]
    elif which == "producer":
        row.producer_id = 8_800 + turn
        gone["producer", row.producer_id] = (
            "Firma Stoop",
            "Ets Moreau",
            "Gebr. Claes",
            "SA Valmy",
            "BV Duinzicht",
        )[turn]
    elif which == "supplier":
        row.supplier_id = 970 + turn
        row.supplier_code = row.supplier_code or f"X{number:05d}"
        gone["supplier", row.supplier_id] = (
            "Oude Markt NV",
            "Frigo Est SA",
            "Van Acker BV",
            "Delimport",
            "Noordvis",
        )[turn]
    elif which == "content_type":
        row.content_type = ("OZ", "LB", "DOZ", "PND", "GAL")[turn]
    elif which == "unit_sales_price":
        row.unit_sales_price = ("PAK", "KRT", "ZAK", "BOS", "TRAY")[turn]
    else:
        row.multiplier_type, row.multiplier_amount = ("LB", "OZ", "PND", "GAL", "DOZ")[turn], 2.5
    planter.truth.add("invalid-reference", row.article_number, which)


def missing_reference(planter: Planter, number: int) -> None:
    row, which = planter.take(), MISSING_REFERENCE_FIELDS[number % len(MISSING_REFERENCE_FIELDS)]
    attribute = {"brand": "brand_id", "category": "category_id", "storage_condition": "storage_id"}.get(
        which, which
    )
    setattr(row, attribute, None)
    planter.truth.add("missing-reference", row.article_number, which)


def category_not_leaf(planter: Planter, number: int) -> None:
    row = planter.take()
    row.category_id = planter.rng.choice(planter.made.lookups.parents()).id
    planter.truth.add("category-not-leaf", row.article_number)
