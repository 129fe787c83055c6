"""Pictures of suppliers: which are offered, and from where, of what kind and how large they may be fetched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from PIL import Image

from checks import supplier_photos
from checks.errors import NotFound, RequestRejected, SettingsError, UnreadableAnswer
from checks.frames import FRAMES
from checks.settings import Settings
from checks.supplier_photos import OFFERS, Supplier, fetch, offers

PIECE = "5400000000003"
Row = dict[str, Any]


def picture(size: tuple[int, int] = (300, 300), kind: str = "JPEG") -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "red").save(target, kind)
    return target.getvalue()


class Host:
    """A host with files, that notes what it is asked."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.asked: list[tuple[str, str | None]] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append((self.path, self.headers.get("Authorization")))
                status, data, headers = host.files.get(self.path, (404, b"", {}))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def make_host() -> Iterator[Callable[[], Host]]:
    hosts: list[Host] = []

    def make() -> Host:
        hosts.append(Host())
        return hosts[-1]

    yield make
    for one in hosts:
        one.end()


@pytest.fixture
def host(make_host: Callable[[], Host]) -> Host:
    return make_host()


def settings(url: str = "http://127.0.0.1:9", **more: Any) -> Settings:
    usual = {"base_url": f"{url}/api", "login": "buyer", "password": "s3cret"}
    ib = {"system": "ib", "name": "ib", "companies": ["one"], **usual, **more}
    return Settings.model_validate({"sources": [{"system": "oresto", "name": "shop", **usual}, ib]})


class TestOffers:
    """Which pictures there are."""

    def frames(self, products: list[Row], articles: list[Row]) -> Callable[[str, str], pl.DataFrame | None]:
        made = {
            ("shop", "products"): pl.DataFrame(products, schema=FRAMES["products"].schema, orient="row"),
            ("ib", "catalogue"): pl.DataFrame(articles, schema=FRAMES["catalogue"].schema, orient="row"),
        }
        return lambda source, name: made.get((source, name))

    def article(self, key: str, *urls: str | None, **more: Any) -> Row:
        images = [{"name": f"{key}.jpg", "url": url, "width": 800} for url in urls]
        return {"article_key": key, "name": "Garnalen", "ean": PIECE, "images": images, **more}

    def test_one_row_a_picture_the_surest_match_first(self) -> None:
        products = [{"article_number": "A1", "ean": PIECE}]
        articles = [
            self.article("n", "https://x/n", ean=None, match_code="A1"),
            self.article("g", None, "https://x/g1", "https://x/g2"),
            self.article("other", "https://x/o", ean="8710000000008"),
        ]
        found = offers(settings(), "shop", self.frames(products, articles))
        assert found.schema == OFFERS
        assert found.select("article_number", "supplier", "article_key", "by", "url").rows() == [
            ("A1", "ib", "g", "gtin", "https://x/g1"),
            ("A1", "ib", "g", "gtin", "https://x/g2"),
            ("A1", "ib", "n", "article_number", "https://x/n"),
        ]

    def test_articles_without_pictures_and_what_was_never_read_offer_nothing(self) -> None:
        nothing = self.frames(
            [{"article_number": "A1", "ean": PIECE}], [self.article("g"), self.article("h", None)]
        )
        assert offers(settings(), "shop", nothing).is_empty()
        assert offers(settings(), "shop", lambda *which: None).is_empty()


class TestFetch:
    """What a person asked for."""

    def test_from_the_suppliers_own_host_with_its_login(self, host: Host) -> None:
        host.files["/media/7.jpg"] = (200, picture(), {})
        assert fetch(settings(host.url), "ib", "one|7", f"{host.url}/media/7.jpg") == picture()
        ((_, login),) = host.asked
        assert str(login).startswith("Basic ")

    def test_from_a_host_of_the_settings_without_any_login(self, make_host: Callable[[], Host]) -> None:
        own, images = make_host(), make_host()
        images.files["/7.jpg"] = (200, picture(), {})
        allowed = settings(own.url, image_hosts=["127.0.0.1"])
        assert fetch(allowed, "ib", "one|7", f"{images.url}/7.jpg") == picture()
        assert (images.asked, own.asked) == ([("/7.jpg", None)], [])

    def test_from_nowhere_else(self, make_host: Callable[[], Host]) -> None:
        own, foreign = make_host(), make_host()
        foreign.files["/7.jpg"] = (200, picture(), {})
        for url in (
            f"{foreign.url}/7.jpg",
            "http://localhost:1/7.jpg",
            "file:///etc/passwd",
            "ftp://x/7.jpg",
        ):
            with pytest.raises(RequestRejected, match=r"ib: picture of article one\|7: .*Not fetched"):
                fetch(settings(own.url), "ib", "one|7", url)
        assert (own.asked, foreign.asked) == ([], [])

    def test_nor_by_a_redirect(self, make_host: Callable[[], Host]) -> None:
        own, foreign = make_host(), make_host()
        foreign.files["/7.jpg"] = (200, picture(), {})
        own.files["/7.jpg"] = (302, b"", {"Location": f"{foreign.url}/7.jpg"})
        with pytest.raises(Exception, match=r"ib: picture of article one\|7"):
            fetch(settings(own.url), "ib", "one|7", f"{own.url}/7.jpg")
        assert foreign.asked == []

    @pytest.mark.parametrize("data", [b"<html>log in</html>", b"%PDF-1.7", b"<svg/>", b"", picture()[:40]])
    def test_only_pictures_by_their_bytes(self, host: Host, data: bytes) -> None:
        host.files["/7.jpg"] = (200, data, {"Content-Type": "image/jpeg"})
        with pytest.raises(UnreadableAnswer, match="picture of article") as error:
            fetch(settings(host.url), "ib", "one|7", f"{host.url}/7.jpg")
        assert "what came is no picture" in str(error.value)
        assert len(host.asked) == 1

    def test_not_more_than_the_limit(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supplier_photos, "MOST_BYTES", 500)
        host.files["/7.jpg"] = (200, picture(), {})
        with pytest.raises(RequestRejected, match="larger than"):
            fetch(settings(host.url), "ib", "one|7", f"{host.url}/7.jpg")
        assert len(host.asked) == 1

    def test_one_that_is_gone(self, host: Host) -> None:
        with pytest.raises(NotFound):
            fetch(settings(host.url), "ib", "one|7", f"{host.url}/7.jpg")

    def test_made_ready_for_the_shop(self, host: Host) -> None:
        host.files["/7.webp"] = (200, picture(kind="WEBP"), {})
        host.files["/small"] = (200, picture((90, 90)), {})
        with Supplier(settings(host.url), "ib") as supplier:
            made = supplier.picture("one|7", f"{host.url}/7.webp", "folder/garnalen.webp")
            assert (made.name, made.format) == ("garnalen.jpg", "JPEG")
            with pytest.raises(RequestRejected, match="It is too small"):
                supplier.picture("one|7", f"{host.url}/small", "small.jpg")

    def test_a_shop_is_no_supplier(self) -> None:
        with pytest.raises(SettingsError, match="shop is no supplier"):
            Supplier(settings(), "shop")
