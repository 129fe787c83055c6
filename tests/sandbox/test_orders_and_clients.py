"""Orders, order lists and client prices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from checks.sandbox import Sandbox

Row = dict[str, Any]


def open_orders(api: httpx.Client, **params: object) -> list[Row]:
    query = {"Processed": "false", "PageSize": "1000", **{name: str(value) for name, value in params.items()}}
    orders: list[Row] = api.get("Clients/GetClientOrders", params=query).json()["ClientOrders"]
    return orders


def test_processed_must_be_said(reader: httpx.Client) -> None:
    assert reader.get("Clients/GetClientOrders").status_code == 400


def test_open_and_processed_orders_are_apart(reader: httpx.Client) -> None:
    waiting, done = open_orders(reader), open_orders(reader, Processed="true")
    assert {order["ProcessedDate"] for order in waiting} == {None}
    assert all(order["ProcessedDateUtc"] for order in done)
    assert waiting
    assert done


def test_newest_first_unless_asked_otherwise(reader: httpx.Client) -> None:
    newest = [order["OrderDateUtc"] for order in open_orders(reader)]
    assert newest == sorted(newest, reverse=True)
    assert [order["OrderDateUtc"] for order in open_orders(reader, OldestFirst="true")] == newest[::-1]


def test_a_delivery_has_a_delivery_date_without_zone(reader: httpx.Client) -> None:
    """An order may have neither: nobody chose a day."""
    dated = [order for order in open_orders(reader) if order["DeliveryDate"] or order["PickupDate"]]
    for order in dated:
        given, absent = (
            ("PickupDate", "DeliveryDate") if order["IsPickupOrder"] else ("DeliveryDate", "PickupDate")
        )
        assert datetime.fromisoformat(order[given]).tzinfo is None
        assert order[absent] is None
    assert len(dated) < len(open_orders(reader))


def test_process_takes_the_order_off_the_list(api: httpx.Client) -> None:
    order = open_orders(api)[0]
    body = {"ClientNumber": order["Client"]["ClientNumber"], "OrderNumbers": [order["OrderNumber"]]}
    answer = api.put("ClientOrders/ProcessOrders", json=body).json()
    assert answer["ProcessedDate"][:4] == answer["ProcessedDateUtc"][:4]
    assert order["OrderNumber"] not in [row["OrderNumber"] for row in open_orders(api)]


def test_an_order_of_another_client_is_refused(sandbox: Sandbox, api: httpx.Client) -> None:
    first = open_orders(api)[0]
    other = next(order for order in open_orders(api) if order["Client"] != first["Client"])
    before = sandbox.dump()
    body = {
        "ClientNumber": first["Client"]["ClientNumber"],
        "OrderNumbers": [first["OrderNumber"], other["OrderNumber"]],
    }
    assert api.put("ClientOrders/ProcessOrders", json=body).status_code == 400
    assert sandbox.dump() == before


def test_without_numbers_all_orders_of_the_client_are_processed(api: httpx.Client) -> None:
    client = open_orders(api)[0]["Client"]["ClientNumber"]
    api.put("ClientOrders/ProcessOrders", json={"ClientNumber": client})
    assert open_orders(api, ClientNumber=client) == []


def test_order_list_grows_is_replaced_and_shrinks(api: httpx.Client) -> None:
    client = api.get("Clients").json()["Clients"][0]["ClientNumber"]
    one, two = api.get("Products/GetWholesalerArticleNumbers").json()["WholesalerArticleNumbers"][:2]
    key = {"ClientNumber": client}
    api.put("Clients/OrderListItems", json={**key, "WholesalerArticleNumbers": [one]})
    api.post("Clients/OrderListItems", json={**key, "WholesalerArticleNumbers": [two, one]})
    assert api.get("Clients/OrderListItems", params=key).json()["WholesalerArticleNumbers"] == [one, two]
    api.delete("Clients/OrderListItems", params={**key, "WholesalerArticleNumber": one})
    assert api.get("Clients/OrderListItems", params=key).json()["WholesalerArticleNumbers"] == [two]


def test_an_unknown_article_is_no_order_list_item(api: httpx.Client) -> None:
    client = api.get("Clients").json()["Clients"][0]["ClientNumber"]
    body = {"ClientNumber": client, "WholesalerArticleNumbers": ["NONE"]}
    assert api.post("Clients/OrderListItems", json=body).status_code == 400


def free_pair(api: httpx.Client) -> Row:
    """An article and a client without a price of their own."""
    taken = {
        (row["WholesalerArticleNumber"], row["ClientNumber"])
        for row in api.get("ClientProducts").json()["ClientProducts"]
    }
    client = api.get("Clients").json()["Clients"][0]["ClientNumber"]
    articles = api.get("Products/GetWholesalerArticleNumbers").json()["WholesalerArticleNumbers"]
    article = next(number for number in articles if (number, client) not in taken)
    return {
        "WholesalerArticleNumber": article,
        "ClientNumber": client,
        "SalesPriceList": 1.5,
        "IsExlusive": False,
    }


def prices(sandbox: Sandbox, row: Row) -> list[float]:
    return [
        price["price"]
        for price in sandbox.dump()["client_products"]
        if (price["article_number"], price["client_number"])
        == (row["WholesalerArticleNumber"], row["ClientNumber"])
    ]


def test_a_client_price_is_made_changed_and_deleted(sandbox: Sandbox, api: httpx.Client) -> None:
    row = free_pair(api)
    assert api.post("ClientProducts", json=row).status_code == 200
    assert api.put("ClientProducts", json={**row, "SalesPriceList": 1.25}).status_code == 200
    assert prices(sandbox, row) == [1.25]
    key = {name: row[name] for name in ("WholesalerArticleNumber", "ClientNumber")}
    assert api.delete("ClientProducts", params=key).status_code == 200
    assert prices(sandbox, row) == []


def test_a_second_price_for_the_pair_is_refused(api: httpx.Client) -> None:
    row = api.get("ClientProducts").json()["ClientProducts"][0]
    assert api.post("ClientProducts", json=row).status_code == 400


def test_a_batch_saves_what_it_can_and_names_the_rest(sandbox: Sandbox, api: httpx.Client) -> None:
    good, known = free_pair(api), api.get("ClientProducts").json()["ClientProducts"][0]
    wrong = {**good, "WholesalerArticleNumber": "NONE"}
    answer = api.post(
        "ClientProducts/Multiple", json={"ClientProducts": [good, wrong, known, {"ClientNumber": "C1"}]}
    )
    keys = [(error["Key1"], error["Key2"]) for error in answer.json()["ModelStateErrors"]]
    assert keys[:2] == [
        ("NONE", wrong["ClientNumber"]),
        (known["WholesalerArticleNumber"], known["ClientNumber"]),
    ]
    assert set(keys[2:]) == {(None, "C1")}
    assert prices(sandbox, good) == [1.5]


def test_add_or_update_takes_both(sandbox: Sandbox, api: httpx.Client) -> None:
    new, known = free_pair(api), api.get("ClientProducts").json()["ClientProducts"][0]
    rows = [new, {**known, "SalesPriceList": 0.77}]
    assert (
        api.post("ClientProducts/Multiple/AddOrUpdate", json={"ClientProducts": rows}).json()[
            "ModelStateErrors"
        ]
        == []
    )
    assert prices(sandbox, new) + prices(sandbox, known) == [1.5, 0.77]


def test_put_multiple_takes_a_bare_list(sandbox: Sandbox, api: httpx.Client) -> None:
    known = api.get("ClientProducts").json()["ClientProducts"][0]
    assert api.put("ClientProducts/Multiple", json=[{**known, "SalesPriceList": 0.66}]).status_code == 200
    assert prices(sandbox, known) == [0.66]


def test_all_prices_of_a_client_go_at_once(api: httpx.Client) -> None:
    client = api.get("ClientProducts").json()["ClientProducts"][0]["ClientNumber"]
    api.delete("ClientProducts", params={"ClientNumber": client})
    left = api.get("ClientProducts").json()["ClientProducts"]
    assert left
    assert client not in {row["ClientNumber"] for row in left}
