"""What was last seen of a source that a run does not ask: its newest snapshot, if the settings still mean the same source.

Another address, another login or other marks in the settings make it the data of something else: judging the shop by them
would find, or close, what nobody can look at any more.
"""

from __future__ import annotations

from checks.frames import FRAMES, Collected
from checks.meeting_parts import LastSeen
from checks.past import reader
from checks.settings import Settings
from checks.settings_sources import Source
from checks.sources.systems import system_of
from checks.store import Store
from checks.store.snapshots import Snapshot


def last_seen(settings: Settings, store: Store) -> LastSeen:
    """See `checks.meeting.meet`: by source and frame the newest snapshot with its unusable columns, or why it does not count."""

    def find(name: str, frame: str) -> Collected | None:
        snapshot = store.last_snapshot(name, frame)
        if snapshot is None:
            return None
        reason = _why_not(settings.source(name), frame, snapshot)
        if reason is not None:
            return Collected(name, frame, "failed", message=reason)
        return Collected(name, frame, "ok", snapshot.data, unusable=snapshot.unusable)

    return find


def _why_not(source: Source, frame: str, snapshot: Snapshot) -> str | None:
    made_by, wanted = snapshot.made_by, reader(source)
    if made_by.get("server") != wanted["server"]:
        return "its last snapshot came from another base_url or login."
    if made_by.get("settings", wanted["settings"]) != wanted["settings"]:
        return f"{system_of(source).marked} in the settings of this source changed since its last snapshot."
    if snapshot.data.schema != FRAMES[frame].schema:
        return "its last snapshot has other columns than this version knows."
    return None
