"""The lookup tables."""

from __future__ import annotations

from checks.sandbox.oresto import shapes
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Reply, listed, one
from checks.sandbox.oresto.requests import Call


@route("GET", "Categories")
def categories(desk: Desk, call: Call) -> Reply:
    return listed("Categories", map(shapes.category, desk.shop.lookups.categories.values()))


@route("GET", "Categories/GetConcatenated")
def concatenated(desk: Desk, call: Call) -> Reply:
    """One chain per end node, in Dutch, deepest first; Reverse=true: from the top."""
    reverse, lookups = call.flag("Reverse"), desk.shop.lookups
    rows = []
    for leaf in lookups.leaves():
        names = [category.nl for category in lookups.chain(leaf)]
        rows.append({"Id": leaf.id, "Description": " | ".join(reversed(names) if reverse else names)})
    return listed("Categories", rows)


@route("GET", "Brands")
def brands(desk: Desk, call: Call) -> Reply:
    return listed(
        "Brands", ({"Id": id_, "Name": name} for id_, name in sorted(desk.shop.lookups.brands.items()))
    )


@route("GET", "Producers")
def producers(desk: Desk, call: Call) -> Reply:
    return listed(
        "Producers", ({"Id": id_, "Name": name} for id_, name in sorted(desk.shop.lookups.producers.items()))
    )


@route("GET", "StorageConditions")
def storage_conditions(desk: Desk, call: Call) -> Reply:
    return listed(
        "StorageConditions", (shapes.storage(id_, words) for id_, words in desk.shop.lookups.storage.items())
    )


@route("GET", "ContentTypes")
def content_types(desk: Desk, call: Call) -> Reply:
    return listed("ContentTypes", (shapes.unit(*item) for item in desk.shop.lookups.content_types.items()))


@route("GET", "UnitSalesPrices")
def unit_sales_prices(desk: Desk, call: Call) -> Reply:
    return listed(
        "UnitSalesPrices", (shapes.unit(*item) for item in desk.shop.lookups.unit_sales_prices.items())
    )


@route("GET", "MultiplierTypes")
def multiplier_types(desk: Desk, call: Call) -> Reply:
    return listed(
        "MultiplierTypes", (shapes.unit(*item) for item in desk.shop.lookups.multiplier_types.items())
    )


@route("GET", "Suppliers")
def suppliers(desk: Desk, call: Call) -> Reply:
    return listed("Suppliers", (shapes.supplier(*item) for item in desk.shop.lookups.suppliers.items()))


@route("GET", "Supplier/GetByVat")
def supplier_by_vat(desk: Desk, call: Call) -> Reply:
    """The number with or without dots; only Belgian ones are known."""
    number, country = (
        call.text("VatNumber").replace(".", "").replace(" ", ""),
        call.text("VatCountryCode").upper(),
    )
    for id_, row in desk.shop.lookups.suppliers.items():
        if country == "BE" and row[1] == number.removeprefix("BE"):
            return one("Supplier", shapes.supplier(id_, row))
    return one("Supplier", None)
