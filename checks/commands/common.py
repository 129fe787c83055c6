"""What several commands share: the settings option, the store, who is asking, and checking what was given."""

from __future__ import annotations

import getpass
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from checks.errors import UsageError
from checks.output import Format
from checks.settings import Settings
from checks.store import Store

Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; else $KEURMEESTER_CONFIG, else ./keurmeester.toml."),
]


def open_store(settings: Settings) -> Store:
    """The store of these settings, migrated."""
    return Store.open(settings.store.url, settings.store.snapshots)


def whoami() -> str:
    """Who starts things from the command line."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no such user
        return "command line"


def allow(format: Format, *allowed: Format) -> None:
    """Raises UsageError where a command cannot write `format`."""
    if format not in allowed:
        raise UsageError(f"--format takes {', '.join(allowed)} here; not {format}.")


def known(option: str, given: Collection[str] | None, values: Collection[str]) -> None:
    """Raises UsageError, listing the known values, where one that was given is none of them."""
    for value in given or ():
        if value not in values:
            raise UsageError(f"--{option} {value}: no such {option}. Known: {', '.join(values)}.")
