"""What clients mostly order: api/Clients/OrderListItems."""

from __future__ import annotations

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.routes_clients import known_client


@route("GET", "Clients/OrderListItems")
def order_list(desk: Desk, call: Call) -> Reply:
    client = known_client(desk, call.text("ClientNumber"))
    return listed("WholesalerArticleNumbers", desk.shop.trade.order_lists.get(client.number, ()))


def _items(desk: Desk, call: Call) -> tuple[str, list[str]]:
    """The client and the articles of a body; unknown articles are refused, doubles count once."""
    values = call.read(bodies.ORDER_LIST_ITEMS)
    client = known_client(desk, values["ClientNumber"])
    numbers = list(dict.fromkeys(values["WholesalerArticleNumbers"]))
    unknown = [number for number in numbers if desk.shop.product(number) is None]
    if unknown:
        key = "orderListItems.WholesalerArticleNumbers"
        raise Refusal(
            model_errors=[
                (key, f"Product with WholesalerArticleNumber {number} does not exist.") for number in unknown
            ]
        )
    return client.number, numbers


@route("POST", "Clients/OrderListItems")
def add_to_order_list(desk: Desk, call: Call) -> Reply:
    client, numbers = _items(desk, call)
    known = desk.shop.trade.order_lists.setdefault(client, [])
    known.extend(number for number in numbers if number not in known)
    return written()


@route("PUT", "Clients/OrderListItems")
def replace_order_list(desk: Desk, call: Call) -> Reply:
    client, numbers = _items(desk, call)
    desk.shop.trade.order_lists[client] = numbers
    return written()


@route("DELETE", "Clients/OrderListItems")
def delete_from_order_list(desk: Desk, call: Call) -> Reply:
    client, number = known_client(desk, call.text("ClientNumber")), call.text("WholesalerArticleNumber")
    items = desk.shop.trade.order_lists.get(client.number, [])
    if number not in items:
        raise Refusal(404, [f"{number} is not on the order list of client {client.number}."])
    items.remove(number)
    return written()
