"""Passwords, salts and tokens: in no frame, no message, no log, whatever the server answers."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from checks.errors import SourceError
from checks.frames import Collected
from checks.sandbox.calls import Answer
from checks.sandbox.easyflor.people import SECRET
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.sandbox.wire_faults import KINDS
from checks.settings_sources import EasyFlorSource
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.collect import decode

Make = Callable[..., EasyFlorSandbox]
SourceOf = Callable[..., EasyFlorSource]
Collect = Callable[..., Collected]

pytestmark = pytest.mark.usefixtures("two_tries")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was logged, by whomever, at any level that `checks.sources.http` lets through."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    return lambda: "\n".join(f"{one.getMessage()} {one.args} {one.exc_text}" for one in caplog.records)


def assert_clean(erp: EasyFlorSandbox, text: str) -> None:
    assert erp.api.doors.issued
    for secret in (SECRET, erp.password, *erp.api.doors.issued):
        assert secret not in text


def as_text(one: Collected) -> str:
    """Every value of the frame, and what is said of it."""
    assert one.data is not None
    return f"{one.data.to_dicts()}\n{one!r}"


def test_the_answers_hold_secrets() -> None:
    (row,) = [EasyFlorSandbox().api.books.rows[501]]
    user = row["Contacts"][0]["Users"][0]
    assert SECRET in user["Password"]
    assert SECRET in user["PasswordSalt"]


@pytest.mark.parametrize("way", ["token", "cookie"])
def test_no_secret_leaves_the_answer(
    make_erp: Make, collected: Collect, way: str, told: Callable[[], str]
) -> None:
    erp = make_erp()
    first = collected(erp, authentication=way)
    erp.change(501, Block=True)
    second = collected(erp, authentication=way, after=first)
    for one in (first, second):
        assert one.status == "ok"
        assert_clean(erp, as_text(one))
    assert_clean(erp, told())


@pytest.mark.parametrize("way", ["token", "cookie"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_in_what_is_said_of_a_fault(
    make_erp: Make, collected: Collect, way: str, kind: str, told: Callable[[], str]
) -> None:
    erp = make_erp()
    erp.faults.add("GET debtor", kind)
    assert_clean(erp, f"{collected(erp, authentication=way, timeout_seconds=1)!r}{told()}")


@pytest.mark.parametrize(
    "body", ['[{"Contacts": [{"Users": [{"Password": "geheim-1"', '{"Password": "geheim-1"}', '"geheim-1"']
)
def test_an_answer_that_cannot_be_read_is_not_quoted(
    make_erp: Make, source_of: SourceOf, body: str, told: Callable[[], str]
) -> None:
    erp = make_erp()
    erp.api._debtors = lambda *path: Answer(200, body.encode())  # type: ignore[method-assign]
    with (
        EasyFlorClient(source_of(erp)) as client,
        pytest.raises(SourceError, match="not the expected JSON") as raised,
    ):
        client.debtors(decode)
    assert_clean(erp, f"{raised.value}{raised.value!r}{told()}")
    assert raised.value.__cause__ is None


def test_values_of_the_wrong_type_are_not_quoted(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    erp.change(
        501, Contacts="geheim-1", Code=["geheim-2"], Block="geheim-3", ToInvoice={"Password": "geheim-4"}
    )
    one = collected(erp)
    assert set(one.unusable) == {"contacts", "users", "code", "blocked", "to_invoice"}
    assert_clean(erp, as_text(one))


def test_settings_and_client_do_not_show_the_password(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp()
    source = source_of(erp)
    with EasyFlorClient(source) as client:
        client.debtors(decode)
        assert_clean(erp, f"{source!r}{client!r}{client.http!r}{client.http.shared!r}{vars(client.http)}")
