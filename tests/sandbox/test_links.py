"""Linking an article number to a central product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox

Body = dict[str, Any]


@pytest.fixture
def central(api: httpx.Client) -> Body:
    """A central product with EAN and supplier that nobody linked."""
    rows = api.get("CentralProducts", params={"PageSize": 500}).json()["CentralProducts"]
    return next(
        row for row in rows if row["EanCode"] and row["Suppliers"] and not row["WholesalerProductInformation"]
    )


def link(number: str, **more: object) -> Body:
    return {
        "WholesalerArticleNumber": number,
        "Active": True,
        "OnOrder": False,
        "UnitSalesPrice": "ST",
        **more,
    }


def test_link_by_ean(api: httpx.Client, central: Body) -> None:
    assert (
        api.post("LinkProducts", json=link("L1", EanCode=central["EanCode"], SalesPriceList=2.5)).status_code
        == 200
    )
    shown = api.get(
        "LinkProducts/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "L1"}
    ).json()["Product"]
    assert (shown["EanCode"], shown["SalesPriceList"]) == (central["EanCode"], 2.5)
    assert shown["Localizations"] == central["Localizations"]


def test_link_by_supplier_code(api: httpx.Client, central: Body) -> None:
    supplier = {name: central["Suppliers"][0][name] for name in ("Id", "ArticleCode")}
    body = link("L1", Supplier={**supplier, "IsPackageProduct": central["IsPackageProduct"]})
    assert api.post("LinkProducts", json=body).status_code == 200
    shown = api.get(
        "LinkProducts/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "L1"}
    ).json()["Product"]
    assert shown["Suppliers"] == central["Suppliers"]


def test_the_central_product_then_names_the_article_number(api: httpx.Client, central: Body) -> None:
    api.post("LinkProducts", json=link("L1", EanCode=central["EanCode"]))
    shown = api.get("CentralProducts/GetByEan", params={"EanCode": central["EanCode"]}).json()["Product"]
    assert [row["WholesalerArticleNumber"] for row in shown["WholesalerProductInformation"]] == ["L1"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "EanCode field is required when Supplier is empty"),
        ({"EanCode": "5400000000003"}, "No central product with EAN"),
        ({"Supplier": {"Id": 41, "ArticleCode": "nothing"}}, "No central product with article code"),
        ({"EanCode": "123"}, "valid EAN"),
    ],
)
def test_what_is_not_central_cannot_be_linked(
    api: httpx.Client, sentences: Callable[[httpx.Response], list[str]], more: Body, says: str
) -> None:
    answer = api.post("LinkProducts", json=link("L1", **more))
    assert answer.status_code == 400
    assert says in sentences(answer)[0]


def test_link_is_refused_while_the_own_product_exists(api: httpx.Client, central: Body) -> None:
    number = api.get("Products").json()["Products"][0]["WholesalerArticleNumber"]
    body = link(number, EanCode=central["EanCode"])
    assert api.post("LinkProducts", json=body).status_code == 400
    api.delete("Products", params={"WholesalerArticleNumber": number})
    assert api.post("LinkProducts", json=body).status_code == 200


def test_a_linked_product_cannot_be_made_with_a_forbidden_character(api: httpx.Client, central: Body) -> None:
    assert api.post("LinkProducts", json=link("L/1", EanCode=central["EanCode"])).status_code == 400


@pytest.mark.parametrize("path", ["Products", "LinkProducts"])
def test_a_link_is_deleted_under_either_path(api: httpx.Client, central: Body, path: str) -> None:
    api.post("LinkProducts", json=link("L1", EanCode=central["EanCode"]))
    assert api.delete(path, params={"WholesalerArticleNumber": "L1"}).status_code == 200
    params = {"WholesalerArticleNumber": "L1"}
    assert api.get("LinkProducts/GetByWholesalerArticleNumber", params=params).status_code == 404


def test_put_changes_the_unit_and_the_price(api: httpx.Client, central: Body) -> None:
    api.post("LinkProducts", json=link("L1", EanCode=central["EanCode"]))
    body = {**link("L1", EanCode=central["EanCode"], SalesPriceList=4), "UnitSalesPrice": "DS"}
    assert api.put("LinkProducts", json=body).status_code == 200
    shown = api.get(
        "LinkProducts/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "L1"}
    ).json()["Product"]
    assert (shown["UnitSalesPrice"]["Abbreviation"], shown["SalesPriceList"]) == ("DS", 4)


def test_packing_stays_when_an_own_unit_becomes_a_link(sandbox: Sandbox, api: httpx.Client) -> None:
    own = sandbox.dump()["own"]
    live = set(api.get("CentralProducts/GetEan").json()["EanCodes"])
    unit = next(row for row in own.values() if row["PackageProducts"] and row["EanCode"] in live)
    number, carton = unit["WholesalerArticleNumber"], unit["PackageProducts"][0]["WholesalerArticleNumber"]
    api.delete("Products", params={"WholesalerArticleNumber": number})
    assert sandbox.dump()["own"][carton]["UnitProducts"] == []
    api.post("LinkProducts", json=link(number, EanCode=unit["EanCode"]))
    assert [row["WholesalerArticleNumber"] for row in sandbox.dump()["own"][carton]["UnitProducts"]] == [
        number
    ]
