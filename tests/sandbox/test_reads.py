"""Every endpoint that reads, its wrapper and its credentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox

LISTS = {
    "Products": "Products",
    "Products/GetEan": "EanCodes",
    "Products/GetWholesalerArticleNumbers": "WholesalerArticleNumbers",
    "LinkProducts": "LinkProducts",
    "LinkProducts/GetEan": "EanCodes",
    "LinkProducts/GetWholesalerArticleNumbers": "WholesalerArticleNumbers",
    "ProductInfo/GetAvailabilityInfo": "EanCodes",
    "CentralProducts": "CentralProducts",
    "CentralProducts/GetEan": "EanCodes",
    "CentralProducts/GetArticlecodesBySupplier": "Suppliers",
    "ProductPhotos": "ProductPhotos",
    "Categories": "Categories",
    "Categories/GetConcatenated": "Categories",
    "Brands": "Brands",
    "StorageConditions": "StorageConditions",
    "ContentTypes": "ContentTypes",
    "UnitSalesPrices": "UnitSalesPrices",
    "MultiplierTypes": "MultiplierTypes",
    "Producers": "Producers",
    "Suppliers": "Suppliers",
    "ErrorLogs?Page=1": "ErrorLogs",
    "Clients/GetClientOrders?Processed=false": "ClientOrders",
    "ClientSegments": "ClientSegments",
    "Clients": "Clients",
    "Users": "Users",
    "Representatives": "Representatives",
    "ClientLocations": "ClientLocations",
    "ClientProducts": "ClientProducts",
}


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_a_list_stands_under_the_resources_name_in_the_wrapper(
    reader: httpx.Client, path: str, name: str
) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert set(answer.json()) == {name, "RequestInformation", "Errors"}
    assert answer.json()[name]
    assert set(answer.json()["RequestInformation"]) == {"RequestDuration", "WholesalerId", "UserId"}


@pytest.mark.parametrize("auth", [None, ("demo", "wrong"), ("somebody", "sandbox")])
def test_wrong_credentials_get_401(quiet: Sandbox, auth: tuple[str, str] | None) -> None:
    answer = httpx.get(f"{quiet.base_url}/Products", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_path_that_is_not_there_gets_404(reader: httpx.Client) -> None:
    assert reader.get("ClientOrders").status_code == 404


def test_a_method_that_is_not_there_gets_405(reader: httpx.Client) -> None:
    assert reader.post("CentralProducts", json={}).status_code == 405


def test_paths_and_parameters_have_no_case(reader: httpx.Client) -> None:
    number = reader.get("Products").json()["Products"][0]["WholesalerArticleNumber"]
    answer = reader.get("products/getbywholesalerarticlenumber", params={"wholesalerarticlenumber": number})
    assert answer.json()["Product"]["WholesalerArticleNumber"] == number


def test_own_products_by_key_ean_and_supplier(reader: httpx.Client) -> None:
    rows = reader.get("Products", params={"PageSize": 300}).json()["Products"]
    product = next(row for row in rows if row["Suppliers"] and row["EanCode"] and len(row["EanCode"]) == 13)
    supplier = product["Suppliers"][0]
    params = {
        "Id": supplier["Id"],
        "ArticleCode": supplier["ArticleCode"],
        "IsPackageProduct": product["IsPackageProduct"],
    }
    number = {"WholesalerArticleNumber": product["WholesalerArticleNumber"]}
    assert reader.get("Products/GetByWholesalerArticleNumber", params=number).json()["Product"] == product
    assert (
        product in reader.get("Products/GetByEan", params={"EanCode": product["EanCode"]}).json()["Products"]
    )
    assert reader.get("Products/GetBySupplier", params=params).json()["Products"] == [product]


def test_linked_products_by_key_ean_and_supplier(reader: httpx.Client) -> None:
    rows = reader.get("LinkProducts", params={"PageSize": 300}).json()["LinkProducts"]
    product = next(row for row in rows if row["Suppliers"] and row["EanCode"])
    supplier = product["Suppliers"][0]
    params = {
        "Id": supplier["Id"],
        "ArticleCode": supplier["ArticleCode"],
        "IsPackageProduct": product["IsPackageProduct"],
    }
    number = {"WholesalerArticleNumber": product["WholesalerArticleNumber"]}
    assert reader.get("LinkProducts/GetByWholesalerArticleNumber", params=number).json()["Product"] == product
    assert (
        product
        in reader.get("LinkProducts/GetByEan", params={"EanCode": product["EanCode"]}).json()["Products"]
    )
    assert product in reader.get("LinkProducts/GetBySupplier", params=params).json()["Products"]
    nested = reader.get("LinkProducts/Nested/GetBySupplier", params=params).json()["Products"]
    assert product["Id"] in [row["Id"] for row in nested]


def test_central_products_by_ean_and_supplier(reader: httpx.Client) -> None:
    rows = reader.get("CentralProducts", params={"PageSize": 300}).json()["CentralProducts"]
    product = next(row for row in rows if row["Suppliers"] and row["PackageProduct"])
    supplier = product["Suppliers"][0]
    params = {"Id": supplier["Id"], "ArticleCode": supplier["ArticleCode"], "IsPackageProduct": False}
    ean = {"EanCode": product["EanCode"]}
    assert reader.get("CentralProducts/GetByEan", params=ean).json()["Product"] == product
    assert reader.get("CentralProducts/GetBySupplier", params=params).json()["Product"] == product
    nested = reader.get("CentralProducts/Nested/GetByEan", params=ean).json()["Product"]
    assert nested["PackageProduct"]["Categories"] == product["Categories"]


def test_a_code_is_found_in_another_length(reader: httpx.Client) -> None:
    ean = next(code for code in reader.get("CentralProducts/GetEan").json()["EanCodes"] if len(code) == 13)
    answer = reader.get("CentralProducts/GetByEan", params={"EanCode": f"0{ean}"})
    assert answer.json()["Product"]["EanCode"] == ean


@pytest.mark.parametrize(
    ("path", "params", "name"),
    [
        ("Products/GetByWholesalerArticleNumber", {"WholesalerArticleNumber": "NONE"}, "Product"),
        ("Products/GetByEan", {"EanCode": "5400000000003"}, "Products"),
        ("LinkProducts/GetByEan", {"EanCode": "5400000000003"}, "Products"),
        ("CentralProducts/GetByEan", {"EanCode": "5400000000003"}, "Product"),
        ("Supplier/GetByVat", {"VatNumber": "0000000000", "VatCountryCode": "BE"}, "Supplier"),
    ],
)
def test_an_unknown_key_gets_404_with_a_null_payload(
    reader: httpx.Client, path: str, params: dict[str, str], name: str
) -> None:
    answer = reader.get(path, params=params)
    assert answer.status_code == 404
    assert answer.json()[name] is None


def test_the_count_is_the_number_of_central_products(
    reader: httpx.Client, all_rows: Callable[..., list[dict[str, Any]]]
) -> None:
    count = reader.get("CentralProducts/Count").json()["TotalProducts"]
    assert len(all_rows(reader, "CentralProducts")) == count > 1400


def test_deleted_central_products_come_only_when_asked_for(reader: httpx.Client) -> None:
    live = reader.get("CentralProducts", params={"PageSize": 5000}).json()["CentralProducts"]
    deleted = reader.get("CentralProducts", params={"PageSize": 5000, "DeletedProducts": "true"}).json()[
        "CentralProducts"
    ]
    count = reader.get("CentralProducts/Count", params={"DeletedProducts": "true"}).json()["TotalProducts"]
    assert len(deleted) == count > 0
    assert not {row["Id"] for row in live} & {row["Id"] for row in deleted}


def test_article_codes_of_products_without_ean_are_fewer(reader: httpx.Client) -> None:
    path = "CentralProducts/GetArticlecodesBySupplier"
    every = reader.get(path).json()["Suppliers"]
    bare = reader.get(path, params={"OnlyEmptyEan": "true"}).json()["Suppliers"]
    assert 0 < sum(len(row["ArticleCodes"]) for row in bare) < sum(len(row["ArticleCodes"]) for row in every)


def test_categories_form_a_tree_and_chains_name_its_end_nodes(reader: httpx.Client) -> None:
    rows = {row["Id"]: row for row in reader.get("Categories").json()["Categories"]}
    parents = {row["ParentId"] for row in rows.values()} - {None}
    chains = {
        row["Id"]: row["Description"] for row in reader.get("Categories/GetConcatenated").json()["Categories"]
    }
    turned = reader.get("Categories/GetConcatenated", params={"reverse": "true"}).json()["Categories"]
    assert set(chains) == set(rows) - parents
    assert all(
        row["Description"].split(" | ") == chains[row["Id"]].split(" | ")[::-1]
        and " | " in row["Description"]
        for row in turned
    )


def test_a_supplier_is_found_by_its_vat_number(reader: httpx.Client) -> None:
    supplier = reader.get("Suppliers").json()["Suppliers"][3]
    params = {"VatNumber": supplier["VatNumber"], "VatCountryCode": supplier["VatCountryCode"]}
    assert reader.get("Supplier/GetByVat", params=params).json()["Supplier"] == supplier


def test_texts_come_in_dutch_and_french(reader: httpx.Client) -> None:
    product = reader.get("CentralProducts", params={"PageSize": 1}).json()["CentralProducts"][0]
    assert [text["LanguageCode"] for text in product["Localizations"]] == ["nld", "fra"]


def test_users_show_their_client_and_no_password(reader: httpx.Client) -> None:
    user = reader.get("Users").json()["Users"][0]
    assert user["Client"]["ClientNumber"].startswith("C")
    assert not {"Password", "Image"} & set(user)


def test_order_list_and_delivery_dates_belong_to_a_client(reader: httpx.Client) -> None:
    location = reader.get("ClientLocations").json()["ClientLocations"][0]
    client = {"ClientNumber": location["ClientNumber"]}
    dates = reader.get("ClientLocationDeliveryDates", params={**client, "Id": location["Id"]}).json()[
        "DeliveryDates"
    ]
    assert all(date.endswith("T00:00:00") for date in dates)
    assert dates
    numbers = [one["ClientNumber"] for one in reader.get("Clients").json()["Clients"]]
    lists = [
        reader.get("Clients/OrderListItems", params={"ClientNumber": number}).json()[
            "WholesalerArticleNumbers"
        ]
        for number in numbers[:5]
    ]
    assert any(lists), "some clients have an empty list"


def test_locations_can_be_asked_of_one_client(reader: httpx.Client) -> None:
    number = reader.get("ClientLocations").json()["ClientLocations"][0]["ClientNumber"]
    rows = reader.get("ClientLocations", params={"ClientNumber": number}).json()["ClientLocations"]
    assert {row["ClientNumber"] for row in rows} == {number}
