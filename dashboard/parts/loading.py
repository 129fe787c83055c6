"""What the pages read from the store, kept between script runs.

Frames are shared by all sessions through `st.cache_resource` (`cache_data` would copy them on every hit) under the run
they belong to and, for findings, the store's revision: whatever run or fix changes a finding, in whichever process,
makes the next script read anew. Within one script all pieces are of one revision. Nobody may change a frame that came
from here.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from checks.score import Score, score
from checks.store import Store
from dashboard.parts import shaping
from dashboard.parts.assortment import Assortment
from dashboard.parts.place import Place

#: How many runs the trend lines look back.
RUNS_BACK = 14


def open_findings(place: Place) -> pl.DataFrame:
    """All open findings: `KEPT` with title, name and field_title, the gravest first."""
    return place.settings.checks.without_disabled(_findings(place.store, *_key(place), status=None))


def all_findings(place: Place) -> pl.DataFrame:
    """All findings, the fixed ones too."""
    return place.settings.checks.without_disabled(_findings(place.store, *_key(place), status="all"))


def frame(place: Place, source: str, name: str) -> pl.DataFrame | None:
    """The newest snapshot of one frame; None when no run has it."""
    return _frame(place.store, place.settings.store.url, _run_id(place), source, name)


def assortment(place: Place, source: str) -> Assortment:
    """What products of one source are compared with."""
    return _assortment(place.store, place.settings.store.url, _run_id(place), source)


def collected(place: Place) -> pl.DataFrame:
    """What the last run collected."""
    return _collected(place.store, place.settings.store.url, _run_id(place))


def results(place: Place, run_id: str | None = None) -> pl.DataFrame:
    """How the checks of a run went; of the last one unless another is named."""
    return _results(place.store, place.settings.store.url, run_id or _run_id(place))


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
    done = runs(place).filter(pl.col("status").is_in(["complete", "partial"])).head(RUNS_BACK)
    return list(reversed(done["id"].to_list()))


def run_score(place: Place, run_id: str | None = None, area: str | None = None) -> Score:
    """The score of one run, of all areas or of one."""
    return score(results(place, run_id), areas=None if area is None else [area])


def kept(name: str, place: Place, detail: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """What `make` gives, kept as long as no finding changes. `name` and `detail` say which it is."""
    return _kept(make, name, detail, *_key(place))


def _run_id(place: Place) -> str:
    return "" if place.run is None else str(place.run["id"])


def _key(place: Place) -> tuple[str, str, int, tuple[str, ...]]:
    sources = tuple(source.name for source in place.settings.sources)
    return place.settings.store.url, _run_id(place), place.revision, sources


@st.cache_resource(max_entries=4, show_spinner=False)
def _findings(
    _store: Store, url: str, run_id: str, revision: int, sources: tuple[str, ...], status: str | None
) -> pl.DataFrame:
    return shaping.named(_store.findings(status=status), _names(_store, url, run_id, sources))


@st.cache_resource(max_entries=2, show_spinner=False)
def _names(_store: Store, url: str, run_id: str, sources: tuple[str, ...]) -> pl.DataFrame:
    return shaping.product_names(
        {source: _frame(_store, url, run_id, source, "products") for source in sources}
    )


@st.cache_resource(max_entries=40, show_spinner=False)
def _frame(_store: Store, url: str, run_id: str, source: str, name: str) -> pl.DataFrame | None:
    return _store.frame(source, name)


@st.cache_resource(max_entries=2, show_spinner=False)
def _assortment(_store: Store, url: str, run_id: str, source: str) -> Assortment:
    names = ("products", "linked_products", "central_products", "photos", "categories", "storage_conditions")
    return Assortment(*(_frame(_store, url, run_id, source, name) for name in names))


@st.cache_resource(max_entries=60, show_spinner=False)
def _results(_store: Store, url: str, run_id: str) -> pl.DataFrame:
    return _store.check_results(run_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _collected(_store: Store, url: str, run_id: str) -> pl.DataFrame:
    return _store.collected(run_id)


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
