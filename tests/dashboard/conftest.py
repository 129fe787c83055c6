"""Pages run in-process by AppTest, over a small shop in a real store: every fault once or twice, judged by the real
checks. No network.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from checks import jobs, people
from checks.frames import FRAMES, Collected, Drift, Frames
from checks.health import run_health_check
from checks.people import Person
from checks.rules import run_checks
from checks.sandbox import Sandbox
from checks.settings import CheckSettings, Settings, load_settings
from checks.store import Store

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"

SOURCE = "webshop"
NOW = datetime.now(UTC)

_SOUND: dict[str, Any] = {
    "active": True,
    "is_package": False,
    "brand_id": 1,
    "brand": "Devos",
    "category_ids": [11],
    "storage_condition_id": 1,
    "content_type": "G",
    "total_content": 500.0,
    "vat_percentage": 6,
    "unit_sales_price": "ST",
    "sales_price": 4.95,
    "suppliers": [],
    "unit_eans": [],
    "package_eans": [],
    "texts": [{"language": one, "name": "Naam", "description": "Tekst"} for one in ("nld", "fra")],
    "modified": NOW - timedelta(days=30),
}

#: Article number -> what differs from a sound product.
_PRODUCTS: dict[str, dict[str, Any]] = {
    "A100": {"name": "Aardbeienconfituur", "ean": "5400000000003"},  # became central, the very same
    "A101": {"name": "Abrikozenconfituur", "ean": "5400000000010"},  # became central, another content
    "A102": {
        "name": "Kersenconfituur",
        "ean": "5400000000027",
        "package_eans": ["5400000000034"],
    },  # by its carton
    "A103": {"name": "Frambozenconfituur", "ean": "5400000000041"},  # also linked
    "A104": {"name": "Pruimenconfituur", "ean": "5400000000058", "photo": False},
    "A105": {"name": "Vijgenconfituur", "ean": "5400000000065", "photo": False, "sales_price": 9.5},
    "A106": {"name": "Sinaasmarmelade", "ean": "5400000000072", "brand_id": 77777, "brand": "Weg"},
    "A107": {"name": "Citroenmarmelade", "ean": "5400000000089", "brand_id": 77777, "brand": "Weg"},
    "A108": {"name": "Speculoospasta", "ean": "5400000000096", "storage_condition_id": None},
    "A109": {"name": "Chocopasta", "ean": "5400000000102", "category_ids": [1]},
    "A110": {"name": "Honing", "ean": "5,40E+12"},
    "A111": {"name": "Kaas van de toog", "ean": "2100000000005"},
    "A112": {"name": "Stroop", "ean": "5400000000119"},
    "A113": {"name": "Stroop oud", "ean": "5400000000119"},
    "A#114": {"name": "Appelmoes", "ean": "5400000000126"},
    "A115": {"name": "Perenmoes", "ean": "5400000000133"},
}

_CENTRAL = {
    "5400000000003": {"name": "Aardbeienconfituur", "total_content": 500.0, "brand": "Devos"},
    "5400000000010": {"name": "Abrikozenconfituur", "total_content": 900.0, "brand": "Devos & Zn"},
    "5400000000034": {
        "name": "Kersenconfituur 6 x 500 g",
        "total_content": 3.0,
        "content_type": "KG",
        "brand": "Devos",
    },
}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=FRAMES[name].schema
    )


def shop_frames() -> dict[str, pl.DataFrame]:
    """Every frame of the shop."""
    products = [
        {**_SOUND, "article_number": key, "product_id": 1000 + n, **more}
        for n, (key, more) in enumerate(_PRODUCTS.items())
    ]
    central = [
        {**_SOUND, "product_id": 9000 + n, "ean": ean, **more}
        for n, (ean, more) in enumerate(_CENTRAL.items())
    ]
    photos = [
        {"photo_id": n, "article_number": row["article_number"], "photo_name": "p.jpg"}
        for n, row in enumerate(products)
        if row.get("photo", True)
    ]
    ordered = [("O1", 80.0, "2026-1"), ("O2", 30.0, "2026-2"), ("O3", 1.0, "2026-3")]
    return {
        "products": _frame("products", products),
        "linked_products": _frame(
            "linked_products", [{**_SOUND, "article_number": "L1", "ean": "5400000000041"}]
        ),
        "central_products": _frame("central_products", central),
        "central_eans": _frame("central_eans", [{"ean": ean} for ean in _CENTRAL]),
        "supplier_articles": _frame(
            "supplier_articles", [{"supplier_id": 1, "supplier": "Aldi", "article_code": "X"}]
        ),
        "photos": _frame("photos", photos),
        "categories": _frame(
            "categories", [{"id": 1, "name": "Beleg"}, {"id": 11, "name": "Confituur", "parent_id": 1}]
        ),
        "brands": _frame("brands", [{"id": 1, "name": "Devos"}]),
        "storage_conditions": _frame("storage_conditions", [{"id": 1, "name": "Droog"}]),
        "content_types": _frame("content_types", [{"abbreviation": one, "name": one} for one in ("G", "KG")]),
        "unit_sales_prices": _frame("unit_sales_prices", [{"abbreviation": "ST", "name": "stuk"}]),
        "multiplier_types": _frame("multiplier_types", [{"abbreviation": "KG", "name": "kilo"}]),
        "producers": _frame("producers", [{"id": 1, "name": "Devos NV"}]),
        "suppliers": _frame("suppliers", [{"id": 1, "name": "Aldi"}]),
        "orders": _frame(
            "orders",
            [
                {
                    "order_number": n,
                    "full_order_number": full,
                    "client_number": "K1",
                    "client_name": "Bistro Zon",
                    "ordered_at": NOW - timedelta(hours=hours),
                    "is_pickup": False,
                    "lines": 3,
                    "total": 120.5,
                    "order_lines": [_line("A105", 95.0), _line("A104", 20.55), _line("A115", 4.95)],
                }
                for n, (_, hours, full) in enumerate(ordered, start=1)
            ],
        ),
        "processed_orders": _frame(
            "processed_orders",
            [
                {
                    "order_number": 90,
                    "client_number": "K1",
                    "client_name": "Bistro Zon",
                    "ordered_at": NOW - timedelta(days=5),
                    "processed_at": NOW - timedelta(days=4),
                    "lines": 1,
                    "total": 990.0,
                    "order_lines": [_line("A106", 990.0)],
                }
            ],
        ),
        "client_segments": _frame("client_segments", [{"id": 1, "name": "Horeca"}]),
        "clients": _frame(
            "clients",
            [
                {
                    "client_number": "K1",
                    "name": "Bistro Zon",
                    "active": True,
                    "segment_id": 1,
                    "segment": "Horeca",
                }
            ],
        ),
        "client_locations": _frame("client_locations", [{"location_id": 1, "client_number": "K1"}]),
        "delivery_dates": _frame("delivery_dates", []),
        "users": _frame("users", [{"email": "chef@zon.be", "client_number": "K1", "active": True}]),
        "representatives": _frame("representatives", []),
        "client_prices": _frame(
            "client_prices", [{"article_number": "A106", "client_number": "K1", "sales_price": 4.5}]
        ),
        "order_lists": _frame("order_lists", [{"client_number": "K1", "article_number": "A115"}]),
        "deleted_central_products": _frame("deleted_central_products", []),
        "multiplicator_products": _frame("multiplicator_products", []),
        "category_chains": _frame("category_chains", [{"id": 11, "path": "Beleg > Confituur"}]),
        "error_logs": _frame("error_logs", []),
    }


def _line(article: str, total: float) -> dict[str, Any]:
    return {"article_number": article, "unit": "ST", "quantity": 1.0, "price": total, "total": total}


def failing(
    article: str = "A106",
    message: str = "Brand with id 77777 does not exist.",
    *,
    at: datetime = NOW - timedelta(hours=2),
    method: str = "PUT",
    url: str = "/api/Products",
    status: int | None = 400,
    field: str | None = "product.BrandId",
    body: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One row of the error log as it is collected; `row_id` and `log_id` are made of when and what it is about."""
    ident = f"{article}-{at:%m%d%H%M%S%f}-{method}-{len(message)}"
    sent = {"WholesalerArticleNumber": article, "BrandId": 77777} if body is None else body
    return {
        "row_id": ident,
        "log_id": ident,
        "at": at,
        "method": method,
        "url": url,
        "status_code": status,
        "message": message,
        "errors": [],
        "model_errors": [] if field is None else [{"field": field, "message": message}],
        "body": json.dumps(sent),
        **more,
    }


