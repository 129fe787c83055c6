"""Faults of the wire on the routes that a run does not meet: an error with its reason, or the next try succeeds."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from checks.errors import SourceError
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.wire_faults import KINDS
from checks.settings_sources import KruitboschSource
from checks.sources.kruitbosch.client import KruitboschClient, ProductsQuery

SourceOf = Callable[..., KruitboschSource]

pytestmark = pytest.mark.usefixtures("two_tries")

#: Routes that a run does not meet -> how the client asks them.
ELSEWHERE: dict[str, Callable[[KruitboschClient], object]] = {
    "GET Products/*": lambda client: client.products(ProductsQuery(ids=("KB-100003",)), bytes_of),
    "GET Products/Stocks": lambda client: client.stocks(bytes_of),
    "GET Customer/*/StocksAndPrices": lambda client: client.stocks_and_prices(bytes_of, "C17"),
    "GET media/images/*": lambda client: client.http.fetch(
        f"{client.source.base_url}/media/images/kb-100003.jpg", "picture", an_image
    ),
}


def bytes_of(raw: msgspec.Raw) -> bytes:
    return bytes(raw)


def an_image(data: bytes) -> None:
    """Raises ValueError for what is none."""
    if not data.startswith((b"\x89PNG", b"\xff\xd8")):
        raise ValueError("no picture")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", ELSEWHERE)
def test_what_does_not_come_is_not_empty(
    supplier: KruitboschSandbox, source_of: SourceOf, route: str, kind: str
) -> None:
    supplier.faults.add(route, kind)
    with (
        KruitboschClient(source_of(supplier, timeout_seconds=0.4)) as client,
        pytest.raises(SourceError),
    ):
        ELSEWHERE[route](client)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", ELSEWHERE)
def test_what_comes_at_the_second_try_is_there(
    supplier: KruitboschSandbox, source_of: SourceOf, route: str, kind: str
) -> None:
    supplier.faults.add(route, kind, times=1)
    with KruitboschClient(source_of(supplier, timeout_seconds=0.4)) as client:
        assert ELSEWHERE[route](client)
