"""What tests of several rooms share: the sandbox over real HTTP, settings for it, a store, the real data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from checks import jobs
from checks.sandbox import Sandbox
from checks.settings import Settings, load_settings
from checks.store import Store

hypothesis.settings.register_profile("keurmeester", deadline=None)  # a busy machine is no defect
hypothesis.settings.load_profile("keurmeester")

# a process that a test starts says where it was, should it crash
os.environ.setdefault("PYTHONFAULTHANDLER", "1")

ROOT = Path(__file__).resolve().parent.parent

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _nothing_goes_on_after_its_test() -> Iterator[None]:
    """A page that a test opened looks after unfinished fixes every minute; not in the middle of another test."""
    yield
    jobs.stop_settling()


@pytest.fixture
def make_sandbox() -> Iterator[MakeSandbox]:
    """Starts sandboxes that end with the test: `make_sandbox(size=200, page_cap=10)`."""
    with ExitStack() as running:

        def make(**options: Any) -> Sandbox:
            return running.enter_context(Sandbox(**{"size": 200, "seed": 7, **options}))

        yield make


@pytest.fixture
def make_settings(tmp_path: Path) -> MakeSettings:
    """Settings for a sandbox, from a real file: `make_settings(sandbox, timeout_seconds=1)`."""

    def make(sandbox: Sandbox, **of_source: Any) -> Settings:
        file = tmp_path / "keurmeester.toml"
        file.touch(mode=0o600)
        file.write_text(sandbox.settings_toml(), encoding="utf-8")
        settings = load_settings(file)
        changed = [source.model_copy(update=of_source) for source in settings.sources]
        return settings.model_copy(update={"sources": changed})

    return make


@pytest.fixture
def make_store() -> Iterator[Callable[[Settings], Store]]:
    """Opens stores that are closed with the test."""
    with ExitStack() as opened:

        def make(settings: Settings) -> Store:
            store = Store.open(settings.store.url, settings.store.snapshots)
            opened.callback(store.close)
            return store

        yield make


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real products beside the checkout; skips where it is absent."""
    folder = Path(os.environ.get("KEURMEESTER_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "products_nl_be.parquet").is_file():
        pytest.skip("the real products (../shared/data, or $KEURMEESTER_SHARED_DATA) are not on this machine")
    return folder
