"""A call that was taken for lost is carried out late, after it was sent again and others after it: nothing comes of that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from checks.errors import OutcomeUnknown, RequestRejected
from checks.fixes.shop import Shop
from checks.sources.request import Request
from tests.fixes.matrix import Bench, a_bench, ended
from tests.fixes.scenarios import DO, PRICES, UNDO

BY_ID = {scenario.id: scenario for scenario in (*DO, *UNDO)}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_bench(tmp_path_factory.mktemp("late")) as made:
        yield made


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    yield shared
    shared.spoil()


class Late:
    """Holds the first call of a route back, and lets it go just after the first call of another one."""

    def __init__(self, patch: pytest.MonkeyPatch, route: str, until: str) -> None:
        self._route, self._until, self._send = route, until, Shop.send
        self._held: list[Request] = []
        self.carried_out = 0
        patch.setattr(Shop, "send", lambda shop, request: self._sending(shop, request))

    def _sending(self, shop: Shop, request: Request) -> Any:
        line = f"{request.method} {request.path}"
        if line == self._route and not self._held:
            self._held.append(request)
            raise OutcomeUnknown("webshop", request.line, "no answer in time.")
        answer = self._send(shop, request)
        if line == self._until and self._held and not self.carried_out:
            self.carried_out += 1
            with suppress(RequestRejected):  # as a shop does that finds it there already
                self._send(shop, self._held[0])
        return answer


@pytest.mark.parametrize(
    ("fix", "late", "until", "outcome"),
    [
        # the late DELETE takes the new link, and its prices: the own product is made again
        ("link-central", "DELETE Products", "POST LinkProducts", "needs attention, then put back"),
        ("link-central", "DELETE Products", PRICES, "needs attention, then put back"),
        ("link-central", "POST LinkProducts", PRICES, "done"),
        ("link-central", PRICES, PRICES, "done"),
        ("delete-own", PRICES, "DELETE Products", "done"),
        ("delete-own", "DELETE Products", "DELETE Products", "done"),
        # the late DELETE takes the new own product, which is made once more
        ("unlink", "DELETE Products", "POST Products", "done"),
        ("unlink", "POST Products", PRICES, "done"),
        ("upload-photo", "POST ProductPhotos", "POST ProductPhotos", "done"),
        ("set-reference", "PUT Products", "PUT Products", "done"),
        ("edit-sales", "PUT Products/Sales", "PUT Products/Sales", "done"),
        ("delete-client-product", "DELETE ClientProducts", "DELETE ClientProducts", "done"),
        ("process-order", "PUT ClientOrders/ProcessOrders", "PUT ClientOrders/ProcessOrders", "done"),
        ("undo link-central", "POST Products", "POST ProductPhotos", "done"),
        # the last read-back finds the photo there twice
        ("undo link-central", "POST ProductPhotos", PRICES, "needs attention, then done"),
        ("undo upload-photo", "DELETE ProductPhotos", "DELETE ProductPhotos", "done"),
        ("undo delete-client-product", "POST ClientProducts", "POST ClientProducts", "done"),
    ],
)
def test_carried_out_late(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, fix: str, late: str, until: str, outcome: str
) -> None:
    scenario = BY_ID[fix]
    plan, status = bench.lay_out(scenario), bench.status()
    call = Late(monkeypatch, late, until)
    bench.apply(plan)
    assert call.carried_out == 1
    assert ended(bench, scenario, plan, status) == outcome
