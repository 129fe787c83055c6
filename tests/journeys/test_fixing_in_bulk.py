"""The whole assortment in one go: plan, link, stop in between, go on; meanwhile the pages answer as if nothing were.

40 products by default; the environment variable KEURMEESTER_LONG gives another number (2,000 takes some minutes).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.journeys.conftest import Shop

pytestmark = pytest.mark.browser

COUNT = int(os.environ.get("KEURMEESTER_LONG") or 40)
SIZE = 250 + 2 * COUNT
CHECK = "own-became-central"
SLOWEST = 6.0  # seconds, on a machine that does everything else at the same time


def plain_products(shop: Shop) -> Iterator[str]:
    """Own products that nothing is wrong with and that stand alone."""
    suspect = {key for found in shop.sandbox.truth().values() for key, _ in found}
    for key, own in shop.sandbox.dump()["own"].items():
        alone = not (own["UnitProducts"] or own["PackageProducts"] or own["IsPackageProduct"])
        if key not in suspect and own["EanCode"] and alone:
            yield key


def progress(page: Page) -> int:
    """How many the page says are worked through."""
    words = page.get_by_text(re.compile(r"[\d,]+ of [\d,]+ worked through")).first.inner_text()
    return int(words.split(" of ")[0].replace(",", ""))


def until(ready: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.05)


def timed(what: str, click: Callable[[], None], new: Locator) -> float:
    """Seconds from a click until what it asked for stands there."""
    began = time.monotonic()
    click()
    expect(new).to_be_visible()
    took = time.monotonic() - began
    print(f"{what}: {took:.2f} s")  # noqa: T201 - the figures of the long run
    return took


def states(shop: Shop, plan_id: str) -> dict[str, int]:
    return shop.store.journal.states(plan_id)


@pytest.mark.parametrize("shop", [SIZE], indirect=True)
def test_many_products_are_linked_with_a_stop_and_a_continue_in_between(shop: Shop, page: Page) -> None:
    for key, _ in zip(plain_products(shop), range(COUNT), strict=False):
        shop.sandbox.make_central(key)
    shop.check()
    before = shop.sandbox.dump()

    page.goto(f"{shop.url}/became_central")
    page.get_by_role("button", name=re.compile(r"Link all [\d,]+ safe")).click()
    dialog = page.get_by_role("dialog")
    go = dialog.get_by_role("button", name=re.compile(r"Link [\d,]+ products"))
    expect(go).to_be_visible(timeout=600_000)
    plan_id = page.url.partition("plan=")[2].partition("&")[0]
    total = states(shop, plan_id)["planned"]
    assert total >= COUNT
    safe = sum(row["klass"] == "safe" for row in shop.store.journal.fixes(plan_id=plan_id))
    # what is more than safe is left for a person to look at
    ended = {"done": safe} | ({"planned": total - safe} if total > safe else {})
    assert shop.sandbox.dump() == before, "a plan changes nothing"

    started = time.monotonic()
    go.click()
    stop = page.get_by_test_id("stMain").get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    until(lambda: states(shop, plan_id).get("done", 0) >= 3)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile("Paused by"))).to_be_visible()
    held = states(shop, plan_id)
    assert progress(page) == total - held["planned"], "nothing is half done in a pause"
    page.get_by_role("button", name="Continue").click()
    until(lambda: states(shop, plan_id)["planned"] < held["planned"])
    stop.click()
    rest = page.get_by_role("button", name=re.compile(r"Link the other [\d,]+ product"))
    expect(rest).to_be_visible(timeout=60_000)
    stopped = states(shop, plan_id)
    assert set(stopped) == {"planned", "done"}, "what was under way was finished, the others stay planned"
    assert page.get_by_test_id("stException").count() == 0

    rest.click()
    expect(stop).to_be_visible()
    slowest = max(_look_around(page))
    until(lambda: states(shop, plan_id) == ended, 30 + total)
    print(f"{safe:,} linked in {time.monotonic() - started:.0f} s, slowest answer {slowest:.2f} s")  # noqa: T201
    assert slowest < SLOWEST

    page.goto(f"{shop.url}/fixes?plan={plan_id}")
    expect(page.get_by_text(f"{safe:,} of {safe:,} linked, read back and closed")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    after = shop.sandbox.dump()
    linked = {row["key"] for row in shop.store.journal.fixes(plan_id=plan_id, state="done")}
    assert len(linked) == safe >= COUNT
    assert linked <= set(after["linked"])
    assert not linked & set(after["own"])
    assert set(before["own"]) | set(before["linked"]) == set(after["own"]) | set(after["linked"])
    assert shop.store.findings(check=CHECK, key=sorted(linked)).is_empty()


def _look_around(page: Page) -> Iterator[float]:
    """Other pages and filters while it runs, each with the time it took."""
    menu = page.get_by_test_id("stSidebarNav")
    heading = page.get_by_role("heading", level=1)

    def to(name: str) -> float:
        link = menu.get_by_role("link", name=re.compile(f"^{name}"))
        return timed(f"to {name}", link.click, heading.filter(has_text=name))

    yield to("Fixes")
    see = page.get_by_role("button", name="See this plan")
    yield timed("see the plan", see.click, page.get_by_text(re.compile("repairs? of this plan")))
    for name in ("Findings", "Overview", "Photos", "Fixes"):
        yield to(name)
    done = page.get_by_role("button", name=re.compile("^Done")).first
    yield timed("filter by state", done.click, page.get_by_role("button", name="Clear"))
    search = page.get_by_placeholder("Article, name, what came of it")

    def find() -> None:
        search.fill("nothing is called so")
        search.press("Enter")

    yield timed("search", find, page.get_by_text("No repair matches these filters."))
