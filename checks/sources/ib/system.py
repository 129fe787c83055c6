"""IB as one of the systems: how to connect, what to collect, what a doctor asks."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.errors import NotFound, SourceError
from checks.settings_sources import IbSource
from checks.sources.ib.client import Answered, IbClient
from checks.sources.ib.collect_catalogue import catalogue
from checks.sources.ib.collect_waiting import catalogue_waiting
from checks.sources.ib.columns import NEED_ALL, SOURCES_OF
from checks.sources.ib.paging import Decoded, decode_articles
from checks.sources.ib.wire import EXTRAS, Article
from checks.sources.rows import Shape, known_names
from checks.sources.system import Probe, System
from checks.sources.trust import Trust

#: To be raised when a collector reads the same answer differently: no run builds on what another reader read.
READER_VERSION = "2"

TRUST = Trust(
    kinds={"catalogue": Article},
    extras={Article: EXTRAS},
    sources_of={"catalogue": SOURCES_OF},
    need_all=NEED_ALL,
)

_SAMPLE = "25"  # articles of a company that a doctor looks at


def _marks(source: IbSource) -> tuple[object, ...]:
    """Pulls made under different values of X-Moderation are never compared. Companies may come and go: each is built
    upon its own rows."""
    return (source.moderation,)


def _population(source: IbSource) -> tuple[object, ...]:
    return (source.moderation, *sorted(source.companies))


def _reach(client: IbClient) -> Probe | None:
    """Any company that IB knows will do; of one that it does not know, the probes tell."""
    companies = client.source.companies
    for company in companies:
        try:
            _look(client, company, "both", limit="1", expand="false")
        except NotFound:
            continue
        return None
    names = ", ".join(companies)
    told = (
        f"IB knows no company {names}" if len(companies) == 1 else f"IB knows none of the companies {names}"
    )
    advice = "Take their machine names from IB. Where these are right, base_url is not."
    return Probe("companies", "wrong", f"{told}. {advice}")


def _look(
    client: IbClient, company: str, moderation: str, *, limit: str, expand: str = "true"
) -> Answered[Decoded]:
    params = {"limit": limit, "expand": expand, "allow-count": "false"}
    return client.articles(company, params, moderation, decode_articles(company))


def _probes(client: IbClient) -> Iterator[Probe]:
    shape, images = Shape(), pl.Series("images", [], pl.List(pl.Struct({"url": pl.String})))
    for company in client.source.companies:
        question = f"may read {company}"
        try:
            answer = _look(client, company, client.source.moderation, limit=_SAMPLE)
        except SourceError as error:
            yield Probe(question, "wrong", str(error))
            continue
        rows, seen = answer.items
        shape.add(seen)
        images = pl.concat([images, _urls(rows)])
        yield Probe(question, "ok", f"{rows.height} articles looked at.")
        yield _approval(client, company)
    yield _fields(shape)
    yield _pictures(images)


def _urls(rows: pl.DataFrame) -> pl.Series:
    only = pl.col("images").list.eval(pl.struct(url=pl.element().struct.field("url")))
    return rows.select(only).to_series()


def _approval(client: IbClient, company: str) -> Probe:
    question = f"approval of {company}"
    try:
        answer = _look(client, company, "moderated", limit="1", expand="false")
    except SourceError as error:
        return Probe(question, "wrong", str(error))
    if answer.approved_at is not None:
        return Probe(question, "ok", f"Last approved at {answer.approved_at:%Y-%m-%d %H:%M} UTC.")
    if answer.items[0].is_empty():
        return Probe(question, "ok", "Nothing has been approved yet: all articles wait for approval.")
    return Probe(question, "could_not_ask", "IB does not say when it was last approved (X-Moderation-Date).")


def _fields(shape: Shape) -> Probe:
    question = "fields of catalogue"
    if shape.sampled == 0:
        return Probe(question, "could_not_ask", "There are no articles to look at.")
    drift = shape.drift(known_names(Article), EXTRAS)
    if drift:
        return Probe(question, "wrong", " ".join(one.detail for one in drift))
    return Probe(question, "ok", f"{shape.sampled} articles looked at.")


def _pictures(images: pl.Series) -> Probe:
    question = "may download images"
    there = images.explode(empty_as_null=False, keep_nulls=False).struct.field("url")
    if there.is_empty():
        return Probe(question, "could_not_ask", "No article that was looked at has an image.")
    if there.drop_nulls().is_empty():
        told = "No image has a download address: ask IB to entitle this login to images. Photos cannot be suggested."
        return Probe(question, "wrong", told)
    return Probe(question, "ok", f"{there.count()} of {there.len()} images have a download address.")


SYSTEM = System(
    name="ib",
    title="IB",
    reader_version=READER_VERSION,
    collectors={"catalogue": catalogue, "catalogue_waiting": catalogue_waiting},
    trust=TRUST,
    connect=IbClient,
    reach=_reach,
    probes=_probes,
    marks=_marks,
    marked="moderation",
    population=_population,
)
