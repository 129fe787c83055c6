"""A viewer fixes nothing, whichever door they try: every function of the repairs, every job, every command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from checks import fixes, jobs, people
from checks.commands import common
from checks.commands.fixes import app
from checks.errors import NotAllowed
from checks.people import Person
from checks.settings import Settings, TeamSettings

TEAM = TeamSettings(sign_in=True, people={"ann@shop.be": "viewer", "els@shop.be": "fixer"})
TOML = '\n[team]\nsign_in = true\n[team.people]\n"els@shop.be" = "fixer"\n[team.accounts]\nels = "fixer"\n'

#: None of them may fix, whatever role they say they have.
REFUSED = [
    Person("ann@shop.be", "viewer", "sign-in"),
    Person("ann@shop.be", "admin", "sign-in"),
    Person("jan", "admin", "local"),
    Person("els@shop.be", "admin", "account"),
    people.NOBODY,
]


@pytest.fixture
def team(world: Any) -> Settings:
    settings: Settings = world.settings.model_copy(update={"team": TEAM})
    return settings


def doors(world: Any, team: Settings, plan: Any, by: Person) -> dict[str, Callable[[], Any]]:
    """Every way in, by the name of its function."""
    key, fix = plan.items[0].key, world.store.journal.fixes(plan_id=plan.id)[0]["id"]
    store, check = world.store, plan.check
    return {
        "make_plan": lambda: fixes.make_plan(store, team, check, keys=[key], by=by),
        "plan_new": lambda: fixes.plan_new(store, team, "create-link", {"N1": {}}, by=by),
        "plan_new_in_batches": lambda: fixes.plan_new_in_batches(
            store, team, "create-link", {"N1": {}}, batch=5, by=by
        ),
        "plan_undo": lambda: fixes.plan_undo(store, team, [fix], by=by),
        "apply_plan": lambda: fixes.apply_plan(store, team, plan.id, by=by),
        "resume": lambda: fixes.resume(store, team, by=by),
        "leave_as_is": lambda: fixes.leave_as_is(store, team, fix, by=by, because="so"),
        "discard": lambda: fixes.discard(store, team, plan.id, by=by),
        "ask_worker": lambda: fixes.ask_worker(store, team, plan.source, "stop", by=by),
        "start_plan": lambda: jobs.start_plan(team, check, [key], by),
        "start_undo": lambda: jobs.start_undo(team, [fix], by),
        "start_apply": lambda: jobs.start_apply(team, plan.id, by),
        "start_resume": lambda: jobs.start_resume(team, by, fix),
    }


def test_no_door_is_forgotten(world: Any, team: Settings) -> None:
    plan = world.plan(world.take())
    open_to = {
        name
        for module, names in ((fixes, fixes.__all__), (jobs, dir(jobs)))
        for name in names
        if inspect.isfunction(one := getattr(module, name)) and one.__annotations__.get("by") == "Person"
    }
    assert open_to == doors(world, team, plan, REFUSED[0]).keys()


@pytest.mark.parametrize("by", REFUSED, ids=lambda by: f"{by.name}, {by.role}, {by.via}")
def test_a_viewer_is_refused_at_every_door(world: Any, team: Settings, by: Person) -> None:
    plan = world.plan(world.take())
    shop, plans, log = world.sandbox.dump(), world.store.journal.plans(), len(world.log)
    for name, door in doors(world, team, plan, by).items():
        with pytest.raises(NotAllowed, match="takes the role fixer"):
            pytest.fail(f"{name} let them in: {door()}")
    assert world.sandbox.dump() == shop
    assert len(world.log) == log
    assert world.store.journal.plans() == plans
    assert {row["state"] for row in world.store.journal.fixes(plan_id=plan.id)} == {"planned"}


def test_a_fixer_is_let_in_and_the_journal_says_who(world: Any, team: Settings) -> None:
    els = people.signed_in(team, {"email": "els@shop.be"})
    plan = fixes.make_plan(world.store, team, "own-became-central", keys=[world.take()], by=els)
    [row] = fixes.apply_plan(world.store, team, plan.id, by=els)
    assert (row["state"], row["by"]) == ("done", "els@shop.be")


@pytest.mark.parametrize(
    "command",
    [
        "plan --check own-became-central --key {key}",
        "apply {plan} --yes",
        "apply --check own-became-central --key {key} --yes",
        "undo {fix} --yes",
        "resume",
        "pause",
        "continue",
        "stop",
        "discard {plan}",
        "leave {fix} --because so",
    ],
)
def test_an_account_without_a_role_is_refused_at_the_command_line(
    world: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    plan = world.plan(world.take())
    fix = world.store.journal.fixes(plan_id=plan.id)[0]["id"]
    text = world.settings.file.read_text(encoding="utf-8")
    if "[team]" not in text:
        world.settings.file.write_text(text + TOML, encoding="utf-8")
    shop = world.sandbox.dump()
    monkeypatch.setattr(common, "whoami", lambda: "ann")
    monkeypatch.setenv("USER", "els")
    words = command.format(key=plan.items[0].key, plan=plan.id, fix=fix).split()
    refused = CliRunner().invoke(app, [*words, "--config", str(world.settings.file)]).exception
    assert isinstance(refused, NotAllowed)
    assert '"ann" = "fixer" under [team.accounts]' in str(refused)
    assert world.sandbox.dump() == shop
    assert world.store.journal.fix(fix)["state"] == "planned"
