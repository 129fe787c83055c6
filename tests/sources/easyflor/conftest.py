"""EasyFlor over real HTTP on loopback, and what is collected of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
import stamina

from checks.frames import Collected
from checks.sandbox.easyflor.server import DATABASE, EasyFlorSandbox
from checks.settings_sources import EasyFlorSource
from checks.sources.collecting import collect_frames
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.system import SYSTEM
from checks.sources.task import Doubt, Known


class LastTime:
    """The last snapshot of the debtors, for a run that builds on it."""

    def __init__(self, one: Collected) -> None:
        assert one.data is not None
        self.known = Known(one.data, "run-1", one.read_at, one.full_at, one.drift)

    def together(self, frames: tuple[str, ...]) -> Mapping[str, Known] | Doubt | None:
        return dict.fromkeys(frames, self.known)

    def last_read(self, frame: str) -> datetime | None:
        return self.known.read_at


@pytest.fixture
def make_erp() -> Iterator[Callable[..., EasyFlorSandbox]]:
    """Starts stand-ins that end with the test: `make_erp(token_minutes=5)`."""
    with ExitStack() as running:

        def make(**options: Any) -> EasyFlorSandbox:
            return running.enter_context(EasyFlorSandbox(**options))

        yield make


@pytest.fixture
def source_of() -> Callable[..., EasyFlorSource]:
    """The settings for a stand-in: `source_of(erp, limited=["debtors"])`."""

    def make(erp: EasyFlorSandbox, **more: Any) -> EasyFlorSource:
        usual = {"base_url": erp.base_url, "login": erp.login, "password": erp.password}
        named = {"system": "easyflor", "name": "erp", "database": DATABASE}
        return EasyFlorSource.model_validate({**named, **usual, **more})

    return make


@pytest.fixture
def collected(source_of: Callable[..., EasyFlorSource]) -> Callable[..., Collected]:
    """What one run makes of the debtors: `collected(erp, after=first)` builds on another."""

    def run(
        erp: EasyFlorSandbox, *, after: Collected | None = None, now: datetime | None = None, **more: Any
    ) -> Collected:
        with EasyFlorClient(source_of(erp, **more)) as client:
            past = LastTime(after) if after is not None else None
            (one,) = collect_frames(SYSTEM, client, past=past, now=now or erp.now())
            return one

    return run


@pytest.fixture
def two_tries() -> Iterator[None]:
    """A read is tried twice, without a pause."""
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)
