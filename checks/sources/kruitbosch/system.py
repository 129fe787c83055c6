"""Kruitbosch as one of the systems: how to connect, what to collect, what a doctor asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from checks.errors import CredentialsRefused, SourceError
from checks.settings_sources import KruitboschSource
from checks.sources.kruitbosch import collect
from checks.sources.kruitbosch.client import KruitboschClient, ProductsQuery
from checks.sources.kruitbosch.columns import NEED_ALL, SOURCES_OF
from checks.sources.kruitbosch.wire import EXTRAS, MAY_BE_ABSENT, Product
from checks.sources.rows import decode_rows, known_names
from checks.sources.system import Probe, System
from checks.sources.trust import Trust

TRUST = Trust({"catalogue": Product}, EXTRAS, SOURCES_OF, NEED_ALL)


def _marks(source: KruitboschSource) -> tuple[object, ...]:
    return source.include_inactive, source.image_url


def _population(source: KruitboschSource) -> tuple[object, ...]:
    return (source.include_inactive,)


def _nothing(raw: msgspec.Raw) -> None:
    return None


def _reach(client: KruitboschClient) -> None:
    client.groups(_nothing)


def _probes(client: KruitboschClient) -> Iterator[Probe]:
    yield _may(client, "may read stocks and prices", lambda: client.stocks_and_prices(_nothing))
    yield _fields(client)


def _may(client: KruitboschClient, question: str, ask: Callable[[], Any]) -> Probe:
    try:
        ask()
    except CredentialsRefused:
        told = f"Login {client.source.login} may not: without it there is no stock and no price of your own. Ask for the role Klant."
        return Probe(question, "wrong", told)
    except SourceError as error:
        return Probe(question, "wrong", str(error))
    return Probe(question, "ok", "It came.")


def _fields(client: KruitboschClient) -> Probe:
    question, query = "fields of products", ProductsQuery(include_additional_images=True)
    try:
        rows, shape = client.products(query, lambda raw: decode_rows(raw, Product))
    except CredentialsRefused:
        told = f"Login {client.source.login} may not read products. Ask for the role Klant or Kassasysteem."
        return Probe(question, "wrong", told)
    except SourceError as error:
        return Probe(question, "wrong", str(error))
    if not rows:
        return Probe(question, "could_not_ask", "There are no products to look at.")
    shape.seen.update(MAY_BE_ABSENT)
    drift = shape.drift(known_names(Product), EXTRAS[Product])
    if drift:
        return Probe(question, "wrong", " ".join(one.detail for one in drift))
    return Probe(question, "ok", f"{len(rows):,} products looked at.")


SYSTEM = System(
    name="kruitbosch",
    title="Kruitbosch",
    reader_version=collect.READER_VERSION,
    collectors={"catalogue": collect.catalogue, "catalogue_groups": collect.groups},
    trust=TRUST,
    connect=KruitboschClient,
    reach=_reach,
    probes=_probes,
    marks=_marks,
    population=_population,
    marked="include_inactive or image_url",
)
