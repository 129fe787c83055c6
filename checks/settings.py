"""Settings: `keurmeester.toml` and the environment, validated, with errors that say where to look.

Found by `--config`, else `$KEURMEESTER_CONFIG`, else `./keurmeester.toml`. Every value can be overridden by the
environment: `KEURMEESTER_STORE__URL`, and for a source by its name or position: `KEURMEESTER_SOURCES__WEBSHOP__LOGIN`.
Only `[team]` cannot: who may do what must not be for each to say about themselves.
Passwords come from the environment or a keyring; one written in the file is accepted and warned about when others may
read the file. A password is resolved when it is needed and never printed.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import polars as pl
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from checks.errors import SettingsError
from checks.settings_sources import (
    AnySource,
    EasyFlorSource,
    IbSource,
    KruitboschSource,
    OrestoSource,
    Section,
    Source,
    SupplierSource,
)

FILE_NAME = "keurmeester.toml"
_PREFIX = "KEURMEESTER_"

SYSTEM_NAMES = ("oresto", "kruitbosch", "ib", "easyflor")

#: What a source may have beside it; see `checks.rules.check`.
Beside = Literal["shop", "supplier", "erp"]

#: What a person can be given; see `checks.people`.
GivenRole = Literal["viewer", "fixer", "admin"]


def is_email(text: str) -> bool:
    return re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None


def folded(email: str) -> str:
    """As e-mails are compared: without case, where that is beyond doubt. Letters that only look alike stay apart."""
    return email.lower() if email.isascii() else email


class StoreSettings(Section):
    """Where runs, findings and snapshots live, and for how many days."""

    url: str = Field("sqlite:///keurmeester.db", repr=False)  # may hold a password
    snapshots: Path = Path("snapshots")
    retention_days: int = Field(400, ge=1)
    personal_retention_days: int = Field(90, ge=1)


class CheckSettings(Section):
    """What the rules need to know from a person."""

    languages: list[Annotated[str, Field(pattern="^[a-z]{3}$")]] = Field(["nld", "fra"])
    order_warning_hours: float = Field(24, gt=0)
    order_error_hours: float = Field(72, gt=0)
    disabled: list[str] = Field([])

    def without_disabled(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Findings (`findings.KEPT`) without those of disabled checks: nobody judges them any more."""
        return findings.filter(~pl.col("check").is_in(self.disabled))

    @model_validator(mode="after")
    def _warning_comes_first(self) -> CheckSettings:
        if self.order_warning_hours > self.order_error_hours:
            raise ValueError("order_warning_hours must not be above order_error_hours")
        return self


class DashboardSettings(Section):
    """Where people open the dashboard: links in mails and files begin with it."""

    url: str = "http://127.0.0.1:8501"

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address like https://keurmeester.example.be")
        return url.rstrip("/")


class DigestSettings(Section):
    """Who is told what is new: addresses as Apprise writes them (`mailtos://`, Teams' `workflows://`, `slack://`).

    They hold passwords and tokens: better in the variable that `to_env` names (several, parted by spaces) than here.
    """

    to: list[SecretStr] = Field([], repr=False)
    to_env: str | None = None


class TeamSettings(Section):
    """Who may do what, where more than one person works with it: `sign_in = true` turns team use on.

    Roles by e-mail (`people`), by a value of the sign-in's `claim` (`claims`), and by account of this machine for the
    command line (`accounts`). `anyone`: the role of who can sign in and is not named.
    """

    sign_in: bool
    sign_in_hours: float = Field(12, gt=0)  # then a person signs in again: a role by claim is as old as that
    claim: str = Field("roles", min_length=1)
    anyone: Literal["viewer", "nobody"] = "nobody"
    people: dict[str, GivenRole] = Field({})
    claims: dict[str, GivenRole] = Field({})
    accounts: dict[str, GivenRole] = Field({})

    @field_validator("people")
    @classmethod
    def _by_folded_email(cls, people: dict[str, GivenRole]) -> dict[str, GivenRole]:
        by_email: dict[str, GivenRole] = {}
        for email, role in people.items():
            if not is_email(email):
                raise ValueError(f'{email!r} is no e-mail address; expected "ann@example.be" = "fixer"')
            if folded(email) in by_email:
                raise ValueError(f"{email} stands there twice: capitals make no difference")
            by_email[folded(email)] = role
        return by_email

    @model_validator(mode="after")
    def _somebody_has_a_role(self) -> TeamSettings:
        if self.sign_in and not (self.people or self.claims or self.anyone == "viewer"):
            raise ValueError(
                "sign_in is on and nobody has a role: name people in [team.people] "
                '("ann@example.be" = "admin") or values of the claim in [team.claims]'
            )
        return self