def error_log(*rows: dict[str, Any]) -> pl.DataFrame:
    """The frame of these rows."""
    return _frame("error_logs", list(rows))


def _of_the_run(collected: list[Collected]) -> dict[str, Collected]:
    """What the run says of its own collecting; sound whatever was missing, which has tests of its own."""
    rows = [
        {"frame": one.frame, "title": FRAMES[one.frame].title, "status": "ok", "rows": one.rows}
        for one in collected
    ]
    said = {"collection": _frame("collection", rows), "field_drift": _frame("field_drift", [])}
    return {name: Collected(SOURCE, name, "ok", data) for name, data in said.items()}


def health_check(
    store: Store,
    *,
    missing: Collection[str] = (),
    at: datetime = NOW,
    log_days: int = 30,
    **changed: pl.DataFrame,
) -> str:
    """One run over the shop: collected, judged, compared and stored.

    `missing` frames could not be collected; the error log is whole for the last `log_days`.
    """
    collected = [
        Collected(SOURCE, name, "failed", message="webshop: GET did not answer in 30 s.")
        if name in missing
        else Collected(
            SOURCE, name, "ok", data, requests=1, seconds=0.1, drift=_DRIFT if name == "brands" else ()
        )
        for name, data in {**shop_frames(), **changed}.items()
    ]
    run_id = store.begin_run("full", "night")
    for one in collected:
        if one.data is not None:
            store.save_snapshot(run_id, one)
    frames = {one.frame: one for one in collected} | _of_the_run(collected)
    frames["error_groups"] = _problems(store, frames["error_logs"], at, log_days, run_id)
    judged = run_checks(Frames(SOURCE, frames), CheckSettings(), at)
    status = "partial" if missing else "complete"
    store.finish_run(run_id, status, "full", None, collected, judged.results, judged.found, at)
    return run_id


