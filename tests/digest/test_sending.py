"""The digest is sent: what arrives, what is refused and why, and never a secret in it."""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from checks.digest import addresses, send
from checks.digest.model import Gap, News
from checks.digest.words import in_brief, subject
from checks.errors import SettingsError
from checks.settings import Settings
from tests.digest.conftest import DAY1, DAY2, URL, Mailbox


def test_a_mail_server_that_is_not_there_is_told_without_secrets(
    told: Any, settings: Settings, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = f"mailto://login:geheim%40woord@127.0.0.1:{port}?from=a@shop.example&to=an@shop.example"
    (one,) = send(told, settings, [secret]).deliveries
    assert not one.sent
    assert one.to == "mailto://127.0.0.1"
    assert one.reason is not None
    assert "Connection refused" in one.reason
    out, err = capfd.readouterr()
    for shown in (out, err, one.reason, caplog.text, repr(one)):
        assert "geheim" not in shown


def test_a_mail_server_that_refuses_the_login_is_told_without_secrets(
    told: Any, settings: Settings, mailbox: Mailbox
) -> None:
    secret = mailbox.address.replace("mailto://", "mailto://login:geheim-woord@")
    (one,) = send(told, settings, [secret]).deliveries
    assert not one.sent
    assert "geheim" not in str(one)
    assert "AUTH" in str(one.reason)


@pytest.mark.parametrize(
    ("address", "shown", "why"),
    [
        ("mailto://an:p@geheim@smtp.shop.example?to=x@shop.example", "mailto://", "%40"),
        ("mailto://an:geheim/woord@smtp.shop.example?to=x@shop.example", "mailto://", "%2F"),
        ("msteams://geheim/token/", "msteams://", "workflows://"),
        ("geheim", "an address without scheme://", "does not understand"),
        ("slack://geheim", "slack://", "does not understand"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_showing_it(
    told: Any, settings: Settings, address: str, shown: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    (one,) = send(told, settings, [address]).deliveries
    assert (one.sent, one.to) == (False, shown)
    assert why in str(one.reason)
    assert "geheim" not in str(one) + caplog.text


def test_one_address_that_fails_does_not_keep_the_others(
    told: Any, settings: Settings, mailbox: Mailbox
) -> None:
    sent = send(told, settings, ["nonsense", mailbox.address])
    assert [one.sent for one in sent.deliveries] == [False, True]
    assert not sent.complete
    assert len(mailbox.mails) == 1


class Hook(HTTPServer):
    """A web hook on loopback that keeps what it is sent."""

    def __init__(self, status: int = 200) -> None:
        self.got: list[Any] = []
        box = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                box.got.append(json.loads(body))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"token geheim refused")

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Hook:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def test_a_web_hook_gets_it_too_and_its_refusal_is_told(told: Any, settings: Settings) -> None:
    with Hook() as hook:
        sent = send(told, settings, [f"json://127.0.0.1:{hook.server_port}/geheim"])
    assert sent.complete
    assert hook.got[0]["title"] == told.subject
    assert hook.got[0]["message"].strip() == told.html.strip()
    with Hook(status=403) as hook:
        (one,) = send(told, settings, [f"json://127.0.0.1:{hook.server_port}/geheim"]).deliveries
    assert one.to == "json://127.0.0.1"
    assert "403" in str(one.reason)
    assert "geheim" not in str(one)


def test_a_service_without_html_gets_the_text(told: Any, settings: Settings) -> None:
    with Hook() as hook:
        assert send(told, settings, [f"json://127.0.0.1:{hook.server_port}/x?format=text"]).complete
    assert hook.got[0]["message"].strip() == told.text.strip()


def test_a_chat_gets_a_short_one() -> None:
    news = News("r", DAY2, "partial", None, ("webshop",), URL, previous=DAY1, score=82, score_before=85)
    many = replace(
        news,
        new={"error": 14, "warning": 0, "info": 0},
        not_judged=(Gap(tuple(f"Check {number}" for number in range(40)), "no reason"),),
    )
    brief = in_brief(many, 1000)
    assert len(brief) <= 1000
    assert brief.startswith("82 of 100, 3 below the last time. New since")
    assert "! Not everything could be checked (1 reason)" in brief
    assert brief.endswith(f"{URL}/")
    assert subject(many) == "webshop: 82/100, 14 new errors, not everything could be checked"


def test_addresses_come_from_the_settings_or_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGEST_TO", raising=False)
    with pytest.raises(SettingsError, match="DIGEST_TO is not set"):
        addresses(settings)
    monkeypatch.setenv("DIGEST_TO", "json://a  json://b\n")
    assert [one.get_secret_value() for one in addresses(settings)] == ["json://a", "json://b"]
    assert "json" not in repr(addresses(settings))
    nobody = settings.model_copy(update={"digest": type(settings.digest)()})
    with pytest.raises(SettingsError, match="nobody to send"):
        addresses(nobody)
