"""What the pages read from the store, kept between script runs.

Frames are shared by all sessions through `st.cache_resource` (`cache_data` would copy them on every hit) under the run
they belong to and, for findings, the store's revision: whatever run or fix changes a finding, in whichever process,
makes the next script read anew. Within one script all pieces are of one revision. Nobody may change a frame that came
from here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import streamlit as st

from checks import export
from checks.findings import OPEN_STATUSES, SET_ASIDE, STATUSES
from checks.impact import DAYS, with_impact
from checks.score import Score, score
from checks.store import Store
from dashboard.parts import naming, shaping
from dashboard.parts.assortment import Assortment
from dashboard.parts.place import Place

#: How many runs the trend lines look back.
RUNS_BACK = 14


def open_findings(place: Place) -> pl.DataFrame:
    """All open findings: `KEPT` as `naming.named` gives them, with their impact (orders, turnover, clients), the
    gravest first and in it those that touch most."""
    return place.settings.checks.without_disabled(
        _findings(place.store, *_key(place), OPEN_STATUSES, _days(place))
    )


def unfixed_findings(place: Place) -> pl.DataFrame:
    """The same, with those that a person accepted or snoozed."""
    statuses = (*OPEN_STATUSES, *SET_ASIDE)
    return place.settings.checks.without_disabled(
        _findings(place.store, *_key(place), statuses, _days(place))
    )


def all_findings(place: Place) -> pl.DataFrame:
    """All findings, the fixed ones too."""
    return place.settings.checks.without_disabled(
        _findings(place.store, *_key(place), STATUSES, _days(place))
    )


def some_findings(place: Place, ids: Collection[str]) -> pl.DataFrame:
    """Exactly these findings, of any state; ids that nobody knows are left out."""
    rows = unfixed_findings(place).filter(pl.col("id").is_in(list(ids)))
    if rows.height == len(ids):
        return rows
    kept = place.store.findings(ids=list(ids), status="all")
    return shaping.ordered(_shown(place.store, kept, *_key(place), _days(place)))


def described(place: Place, findings: pl.DataFrame) -> pl.DataFrame:
    """Findings as the files out of the house have them: named, weighed, and with what was decided."""
    at, by_source = _days(place)
    kept = _Kept(place.store, place.settings.store.url, _run_id(place))
    named = export.described(findings, kept, at, dict(by_source), place.store.errors)
    return export.with_decisions(named, place.store)


def decisions(place: Place) -> pl.DataFrame:
    """The decisions that hold, as `Store.decisions`."""
    return kept("decisions", place, "", place.store.decisions)


def impact_days(place: Place, source: str) -> int:
    """Over how many days orders and turnover of this source are counted."""
    _, by_source = _days(place)
    return int(min(DAYS, dict(by_source).get(source, DAYS)))


def counted_days(place: Place) -> dict[str, float]:
    """By source, how far back its orders were collected, as the files of findings tell it."""
    return dict(_days(place)[1])


def names(place: Place) -> pl.DataFrame:
    """What things are called, as `naming.NAMES`, of all sources."""
    return _names(place.store, place.settings.store.url, _run_id(place), _sources(place))


def frame(place: Place, source: str, name: str) -> pl.DataFrame | None:
    """The newest snapshot of one frame; None when no run has it."""
    return _frame(place.store, place.settings.store.url, _run_id(place), source, name)


def assortment(place: Place, source: str) -> Assortment:
    """What products of one source are compared with."""
    return _assortment(place.store, place.settings.store.url, _run_id(place), source)


def collected(place: Place) -> pl.DataFrame:
    """What was collected last of each source of the settings."""
    return _in_settings(place, _collected(place.store, place.settings.store.url, _run_id(place)))


def results(place: Place, run_id: str | None = None) -> pl.DataFrame:
    """How the checks stood after a run, of all sources of the settings; of the last run unless another is named."""
    return _in_settings(place, _results(place.store, place.settings.store.url, run_id or _run_id(place)))


def judged(place: Place) -> list[str]:
    """The checks that the last run could judge."""
    return results(place).filter(pl.col("status") != "could_not_run")["check"].to_list()


def runs(place: Place) -> pl.DataFrame:
    """The last runs, newest first."""
    return place.store.runs()


def rows_of(place: Place, name: str) -> int:
    """How many rows of one frame the last run collected, over all sources."""
    rows = collected(place).filter((pl.col("frame") == name) & (pl.col("status") == "ok"))["rows"]
    return int(rows.sum())


def finished_runs(place: Place) -> list[str]:
    """Ids of the last finished runs, oldest first, the newest last: how far the trend lines look back."""
    return history(place)["run_id"].unique(maintain_order=True).to_list()


def history(place: Place) -> pl.DataFrame:
    """How the checks went in the last finished runs, as `Store.check_history`, the oldest run first."""
    return _in_settings(place, _history(place.store, place.settings.store.url, _run_id(place)))


def run_score(place: Place, run_id: str | None = None, area: str | None = None) -> Score:
    """The score of one run, of all areas or of one."""
    return score(results(place, run_id), areas=None if area is None else [area])


def score_trend(place: Place, area: str | None = None) -> list[int]:
    """Scores of the last finished runs, oldest first; runs that judged nothing are left out."""
    values = _score_trend(place.store, place.settings.store.url, _run_id(place), area)
    return [value for value in values if value is not None]


def kept(name: str, place: Place, detail: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """What `make` gives, kept as long as no finding changes. `name` and `detail` say which it is."""
    return _kept(make, name, detail, *_key(place))


def _in_settings(place: Place, rows: pl.DataFrame) -> pl.DataFrame:
    """Without the sources that are in the settings no more."""
    return rows.filter(pl.col("source").is_in(_sources(place)))


def _run_id(place: Place) -> str:
    return "" if place.run is None else str(place.run["id"])


def _key(place: Place) -> tuple[str, str, int, tuple[str, ...]]:
    return place.settings.store.url, _run_id(place), place.revision, _sources(place)


def _sources(place: Place) -> tuple[str, ...]:
    return tuple(source.name for source in place.settings.sources)


def _days(place: Place) -> tuple[datetime, tuple[tuple[str, float], ...]]:
    """From when impact counts back: the moment of the data, so that it is the same for as long as these are."""
    run = place.run or {}
    at = run.get("finished_at") or run.get("started_at") or place.now
    return at, tuple(
        (source.name, float(getattr(source, "orders_days", DAYS))) for source in place.settings.sources
    )


@dataclass(frozen=True)
class _Kept:
    """Snapshots as `with_impact` reads them, each read from the disk once."""

    store: Store
    url: str
    run_id: str

    def frame(self, source: str, name: str) -> pl.DataFrame | None:
        return _frame(self.store, self.url, self.run_id, source, name)


@st.cache_resource(max_entries=6, show_spinner=False)
def _findings(
    _store: Store,
    url: str,
    run_id: str,
    revision: int,
    sources: tuple[str, ...],
    statuses: tuple[str, ...],
    days: tuple[datetime, tuple[tuple[str, float], ...]],
) -> pl.DataFrame:
    found = _store.findings(status=statuses)
    return shaping.ordered(_shown(_store, found, url, run_id, revision, sources, days))


def _shown(
    store: Store,
    found: pl.DataFrame,
    url: str,
    run_id: str,
    revision: int,
    sources: tuple[str, ...],
    days: tuple[datetime, tuple[tuple[str, float], ...]],
) -> pl.DataFrame:
    """KEPT with names and impact."""
    at, by_source = days
    known = naming.named(found, _names(store, url, run_id, sources))
    return with_impact(known, _Kept(store, url, run_id), at, dict(by_source))


@st.cache_resource(max_entries=2, show_spinner=False)
def _names(_store: Store, url: str, run_id: str, sources: tuple[str, ...]) -> pl.DataFrame:
    parts = [
        naming.names_of(
            source,
            {name: _frame(_store, url, run_id, source, name) for name in naming.FRAMES_WITH_NAMES},
        )
        for source in sources
    ]
    problems = naming.problems(_store.errors.groups(state="all"))
    return pl.concat([pl.DataFrame(schema=naming.NAMES), *parts, problems])


@st.cache_resource(max_entries=2, show_spinner=False)
def _history(_store: Store, url: str, run_id: str) -> pl.DataFrame:
    return _store.check_history(RUNS_BACK).reverse()


@st.cache_resource(max_entries=12, show_spinner=False)
def _score_trend(_store: Store, url: str, run_id: str, area: str | None) -> list[int | None]:
    runs = _history(_store, url, run_id).partition_by("run_id", maintain_order=True)
    return [score(run, areas=None if area is None else [area]).value for run in runs]


@st.cache_resource(max_entries=80, show_spinner=False)
def _frame(_store: Store, url: str, run_id: str, source: str, name: str) -> pl.DataFrame | None:
    return _store.frame(source, name)


@st.cache_resource(max_entries=2, show_spinner=False)
def _assortment(_store: Store, url: str, run_id: str, source: str) -> Assortment:
    names = ("products", "linked_products", "central_products", "photos", "categories", "storage_conditions")
    return Assortment(*(_frame(_store, url, run_id, source, name) for name in names))


@st.cache_resource(max_entries=60, show_spinner=False)
def _results(_store: Store, url: str, run_id: str) -> pl.DataFrame:
    return _store.standing_results(run_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _collected(_store: Store, url: str, run_id: str) -> pl.DataFrame:
    return _store.standing_collected(run_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept(
    _make: Callable[[], pl.DataFrame],
    name: str,
    detail: str,
    url: str,
    run_id: str,
    revision: int,
    sources: tuple[str, ...],
) -> pl.DataFrame:
    return _make()
