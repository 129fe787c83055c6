"""One arrangement for each fix: what stands in the shop, which finding it repairs, and every write call it takes.

Used by the fault matrix, by the tests of undo and of the worker, and by those of the single fixes (`tests/fixes/kinds`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from PIL import Image

from checks.fixes import Plan, make_plan
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.photo_files import Prepared, prepare
from checks.sources.oresto import bodies
from tests.fixes.conftest import ANN, World

PRICES = "POST ClientProducts/Multiple/AddOrUpdate"
ONE_PRICE = "POST ClientProducts"


@dataclass(frozen=True)
class Arranged:
    """A finding with what a person chose for it. `field`, `value`: of the finding."""

    check: str
    key: str
    field: str | None = None
    value: str | None = None
    options: dict[str, str] = dataclasses.field(default_factory=dict)

    def report(self, world: World) -> None:
        """The health check finds it, if it is not open."""
        world.report(self.check, (self.key, self.field, self.value))

    def plan(self, world: World, **options: str) -> Plan:
        """The plan for it; `options` go before those that were arranged."""
        chosen = {self.key: self.options | options}
        return make_plan(world.store, world.settings, self.check, keys=[self.key], by=ANN, each=chosen)


@dataclass(frozen=True)
class Forced:
    """A fault that makes a fix turn back."""

    route: str
    after: int = 0
    times: int | None = None


@dataclass(frozen=True)
class Step:
    """One write call: its route, how many calls of that route come before it, and what has to fail to get there."""

    route: str
    after: int = 0
    forced: Forced | None = None

    @property
    def name(self) -> str:
        """For a test's id and the table."""
        which = f" {self.after + 1}" if self.after else ""
        back = f" (after {self.forced.route} was refused)" if self.forced else ""
        return f"{self.route}{which}{back}"


@dataclass(frozen=True)
class Scenario:
    """A fix, or the undo of one, with every call that it makes forward; `back`: those of its way back, or of another way."""

    id: str
    arrange: Callable[[World], Arranged]
    forward: tuple[Step, ...]
    back: tuple[Step, ...] = ()
    undoes: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.forward, *self.back)


def picture(shade: int = 0, size: int = 400) -> Prepared:
    """A real JPEG; another `shade` is another picture."""
    data = BytesIO()
    Image.new("RGB", (size, size), (shade % 256, 90, 160)).save(data, "JPEG")
    return prepare(f"photo {shade}.jpg", data.getvalue())


def link_central(world: World) -> Arranged:
    """With a promotion, sales texts, two photos and two client prices."""
    return Arranged("own-became-central", world.rich())


def own_beside_link(world: World) -> Arranged:
    """Own and linked; three client prices, two of which the linked article lacks."""
    key = world.rich()
    own = world.sandbox.dump()["own"][key]
    third = sorted({row["ClientNumber"] for row in world.rows("Clients")})[-1]
    linked = _linked_as(key)
    link = {
        "EanCode": own["EanCode"],
        "WholesalerArticleNumber": linked,
        "Active": True,
        "OnOrder": False,
        "UnitSalesPrice": own["UnitSalesPrice"]["Abbreviation"],
        "SalesPriceList": 9.95,
    }
    world.write(
        bodies.create_linked(link),
        bodies.add_client_price(_price(linked, third, 8.25)),
        bodies.add_client_price(_price(key, third, 7.5)),
    )
    return Arranged("own-and-linked", key)


def _linked_as(key: str) -> str:
    return f"{key}-L"


def link_to_deleted(world: World, keep: str = "own") -> Arranged:
    """Linked with a promotion, sales texts and two client prices; then its central product was deleted."""
    key = world.rich()
    with world.client() as client:
        own = client.own_product(key)
    assert own is not None
    prices = [row for row in world.rows("ClientProducts") if row["WholesalerArticleNumber"] == key]
    world.sandbox.remove(key)
    world.write(
        bodies.create_linked(bodies.link_body(own, {"EanCode": own["EanCode"]})),
        *(bodies.add_client_price(bodies.client_price_body(row)) for row in prices),
    )
    world.sandbox.delete_central(own["EanCode"])
    return Arranged("linked-central-deleted", key, options={"keep": keep})


def link_to_let_go(world: World) -> Arranged:
    return link_to_deleted(world, "nothing")


def no_photo(world: World) -> Arranged:
    """Two photos were given for it, one of them for one language."""
    key = world.rich()
    photos = [row for row in world.rows("ProductPhotos") if row["WholesalerArticleNumber"] == key]
    world.write(*(bodies.delete_photo(key, row["PhotoId"]) for row in photos))
    given = [(picture(1), None), (picture(2), "fra")]
    return Arranged("missing-photo", key, options=as_option(world.store, given))


#: What an own product has that no page of the guide describes.
EXTRA = {"Allergens": "milk", "Origin": {"Country": "BE"}}


def no_producer(world: World) -> Arranged:
    """A reference that may be empty, so that emptying it again is possible."""
    key = world.rich()
    world.sandbox.change(key, {"ProducerId": None, "Extra": EXTRA})
    chosen = world.rows("Producers")[0]["Id"]
    return Arranged("missing-reference", key, "producer", options={"producer": str(chosen)})


def no_french_name(world: World) -> Arranged:
    key = world.rich()
    texts = [{"LanguageCode": "nld", "Name": "Kaas", "Description": "Jong"}]
    world.sandbox.change(key, {"Localizations": texts, "Extra": EXTRA})
    return Arranged("text-missing", key, "fra", options={"name_fra": "Fromage"})


