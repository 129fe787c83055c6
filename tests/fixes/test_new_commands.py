"""Plans without a finding on the command line: listed, shown, applied, undone; planned only where they come from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.fixes import ONBOARDING
from tests.fixes.conftest import World, make_one_world
from tests.fixes.new_scenarios import New, client_of, new_link, own_of

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_one_world(tmp_path_factory.mktemp("commands"), size=120) as made:
        yield made


def run(world: World, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "checks", "fix", *arguments, "--config", str(world.settings.file)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def fix(world: World, *arguments: str, code: int = 0) -> str:
    return run(world, *arguments, code=code).stdout


def as_json(world: World, *arguments: str) -> Any:
    return json.loads(fix(world, *arguments, "--format", "json"))


def test_a_plan_is_shown_applied_listed_and_undone(world: World) -> None:
    before = world.sandbox.dump()
    plan = new_link(world).plan(world)
    shown = as_json(world, "show", plan.id)
    assert (shown["check"], shown["fix"], shown["items"][0]["requests"]) == (
        ONBOARDING,
        "create-link",
        ["POST /LinkProducts"],
    )
    assert "1 product: 1 safe" in fix(world, "show", plan.id)
    fix(world, "apply", plan.id, "--yes")
    (row,) = as_json(world, "list", "--check", ONBOARDING, "--state", "done")
    assert (row["key"], row["state"], [step["state"] for step in row["steps"]]) == (
        "NEW-1",
        "done",
        ["done"] * 2,
    )
    assert "NEW-1: done" in fix(world, "show", row["id"])
    fix(world, "undo", row["id"], "--yes")
    assert world.sandbox.dump() == before


def test_a_client_is_counted_as_one(world: World) -> None:
    plan = New(ONBOARDING, "K-1", fix="create-client", given=client_of(world, "K-1")).plan(world)
    assert "create-client, 1 client: 1 confirm" in fix(world, "show", plan.id)


def test_what_was_begun_is_resumed(world: World) -> None:
    plan = New(ONBOARDING, "R-1", fix="create-own", given=own_of(world, 55)).plan(world)
    world.sandbox.faults.add("POST Products", "reset")
    fix(world, "apply", plan.id, "--yes", code=4)
    world.sandbox.faults.clear()
    fix(world, "resume")
    assert "R-1" in world.sandbox.dump()["own"]


def test_it_is_not_planned_from_findings(world: World) -> None:
    done = run(world, "plan", "--check", ONBOARDING, "--all", code=2)
    assert "in the notebook onboarding" in " ".join(done.stderr.split())
