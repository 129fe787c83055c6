"""Pictures of suppliers on the pages: offered beside products without a photo, got when asked for, seen, uploaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.fixes.kinds.upload_photo import Photo
from checks.health import run_health_check
from checks.sandbox.four import Four
from checks.settings import load_settings
from checks.store import Store
from dashboard.parts import photo_offers
from dashboard.parts.photo_batch import Drop

Open = Callable[..., Any]


@pytest.fixture
def four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Four]:
    """The shop and all that stands beside it, over loopback, with settings that the pages find."""
    with Four(size=150, seed=7) as four:
        monkeypatch.setenv("KEURMEESTER_CONFIG", str(four.write_settings(tmp_path / "keurmeester.toml")))
        yield four


@pytest.fixture
def checked(four: Four, make_store: Callable[..., Store]) -> Store:
    """A store after a health check of all of them."""
    settings = load_settings()
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    return store


def offered(store: Store) -> list[str]:
    """Article numbers without a photo that a supplier has one of."""
    return list(store.findings(check="photo-available")["key"])


def spoilt(four: Four, store: Store) -> list[str]:
    """Article numbers whose picture is none, or far too large: the stand-in of IB has some."""
    found = photo_offers.supplier_photos.offers(load_settings(), "webshop", store.frame)
    strange = [f"/{name}." for name in four.ib.strange_pictures]
    return [key for key in offered(store) if _first_url(found, key, strange)]


def _first_url(found: pl.DataFrame, key: str, strange: list[str]) -> bool:
    url = found.filter(pl.col("article_number") == key)["url"][0]
    return any(part in url for part in strange)


def sound(four: Four, store: Store) -> str:
    """Article number of one product that a supplier has a good picture of."""
    bad = spoilt(four, store)
    return next(key for key in offered(store) if key not in bad)


def images_asked(four: Four) -> int:
    return sum("media/" in str(one) for system in (four.ib, four.kruitbosch) for one in system.log)


def here(screen: Any, count: int) -> Any:
    said = f"**{count} picture{'' if count == 1 else 's'}** for"
    return screen.until(lambda screen: said in screen.words)


def test_a_card_offers_the_picture_of_the_supplier(checked: Store, open_page: Open) -> None:
    screen = open_page("photos")
    value = dict(checked.findings(check="photo-available").select("key", "value").iter_rows())
    assert value
    for key in offered(checked):
        supplier = value[key].partition("|")[0]
        assert screen.app.button(key=f"photo-get-{key}").label == f"Get picture from {supplier}"
    assert screen.app.button(key="photo-get").label == f"Get {len(value)} pictures"


def test_nothing_is_fetched_before_somebody_asks(four: Four, checked: Store, open_page: Open) -> None:
    open_page("photos")
    assert images_asked(four) == 0


def test_one_picture_is_got_seen_and_planned(
    four: Four, checked: Store, open_page: Open, asked: list[Any]
) -> None:
    key = sound(four, checked)
    screen = here(open_page("photos").click(f"photo-get-{key}"), 1)
    assert f"{key}, from " in screen.words.replace("\\", "")
    assert not screen.has(f"photo-get-{key}")
    assert ":material/check: Picture is here, see above" in screen.words
    screen.click("photo-upload")
    (one,) = asked
    assert (one.check, one.keys) == ("missing-photo", [key])
    (photo,) = msgspec.json.decode(one.each[key]["photo"], type=list[Photo])
    assert checked.journal.blob(photo.sha256)


def test_several_at_once_and_what_does_not_come_says_why(
    four: Four, checked: Store, open_page: Open, asked: list[Any]
) -> None:
    bad = spoilt(four, checked)
    assert len(bad) == 2
    keys = sorted(set(offered(checked)) - set(bad))
    screen = open_page("photos").click("photo-get").until(lambda screen: "did not come" in screen.words)
    assert f"**{len(keys)} pictures** for **{len(keys)} products**." in screen.words
    assert "2 pictures did not come" in screen.words
    assert "what came is no picture." in screen.words
    assert "it is larger than 20 MB." in screen.words
    screen.click("photo-upload")
    assert [sorted(one.keys or ()) for one in asked] == [keys]


def test_one_that_is_not_the_product_is_taken_away_and_may_be_got_again(
    four: Four, checked: Store, open_page: Open
) -> None:
    key = sound(four, checked)
    screen = here(open_page("photos").click(f"photo-get-{key}"), 1)
    (no,) = [button.key for button in screen.app.button if str(button.key).startswith("photo-not-")]
    screen.click(no)
    assert not screen.has("photo-upload")
    assert screen.has(f"photo-get-{key}")


def test_files_and_pictures_of_suppliers_are_taken_away_together(
    four: Four, checked: Store, open_page: Open
) -> None:
    key = sound(four, checked)
    screen = here(open_page("photos").click(f"photo-get-{key}"), 1)
    screen.click("photo-clear")
    assert screen.has(f"photo-get-{key}")


def test_getting_is_stopped_and_keeps_what_is_here(four: Four, checked: Store) -> None:
    settings, state = load_settings(), Drop()
    found = photo_offers.supplier_photos.offers(settings, "webshop", checked.frame)
    rows = found.unique("article_number", keep="first").head(3).to_dicts()
    getting = photo_offers.Getting(state, len(rows))
    getting.progress.stop()
    photo_offers._get_all(settings, state, rows, getting)
    assert (getting.stopped, getting.got, state.fetched) == (True, 0, {})


def test_on_the_products_own_page(four: Four, checked: Store, open_page: Open, asked: list[Any]) -> None:
    key = sound(four, checked)
    screen = open_page("product", article=key, source="webshop")
    assert "At suppliers" in screen.words
    assert "has a picture" in screen.words
    (count,) = [sum(button.key == "photo-get" for button in screen.app.button)]
    assert count == 1, "one place for the photo, though two findings ask for it"
    here(screen.click("photo-get"), 1).click("photo-upload")
    assert [one.keys for one in asked] == [[key]]


def test_a_product_that_no_supplier_has(checked: Store, open_page: Open) -> None:
    matched = photo_offers.supplier_photos.offers(load_settings(), "webshop", checked.frame)
    products = checked.frame("webshop", "products")
    assert products is not None
    alone = products.filter(
        ~pl.col("article_number").is_in(matched["article_number"].to_list()) & pl.col("ean").is_null()
    )
    if alone.is_empty():
        pytest.skip("every product of this shop has an EAN")
    screen = open_page("product", article=alone["article_number"][0], source="webshop")
    assert "No supplier has an article with its EAN or code." in screen.words


def test_who_may_only_look_is_told_so(
    four: Four, checked: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checks import people

    monkeypatch.setattr(people, "refusal", lambda *_: "Your role is viewer: ask an admin.")
    screen = open_page("photos")
    assert screen.app.button(key="photo-get").disabled
    assert screen.app.button(key=f"photo-get-{offered(checked)[0]}").disabled


def test_it_goes_to_the_shop_and_both_findings_close_and_open_again_when_it_is_undone(
    four: Four, checked: Store, open_page: Open
) -> None:
    key = sound(four, checked)
    screen = here(open_page("photos").click(f"photo-get-{key}"), 1).click("photo-upload")
    screen.until(lambda screen: screen.has("dialog-confirm")).click("dialog-confirm")
    screen.until(lambda screen: "1 picture in the shop by now" in screen.words)
    both = ["missing-photo", "photo-available"]
    assert all(checked.findings(check=check, key=[key]).is_empty() for check in both)
    there = [photo["WholesalerArticleNumber"] for photo in four.shop.dump()["photos"]]
    assert there.count(key) == 1
