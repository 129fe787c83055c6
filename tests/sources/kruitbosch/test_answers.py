"""Answers that are odd: what the catalogue makes of them, collected over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.frames import Collected
from checks.sandbox.calls import Answer, Call
from checks.sandbox.kruitbosch.server import KruitboschSandbox

Make = Callable[..., KruitboschSandbox]
Collect = Callable[..., dict[str, Collected]]
Says = Callable[..., None]

BELL: dict[str, Any] = {
    "ProductCode": "ZX-1001",
    "Blocked": False,
    "DateCreated": "/Date(1709544600000-0000)/",
    "Unit": "ST",
    "Description": "Test bell",
    "DescriptionLong": "A bell to test with",
    "ProductGroup": "101",
    "ProductGroupLevel1": "10",
    "ProductGroupLevel2": "101",
    "EANCode": 8710000000120,
    "RecommendedSalesPrice": 9.95,
    "PriceGross": 5.10,
    "Image": "bell.jpg",
    "InActive": False,
}


def row(one: Collected, key: str) -> dict[str, Any]:
    assert one.data is not None, one.message
    (found,) = one.data.filter(pl.col("article_key") == key).to_dicts()
    return found


@pytest.fixture
def says() -> Callable[..., None]:
    """Makes a stand-in answer a path with this: `says(supplier, "Products", {"Products": []})`, or with bytes as they are."""

    def change(supplier: KruitboschSandbox, path: str, body: Any, status: int = 200) -> None:
        usual = supplier.api._route

        def route(call: Call, asked: str) -> Answer:
            if asked != path:
                return usual(call, asked)
            return Answer(status, body if isinstance(body, bytes) else msgspec.json.encode(body))

        supplier.api._route = route  # type: ignore[method-assign]

    return change


@pytest.fixture
def bell(make_supplier: Make, collected: Collect, says: Says) -> Callable[..., dict[str, Any]]:
    """What becomes of one product that is like `BELL`, but for the fields given."""

    def of(**fields: Any) -> dict[str, Any]:
        supplier = make_supplier()
        says(supplier, "Products", {"Products": [{**BELL, **fields}]})
        address = f"{supplier.base_url}/media/images/{{image}}"
        return row(collected(supplier, image_url=address)["catalogue"], "ZX-1001")

    return of


@pytest.mark.parametrize("size", [40, 120])
def test_what_is_known_of_the_fields_is_no_drift(make_supplier: Make, collected: Collect, size: int) -> None:
    frames = collected(make_supplier(size=size))
    assert {name: one.drift for name, one in frames.items()} == dict.fromkeys(frames, ())


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, "current"),
        ({"Blocked": True}, "blocked"),
        ({"InActive": True}, "inactive"),
        ({"Blocked": True, "InActive": True}, "inactive"),
    ],
)
def test_standing(bell: Callable[..., dict[str, Any]], fields: dict[str, Any], standing: str) -> None:
    assert bell(**fields)["standing"] == standing


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ("bell.jpg", "/media/images/bell.jpg"),
        ("a b&c.jpg", "/media/images/a%20b%26c.jpg"),
        ("https://images.example.be/x/bell.jpg", "https://images.example.be/x/bell.jpg"),
    ],
)
def test_where_an_image_is(bell: Callable[..., dict[str, Any]], image: str, url: str) -> None:
    (found,) = bell(Image=image)["images"]
    assert found["url"].endswith(url)


def test_a_file_name_without_image_url_is_no_address(
    make_supplier: Make, collected: Collect, says: Says
) -> None:
    supplier = make_supplier()
    says(supplier, "Products", {"Products": [BELL]})
    (image,) = row(collected(supplier, image_url=None)["catalogue"], "ZX-1001")["images"]
    assert (image["name"], image["url"]) == ("bell.jpg", None)


def test_an_image_told_twice_is_one(bell: Callable[..., dict[str, Any]]) -> None:
    found = bell(AdditionalImages=["bell.jpg", "side.jpg", " "])["images"]
    assert [one["name"] for one in found] == ["bell.jpg", "side.jpg"]


def test_a_gross_price_that_only_stocks_and_prices_tells(
    make_supplier: Make, collected: Collect, says: Says
) -> None:
    supplier = make_supplier()
    says(supplier, "Products", {"Products": [{**BELL, "PriceGross": None}]})
    says(
        supplier,
        "Customer/StocksAndPrices",
        {"StocksAndPrices": [{"ProductCode": "ZX-1001", "PriceGross": 4.2}]},
    )
    assert row(collected(supplier)["catalogue"], "ZX-1001")["gross_price"] == 4.2


def test_a_missing_field_is_a_null(make_supplier: Make, collected: Collect, says: Says) -> None:
    supplier = make_supplier()
    says(supplier, "Products", {"Products": [BELL, {"ProductCode": "ZX-1002", "Blocked": False}]})
    found = row(collected(supplier)["catalogue"], "ZX-1002")
    assert (found["ean"], found["gross_price"], found["name"], found["images"]) == (None, None, None, [])


def test_a_code_that_came_twice_is_told(make_supplier: Make, collected: Collect, says: Says) -> None:
    supplier = make_supplier()
    says(
        supplier,
        "Products",
        {"Products": [BELL, {**BELL, "Description": "Second"}, {**BELL, "ProductCode": "Z"}]},
    )
    one = collected(supplier)["catalogue"]
    assert one.rows == 2
    assert row(one, "ZX-1001")["name"] == "Second"
    assert "1 products came more than once" in (one.message or "")


def test_rows_without_a_code_are_told(make_supplier: Make, collected: Collect, says: Says) -> None:
    supplier = make_supplier()
    says(supplier, "Products", {"Products": [BELL, None, {**BELL, "ProductCode": " "}, {"Blocked": False}]})
    one = collected(supplier)["catalogue"]
    assert one.rows == 1
    assert "3 of 4 rows have no article_key" in (one.message or "")
    assert "more than once" not in (one.message or "")


@pytest.mark.usefixtures("two_tries")
@pytest.mark.parametrize(
    "body",
    [
        {"Products": ["ZX-1001"]},
        {"Products": None},
        {"Products": {"ProductCode": "ZX-1001"}},
        {"ResponseStatus": {}},
        [],
        None,
        b"",
        b'{"Products":[{"ProductCode":"ZX',
    ],
)
def test_what_is_no_list_of_products_fails_the_frame(
    make_supplier: Make, collected: Collect, says: Says, body: Any
) -> None:
    supplier = make_supplier()
    says(supplier, "Products", body)
    one = collected(supplier)["catalogue"]
    assert (one.status, one.data) == ("failed", None)
    assert (one.message or "").startswith("GET Products")


def test_a_field_of_another_type_costs_that_field_of_that_row(
    make_supplier: Make, collected: Collect, says: Says
) -> None:
    supplier = make_supplier()
    says(supplier, "Products", {"Products": [{**BELL, "PriceGross": "veel"}, {**BELL, "ProductCode": "Z"}]})
    one = collected(supplier)["catalogue"]
    assert row(one, "Z")["gross_price"] == 5.10
    assert ("PriceGross", "retyped") in {(drift.field, drift.kind) for drift in one.drift}
    assert "gross_price" in one.unusable


@pytest.mark.usefixtures("two_tries")
@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_error_says_what_the_server_says(
    make_supplier: Make, collected: Collect, says: Says, status: int
) -> None:
    error = {
        "ErrorCode": "ArgumentException",
        "Message": "IsBike is no boolean",
        "Errors": [{"ErrorCode": "Format", "FieldName": "IsBike", "Message": "true or false"}],
    }
    supplier = make_supplier()
    says(supplier, "Products", {"ResponseStatus": error}, status)
    one = collected(supplier)["catalogue"]
    assert one.status == "failed"
    assert "IsBike is no boolean" in (one.message or "")
    assert "IsBike: true or false" in (one.message or "")


@pytest.mark.parametrize("text", ["8.71000000012E12", "8710000000120.00", "8710000000120"])
def test_an_ean_as_a_number_of_the_wire(
    make_supplier: Make, collected: Collect, says: Says, text: str
) -> None:
    body = msgspec.json.encode({"Products": [{**BELL, "EANCode": 1}]}).replace(
        b'"EANCode":1', f'"EANCode":{text}'.encode()
    )
    supplier = make_supplier()
    says(supplier, "Products", body)
    assert row(collected(supplier)["catalogue"], "ZX-1001")["ean"] == "8710000000120"
