"""One shop for the tests of all single fixes; each takes a product of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixes.conftest import World, make_one_world

FEW = 12


@pytest.fixture(scope="session")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_one_world(tmp_path_factory.mktemp("kinds"), size=250) as made:
        yield made


@pytest.fixture
def world(_shop: World) -> Iterator[World]:
    if len(_shop.untouched()) < FEW:  # one test takes no more
        _shop.start_over()
    yield _shop
    _shop.sandbox.faults.clear()
