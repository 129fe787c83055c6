"""The planted truth against a second opinion: each check worked out again, naively, from what the API answers.

No rule of the product is used here, and codes are judged by python-stdnum. Several seeds, and real products as the
central database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from stdnum import ean as oracle

from checks.sandbox import Sandbox

Row = dict[str, Any]
Key = tuple[str, str | None]
FORBIDDEN = set("\\+<>?#%@&*:./")


class World:
    """All that the API says, read once."""

    def __init__(self, client: httpx.Client, read: Callable[..., list[Row]]) -> None:
        self.own = read(client, "Products")
        self.linked = read(client, "LinkProducts")
        self.deleted = read(client, "CentralProducts", DeletedProducts="true")
        self.central = {gtin(code) for code in one(client, "CentralProducts/GetEan")} - {None}
        self.by_supplier = {
            (row["Id"], code)
            for row in one(client, "CentralProducts/GetArticlecodesBySupplier")
            for code in row["ArticleCodes"]
        }
        self.photos = {row["WholesalerArticleNumber"] for row in one(client, "ProductPhotos")}
        self.categories = one(client, "Categories")
        self.tables = {
            "brand": ids(client, "Brands"),
            "category": {row["Id"] for row in self.categories},
            "storage_condition": ids(client, "StorageConditions"),
            "producer": ids(client, "Producers"),
            "supplier": ids(client, "Suppliers"),
            "content_type": ids(client, "ContentTypes", "Abbreviation"),
            "unit_sales_price": ids(client, "UnitSalesPrices", "Abbreviation"),
            "multiplier_type": ids(client, "MultiplierTypes", "Abbreviation"),
        }
        self.orders = read(client, "Clients/GetClientOrders", Processed="false")
        self.clients = one(client, "Clients")
        self.segments = ids(client, "ClientSegments")
        self.users = one(client, "Users")
        self.locations = {row["ClientNumber"] for row in one(client, "ClientLocations")}
        self.prices = one(client, "ClientProducts")
        self.order_lists = {
            row["ClientNumber"]: client.get(
                "Clients/OrderListItems", params={"ClientNumber": row["ClientNumber"]}
            ).json()["WholesalerArticleNumbers"]
            for row in self.clients
        }


def one(client: httpx.Client, path: str) -> list[Any]:
    answer = client.get(path).json()
    rows: list[Any] = next(
        value for name, value in answer.items() if isinstance(value, list) and name != "Errors"
    )
    return rows


def ids(client: httpx.Client, path: str, name: str = "Id") -> set[Any]:
    return {row[name] for row in one(client, path)}


def gtin(code: str | None) -> str | None:
    return code.zfill(14) if code and oracle.is_valid(code) and oracle.compact(code) == code else None


def references(row: Row) -> Iterator[tuple[str, Any]]:
    yield "brand", row["Brand"] and row["Brand"]["Id"]
    yield "category", row["Categories"][0]["Id"] if row["Categories"] else None
    yield "storage_condition", row["StorageCondition"] and row["StorageCondition"]["Id"]
    yield "producer", row["Producer"] and row["Producer"]["Id"]
    yield "supplier", row["Suppliers"][0]["Id"] if row["Suppliers"] else None
    yield "content_type", row["ContentType"] and row["ContentType"]["Abbreviation"]
    yield "unit_sales_price", row["UnitSalesPrice"] and row["UnitSalesPrice"]["Abbreviation"]
    yield "multiplier_type", row["MultiplierContentType"] and row["MultiplierContentType"]["Abbreviation"]


def own_became_central(world: World) -> Iterator[Key]:
    for row in world.own:
        around = [row, *row["PackageProducts"], *row["UnitProducts"]]
        supplied = set(of_suppliers(row))
        if {gtin(item["EanCode"]) for item in around} & world.central or (
            not row["EanCode"] and supplied & world.by_supplier
        ):
            yield row["WholesalerArticleNumber"], None


def own_and_linked(world: World) -> Iterator[Key]:
    linked = {gtin(row["EanCode"]) for row in world.linked} - {None}
    yield from ((row["WholesalerArticleNumber"], None) for row in world.own if gtin(row["EanCode"]) in linked)


def linked_central_deleted(world: World) -> Iterator[Key]:
    """By EAN, or without one by a supplier's code; a code that is alive too is alive."""
    eans = {gtin(row["EanCode"]) for row in world.deleted} - {None} - world.central
    supplied = {codes for row in world.deleted for codes in of_suppliers(row)} - world.by_supplier
    for row in world.linked:
        if gtin(row["EanCode"]) in eans or (not row["EanCode"] and supplied & set(of_suppliers(row))):
            yield row["WholesalerArticleNumber"], None


def of_suppliers(row: Row) -> list[tuple[int, str]]:
    return [(item["Id"], item["ArticleCode"]) for item in row["Suppliers"]]


