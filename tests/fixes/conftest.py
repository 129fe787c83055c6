"""A shop with own products that became central, each with photos, a promotion, sales texts and client prices."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.findings import FOUND, CheckResult, fingerprint
from checks.fixes import CLASSES, FIXES, Pace, Plan, apply_plan, make_plan
from checks.people import Person
from checks.sandbox import Sandbox
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.settings import Settings, load_settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.bodies import delete_photo
from checks.sources.oresto.client import OrestoClient, Request
from checks.store import Store

ANN = Person("ann", "admin", "local")
BOB = Person("bob", "admin", "local")

CHECK = "own-became-central"
SOURCE = "webshop"

#: Waits next to nothing; a fix left running may be taken over at once.
QUICK = Pace(
    attempts=3,
    reads=2,
    first_wait=0.01,
    longest_wait=0.02,
    beat=0.05,
    sleep=lambda seconds: time.sleep(min(seconds, 0.02)),
)
AFTER_A_CRASH = Pace(
    attempts=3, reads=2, first_wait=0.01, longest_wait=0.02, stale_after=timedelta(seconds=-1)
)


@dataclass
class World:
    """A sandbox, a store that knows its findings, and products nobody has fixed yet."""

    sandbox: Sandbox
    settings: Settings
    store: Store
    fresh: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    spare: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    @property
    def source(self) -> OrestoSource:
        return self.settings.sources[0]

    @property
    def log(self) -> list[tuple[str, str]]:
        """The writes so far: method and path."""
        return [
            (str(one[0]), str(one[1]).removeprefix("/api/")) for one in self.sandbox.log if one[0] != "GET"
        ]

    def set_source(self, **values: Any) -> None:
        """Changes settings of the source from now on: `set_source(read_only=True)`."""
        changed = self.source.model_copy(update=values)
        self.settings = self.settings.model_copy(update={"sources": [changed]})

    def client(self) -> OrestoClient:
        return OrestoClient(self.source)

    def enrich(self, count: int) -> list[str]:
        """Makes `count` own products with everything that hangs on one, and puts their articles into the central database."""
        return self._enrich(self._plain_products()[:count])

    def rich(self) -> str:
        """One such product, with these photos only, which no test has touched and nobody has ordered."""
        key = self.untouched()[0]
        self.taken.add(key)
        photos = [row for row in self.rows("ProductPhotos") if row["WholesalerArticleNumber"] == key]
        self.write(*(delete_photo(key, row["PhotoId"]) for row in photos))
        self._enrich([key])
        self.fresh.remove(key)
        return key

    def untouched(self) -> list[str]:
        """Products that no test has touched and nobody has ordered."""
        if not self.spare:
            ordered = {line["WholesalerArticleNumber"] for row in self.waiting() for line in row["Products"]}
            self.spare = [key for key in self._plain_products() if key not in ordered]
        return [key for key in self.spare if key not in self.taken]

    def _enrich(self, chosen: list[str]) -> list[str]:
        clients = sorted({row["client_number"] for row in self.sandbox.dump()["client_products"]})[:2]
        with self.client() as client:
            for key in chosen:
                for request in _extras(key, clients):
                    client.send(request)
                self.sandbox.make_central(key)
        self.fresh += chosen
        return chosen

    def write(self, *requests: Request) -> None:
        """What a person does in the shop meanwhile."""
        with self.client() as client:
            for request in requests:
                client.send(request)

    def rows(self, path: str, **params: str) -> list[dict[str, Any]]:
        with self.client() as client:
            return client.rows(path, params)

    def waiting(self) -> list[dict[str, Any]]:
        with self.client() as client:
            return list(client.orders("false"))

    def _plain_products(self) -> list[str]:
        """Own products that nothing is wrong with and that stand alone."""
        suspect = {key for found in self.sandbox.truth().values() for key, _ in found}
        state = self.sandbox.dump()
        priced = {row["article_number"] for row in state["client_products"]}
        return [
            key
            for key, own in state["own"].items()
            if key not in suspect | priced | set(self.fresh)
            and own["EanCode"]
            and not (own["UnitProducts"] or own["PackageProducts"] or own["IsPackageProduct"])
        ]

    def take(self) -> str:
        """A product that no test has touched."""
        return self.fresh.pop(0)

    def find(self, *keys: str, check: str = CHECK) -> None:
        """A health check in which `check` finds these and everything found before."""
        self.found |= set(keys)
        row = {
            "check": check,
            "severity": "error",
            "source": SOURCE,
            "entity": "product",
            "fix": "link-central",
        }
        rows = [{**row, "key": key, "message": "Its own EAN is central."} for key in sorted(self.found)]
        self._run([CheckResult(check, SOURCE, "failed", len(keys))], pl.DataFrame(rows, schema=FOUND))

    def report(self, check: str, *found: tuple[str, str | None, str | None]) -> None:
        """A health check in which `check` finds exactly these: key, field and value."""
        rows = [
            {
                "check": check,
                "severity": "error",
                "source": SOURCE,
                "entity": "product",
                "key": key,
                "field": field,
                "value": value,
                "message": "It is so.",
            }
            for key, field, value in found
        ]
        self._run([CheckResult(check, SOURCE, "failed", len(rows))], pl.DataFrame(rows, schema=FOUND))

    def start_over(self) -> None:
        """The sandbox as it was at first; a health check finds nothing of what was found before."""
        self.sandbox.reset()
        self.fresh.clear()
        self.taken.clear()
        self.spare.clear()
        checks = [check for fix in FIXES.values() for check in fix.checks]
        self._run([CheckResult(check, SOURCE, "passed", 0) for check in checks], pl.DataFrame(schema=FOUND))

    def _run(self, results: list[CheckResult], found: pl.DataFrame) -> None:
        run_id = self.store.begin_run("full", "tests")
        self.store.finish_run(run_id, "complete", "full", None, [], results, found, datetime.now(UTC))

    def plan(self, *keys: str) -> Plan:
        return make_plan(self.store, self.settings, CHECK, keys=keys or None, by=ANN)

    def apply(self, plan: Plan, pace: Pace = QUICK) -> list[dict[str, Any]]:
        return apply_plan(self.store, self.settings, plan.id, by=ANN, classes=CLASSES, pace=pace)

    def steps(self, fix: dict[str, Any]) -> list[dict[str, Any]]:
        return self.store.journal.steps(fix["id"])

    def status(self, key: str, check: str = CHECK, field: str | None = None) -> str:
        """The status of the product's finding."""
        return str(
            self.store.findings(ids=fingerprint(check, SOURCE, key, field), status="all")["status"].item()
        )

    def events(self, key: str) -> list[str]:
        return self.store.events(fingerprint(CHECK, SOURCE, key, None))["event"].to_list()


