"""Eight in the morning: run, open *Became central*, link three products, see them closed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from checks.frames import FRAMES

if TYPE_CHECKING:
    from tests.journeys.conftest import Shop

pytestmark = pytest.mark.browser

ROW = 31  # pixels at the theme's font size: st.dataframe is a canvas, its rows are clicked by place


def tick(page: Page, rows: int) -> None:
    """Ticks the first `rows` rows of the page's grid."""
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    for row in range(rows):
        grid.click(position={"x": 17, "y": ROW + ROW * row + ROW // 2})


def no_exception(page: Page) -> None:
    assert page.get_by_test_id("stException").count() == 0


def test_run_then_link_three_products_and_see_them_closed(shop: Shop, page: Page) -> None:
    page.goto(shop.url)
    expect(page.get_by_text("Not checked yet")).to_be_visible()
    page.get_by_role("button", name="Run now").first.click()
    expect(page.get_by_text(re.compile(r"\d+ / 100")).first).to_be_visible(timeout=90_000)
    no_exception(page)

    page.get_by_role("link", name=re.compile("Became central")).first.click()
    expect(page.get_by_role("heading", name="Became central").first).to_be_visible()
    before = set(shop.store.findings(check="own-became-central")["key"])
    tick(page, 3)
    page.get_by_role("button", name="Link 3 products").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert set(shop.store.findings(check="own-became-central")["key"]) == before, "a plan changes nothing"
    dialog.get_by_role("button", name="Link 3 products").click()

    expect(page.get_by_text("3 of 3 linked, read back and closed")).to_be_visible(timeout=60_000)
    no_exception(page)
    closed = before - set(shop.store.findings(check="own-became-central")["key"])
    assert len(closed) == 3
    state = shop.sandbox.dump()
    assert closed <= set(state["linked"])
    assert not closed & set(state["own"])

    page.get_by_role("link", name="Fixes").first.click()
    expect(
        page.get_by_text(re.compile("|".join(closed))).first
    ).to_be_visible()  # the newest is open, step by step
    expect(page.get_by_text("Read back: is it as planned?")).to_be_visible()
    no_exception(page)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_no_page_breaks_or_scrolls_sideways(shop: Shop, page: Page, size: tuple[int, int]) -> None:
    shop.check()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    article = shop.store.findings(check="missing-photo")["key"][0]
    for path in (
        "",
        "findings",
        "error_logs",
        "error_logs?view=rows",
        "orders",
        "became_central",
        "photos",
        "references",
        "prices",
        "lookup_tables",
        "clients",
        "fixes",
        "runs",
        f"product?article={article}",
        "data",
    ):
        page.goto(f"{shop.url}/{path}")
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        expect(page.get_by_role("heading").first).to_be_visible()
        no_exception(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    assert FRAMES["products"].title  # the last page lists frames by title
    expect(page.get_by_text(FRAMES["products"].title).first).to_be_visible()