def missing_photo(world: World) -> Iterator[Key]:
    yield from (
        (row["WholesalerArticleNumber"], None)
        for row in world.own
        if row["Active"] and row["WholesalerArticleNumber"] not in world.photos
    )


def invalid_reference(world: World) -> Iterator[Key]:
    for row in world.own:
        for name, value in references(row):
            if value is not None and value not in world.tables[name]:
                yield row["WholesalerArticleNumber"], name


def missing_reference(world: World) -> Iterator[Key]:
    for row in world.own:
        for name, value in references(row):
            if value is None and name not in ("producer", "supplier", "multiplier_type"):
                yield row["WholesalerArticleNumber"], name


def category_not_leaf(world: World) -> Iterator[Key]:
    parents = {row["ParentId"] for row in world.categories}
    for row in world.own:
        if any(category["Id"] in parents for category in row["Categories"]):
            yield row["WholesalerArticleNumber"], None


def invalid_ean(world: World) -> Iterator[Key]:
    yield from (
        (row["WholesalerArticleNumber"], None)
        for row in world.own
        if row["EanCode"] and not gtin(row["EanCode"])
    )


def restricted_ean(world: World) -> Iterator[Key]:
    for row in world.own:
        code = row["EanCode"]
        if gtin(code):
            inside = code if len(code) == 8 else code.zfill(14)[1:]
            if inside[:1] == "2" or inside[:2] in ("02", "04") or (len(code) == 8 and code[0] == "0"):
                yield row["WholesalerArticleNumber"], None


def duplicate_ean(world: World) -> Iterator[Key]:
    counts = Counter(gtin(row["EanCode"]) for row in world.own)
    for row in world.own:
        if gtin(row["EanCode"]) and counts[gtin(row["EanCode"])] > 1:
            yield row["WholesalerArticleNumber"], None


def forbidden_characters(world: World) -> Iterator[Key]:
    yield from (
        (row["WholesalerArticleNumber"], None)
        for row in world.own
        if set(row["WholesalerArticleNumber"]) & FORBIDDEN
    )


def text_missing(world: World) -> Iterator[Key]:
    for row in (row for row in world.own if row["Active"]):
        named = {text["LanguageCode"] for text in row["Localizations"] if (text["Name"] or "").strip()}
        yield from ((row["WholesalerArticleNumber"], language) for language in {"nld", "fra"} - named)


def price_missing(world: World) -> Iterator[Key]:
    yield from (
        (row["WholesalerArticleNumber"], None)
        for row in world.own
        if row["Active"] and not row["SalesPriceList"]
    )


def promo_invalid(world: World) -> Iterator[Key]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for row in (row for row in world.own if row["Active"]):
        start, end, promo = row["PromoValidFromUtc"], row["PromoValidUntilUtc"], row["SalesPriceListPromo"]
        if promo is not None and (
            promo >= row["SalesPriceList"] or (end and end < now) or (start and end and end < start)
        ):
            yield row["WholesalerArticleNumber"], None


def multiplier_invalid(world: World) -> Iterator[Key]:
    for row in world.own:
        if (row["MultiplierAmount"] is None) != (row["MultiplierContentType"] is None):
            yield row["WholesalerArticleNumber"], None


def package_mismatch(world: World) -> Iterator[Key]:
    for row in world.own:
        if row["IsPackageProduct"] and (row["AmountOfUnitProduct"] or 0) <= 1:
            yield row["WholesalerArticleNumber"], None


def active(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["Active"]]


def client_without_user(world: World) -> Iterator[Key]:
    served = {row["Client"]["ClientNumber"] for row in active(world.users)}
    for row in active(world.clients):
        if row["ClientNumber"] not in served:
            yield row["ClientNumber"], None


def client_without_location(world: World) -> Iterator[Key]:
    for row in active(world.clients):
        if row["ClientNumber"] not in world.locations:
            yield row["ClientNumber"], None


def client_unknown_segment(world: World) -> Iterator[Key]:
    for row in active(world.clients):
        if row["Segment"] and row["Segment"]["Id"] not in world.segments:
            yield row["ClientNumber"], None


def user_unknown_client(world: World) -> Iterator[Key]:
    known = {row["ClientNumber"] for row in world.clients}
    yield from ((row["Email"], None) for row in world.users if row["Client"]["ClientNumber"] not in known)


def articles(world: World) -> dict[str, Row]:
    return {row["WholesalerArticleNumber"]: row for row in (*world.own, *world.linked)}


def price_key(row: Row) -> str:
    return f"{row['WholesalerArticleNumber']}|{row['ClientNumber']}"


def client_product_unknown_article(world: World) -> Iterator[Key]:
    known = articles(world)
    yield from ((price_key(row), None) for row in world.prices if row["WholesalerArticleNumber"] not in known)


