"""Own products: api/Products."""

from __future__ import annotations

from collections.abc import Sequence

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.codes import as_gtin14
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.product_writes import (
    check_new_number,
    own_from,
    sales_notes,
    set_amount,
    set_sales,
)
from checks.sandbox.oresto.replies import Refusal, Reply, listed, one, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Own


def _rows(desk: Desk, call: Call) -> Sequence[Own]:
    """Own products by the four filters. MultiplicatorProducts=true: only those with a multiplier."""
    rows: Sequence[Own] = desk.modified(call, list(desk.shop.own.values()))
    if call.flag("ExcludeCentralProducts"):
        rows = [row for row in rows if row.ean is None or desk.shop.central_by_ean(row.ean) is None]
    if call.flag("MultiplicatorProducts"):
        rows = [row for row in rows if row.multiplier_amount is not None]
    return rows


@route("GET", "Products")
def products(desk: Desk, call: Call) -> Reply:
    return listed("Products", map(desk.own, desk.page(call, _rows(desk, call))))


@route("GET", "Products/GetEan")
def eans(desk: Desk, call: Call) -> Reply:
    return listed("EanCodes", dict.fromkeys(row.ean for row in _rows(desk, call) if row.ean))


@route("GET", "Products/GetWholesalerArticleNumbers")
def article_numbers(desk: Desk, call: Call) -> Reply:
    return listed("WholesalerArticleNumbers", (row.article_number for row in _rows(desk, call)))


@route("GET", "Products/GetByEan")
def by_ean(desk: Desk, call: Call) -> Reply:
    """Several own products may have one code: all of them."""
    ean = call.text("EanCode", length=250)
    code = as_gtin14(ean.strip())
    tail = (code or ean).lstrip(
        "0"
    )  # what all forms of a code end with: few are left to be looked at closely
    likely = [row for row in desk.shop.own.values() if row.ean and row.ean.endswith(tail)]
    rows = [row for row in likely if row.ean == ean or (code and as_gtin14(row.ean) == code)]
    if not rows:
        raise Refusal(404, [f"No product with EAN {ean}."], payload="Products")
    return listed("Products", map(desk.own, rows))


@route("GET", "Products/GetBySupplier")
def by_supplier(desk: Desk, call: Call) -> Reply:
    supplier, code, package = (
        call.integer("Id"),
        call.text("ArticleCode"),
        call.flag("IsPackageProduct", required=True),
    )
    rows = [
        row
        for row in desk.shop.own.values()
        if row.supplier_id == supplier
        and row.supplier_code == code
        and desk.shop.packed(row.article_number).is_package == package
    ]
    return listed("Products", map(desk.own, rows))


@route("GET", "Products/GetByWholesalerArticleNumber")
def by_article_number(desk: Desk, call: Call) -> Reply:
    row = desk.shop.own.get(call.text("WholesalerArticleNumber"))
    return one("Product", desk.own(row) if row else None)


@route("POST", "Products")
def create(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.PRODUCT)
    check_new_number(desk.shop, values["WholesalerArticleNumber"])
    desk.shop.put_own(own_from(desk.shop, values, desk.shop.next_id()))
    return written()


@route("PUT", "Products")
def replace(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.PRODUCT)
    old = desk.shop.own.get(values["WholesalerArticleNumber"])
    if old is None:
        raise Refusal(
            404, [f"Product with WholesalerArticleNumber {values['WholesalerArticleNumber']} does not exist."]
        )
    row = own_from(desk.shop, values, old.id)
    others = call.besides(bodies.PRODUCT)
    # EXTRA_MEMBERS: what GET shows and no page documents is kept as it is sent, and gone when it is not
    row.extra = {name: others[name] for name in old.extra if name in others}
    set_amount(desk.shop, row.article_number, others.get("AmountOfUnitProduct"))
    desk.shop.put_own(row)
    return written()


@route("PUT", "Products/Sales")
def change_sales(desk: Desk, call: Call) -> Reply:
    """Own or linked."""
    values = call.read(bodies.PRODUCT_SALES)
    row = desk.shop.product(values["WholesalerArticleNumber"])
    if row is None:
        raise Refusal(
            404, [f"Product with WholesalerArticleNumber {values['WholesalerArticleNumber']} does not exist."]
        )
    set_sales(row, values, sales_notes(values))
    row.modified = desk.shop.now()
    return written()


@route("DELETE", "Products")
def delete(desk: Desk, call: Call) -> Reply:
    """Own, or linked as the guide prints it."""
    article_number = call.text("WholesalerArticleNumber")
    if not desk.shop.remove_product(article_number):
        raise Refusal(404, [f"Product with WholesalerArticleNumber {article_number} does not exist."])
    return written()