def _problems(store: Store, log: Collected, at: datetime, days: int, run_id: str) -> Collected:
    """The problems of the error log after this run, as a health check gives them to the checks."""
    if log.data is None:
        return Collected(SOURCE, "error_groups", "failed", message=log.message)
    read = dataclasses.replace(log, since=at - timedelta(days=days), server_at=at, read_at=at)
    store.errors.absorb(SOURCE, read, at, run_id)
    return Collected(SOURCE, "error_groups", "ok", store.errors.standing(SOURCE))


_DRIFT = (Drift("Colour", "new", "String"),)


@dataclass
class Screen:
    """One page as a person reads it."""

    app: AppTest

    @property
    def words(self) -> str:
        """Everything it says, whatever the element."""
        plain = ("title", "header", "subheader", "markdown", "caption")
        alerts = ("warning", "error", "success", "info")
        said = [str(element.value) for kind in plain for element in getattr(self.app, kind)]
        said += [f"{alert.proto.title} {alert.value}" for kind in alerts for alert in getattr(self.app, kind)]
        return "\n".join(said).replace("\\", "")

    @property
    def links(self) -> list[str]:
        return [link.value.replace("\\", "") for link in self.app.page_link]

    def rows(self, at: int = 0) -> list[dict[str, Any]]:
        """The rows of a table."""
        return self.app.dataframe[at].value.to_dict("records")

    def tick(self, *rows: int, grid: str = "grid") -> Screen:
        """Selects exactly these rows of a table."""
        moves = f"{grid}:moves"
        if moves in self.app.session_state:  # a table whose selection was moved is another widget
            grid = f"{grid}-{self.app.session_state[moves]}"
        self.app.session_state[grid] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
        return self.run()

    def click(self, key: str) -> Screen:
        self.app.button(key=key).click()
        return self.run()

    def has(self, key: str) -> bool:
        """Is there a button of this key?"""
        return any(button.key == key for button in self.app.button)

    def until(self, ready: Callable[[Screen], bool], seconds: float = 60) -> Screen:
        """Runs the page again, as its timer does in a browser, until `ready`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if ready(self.run()):
                return self
        pytest.fail(f"still not there after {seconds} s:\n{self.words}")

    def run(self) -> Screen:
        self.app.run()
        assert not self.app.exception, self.app.exception[0].message
        return self


@pytest.fixture(autouse=True, scope="session")
def _packages_are_searched_once() -> Iterator[None]:
    """AppTest looks through all installed packages for components anew in each test, which takes longer than the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(autouse=True)
