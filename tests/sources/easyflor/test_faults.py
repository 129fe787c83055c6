"""Every fault of the wire on every route: the frame fails with its reason, or the next try succeeds; never an empty frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import stamina

from checks.errors import SourceError
from checks.frames import Collected
from checks.sandbox.easyflor.api import ROUTES
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.sandbox.wire_faults import KINDS
from checks.settings_sources import EasyFlorSource
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.collect import decode

Make = Callable[..., EasyFlorSandbox]
SourceOf = Callable[..., EasyFlorSource]
Collect = Callable[..., Collected]

pytestmark = pytest.mark.usefixtures("two_tries")

#: Route -> the way in with which a run meets it.
OF_A_RUN = {"POST authorizationtoken": "token", "POST authorization": "cookie", "GET debtor": "token"}


def patience(kind: str) -> float:
    """Seconds: as short as a busy machine allows where the server never answers."""
    return 1 if kind.startswith("hang") else 10


def test_no_route_is_left_out() -> None:
    elsewhere = {"GET debtorsincedate/*", "GET debtor/*", "POST unauthorization"}
    assert {*OF_A_RUN, *elsewhere} == set(ROUTES)


@pytest.fixture
def erp(make_erp: Make) -> EasyFlorSandbox:
    return make_erp()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", OF_A_RUN)
def test_a_fault_that_stays_fails_the_frame(
    erp: EasyFlorSandbox, collected: Collect, route: str, kind: str
) -> None:
    erp.faults.add(route, kind)
    one = collected(erp, authentication=OF_A_RUN[route], timeout_seconds=patience(kind))
    assert (one.status, one.data) == ("failed", None)
    assert (one.message or "").startswith(route.replace("GET debtor", "GET debtor:").split(":")[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", OF_A_RUN)
def test_a_fault_that_passes_changes_nothing(
    erp: EasyFlorSandbox, collected: Collect, route: str, kind: str
) -> None:
    # half of an answer without a body is a whole one: the connection may then break at the second try as well
    stamina.set_testing(True, attempts=3)
    erp.faults.add(route, kind, times=1)
    one = collected(erp, authentication=OF_A_RUN[route], timeout_seconds=patience(kind))
    assert one.status == "ok", one.message
    assert one.rows == len(erp.api.books.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_changes_that_do_not_come_fail_the_frame(erp: EasyFlorSandbox, collected: Collect, kind: str) -> None:
    first = collected(erp)
    erp.faults.add("GET debtorsincedate/*", kind)
    one = collected(erp, after=first, timeout_seconds=patience(kind), now=erp.now() + timedelta(hours=1))
    assert (one.status, one.data) == ("failed", None)
    assert "GET debtorsincedate/" in (one.message or "")


@pytest.mark.parametrize("kind", KINDS)
def test_changes_that_come_at_the_second_try_are_all_there(
    erp: EasyFlorSandbox, collected: Collect, kind: str
) -> None:
    first = collected(erp)
    erp.change(501, Block=True)
    erp.faults.add("GET debtorsincedate/*", kind, times=1)
    one = collected(erp, after=first, timeout_seconds=patience(kind))
    assert (one.status, one.mode, one.rows) == ("ok", "changes", first.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_one_debtor_that_does_not_come_is_not_absent(
    erp: EasyFlorSandbox, source_of: SourceOf, kind: str
) -> None:
    erp.faults.add("GET debtor/*", kind)
    with EasyFlorClient(source_of(erp, timeout_seconds=patience(kind))) as client, pytest.raises(SourceError):
        client.debtor(501, decode)


@pytest.mark.parametrize("kind", KINDS)
def test_a_logout_that_fails_harms_nobody(erp: EasyFlorSandbox, collected: Collect, kind: str) -> None:
    erp.faults.add("POST unauthorization", kind)
    assert collected(erp, authentication="cookie", timeout_seconds=patience(kind)).status == "ok"
