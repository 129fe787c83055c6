"""What a source would not give at the hour of a run, and can be asked for by now.

A run that is deferred says until when. It is picked up by the next run, by the dashboard while it is open (once a
minute it looks), or by `keurmeester run --deferred`, for whoever has a scheduler.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.frames import FRAMES
from checks.settings import Settings
from checks.sources.systems import system_of
from checks.store import Store

#: Where the server was closed against all expectation.
_ASKED_AGAIN = timedelta(hours=1)


def due(settings: Settings, store: Store, now: datetime, *, patient: bool = True) -> dict[str, list[str]]:
    """Source -> the frames that were deferred when it was last asked, where it can be asked by now (`now`: aware).

    `patient`: nobody waits for it: where it said no although it was open by our reckoning, an hour passes first.
    """
    found: dict[str, list[str]] = {}
    for source in settings.sources:
        opens = system_of(source).next_moment
        deferred = store.deferred(source.name)
        if opens is None or deferred is None or opens(source, now) > now:
            continue
        asked, frames = deferred
        # where it was open by our reckoning and yet said no, its clock or hours are others than ours: not every minute
        if not patient or opens(source, asked) > asked or now - asked >= _ASKED_AGAIN:
            found[source.name] = frames
    return found


def waiting(settings: Settings, store: Store, now: datetime) -> list[str]:
    """What is still deferred, a sentence a source: what it is, and from when on it can be asked."""
    told = []
    for source in settings.sources:
        opens, deferred = system_of(source).next_moment, store.deferred(source.name)
        if opens is None or deferred is None:
            continue
        titles = ", ".join(FRAMES[frame].title for frame in deferred[1])
        until = opens(source, now)
        when = "can be asked now" if until <= now else f"from {until:%Y-%m-%d %H:%M} UTC on"
        told.append(f"{source.name}: {titles}, {when}.")
    return told
