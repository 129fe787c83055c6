"""`keurmeester errors` as somebody types it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from checks.commands import errors
from checks.commands.common import whoami
from checks.errors import NotAllowed, UsageError
from checks.frames import FRAMES, Collected
from checks.store import Store
from tests.test_upkeep import TOML

NOW = datetime.now(UTC)
Type = Callable[..., Result]

TEAM = """\n[team]\nsign_in = true\n\n[team.people]\n"ann@shop.be" = "fixer"\n"""


def row(number: int, method: str, message: str, **more: Any) -> dict[str, Any]:
    return {
        "row_id": f"row-{number}",
        "log_id": str(number),
        "at": NOW - timedelta(hours=number),
        "method": method,
        "url": "/api/Products",
        "status_code": 400,
        "message": message,
        "errors": [message],
        "model_errors": [],
        "body": json.dumps({"WholesalerArticleNumber": f"A{number}"}),
        **more,
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with two problems: three rows about a brand, one about a product that is taken."""
    (tmp_path / "keurmeester.toml").write_text(TOML, encoding="utf-8")
    rows = [row(number, "PUT", "Brand with id 77777 does not exist.") for number in (1, 2, 3)]
    rows.append(row(4, "POST", "Product with WholesalerArticleNumber A4 already exists."))
    columns = FRAMES["error_logs"].schema
    frame = pl.DataFrame([{name: one.get(name) for name in columns} for one in rows], schema=columns)
    log = Collected(
        "webshop", "error_logs", "ok", frame, since=NOW - timedelta(days=30), server_at=NOW, read_at=NOW
    )
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path / "snapshots") as opened:
        run_id = opened.begin_run("full", "test")
        opened.errors.absorb("webshop", log, NOW, run_id)
        opened.finish_run(run_id, "complete", "full", None, [], [], pl.DataFrame(schema=_found()), NOW)
        yield opened


def _found() -> pl.Schema:
    from checks.findings import FOUND

    return FOUND


@pytest.fixture
def keur(store: Store, tmp_path: Path) -> Type:
    """`keur("resolve", id)`; what the program raises on purpose is raised here."""

    def run(command: str, *arguments: str) -> Result:
        config = ("--config", str(tmp_path / "keurmeester.toml"))
        done = CliRunner().invoke(errors.app, [command, *arguments, *config])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def ident(store: Store, method: str) -> str:
    return str(store.errors.groups(state="all").filter(pl.col("method") == method)["id"][0])


def states(store: Store) -> dict[str, str]:
    return dict(store.errors.groups(state="all").select("method", "state").iter_rows())


def test_the_list_as_objects(store: Store, keur: Type) -> None:
    told = json.loads(keur("list", "--format", "json").stdout)
    assert [(one["method"], one["rows"], one["state"]) for one in told] == [
        ("PUT", 3, "new"),
        ("POST", 1, "new"),
    ]
    assert told[0]["what"]
    assert told[0]["link"].endswith(f"error_logs?group={told[0]['id']}")


def test_the_list_for_people_and_as_a_file(store: Store, keur: Type, tmp_path: Path) -> None:
    assert "2 problems" in keur("list").stdout
    file = tmp_path / "errors.csv"
    keur("list", "--format", "csv", "--output", str(file))
    with file.open(encoding="utf-8", newline="") as read:
        assert [one["rows"] for one in csv.DictReader(read)] == ["3", "1"]


def test_the_list_by_state_and_text(store: Store, keur: Type) -> None:
    keur("resolve", ident(store, "PUT"))

    def methods(*arguments: str) -> list[str]:
        return [one["method"] for one in json.loads(keur("list", *arguments, "--format", "json").stdout)]

    assert methods() == ["POST"]
    assert methods("--state", "resolved") == ["PUT"]
    assert methods("--state", "all", "--text", "already exists") == ["POST"]
    assert methods("--source", "webshop", "--state", "open") == ["POST"]
    with pytest.raises(UsageError, match="--state gone: no such state"):
        keur("list", "--state", "gone")


def test_all_about_one_problem(store: Store, keur: Type) -> None:
    told = json.loads(keur("show", ident(store, "PUT")[:8], "--format", "json").stdout)
    assert [one["key"] for one in told["things"]] == ["A1", "A2", "A3"]
    assert told["meaning"]["usually"]
    assert [one["event"] for one in told["history"]] == ["new"]
    assert len(told["samples"]) == 3
    shown = keur("show", ident(store, "PUT")).stdout
    for said in ("What usually helps", "Named in its rows", "History"):
        assert said in shown


def test_rows_by_text_and_day(store: Store, keur: Type) -> None:
    def numbers(*arguments: str) -> list[str]:
        return [one["log_id"] for one in json.loads(keur("rows", *arguments, "--format", "json").stdout)]

    assert numbers() == ["1", "2", "3", "4"]
    assert numbers(ident(store, "PUT"), "--limit", "2") == ["1", "2"]
    assert numbers("--text", "already exists") == ["4"]
    assert numbers("--day", "2001-01-01") == []
    assert numbers("--unmapped") == []


