"""Is everything in place? Per source: reachable, credentials, permissions, clock, schema drift; and store and disk.

Nothing is changed at a source; a store that is not there yet is made. Each question has three answers: ok, wrong, or could not be asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.errors import CredentialsRefused, KeurmeesterError, SettingsError, SourceError, StoreError
from checks.settings import OrestoSource, Settings
from checks.sources.oresto import collect_clients as of_clients
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect import SAMPLED_FRAMES, sample
from checks.sources.oresto.collect_lookups import CHAINS_PATH, LOOKUP_PATHS
from checks.store import Store

Verdict = Literal["ok", "wrong", "could_not_ask"]

_CLOCK_SECONDS = 120
_DISK_BYTES = 1_000_000_000

#: Beside the lookup tables and what is known of clients.
_ASKED_TOO = (CHAINS_PATH, "CentralProducts/Count", "ProductPhotos")


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


def _source(source: OrestoSource) -> Iterator[Diagnosis]:
    name = source.name
    try:
        client = OrestoClient(source)
    except SettingsError as error:
        yield Diagnosis(name, "credentials", "wrong", str(error))
        return
    with client:
        try:
            client.rows("ContentTypes")
        except CredentialsRefused as error:
            yield Diagnosis(name, "reachable", "ok", source.base_url)
            yield Diagnosis(name, "credentials", "wrong", f"{error.happened} {error.advice}")
            return
        except SourceError as error:
            yield Diagnosis(name, "reachable", "wrong", f"{error.happened} {error.advice}")
            yield Diagnosis(name, "credentials", "could_not_ask", "The source does not answer.")
            return
        yield Diagnosis(name, "reachable", "ok", source.base_url)
        yield Diagnosis(name, "credentials", "ok", f"Login {source.login} was accepted.")
        yield _clock(name, client)
        yield from _permissions(source, client)
        for frame in SAMPLED_FRAMES:
            yield _shape(client, frame)


def _permissions(source: OrestoSource, client: OrestoClient) -> Iterator[Diagnosis]:
    """May this login read what a run and a fix read? Writing cannot be tried without changing something."""
    refused, troubles = [], []
    for path in (*LOOKUP_PATHS.values(), *_ASKED_TOO, *of_clients.PATHS.values()):
        try:
            client.read(path, {}, lambda raw: None)
        except CredentialsRefused:
            refused.append(path)
        except SourceError as error:
            if path != of_clients.PATHS["client_locations"] or not of_clients.asks_for_a_client(error):
                troubles.append(str(error))
    if refused:
        told = f"Login {source.login} may not read {', '.join(refused)}. Ask the shop's support for these rights."
        yield Diagnosis(source.name, "may read", "wrong", told)
    elif troubles:
        yield Diagnosis(source.name, "may read", "wrong", troubles[0])
    else:
        yield Diagnosis(source.name, "may read", "ok", "Every list that was asked for came.")
    if source.read_only:
        yield Diagnosis(source.name, "may write", "ok", "Fixes may not write: read_only = true.")
    else:
        told = "Cannot be tried without changing something; the first fix will tell."
        yield Diagnosis(source.name, "may write", "could_not_ask", told)


def _clock(name: str, client: OrestoClient) -> Diagnosis:
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


def _shape(client: OrestoClient, frame: str) -> Diagnosis:
    question = f"fields of {frame.replace('_', ' ')}"
    try:
        rows, drift = sample(client, frame)
    except KeurmeesterError as error:
        return Diagnosis(client.source.name, question, "wrong", str(error))
    if rows == 0:
        return Diagnosis(client.source.name, question, "could_not_ask", "There are no rows to look at.")
    if drift:
        return Diagnosis(client.source.name, question, "wrong", " ".join(one.detail for one in drift))
    return Diagnosis(client.source.name, question, "ok", f"{rows:,} rows looked at.")
