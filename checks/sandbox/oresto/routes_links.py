"""Linked products: api/LinkProducts, and api/ProductInfo which lists the same codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.product_writes import check_new_number, linked_from, sales_notes, set_sales
from checks.sandbox.oresto.replies import Refusal, Reply, listed, one, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Linked


def _rows(desk: Desk, call: Call) -> Sequence[Linked]:
    return desk.modified(call, list(desk.shop.linked.values()))


def _eans(desk: Desk, rows: Iterable[Linked]) -> Iterable[str]:
    codes = (desk.shop.central_by_id(row.central_id).ean for row in rows)
    return dict.fromkeys(code for code in codes if code)


def _missing(article_number: str) -> Refusal:
    return Refusal(404, [f"Linked product with WholesalerArticleNumber {article_number} does not exist."])


@route("GET", "LinkProducts")
def links(desk: Desk, call: Call) -> Reply:
    return listed("LinkProducts", map(desk.shapes.linked, desk.page(call, _rows(desk, call))))


@route("GET", "LinkProducts/GetEan")
def eans(desk: Desk, call: Call) -> Reply:
    return listed("EanCodes", _eans(desk, _rows(desk, call)))


@route("GET", "ProductInfo/GetAvailabilityInfo")
def availability(desk: Desk, call: Call) -> Reply:
    """Its model is that of a linked-product EAN list."""
    return listed("EanCodes", _eans(desk, _rows(desk, call)))


@route("GET", "LinkProducts/GetWholesalerArticleNumbers")
def article_numbers(desk: Desk, call: Call) -> Reply:
    return listed("WholesalerArticleNumbers", (row.article_number for row in _rows(desk, call)))


@route("GET", "LinkProducts/GetByEan")
def by_ean(desk: Desk, call: Call) -> Reply:
    ean = call.text("EanCode", length=250)
    found = desk.shop.links_by_ean(ean)
    if not found:
        raise Refusal(404, [f"No linked product with EAN {ean}."], payload="Products")
    return listed("Products", map(desk.shapes.linked, found))


def _by_supplier(desk: Desk, call: Call) -> list[Linked]:
    key = (call.integer("Id"), call.text("ArticleCode"))
    package = call.flag("IsPackageProduct", required=True)
    return [
        row
        for row in desk.shop.linked.values()
        for product in (desk.shop.central_by_id(row.central_id),)
        if product.is_package == package and key in product.suppliers
    ]


@route("GET", "LinkProducts/GetBySupplier")
def by_supplier(desk: Desk, call: Call) -> Reply:
    return listed("Products", map(desk.shapes.linked, _by_supplier(desk, call)))


@route("GET", "LinkProducts/Nested/GetBySupplier")
def nested_by_supplier(desk: Desk, call: Call) -> Reply:
    return listed("Products", map(desk.shapes.linked_nested, _by_supplier(desk, call)))


@route("GET", "LinkProducts/GetByWholesalerArticleNumber")
def by_article_number(desk: Desk, call: Call) -> Reply:
    row = desk.shop.linked.get(call.text("WholesalerArticleNumber"))
    return one("Product", desk.shapes.linked(row) if row else None)


@route("POST", "LinkProducts")
def create(desk: Desk, call: Call) -> Reply:
    """Refused while an own product has the article number: hence DELETE first."""
    values = call.read(bodies.LINK_PRODUCT)
    check_new_number(desk.shop, values["WholesalerArticleNumber"])
    desk.shop.put_linked(linked_from(desk.shop, values, desk.shop.next_id()))
    return written()


@route("PUT", "LinkProducts")
def replace(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.LINK_PRODUCT)
    old = desk.shop.linked.get(values["WholesalerArticleNumber"])
    if old is None:
        raise _missing(values["WholesalerArticleNumber"])
    desk.shop.put_linked(linked_from(desk.shop, values, old.id))
    return written()


@route("PUT", "LinkProducts/Sales")
def change_sales(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.PRODUCT_SALES)
    row = desk.shop.linked.get(values["WholesalerArticleNumber"])
    if row is None:
        raise _missing(values["WholesalerArticleNumber"])
    set_sales(row, values, sales_notes(values))
    row.modified = desk.shop.now()
    return written()


@route("DELETE", "LinkProducts")
def delete(desk: Desk, call: Call) -> Reply:
    """Unproven in the sources; DELETE Products does it too."""
    article_number = call.text("WholesalerArticleNumber")
    if article_number not in desk.shop.linked:
        raise _missing(article_number)
    desk.shop.remove_product(article_number)
    return written()