#: How a product is sold: the same on the own product and on its link.
SOLD = (
    "Active",
    "OnOrder",
    "OrderQuantity",
    "PromoValidFromUtc",
    "PromoValidUntilUtc",
    "SalesPriceList",
    "SalesPriceListPromo",
    "TemporarilyUnavailable",
    "UnitSalesPrice",
    "WholesalerProductLocalizations",
)


def linked_only(before: dict[str, Any], after: dict[str, Any], *keys: str) -> None:
    """Asserts that exactly these products were linked, are sold as before, and that nothing else moved."""
    for key in keys:
        own, linked = before["own"][key], after["linked"][key]
        assert {name: linked[name] for name in SOLD} == {name: own[name] for name in SOLD}
    assert after["own"] == {key: row for key, row in before["own"].items() if key not in keys}
    assert {key: row for key, row in after["linked"].items() if key not in keys} == before["linked"]
    assert after["photos"] == [row for row in before["photos"] if row["WholesalerArticleNumber"] not in keys]
    for part in ("client_products", "orders", "order_lists"):
        assert after[part] == before[part]


def _extras(key: str, clients: list[str]) -> Iterator[Request]:
    for name, language in (("front", None), ("back", "nld")):
        picture = base64.b64encode(draw_photo(f"{name} of {key}")).decode()
        body: dict[str, Any] = {"WholesalerArticleNumber": key, "Photo": picture, "PhotoName": f"{name}.jpg"}
        yield Request("POST", "ProductPhotos", {}, body | ({"LanguageCode": language} if language else {}))
    for client, price in zip(clients, (3.5, 4.25), strict=True):
        body = {
            "WholesalerArticleNumber": key,
            "ClientNumber": client,
            "IsExlusive": price > 4,
            "SalesPriceList": price,
        }
        yield Request("POST", "ClientProducts", {}, body)
    yield Request(
        "PUT",
        "Products/Sales",
        {},
        {
            "WholesalerArticleNumber": key,
            "OnOrder": True,
            "SalesPriceList": 9.95,
            "SalesPriceListPromo": 8.5,
            "PromoValidFrom": "2026-01-05T00:00:00+01:00",
            "PromoValidUntil": "2026-07-31T00:00:00+02:00",
            "WholesalerProductLocalizations": [
                {"LanguageCode": "nld", "PromoDescription": "Actie", "Information": None},
                {"LanguageCode": "fra", "PromoDescription": "Action", "Information": "Bientôt là"},
            ],
        },
    )


@contextmanager
def make_one_world(
    folder: Path, size: int = 250, variant: dict[str, Any] | None = None, url: str | None = None
) -> Iterator[World]:
    """A sandbox of so many own products and a store beside it, or at `url`; nothing is found yet."""
    with Sandbox(size=size, seed=7, **(variant or {})) as sandbox:
        options = {} if url is None else {"store": url}
        settings = load_settings(sandbox.write_settings(folder / "keurmeester.toml", **options))
        with Store.open(settings.store.url, settings.store.snapshots) as store:
            yield World(sandbox, settings, store)


@contextmanager
def _world(
    folder: Path, products: int, variant: dict[str, Any] | None = None, **of_source: Any
) -> Iterator[World]:
    with make_one_world(folder, variant=variant) as world:
        world.find(*world.enrich(products))
        world.set_source(**of_source)
        yield world


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes worlds of one test: `make_world(products=3, variant={"photo_urls": False}, timeout_seconds=0.5)`."""
    with ExitStack() as opened:

        def make(products: int = 1, variant: dict[str, Any] | None = None, **of_source: Any) -> World:
            return opened.enter_context(_world(tmp_path, products, variant, **of_source))

        yield make


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for a file of tests; each takes products of its own."""
    with _world(tmp_path_factory.mktemp("world"), products=90, timeout_seconds=0.4) as made:
        yield made


@pytest.fixture
def key(world: World) -> Iterator[str]:
    """A product that no test has touched; afterwards the wire is without faults."""
    yield world.take()
    world.sandbox.faults.clear()


@pytest.fixture
def only_linked() -> Callable[..., None]:
    return linked_only


@pytest.fixture
def quick() -> Pace:
    return QUICK


@pytest.fixture
def after_a_crash() -> Pace:
    return AFTER_A_CRASH
