"""The command `keurmeester digest`: prints it, or sends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from checks.cli import load
from checks.settings import Settings
from checks.store import Store
from tests.digest.conftest import Mailbox


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
