"""Photos from a folder: dropped, shown with their products, uploaded, and there in the shop."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.journeys.conftest import Shop

pytestmark = pytest.mark.browser

CHECK = "missing-photo"


def photo(file: Path, colour: str) -> Path:
    Image.new("RGB", (300, 300), colour).save(file)
    return file


@pytest.mark.parametrize("shop", [150], indirect=True)
def test_photos_are_dropped_seen_and_uploaded(shop: Shop, page: Page, tmp_path: Path) -> None:
    shop.check()
    keys = [key for key in shop.store.findings(check=CHECK)["key"] if key.isalnum()][:3]
    named, camera = keys[:2], keys[2]
    files = [
        photo(tmp_path / f"{key}.jpg", colour) for key, colour in zip(named, ("red", "blue"), strict=True)
    ]
    files += [photo(tmp_path / "IMG_2044.png", "green"), tmp_path / "list.pdf"]
    files[-1].write_bytes(b"%PDF-1.7")
    before = shop.sandbox.dump()

    page.goto(f"{shop.url}/photos")
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_text("2 pictures for 2 products, 1 left to you, 1 refused.")).to_be_visible()
    expect(page.get_by_text("It is a PDF, no picture.")).to_be_visible()
    for key in named:
        expect(page.get_by_role("img", name=re.compile(f"{key}.jpg, for "))).to_be_visible()

    box = page.get_by_role("combobox", name="Product of IMG_2044.png")
    box.fill(camera)
    box.press("Enter")
    page.get_by_role("button", name="Upload photos of 3 products").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert shop.sandbox.dump() == before, "a plan changes nothing"
    dialog.get_by_role("button", name="Upload photos of 3 products").click()

    expect(page.get_by_text("3 of 3 given a photo, read back and closed")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("3 pictures in the shop by now")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    assert not set(keys) & set(shop.store.findings(check=CHECK)["key"])
    after = shop.sandbox.dump()
    new = [row for row in after["photos"] if row not in before["photos"]]
    assert sorted(row["WholesalerArticleNumber"] for row in new) == sorted(keys)
    assert {**after, "photos": None} == {**before, "photos": None}, "nothing else changed"
