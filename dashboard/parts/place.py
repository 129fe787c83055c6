"""Where a page stands: settings, store, who reads it, and their clock. Read once a script run.

Who reads comes from `st.user` alone, which the server fills from a signed cookie: nothing of a session or an address
decides who somebody is. A callback asks anew with `demand`: its page may have been drawn before a role was taken away.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from checks import people
from checks.people import Person, Role
from checks.settings import Settings, load_settings
from checks.store import Store


@dataclass(frozen=True)
class Place:
    """`run` is the newest finished health check, None before the first; `active` the one under way.

    `revision` grows with every event in the life of any finding.
    """

    settings: Settings
    store: Store
    now: datetime
    zone: tzinfo | None
    run: dict[str, Any] | None
    active: dict[str, Any] | None
    revision: int
    person: Person

    @property
    def may_not_fix(self) -> str | None:
        """Why who reads this may not fix, with whom to ask; None when they may."""
        return people.refusal(self.settings, self.person, "fixer", "fix")

    @property
    def is_stale(self) -> bool:
        """Has a finding changed since this script began?"""
        return self.store.revision() != self.revision

    @property
    def shops(self) -> str:
        return ", ".join(source.name for source in self.settings.sources) or "No source yet"


def here() -> Place:
    """The place of this script run.

    Raises:
        SettingsError: no settings file, or something wrong in it.
        StoreError: the store cannot be opened.
    """
    settings = settings_now()
    store = _store(settings.store.url, settings.store.snapshots)
    now, zone, revision = datetime.now(UTC), reader_zone(), store.revision()
    person = reader_person(settings)
    return Place(settings, store, now, zone, store.latest_run(), store.active_run(), revision, person)


def settings_now() -> Settings:
    """The settings as the file has them at this moment. Raises SettingsError."""
    return _settings(os.environ.get("KEURMEESTER_CONFIG"), _stamp())


def reader_zone() -> tzinfo | None:
    """The browser's zone; None (this machine's) where it is not told."""
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def reader() -> str:
    """The name of who is at work, for the journal."""
    return reader_person(settings_now()).name


def reader_person(settings: Settings) -> Person:
    """Who is at work: who signed in; in local use, where nobody has to, else the account the server runs under.

    In a team, where nobody is signed in or the sign-in is too old, `people.NOBODY`.
    """
    user = st.user.to_dict()
    is_in = user.get("is_logged_in") is True
    if settings.team.sign_in:
        if not is_in or people.sign_in_is_over(settings, user, datetime.now(UTC)):
            return people.NOBODY
        return people.signed_in(settings, user)
    email = user.get("email") if is_in else None
    return people.local_person(settings, str(email) if email else _account())


def refusal(role: Role, doing: str) -> str | None:
    """Why who is at work may not do what takes `role`, for beside a disabled button; None when they may."""
    settings = settings_now()
    return people.refusal(settings, reader_person(settings), role, doing)


def demand(role: Role, doing: str) -> Person:
    """Who is at work, for a callback that is about to change something. Raises NotAllowed where their role is too weak."""
    settings = settings_now()
    person = reader_person(settings)
    people.require(settings, person, role, doing)
    return person


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "dashboard"


def _stamp() -> float:
    """When the settings file changed last: a changed file is read anew."""
    file = Path(os.environ.get("KEURMEESTER_CONFIG") or "keurmeester.toml")
    return file.stat().st_mtime if file.is_file() else 0.0


@st.cache_resource(max_entries=2, show_spinner=False)
def _settings(config: str | None, stamp: float) -> Settings:
    return load_settings(Path(config) if config else None)


@st.cache_resource(max_entries=2, show_spinner=False)
def _store(url: str, snapshots: Path) -> Store:
    return Store.open(url, snapshots)
