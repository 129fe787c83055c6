"""Settings: found, overridden, and wrong ones told with file, key and expectation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.errors import SettingsError
from checks.settings import load_settings

GOOD = """
[store]
url = "sqlite:///keurmeester.db"

[checks]
order_warning_hours = 12

[[sources]]
name = "webshop"
system = "oresto"
base_url = "https://api-test.example.be/api/"
login = "demo"
password_env = "WEBSHOP_PASSWORD"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "keurmeester.toml"
    written.write_text(GOOD, encoding="utf-8")
    return written


def test_paths_are_relative_to_the_file(file: Path) -> None:
    settings = load_settings(file)
    assert settings.store.url == f"sqlite:///{(file.parent / 'keurmeester.db').as_posix()}"
    assert settings.store.snapshots == file.parent / "snapshots"


def test_the_environment_names_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(file))
    assert load_settings().checks.order_warning_hours == 12


@pytest.mark.parametrize("which", ["WEBSHOP", "0"])
def test_the_environment_overrides_any_value(file: Path, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    monkeypatch.setenv("KEURMEESTER_STORE__RETENTION_DAYS", "30")
    monkeypatch.setenv(f"KEURMEESTER_SOURCES__{which}__LOGIN", "nightly")
    settings = load_settings(file)
    assert settings.store.retention_days == 30
    assert settings.source("webshop").login == "nightly"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("order_warning_hours", "order_waring_hours", r"checks\.order_waring_hours: no such setting"),
        ("login = ", "log_in = ", r"sources\.webshop\.login: Field required"),
        (
            'login = "demo"',
            'login = "demo"\npage_size = "many"',
            r"sources\.webshop\.page_size: .*valid integer",
        ),
        ("https://api-test", "ftp://api-test", r"base_url: must be an address like https"),
        ("https://", "https://demo:geheim@", r"must not hold a login or password"),
        ('system = "oresto"', 'system = "sap"', r"sources\.webshop\.system: .*'oresto'"),
        ("password_env", "password_keyring", r"password_keyring"),
        ("[checks]", "[checks", r"not valid TOML"),
        ("= 12", "= 100", r"order_warning_hours must not be above order_error_hours"),
    ],
)
def test_a_wrong_setting_names_file_key_and_expectation(file: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as error:
        load_settings(file)
    assert str(file) in str(error.value)
    assert "geheim" not in str(error.value)


def test_an_unknown_variable_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEURMEESTER_STOER__URL", "x")
    with pytest.raises(SettingsError, match="KEURMEESTER_STOER__URL: no such setting"):
        load_settings(file)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KEURMEESTER_CONFIG", raising=False)
    with pytest.raises(SettingsError, match=r"the current folder.*keurmeester demo"):
        load_settings()


def test_a_password_that_is_not_set_names_its_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBSHOP_PASSWORD", raising=False)
    with pytest.raises(SettingsError, match="WEBSHOP_PASSWORD is not set"):
        load_settings(file).source("webshop").secret()


def test_a_password_comes_from_the_environment_and_is_never_printed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSHOP_PASSWORD", "very-secret")
    monkeypatch.setenv("KEURMEESTER_STORE__URL", "postgresql://me:also-secret@db/keurmeester")
    settings = load_settings(file)
    assert settings.source("webshop").secret() == "very-secret"
    assert "secret" not in repr(settings)


@pytest.mark.skipif(os.name == "nt", reason="file modes are Unix's")
def test_a_password_that_others_may_read_is_warned_about(file: Path) -> None:
    file.write_text(GOOD.replace("password_env", "password"), encoding="utf-8")
    file.chmod(0o644)
    with pytest.warns(UserWarning, match="chmod 600"):
        settings = load_settings(file)
    assert "WEBSHOP_PASSWORD" not in repr(settings)


def test_two_sources_of_one_name_are_refused(file: Path) -> None:
    table = GOOD[GOOD.index("[[sources]]") :]
    file.write_text(GOOD + table, encoding="utf-8")
    with pytest.raises(SettingsError, match="two sources are called 'webshop'"):
        load_settings(file)


def test_a_disabled_check_that_does_not_exist_is_told(file: Path) -> None:
    file.write_text(GOOD.replace("[checks]", '[checks]\ndisabled = ["missing-foto"]'), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"no check 'missing-foto'\. Checks: missing-photo"):
        load_settings(file).known_checks(["missing-photo"])


TEAM = """
[team]
sign_in = true
anyone = "viewer"

[team.people]
"Ann@example.be" = "admin"
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sign_in = true", "", r"team\.sign_in: Field required"),
        ('"viewer"', '"fixer"', r"team\.anyone: .*'viewer' or 'nobody'"),
        ('"admin"', '"boss"', r"team\.people\.Ann@example\.be: .*'viewer', 'fixer' or 'admin'"),
        ("Ann@example.be", "Ann", r"team\.people: 'Ann' is no e-mail address"),
        (
            "[team.people]",
            '[team.people]\n"ann@EXAMPLE.be" = "viewer"',
            r"team\.people: .* stands there twice",
        ),
        (
            'anyone = "viewer"\n\n[team.people]\n"Ann@example.be" = "admin"',
            "",
            r"team: sign_in is on and nobody has a role",
        ),
    ],
)
def test_a_wrong_team_is_told(file: Path, old: str, new: str, told: str) -> None:
    assert old in TEAM
    file.write_text(GOOD + TEAM.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load_settings(file)


def test_without_a_team_nobody_signs_in(file: Path) -> None:
    assert not load_settings(file).team.sign_in
    file.write_text(GOOD + TEAM, encoding="utf-8")
    assert load_settings(file).team.people == {"ann@example.be": "admin"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEURMEESTER_TEAM__SIGN_IN", "false"),
        ("KEURMEESTER_TEAM__ACCOUNTS", '{"jan": "admin"}'),
        ("KEURMEESTER_TEAM", '{"sign_in": false}'),
        ("keurmeester_team__sign_in", "false"),
    ],
)
def test_a_variable_cannot_switch_the_team_off(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    file.write_text(GOOD + TEAM, encoding="utf-8")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"{name}: who may do what stands in keurmeester\.toml alone"):
        load_settings(file)
