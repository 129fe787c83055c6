"""Is everything in place? Per source: reachable, credentials, permissions, clock, schema drift; and store and disk.

Nothing is changed at a source; a store that is not there yet is made. Each question has three answers: ok, wrong, or could not be asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from checks.errors import CredentialsRefused, Deferred, SettingsError, SourceError, StoreError
from checks.settings import Settings
from checks.settings_sources import Source
from checks.sources.client import Client
from checks.sources.systems import system_of
from checks.store import Store

Verdict = Literal["ok", "wrong", "could_not_ask"]

_CLOCK_SECONDS = 120
_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Diagnosis:
    """One question and its answer. `detail` says what to do when it is wrong."""

    subject: str
    question: str
    verdict: Verdict
    detail: str


def diagnose(settings: Settings) -> Iterator[Diagnosis]:
    """Every question, in the order a person would ask them."""
    yield from _store(settings)
    yield _disk(settings)
    if not settings.sources:
        yield Diagnosis(
            "settings", "sources", "wrong", "There is none: add a [[sources]] table as the README shows."
        )
    for source in settings.sources:
        yield from _source(source)


def _store(settings: Settings) -> Iterator[Diagnosis]:
    try:
        store = Store.open(settings.store.url, settings.store.snapshots)
    except StoreError as error:
        yield Diagnosis("store", "opens", "wrong", str(error))
        return
    last = store.latest_run()
    store.close()
    yield Diagnosis("store", "opens", "ok", "Opened and up to date.")
    told = "none yet" if last is None else f"{last['finished_at']:%Y-%m-%d %H:%M} UTC, {last['status']}"
    yield Diagnosis("store", "last run", "ok", told)


def _disk(settings: Settings) -> Diagnosis:
    folder = settings.store.snapshots
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    verdict: Verdict = "ok" if free >= _DISK_BYTES else "wrong"
    advice = "" if verdict == "ok" else " Make room, or lower store.retention_days."
    return Diagnosis("disk", "free space", verdict, f"{free / 1e9:,.1f} GB free for snapshots.{advice}")


def _source(source: Source) -> Iterator[Diagnosis]:
    name, system = source.name, system_of(source)
    try:
        client = system.connect(source, None)
    except SettingsError as error:
        yield Diagnosis(name, "credentials", "wrong", str(error))
        return
    with client:
        try:
            doubt = system.reach(client)
        except CredentialsRefused as error:
            yield Diagnosis(name, "reachable", "ok", source.base_url)
            yield Diagnosis(name, "credentials", "wrong", f"{error.happened} {error.advice}")
            return
        except Deferred as error:
            yield Diagnosis(name, "reachable", "ok", source.base_url)
            yield Diagnosis(name, "credentials", "could_not_ask", f"{error.happened} {error.advice}")
            return
        except SourceError as error:
            yield Diagnosis(name, "reachable", "wrong", f"{error.happened} {error.advice}")
            yield Diagnosis(name, "credentials", "could_not_ask", "The source does not answer.")
            return
        yield Diagnosis(name, "reachable", "ok", source.base_url)
        if doubt is not None:
            yield Diagnosis(name, "credentials", "could_not_ask", "Not refused; and nothing could be read.")
            yield Diagnosis(name, doubt.question, doubt.verdict, doubt.detail)
            return
        yield Diagnosis(name, "credentials", "ok", f"Login {source.login} was accepted.")
        yield _clock(name, client)
        for probe in system.probes(client):
            yield Diagnosis(name, probe.question, probe.verdict, probe.detail)


def _clock(name: str, client: Client[Any]) -> Diagnosis:
    theirs = client.http.shared.server_time
    if theirs is None:
        return Diagnosis(name, "clock", "could_not_ask", "The server sends no Date header.")
    skew = (theirs - datetime.now(UTC)).total_seconds()
    if abs(skew) <= _CLOCK_SECONDS:
        return Diagnosis(name, "clock", "ok", f"{abs(skew):.0f} s apart.")
    return Diagnosis(
        name,
        "clock",
        "wrong",
        f"The server's clock is {skew:+.0f} s off this machine's. Set one of them by NTP.",
    )
