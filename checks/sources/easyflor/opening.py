"""When EasyFlor gives its larger collections: outside office hours only (easyflor-api, section 1).

The hours are in UTC, so a change to or from summer time moves them for people and not for the server. They are settings,
`closed_from_utc` and `closed_until_utc`: at the first it is closed, at the second it is open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from checks.errors import Deferred
from checks.settings_sources import EasyFlorSource
from checks.sources.moments import BELGIUM


def is_open(moment: datetime, source: EasyFlorSource) -> bool:
    """Are the limited collections given at this moment (aware)?"""
    at, closes, opens = moment.astimezone(UTC).time(), source.closed_from_utc, source.closed_until_utc
    if closes <= opens:
        return not closes <= at < opens
    return opens <= at < closes  # closed over midnight


def next_moment(source: EasyFlorSource, now: datetime) -> datetime:
    """When it opens next after `now` (aware), in UTC.

    Of a moment at which it is open it is the opening after that: who was refused then knows other hours than ours.
    """
    now = now.astimezone(UTC)
    opens = source.closed_until_utc
    at = now.replace(hour=opens.hour, minute=opens.minute, second=opens.second, microsecond=opens.microsecond)
    return at if at > now else at + timedelta(days=1)


def closed(source: EasyFlorSource, what: str, until: datetime | None) -> Deferred:
    """The news that `what` is not given at this hour, with the moment from which on it is (aware; None: not known)."""
    hours = f"{source.closed_from_utc:%H:%M} to {source.closed_until_utc:%H:%M} UTC"
    advice = "It can be asked again later."
    if until is not None:
        here = until.astimezone(ZoneInfo(BELGIUM))
        advice = (
            f"It can be asked again from {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC on, "
            f"{here:%H:%M} in Belgium and the Netherlands."
        )
    return Deferred(
        source.name, what, f"EasyFlor does not give this in its office hours, {hours}.", until, advice
    )
