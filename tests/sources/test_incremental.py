"""Collecting by changes over real HTTP: what an ordinary night costs, and what makes a frame whole by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import stamina

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.settings import Settings
from checks.sources.oresto import collect_assortment
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect import COLLECTORS, DAILY
from checks.sources.oresto.collecting import Task
from checks.sources.request import Request
from checks.sources.task import Doubt, Known
from tests.collected import collect

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]

PRODUCTS = ("products", "linked_products", "central_products", "deleted_central_products")


class Past:
    """What one run left, as a store would remember it."""

    def __init__(self, run: dict[str, Collected]) -> None:
        self.known = {
            name: Known(one.data, "before", one.read_at, one.full_at, one.drift)
            for name, one in run.items()
            if one.data is not None
        }

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | Doubt | None:
        return {name: self.known[name] for name in frames} if set(frames) <= set(self.known) else None

    def last_read(self, frame: str) -> datetime | None:
        return self.known[frame].read_at if frame in self.known else None

    def data(self, frame: str) -> pl.DataFrame:
        return self.known[frame].data

    def set(self, frame: str, data: pl.DataFrame) -> None:
        known = self.known[frame]
        self.known[frame] = Known(data, "before", known.read_at, known.full_at)


class Night:
    """One sandbox, seen by runs one after the other."""

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.sandbox, self.settings = sandbox, settings
        self.past = Past(self.run())

    def run(self, past: Past | None = None, **options: Any) -> dict[str, Collected]:
        with OrestoClient(self.settings.sources[0]) as client:
            given = {"now": self.sandbox.now(), "progress": Progress(), **options}
            return {one.frame: one for one in collect(client, past=past, **given)}

    def again(self, **options: Any) -> dict[str, Collected]:
        return self.run(self.past, **options)

    def asked(self, path: str) -> list[dict[str, str]]:
        return [params for _, asked, params, _ in self.sandbox.log if asked == path]


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    with Sandbox(size=150) as sandbox:
        yield sandbox


@pytest.fixture
def night(server: Sandbox, make_settings: MakeSettings) -> Night:
    server.reset()
    found = Night(server, make_settings(server))
    server.log.clear()
    return found


@pytest.fixture
def _asked_once() -> Iterator[None]:
    """A request that fails is not asked again."""
    stamina.set_testing(True)
    yield
    stamina.set_testing(False)


def whole(one: Collected) -> str:
    """Why the frame was read whole."""
    assert one.status == "ok", one.message
    assert one.mode == "full"
    return one.message or ""


def row(one: Collected, number: str) -> dict[str, Any]:
    assert one.data is not None
    return one.data.row(by_predicate=pl.col("article_number") == number, named=True)


class TestAnOrdinaryNight:
    def test_nothing_changed_and_nothing_is_read_again(self, night: Night) -> None:
        found = night.again()
        whole_lists = {name for name, one in found.items() if one.mode == "full"}
        assert not whole_lists & {*PRODUCTS, *DAILY, "photos", "central_eans", "supplier_articles"}
        for name in (*PRODUCTS, "photos"):
            assert found[name].mode == "carried"
            assert found[name].carried_from == "before"
            assert found[name].requests <= 5
            assert found[name].expected == (None if name == "photos" else found[name].rows)
        assert found["central_eans"].requests == found["supplier_articles"].requests == 0

    def test_with_one_connection_too(self, night: Night) -> None:
        source = night.settings.sources[0].model_copy(update={"max_connections": 1})
        night.settings = night.settings.model_copy(update={"sources": [source]})
        assert {one.status for one in night.again().values()} == {"ok"}

    def test_a_change_a_birth_and_a_death(self, night: Night) -> None:
        first, second = night.past.data("products")["article_number"][:2]
        night.sandbox.change(first, SalesPriceList=7.77)
        night.sandbox.remove(second)
        night.sandbox.live_a_day(1, ["own-created"])
        products = night.again()["products"]
        assert products.mode == "changes"
        assert row(products, first)["sales_price"] == 7.77
        assert set(products.data["article_number"]) == set(night.sandbox.dump()["own"])
        assert products.expected == products.rows == 150

    def test_lookup_tables_are_read_once_a_belgian_day(self, night: Night) -> None:
        evening = datetime(2026, 7, 1, 21, 59, tzinfo=UTC)
        night.past = Past(night.run(now=evening, names=DAILY))
        assert {one.requests for one in night.again(now=evening, names=DAILY).values()} == {0}
        tomorrow = night.again(now=evening + timedelta(minutes=2), names=DAILY)  # midnight in Belgium
        assert {one.mode for one in tomorrow.values()} == {"full"}

    def test_bytes_are_counted_as_they_come_over_the_wire(self, night: Night) -> None:
        before = night.sandbox.traffic()["GET Brands"]
        found = night.run(names=["brands"])["brands"]
        after = night.sandbox.traffic()["GET Brands"]
        assert found.bytes == after["wire"] - before["wire"] < after["bytes"] - before["bytes"]

    def test_a_carried_table_keeps_the_moment_it_was_read(self, night: Night) -> None:
        found = night.again(names=["brands"])["brands"]
        assert found.read_at == night.past.known["brands"].read_at
        assert night.again(names=["central_products"])["central_products"].read_at != found.read_at


class TestWhatShowsOthers:
    def pair(self, night: Night) -> tuple[str, str]:
        """A unit and its carton, both own."""
        packed = night.past.data("products").explode("unit_eans").drop_nulls(["unit_eans"])
        units = night.past.data("products").select(unit="article_number", unit_eans="ean")
        found = packed.join(units, on="unit_eans").row(0, named=True)
        return found["unit"], found["article_number"]

    def test_the_carton_shows_its_units_new_code(self, night: Night) -> None:
        unit, carton = self.pair(night)
        night.sandbox.change(unit, EanCode="5499999999990")
        assert "5499999999990" in row(night.again()["products"], carton)["unit_eans"]
        assert {"WholesalerArticleNumber": carton} in night.asked("Products/GetByWholesalerArticleNumber")

    def test_more_than_the_limit_is_read_whole(self, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(collect_assortment, "most_rereads", lambda *_: 0)
        unit, carton = self.pair(night)
        night.sandbox.change(unit, EanCode="5499999999990")
        found = night.again()["products"]
        assert "1 products show what belongs to others" in whole(found)
        assert "5499999999990" in row(found, carton)["unit_eans"]

    def test_linked_products_follow_their_central_product(self, night: Night) -> None:
        told = night.sandbox.live_a_day(5, ["central-changed"] * 20)
        found = night.again()
        assert told
        assert found["linked_products"].mode == "changes"
        now = night.run(names=["linked_products"])["linked_products"].data
        assert now is not None
        assert found["linked_products"].data.sort("article_number").equals(now.sort("article_number"))

    def test_the_code_lists_are_read_when_a_central_product_changed(self, night: Night) -> None:
        night.sandbox.live_a_day(5, ["central-added"])
        found = night.again()
        assert found["central_eans"].mode == found["supplier_articles"].mode == "full"
        assert found["central_eans"].rows == len(found["central_products"].data["ean"].drop_nulls())

    def test_a_unit_shows_the_new_code_of_its_carton_that_is_deleted(self, night: Night) -> None:
        shop = night.sandbox.shop
        carton = next(row for row in shop.live_central if row.is_package)
        shop.set_central(carton, deleted=True)
        night.past = Past(night.run())
        shop.set_central(carton, ean="5499999999990")
        found = night.again(names=["central_products"])["central_products"]
        assert found.mode == "changes"
        [unit] = found.data.filter(pl.col("product_id") == carton.other_id).to_dicts()
        assert unit["package_ean"] == "5499999999990"

    def test_deleted_and_restored_central_products(self, night: Night) -> None:
        night.sandbox.live_a_day(5, ["central-deleted", "central-deleted", "central-restored"])
        found = night.again()
        for name in ("central_products", "deleted_central_products"):
            assert found[name].mode == "changes"
            assert found[name].expected == found[name].rows
        live, gone = (
            found["central_products"].data["product_id"],
            found["deleted_central_products"].data["product_id"],
        )
        assert not set(live) & set(gone)


@pytest.mark.usefixtures("_asked_once")
class TestDoubt:
    """A frame that may have missed something is read whole, and says why."""

    def test_a_number_that_nobody_knows(self, night: Night) -> None:
        oldest = night.past.data("products").sort("modified")
        night.past.set("products", oldest[1:])
        found = night.again()["products"]
        assert f"{oldest['article_number'][0]} is in the list of article numbers" in whole(found)
        assert found.rows == 150

    def test_a_count_that_does_not_match(self, night: Night) -> None:
        night.past.set("central_products", night.past.data("central_products").sort("modified")[3:])
        found = night.again()["central_products"]
        assert f"the server counts {found.rows}." in whole(found)
        assert found.rows == found.expected

    def test_a_list_of_numbers_that_was_cut_short(self, night: Night) -> None:
        rows = night.past.data("products")
        more = rows.with_columns(article_number=pl.format("X{}", "article_number"))
        night.past.set("products", pl.concat([rows, more]))
        assert "150 of 300 products are gone" in whole(night.again()["products"])

    def test_time_that_goes_backwards(self, night: Night) -> None:
        newest = night.past.data("products").sort("modified")["article_number"][-1]
        night.sandbox.change(newest, LastModified="2020-01-01T00:00:00Z")
        assert f"{newest} was modified at" in whole(night.again()["products"])

    def test_a_field_that_is_new(
        self, night: Night, make_settings: MakeSettings, make_sandbox: MakeSandbox
    ) -> None:
        drifting = make_sandbox(size=150, drift=True)
        night.settings = make_settings(drifting)
        found = night.again()["products"]
        assert "DepositAmount is new" in whole(found)
        assert "vat_percentage" in found.unusable

    def test_a_server_that_refuses_the_date(self, night: Night) -> None:
        night.sandbox.faults.add("GET Products", "errors-200", match="ModifiedDate")
        assert "the changes could not be read (GET Products page 1: the server reports" in whole(
            night.again()["products"]
        )

    def test_without_its_list_of_numbers_a_frame_is_whole_and_uncounted(self, night: Night) -> None:
        night.sandbox.faults.add("GET Products/GetWholesalerArticleNumbers", "error-500")
        found = night.again()["products"]
        assert "Whether all came in is not known" in whole(found)
        assert found.rows == 150
        assert found.expected is None

    def test_own_products_without_the_linked_ones(self, night: Night) -> None:
        night.sandbox.faults.add("GET LinkProducts*", "error-500")
        found = night.again()
        assert found["linked_products"].status == "failed"
        assert "others that could not be collected (Linked products)" in whole(found["products"])

    def test_linked_products_without_the_central_ones(self, night: Night) -> None:
        night.sandbox.faults.add("GET CentralProducts*", "error-500")
        found = night.again()
        assert found["central_eans"].status == "failed"
        assert "(Central products, Deleted central products)" in whole(found["linked_products"])
        assert found["products"].mode == "carried"

    def test_own_products_when_the_linked_ones_fail_late(self, night: Night) -> None:
        night.sandbox.faults.add("GET CentralProducts*", "error-500")
        night.sandbox.faults.add(
            "GET LinkProducts", "error-500", after=2
        )  # the changes come, the whole list does not
        found = night.again()
        assert found["linked_products"].status == "failed"
        assert "(Linked products)" in whole(found["products"])

    def test_rows_that_are_listed_and_never_come(self, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
        route = ("GET", "products/getwholesalerarticlenumbers")
        monkeypatch.setitem(ROUTES, route, with_more(ROUTES[route], "GHOST1", "GHOST2"))
        found = night.run()["products"]
        assert "The server lists 2 more that were not received, e.g. GHOST1." in (found.message or "")
        assert (found.rows, found.expected) == (150, 152)


def with_more(handler: Callable[..., Any], *numbers: str) -> Callable[..., Any]:
    def answer(desk: Any, call: Any) -> Any:
        reply = handler(desk, call)
        [name] = reply.payload
        reply.payload[name] = [*reply.payload[name], *numbers]
        return reply

    return answer


class TestPhotos:
    def test_a_product_that_got_its_first_photo_makes_the_list_whole(self, night: Night) -> None:
        photos = night.past.data("photos")
        bare = set(night.past.data("products")["article_number"]) - set(photos["article_number"])
        with OrestoClient(night.settings.sources[0]) as client:
            body = {"WholesalerArticleNumber": min(bare), "PhotoName": "a.jpg", "Photo": "QEA="}
            client.send(Request("POST", "ProductPhotos", {}, body))
        found = night.again()["photos"]
        assert found.mode == "full"
        assert found.rows == photos.height + 1

    def test_the_photos_of_a_deleted_product_go(self, night: Night) -> None:
        number = night.past.data("photos")["article_number"][0]
        night.sandbox.remove(number)
        found = night.again()["photos"]
        assert found.mode == "changes"
        assert number not in set(found.data["article_number"])

    def test_a_server_that_gives_all_photos_whatever_it_is_asked(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handler = ROUTES["GET", "productphotos"]

        def all_of_them(desk: Any, call: Any) -> Any:
            call._lower.pop("hasphotos", None)
            return handler(desk, call)

        monkeypatch.setitem(ROUTES, ("GET", "productphotos"), all_of_them)
        found = night.again()["photos"]
        assert (found.mode, found.requests) == ("full", 1)
        assert found.data.sort("photo_id").equals(night.past.data("photos").sort("photo_id"))


class TestNeeds:
    """A collector may ask for another frame of the same run."""

    def run(
        self, night: Night, monkeypatch: pytest.MonkeyPatch, collector: Callable[[Task], pl.DataFrame]
    ) -> Collected:
        monkeypatch.setitem(COLLECTORS, "photos", collector)
        return night.again(names=["brands", "products", "photos"])["photos"]

    def test_it_waits_for_it(self, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
        def collector(task: Task) -> pl.DataFrame:
            assert task.needs("products").height == 150
            assert task.previous_of("products") is not None
            return task.carry()

        assert self.run(night, monkeypatch, collector).status == "ok"

    def test_what_failed_is_named(self, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
        night.sandbox.faults.add("GET Clients", "html-200")
        monkeypatch.setitem(COLLECTORS, "users", lambda task: task.needs("clients"))
        found = night.again(names=["clients", "users"])["users"]
        assert found.status == "failed"
        assert "needs Clients, which could not be collected: GET Clients: a web page" in (found.message or "")

    def test_one_that_starts_later_cannot_be_waited_for(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(COLLECTORS, "clients", lambda task: task.needs("users"))
        with pytest.raises(ValueError, match="put users before it in the collectors"):
            night.again(names=["clients", "users"])

    def test_one_that_is_not_asked_for_is_missing(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = self.run(night, monkeypatch, lambda task: task.needs("central_eans"))
        assert "it is not collected in this run" in (found.message or "")
