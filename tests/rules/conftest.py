"""A small shop in which all is well, to spoil one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Frames
from checks.rules import run_checks
from checks.settings import CheckSettings

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
Rows = Iterable[dict[str, Any]]

PRODUCT = {
    "article_number": "A1",
    "active": True,
    "ean": "5400000000003",
    "name": "Grijze garnalen",
    "brand_id": 1,
    "brand": "Noordzee",
    "producer_id": 1,
    "category_ids": [11],
    "storage_condition_id": 1,
    "suppliers": [{"supplier_id": 1, "article_code": "S1"}],
    "content_type": "KG",
    "unit_sales_price": "KG",
    "texts": [
        {"language": "nld", "name": "Grijze garnalen"},
        {"language": "fra", "name": "Crevettes grises"},
    ],
    "sales_price": 9.95,
}
CLIENT = {"client_number": "C1", "active": True, "segment_id": 1}
USER = {"email": "kok@klant.example", "client_number": "C1", "active": True}
ORDER = {
    "order_number": 1001,
    "client_number": "C1",
    "ordered_at": NOW - timedelta(hours=1),
    "delivery_date": date(2026, 11, 23),
    "is_pickup": False,
    "lines": 1,
    "total": 19.9,
    "order_lines": [{"article_number": "A1", "unit": "KG", "quantity": 2.0, "price": 9.95, "total": 19.9}],
}
PRICE = {"article_number": "A1", "client_number": "C1", "sales_price": 9.5, "exclusive": False}
ABBREVIATIONS = [{"abbreviation": "KG"}, {"abbreviation": "ST"}]
IDS = [{"id": 1, "name": "First"}, {"id": 2, "name": "Second"}]
SHOP: dict[str, list[dict[str, Any]]] = {
    "products": [PRODUCT],
    "linked_products": [],
    "central_eans": [{"ean": "8710000000008"}],
    "supplier_articles": [],
    "photos": [{"photo_id": 1, "article_number": "A1"}],
    "categories": [{"id": 1, "name": "Vis"}, {"id": 11, "name": "Garnalen", "parent_id": 1}],
    "brands": IDS,
    "storage_conditions": IDS,
    "producers": IDS,
    "suppliers": IDS,
    "content_types": ABBREVIATIONS,
    "unit_sales_prices": ABBREVIATIONS,
    "multiplier_types": ABBREVIATIONS,
    "orders": [],
    "deleted_central_products": [],
    "clients": [CLIENT],
    "client_segments": IDS,
    "client_locations": [{"location_id": 1, "client_number": "C1"}],
    "users": [USER],
    "client_prices": [],
    "order_lists": [],
    "collection": [{"frame": "products", "title": "Own products", "status": "ok", "rows": 1, "expected": 1}],
    "field_drift": [],
    "error_groups": [],
}


def frame(name: str, rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FRAMES[name].schema, orient="row")


@pytest.fixture
def product() -> Callable[..., dict[str, Any]]:
    """A product in which all is well, but for what is given."""
    return _like(PRODUCT)


def _like(usual: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    return lambda **changes: usual | changes


@pytest.fixture
def client() -> Callable[..., dict[str, Any]]:
    """An active client in a known segment, who has a user and a delivery address."""
    return _like(CLIENT)


@pytest.fixture
def user() -> Callable[..., dict[str, Any]]:
    """An active user of that client."""
    return _like(USER)


@pytest.fixture
def order() -> Callable[..., dict[str, Any]]:
    """An order of an hour ago that waits, to be delivered in three days, of two kilos of the product."""
    return _like(ORDER)


@pytest.fixture
def price() -> Callable[..., dict[str, Any]]:
    """That client's price of the product, a little below the list price."""
    return _like(PRICE)


@pytest.fixture
def shop() -> Callable[..., Frames]:
    """All frames of a shop in which all is well, but for the rows given."""

    def make(**rows: Rows) -> Frames:
        return Frames.of("shop", **{name: frame(name, given) for name, given in (SHOP | rows).items()})

    return make


@pytest.fixture
def findings(shop: Callable[..., Frames]) -> Callable[..., list[dict[str, Any]]]:
    """What one check finds in a shop: `findings("missing-photo", photos=[])`. It must have been able to run."""

    def run(
        check: str, *, now: datetime = NOW, settings: CheckSettings | None = None, **rows: Rows
    ) -> list[dict[str, Any]]:
        judged = run_checks(shop(**rows), settings or CheckSettings(), now, only=[check])
        assert [result.message for result in judged.results] == [None]
        return judged.found.to_dicts()

    return run


@pytest.fixture
def why_not(shop: Callable[..., Frames]) -> Callable[..., str | None]:
    """Why one check could not run in a shop; None when it could."""

    def ask(check: str, **rows: Rows) -> str | None:
        judged = run_checks(shop(**rows), CheckSettings(), NOW, only=[check])
        (result,) = judged.results
        assert (result.status == "could_not_run") is (result.message is not None)
        assert result.message is None or judged.found.is_empty()
        return result.message

    return ask
