"""Prices and exclusivity per client: api/ClientProducts. The list takes no filter: none is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import ClientPrice, Linked
from checks.sandbox.oresto.validation import check_body

Values = Mapping[str, Any]


@route("GET", "ClientProducts")
def client_products(desk: Desk, call: Call) -> Reply:
    return listed("ClientProducts", (_row(desk, row) for row in desk.shop.trade.client_prices.values()))


def _row(desk: Desk, row: ClientPrice) -> dict[str, Any]:
    product = desk.shop.product(row.article_number)
    facts = desk.shop.central_by_id(product.central_id) if isinstance(product, Linked) else product
    return {
        "WholesalerArticleNumber": row.article_number,
        "EanCode": facts.ean if facts else None,
        "ClientNumber": row.client_number,
        "SalesPriceList": row.price,
        "SalesPriceListPromo": row.promo,
        "IsExlusive": row.exclusive,
    }


def _check_ends(desk: Desk, values: Values) -> tuple[str, str]:
    """Article and client, both of which must exist."""
    article, client = values["WholesalerArticleNumber"], values["ClientNumber"]
    if desk.shop.product(article) is None:
        message = f"Product with WholesalerArticleNumber {article} does not exist."
        raise Refusal(model_errors=[("clientProduct.WholesalerArticleNumber", message)])
    if client not in desk.shop.trade.clients:
        raise Refusal(
            model_errors=[("clientProduct.ClientNumber", f"Client with number {client} does not exist.")]
        )
    return article, client


def _save(desk: Desk, values: Values) -> None:
    article, client = _check_ends(desk, values)
    desk.shop.set_client_price(
        ClientPrice(
            article, client, values["SalesPriceList"], values["SalesPriceListPromo"], values["IsExlusive"]
        )
    )


def _add(desk: Desk, values: Values) -> None:
    key = _check_ends(desk, values)
    if key in desk.shop.trade.client_prices:
        message = f"ClientProduct {key[0]} of client {key[1]} already exists."
        raise Refusal(model_errors=[("clientProduct.WholesalerArticleNumber", message)])
    _save(desk, values)


def _change(desk: Desk, values: Values) -> None:
    key = (values["WholesalerArticleNumber"], values["ClientNumber"])
    if key not in desk.shop.trade.client_prices:
        raise Refusal(404, [f"ClientProduct {key[0]} of client {key[1]} does not exist."])
    _save(desk, values)


@route("POST", "ClientProducts")
def create(desk: Desk, call: Call) -> Reply:
    _add(desk, call.read(bodies.CLIENT_PRODUCT))
    return written()


@route("PUT", "ClientProducts")
def change(desk: Desk, call: Call) -> Reply:
    _change(desk, call.read(bodies.CLIENT_PRODUCT))
    return written()


def _each(desk: Desk, call: Call, save: Callable[[Desk, Values], None]) -> Reply:
    """Saves what it can; an item that is not mentioned in the errors was saved. Errors carry Key1 and Key2."""
    raw = call.read(bodies.CLIENT_PRODUCTS_RAW)["ClientProducts"]
    errors = []
    for position, item in enumerate(raw):
        values, found = check_body(bodies.CLIENT_PRODUCT, item, f"clientProducts[{position}]")
        if not found:
            try:
                save(desk, values)
            except Refusal as refusal:
                found = [*refusal.model_errors, *(("clientProduct", message) for message in refusal.errors)]
        for key, message in found:
            names = {"Key1": values["WholesalerArticleNumber"], "Key2": values["ClientNumber"]}
            errors.append({**names, "Key": key, "Message": message, "Exception": ""})
    status = 400 if errors and not desk.variant.errors_as_200 else 200
    return Reply({}, status, is_write=True, model_errors=errors)


@route("POST", "ClientProducts/Multiple")
def create_many(desk: Desk, call: Call) -> Reply:
    return _each(desk, call, _add)


@route("POST", "ClientProducts/Multiple/AddOrUpdate")
def add_or_update_many(desk: Desk, call: Call) -> Reply:
    return _each(desk, call, _save)


@route("PUT", "ClientProducts/Multiple")
def change_many(desk: Desk, call: Call) -> Reply:
    return _each(desk, call, _change)


@route("DELETE", "ClientProducts")
def delete(desk: Desk, call: Call) -> Reply:
    """One row, or with ClientNumber alone all rows of that client. A row that points nowhere can be deleted too."""
    client, article = call.text("ClientNumber"), call.text("WholesalerArticleNumber", required=False)
    prices = desk.shop.trade.client_prices
    keys = [(article, client)] if article else [key for key in prices if key[1] == client]
    if article and keys[0] not in prices:
        raise Refusal(404, [f"ClientProduct {article} of client {client} does not exist."])
    for key in keys:
        desk.shop.remove_client_price(*key)
    return written()
