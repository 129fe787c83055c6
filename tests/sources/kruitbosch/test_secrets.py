"""Password, session cookies and tokens: in no frame, no message, no log, whatever the server answers."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from checks.frames import Collected
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.wire_faults import KINDS
from checks.settings_sources import KruitboschSource
from checks.sources.kruitbosch.client import KruitboschClient
from checks.sources.kruitbosch.sign_in import CredentialsSession
from checks.sources.kruitbosch.system import SYSTEM

Make = Callable[..., KruitboschSandbox]
SourceOf = Callable[..., KruitboschSource]
Collect = Callable[..., dict[str, Collected]]

pytestmark = pytest.mark.usefixtures("two_tries")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was logged, by whomever, at any level that `checks.sources.http` lets through."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    return lambda: "\n".join(f"{one.getMessage()} {one.args} {one.exc_text}" for one in caplog.records)


def assert_clean(supplier: KruitboschSandbox, text: str) -> None:
    for secret in supplier.api.secrets():
        assert secret not in text


@pytest.mark.parametrize("bearer", [False, True], ids=["cookies", "bearer token"])
def test_no_secret_in_frames_and_log(
    make_supplier: Make, collected: Collect, told: Callable[[], str], bearer: bool
) -> None:
    supplier = make_supplier(bearer=bearer)
    frames = collected(supplier)
    assert len(supplier.api.secrets()) == 2, "the password and one session"
    for one in frames.values():
        assert one.data is not None
        assert_clean(supplier, f"{one.data.to_dicts()}\n{one!r}")
    log = told()
    assert "/Products" in log, "a log that holds nothing proves nothing"
    assert_clean(supplier, log)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", ["POST auth/credentials", "GET Products"])
def test_no_secret_in_what_is_said_of_a_fault(
    make_supplier: Make, collected: Collect, told: Callable[[], str], route: str, kind: str
) -> None:
    supplier = make_supplier()
    supplier.faults.add(route, kind)
    assert_clean(supplier, f"{collected(supplier, timeout_seconds=0.4)!r}{told()}")


def test_settings_client_and_session_do_not_show_the_password(
    make_supplier: Make, source_of: SourceOf
) -> None:
    supplier = make_supplier()
    source = source_of(supplier)
    session = CredentialsSession(source.login, source.secret())
    with KruitboschClient(source) as client:
        SYSTEM.reach(client)
        shown = f"{source!r}{session!r}{client!r}{client.http!r}{client.http.shared!r}"
    assert_clean(supplier, shown)