def test_resolving_and_undoing(store: Store, keur: Type) -> None:
    group = ident(store, "PUT")
    assert "1 problem resolved: " in keur("resolve", group[:8], "--reason", "Brand is back.").stdout
    assert states(store) == {"PUT": "resolved", "POST": "new"}
    assert "Brand is back." in store.errors.events(group)["detail"][-1]
    assert store.errors.events(group)["by"][-1] == whoami()
    assert "1 change undone:" in keur("undo", group).stdout
    assert states(store)["PUT"] == "new"
    keur("resolve", group)
    keur("reopen", group)
    assert states(store)["PUT"] == "ongoing"


@pytest.mark.parametrize(
    ("how", "kept"),
    [
        (("--until", "2099-12-24"), "until"),
        (("--more", "5"), "more"),
        (("--until-escalating",), "escalating"),
        (("--forever", "--reason", "A test."), "for_ever"),
    ],
)
def test_ignoring(store: Store, keur: Type, how: tuple[str, ...], kept: str) -> None:
    group = ident(store, "PUT")
    assert "1 problem ignored" in keur("ignore", group, *how).stdout
    found = store.errors.group(group)
    assert found is not None
    assert (found["state"], found["ignored"]) == ("ignored", kept)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ((), "Say for how long"),
        (("--more", "5", "--forever"), "Say for how long"),
        (("--forever",), "Say why with --reason"),
        (("--until", "soon"), "expected a day as YYYY-MM-DD"),
    ],
)
def test_ignoring_wrongly(store: Store, keur: Type, how: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        keur("ignore", ident(store, "PUT"), *how)
    assert states(store)["PUT"] == "new"


def test_assigning_and_commenting(store: Store, keur: Type) -> None:
    group = ident(store, "PUT")
    keur("assign", group, "--to", "els")
    assert store.errors.groups()["assignee"].drop_nulls().to_list() == ["els"]
    keur("assign", group, "--nobody")
    assert store.errors.groups()["assignee"].drop_nulls().is_empty()
    keur("comment", group, "--text", "Ask An.")
    assert store.errors.events(group)["detail"][-1] == "Ask An."
    with pytest.raises(UsageError, match="Say to whom"):
        keur("assign", group)


def test_merging_and_splitting(store: Store, keur: Type) -> None:
    into, other = ident(store, "PUT"), ident(store, "POST")
    assert "1 problem merged into" in keur("merge", other, "--into", into).stdout
    assert store.errors.groups()["rows"].to_list() == [4]
    parts = json.loads(keur("show", into, "--format", "json").stdout)["parts"]
    part = next(one["fingerprint"] for one in parts if one["rows"] == 1)
    assert "Split off as" in keur("split", into, "--part", part).stdout
    assert sorted(store.errors.groups()["rows"]) == [1, 3]
    with pytest.raises(UsageError, match="cannot be merged into itself"):
        keur("merge", into, "--into", into)


@pytest.mark.parametrize("given", ["ffff", "ab", "no such"])
def test_an_id_that_fits_nothing(store: Store, keur: Type, given: str) -> None:
    with pytest.raises(UsageError, match="There is no problem"):
        keur("show", given)


def test_a_viewer_may_look_not_decide(store: Store, keur: Type, tmp_path: Path) -> None:
    config = tmp_path / "keurmeester.toml"
    config.write_text(TOML + TEAM, encoding="utf-8")
    group = ident(store, "PUT")
    assert "2 problems" in keur("list").stdout
    with pytest.raises(NotAllowed, match="decide about API errors"):
        keur("resolve", group)
    assert states(store)["PUT"] == "new"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_no_log_has_is_refused_in_words(keur: Type, day: str) -> None:
    with pytest.raises(UsageError, match="--day"):
        keur("rows", "--day", day)


def test_a_log_that_could_not_be_read_is_none_without_errors(store: Store, keur: Type) -> None:
    failed = Collected("webshop", "error_logs", "failed", message="GET ErrorLogs answered 500.")
    found = pl.DataFrame(schema=_found())
    store.finish_run(
        store.begin_run("full", "test"), "partial", "full", None, [failed], [], found, datetime.now(UTC)
    )
    done = keur("list")
    assert "The error log of webshop could not be read in the last health check" in done.stderr
    assert "GET ErrorLogs answered 500." in done.stderr


def test_the_list_says_until_when_one_is_ignored(store: Store, keur: Type) -> None:
    group = store.errors.groups()["id"][0]
    keur("ignore", group, "--more", "5")
    assert "5 more to come" in " ".join(keur("list", "--state", "ignored").stdout.split())


def test_undo_says_what_it_took_back(store: Store, keur: Type) -> None:
    group = store.errors.groups()["id"][0]
    keur("resolve", group, "--reason", "done")
    assert "Resolved: done" in keur("undo", group).stdout
