"""Pages run in-process by AppTest, over a small shop in a real store: every fault once or twice, judged by the real
checks. No network.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from checks import jobs, people
from checks.health import run_health_check
from checks.people import Person
from checks.sandbox import Sandbox
from checks.settings import Settings, load_settings
from checks.store import Store
from tests.dashboard import beside
from tests.dashboard.screen import APP, Screen
from tests.dashboard.shop import NOW, SOURCE, health_check, shop_frames


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


@pytest.fixture
def four(config: Path, make_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with all four sources in the settings, before the first health check. Nobody listens at any of them."""
    monkeypatch.setattr(
        jobs, "start_settling", lambda settings: None
    )  # it would pick up what was left for later
    beside.add_sources(config)
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
