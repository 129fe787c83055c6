"""The catalogue over real HTTP: what comes, by which route and flags, and what a login may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import polars as pl
import pytest

from checks.frames import FRAMES, Collected
from checks.sandbox.calls import Answer, Call
from checks.sandbox.kruitbosch.api import answered
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sources.kruitbosch.client import KruitboschClient, ProductsQuery
from tests.sources.kruitbosch.conftest import source_of

Collect = Callable[..., dict[str, Collected]]
Make = Callable[..., KruitboschSandbox]


def test_everything_comes_with_its_stock_and_prices(supplier: KruitboschSandbox, collected: Collect) -> None:
    frames = collected(supplier, image_url=f"{supplier.base_url}/media/images/{{image}}")
    catalogue = frames["catalogue"]
    known = supplier.api.catalogue.articles
    assert (catalogue.status, catalogue.message, catalogue.drift, dict(catalogue.unusable)) == (
        "ok",
        None,
        (),
        {},
    )
    assert catalogue.data is not None
    assert catalogue.data.schema == FRAMES["catalogue"].schema
    assert set(catalogue.data["article_key"]) == set(known)
    for row in catalogue.data.iter_rows(named=True):
        one = known[row["article_key"]]
        standing = "inactive" if one.inactive else "blocked" if one.blocked else "current"
        assert (row["name"], row["gross_price"], row["stock"], row["standing"]) == (
            one.name,
            one.gross,
            one.stock,
            standing,
        )
        assert (row["available_from"] is None) == (one.due is None)
        assert [image["url"] for image in row["images"]][:1] == (
            [f"{supplier.base_url}/media/images/{one.picture}"] if one.picture else []
        )
        nett = [price["amount"] for price in row["prices"] if price["kind"] == "nett"]
        assert nett == ([] if one.gross is None else [round(one.gross * 0.9, 4)])
    groups = frames["catalogue_groups"].data
    assert groups is not None
    assert groups.filter(pl.col("path") == "10/101")["name"].to_list() == ["Rijst en pasta"]


def test_an_image_that_is_only_a_name_has_no_address_without_the_setting(
    supplier: KruitboschSandbox, collected: Collect
) -> None:
    data = collected(supplier)["catalogue"].data
    assert data is not None
    images = data["images"].explode().struct.unnest()
    assert images["name"].drop_nulls().len() > 50
    assert images["url"].drop_nulls().is_empty()


def test_the_reply_form_gives_the_same(supplier: KruitboschSandbox, collected: Collect) -> None:
    by_get, by_post = collected(supplier)["catalogue"], collected(supplier, bulk_reply=True)["catalogue"]
    assert by_get.data is not None
    assert by_post.data is not None
    assert by_get.data.equals(by_post.data)
    assert any(line[:2] == ("POST", "json/reply/Products") for line in supplier.log)


def test_without_inactive_ones(supplier: KruitboschSandbox, collected: Collect) -> None:
    inactive = {one.code for one in supplier.api.catalogue.articles.values() if one.inactive}
    assert inactive
    data = collected(supplier, include_inactive=False)["catalogue"].data
    assert data is not None
    assert set(data["article_key"]) == set(supplier.api.catalogue.articles) - inactive


class TestRoutes:
    @pytest.mark.parametrize(
        ("query", "line", "params"),
        [
            (ProductsQuery(), "Products", {}),
            (ProductsQuery(ids=("KB-100003",)), "Products/KB-100003", {}),
            (ProductsQuery(category="10", categories=("101",)), "Products/10/101", {}),
            (
                ProductsQuery(
                    is_bike=False,
                    exclude_blocked=True,
                    include_attributes=True,
                    include_additional_images=True,
                    include_original_images=True,
                    include_intrastat_codes=True,
                    consumer_products=1,
                    include_in_active=True,
                    product_options=True,
                    remove_image_whitespace=False,
                ),
                "Products",
                {
                    "IsBike": "false",
                    "ExcludeBlocked": "true",
                    "IncludeAttributes": "true",
                    "IncludeAdditionalImages": "true",
                    "IncludeOriginalImages": "true",
                    "IncludeIntrastatCodes": "true",
                    "ConsumerProducts": "1",
                    "IncludeInActive": "true",
                    "ProductOptions": "true",
                    "RemoveImageWhitespace": "false",
                },
            ),
        ],
    )
    def test_each_is_asked_by_its_names(
        self, supplier: KruitboschSandbox, query: ProductsQuery, line: str, params: dict[str, str]
    ) -> None:
        with KruitboschClient(source_of(supplier)) as client:
            rows = client.products(query, msgspec.json.decode)
        assert supplier.log[-1] == ("GET", line, params, 200)
        assert rows

    def test_several_ids_go_in_a_body(self, supplier: KruitboschSandbox) -> None:
        """How they would be written into a path is not stated."""
        with KruitboschClient(source_of(supplier)) as client:
            rows = client.products(ProductsQuery(ids=("KB-100003", "KB-100006")), msgspec.json.decode)
        assert supplier.log[-1][:2] == ("POST", "json/reply/Products")
        assert [row["ProductCode"] for row in rows] == ["KB-100003", "KB-100006"]

    def test_stocks(self, supplier: KruitboschSandbox) -> None:
        with KruitboschClient(source_of(supplier)) as client:
            rows = client.stocks(msgspec.json.decode)
            of_another = client.stocks_and_prices(msgspec.json.decode, customer="4711")
        assert len(rows) == len(supplier.api.catalogue.articles) == len(of_another)
        assert supplier.log[-1][1] == "Customer/4711/StocksAndPrices"


class TestRoles:
    def test_without_the_role_for_prices_the_products_still_come(
        self, make_supplier: Make, collected: Collect
    ) -> None:
        one = collected(make_supplier(roles=("Kassasysteem",)))["catalogue"]
        assert one.status == "ok"
        assert "may not read stocks and prices" in (one.message or "")
        assert set(one.unusable) == {"availability", "availability_label", "stock", "available_from"}

    def test_without_any_role_nothing_comes_and_says_so(
        self, make_supplier: Make, collected: Collect
    ) -> None:
        one = collected(make_supplier(roles=()))["catalogue"]
        assert (one.status, one.data) == ("failed", None)
        assert "403" in (one.message or "")


class TestOddAnswers:
    def _answer(self, supplier: KruitboschSandbox, monkeypatch: pytest.MonkeyPatch, products: object) -> None:
        usual = supplier.api.answer

        def other(call: Call) -> Answer:
            return answered({"Products": products}) if call.path == "Products" else usual(call)

        monkeypatch.setattr(supplier.api, "answer", other)

    def test_a_missing_list_is_not_an_empty_one(
        self,
        supplier: KruitboschSandbox,
        collected: Collect,
        monkeypatch: pytest.MonkeyPatch,
        two_tries: None,
    ) -> None:
        usual = supplier.api.answer
        monkeypatch.setattr(
            supplier.api, "answer", lambda call: answered({}) if call.path == "Products" else usual(call)
        )
        one = collected(supplier)["catalogue"]
        assert one.status == "failed"
        assert "holds no Products" in (one.message or "")

    def test_rows_without_a_code_and_codes_twice_are_told(
        self, supplier: KruitboschSandbox, collected: Collect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = {"ProductCode": "A", "Blocked": False, "InActive": False, "Description": "first"}
        rows = [row, {**row, "Description": "second"}, {"Description": "no code"}, None]
        self._answer(supplier, monkeypatch, rows)
        one = collected(supplier)["catalogue"]
        assert one.data is not None
        assert one.data["name"].to_list() == ["second"]
        assert "more than once" in (one.message or "")
        assert "have no article_key" in (one.message or "")
        assert set(one.unusable) >= {"name", "ean"}

    def test_a_field_of_another_type_costs_that_field(
        self, supplier: KruitboschSandbox, collected: Collect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = {"ProductCode": "A", "Blocked": False, "InActive": False, "PriceGross": "five"}
        self._answer(supplier, monkeypatch, [row])
        one = collected(supplier)["catalogue"]
        assert one.status == "ok"
        assert "gross_price" in one.unusable
        assert ("PriceGross", "retyped") in {(drift.field, drift.kind) for drift in one.drift}

    def test_a_new_field_is_drift(
        self, supplier: KruitboschSandbox, collected: Collect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._answer(supplier, monkeypatch, [{"ProductCode": "A", "Colour": "red"}])
        one = collected(supplier)["catalogue"]
        assert ("Colour", "new") in {(drift.field, drift.kind) for drift in one.drift}
        assert "standing" in one.unusable  # Blocked and InActive are in none of the rows


def test_the_day_of_delivery_is_the_day_in_belgium(supplier: KruitboschSandbox, collected: Collect) -> None:
    """A date without a clock is often written as 22:00 or 23:00 UTC of the day before."""
    code = next(iter(supplier.api.catalogue.articles))
    supplier.change(code, due=datetime(2026, 7, 1, 22, tzinfo=UTC))
    data = collected(supplier)["catalogue"].data
    assert data is not None
    assert str(data.filter(pl.col("article_key") == code)["available_from"][0]) == "2026-07-02"
