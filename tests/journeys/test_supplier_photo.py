"""A photo that is missing, and that a supplier has: suggested, got, seen, uploaded, and both findings closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks.health import run_health_check
from checks.sandbox.four import IB, SHOP, Four
from checks.settings import load_settings
from checks.store import Store
from tests.journeys.conftest import dashboard

pytestmark = pytest.mark.browser


def test_the_picture_of_a_supplier_goes_to_the_shop(
    page: Page, tmp_path: Path, make_store: Callable[..., Store]
) -> None:
    with Four(size=150, seed=7) as four:
        config = four.write_settings(tmp_path / "keurmeester.toml")
        settings = load_settings(config)
        store = make_store(settings)
        run_health_check(settings, store, started_by="night")
        with dashboard(config) as url:
            _journey(page, four, store, url)


def _journey(page: Page, four: Four, store: Store, url: str) -> None:
    key, name = _offered_by_ib(four, store)
    before = four.shop.dump()

    page.goto(f"{url}/photos?text={key}")
    expect(page.get_by_text("1 product", exact=True)).to_be_visible()
    assert not _pictures_asked(four), "nothing is fetched before somebody asks"
    page.get_by_role("button", name="Get picture from ib").click()
    expect(page.get_by_text("1 picture for 1 product.")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile(f", for {re.escape(name)}$"))).to_be_visible()
    expect(page.get_by_text(f"{key}, from ib, article ")).to_be_visible()
    assert _pictures_asked(four)
    assert four.shop.dump() == before, "to look at a picture changes nothing"

    page.get_by_role("button", name="Upload photos of 1 product").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert four.shop.dump() == before, "a plan changes nothing"
    dialog.get_by_role("button", name="Upload photos of 1 product").click()

    expect(page.get_by_text("1 of 1 given a photo, read back and closed")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("1 picture in the shop by now")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    for check in ("missing-photo", "photo-available"):
        assert store.findings(check=check, source=SHOP, key=[key]).is_empty()
    after = four.shop.dump()
    (new,) = [row for row in after["photos"] if row not in before["photos"]]
    assert new["WholesalerArticleNumber"] == key
    assert {**after, "photos": None} == {**before, "photos": None}, "nothing else changed"


def _offered_by_ib(four: Four, store: Store) -> tuple[str, str]:
    """Article number and name of a product without a photo that IB has a good picture of."""
    strange = "|".join(map(re.escape, four.ib.strange_pictures)) or "$^"
    catalogue = store.frame(IB, "catalogue")
    assert catalogue is not None
    bad = {
        row["article_key"]
        for row in catalogue.select("article_key", "images").iter_rows(named=True)
        if any(re.search(strange, image["url"] or "") for image in row["images"])
    }
    products = store.frame(SHOP, "products")
    assert products is not None
    names = dict(products.select("article_number", "name").iter_rows())
    for row in store.findings(check="photo-available", source=SHOP).iter_rows(named=True):
        supplier, _, article = row["value"].partition("|")
        if supplier == IB and article not in bad:
            return row["key"], names[row["key"]]
    raise AssertionError("IB has a picture of no product without a photo")


def _pictures_asked(four: Four) -> bool:
    return any("media/" in str(one) for one in four.ib.log)
