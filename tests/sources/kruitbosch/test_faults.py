"""Every fault of the wire on every route of a run: the frame fails with its reason, or the next try succeeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checks.frames import Collected
from checks.sandbox.kruitbosch.api import ROUTES
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.wire_faults import KINDS

Collect = Callable[..., dict[str, Collected]]

pytestmark = pytest.mark.usefixtures("two_tries")

#: Route -> the frame that needs it, and the settings with which a run meets it.
OF_A_RUN = {
    "POST auth/credentials": ("catalogue", {}),
    "GET Products": ("catalogue", {}),
    "POST json/reply/Products": ("catalogue", {"bulk_reply": True}),
    "GET Customer/StocksAndPrices": ("catalogue", {}),
    "GET Products/Groups": ("catalogue_groups", {}),
}


def test_no_route_is_left_out() -> None:
    elsewhere = {
        "GET Products/*",
        "GET Products/Stocks",
        "GET Customer/*/StocksAndPrices",
        "GET media/images/*",
    }
    assert {*OF_A_RUN, *elsewhere} == set(ROUTES)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", OF_A_RUN)
def test_a_fault_that_stays_fails_the_frame(
    supplier: KruitboschSandbox, collected: Collect, route: str, kind: str
) -> None:
    frame, settings = OF_A_RUN[route]
    supplier.faults.add(route, kind)
    one = collected(supplier, timeout_seconds=0.3, **settings)[frame]
    assert (one.status, one.data) == ("failed", None)
    assert route.partition(" ")[2] in (one.message or "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", OF_A_RUN)
def test_a_fault_that_passes_changes_nothing(
    supplier: KruitboschSandbox, collected: Collect, route: str, kind: str
) -> None:
    frame, settings = OF_A_RUN[route]
    supplier.faults.add(route, kind, times=1)
    one = collected(supplier, timeout_seconds=0.3, **settings)[frame]
    assert one.status == "ok", one.message
    wanted = len(supplier.api.catalogue.articles) if frame == "catalogue" else 9
    assert one.rows == wanted
