"""Who may do what: roles by e-mail, claim and account, asked again each time; and what a team's server needs."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from checks.commands import common, daily, upkeep
from checks.commands.serving import serve
from checks.commands.sign_in import secrets_file
from checks.errors import NotAllowed, UsageError
from checks.people import (
    NOBODY,
    Person,
    local_person,
    of_account,
    refusal,
    require,
    sign_in_is_over,
    signed_in,
)
from checks.settings import Settings, load_settings

TEAM = """
[team]
sign_in = true
claim = "roles"

[team.people]
"Ann@shop.be" = "viewer"
"els@shop.be" = "fixer"

[team.claims]
"keurmeester-admins" = "admin"

[team.accounts]
night = "admin"
"""

Make = Callable[[str], Settings]


@pytest.fixture
def settings_of(tmp_path: Path) -> Make:
    """Settings from a file with this in it."""

    def make(toml: str) -> Settings:
        file = tmp_path / "keurmeester.toml"
        file.write_text(toml, encoding="utf-8")
        return load_settings(file)

    return make


@pytest.fixture
def team(settings_of: Make) -> Settings:
    return settings_of(TEAM)


@pytest.fixture
def alone(settings_of: Make) -> Settings:
    return settings_of("")


def may(settings: Settings, person: Person, role: Any) -> bool:
    return refusal(settings, person, role, "do it") is None


def test_alone_one_person_may_everything(alone: Settings) -> None:
    assert local_person(alone, "jan") == Person("jan", "admin", "local")
    assert of_account(alone, "jan") == Person("jan", "admin", "local")
    require(alone, local_person(alone, "jan"), "admin", "purge")


@pytest.mark.parametrize(
    ("claims", "name", "role"),
    [
        ({"email": "els@shop.be"}, "els@shop.be", "fixer"),
        ({"email": "ELS@Shop.be", "email_verified": True}, "ELS@Shop.be", "fixer"),
        ({"email": "ann@shop.be"}, "ann@shop.be", "viewer"),
        ({"email": "ann@shop.be", "roles": ["staff", "keurmeester-admins"]}, "ann@shop.be", "admin"),
        ({"email": "ann@shop.be", "roles": "keurmeester-admins"}, "ann@shop.be", "admin"),
        ({"email": "piet@shop.be", "roles": ["staff"]}, "piet@shop.be", "nobody"),
        ({"email": "els@shop.be", "email_verified": False}, "els@shop.be (no confirmed e-mail)", "nobody"),
        ({"email": "els@shop.be", "email_verified": "false"}, "els@shop.be (no confirmed e-mail)", "nobody"),
        ({"preferred_username": "els@shop.be"}, "els@shop.be (no confirmed e-mail)", "nobody"),
        ({"name": "els@shop.be", "email": None}, "els@shop.be (no confirmed e-mail)", "nobody"),
        ({"sub": "77", "roles": [7, "keurmeester-admins"]}, "77 (no confirmed e-mail)", "admin"),
        ({"email": "els@\u017fhop.be"}, "els@\u017fhop.be", "nobody"),  # a letter that folds to an s
        ({}, "somebody (no confirmed e-mail)", "nobody"),
    ],
)
def test_the_strongest_role_that_fits_counts(
    team: Settings, claims: dict[str, Any], name: str, role: str
) -> None:
    person = signed_in(team, claims)
    assert (person.name, person.role, person.via) == (name, role, "sign-in")


def test_whoever_can_sign_in_may_look_where_the_settings_say_so(settings_of: Make) -> None:
    open_to_all = settings_of(TEAM.replace("[team]", '[team]\nanyone = "viewer"'))
    assert signed_in(open_to_all, {"email": "piet@shop.be"}).role == "viewer"
    assert signed_in(open_to_all, {"email": "els@shop.be"}).role == "fixer"
    assert not may(open_to_all, NOBODY, "viewer"), "who did not sign in is not anyone"


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["keurmeester-admins"]}}),
        ("https://shop.be/roles", {"https://shop.be/roles": ["keurmeester-admins"]}),
    ],
)
def test_a_claim_may_stand_in_another_or_have_dots_in_its_name(
    settings_of: Make, claim: str, claims: dict[str, Any]
) -> None:
    settings = settings_of(TEAM.replace('claim = "roles"', f'claim = "{claim}"'))
    assert signed_in(settings, claims).role == "admin"
    assert signed_in(settings, {"realm_access": "keurmeester-admins"}).role == "nobody"


def test_a_refusal_says_who_what_and_whom_to_ask(team: Settings) -> None:
    with pytest.raises(NotAllowed) as error:
        require(team, signed_in(team, {"email": "ann@shop.be"}), "fixer", "fix")
    assert str(error.value) == (
        "ann@shop.be may look, not fix: that takes the role fixer. Ask an admin to write "
        '"ann@shop.be" = "fixer" under [team.people] in keurmeester.toml.'
    )
    told = refusal(team, of_account(team, "ann"), "admin", "purge")
    assert told is not None
    assert '"ann" = "admin" under [team.accounts]' in told
    told = refusal(team, signed_in(team, {"sub": "77"}), "fixer", "fix")
    assert told is not None
    assert "your claim 'roles' under [team.claims]" in told


@pytest.mark.parametrize("role", ["fixer", "admin"])
@pytest.mark.parametrize(
    "person",
    [
        NOBODY,
        Person("jan", "admin", "local"),
        Person("ann@shop.be", "admin", "sign-in"),
        Person("piet@shop.be", "admin", "sign-in", ("staff",)),
        Person("piet", "admin", "account"),
        Person("els@shop.be", "admin", "account"),
        Person("night", "admin", "sign-in"),
    ],
)
def test_a_person_who_claims_more_than_the_settings_give_is_refused(
    team: Settings, person: Person, role: Any
) -> None:
    with pytest.raises(NotAllowed):
        require(team, person, role, "fix")


def test_who_was_taken_out_has_lost_it_at_once(settings_of: Make) -> None:
    before = settings_of(TEAM)
    els, night = signed_in(before, {"email": "els@shop.be"}), of_account(before, "night")
    by_claim = signed_in(before, {"email": "jan@shop.be", "roles": ["keurmeester-admins"]})
    assert all(may(before, person, "fixer") for person in (els, night, by_claim))
    after = settings_of('[team]\nsign_in = true\n[team.people]\n"jef@shop.be" = "admin"\n')
    assert not any(may(after, person, "fixer") for person in (els, night, by_claim))


def test_a_fixer_is_no_admin_and_nobody_gains_by_waiting(team: Settings, settings_of: Make) -> None:
    els = signed_in(team, {"email": "els@shop.be"})
    assert may(team, els, "fixer")
    assert not may(team, els, "admin")
    raised = settings_of(TEAM.replace('"els@shop.be" = "fixer"', '"els@shop.be" = "admin"'))
    assert not may(raised, els, "admin"), "what was begun as a fixer stays a fixer's"


def test_a_sign_in_is_over_after_its_hours(team: Settings) -> None:
    now = datetime.now(UTC)
    for hours, over in ((11, False), (13, True)):
        issued = int((now - timedelta(hours=hours)).timestamp())
        assert sign_in_is_over(team, {"iat": issued}, now) is over


# The command line.


def test_the_account_is_the_systems_word_not_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    before = common.whoami()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "night")
    assert common.whoami() == before != "night"


@pytest.fixture
def type_as(
    team: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., BaseException | typer.Exit | None]:
    """`type_as("ann", "purge")`: a command of a team's account; what it raised."""
    app = typer.Typer()
    for command in (upkeep.accept, upkeep.snooze, upkeep.reopen, upkeep.comment, upkeep.purge, daily.run):
        app.command(command.__name__)(command)

    def run(account: str, *arguments: str) -> BaseException | None:
        monkeypatch.setattr(common, "whoami", lambda: account)
        return CliRunner().invoke(app, [*arguments, "--config", str(team.file)]).exception

    return run


