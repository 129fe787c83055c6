"""A small shop in which all is well, to spoil one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
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
}
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
}


def frame(name: str, rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FRAMES[name].schema, orient="row")


@pytest.fixture
def product() -> Callable[..., dict[str, Any]]:
    """A product in which all is well, but for what is given."""
    return lambda **changes: PRODUCT | changes


@pytest.fixture
def shop() -> Callable[..., Frames]:
    """All frames of a shop in which all is well, but for the rows given."""

    def make(**rows: Rows) -> Frames:
        return Frames.of("shop", **{name: frame(name, given) for name, given in (SHOP | rows).items()})

    return make


@pytest.fixture
def findings(shop: Callable[..., Frames]) -> Callable[..., list[dict[str, Any]]]:
    """What one check finds in a shop: `findings("missing-photo", photos=[])`. It must have been able to run."""

    def run(check: str, **rows: Rows) -> list[dict[str, Any]]:
        judged = run_checks(shop(**rows), CheckSettings(), NOW, only=[check])
        assert [result.message for result in judged.results] == [None]
        return judged.found.to_dicts()

    return run
