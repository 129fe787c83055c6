"""The digest: what it says of a run, and that it arrives. A real mail server on loopback receives it."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner

from checks.cli import load
from checks.digest import addresses, digest, news_of, send
from checks.digest.model import Gap, News
from checks.digest.news import _touches
from checks.digest.words import in_brief, one_line, subject, without_addresses
from checks.errors import SettingsError, UsageError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.settings import Settings, load_settings
from checks.store import Store

DAY1 = datetime(2026, 11, 19, 6, tzinfo=UTC)
DAY2 = DAY1 + timedelta(days=1)
URL = "https://keurmeester.example.be"
EVIL = 'Kaas <script>alert("x")</script> & Zoon €5 é'

Found = tuple[str, str, str]  # check, severity, key


def found(*rows: Found) -> pl.DataFrame:
    full = [
        (check, severity, "webshop", "product", key, None, "x", f"{key} is wrong.", None)
        for check, severity, key in rows
    ]
    return pl.DataFrame(full, schema=FOUND, orient="row")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "keurmeester.toml"
    file.write_text(
        f'[dashboard]\nurl = "{URL}"\n[digest]\nto_env = "DIGEST_TO"\n'
        '[[sources]]\nname = "webshop"\nsystem = "oresto"\nbase_url = "http://127.0.0.1:9/api"\n'
        'login = "demo"\npassword_env = "NOT_NEEDED"\n',
        encoding="utf-8",
    )
    return load_settings(file)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.store.url, settings.store.snapshots) as opened:
        yield opened


@pytest.fixture
def run(store: Store) -> Callable[..., str]:
    """`run(DAY1, ("missing-photo", "warning", "A1"))`: a whole run that found this; gives its id."""

    def make(
        at: datetime,
        *rows: Found,
        lost: tuple[str, ...] = (),
        names: dict[str, str] | None = None,
        orders: Sequence[dict[str, Any]] = (),
    ) -> str:
        run_id = store.begin_run("full", "test")
        checks = ("missing-photo", "invalid-ean", "duplicate-ean")
        results = [
            CheckResult(
                check, "webshop", "could_not_run", message="Own products could not be collected: time-out"
            )
            if check in lost
            else CheckResult(check, "webshop", "failed", sum(row[0] == check for row in rows), entities=100)
            for check in checks
        ]
        products = pl.DataFrame(
            {"article_number": list(names or {}), "name": list((names or {}).values())},
            schema={"article_number": pl.String, "name": pl.String},
        )
        frame = FRAMES["products"].empty()
        collected = [
            Collected("webshop", "products", "ok", pl.concat([frame, products], how="diagonal")),
            Collected("webshop", "orders", "ok", pl.DataFrame(orders, schema=FRAMES["orders"].schema)),
        ]
        if lost:
            collected[1] = Collected(
                "webshop", "orders", "failed", message="GET Orders: no answer within 30 s"
            )
        for one in collected:
            if one.data is not None:
                store.save_snapshot(run_id, one)
        store.finish_run(
            run_id, "partial" if lost else "complete", "full", None, collected, results, found(*rows), at
        )
        return run_id

    return make


class Mailbox(Controller):
    """A mail server on a free port that keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=keurmeester@shop.example&to=an@shop.example"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    box.start()
    yield box
    box.stop()


