"""The top line of every page: which shop, how old the data are, and what the last run could not see."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError, SettingsError
from checks.frames import FRAMES
from dashboard.parts import loading, run_control
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.words import ago, clock, exact, plain, plural

#: Data older than this are told to be old: the morning's check did not run.
STALE = timedelta(hours=36)


def top_line(place: Place) -> None:
    """Shop and age of the data, the run under way, and the strip of a partial run."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top-line"):
        st.markdown(f":material/storefront: **{plain(_shops(place))}**", width="content")
        if beside := _beside(place):
            st.caption(f":material/add: {plain(beside)}", width="content", help=_BESIDE)
        if place.run is None:
            st.caption("nothing collected yet", width="content")
        else:
            at = place.run["finished_at"] or place.run["started_at"]
            st.caption(
                f"collected {clock(at, place.now, place.zone)}, {ago(at, place.now)}",
                help=exact(at, place.zone),
                width="content",
            )
            if place.now - at > STALE:
                st.badge("Old data", icon=":material/hourglass_bottom:", color="orange", help=_OLD)
    if not run_control.strip(place):
        _unfinished(place)
    if place.run is not None and place.run["status"] == "partial":
        _partial(place)


#: Checks that the strip of a partial run names.
_MOST_NAMED = 4

_BESIDE = "Suppliers' catalogues and the ERP that are read besides"

_OLD = "The health check is meant to run every day. Run it now, or look why the schedule did not."


def _shops(place: Place) -> str:
    """The web shops; where there is none, every source."""
    shops = [source.name for source in place.settings.shops]
    return ", ".join(shops or [source.name for source in place.settings.sources]) or "No source yet"


def _beside(place: Place) -> str:
    """The sources beside the web shops; nothing where there is no web shop."""
    if not place.settings.shops:
        return ""
    return ", ".join(source.name for source in [*place.settings.suppliers, *place.settings.erps])


def _unfinished(place: Place) -> None:
    """Says so when a newer health check than the one shown came to nothing."""
    runs = place.store.runs(limit=1)
    if runs.is_empty() or runs["status"][0] != "failed":
        return
    run = runs.row(0, named=True)
    shown = "" if place.run is None else " What you see is from the run before."
    with st.container(key="failed-strip"):
        st.error(
            f"{plain(run['message'] or 'No reason given.')}{shown}",
            title=f"The health check of {clock(run['started_at'], place.now, place.zone)} by {run['started_by']} came to nothing",
            icon=":material/error:",
        )


def _partial(place: Place) -> None:
    missing, later = _titles(place, "failed"), _titles(place, "deferred")
    blind = [row for row in loading.results(place).iter_rows(named=True) if row["status"] == "could_not_run"]
    what = [f"{missing} could not be collected"] if missing else []
    if later:
        what.append(f"{later} left for later")
    before = len(loading.finished_runs(place)) > 1
    kept = "kept the findings of the run before" if before else "have none from a run before"
    could_not = (
        f"{plural(len(blind), 'check')} could not be judged and {kept}: "
        + _first(list(dict.fromkeys(check_title(row["check"]) for row in blind)))
        if blind
        else "Every check could be judged all the same"
    )
    with st.container(key="partial-strip"):
        st.warning(
            f"{could_not}.",
            title=f"The last health check was partial: {'; '.join(what) or 'some data could not be collected'}",
            icon=":material/warning:",
        )


def _titles(place: Place, status: str) -> str:
    """What the last run has in that state, in words."""
    rows = loading.collected(place).filter(pl.col("status") == status)
    return ", ".join(dict.fromkeys(FRAMES[name].title if name in FRAMES else name for name in rows["frame"]))


def _first(titles: list[str]) -> str:
    """The first few; the Overview lists them all under *Could not run*."""
    rest = len(titles) - _MOST_NAMED
    named = ", ".join(titles[:_MOST_NAMED])
    return named if rest < 1 else f"{named} and {rest} more ([all of them](/#could-not-run))"


def problem(error: KeurmeesterError) -> None:
    """What went wrong, in words, with what to do. The one place where a page's errors are shown."""
    wrong_settings = isinstance(error, SettingsError)
    st.title("The settings need a look" if wrong_settings else "This page could not be shown")
    st.error(plain(str(error)), icon=":material/error:")
    if wrong_settings:
        st.markdown(
            "The dashboard reads `keurmeester.toml` from the environment variable `KEURMEESTER_CONFIG` or from the folder "
            "it was started in. To look around first, run `keurmeester demo`: it needs no settings."
        )
    else:
        st.markdown(
            "Nothing was changed. Try again; if it stays, `keurmeester doctor` tests every source and the store."
        )
    st.button("Try again", icon=":material/refresh:", key="try-again")


_STAMP = (
    '<g fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    '<ellipse cx="14" cy="14" rx="12.4" ry="9.6"/><path d="M8.6 14.2l3.6 3.4 7-7.2"/></g>'
)


def logo() -> str:
    """The name with its stamp, drawn in the theme's accent."""
    colour = "#6CC3CC" if st.context.theme.type == "dark" else "#0B5D66"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="168" height="28" viewBox="0 0 168 28">'
        + _STAMP.format(colour=colour)
        + f'<text x="33" y="19.6" fill="{colour}" font-family="Source Sans, Source Sans Pro, sans-serif" '
        'font-size="17.5" font-weight="650" letter-spacing="-0.1">Keurmeester</text></svg>'
    )


def favicon() -> str:
    """The stamp alone; an icon by name would be fetched from elsewhere."""
    stamp = _STAMP.format(colour="#0B5D66")
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28" viewBox="0 0 28 28">{stamp}</svg>'
