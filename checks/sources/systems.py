"""The systems there are, by their name in the settings."""

from __future__ import annotations

from checks.settings_sources import Source
from checks.sources.easyflor.system import SYSTEM as EASYFLOR
from checks.sources.ib.system import SYSTEM as IB
from checks.sources.kruitbosch.system import SYSTEM as KRUITBOSCH
from checks.sources.oresto.system import SYSTEM as ORESTO
from checks.sources.system import System

SYSTEMS: dict[str, System] = {one.name: one for one in (ORESTO, KRUITBOSCH, IB, EASYFLOR)}


def system_of(source: Source) -> System:
    return SYSTEMS[source.system]
