"""Client orders, and marking them processed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.moments import UNSET, twins
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Line, Linked, Order, Own

_STREET = ("StreetName", "StreetNumber", "PostalCode", "Municipality", "CountryCode")
_WAREHOUSE = dict(zip(_STREET, ("Havenlaan", "12", "8400", "Oostende", "BE"), strict=True))


def _pair(moment: datetime | None) -> tuple[str | None, str | None]:
    return (None, None) if moment is None else twins(moment)


def order_row(desk: Desk, order: Order) -> dict[str, Any]:
    """GET.ClientOrders.ClientOrder."""
    client = desk.shop.trade.clients.get(order.client_number)
    address = {name: client.address[name] for name in _STREET} if client else None
    ordered, processed = twins(order.ordered), _pair(order.processed)
    return {
        "OrderNumber": order.number,
        "FullOrderNumber": f"WEB-{order.ordered:%Y}-{order.number}",
        "OrderDate": ordered[0],
        "OrderDateUtc": ordered[1],
        "IsPickupOrder": order.is_pickup,
        "DeliveryDate": None if order.is_pickup else order.arrival,
        "PickupDate": order.arrival if order.is_pickup else None,
        "ProcessedDate": processed[0],
        "ProcessedDateUtc": processed[1],
        "Remark": order.remark,
        "Client": {
            "ClientNumber": order.client_number,
            "Name": client.name if client else None,
            "Email": client.email if client else None,
        },
        "DeliveryAddress": None if order.is_pickup else address,
        "PickupAddress": _WAREHOUSE if order.is_pickup else None,
        "FreeSample": [],
        "Products": [_line(desk, line) for line in order.lines],
    }


def _line(desk: Desk, line: Line) -> dict[str, Any]:
    shop, lookups = desk.shop, desk.shop.lookups
    row = shop.product(line.article_number)
    facts = shop.central_by_id(row.central_id) if isinstance(row, Linked) else row
    if isinstance(facts, Own):
        texts = [{"LanguageCode": language, "Name": name} for language, name, _ in facts.texts]
    elif facts is not None:
        texts = [
            {"LanguageCode": "nld", "Name": facts.name_nl},
            {"LanguageCode": "fra", "Name": facts.name_fr},
        ]
    else:
        texts = []
    unit = (row.unit_sales_price if row else None) or "ST"
    last = _pair(line.last_ordered)
    return {
        "WholesalerArticleNumber": line.article_number,
        "EanCode": facts.ean if facts else None,
        "Quantity": line.quantity,
        "Price": line.price,
        "TotalPrice": line.total,
        "UnitSalesPriceAbbreviation": unit,
        "UnitSalesPriceDescription": lookups.unit_sales_prices[unit][0]
        if unit in lookups.unit_sales_prices
        else unit,
        "Vat": facts.vat if facts else None,
        "Content": facts.total_content if facts else None,
        "ContentType": facts.content_type if facts else None,
        "Brand": lookups.brands.get(facts.brand_id or 0) if facts else None,
        "Producer": lookups.producers.get(facts.producer_id or 0) if facts else None,
        "Package": None,
        "OnOrder": row.on_order if row else False,
        "MultiplierAmount": facts.multiplier_amount if facts else None,
        "MultiplierAbbreviation": facts.multiplier_type if facts else None,
        "LastOrderedOn": last[0] or UNSET,  # an unset date may look like this
        "LastOrderedOnUtc": last[1] or UNSET,
        "Remark": line.remark,
        "ProductLocalizations": texts,
    }


@route("GET", "Clients/GetClientOrders")
def orders(desk: Desk, call: Call) -> Reply:
    processed, client = call.flag("Processed", required=True), call.text("ClientNumber", required=False)
    found = [
        order
        for order in desk.shop.trade.orders.values()
        if (order.processed is not None) == processed and (not client or order.client_number == client)
    ]
    found.sort(key=lambda order: (order.ordered, order.number), reverse=not call.flag("OldestFirst"))
    return listed("ClientOrders", (order_row(desk, order) for order in desk.page(call, found)))


@route("PUT", "ClientOrders/ProcessOrders")
def process(desk: Desk, call: Call) -> Reply:
    """Marks orders of one client. Without OrderNumbers all its open ones, as the guide's older body did.

    All or none: an unknown number refuses the call. One that is processed already keeps its date.
    """
    values = call.read(bodies.ORDERS_TO_PROCESS)
    client, orders = values["ClientNumber"], desk.shop.trade.orders
    own = {order.number for order in orders.values() if order.client_number == client}
    if not own and client not in desk.shop.trade.clients:
        raise Refusal(
            model_errors=[("ordersToProcess.ClientNumber", f"Client with number {client} does not exist.")]
        )
    numbers = values["OrderNumbers"] or sorted(own)
    unknown = [number for number in numbers if number not in own]
    if unknown:
        messages = [
            ("ordersToProcess.OrderNumbers", f"Order {number} of client {client} does not exist.")
            for number in unknown
        ]
        raise Refusal(model_errors=messages)
    now = desk.shop.now()
    for number in numbers:
        orders[number].processed = orders[number].processed or now
    local, utc = twins(now)
    return written(ProcessedDate=local, ProcessedDateUtc=utc)
