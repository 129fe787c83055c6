"""What several commands share: the settings option, the store, who is asking, and checking what was given."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.errors import KeurmeesterError, UsageError
from checks.fixes import settle
from checks.output import Format, complain
from checks.people import Person, of_account, whoami
from checks.progress import Progress, heeding_signals
from checks.settings import Settings
from checks.store import Store

Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; else $KEURMEESTER_CONFIG, else ./keurmeester.toml."),
]


def open_store(settings: Settings) -> Store:
    """The store of these settings, migrated."""
    return Store.open(settings.store.url, settings.store.snapshots)


def person(settings: Settings) -> Person:
    """Who starts things from the command line, with the role that the settings give their account."""
    return of_account(settings, whoami())


def settle_first(settings: Settings, store: Store) -> None:
    """Fixes that a killed program left in the middle are completed or put back before anything new is begun."""
    try:
        rows = settle(store, settings)
    except KeurmeesterError as error:
        complain(f"Unfinished fixes could not be settled: {error}")
        return
    for row in rows:
        complain(
            f"{row['fix']} {row['key']}, left unfinished before: {row['state'].replace('_', ' ')}. {row['message']}"
        )


def stopping_gently(progress: Progress) -> AbstractContextManager[None]:
    """Inside, Ctrl+C and SIGTERM ask `progress` to stop, as `progress.heeding_signals` says; it is told on stderr."""
    return heeding_signals(progress, lambda: complain(_STOPPING))


_STOPPING = "Stopping after the product under way; press Ctrl+C again to stop at once."


def formats(*allowed: Format) -> Any:
    """The option `--format` of a command that can write these; `--help` lists them, and no other is taken."""
    words = [str(one) for one in allowed]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

    def chosen(given: str) -> Format:
        if given not in words:
            raise UsageError(f"--format takes {', '.join(words)} here; not {given}.")
        return Format(given)

    return typer.Option("--format", parser=chosen, metavar=f"[{'|'.join(words)}]", help=f"As {listed}.")


#: The option `--format` of most commands.
TableOrJson = Annotated[Format, formats(Format.table, Format.json)]


def allow(format: Format, *allowed: Format) -> None:
    """Raises UsageError where a command cannot write `format`."""
    if format not in allowed:
        raise UsageError(f"--format takes {', '.join(allowed)} here; not {format}.")


def known(option: str, given: Collection[str] | None, values: Collection[str]) -> None:
    """Raises UsageError, listing the known values, where one that was given is none of them."""
    for value in given or ():
        if value not in values:
            raise UsageError(f"--{option} {value}: no such {option}. Known: {', '.join(values)}.")
