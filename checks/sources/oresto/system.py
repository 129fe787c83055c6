"""Oresto as one of the systems: how to connect, what to collect, what a doctor asks."""

from __future__ import annotations

from collections.abc import Iterator

from checks.errors import CredentialsRefused, KeurmeesterError, SourceError
from checks.settings_sources import OrestoSource
from checks.sources.oresto import collect_clients as of_clients
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect import (
    COLLECTORS,
    SAMPLED_FRAMES,
    find_first_page,
    read_today,
    sample,
)
from checks.sources.oresto.collect_lookups import CHAINS_PATH, LOOKUP_PATHS
from checks.sources.oresto.collecting import READER_VERSION, Task
from checks.sources.oresto.trust import TRUST
from checks.sources.system import Probe, System

#: Beside the lookup tables and what is known of clients.
_ASKED_TOO = (CHAINS_PATH, "CentralProducts/Count", "ProductPhotos")


def _marks(source: OrestoSource) -> tuple[object, ...]:
    return source.orders_path, source.orders_days, source.fields.model_dump_json()


def _reach(client: OrestoClient) -> None:
    client.rows("ContentTypes")


def _probes(client: OrestoClient) -> Iterator[Probe]:
    yield from _permissions(client)
    for frame in SAMPLED_FRAMES:
        yield _shape(client, frame)


def _permissions(client: OrestoClient) -> Iterator[Probe]:
    """May this login read what a run and a fix read? Writing cannot be tried without changing something."""
    source = client.source
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
        yield Probe("may read", "wrong", told)
    elif troubles:
        yield Probe("may read", "wrong", troubles[0])
    else:
        yield Probe("may read", "ok", "Every list that was asked for came.")
    if source.read_only:
        yield Probe("may write", "ok", "Fixes may not write: read_only = true.")
    else:
        told = "Cannot be tried without changing something; the first fix will tell."
        yield Probe("may write", "could_not_ask", told)


def _shape(client: OrestoClient, frame: str) -> Probe:
    question = f"fields of {frame.replace('_', ' ')}"
    try:
        rows, drift = sample(client, frame)
    except KeurmeesterError as error:
        return Probe(question, "wrong", str(error))
    if rows == 0:
        return Probe(question, "could_not_ask", "There are no rows to look at.")
    if drift:
        return Probe(question, "wrong", " ".join(one.detail for one in drift))
    return Probe(question, "ok", f"{rows:,} rows looked at.")


SYSTEM = System(
    name="oresto",
    title="Oresto",
    reader_version=READER_VERSION,
    collectors=COLLECTORS,
    trust=TRUST,
    connect=OrestoClient,
    reach=_reach,
    probes=_probes,
    marks=_marks,
    marked="orders_days, orders_path or fields",
    before=find_first_page,
    today=read_today,
    task=Task,
)