class Links(HTMLParser):
    """Every address in a document, and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.elements: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.found += [value or "" for name, value in attrs if name == "href"]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def test_the_mail_arrives_with_counts_and_links(
    settings: Settings, store: Store, run: Callable[..., str], mailbox: Mailbox
) -> None:
    run(DAY1, ("invalid-ean", "error", "OLD"), ("missing-photo", "warning", "GONE"))
    run(
        DAY2,
        ("invalid-ean", "error", "OLD"),
        ("invalid-ean", "error", "A #1"),
        ("invalid-ean", "error", "A2"),
        ("missing-photo", "warning", "A2"),
        names={"A2": EVIL},
    )
    told = digest(settings, store)
    assert send(told, settings, [mailbox.address]).complete
    (mail,) = mailbox.mails
    assert mail["subject"] == told.subject == "webshop: 96/100, 2 new errors"
    assert mail["to"] == "an@shop.example"
    text, html = part(mail, "plain"), part(mail, "html")
    for words in (text, html):
        assert (
            "1 above the last time" in words or "below the last time" in words or "as the last time" in words
        )
        assert "2 errors, 1 warning" in words
        assert "Invalid EAN" in words
        assert "2 new" in words
        assert "Missing photo: 1, found right by the health check" in words
    assert "<script>" in text, "in plain text a name is a name"
    assert "€5 é" in text
    assert "€5 é" in html
    assert "script" not in Links(html).elements
    ids = {row["key"]: row["id"] for row in store.findings(check="invalid-ean").iter_rows(named=True)}
    assert {
        f"{URL}/findings?check=invalid-ean",
        f"{URL}/findings?finding={ids['A2']}",
        f"{URL}/product?source=webshop&article=A%20%231",
        f"{URL}/",
    } <= set(Links(html).found)


def test_what_is_back_and_what_was_decided(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    error: Found = ("invalid-ean", "error", "A1")
    other: Found = ("invalid-ean", "error", "A2")
    run(DAY1, error, other)
    run(DAY1 + timedelta(hours=1), other)
    snoozed = store.findings(key="A2")["id"]
    store.snooze(snoozed, DAY1 + timedelta(hours=12), "An", "later", now=DAY1 + timedelta(hours=2))
    run(DAY2, error, other)
    news = news_of(settings, store)
    (check,) = news.checks
    assert (check.new, check.back, news.new["error"], news.back) == (0, 2, 2, 2)
    (group,) = news.ended
    (ended,) = group.examples
    assert (ended.kind, ended.by, ended.finding.key, ended.why) == ("snoozed", "An", "A2", "its date passed")
    assert "Invalid EAN: 2 came back" in digest(settings, store).text


def test_every_link_is_in_both_parts_of_the_mail(
    settings: Settings, store: Store, run: Callable[..., str], mailbox: Mailbox
) -> None:
    errors: list[Found] = [("invalid-ean", "error", f"A{number}") for number in range(5)]
    run(DAY1, *errors[:4])
    store.snooze(store.findings()["id"], DAY1 + timedelta(hours=12), "An", now=DAY1 + timedelta(hours=2))
    run(DAY1 + timedelta(days=5), *errors, orders=[{"order_number": 7, "delivery_date": DAY1.date()}])
    told = digest(settings, store)
    assert send(told, settings, [mailbox.address]).complete
    text, html = part(mailbox.mails[0], "plain"), part(mailbox.mails[0], "html")
    links = set(Links(html).found)
    assert {f"{URL}/orders", f"{URL}/findings?check=invalid-ean"} <= links
    assert any("finding=" in link for link in links)
    assert [link for link in sorted(links) if link not in text.split()] == []


def test_the_links_lead_somewhere_also_after_the_next_run(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    told = digest(settings, store)
    run(DAY2, ("invalid-ean", "error", "A1"))
    assert store.findings()["status"].to_list() == ["ongoing"]
    assert "status=" not in told.html + told.text, "what is new today is not new tomorrow"
    assert f"All that are open: {URL}/findings?check=invalid-ean\n" in told.text


def test_decisions_that_ended_are_told_by_check_and_those_a_person_withdrew_are_not(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    errors: list[Found] = [("invalid-ean", "error", f"A{number}") for number in range(9)]
    run(DAY1, *errors)
    every = store.findings()["id"].to_list()
    store.snooze(every, DAY1 + timedelta(hours=12), "An", now=DAY1 + timedelta(hours=1))
    store.reopen(every[:2], "An", now=DAY1 + timedelta(hours=2))
    run(DAY2, *errors)
    told = digest(settings, store)
    (group,) = told.news.ended
    assert (group.title, group.count, len(group.examples)) == ("Invalid EAN", 7, 3)
    assert "Invalid EAN: 7\n" in told.text
    assert "withdrawn" not in told.text + told.html


def test_orders_past_their_delivery_day_are_told_when_nothing_is_new(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1)
    waiting = {"ordered_at": DAY1, "delivery_date": DAY1.date()}
    orders = [
        {**waiting, "order_number": 1, "total": 1200.5},
        {**waiting, "order_number": 2, "total": 34.5},
        {**waiting, "order_number": 3, "total": 9.0, "delivery_date": DAY2.date()},
        {**waiting, "order_number": 4, "total": 9.0, "processed_at": DAY1},
    ]
    run(DAY2, orders=orders)
    told = digest(settings, store)
    assert "Nothing new since" in told.text
    words = "3 orders wait, the oldest for 24 hours. 2 orders are past the delivery day, worth €1,235.00."
    assert words in told.text
    assert words in told.html
    assert words.partition(". ")[2][:-1] in in_brief(told.news, 3000)


def test_a_problem_of_the_error_log_is_told_by_its_title_and_leads_to_its_page(
    settings: Settings, store: Store
) -> None:
    row = dict.fromkeys(FRAMES["error_logs"].schema)
    row |= {"row_id": "1", "log_id": "1", "at": DAY1, "method": "PUT", "url": "/api/Products"}
    row |= {
        "status_code": 400,
        "message": "Brand with id 7 does not exist.",
        "errors": [],
        "model_errors": [],
    }
    log = Collected(
        "webshop",
        "error_logs",
        "ok",
        pl.DataFrame([row], schema=FRAMES["error_logs"].schema),
        since=DAY1 - timedelta(days=1),
        server_at=DAY1,
        read_at=DAY1,
    )
    run_id = store.begin_run("full", "test")
    store.errors.absorb("webshop", log, DAY1, run_id)
    [(group, title)] = store.errors.groups().select("id", "title").iter_rows()
    message = f"{title} (1 row)"
    rows = [("error-new", "warning", "webshop", "error-group", group, None, "x", message, "triage")]
    results = [CheckResult("error-new", "webshop", "failed", 1, entities=1)]
    store.finish_run(
        run_id, "complete", "full", None, [], results, pl.DataFrame(rows, FOUND, orient="row"), DAY1
    )
    text = digest(settings, store).text
    assert f"- {title.rstrip('.')}: 1 row" in text
    assert f"{URL}/error_logs?source=webshop&group={group}" in text


def test_the_first_health_check(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    assert "This is the first health check: 1 error." in digest(settings, store).text


def test_nothing_new_is_said_and_old_errors_are_not_forgotten(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY1 + timedelta(days=34), ("invalid-ean", "error", "A1"))
    told = digest(settings, store)
    assert told.subject == "webshop: 99/100, nothing new"
    assert "34 days: Invalid EAN: A1: A1 is wrong." in told.text
    assert not told.news.anything


def test_what_could_not_be_judged_is_loud(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1)
    run(DAY2, lost=("invalid-ean", "duplicate-ean"))
    told = digest(settings, store)
    assert told.subject == "webshop: no score, nothing new, not everything could be checked"
    assert "! Duplicate EAN, Invalid EAN: Own products could not be collected.\n" in told.text
    assert "! Unprocessed orders: no answer within 30 s" in told.text
    assert "Could not run: Duplicate EAN, Invalid EAN." in told.html
    assert told.news.score is None, "one check of three says nothing of the shop"
    assert "No score: 2 of 3 checks could not run." in told.text
    assert told.text.index("COULD NOT RUN") < told.text.index("Health check of")


def test_scores_of_different_checks_are_not_compared(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY2, lost=("invalid-ean",))
    news = news_of(settings, store)
    assert (news.score, news.score_before) == (100, None)


def test_a_run_that_failed_is_the_news(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    store.fail_run(store.begin_run("full", "test"), "failed", "webshop: no connection <b>")
    told = digest(settings, store)
    assert told.subject == "webshop: the health check failed"
    assert "1 finding of before stay as they were." in told.text
    assert "webshop: no connection &lt;b&gt;" in told.html


def test_an_older_run_can_be_told_and_a_wrong_one_cannot(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    with pytest.raises(UsageError, match="no health check yet"):
        digest(settings, store)
    first = run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY2, ("invalid-ean", "error", "A1"))
    assert digest(settings, store, first).subject == "webshop: 99/100, 1 new error"
    with pytest.raises(UsageError, match="there is no such run"):
        digest(settings, store, "nowhere")
    busy = store.begin_run("full", "test")
    with pytest.raises(UsageError, match="has not ended"):
        digest(settings, store, busy)


def test_disabled_checks_are_no_news(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"), ("missing-photo", "warning", "A2"))
    quiet = settings.model_copy(
        update={"checks": settings.checks.model_copy(update={"disabled": ["invalid-ean"]})}
    )
    assert digest(quiet, store).subject.endswith("1 new warning")


def test_no_address_of_a_customer_leaves_the_house(settings: Settings, store: Store) -> None:
    who, other = "an.peeters@klant.be", "jan+shop@klant.co.uk"
    rows = [
        ("user-unknown-client", "error", "webshop", "user", who, None, "C1", f"{who} is of no client.", None),
        ("client-without-user", "error", "webshop", "client", other, None, "x", f"Nobody for {other}.", None),
        ("invalid-ean", "error", "webshop", "product", "A1", None, "x", f"Ask {who}: wrong.", None),
    ]
    results = [CheckResult(row[0], "webshop", "failed", 1, entities=9) for row in rows]
    results.append(
        CheckResult("order-unprocessed", "webshop", "could_not_run", message=f"GET Users/{who}: no answer")
    )
    data = pl.DataFrame(rows, schema=FOUND, orient="row")
    for at in (DAY1, DAY1 + timedelta(days=3)):
        run_id = store.begin_run("full", "test")
        store.finish_run(run_id, "partial", "full", f"{who} broke it", [], results, data, at)
        if at == DAY1:
            store.snooze(store.findings()["id"], DAY2, "An", f"Mailed {who}", now=at)
    told = digest(settings, store)
    assert told.news.ended
    assert told.news.oldest
    everything = [told.subject, told.text, told.html, json.dumps(told.as_json(), default=str)]
    everything.append(in_brief(told.news, 3000))
    for form in everything:
        for address in (who, other):
            for written in (address, quote(address, safe=""), address.partition("@")[0]):
                assert written not in form
    (user,) = store.findings(check="user-unknown-client")["id"]
    assert "a user: a user is of no client." in told.text
    assert f"{URL}/findings?finding={user}" in Links(told.html).found
    assert "a client: Nobody for (an e-mail address)." not in told.text, "its key is named by what it is"
    assert "A1: Ask (an e-mail address): wrong." in told.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kaas 2@3 stuks @ €3.50", "Kaas 2@3 stuks @ €3.50"),
        ("prijs 2@3.50", "prijs 2@3.50"),
        ("<an@klant.be>, 'els@x.vlaanderen'.", "<(an e-mail address)>, '(an e-mail address)'."),
        ("?user=an%40klant.be&x=1", "?user=(an e-mail address)&x=1"),
    ],
)
def test_only_addresses_are_taken_out(text: str, said: str) -> None:
    assert without_addresses(text) == said


def test_impact_names_the_days_that_were_counted() -> None:
    row = {"entity": "product", "source": "webshop", "orders": 2, "turnover": 10.0, "clients": 0}
    assert _touches(row, {"webshop": 14}) == "2 orders, €10 in 14 days"
    assert _touches(row, {"webshop": 90}) == "2 orders, €10 in 30 days"


def test_texts_from_the_shop_stay_on_their_line() -> None:
    assert one_line("Kaas\r\nBcc: x\x1b[31m \u202egpj.\u200b") == "Kaas Bcc: x [31m gpj."
    assert one_line("x" * 300).endswith("x…")


@pytest.fixture
def told(settings: Settings, store: Store, run: Callable[..., str]) -> Any:
    run(DAY1, ("invalid-ean", "error", "A1"))
    return digest(settings, store)


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


def command(*arguments: str, config: Path | None) -> Any:
    return CliRunner().invoke(_app(), ["--config", str(config), *arguments])


def _app() -> Any:
    import typer

    from checks.commands.digest import digest as digest_command

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(digest_command)
    return app


def test_the_command_prints_or_sends(
    told: Any,
    settings: Settings,
    store: Store,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    printed = command(config=settings.file)
    assert printed.stdout == told.text
    document = json.loads(command("--format", "json", config=settings.file).stdout)
    assert document["subject"] == told.subject
    assert document["checks"][0]["check"] == "invalid-ean"
    command("--format", "html", "--output", str(tmp_path / "d.html"), config=settings.file)
    assert (tmp_path / "d.html").read_text(encoding="utf-8") == told.html
    monkeypatch.setenv("DIGEST_TO", mailbox.address)
    sent = command("--send", config=settings.file)
    assert (sent.exit_code, sent.stdout) == (0, "")
    assert len(mailbox.mails) == 1
    monkeypatch.setenv("DIGEST_TO", f"{mailbox.address} nonsense")
    assert command("--send", config=settings.file).exit_code == 3
    assert load("digest").name == "digest"
