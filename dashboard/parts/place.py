"""Where a page stands: settings, store, the reader's clock and name. Read once a script run."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

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
    settings = _settings(os.environ.get("KEURMEESTER_CONFIG"), _stamp())
    store = _store(settings.store.url, settings.store.snapshots)
    now, zone, revision = datetime.now(UTC), reader_zone(), store.revision()
    return Place(settings, store, now, zone, store.latest_run(), store.active_run(), revision)


def reader_zone() -> tzinfo | None:
    """The browser's zone; None (this machine's) where it is not told."""
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def reader() -> str:
    """Who is at work, for the journal: the signed-in address, else the account the server runs under."""
    if st.user.get("is_logged_in") and st.user.get("email"):
        return str(st.user["email"])
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