@pytest.mark.parametrize(
    "command",
    [
        ("accept", "1234abcd", "--reason", "Fine."),
        ("snooze", "1234abcd", "--until", "2030-01-01"),
        ("reopen", "1234abcd"),
        ("comment", "1234abcd", "--text", "Hm."),
        ("purge",),
    ],
)
def test_an_account_without_a_role_decides_nothing_at_the_command_line(
    type_as: Callable[..., Any], command: tuple[str, ...]
) -> None:
    assert isinstance(type_as("ann", *command), NotAllowed)
    assert not isinstance(type_as("night", *command), NotAllowed)


def test_a_health_check_takes_a_fixer_and_leaves_no_trace_of_who_may_not(
    type_as: Callable[..., Any], team: Settings
) -> None:
    assert team.file is not None
    refused = type_as("ann", "run")
    assert isinstance(refused, NotAllowed)
    assert "ann may look, not start a health check" in str(refused)
    assert [file.name for file in team.file.parent.iterdir()] == [team.file.name], "no store was opened"
    assert not isinstance(type_as("night", "run"), NotAllowed)


def test_what_would_go_anybody_may_see(type_as: Callable[..., Any]) -> None:
    assert type_as("ann", "purge", "--dry-run") is None


# What a team's server needs.

AUTH = """
[auth]
redirect_uri = "http://127.0.0.1:8501/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "keurmeester"
client_secret = "very-secret"
server_metadata_url = "https://login.shop.be/.well-known/openid-configuration"
"""