class Settings(BaseSettings):
    """Everything the program is told. `file` is where it came from, None when there was no file."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    store: StoreSettings = StoreSettings()
    checks: CheckSettings = CheckSettings()
    dashboard: DashboardSettings = DashboardSettings()
    digest: DigestSettings = DigestSettings()
    team: TeamSettings = TeamSettings(sign_in=False)
    sources: list[AnySource] = []
    file: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
        )  # the environment is merged in `load_settings`, where a source is found by its name

    @model_validator(mode="after")
    def _names_are_unique(self) -> Settings:
        names = [source.name for source in self.sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sources are called {twice[0]!r}: names must be unique")
        return self

    @property
    def shops(self) -> list[OrestoSource]:
        return [source for source in self.sources if isinstance(source, OrestoSource)]

    @property
    def suppliers(self) -> list[SupplierSource]:
        return [source for source in self.sources if isinstance(source, SupplierSource)]

    @property
    def erps(self) -> list[EasyFlorSource]:
        return [source for source in self.sources if isinstance(source, EasyFlorSource)]

    def beside(self, source: Source) -> set[Beside]:
        """What there is beside this source, for checks that compare the two."""
        if not isinstance(source, OrestoSource):
            return {"shop"} if self.shops else set()
        found: set[Beside] = set()
        if self.suppliers:
            found.add("supplier")
        if self.erps:
            found.add("erp")
        return found

    def shop(self, name: str) -> OrestoSource:
        """The web shop of that name; SettingsError where it is none."""
        source = self.source(name)
        if not isinstance(source, OrestoSource):
            shops = ", ".join(one.name for one in self.shops) or "none"
            raise SettingsError(
                f"{self.file or 'the settings'}: {name} is no web shop ({source.system}). Web shops: {shops}."
            )
        return source

    def source(self, name: str) -> OrestoSource | KruitboschSource | IbSource | EasyFlorSource:
        """The source of that name; SettingsError lists the known ones."""
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.sources) or "none"
        raise SettingsError(
            f"{self.file or 'the settings'}: there is no source {name!r}. Known sources: {known}."
        )

    def known_checks(self, ids: Collection[str]) -> None:
        """Raises SettingsError where `checks.disabled` names a check that does not exist."""
        for check in self.checks.disabled:
            if check not in ids:
                raise SettingsError(
                    f"{self.file or 'the settings'}: checks.disabled: there is no check {check!r}. "
                    f"Checks: {', '.join(ids)}."
                )


def load_settings(config: Path | None = None) -> Settings:
    """Reads and validates the settings. Relative paths are relative to the settings file's folder.

    Raises:
        SettingsError: names the file, the key and what was expected.
    """
    file = _find(config)
    values = _read(file)
    _merge(values, _from_environment(), where=file)
    try:
        settings = Settings.model_validate({**values, "file": file})
    except ValidationError as error:
        raise SettingsError(f"{file}: " + "; ".join(_explain(error, values))) from None
    _warn_about_readable_passwords(settings)
    return _anchored(settings, file.parent)


def _find(config: Path | None) -> Path:
    if config is not None:
        chosen, why = config, "--config"
    elif os.environ.get(f"{_PREFIX}CONFIG"):
        chosen, why = Path(os.environ[f"{_PREFIX}CONFIG"]), f"${_PREFIX}CONFIG"
    else:
        chosen, why = Path(FILE_NAME), "the current folder"
    if not chosen.is_file():
        raise SettingsError(
            f"{chosen}: no such settings file (looked for by {why}). Write one as the README shows, "
            "name it with --config, or try `keurmeester demo`, which needs none."
        )
    return chosen.resolve()


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}. Mend that line.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from None


def _from_environment() -> dict[str, Any]:
    known = set(Settings.model_fields) - {"file", "team"}
    for name in os.environ:
        section, nested, _ = name.upper().removeprefix(_PREFIX).partition("__")
        if name.upper().startswith(_PREFIX) and section == "TEAM":
            raise SettingsError(
                f"environment variable {name}: who may do what stands in keurmeester.toml alone, for anybody can set a "
                "variable for themselves. Take it away, and write it under [team] there."
            )
        if name.upper().startswith(_PREFIX) and nested and section.lower() not in known:
            raise SettingsError(
                f"environment variable {name}: no such setting. Sections: {', '.join(sorted(known))}."
            )
    found = EnvSettingsSource(Settings)()
    return {section: found[section] for section in found if section in known}


def _merge(values: dict[str, Any], environment: dict[str, Any], where: Path) -> None:
    for section, given in environment.items():
        if section != "sources":
            values[section] = {**values.get(section, {}), **given}
        elif isinstance(given, list):
            values[section] = given
        else:
            _merge_sources(values.get("sources", []), given, where)


def _merge_sources(sources: list[dict[str, Any]], given: dict[str, Any], where: Path) -> None:
    for which, fields in given.items():
        chosen = [
            source
            for position, source in enumerate(sources)
            if which == str(position) or which == str(source.get("name", "")).lower().replace("-", "_")
        ]
        if len(chosen) != 1:
            names = ", ".join(str(source.get("name")) for source in sources) or "none"
            raise SettingsError(
                f"environment variable {_PREFIX}SOURCES__{which.upper()}__...: {where} has no source of that name. "
                f"Sources: {names}."
            )
        if any(field.startswith("password") for field in fields):
            for way in ("password", "password_env", "password_keyring"):
                chosen[0].pop(way, None)
        chosen[0].update(fields)


def _explain(error: ValidationError, values: dict[str, Any]) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        place = _place(one["loc"], values)
        if one["type"] in ("union_tag_invalid", "union_tag_not_found"):
            known = one.get("ctx", {}).get("expected_tags")
            yield f"{place}.system: expected one of {known or ', '.join(SYSTEM_NAMES)}."
        elif one["type"] == "extra_forbidden":
            yield f"{place}: no such setting. Check the spelling against the README."
        else:
            yield f"{place}: {one['msg'].removeprefix('Value error, ')}"


def _without_tag(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """`sources.0.ib.companies` without the system's name, which stands in no file at this place."""
    if len(place) > 2 and place[0] == "sources" and place[2] in SYSTEM_NAMES:
        return (*place[:2], *place[3:])
    return place