def _nothing_kept_between_tests() -> None:
    st.cache_resource.clear()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that the pages find, with one source nobody listens at."""
    monkeypatch.setenv("SHOP_PASSWORD", "secret")
    file = _settings_file(tmp_path)
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(file))
    return file


def _settings_file(folder: Path) -> Path:
    file = folder / "keurmeester.toml"
    file.write_text(
        "[store]\nurl = 'sqlite:///keurmeester.db'\nsnapshots = 'snapshots'\n\n"
        f"[[sources]]\nname = '{SOURCE}'\nsystem = 'oresto'\nbase_url = 'http://127.0.0.1:9/api'\nlogin = 'demo'\n"
        "password_env = 'SHOP_PASSWORD'\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture
def store(config: Path, make_store: Callable[..., Store]) -> Store:
    """A fresh store, before the first health check."""
    return make_store(load_settings(config))


@pytest.fixture(scope="session")
def prepare(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Store], object], Path], None]:
    """`prepare(kind, fill, folder)` puts a filled store into a folder; a kind is filled once, and copied from then on."""
    made: dict[str, Path] = {}

    def put(kind: str, fill: Callable[[Store], object], folder: Path) -> None:
        if kind not in made:
            fresh = tmp_path_factory.mktemp("prepared")
            settings = load_settings(_settings_file(fresh))
            with Store.open(settings.store.url, settings.store.snapshots) as store:
                fill(store)
            made[kind] = fresh
        shutil.copytree(made[kind], folder, dirs_exist_ok=True)

    return put


@pytest.fixture
def filled(
    config: Path, prepare: Callable[..., None], make_store: Callable[..., Store]
) -> Callable[[str, Callable[[Store], object]], Store]:
    """`filled("full", fill)`: a store of its own that is as `fill` leaves it, which is the same for all of a kind."""

    def opened(kind: str, fill: Callable[[Store], object]) -> Store:
        prepare(kind, fill, config.parent)
        return make_store(load_settings(config))

    return opened


def _two_days(store: Store, missing: Collection[str] = ()) -> None:
    health_check(store, at=NOW - timedelta(days=1))
    health_check(store, missing=missing)


@pytest.fixture
def full(filled: Callable[..., Store]) -> Store:
    """A store after two health checks, a day apart."""
    return filled("full", _two_days)


@pytest.fixture
def partial(filled: Callable[..., Store]) -> Store:
    """A store whose last health check could not collect the photos."""
    return filled("partial", lambda store: _two_days(store, ["photos"]))


@pytest.fixture
def check_shop(store: Store) -> Callable[..., str]:
    """Runs one more health check: `check_shop(photos=..., missing=["brands"])`."""
    return lambda **options: health_check(store, **options)


@pytest.fixture
def shop() -> Callable[[], dict[str, pl.DataFrame]]:
    """The frames of the small shop."""
    return shop_frames


@pytest.fixture
def open_page() -> Callable[..., Screen]:
    """Opens one page: `open_page("findings", check="missing-photo")`; keywords are the parameters of the URL."""

    def opened(name: str = "overview", **query: str | list[str]) -> Screen:
        app = AppTest.from_file(str(APP), default_timeout=30)
        if name != "overview":
            app.run()
            app.switch_page(f"app_pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return Screen(app).run()

    return opened


@pytest.fixture
def sound_shop(store: Store) -> Callable[[], str]:
    """A health check over the same shop without a single fault."""

    def checked() -> str:
        frames = shop_frames()
        sound = frames["products"].filter(pl.col("article_number") == "A115")
        numbers = [f"B{n}" for n in range(16)]
        codes = [
            "5400000001000",
            "5400000001017",
            "5400000001024",
            "5400000001031",
            "5400000001048",
            "5400000001055",
        ]
        many = pl.concat([sound] * 16).with_columns(
            article_number=pl.Series(numbers), ean=pl.Series([*codes, *[None] * 10], dtype=pl.String)
        )
        photos = pl.concat([frames["photos"].head(1)] * 16).with_columns(
            photo_id=pl.int_range(16, dtype=pl.Int64), article_number=pl.Series(numbers)
        )
        none = {name: frames[name].clear() for name in ("orders", "client_prices", "order_lists")}
        return health_check(store, products=many, photos=photos, **none)

    return checked


@dataclass
class Asked:
    """One plan that a page asked for."""

    check: str
    keys: list[str] | None
    source: str | None
    options: dict[str, str]
    each: dict[str, dict[str, str]]
    by: str
    safe_only: bool = False


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What pages ask to be planned, instead of planning it: there is no shop to ask. Who may not is refused as ever."""
    calls: list[Asked] = []

    def start_plan(
        settings: Settings,
        check: str,
        keys: Collection[str] | None,
        by: Person,
        source: str | None = None,
        options: dict[str, str] | None = None,
        each: dict[str, dict[str, str]] | None = None,
        safe_only: bool = False,
    ) -> jobs.Job:
        people.require(settings, by, "fixer", "plan fixes")
        wanted = None if keys is None else list(keys)
        calls.append(Asked(check, wanted, source, dict(options or {}), dict(each or {}), by.name, safe_only))
        return jobs.Job("not-begun", "plan", (), state="stopped")

    monkeypatch.setattr(jobs, "start_plan", start_plan)
    return calls


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A real shop over loopback, with settings that the pages find."""
    sandbox = make_sandbox(size=300)
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(sandbox.write_settings(tmp_path / "keurmeester.toml")))
    return sandbox


@pytest.fixture
def checked(sandbox: Sandbox, make_store: Callable[..., Store]) -> Store:
    """A store after a health check of that shop."""
    settings = load_settings()
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    return store
