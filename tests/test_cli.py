"""The command line as a cron job meets it: real processes, exit codes, stdout for programs and stderr for people."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.cli import COMMANDS, load
from checks.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent
MakeSandbox = Callable[..., Sandbox]


@dataclass
class Shell:
    """Runs `keurmeester` in one folder."""

    folder: Path

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "checks", *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONWARNINGS": "error",
                "COLUMNS": "200",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def json(self, *arguments: str, code: int = 0) -> Any:
        done = self(*arguments, "--format", "json")
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = Shell(folder)("demo", "--once", "--no-browser", "--size", "300")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Shell:
    """The demo's folder as it was left, a copy for each test."""
    shutil.copytree(demo_folder, tmp_path / "demo")
    return Shell(tmp_path / "demo")


@pytest.fixture
def shop(make_sandbox: MakeSandbox, tmp_path: Path) -> tuple[Shell, Sandbox]:
    """A folder with the settings of a sandbox that runs."""
    sandbox = make_sandbox()
    sandbox.write_settings(tmp_path / "keurmeester.toml")
    return Shell(tmp_path), sandbox


def test_after_the_demo_the_findings_are_what_was_planted(demo: Shell) -> None:
    found = {
        (one["check"], one["key"], one["field"])
        for one in demo.json("findings")
        if one["entity"] != "error-group"  # of the log, where the problems have no keys to plant
    }
    planted = json.loads((demo.folder / "keurmeester-demo" / "planted.json").read_text())
    checks = {check for check, _, _ in found}
    assert found == {(check, key, field) for check in checks for key, field in planted[check]}
    assert checks == {check for check in planted if planted[check]}


def test_the_demo_leaves_a_persons_settings_alone(tmp_path: Path) -> None:
    mine = tmp_path / "keurmeester.toml"
    mine.write_text("# mine\n")
    done = Shell(tmp_path)("demo", "--once", "--no-browser", "--size", "100")
    assert done.returncode == 0, done.stderr
    assert "New since the last run" in done.stdout
    assert mine.read_text() == "# mine\n"
    assert "--config keurmeester-demo" in done.stderr
    assert Shell(tmp_path).json("findings", "--config", "keurmeester-demo/keurmeester.toml")


def test_the_demo_does_not_clear_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "keurmeester-demo").mkdir()
    done = Shell(tmp_path)("demo", "--once", "--no-browser", "--size", "100")
    assert done.returncode == 2
    assert "was not made by the demo" in done.stderr