def _place(parts: tuple[int | str, ...], values: dict[str, Any]) -> str:
    """`sources.0.limited.1` as `sources.webshop.limited.1`."""
    place = _without_tag(parts)
    named = [
        _named(part, values) if place[:1] == ("sources",) and at == 1 else str(part)
        for at, part in enumerate(place)
    ]
    return ".".join(named) or "settings"


def _named(part: int | str, values: dict[str, Any]) -> str:
    """`sources.0` reads better as `sources.webshop`."""
    sources = values.get("sources")
    if (
        isinstance(part, int)
        and isinstance(sources, list)
        and part < len(sources)
        and isinstance(sources[part], dict)
    ):
        return str(sources[part].get("name", part))
    return str(part)


def _warn_about_readable_passwords(settings: Settings) -> None:
    file = settings.file
    if file is None or os.name == "nt" or not any(source.password for source in settings.sources):
        return
    if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        warnings.warn(
            f"{file} holds a password and other people on this machine may read it: "
            f"chmod 600 {file.name}, or use password_env.",
            stacklevel=3,
        )


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Relative SQLite files and snapshot folders belong to the settings file, not to the current folder."""
    store = settings.store
    url = store.url
    for prefix in ("sqlite:///", "sqlite+pysqlite:///"):
        path = url.removeprefix(prefix)
        if url.startswith(prefix) and path and path != ":memory:" and not Path(path).is_absolute():
            url = f"{prefix}{(folder / path).as_posix()}"
    anchored = store.model_copy(update={"url": url, "snapshots": folder / store.snapshots})
    return settings.model_copy(update={"store": anchored})
