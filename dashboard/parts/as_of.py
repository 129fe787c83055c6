"""What the last health check did not bring home, why, and of when what is shown in its place is."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from checks.store import Store
from dashboard.parts import loading
from dashboard.parts.place import Place
from dashboard.parts.words import ago, clock, plain


def note(place: Place, source: str, *names: str) -> None:
    """A strip for each frame of `names` that the last run does not have: left for later is no trouble, missing is.

    Nothing for a frame that no run has ever had: `check_notes.missing` is for that.
    """
    rows = loading.collected(place).filter((pl.col("source") == source) & pl.col("frame").is_in(list(names)))
    for row in rows.iter_rows(named=True):
        if row["status"] == "ok" or loading.frame(place, source, row["frame"]) is None:
            continue
        title, why = FRAMES[row["frame"]].title, plain(row["message"] or "No reason was given.")
        shown = f"What you see is as of {_moment(place, source, row['frame'])}."
        if row["status"] == "deferred":
            st.info(
                f"{why} {shown} Checks kept what they had found.",
                title=f"{title} were left for later",
                icon=":material/schedule:",
            )
        else:
            st.warning(
                f"{why} {shown}",
                title=f"{title} could not be collected in the last health check",
                icon=":material/cloud_off:",
            )


def _moment(place: Place, source: str, frame: str) -> str:
    at = read_at(place, source, frame)
    return (
        "an earlier health check"
        if at is None
        else f"{clock(at, place.now, place.zone)}, {ago(at, place.now)}"
    )


def read_at(place: Place, source: str, frame: str) -> datetime | None:
    """When the source was last asked for the frame that is shown; None when that is not known."""
    run = "" if place.run is None else str(place.run["id"])
    good = _good(place.store, place.settings.store.url, run, source)
    rows = good.filter(pl.col("frame") == frame)["read_at"]
    return rows[0] if rows.len() else None


@st.cache_resource(max_entries=8, show_spinner=False)
def _good(_store: Store, url: str, run_id: str, source: str) -> pl.DataFrame:
    return _store.good_frames(source)


def is_deferred(place: Place, source: str, frame: str) -> bool:
    """Did the last run leave it for later?"""
    rows = loading.collected(place).filter((pl.col("source") == source) & (pl.col("frame") == frame))
    return rows.height > 0 and rows["status"][0] == "deferred"
