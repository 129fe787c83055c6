"""Kruitbosch over real HTTP on loopback, and what is collected of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import stamina

from checks.frames import Collected
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.settings_sources import KruitboschSource
from checks.sources.collecting import collect_frames
from checks.sources.kruitbosch.client import KruitboschClient
from checks.sources.kruitbosch.system import SYSTEM


@pytest.fixture
def two_tries() -> Iterator[None]:
    """A read is tried twice, without a pause between: what stays wrong is told soon."""
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def make_supplier() -> Iterator[Callable[..., KruitboschSandbox]]:
    """Starts stand-ins that end with the test."""
    with ExitStack() as running:

        def make(**options: Any) -> KruitboschSandbox:
            return running.enter_context(KruitboschSandbox(**options))

        yield make


@pytest.fixture
def supplier(make_supplier: Callable[..., KruitboschSandbox]) -> KruitboschSandbox:
    return make_supplier()


def source_of(supplier: KruitboschSandbox, **more: Any) -> KruitboschSource:
    usual = {"base_url": supplier.base_url, "login": supplier.login, "password": supplier.password}
    return KruitboschSource.model_validate({"system": "kruitbosch", "name": "kb", **usual, **more})


@pytest.fixture(name="source_of")
def _source_of() -> Callable[..., KruitboschSource]:
    return source_of


@pytest.fixture
def collected() -> Callable[..., dict[str, Collected]]:
    """All frames of a stand-in: `collected(supplier, timeout_seconds=0.3)["catalogue"]`."""

    def collect(supplier: KruitboschSandbox, **more: Any) -> dict[str, Collected]:
        with KruitboschClient(source_of(supplier, **more)) as client:
            return {one.frame: one for one in collect_frames(SYSTEM, client, now=datetime.now(UTC))}

    return collect
