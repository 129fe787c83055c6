"""Photos dropped on the page: put to their products, shown, refused with the reason, uploaded as one repair."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import polars as pl
import pytest
import sqlalchemy as sa
from PIL import Image

from checks.fixes.kinds.upload_photo import Photo
from checks.fixes.photo_files import Prepared, Refused, prepare
from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store, tables
from dashboard.parts import photo_batch
from dashboard.parts.photo_batch import Dropped, batch, look_at, named, spoken_of

Open = Callable[..., Any]

CHECK = "missing-photo"


def picture(
    colour: str = "red", size: tuple[int, int] = (300, 300), kind: str = "JPEG", mode: str = "RGB"
) -> bytes:
    target = BytesIO()
    Image.new(mode, size, colour).save(target, kind)
    return target.getvalue()


class TestBatch:
    """What becomes of a file, without a page."""

    PRODUCTS = pl.DataFrame(
        {"article_number": ["A1", "A2", "A3"], "ean": ["5400000000003", "5400000000010", "5400000000003"]}
    )

    def file(self, name: str, data: bytes | None = None) -> Dropped:
        (match,) = named([name], self.PRODUCTS, ["A1"])
        return look_at(name, name, picture() if data is None else data, match)

    def sorted_out(self, *files: Dropped, **more: Any) -> photo_batch.Batch:
        more = {"chosen": {}, "sent": {}, "why_not": lambda key: f"{key} has one.", **more}
        return batch(files, {"A1", "A3"}, **more)

    def test_a_file_is_put_to_the_product_of_its_name(self) -> None:
        found = self.sorted_out(self.file("A1.jpg"), self.file("A1-2.jpg", picture("blue")))
        assert {key: [one.name for one in files] for key, files in found.ready.items()} == {
            "A1": ["A1.jpg", "A1-2.jpg"]
        }
        assert found.pictures == 2

    def test_a_product_that_wants_none_says_why(self) -> None:
        (left,) = self.sorted_out(self.file("A2.jpg")).left
        assert left[1] == "A2 has one."

    def test_a_name_that_fits_two_products_is_nobody_s_even_if_one_of_them_has_a_photo(self) -> None:
        (left,) = self.sorted_out(self.file("5400000000003.jpg")).left
        assert "It fits A1 and A3" in left[1]

    def test_what_a_person_says_goes_before_the_name(self) -> None:
        file = self.file("A1.jpg")
        assert list(self.sorted_out(file, chosen={file.id: "A3"}).ready) == ["A3"]
        assert self.sorted_out(file, chosen={file.id: ""}).left[0][1] == "Choose the product that it shows."

    def test_what_is_no_picture_is_refused_with_the_reason(self) -> None:
        found = self.sorted_out(self.file("A1.jpg", b"%PDF-1.7"), self.file("A3.jpg", picture(size=(90, 90))))
        assert [reason.partition(",")[0] for _, reason in found.refused] == ["It is a PDF", "It is too small"]
        assert not found.ready

    def test_the_same_picture_twice_is_taken_once(self) -> None:
        found = self.sorted_out(self.file("A1.jpg"), self.file("A1 (2).jpg"))
        assert (found.pictures, [one.name for one in found.twice]) == (1, ["A1 (2).jpg"])

    def test_what_was_sent_and_is_there_asks_nothing_any_more(self) -> None:
        file = self.file("A2.jpg")
        found = self.sorted_out(file, sent={file.id: "A2"})
        assert ([one.name for one in found.there], found.left) == (["A2.jpg"], [])

    def test_a_large_picture_is_made_small_for_the_screen(self) -> None:
        file = self.file("A1.jpg", picture(size=(1600, 800)))
        assert Image.open(BytesIO(file.small)).size == (360, 180)

    @pytest.mark.parametrize(
        ("given", "key"),
        [("A1", "A1"), ("a2", "A2"), ("5400000000010", "A2"), ("5400000000003", None), ("nothing", None)],
    )
    def test_a_person_writes_an_article_number_or_ean(self, given: str, key: str | None) -> None:
        assert spoken_of(given, self.PRODUCTS, ["A1", "A3"]) == key

    def test_without_the_list_of_products_article_numbers_still_count(self) -> None:
        assert [one.key for one in named(["A1.jpg", "A2.jpg"], None, ["A1"])] == ["A1", None]


def drop(screen: Any, *files: tuple[str, bytes]) -> Any:
    screen.app.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in files])
    return screen.run()


class TestPage:
    """On the page, over the small shop: A104 and A105 have no photo."""

    def test_files_are_shown_with_their_products(self, full: Store, open_page: Open) -> None:
        screen = drop(
            open_page("photos"),
            ("A104.jpg", picture()),
            ("5400000000065-fra.png", picture(kind="PNG", mode="RGBA")),
            ("A115.jpg", picture()),
            ("IMG_2044.jpg", picture()),
            ("list.pdf", b"%PDF-1.7"),
        )
        assert "**2 pictures** for **2 products**, **2** left to you, **1** refused." in screen.words
        assert screen.app.button(key="photo-upload").label == "Upload photos of 2 products"
        assert "A105, by its EAN" in screen.words
        assert "5400000000065-fra.png, French pages only" in screen.words
        assert "It is a JPEG now; it was PNG." in screen.words
        assert "It is of A115 Perenmoes, which has a photo already." in screen.words
        assert "A camera or telephone gave this name" in screen.words
        assert "**list.pdf** It is a PDF, no picture." in screen.words

    def test_each_file_is_looked_at_once(
        self, full: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[str] = []

        def counted(name: str, data: bytes) -> Prepared | Refused:
            looked.append(name)
            return prepare(name, data)

        monkeypatch.setattr(photo_batch, "prepare", counted)
        screen = drop(open_page("photos"), ("A104.jpg", picture()), ("A105.jpg", picture()))
        screen.run()
        assert looked == ["A104.jpg", "A105.jpg"]

    def test_exactly_the_pictures_shown_are_planned(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = drop(
            open_page("photos"),
            ("A104-fra.jpg", picture()),
            ("A105.jpg", picture("blue")),
            ("x.jpg", picture()),
        )
        screen.click("photo-upload")
        (one,) = asked
        assert (one.check, one.keys, one.source) == (CHECK, ["A104", "A105"], "webshop")
        photos = msgspec.json.decode(one.each["A104"]["photo"], type=list[Photo])
        assert [(photo.name, photo.language) for photo in photos] == [("A104-fra.jpg", "fra")]
        assert Image.open(BytesIO(full.journal.blob(photos[0].sha256))).size == (300, 300)

    def test_a_file_is_put_to_another_product_by_hand(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = drop(open_page("photos"), ("IMG_2044.jpg", picture()))
        assert screen.app.button(key="photo-upload").disabled
        assert "choose their products below" in screen.words
        (box,) = [box for box in screen.app.selectbox if box.label == "Product of IMG_2044.jpg"]
        box.set_value("A105")
        screen.run()
        assert "A105, chosen by you" in screen.words
        screen.click("photo-upload")
        assert [one.keys for one in asked] == [["A105"]]

    def test_a_wrong_match_is_taken_back(self, full: Store, open_page: Open) -> None:
        screen = drop(open_page("photos"), ("A104.jpg", picture()))
        (key,) = [button.key for button in screen.app.button if str(button.key).startswith("photo-not-")]
        screen.click(key)
        assert "Choose the product that it shows." in screen.words
        assert screen.app.button(key="photo-upload").disabled

    def test_files_are_taken_away(self, full: Store, open_page: Open) -> None:
        screen = drop(open_page("photos"), ("A104.jpg", picture()))
        screen.click("photo-clear")
        assert not [button for button in screen.app.button if button.key == "photo-upload"]

    def test_on_a_product_s_own_page_the_name_does_not_count(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = drop(open_page("product", article="A105", source="webshop"), ("IMG_2044.jpg", picture()))
        assert screen.app.button(key="photo-upload").label == "Upload photos of 1 product"
        screen.click("photo-upload")
        assert [one.keys for one in asked] == [["A105"]]

    def test_who_may_no_longer_fix_keeps_and_starts_nothing(
        self, full: Store, config: Any, open_page: Open, asked: list[Any]
    ) -> None:
        screen = drop(open_page("photos"), ("A104.jpg", picture()))
        team = '\n[team]\nsign_in = true\n\n[team.people]\n"els@shop.be" = "admin"\n'
        config.write_text(config.read_text(encoding="utf-8") + team, encoding="utf-8")
        later = time.time() + 5
        os.utime(config, (later, later))
        screen.click("photo-upload")  # nobody signed in here, and now one has to
        assert asked == []
        with full.journal.engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(tables.fix_blobs)) == 0

    def test_a_read_only_shop_takes_no_files(self, full: Store, config: Any, open_page: Open) -> None:
        config.write_text(config.read_text(encoding="utf-8") + "read_only = true\n", encoding="utf-8")
        screen = open_page("photos")
        assert screen.app.file_uploader[0].proto.disabled
        assert "read_only" in screen.words


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = make_sandbox(size=200)
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(sandbox.write_settings(tmp_path / "keurmeester.toml")))
    return sandbox


def until(screen: Any, ready: Callable[[Any], bool], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready(screen.run()):
            return screen
    pytest.fail(f"still not there after {seconds} s:\n{screen.words}")


def test_a_photo_goes_to_the_shop_and_its_finding_closes(
    sandbox: Sandbox, make_store: Callable[..., Store], open_page: Open
) -> None:
    settings = load_settings()
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    keys = [key for key in store.findings(check=CHECK)["key"] if key.isalnum()][:2]
    before = sandbox.dump()

    screen = drop(open_page("photos"), *((f"{key}.jpg", picture()) for key in keys))
    screen.click("photo-upload")
    until(screen, lambda screen: any(button.key == "dialog-confirm" for button in screen.app.button))
    assert sandbox.dump() == before, "planning changes nothing"
    screen.click("dialog-confirm")
    until(screen, lambda screen: "2 pictures in the shop by now" in screen.words)

    assert store.findings(check=CHECK, key=keys).is_empty()
    there = [photo["WholesalerArticleNumber"] for photo in sandbox.dump()["photos"]]
    assert [there.count(key) for key in keys] == [1, 1]
    assert "All of them are in the shop." in screen.words
