"""Loads real products as the central database: their codes and names; what is missing is filled in.

The file is a Parquet table with at least `gtin` and `product_name`; `brand_real`, `brand_guess`,
`category_guess_path_nl`, `quantity_count`, `quantity_value` and `quantity_unit` are used where they are there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from checks.errors import UsageError
from checks.sandbox.oresto.central import FIRST_ID, SupplierCodes, import_moments
from checks.sandbox.oresto.codes import as_gtin14
from checks.sandbox.oresto.lookups import Category, Lookups
from checks.sandbox.oresto.rows import Central

#: First word of the guessed category -> the Dutch name of our category.
_CATEGORIES = {
    "Plantaardige levensmiddelen en dranken": "Groenteconserven",
    "Snacks": "Koeken en wafels",
    "Smaakmakers": "Koude sauzen",
    "Zuivelproducten": "Yoghurt",
    "Dranken": "Frisdranken",
    "Vlezen": "Ham en worst",
    "Kant-en-klaar maaltijden": "Bereide maaltijden",
    "Vis en zeevruchten": "Visconserven",
    "Desserts": "Zuiveldesserts",
    "Ontbijten": "Broodbeleg en ontbijt",
    "Sandwiches": "Bereide maaltijden",
    "Smeerbare producten": "Broodbeleg en ontbijt",
    "Zoetstoffen": "Bloem en suiker",
    "Bouillon": "Bouillons en fonds",
    "Chips en patat": "Chips en noten",
}
_UNITS = {
    "g": "G",
    "gr": "G",
    "kg": "KG",
    "kilo": "KG",
    "ml": "ML",
    "cl": "CL",
    "l": "L",
    "st": "ST",
    "stuks": "ST",
}
_FIRST_BRAND = 2001


def read_products(path: Path) -> list[dict[str, Any]]:
    """The rows of the file; of two codes that are one GTIN the first. Raises UsageError when it is no such file."""
    try:
        table = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{path} cannot be read as a Parquet file of products: {error}") from error
    missing = {"gtin", "product_name"} - set(table.columns)
    if missing:
        raise UsageError(
            f"{path} has no column {' and no column '.join(sorted(missing))}: expected gtin and product_name."
        )
    return (
        table.with_columns(_code=pl.col("gtin").str.zfill(14))
        .unique("_code", keep="first", maintain_order=True)
        .to_dicts()
    )


def codes_of(products: list[dict[str, Any]]) -> set[str]:
    """Their GTIN-14s, so that no made-up product gets one of them."""
    return {code for product in products if (code := as_gtin14(product["gtin"]))}


def add_real_brands(lookups: Lookups, products: list[dict[str, Any]]) -> dict[str, int]:
    """Adds their brands to the table; gives name in small letters -> id."""
    names = sorted({str(name).lower() for product in products if (name := _brand(product))})
    ids = {name: _FIRST_BRAND + position for position, name in enumerate(names)}
    lookups.brands.update({id_: name.title() for name, id_ in ids.items()})
    lookups.brands[_FIRST_BRAND - 1] = "Diverse merken"
    return ids


def make_real_central(
    rng: Random,
    lookups: Lookups,
    products: list[dict[str, Any]],
    supplier_codes: SupplierCodes,
    anchor: datetime,
) -> list[Central]:
    """One central product per row, in the order of the file; a hundredth of them deleted."""
    brands = add_real_brands(lookups, products)
    rest = _category_for_the_rest(lookups)
    leaves = {category.nl: category.id for category in lookups.leaves()}
    storage = {
        family.category_id: {"D": 1, "K": 2, "V": 3, "A": 4}[family.storage] for family in lookups.families
    }
    moments = import_moments(rng, anchor)
    central = []
    for position, product in enumerate(products):
        path = str(product.get("category_guess_path_nl") or "").split(" > ")[0]
        category_id = leaves.get(_CATEGORIES.get(path, ""), rest.id)
        suppliers: tuple[tuple[int, str], ...] = ()
        if rng.random() < 0.6:
            supplier = rng.choice(supplier_codes.ids)
            suppliers = ((supplier, supplier_codes.next(supplier)),)
        content, unit = _content(product)
        name = " ".join(str(product["product_name"]).split()) or "Zonder naam"
        central.append(
            Central(
                FIRST_ID + position,
                str(product["gtin"]),
                brands.get(_brand(product).lower(), _FIRST_BRAND - 1),
                None,
                category_id,
                storage.get(category_id, 1),
                unit,
                content,
                6,
                suppliers,
                name,
                name,
                -1,
                round(0.89 + rng.lognormvariate(1.4, 0.7), 2),
                rng.choice(moments),
                deleted=rng.random() < 0.01,
            )
        )
    return central


def _brand(product: dict[str, Any]) -> str:
    return str(product.get("brand_real") or product.get("brand_guess") or "").strip()


def _content(product: dict[str, Any]) -> tuple[float, str]:
    unit = _UNITS.get(str(product.get("quantity_unit") or "").lower())
    value = product.get("quantity_value")
    if unit is None or not value:
        return 1.0, "ST"
    return round(float(value) * int(product.get("quantity_count") or 1), 3), unit


def _category_for_the_rest(lookups: Lookups) -> Category:
    parent = next(category for category in lookups.categories.values() if category.nl == "Droge voeding")
    category = Category(
        max(lookups.categories) + 4, parent.id, "Diverse voeding", "Alimentation diverse", True
    )
    lookups.categories[category.id] = category
    return category
