"""The central database: api/CentralProducts, read only."""

from __future__ import annotations

from collections.abc import Sequence

from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Reply, listed, one
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Central


def _rows(desk: Desk, call: Call) -> Sequence[Central]:
    """Not the deleted ones; with DeletedProducts=true only those. MultiplicatorProducts=true: with a multiplier."""
    rows = desk.shop.deleted_central if call.flag("DeletedProducts") else desk.shop.live_central
    if call.flag("MultiplicatorProducts"):
        rows = [row for row in rows if row.multiplier_amount is not None]
    return desk.modified(call, rows)


@route("GET", "CentralProducts")
def central(desk: Desk, call: Call) -> Reply:
    return listed("CentralProducts", map(desk.shapes.central, desk.page(call, _rows(desk, call))))


@route("GET", "CentralProducts/Count")
def count(desk: Desk, call: Call) -> Reply:
    miscount = 0 if call.flag("DeletedProducts") else desk.variant.miscount
    return Reply({"TotalProducts": len(_rows(desk, call)) + miscount})


@route("GET", "CentralProducts/GetEan")
def eans(desk: Desk, call: Call) -> Reply:
    """Units and cartons. ExcludeCentralProducts means nothing on a central list."""
    return listed("EanCodes", (row.ean for row in _rows(desk, call) if row.ean))


@route("GET", "CentralProducts/GetByEan")
def by_ean(desk: Desk, call: Call) -> Reply:
    row = desk.shop.central_by_ean(call.text("EanCode", length=250))
    return one("Product", desk.shapes.central(row) if row else None)


@route("GET", "CentralProducts/Nested/GetByEan")
def nested_by_ean(desk: Desk, call: Call) -> Reply:
    row = desk.shop.central_by_ean(call.text("EanCode", length=250))
    return one("Product", desk.shapes.central_nested(row) if row else None)


@route("GET", "CentralProducts/GetBySupplier")
def by_supplier(desk: Desk, call: Call) -> Reply:
    package = bool(call.flag("IsPackageProduct", required=True))
    row = desk.shop.central_by_supplier(call.integer("Id"), call.text("ArticleCode"), package)
    return one("Product", desk.shapes.central(row) if row else None)


@route("GET", "CentralProducts/GetArticlecodesBySupplier")
def article_codes(desk: Desk, call: Call) -> Reply:
    """Per supplier the article codes of what was not deleted; OnlyEmptyEan=true: of what has no EAN."""
    only_empty, multiplied = call.flag("OnlyEmptyEan"), call.flag("MultiplicatorProducts")
    codes: dict[int, dict[str, None]] = {}
    for row in desk.shop.live_central:
        if (only_empty and row.ean) or (multiplied and row.multiplier_amount is None):
            continue
        for supplier_id, code in row.suppliers:
            codes.setdefault(supplier_id, {})[code] = None
    suppliers = desk.shop.lookups.suppliers
    return listed(
        "Suppliers",
        (
            {"Id": id_, "Name": suppliers[id_][0], "ArticleCodes": list(codes[id_])}
            for id_ in suppliers
            if id_ in codes
        ),
    )
