"""Findings that take a supplier to see: one photo closes two of them, and a price is right above the supplier's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from checks.fixes import CLASSES, Plan, apply_plan, make_plan, plan_undo
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.photo_files import Prepared, prepare
from checks.health import run_health_check
from checks.meeting import known_matches
from checks.rules.across import gross_of
from checks.sandbox.four import SHOP, Four
from checks.settings import Settings, load_settings
from checks.store import Store
from tests.fixes.conftest import ANN

BOTH = ("missing-photo", "photo-available")


@pytest.fixture
def four() -> Iterator[Four]:
    with Four(size=200, seed=7) as four:
        yield four


@pytest.fixture
def settings(four: Four, tmp_path: Path) -> Settings:
    return load_settings(four.write_settings(tmp_path / "keurmeester.toml"))


@pytest.fixture
def store(settings: Settings, make_store: Callable[[Settings], Store]) -> Store:
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    return store


def first(store: Store, check: str) -> str:
    return str(next(key for key in store.findings(check=check, source=SHOP)["key"] if key.isalnum()))


def open_of(store: Store, key: str, *checks: str) -> list[bool]:
    return [not store.findings(check=check, source=SHOP, key=[key]).is_empty() for check in checks]


def photo(store: Store) -> dict[str, str]:
    target = BytesIO()
    Image.new("RGB", (300, 300), "red").save(target, "JPEG")
    made = prepare("a.jpg", target.getvalue())
    assert isinstance(made, Prepared)
    return as_option(store, [(made, None)])


def carried_out(store: Store, settings: Settings, plan: Plan) -> None:
    apply_plan(store, settings, plan.id, by=ANN, classes=CLASSES)


@pytest.mark.parametrize("check", BOTH)
def test_one_photo_closes_both_findings_and_undoing_it_opens_both(
    four: Four, store: Store, settings: Settings, check: str
) -> None:
    key = first(store, "photo-available")
    before = four.shop.dump()
    plan = make_plan(store, settings, check, keys=[key], by=ANN, each={key: photo(store)})
    assert [item.key for item in plan.items] == [key], plan.not_planned
    carried_out(store, settings, plan)
    assert open_of(store, key, *BOTH) == [False, False]
    (done,) = store.journal.fixes(plan_id=plan.id, state="done")
    carried_out(store, settings, plan_undo(store, settings, [done["id"]], by=ANN))
    assert open_of(store, key, *BOTH) == [True, True]
    assert four.shop.dump()["photos"] == before["photos"]


def test_without_a_photo_the_plan_says_where_to_get_it(store: Store, settings: Settings) -> None:
    key = first(store, "photo-available")
    plan = make_plan(store, settings, "photo-available", keys=[key], by=ANN)
    assert not plan.items
    ((left, reason),) = plan.not_planned
    assert left == key
    assert reason.startswith("No photo was given for it. Its supplier has one: get it on the page Photos")


def cheap(four: Four, store: Store, settings: Settings) -> tuple[str, float]:
    """An own product that is sold for half a euro, and its supplier's gross price."""
    products = store.frame(SHOP, "products")
    assert products is not None
    key = pl.col("article_number")
    matches = known_matches(settings, SHOP, store.frame).filter(
        (pl.col("by") == "gtin")
        & (pl.col("gross_price") > 1)
        & key.is_in(products["article_number"].to_list())
        & key.str.contains("^[A-Z0-9]+$")
    )
    article = str(matches["article_number"][0])
    four.shop.change(article, {"SalesPriceList": 0.5})
    run_health_check(settings, store, started_by="night")
    (value,) = store.findings(check="price-below-cost", source=SHOP, key=[article])["value"]
    gross = gross_of(value)
    assert gross is not None
    return article, gross


def test_a_price_above_the_suppliers_is_right(four: Four, store: Store, settings: Settings) -> None:
    key, gross = cheap(four, store, settings)
    too_low = make_plan(
        store, settings, "price-below-cost", keys=[key], by=ANN, options={"price": f"{gross * 0.9:.2f}"}
    )
    assert not too_low.items
    assert "not below the supplier's gross price" in too_low.not_planned[0][1]
    price = round(gross * 1.4, 2)
    plan = make_plan(store, settings, "price-below-cost", keys=[key], by=ANN, options={"price": str(price)})
    carried_out(store, settings, plan)
    assert four.shop.dump()["own"][key]["SalesPriceList"] == price
    assert open_of(store, key, "price-below-cost") == [False]
    run_health_check(settings, store, started_by="night")
    assert open_of(store, key, "price-below-cost") == [False]


def test_a_linked_product_gets_no_price_here(store: Store, settings: Settings) -> None:
    linked = store.frame(SHOP, "linked_products")
    assert linked is not None
    found = store.findings(check="price-below-cost", source=SHOP)["key"].to_list()
    key = next(one for one in found if one in linked["article_number"].to_list())
    plan = make_plan(store, settings, "price-below-cost", keys=[key], by=ANN, options={"price": "99"})
    assert not plan.items
    assert "linked product" in plan.not_planned[0][1]