def client_product_unknown_client(world: World) -> Iterator[Key]:
    known = {row["ClientNumber"] for row in world.clients}
    yield from ((price_key(row), None) for row in world.prices if row["ClientNumber"] not in known)


def client_product_same_price(world: World) -> Iterator[Key]:
    known = articles(world)
    for row in world.prices:
        product = known.get(row["WholesalerArticleNumber"])
        if (
            row["SalesPriceListPromo"] is None
            and product
            and product["SalesPriceList"] == row["SalesPriceList"]
        ):
            yield price_key(row), None


def order_list_unknown_article(world: World) -> Iterator[Key]:
    known = articles(world)
    for client, numbers in world.order_lists.items():
        yield from ((f"{client}|{number}", None) for number in numbers if number not in known)


def order_unprocessed(world: World) -> Iterator[Key]:
    limit = (datetime.now(UTC) - timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%S")
    yield from ((str(row["OrderNumber"]), None) for row in world.orders if row["OrderDateUtc"] < limit)


def order_delivery_passed(world: World) -> Iterator[Key]:
    today = datetime.now(ZoneInfo("Europe/Brussels")).date().isoformat()
    for row in world.orders:
        if (row["DeliveryDate"] or row["PickupDate"] or today)[:10] < today:
            yield str(row["OrderNumber"]), None


def order_unknown_client(world: World) -> Iterator[Key]:
    known = {row["ClientNumber"] for row in world.clients}
    yield from (
        (str(row["OrderNumber"]), None) for row in world.orders if row["Client"]["ClientNumber"] not in known
    )


def order_unknown_article(world: World) -> Iterator[Key]:
    known = articles(world)
    for row in world.orders:
        if any(line["WholesalerArticleNumber"] not in known for line in row["Products"]):
            yield str(row["OrderNumber"]), None


def order_total_mismatch(world: World) -> Iterator[Key]:
    for row in world.orders:
        if any(
            abs(line["TotalPrice"] - line["Quantity"] * line["Price"]) > 0.010001 for line in row["Products"]
        ):
            yield str(row["OrderNumber"]), None


CHECKS = {
    function.__name__.replace("_", "-"): function
    for function in (
        own_became_central,
        own_and_linked,
        linked_central_deleted,
        missing_photo,
        invalid_reference,
        missing_reference,
        category_not_leaf,
        invalid_ean,
        restricted_ean,
        duplicate_ean,
        forbidden_characters,
        text_missing,
        price_missing,
        promo_invalid,
        multiplier_invalid,
        package_mismatch,
        client_without_user,
        client_without_location,
        client_unknown_segment,
        user_unknown_client,
        client_product_unknown_article,
        client_product_unknown_client,
        client_product_same_price,
        order_list_unknown_article,
        order_unprocessed,
        order_delivery_passed,
        order_unknown_client,
        order_unknown_article,
        order_total_mismatch,
    )
}

Second = tuple[World, dict[str, set[Key]]]


@pytest.fixture(scope="module", params=[1, 2, 3], ids=lambda seed: f"seed {seed}")
def made_up(request: pytest.FixtureRequest, all_rows: Callable[..., list[Row]]) -> Second:
    return _look(Sandbox(size=600, seed=request.param), all_rows)


@pytest.fixture(scope="module")
def real(shared_data: Path, all_rows: Callable[..., list[Row]]) -> Second:
    return _look(Sandbox(size=1500, seed=5, products=shared_data / "products_nl_be.parquet"), all_rows)


def _look(sandbox: Sandbox, all_rows: Callable[..., list[Row]]) -> Second:
    auth = (sandbox.login, sandbox.password)
    with sandbox, httpx.Client(base_url=f"{sandbox.base_url}/", auth=auth, timeout=30) as client:
        return World(client, all_rows), sandbox.truth()


def test_every_planted_check_has_a_second_opinion(made_up: Second) -> None:
    assert set(made_up[1]) == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_truth_is_what_a_second_opinion_finds(made_up: Second, check: str) -> None:
    world, truth = made_up
    assert set(CHECKS[check](world)) == truth[check]


@pytest.mark.parametrize("check", CHECKS)
def test_truth_is_exact_with_real_products_too(real: Second, check: str) -> None:
    world, truth = real
    assert set(CHECKS[check](world)) == truth[check]


def test_some_real_products_are_restricted(real: Second) -> None:
    """The real list holds in-store codes: those that became central count there too."""
    truth = real[1]
    assert truth["restricted-ean"] & truth["own-became-central"]


def test_real_products_keep_their_codes_and_names(shared_data: Path) -> None:
    import polars as pl

    table = pl.read_parquet(shared_data / "products_nl_be.parquet")
    sandbox = Sandbox(size=100, products=shared_data / "products_nl_be.parquet")
    assert {product.ean for product in sandbox.shop.central} <= set(table["gtin"])
    assert len(sandbox.shop.central) > 27_900
