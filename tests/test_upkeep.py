"""`accept`, `snooze`, `reopen`, `comment` and `purge` as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from checks.commands import upkeep
from checks.errors import UsageError
from checks.findings import FOUND, CheckResult
from checks.store import Store

TOML = """
[[sources]]
name = "webshop"
system = "oresto"
base_url = "http://127.0.0.1:1/api"
login = "demo"
password_env = "NOBODY_ASKS"
"""

app = typer.Typer()
for command in (upkeep.accept, upkeep.snooze, upkeep.reopen, upkeep.comment, upkeep.purge):
    app.command(command.__name__)(command)

Type = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a missing photo on A and on B, and a wrong EAN on A."""
    (tmp_path / "keurmeester.toml").write_text(TOML, encoding="utf-8")
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path / "snapshots") as opened:
        rows = [
            (check, "warning", "webshop", "product", key, None, "1", "Wrong.", None)
            for check, key in (("missing-photo", "A"), ("missing-photo", "B"), ("invalid-ean", "A"))
        ]
        results = [CheckResult(check, "webshop", "failed", 1) for check in ("missing-photo", "invalid-ean")]
        found = pl.DataFrame(rows, schema=FOUND, orient="row")
        run_id = opened.begin_run("full", "test")
        opened.finish_run(run_id, "complete", "full", None, [], results, found, datetime.now(UTC))
        yield opened


@pytest.fixture
def keur(store: Store, tmp_path: Path) -> Type:
    """`keur("accept", id, "--reason", "Fine.")`; what the program raises on purpose is raised here."""

    def run(command: str, *arguments: str) -> Result:
        config = ("--config", str(tmp_path / "keurmeester.toml"))
        done = CliRunner().invoke(app, [command, *arguments, *config])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def statuses(store: Store) -> dict[tuple[str, str], str]:
    found = store.findings(status="all").select("check", "key", "status")
    return {(check, key): status for check, key, status in found.iter_rows()}


def test_accepting_by_the_beginning_of_an_id(store: Store, keur: Type) -> None:
    [ident] = store.findings(check="invalid-ean")["id"]
    assert (
        "1 finding accepted: invalid-ean A."
        in keur("accept", ident[:8], ident, "--reason", "Sold loose.").stdout
    )
    assert statuses(store)["invalid-ean", "A"] == "accepted"
    assert store.decisions()["reason"].to_list() == ["Sold loose."]


def test_snoozing_a_whole_check_until_the_end_of_a_day_and_taking_it_back(store: Store, keur: Type) -> None:
    done = keur("snooze", "--check", "missing-photo", "--until", "2999-12-24", "--yes")
    assert "2 findings snoozed: missing-photo A, missing-photo B." in done.stdout
    local = [until.astimezone() for until in store.decisions()["until"]]
    assert {(one.date().isoformat(), one.hour, one.minute) for one in local} == {("2999-12-24", 23, 59)}
    assert "1 finding reopened: missing-photo A." in keur("reopen", "--key", "A").stdout
    assert statuses(store) == {
        ("missing-photo", "A"): "regressed",
        ("missing-photo", "B"): "snoozed",
        ("invalid-ean", "A"): "new",
    }


def test_a_comment_on_everything_about_a_key(store: Store, keur: Type) -> None:
    assert (
        "2 findings commented on: invalid-ean A, missing-photo A."
        in keur("comment", "--key", "A", "--text", "Asked.").stdout
    )
    assert set(statuses(store).values()) == {"new"}


def test_what_was_not_open_is_said(store: Store, keur: Type) -> None:
    [ident] = store.findings(check="invalid-ean")["id"]
    done = keur("reopen", ident)
    assert "0 findings reopened." in done.stdout
    assert "1 left as they are" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept", "--key", "A"], "--reason"),
        (["accept", "--reason", "Fine."], "--check and --key"),
        (["accept", "ffff", "--key", "A", "--reason", "Fine."], "not both"),
        (["accept", "zzzz", "--reason", "Fine."], "no finding 'zzzz'"),
        (["accept", "", "--reason", "Fine."], "no finding"),
        (["accept", "--check", "nonsense", "--reason", "Fine."], "no such check"),
        (["accept", "--key", "A", "--reason", "Fine.", "--until", "24/12/2999"], "YYYY-MM-DD"),
        (["accept", "--key", "A", "--reason", "Fine.", "--until", "2020-01-01"], "1 Jan 2020 is past"),
        (["snooze", "--key", "A"], "--until"),
        (["comment", "--key", "A"], "--text"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_refused(store: Store, keur: Type, arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        keur(*arguments)
    assert set(statuses(store).values()) == {"new"}


def test_a_beginning_that_fits_two_findings_is_refused(keur: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_SHORTEST", 0)
    with pytest.raises(UsageError, match="fits 3 findings"):
        keur("comment", "", "--text", "Hm.")


def test_purge_says_what_goes_for_people_and_for_programs(store: Store, keur: Type) -> None:
    assert "Nothing is older than" in keur("purge").stdout
    folder = store.snapshots / "20200101T060000Z-abcdef" / "webshop"
    folder.mkdir(parents=True)
    (folder / "products.parquet").write_bytes(b"x" * 1500)
    dry = keur("purge", "--dry-run")
    assert "Would go" in dry.stdout
    assert "1.5 kB" in dry.stdout
    document = json.loads(keur("purge", "--format", "json").stdout)
    assert {"what": "orphans", "count": 1, "bytes": 1500} in document["gone"]
    assert not folder.exists()


def test_help_of_purge_lists_the_formats_it_takes_and_no_other(keur: Type) -> None:
    said = keur("purge", "--help").stdout
    assert "[table|json]" in said
    assert "csv" not in said
