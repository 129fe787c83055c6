"""Findings that people live with: accept, snooze, come back, comment. Each one journey."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_link_three import no_exception, tick

if TYPE_CHECKING:
    from tests.journeys.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("shop", [150], indirect=True)]

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


def begin(page: Page, what: str, check: str, shop: Shop) -> tuple[Locator, str]:
    """Ticks the first finding of a check and presses a button; gives the dialog and the finding's id."""
    page.goto(f"{shop.url}/findings?check={check}")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    tick(page, 1)
    page.get_by_role("button", name=what, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page).to_have_url(re.compile("finding="))
    return dialog, page.url.partition("finding=")[2].partition("&")[0]


def status(shop: Shop, ident: str) -> str:
    return str(shop.store.findings(ids=[ident], status="all")["status"][0])


def test_accepted_until_the_value_changes(shop: Shop, page: Page) -> None:
    shop.check()
    dialog, ident = begin(page, "Accept", "invalid-ean", shop)
    dialog.get_by_role("button", name="Accept 1 finding").click()
    expect(dialog.get_by_text("say why")).to_be_visible()
    dialog.get_by_label("Why is this all right?").fill("The supplier prints it like that.")
    dialog.get_by_role("button", name="Accept 1 finding").click()
    expect(page.get_by_text("1 finding accepted.")).to_be_visible()
    expect(page.get_by_test_id("stDialog")).to_have_count(0)
    no_exception(page)
    shop.check()
    assert status(shop, ident) == "accepted", "still the same value: no news"

    key = shop.store.findings(ids=[ident], status="all")["key"][0]
    shop.sandbox.change(key, EanCode="12345")
    shop.check()
    page.goto(f"{shop.url}/findings?finding={ident}")
    panel = page.locator(".st-key-finding-panel")
    expect(panel.get_by_text("Came back").first).to_be_visible()
    expect(panel.get_by_text("The supplier prints it like that.")).to_be_visible()
    expect(panel.get_by_text("Open again")).to_be_visible()


def test_snoozed_until_its_day(shop: Shop, page: Page) -> None:
    shop.check()
    dialog, ident = begin(page, "Snooze", "missing-photo", shop)
    dialog.get_by_text("1 week", exact=True).click()
    expect(dialog.get_by_text("with the first health check of that day")).to_be_visible()
    dialog.get_by_role("button", name="Snooze 1 finding").click()
    expect(page.get_by_text("1 finding snoozed until")).to_be_visible()
    page.goto(shop.url)
    expect(page.get_by_role("link", name=re.compile("1 snoozed"))).to_be_visible()

    shop.check(datetime.now(UTC) + timedelta(days=3))
    assert status(shop, ident) == "snoozed"
    shop.check(datetime.now(UTC) + timedelta(days=8))
    page.goto(f"{shop.url}/findings?finding={ident}")
    expect(page.locator(".st-key-finding-panel").get_by_text("Came back").first).to_be_visible()
    no_exception(page)


def test_fixed_and_back_again(shop: Shop, page: Page) -> None:
    shop.check()
    row = shop.store.findings(check="invalid-ean").row(0, named=True)
    shop.sandbox.change(row["key"], EanCode="5400000000003")
    shop.check()
    page.goto(f"{shop.url}/findings?status=fixed&text={row['key']}")
    expect(page.get_by_text("1 finding", exact=True).first).to_be_visible()
    assert status(shop, row["id"]) == "fixed"

    shop.sandbox.change(row["key"], EanCode=row["value"])
    shop.check()
    page.goto(f"{shop.url}/findings?status=regressed&text={row['key']}")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    tick(page, 1)
    history = page.locator(".st-key-finding-panel")
    for event in ("Found for the first time", "Fixed", "Came back after it was fixed"):
        expect(history.get_by_text(event, exact=True)).to_be_visible()
    no_exception(page)


def test_a_comment_for_whoever_looks_next(shop: Shop, page: Page) -> None:
    shop.check()
    dialog, ident = begin(page, "Comment", "missing-photo", shop)
    dialog.get_by_label("Comment").fill("Photographer comes on Friday.")
    dialog.get_by_role("button", name="Comment on 1 finding").click()
    panel = page.locator(".st-key-finding-panel")
    expect(panel.get_by_text("Photographer comes on Friday.")).to_be_visible()
    expect(page.get_by_text("Comment added to 1 finding.")).to_be_visible()
    page.goto(f"{shop.url}/findings?finding={ident}")
    expect(panel.get_by_text("Photographer comes on Friday.")).to_be_visible()
    assert status(shop, ident) == "new", "a comment changes nothing"
    no_exception(page)


def test_on_a_phone_the_menu_closes_and_the_panel_is_seen(shop: Shop, page: Page) -> None:
    shop.check()
    phone = page.context.browser
    assert phone is not None
    context = phone.new_context(
        viewport={"width": 390, "height": 844}, user_agent=PHONE, has_touch=True, is_mobile=True
    )
    small = context.new_page()
    small.goto(shop.url)
    small.get_by_test_id("stExpandSidebarButton").click()
    menu = small.get_by_test_id("stSidebar")
    menu.get_by_role("link", name=re.compile("Findings")).tap()
    expect(menu).not_to_be_in_viewport()
    expect(small.get_by_test_id("stDataFrame").first).to_be_visible()
    tick(small, 1)
    panel = small.locator(".st-key-finding-panel")
    expect(panel.get_by_role("button", name="Snooze")).to_be_in_viewport()
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_have_count(0)
    context.close()
