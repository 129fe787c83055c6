"""Collecting Oresto, as the tests of its collectors do it."""

from functools import partial

from checks.sources.collecting import collect_frames
from checks.sources.oresto.system import SYSTEM

collect = partial(collect_frames, SYSTEM)
