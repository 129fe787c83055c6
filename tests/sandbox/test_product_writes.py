"""POST, PUT and DELETE of own products: what is required, what is refused, what goes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox

Body = dict[str, Any]
Sentences = Callable[[httpx.Response], list[str]]


def test_a_right_body_makes_a_product(api: httpx.Client, good_body: Body) -> None:
    answer = api.post("Products", json=good_body)
    assert answer.json().keys() == {"RequestInformation", "ModelStateErrors", "Errors"}
    shown = api.get(
        "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
    ).json()["Product"]
    assert (shown["SalesPriceList"], shown["OrderQuantity"], shown["EanCode"]) == (9.95, 1.0, "5400000000003")


@pytest.mark.parametrize(
    "field",
    [
        "Active",
        "BrandId",
        "CategoryId",
        "ContentType",
        "OnOrder",
        "StorageConditionId",
        "UnitSalesPrice",
        "WholesalerArticleNumber",
    ],
)
def test_a_required_field_is_required(api: httpx.Client, good_body: Body, field: str) -> None:
    del good_body[field]
    answer = api.post("Products", json=good_body)
    assert answer.status_code == 400
    errors = [(error["Key"], error["Message"]) for error in answer.json()["ModelStateErrors"]]
    assert errors == [(f"product.{field}", f"The {field} field is required.")]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("BrandId", 77777, "Brand with id 77777 does not exist"),
        ("ProducerId", 77777, "Producer with id 77777 does not exist"),
        ("StorageConditionId", 99, "StorageCondition with id 99 does not exist"),
        ("CategoryId", 99999, "Category with id 99999 does not exist"),
        ("ContentType", "OZ", "ContentType with abbreviation OZ does not exist"),
        ("UnitSalesPrice", "PAK", "UnitSalesPrice with abbreviation PAK does not exist"),
        ("MultiplierAbbreviation", "LB", "MultiplierAbbreviation with abbreviation LB does not exist"),
        ("Supplier", {"Id": 4, "ArticleCode": "X"}, "Supplier with id 4 does not exist"),
        ("Supplier", {"Id": 41}, "The ArticleCode field is required"),
        ("EanCode", "5400000000004", "must be a valid EAN"),
        ("EanCode", "8,71E+12", "must be a valid EAN"),
        ("BrandId", "many", "'many' is not valid for BrandId"),
        ("WholesalerArticleNumber", "X" * 51, "maximum length of 50"),
        ("UnitSalesPrice", "X" * 26, "maximum length of 25"),
        ("MultiplierAmount", 0, "must be between 0.0001 and 1e+14"),
        ("SalesPriceList", -0.01, "must be between 0 and 1e+16"),
        ("PromoValidFrom", "1700-01-01", "is not valid for PromoValidFrom"),
        ("Localizations", [{"LanguageCode": "nl", "Name": "Kaas"}], "minimum length of 3"),
        (
            "WholesalerProductLocalizations",
            [{"LanguageCode": "nld"}],
            "PromoDescription field is required when",
        ),
    ],
)
def test_a_wrong_value_is_refused(
    api: httpx.Client, good_body: Body, sentences: Sentences, field: str, value: object, says: str
) -> None:
    answer = api.post("Products", json={**good_body, field: value})
    assert answer.status_code == 400
    assert says in " ".join(sentences(answer))


@pytest.mark.parametrize("letter", "\\+<>?#%@&*:./")
def test_a_forbidden_character_is_refused_on_creation(
    api: httpx.Client, good_body: Body, letter: str
) -> None:
    assert (
        api.post("Products", json={**good_body, "WholesalerArticleNumber": f"A{letter}1"}).status_code == 400
    )


def test_only_an_end_node_may_hold_products(api: httpx.Client, good_body: Body, sentences: Sentences) -> None:
    top = next(row for row in api.get("Categories").json()["Categories"] if row["ParentId"] is None)
    answer = api.post("Products", json={**good_body, "CategoryId": top["Id"]})
    assert "only an end node" in sentences(answer)[0]


@pytest.mark.parametrize("path", ["Products", "LinkProducts"])
def test_an_article_number_exists_once(
    api: httpx.Client, good_body: Body, sentences: Sentences, path: str
) -> None:
    number = api.get(path).json()[path][0]["WholesalerArticleNumber"]
    answer = api.post("Products", json={**good_body, "WholesalerArticleNumber": number})
    assert answer.status_code == 400
    assert "already exists" in sentences(answer)[0]


def test_a_refused_body_changes_nothing(sandbox: Sandbox, api: httpx.Client, good_body: Body) -> None:
    before = sandbox.dump(ids=True)
    assert api.post("Products", json={**good_body, "BrandId": 1}).status_code == 400
    assert sandbox.dump(ids=True) == before


def test_put_replaces_the_whole_product(api: httpx.Client, good_body: Body) -> None:
    api.post("Products", json={**good_body, "SalesPriceListPromo": 8, "VatPercentage": 6})
    assert api.put("Products", json={**good_body, "SalesPriceList": 11}).status_code == 200
    shown = api.get(
        "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
    ).json()["Product"]
    assert (shown["SalesPriceList"], shown["SalesPriceListPromo"], shown["VatPercentage"]) == (11, None, None)


def test_put_of_an_unknown_product_gets_404(api: httpx.Client, good_body: Body) -> None:
    assert api.put("Products", json=good_body).status_code == 404


@pytest.mark.parametrize("path", ["Products", "LinkProducts"])
def test_sales_change_prices_of_own_and_linked_products(api: httpx.Client, path: str) -> None:
    number = api.get(path).json()[path][0]["WholesalerArticleNumber"]
    body = {"WholesalerArticleNumber": number, "OnOrder": True, "SalesPriceList": 3.21}
    assert api.put("Products/Sales", json=body).status_code == 200
    shown = api.get(
        f"{path}/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": number}
    ).json()["Product"]
    assert (shown["SalesPriceList"], shown["OnOrder"]) == (3.21, True)


def test_a_change_shows_in_the_modified_list(api: httpx.Client) -> None:
    number = api.get("Products").json()["Products"][0]["WholesalerArticleNumber"]
    api.put("Products/Sales", json={"WholesalerArticleNumber": number, "OnOrder": False, "SalesPriceList": 1})
    row = api.get("Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": number}).json()[
        "Product"
    ]
    recent = api.get("Products", params={"ModifiedDate": row["LastModifiedUtc"]}).json()["Products"]
    assert [row["WholesalerArticleNumber"] for row in recent] == [number]


def test_the_promo_date_in_utc_is_the_fallback(api: httpx.Client, good_body: Body) -> None:
    api.post("Products", json={**good_body, "PromoValidFromUtc": "2026-07-01T00:00:00Z"})
    shown = api.get(
        "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
    ).json()["Product"]
    assert shown["PromoValidFrom"] == "2026-07-01T02:00:00.0000000+02:00"


def test_delete_takes_photos_and_client_prices_along(sandbox: Sandbox, api: httpx.Client) -> None:
    prices = {row["WholesalerArticleNumber"] for row in api.get("ClientProducts").json()["ClientProducts"]}
    pictured = {row["WholesalerArticleNumber"] for row in api.get("ProductPhotos").json()["ProductPhotos"]}
    number = sorted(prices & pictured)[0]
    assert api.delete("Products", params={"WholesalerArticleNumber": number}).status_code == 200
    state = sandbox.dump()
    assert number not in state["own"]
    assert number not in {row["WholesalerArticleNumber"] for row in state["photos"]}
    assert number not in {row["article_number"] for row in state["client_products"]}


def test_delete_of_an_unknown_product_gets_404(api: httpx.Client) -> None:
    assert api.delete("Products", params={"WholesalerArticleNumber": "NONE"}).status_code == 404


def test_exclude_central_products_leaves_out_those_that_became_central(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    every = set(api.get("Products/GetWholesalerArticleNumbers").json()["WholesalerArticleNumbers"])
    kept = api.get("Products/GetWholesalerArticleNumbers", params={"ExcludeCentralProducts": "true"}).json()
    gone = every - set(kept["WholesalerArticleNumbers"])
    assert gone
    assert gone < {key for key, _ in sandbox.truth()["own-became-central"]}
