"""EasyFlor as one of the systems: how to connect, what to collect, what a doctor asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from checks.errors import CredentialsRefused, Deferred, SourceError
from checks.settings_sources import EasyFlorSource
from checks.sources.easyflor import collect
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.columns import NEED_ALL, SOURCES_OF
from checks.sources.easyflor.opening import is_open, next_moment
from checks.sources.easyflor.wire import EXTRAS, Debtor
from checks.sources.rows import known_names
from checks.sources.system import Probe, System
from checks.sources.trust import Trust

TRUST = Trust({"debtors": Debtor}, EXTRAS, SOURCES_OF, NEED_ALL)

#: A doctor looks at what changed in so many days: enough to see rows, without the whole list.
_LOOKED_BACK = timedelta(days=30)


def _marks(source: EasyFlorSource) -> tuple[object, ...]:
    return (source.database,)


def _next_moment(source: EasyFlorSource, now: datetime) -> datetime:
    """At once where it is open."""
    return now if is_open(now, source) else next_moment(source, now)


def _reach(client: EasyFlorClient) -> None:
    """Asks for a debtor that hardly exists; that it does not is an answer, and so is "closed at this hour"."""
    try:
        client.debtor(0, lambda raw: None)
    except Deferred:
        return


def _probes(client: EasyFlorClient) -> Iterator[Probe]:
    now = client.server_time or datetime.now(UTC)
    yield _fields(client, now)
    yield _hours(client.source, now)


def _fields(client: EasyFlorClient, now: datetime) -> Probe:
    question, since = "may read debtors, and their fields", collect.since_day(now - _LOOKED_BACK)
    try:
        rows, shape = client.debtors_since(since, collect.decode)
    except Deferred as error:
        return Probe(question, "could_not_ask", str(error))
    except CredentialsRefused:
        told = f"Login {client.source.login} may not read debtors of {client.source.database}. Ask EasyFlor for this right."
        return Probe(question, "wrong", told)
    except SourceError as error:
        return Probe(question, "wrong", str(error))
    if rows.is_empty():
        return Probe(
            question, "could_not_ask", f"No debtor changed since {since}: there are no rows to look at."
        )
    drift = shape.drift(known_names(Debtor), EXTRAS[Debtor])
    if drift:
        return Probe(question, "wrong", " ".join(one.detail for one in drift))
    return Probe(question, "ok", f"{rows.height:,} debtors changed since {since}.")


def _hours(source: EasyFlorSource, now: datetime) -> Probe:
    question = "opening hours"
    if not source.limited:
        return Probe(question, "ok", "No frame is limited to them in the settings.")
    limited = ", ".join(source.limited)
    if is_open(now, source):
        return Probe(question, "ok", f"Open now: {limited} can be read.")
    until = next_moment(source, now)
    told = f"Closed now: {limited} can be read from {until:%Y-%m-%d %H:%M} UTC on. A run at this hour is deferred."
    return Probe(question, "ok", told)


SYSTEM = System(
    name="easyflor",
    title="EasyFlor",
    reader_version=collect.READER_VERSION,
    collectors={"debtors": collect.debtors},
    trust=TRUST,
    connect=EasyFlorClient,
    reach=_reach,
    probes=_probes,
    marks=_marks,
    next_moment=_next_moment,
)