def written(settings: Settings, toml: str) -> Path:
    assert settings.file is not None
    file = settings.file.parent / ".streamlit" / "secrets.toml"
    file.parent.mkdir(exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(toml, encoding="utf-8")
    return file


def test_alone_no_sign_in_is_asked_for(alone: Settings) -> None:
    assert secrets_file(alone) is None


def test_a_team_finds_its_sign_in_beside_the_settings(team: Settings) -> None:
    file = written(team, AUTH)
    assert secrets_file(team) == file


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[auth]", "[oauth]", "it has no \\[auth\\] table"),
        ('client_id = "keurmeester"', "", "lacks client_id"),
        ("/oauth2callback", "/", "redirect_uri must end with /oauth2callback"),
        ("0123456789abcdef0123456789abcdef", "short", "cookie_secret must have 32 characters"),
        ("[auth]", "[auth", "not valid TOML"),
    ],
)
def test_a_team_that_could_not_sign_in_is_told_what_to_write(
    team: Settings, old: str, new: str, told: str
) -> None:
    assert old in AUTH
    written(team, AUTH.replace(old, new))
    with pytest.raises(UsageError, match=told) as error:
        secrets_file(team)
    assert 'redirect_uri = "http://127.0.0.1:8501/oauth2callback"' in str(error.value)
    assert "very-secret" not in str(error.value)


def test_a_team_without_the_file_is_told_where_it_belongs(team: Settings) -> None:
    assert team.file is not None
    with pytest.raises(UsageError, match=r"secrets\.toml: there is no such file"):
        secrets_file(team)


def test_a_team_is_not_moved_to_another_port(team: Settings) -> None:
    written(team, AUTH)
    app = typer.Typer()
    app.command("serve")(serve)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = CliRunner().invoke(app, ["--config", str(team.file), "--port", port]).exception
    assert isinstance(refused, UsageError)
    assert f"Port {port} is taken" in str(refused)


def test_secrets_that_others_may_read_are_warned_about(
    team: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    written(team, AUTH).chmod(0o644)
    secrets_file(team)
    assert "chmod 600" in " ".join(capsys.readouterr().err.split())
