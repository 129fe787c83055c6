"""Reads are retried, writes never blindly; what came back is told in one line without secrets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from checks.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ReadOnlySource,
    RequestRejected,
    ServerFault,
    SourceError,
    Unreachable,
    UnreadableAnswer,
)
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.sources.oresto.client import OrestoClient, Request
from checks.sources.pacing import Spacing, spacing_of

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]


@pytest.fixture
def sandbox(make_sandbox: MakeSandbox) -> Sandbox:
    return make_sandbox(size=100)


@contextmanager
def connected(settings: Settings) -> Iterator[OrestoClient]:
    with OrestoClient(settings.sources[0]) as client:
        yield client


@pytest.fixture
def client(sandbox: Sandbox, make_settings: MakeSettings) -> Iterator[OrestoClient]:
    with connected(make_settings(sandbox, timeout_seconds=0.5)) as client:
        yield client


@pytest.mark.parametrize(
    "kind", ["error-500", "html", "html-200", "429", "reset", "hang", "half", "errors-200"]
)
def test_a_read_survives_a_passing_fault(sandbox: Sandbox, client: OrestoClient, kind: str) -> None:
    sandbox.faults.add("GET Brands", kind, times=1)
    assert client.rows("Brands")
    assert client.requests == 2


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        ("error-500", ServerFault, "HTTP 500"),
        ("html", ServerFault, "HTTP 502"),
        ("html-200", UnreadableAnswer, "a web page instead of data"),
        ("429", ServerFault, "overloaded"),
        ("reset", Unreachable, "the server is down"),
        ("hang", Unreachable, "no answer in time"),
        ("half", Unreachable, "broke off"),
        ("errors-200", RequestRejected, "the server reports"),
    ],
)
def test_a_read_that_never_succeeds_says_what_came_back(
    sandbox: Sandbox, client: OrestoClient, kind: str, error: type[SourceError], told: str
) -> None:
    sandbox.faults.add("GET Brands", kind)
    with pytest.raises(error, match=told) as raised:
        client.rows("Brands")
    assert "GET Brands" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "<" not in str(raised.value)


def test_wrong_credentials_are_tried_once_and_spare_the_login(
    sandbox: Sandbox, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG_PASSWORD", "not-the-password")
    settings = make_settings(sandbox, password=None, password_env="WRONG_PASSWORD")
    with connected(settings) as client:
        for path in ("Brands", "Producers"):
            with pytest.raises(CredentialsRefused, match="Check login and password") as raised:
                client.rows(path)
            assert "not-the-password" not in str(raised.value)
        assert client.requests == 1


def test_a_server_that_is_down_is_tried_to_the_end_once(
    sandbox: Sandbox, make_settings: MakeSettings
) -> None:
    settings = make_settings(sandbox, base_url="http://127.0.0.1:9/api")
    with connected(settings) as client:
        for path in ("Brands", "Producers"):
            with pytest.raises(Unreachable, match="Check base_url and the network"):
                client.rows(path)
        assert client.requests == 5


WRITE = Request("DELETE", "Products", {"WholesalerArticleNumber": "NO-SUCH"})


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("error-500", OutcomeUnknown),
        ("html", OutcomeUnknown),
        ("html-200", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("hang", OutcomeUnknown),
        ("half", OutcomeUnknown),
        ("reset-after", OutcomeUnknown),
        ("error-500-after", OutcomeUnknown),
        ("429", ServerFault),
        ("errors-200", RequestRejected),
    ],
)
def test_a_write_is_sent_once_whatever_happens(
    sandbox: Sandbox, client: OrestoClient, kind: str, error: type[SourceError]
) -> None:
    sandbox.faults.add("DELETE Products", kind)
    with pytest.raises(error):
        client.send(WRITE)
    assert client.requests == 1


def test_a_refused_write_tells_the_servers_reason(client: OrestoClient) -> None:
    with pytest.raises(RequestRejected) as raised:
        client.send(Request("POST", "ProductPhotos", body={"WholesalerArticleNumber": "NO-SUCH"}))
    assert raised.value.reasons


def test_a_read_only_source_gets_no_write(sandbox: Sandbox, make_settings: MakeSettings) -> None:
    with connected(make_settings(sandbox, read_only=True)) as client:
        with pytest.raises(ReadOnlySource, match="read_only = true"):
            client.send(WRITE)
        assert client.requests == 0


def test_pictures_come_from_the_sources_own_host_only(client: OrestoClient) -> None:
    for address in ("http://localhost:1/a.jpg", "https://cdn.example/a.jpg", "//cdn.example/a.jpg"):
        with pytest.raises(RequestRejected, match="on another host"):
            client.picture(address)
    assert client.requests == 0


def test_a_picture_is_read_back(client: OrestoClient) -> None:
    photo = client.rows("ProductPhotos")[0]
    assert len(client.picture(photo["PhotoUrl"])) > 100


def test_secrets_in_an_answer_are_masked(client: OrestoClient, sandbox: Sandbox) -> None:
    assert sandbox.password not in client.http.one_line(f"<b>login demo:{sandbox.password} failed</b>")


def test_an_absent_product_is_none(client: OrestoClient) -> None:
    assert client.own_product("NO-SUCH") is None
    assert client.central_product("4006381333931") is None


def test_requests_keep_to_the_rate_limit() -> None:
    """Three at once at ten a second: each begins a tenth after the one before it."""
    slept: list[float] = []
    spacing = Spacing(10, clock=lambda: 100.0, sleep=slept.append)
    for _ in range(3):
        spacing.wait()
    assert slept == pytest.approx([0.0, 0.1, 0.2])


def test_all_connections_to_a_source_share_its_rate(sandbox: Sandbox, make_settings: MakeSettings) -> None:
    """Two at once, and one after a reconnect: none of them gets a rate of its own."""
    settings = make_settings(sandbox, requests_per_second=20)
    began, before = time.monotonic(), len(sandbox.log)
    with connected(settings) as one, connected(settings) as other:
        for client in (one, other, one):
            client.rows("Brands")
    with connected(settings) as again:
        again.rows("Brands")
    took, made = time.monotonic() - began, len(sandbox.log) - before
    assert made >= 4
    assert took > (made - 1) / 20 * 0.99
    assert spacing_of("webshop", 20) is not spacing_of("other", 20)
    assert spacing_of("webshop", 20) is not spacing_of("webshop", 21)


def test_every_request_of_a_source_waits_for_its_turn(
    sandbox: Sandbox, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[Spacing] = []
    monkeypatch.setattr(Spacing, "wait", lambda spacing: waited.append(spacing))
    settings = make_settings(sandbox, requests_per_second=5)
    with connected(settings) as client:
        for _ in range(3):
            client.counted().rows("Brands")
        client.send(
            Request("DELETE", "Products", {"WholesalerArticleNumber": next(iter(sandbox.dump()["own"]))})
        )
    assert len(waited) == 4
    assert len(set(map(id, waited))) == 1
