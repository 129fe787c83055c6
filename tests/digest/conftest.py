"""Runs to be told of, and a real mail server on loopback that receives the digest."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from aiosmtpd.controller import Controller

from checks.digest import digest
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.settings import Settings, load_settings
from checks.store import Store

DAY1 = datetime(2026, 11, 19, 6, tzinfo=UTC)
DAY2 = DAY1 + timedelta(days=1)
URL = "https://keurmeester.example.be"

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


@pytest.fixture
def told(settings: Settings, store: Store, run: Callable[..., str]) -> Any:
    """The digest of a first run that found one error."""
    run(DAY1, ("invalid-ean", "error", "A1"))
    return digest(settings, store)


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
