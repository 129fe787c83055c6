"""What the page About the data shows: the answer, the frames of the last run, a look into a frame."""

from __future__ import annotations

import streamlit as st

from checks.frames import FRAMES
from dashboard.parts import address, data_view, loading
from dashboard.parts.place import Place
from dashboard.parts.words import ago, exact, number, plain, plural, seconds

CHECKS_HERE = ("collection-incomplete", "schema-drift")


def answer(place: Place) -> None:
    """How much was collected, when, and what is missing."""
    rows = data_view.collected_rows(loading.collected(place))
    if place.run is None or rows.is_empty():
        return
    at = place.run["finished_at"] or place.run["started_at"]
    missing = rows.filter(rows["rows"].is_null())
    good = rows.height - missing.height
    took = (at - place.run["started_at"]).total_seconds()
    st.markdown(
        f"**{plural(int(rows['rows'].sum()), 'row')}** in **{plural(good, 'frame')}**, collected {ago(at, place.now)} with "
        f"{plural(int(rows['requests'].sum()), 'request')} ({_megabytes(float(rows['kilobytes'].sum()))}) in {seconds(took)}"
        + (f"; **{number(missing.height)} missing**." if missing.height else "; nothing is missing."),
        help=exact(at, place.zone),
    )


def _megabytes(kilobytes: float) -> str:
    return f"{kilobytes / 1000:,.1f} MB" if kilobytes >= 1000 else f"{kilobytes:,.0f} kB"


def collected(place: Place) -> None:
    """The frames of the last run, source by source."""
    rows = data_view.collected_rows(loading.collected(place))
    st.header("What was collected", anchor="collected")
    for source in rows["source"].unique(maintain_order=True).to_list():
        of_source = rows.filter(rows["source"] == source)
        drifted = of_source.filter((of_source["rows"].is_not_null()) & of_source["note"].is_not_null()).height
        told = f", {plural(drifted, 'frame')} with drift" if drifted else ", no drift"
        st.markdown(
            f":material/storefront: **{plain(source)}** :gray[{number(of_source.height)} frames{told}]"
        )
        data_view.collected_table(of_source)


def run_history() -> None:
    """Where the health checks stand."""
    st.page_link(
        "app_pages/runs.py",
        label="All health checks, and what changed between them",
        icon=":material/history:",
    )


def look_into(place: Place) -> None:
    """One frame of one source: its first rows, a search, a download."""
    st.header("Look into a frame", anchor="look-into")
    rows = data_view.collected_rows(loading.collected(place))
    names = rows.filter(rows["rows"].is_not_null())
    options = {
        f"{row['source']}/{row['frame']}": (f"{row['source']}: " if len(place.settings.sources) > 1 else "")
        + f"{row['title']} ({row['rows']:,})"
        for row in names.iter_rows(named=True)
    }
    if not options:
        st.caption("The last run collected nothing to look into.")
        return
    asked = address.given("frame")
    if asked and "/" not in asked:  # links to a frame name its source beside it
        address.put("frame", f"{address.given('source')}/{asked}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = address.picked("Frame", "frame", options, width=320)
        text = address.text("Search", "text", placeholder="Any column holds …", width=260)
    source, _, name = chosen.partition("/")
    data = loading.frame(place, source, name)
    if data is None:
        st.caption("Its snapshot is no longer there: it was removed with the retention.")
        return
    if FRAMES[name].personal:
        st.caption(":material/lock: Holds personal data: it is kept for a shorter time.")
    data_view.browse(data, FRAMES[name].title, text, f"{name}.csv")
