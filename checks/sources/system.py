"""What a system is to the rest of the program: how to connect, what to collect, what a doctor asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl

from checks.progress import Progress
from checks.sources.client import Client
from checks.sources.task import Task
from checks.sources.trust import Trust


@dataclass(frozen=True)
class Probe:
    """One question of `keurmeester doctor` and its answer. `detail` says what to do when it is wrong."""

    question: str
    verdict: Literal["ok", "wrong", "could_not_ask"]
    detail: str


def no_marks(source: Any) -> tuple[object, ...]:
    return ()


@dataclass(frozen=True)
class System:
    """One kind of source.

    Attributes:
        name: as in the settings, `oresto`. `title`: as people call it.
        reader_version: to be raised when a collector reads the same answer differently: no run builds on what another
            reader read.
        collectors: frame -> what collects it, in the order in which they start. What another one needs (`Task.needs`)
            stands before it.
        connect: a client; raises SettingsError where a password is not set.
        marks: the settings on which what is collected depends: no run builds on a snapshot made with others. `marked`: which
            they are, in words.
        population: the settings that decide which rows there are: with others, fewer rows are no loss.
        reach: one cheap request that needs the credentials; a Probe where the server answered and what the settings name
            is not there, so that nothing was learnt of the login.
        probes: what else a doctor asks: permissions, fields.
        before: asked once before collecting; a SourceError of it comes again, and is told, in each collector.
        today: the last snapshot where that is good enough for this day; None: it is to be read.
        next_moment: from a moment on (aware), when what was deferred can be asked; None: nothing is ever deferred.
        task: the collectors' own kind of task.
    """

    name: str
    title: str
    reader_version: str
    collectors: Mapping[str, Callable[[Any], pl.DataFrame]]
    trust: Trust
    connect: Callable[[Any, Progress | None], Client[Any]]
    reach: Callable[[Any], Probe | None]
    probes: Callable[[Any], Iterator[Probe]]
    marks: Callable[[Any], tuple[object, ...]] = no_marks
    population: Callable[[Any], tuple[object, ...]] = no_marks
    marked: str = "what decides what is read"
    before: Callable[[Any], None] | None = None
    today: Callable[[Any], pl.DataFrame | None] | None = None
    next_moment: Callable[[Any, datetime], datetime] | None = None
    task: type[Task[Any]] = Task

    @property
    def frames(self) -> tuple[str, ...]:
        return tuple(self.collectors)