def test_findings_as_a_spreadsheet_are_safe_and_complete(demo: Shell) -> None:
    everything = demo.json("findings")
    assert demo("findings", "--format", "csv", "--output", "out.csv").returncode == 0
    with (demo.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [one["id"] for one in everything]
    cells = [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]
    assert not [cell for cell in cells if not re.fullmatch(r"-?\d+(\.\d+)?", cell)]  # a number is no formula
    assert demo("findings", "--format", "xlsx", "--output", "out.xlsx").returncode == 0
    sheets = pl.read_excel(demo.folder / "out.xlsx", sheet_id=0, engine="calamine")
    assert sum(sheet.height for name, sheet in sheets.items() if name != "Overview") == len(everything)
    assert set(sheets) == {"Overview", *(one["check"] for one in everything)}


def test_findings_are_filtered(demo: Shell) -> None:
    some = demo.json("findings", "--check", "missing-photo", "--severity", "warning")
    assert {one["check"] for one in some} == {"missing-photo"}
    assert demo.json("findings", "--status", "fixed") == []
    assert demo.json("findings", "--status", "accepted", "--status", "snoozed") == []
    key = some[0]["key"]
    assert {one["key"] for one in demo.json("findings", "--key", key)} == {key}


def test_findings_that_touch_most_come_first_and_say_what(demo: Shell) -> None:
    found = demo.json("findings", "--check", "missing-photo", "--sort", "impact")
    turnover = [one["impact"]["turnover"] for one in found]
    assert turnover == sorted(turnover, reverse=True)
    shown = demo("findings", "--check", "missing-photo", "--sort", "impact").stdout
    assert "turnover" not in shown
    for word in ("name", "since", "today", "€, 30 days", str(found[0]["name"]).split()[0]):
        assert word in shown


def test_a_decision_takes_a_finding_from_the_list_and_puts_it_under_its_own(demo: Shell) -> None:
    one = demo.json("findings")[0]
    done = demo("accept", one["id"], "--reason", "agreed with the supplier")
    assert done.returncode == 0, done.stderr
    assert [each["id"] for each in demo.json("findings", "--status", "accepted")] == [one["id"]]
    assert one["id"] not in {each["id"] for each in demo.json("findings")}


def test_decisions_are_read_and_found_again_on_the_command_line(demo: Shell) -> None:
    few = demo.json("findings", "--check", "missing-photo")[:2]
    table = demo("findings", "--check", "missing-photo").stdout
    assert few[0]["id"][:8] in table, "the other commands need an id"
    done = demo(
        "accept", few[0]["id"][:8], "--reason", "agreed with the supplier", "--until", "2099-12-24", "--config",
        "keurmeester.toml",
    )  # fmt: skip
    assert f"1 finding accepted: missing-photo {few[0]['key']}." in done.stdout
    assert demo("comment", few[0]["id"], "--text", "see the letter").returncode == 0
    (one,) = demo.json("findings", "--status", "accepted")
    assert one["decision"]["kind"] == "accepted"
    assert one["decision"]["reason"] == "agreed with the supplier"
    assert one["decision"]["until"].startswith("2099-12-2")
    assert one["comment"] == "see the letter"
    shown = demo("findings", "--status", "accepted", COLUMNS="400").stdout
    for word in ("1 finding\n", "until", "2099", "agreed"):
        assert word in shown


def test_a_decision_on_nothing_is_wrong_and_on_a_whole_check_asks(demo: Shell) -> None:
    nothing = demo("accept", "--check", "missing-photo", "--key", "NOPE", "--reason", "x")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "No finding fits" in nothing.stderr
    asked = demo("accept", "--check", "missing-photo", "--reason", "x")
    assert asked.returncode == 2
    assert "add --yes" in asked.stderr
    assert demo.json("findings", "--status", "accepted") == []
    many = len(demo.json("findings", "--check", "missing-photo"))
    done = demo("accept", "--check", "missing-photo", "--reason", "x", "--yes")
    assert done.returncode == 0
    assert f"{many} findings accepted: missing-photo" in done.stdout
    assert f"and {many - 10} more." in done.stdout


def test_the_links_of_the_demo_lead_to_its_port(tmp_path: Path) -> None:
    done = Shell(tmp_path)("demo", "--once", "--no-browser", "--size", "100", "--port", "8777")
    assert done.returncode == 0, done.stderr
    assert 'url = "http://127.0.0.1:8777"' in (tmp_path / "keurmeester.toml").read_text()


def test_the_sandbox_says_what_it_can_do_and_guards_its_password(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    told = " ".join(shell("sandbox", "--help").stdout.split())
    for word in ("reset-after", "GET Clients/GetClientOrders", "--config"):
        assert word in told
    assert "Clients/GetClientOrders" in shell("sandbox", "--fault", "GET Orders|hang").stderr
    (tmp_path / "mine.toml").write_text("# mine")
    assert shell("sandbox", "--config", "mine.toml", "--port", "0").returncode == 2
    assert (tmp_path / "mine.toml").read_text() == "# mine"
    process = subprocess.Popen(
        [sys.executable, "-m", "checks", "sandbox", "--config", "shop.toml", "--port", "0", "--size", "100"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert "only you can read it" in process.stderr.readline()
        assert "password" in (tmp_path / "shop.toml").read_text()
        assert (tmp_path / "shop.toml").stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_run_says_what_it_cost_and_not_zero_where_nobody_knows(shop: tuple[Shell, Sandbox]) -> None:
    shell, sandbox = shop
    first = shell("run", "--fail-on", "never", COLUMNS="300").stdout
    assert re.search(r"In all: [\d,]+ requests, [\d.]+ [kM]B, [\d.,]+ seconds; mode full\.", first)
    sandbox.faults.add("GET Clients/GetClientOrders", "error-500")
    lost = shell("run", COLUMNS="300").stdout
    assert re.search(r"order-unprocessed +webshop +could_not_run +– \(kept: \d+ open\)", lost)
    assert re.search(r"webshop +orders +– ", lost)


def test_the_digest_tells_the_first_run_and_needs_an_address_to_be_sent(demo: Shell) -> None:
    found = demo.json("findings")
    told = demo.json("digest")
    assert sum(one["new"] for one in told["checks"]) == len(found)
    assert told["subject"] in demo("digest").stdout
    nobody = demo("digest", "--send")
    assert nobody.returncode == 2
    assert "digest.to" in nobody.stderr
    gone = demo("digest", "--send", "--to", "mailto://an:geheim@127.0.0.1:9?from=a@b.be&to=c@d.be")
    assert gone.returncode == 3
    assert "Not sent to mailto://127.0.0.1: Connection error" in gone.stderr
    assert "geheim" not in gone.stdout + gone.stderr


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        (["run"], "[table|json|ndjson]"),
        (["findings"], "[table|json|csv|xlsx]"),
        (["digest"], "[text|html|json]"),
        (["doctor"], "[table|json]"),
        (["fix", "list"], "[table|json]"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_help_lists_the_formats_of_this_command_only(command: list[str], formats: str) -> None:
    assert formats in Shell(ROOT)(*command, "--help").stdout


def test_help_needs_no_data_frames_and_no_database() -> None:
    told = "import sys, checks.cli; print([m for m in ('polars', 'sqlalchemy', 'httpx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    assert load(name).help.splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["findings", "--check", "missing-foto"], "no such check. Known: own-became-central"),
        (["findings", "--format", "xlsx"], "--output"),
        (["findings", "--format", "ndjson"], "--format takes"),
        (["run", "--fail-on", "sometimes"], "error, warning, never"),
        (["run", "--source", "nowhere"], "no source 'nowhere'"),
        (["run", "--config", "nowhere.toml"], "no such settings file"),
        (
            ["fix", "plan", "--check", "restricted-ean", "--all"],
            "there is no fix for it. Fixable: own-became",
        ),
        (["fix", "plan", "--check", "own-became-central"], "--key KEY"),
        (["fix", "show", "nothing"], "nothing"),
        (["sandbox", "--fault", "GET Products|explode"], "no such kind"),
        (["findings", "--source", "nowhere"], "no such source. Known: webshop"),
        (["findings", "--output", "x.txt"], "--output goes with"),
        (["findings", "--sort", "price"], "no such sort. Known: severity, impact"),
        (["findings", "--status", "closed"], "no such status. Known: new, ongoing, regressed, accepted"),
        (["findings", "--format", "csv", "--output", "nowhere/x.csv"], "cannot be written"),
        (["digest", "--to", "json://x"], "--to goes with --send"),
        (["digest", "--run", "nothing"], "no such run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_in_a_line(demo: Shell, arguments: list[str], told: str) -> None:
    done = demo(*arguments)
    assert done.returncode in (2, 4)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_run_against_nothing_ends_with_3_and_one_clear_line(demo: Shell) -> None:
    before = demo.json("findings")
    done = demo("run", "--format", "json")  # the demo's sandbox has ended
    assert done.returncode == 3
    assert json.loads(done.stdout)["run"]["status"] == "failed"
    assert "no connection" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert demo.json("findings") == before


def test_a_run_ends_with_1_while_errors_are_open(shop: tuple[Shell, Sandbox]) -> None:
    shell, _ = shop
    document = shell.json("run", code=1)
    assert document["run"]["status"] == "complete"
    again = shell("run", "--fail-on", "never")
    assert again.returncode == 0
    assert "New since the last run" not in again.stdout
    assert "0 of them new or back" in again.stdout


def test_a_wrong_password_is_told_and_never_printed(shop: tuple[Shell, Sandbox]) -> None:
    shell, _ = shop
    done = shell("run", KEURMEESTER_SOURCES__WEBSHOP__PASSWORD="geheim-woord")
    assert done.returncode == 3
    assert "Check login and password" in done.stderr
    assert "geheim-woord" not in done.stderr + done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
def test_ctrl_c_ends_a_run_soon_and_says_so(shop: tuple[Shell, Sandbox]) -> None:
    shell, sandbox = shop
    sandbox.faults.add("GET Products", "hang", after=2)  # the two questions for the first page pass
    command = [sys.executable, "-m", "checks", "run"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=shell.folder, env=environment, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not any(path.endswith("LinkProducts") for _, path, *_ in sandbox.log) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(
        timeout=20
    )  # the hang alone would take the 30 seconds of timeout_seconds, and retries
    assert process.returncode == 130
    assert "Stopped." in told
    sandbox.faults.clear()
    again = shell("run")
    assert "is busy" not in again.stderr


def test_doctor_finds_everything_in_place_and_says_what_is_not(shop: tuple[Shell, Sandbox]) -> None:
    shell, sandbox = shop
    assert {one["question"]: one["verdict"] for one in shell.json("doctor") if one["verdict"] != "ok"} == {
        "may write": "could_not_ask"
    }
    wrong = shell("doctor", KEURMEESTER_SOURCES__WEBSHOP__PASSWORD="wrong-one")
    assert wrong.returncode == 1
    assert "credentials" in wrong.stdout
    sandbox.stop()
    gone = shell.json("doctor", code=1)
    assert {"reachable": "wrong", "credentials": "could_not_ask"}.items() <= {
        one["question"]: one["verdict"] for one in gone
    }.items()


def test_a_fix_from_the_command_line(shop: tuple[Shell, Sandbox]) -> None:
    shell, sandbox = shop
    shell("run")
    plan = shell.json("fix", "plan", "--check", "own-became-central", "--all")
    keys = [item["key"] for item in plan["items"]][:3]
    assert keys
    assert plan["not_planned"]
    asked = shell("fix", "apply", plan["id"])
    assert asked.returncode == 2
    assert "add --yes" in asked.stderr
    options = [part for key in keys for part in ("--key", key)]
    done = shell.json("fix", "apply", "--check", "own-became-central", *options, "--yes")
    assert {one["state"] for one in done} == {"done"}
    assert {one["key"] for one in done} == set(keys)
    assert set(keys) <= set(sandbox.dump()["linked"])
    assert not set(keys) & {one["key"] for one in shell.json("findings", "--check", "own-became-central")}
    shown = shell.json("fix", "show", done[0]["id"])
    assert [step["state"] for step in shown["steps"]]
    listed = shell.json("fix", "list", "--state", "done")
    assert {one["id"] for one in listed} == {one["id"] for one in done}
    assert shell.json("fix", "resume") == [], "nothing was left unfinished"
    calls = len(sandbox.log)
    again = shell("fix", "apply", done[0]["plan"])
    assert again.returncode == 0
    assert "was done already: nothing was sent" in again.stderr
    assert len(sandbox.log) == calls


def test_a_fix_that_could_not_begin_ends_with_3_and_stays_planned(shop: tuple[Shell, Sandbox]) -> None:
    shell, sandbox = shop
    shell("run")
    plan = shell.json("fix", "plan", "--check", "own-became-central", "--all")
    sandbox.stop()
    done = shell("fix", "apply", plan["id"], "--yes")
    assert done.returncode == 3
    assert "not begun" in done.stderr
    assert {one["state"] for one in shell.json("fix", "list", "--plan", plan["id"])} == {"planned"}
