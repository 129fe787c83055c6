"""Leave to write: what the settings file says now, not what it said when a page was drawn or a long work began.

A source that was made read-only and a person who lost their role are heard before the next fix.
"""

from __future__ import annotations

from checks import people
from checks.errors import NotAllowed, ReadOnlySource
from checks.people import Person
from checks.settings import Settings, load_settings

_READ_ONLY = (
    "{}: the plan is not applied: the settings say read_only = true for this source. "
    "Set it to false to let fixes write."
)


class Leave:
    """May fixes be carried out on a source? `person`: who asked for it; None for what goes on by itself."""

    def __init__(self, settings: Settings, source: str, person: Person | None) -> None:
        self._given = settings
        self._source = source
        self._person = person
        self._stamp: float | None = None
        self._now = settings

    def demand(self) -> None:
        """Raises ReadOnlySource or NotAllowed where not; SettingsError where the file is wrong by now."""
        self._read()
        for settings in (self._given, self._now):
            if settings.source(self._source).read_only:
                raise ReadOnlySource(_READ_ONLY.format(self._source))
            if self._person is not None:
                people.require(settings, self._person, "fixer", "apply fixes")

    def refusal(self) -> str | None:
        """Why not any more, as a sentence; None where it still may. Cheap where the file did not change."""
        try:
            self.demand()
        except (ReadOnlySource, NotAllowed) as error:
            return str(error)
        return None

    def _read(self) -> None:
        file = self._given.file
        if file is None or not file.is_file():
            return
        stamp = file.stat().st_mtime
        if stamp != self._stamp:
            self._now, self._stamp = load_settings(file), stamp
