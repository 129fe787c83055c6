"""The life of one problem of the error log, by clicks: it appears, is read, its products are fixed from there, it is fixed
but unconfirmed, a day later resolved, and a week later back."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_fixing_in_bulk import until
from tests.journeys.test_link_three import no_exception, tick

if TYPE_CHECKING:
    from tests.journeys.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("shop", [200], indirect=True)]

GONE = 77777  # a brand that the sandbox's lookup table does not have
PHONE = {"width": 390, "height": 844}


def fail(shop: Shop, articles: list[str]) -> None:
    """The wholesaler's nightly job sends these products, and the shop refuses their brand."""
    for article in articles:
        message = f"Brand with id {GONE} does not exist."
        shop.sandbox.fail(
            "POST",
            "/api/Products",
            400,
            message,
            body=json.dumps({"WholesalerArticleNumber": article, "BrandId": GONE, "Active": True}),
            model=[("product.BrandId", message)],
            times=2,
        )


def with_brands_that_are_gone(shop: Shop, count: int) -> list[str]:
    """Own products whose brand does not exist: those of the sandbox, and sound ones that get one."""
    planted = shop.sandbox.truth()
    gone = sorted(key for key, field in planted["invalid-reference"] if field == "brand")
    suspect = {key for found in planted.values() for key, _ in found}
    sound = (key for key in shop.sandbox.dump()["own"] if key not in suspect)
    for key in islice(sound, max(0, count - len(gone))):
        shop.sandbox.change(key, BrandId=GONE)
        gone.append(key)
    return gone[:count]


def run_now(shop: Shop, page: Page) -> None:
    """A health check, started on the page and waited for."""
    before = shop.store.latest_run()
    page.get_by_test_id("stMain").get_by_role("button", name="Run now").first.click()
    until(lambda: _newest(shop) != (before or {}).get("id"), 90)
    after = shop.store.latest_run() or {}
    assert after["status"] == "complete", after["message"]
    expect(page.get_by_text(re.compile("^Health check: |^Starting the health check"))).to_have_count(0)
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Run now")).to_be_enabled()
    no_exception(page)


def _newest(shop: Shop) -> str | None:
    return (shop.store.latest_run() or {}).get("id")


def panel(page: Page) -> Locator:
    return page.locator(".st-key-error-panel")


def in_state(page: Page, state: str) -> Locator:
    return page.locator(f".st-key-error-is-{state}")


def test_a_problem_appears_is_fixed_confirmed_and_comes_back(shop: Shop, page: Page) -> None:
    articles = with_brands_that_are_gone(shop, 3)
    page.goto(f"{shop.url}/error_logs")
    expect(page.get_by_text("Not checked yet")).to_be_visible()
    page.get_by_role("button", name="Run now").first.click()
    expect(page.get_by_text(re.compile("need a look|Nothing new")).first).to_be_visible(timeout=90_000)
    known = set(shop.store.errors.groups(state="all")["id"])

    # it appears
    fail(shop, articles)
    run_now(shop, page)
    made = shop.store.errors.groups(state="all")
    [ident] = [one for one in made["id"] if one not in known]
    search = page.get_by_placeholder("Words, field, status")
    expect(search).to_have_count(1)  # what was drawn before the run has gone
    search.fill("POST Products: Brand")
    search.press("Enter")
    expect(page.get_by_text(re.compile(r"^1 problem, \d+ rows in 24 hours$"))).to_be_visible()

    # it is read
    tick(page, 1)
    expect(in_state(page, "new")).to_be_visible()
    count = 2 * len(articles)
    expect(panel(page).get_by_text(f"{count} of these {count} failures come")).to_be_visible()
    expect(panel(page).get_by_text("What usually helps")).to_be_visible()
    for article in articles:
        expect(panel(page).get_by_role("link", name=re.compile(re.escape(article))).first).to_be_visible()
    expect(page).to_have_url(re.compile(f"group={ident}"))
    no_exception(page)

    # its products are fixed from there
    panel(page).get_by_role("button", name=re.compile(f"{len(articles)} products")).first.click()
    form = page.get_by_role("dialog")
    choose_brands(form, page)
    form.get_by_role("button", name=f"Plan {len(articles)} products").click()
    plan = page.get_by_role("dialog").filter(has_text="Each is read again first")
    plan.get_by_role("button", name=re.compile(f"{len(articles)} products")).last.click()
    count = len(articles)
    expect(page.get_by_text(f"{count} of {count} set, read back and closed")).to_be_visible(timeout=60_000)
    expect(in_state(page, "fixed_unconfirmed")).to_contain_text("Fixed, unconfirmed")
    group = shop.store.errors.group(ident)
    assert group is not None
    assert group["state"] == "fixed_unconfirmed"
    assert shop.store.findings(check="invalid-reference", key=articles).is_empty()
    no_exception(page)

    # a day without a row: resolved
    shop.sandbox.advance(days=1, minutes=5)
    page.goto(f"{shop.url}/error_logs?group={ident}")
    run_now(shop, page)
    expect(in_state(page, "resolved")).to_contain_text("Resolved")

    # a week later it fails again: regressed
    shop.sandbox.advance(days=7)
    fail(shop, articles[:1])
    run_now(shop, page)
    expect(in_state(page, "regressed")).to_contain_text("Came back")
    page.get_by_text(re.compile("1 came back")).first.wait_for()
    events = shop.store.errors.events(ident)["event"].to_list()
    assert [one for one in events if one in ("new", "fixed", "resolved", "regressed")] == [
        "new",
        "fixed",
        "resolved",
        "regressed",
    ]
    no_exception(page)


def choose_brands(form: Locator, page: Page) -> None:
    """The first proposal wherever nothing is chosen yet."""
    expect(form.get_by_role("button", name=re.compile("^Plan"))).to_be_visible()
    boxes = form.get_by_role("combobox")
    for number in range(boxes.count()):
        if not boxes.nth(number).input_value():
            boxes.nth(number).click()
            page.get_by_role("option").first.click()


def test_decided_with_clicks_and_undone_on_a_desk_and_reachable_on_a_phone(shop: Shop, page: Page) -> None:
    shop.check()
    page.goto(f"{shop.url}/error_logs")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    before = shop.store.errors.groups().height
    tick(page, 2)
    page.get_by_role("button", name="Resolve 2").click()
    expect(page.get_by_text("2 problems resolved.")).to_be_visible()
    assert shop.store.errors.groups().height == before - 2
    page.get_by_role("button", name="Undo", exact=True).first.click()
    expect(page.get_by_text("2 changes undone.")).to_be_visible()
    assert shop.store.errors.groups().height == before

    page.set_viewport_size(PHONE)
    ident = shop.store.errors.groups()["id"][0]
    page.goto(f"{shop.url}/error_logs?group={ident}")
    page.get_by_text("See it below").click()
    expect(panel(page).get_by_text("What it is")).to_be_in_viewport()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    no_exception(page)