def no_price(world: World) -> Arranged:
    key = world.rich()
    world.sandbox.change(key, SalesPriceList=None, Active=True)
    return Arranged("price-missing", key, options={"price": "9,95"})


def price_like_the_list(world: World) -> Arranged:
    """One of its two client prices equals the list price."""
    key = world.rich()
    row = next(row for row in world.rows("ClientProducts") if row["WholesalerArticleNumber"] == key)
    world.sandbox.change(key, SalesPriceList=row["SalesPriceList"], SalesPriceListPromo=None)
    value = str(row["SalesPriceList"])
    return Arranged("client-product-same-price", f"{key}|{row['ClientNumber']}", "price", value)


def unknown_on_order_list(world: World) -> Arranged:
    """An article that was deleted is still on a client's order list."""
    key = world.rich()
    client = min(row["ClientNumber"] for row in world.rows("Clients"))
    world.write(bodies.add_order_list_item(client, key))
    world.sandbox.remove(key)
    return Arranged("order-list-unknown-article", f"{client}|{key}")


def waiting_order(world: World) -> Arranged:
    """The oldest order that waits and whose client exists."""
    clients = {row["ClientNumber"] for row in world.rows("Clients")}
    waiting = [row for row in world.waiting() if row["Client"]["ClientNumber"] in clients]
    return Arranged("order-unprocessed", str(min(row["OrderNumber"] for row in waiting)))


def _price(article: str, client: str, price: float) -> dict[str, Any]:
    return {
        "WholesalerArticleNumber": article,
        "ClientNumber": client,
        "IsExlusive": False,
        "SalesPriceList": price,
    }


def back_after(forced: Forced, *steps: Step) -> tuple[Step, ...]:
    return tuple(replace(step, forced=forced) for step in steps)


#: Where all together are refused, each is set alone.
_ONE_BY_ONE = back_after(Forced(PRICES), Step(ONE_PRICE), Step(ONE_PRICE, 1))

_PUT_BACK = (
    Step("POST Products"),
    Step("POST ProductPhotos"),
    Step("POST ProductPhotos", 1),
)

DO = (
    Scenario(
        "link-central",
        link_central,
        (Step("DELETE Products"), Step("POST LinkProducts"), Step(PRICES)),
        (
            *back_after(Forced("POST LinkProducts"), *_PUT_BACK, Step(PRICES)),
            # together, then the first one alone
            *back_after(
                Forced("POST ClientProducts*", times=2),
                Step("DELETE Products", 1),
                Step("POST Products"),
                Step(PRICES, 1),
            ),
            *_ONE_BY_ONE,
        ),
    ),
    Scenario(
        "delete-own",
        own_beside_link,
        (Step(PRICES), Step("DELETE Products")),
        (
            *back_after(
                Forced("DELETE Products"), Step("DELETE ClientProducts"), Step("DELETE ClientProducts", 1)
            ),
            *_ONE_BY_ONE,
        ),
    ),
    Scenario(
        "unlink",
        link_to_deleted,
        (Step("DELETE Products"), Step("POST Products"), Step(PRICES)),
        (
            *back_after(
                Forced("POST Products", times=1),
                Step("POST LinkProducts"),
                Step("POST Products", 1),
                Step(PRICES),
            ),
            *_ONE_BY_ONE,
        ),
    ),
    Scenario("unlink, nothing kept", link_to_let_go, (Step("DELETE Products"),)),
    Scenario(
        "upload-photo",
        no_photo,
        (Step("POST ProductPhotos"), Step("POST ProductPhotos", 1)),
        back_after(Forced("POST ProductPhotos", 1), Step("DELETE ProductPhotos")),
    ),
    Scenario("set-reference", no_producer, (Step("PUT Products"),)),
    Scenario("edit-product", no_french_name, (Step("PUT Products"),)),
    Scenario("edit-sales", no_price, (Step("PUT Products/Sales"),)),
    Scenario("delete-client-product", price_like_the_list, (Step("DELETE ClientProducts"),)),
    Scenario("delete-order-list-item", unknown_on_order_list, (Step("DELETE Clients/OrderListItems"),)),
    Scenario("process-order", waiting_order, (Step("PUT ClientOrders/ProcessOrders"),)),
)

UNDO = (
    Scenario(
        "undo link-central",
        link_central,
        (Step("DELETE Products"), *_PUT_BACK, Step(PRICES)),
        (
            *back_after(Forced("POST Products"), Step("POST LinkProducts"), Step(PRICES)),
            *back_after(
                Forced("POST ProductPhotos", 1), Step("DELETE Products", 1), Step("POST LinkProducts")
            ),
        ),
        undoes=True,
    ),
    Scenario(
        "undo delete-own",
        own_beside_link,
        (
            *_PUT_BACK,
            Step(PRICES),
            Step("DELETE ClientProducts"),
            Step("DELETE ClientProducts", 1),
        ),
        back_after(Forced("DELETE ClientProducts", 1), Step(PRICES, 1), Step("DELETE Products")),
        undoes=True,
    ),
    Scenario(
        "undo upload-photo",
        no_photo,
        (Step("DELETE ProductPhotos"), Step("DELETE ProductPhotos", 1)),
        back_after(Forced("DELETE ProductPhotos", 1), Step("POST ProductPhotos")),
        undoes=True,
    ),
    Scenario("undo set-reference", no_producer, (Step("PUT Products"),), undoes=True),
    Scenario("undo edit-product", no_french_name, (Step("PUT Products"),), undoes=True),
    Scenario("undo edit-sales", no_price, (Step("PUT Products/Sales"),), undoes=True),
    Scenario("undo delete-client-product", price_like_the_list, (Step(ONE_PRICE),), undoes=True),
)
