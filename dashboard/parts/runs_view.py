"""What the page Runs shows: the answer, the days at a glance, and the list from which two are compared."""

from __future__ import annotations

import altair as alt
import polars as pl
import streamlit as st

from dashboard.parts import address, loading, selecting
from dashboard.parts.place import Place
from dashboard.parts.style import table_height
from dashboard.parts.words import RUN_STATES, ago, exact, number, plain, plural, seconds

#: Weeks that the calendar looks back, and runs that the list holds.
_WEEKS, _RUNS = 12, 400

_MODES = {"full": "Everything", "incremental": "What changed"}
#: A day's colour is how its last health check ended; never by colour alone, the tooltip has the word.
_COLOURS = {
    "Complete": "#4C9F70",
    "Partial": "#D98324",
    "Failed": "#C2332E",
    "Stopped": "#8A9AA0",
    "Running": "#5B8DBF",
}


def answer(place: Place) -> bool:
    """How many health checks there were, and how the last one went; False before the first."""
    runs = _runs(place)
    if runs.is_empty():
        return False
    last = runs.row(0, named=True)
    days = runs["started_at"].dt.date().n_unique()
    told = RUN_STATES.get(last["state"], RUN_STATES["failed"]).word.lower()
    took = f" in {seconds(last['seconds'])}" if last["seconds"] is not None else ""
    broken = runs.filter(pl.col("state").is_in(["failed", "partial"])).height
    st.markdown(
        f"**{plural(runs.height, 'health check')}** on {plural(days, 'day')}; the last one was **{told}**, "
        f"{ago(last['started_at'], place.now)}{took}."
        + (f" {number(broken)} of them could not collect everything." if broken else ""),
        help=exact(last["started_at"], place.zone),
    )
    return True


def calendar(place: Place) -> None:
    """One square a day: how its last health check ended, and days without one as gaps."""
    runs = _runs(place).with_columns(at=_here(place))
    days = (
        runs.sort("started_at")
        .group_by(day=pl.col("at").dt.date())
        .agg(
            state=pl.col("state").last(),
            count=pl.len(),
            took=pl.col("seconds").last(),
        )
    )
    today = place.now.astimezone(place.zone).date()
    data = pl.select(day=pl.date_range(pl.lit(today) - pl.duration(days=7 * _WEEKS - 1), pl.lit(today), "1d"))
    shown = (
        data.join(days, on="day", how="left", maintain_order="left")
        .filter(pl.col("day") >= days["day"].min())
        .with_columns(
            word=pl.col("state").replace_strict(
                {name: look.word for name, look in RUN_STATES.items()}, default="None", return_dtype=pl.String
            ),
            week=pl.col("day").dt.truncate("1w").dt.strftime("%d %b"),
            weekday=pl.col("day").dt.strftime("%a"),
            order=pl.col("day").dt.truncate("1w"),
        )
    )
    if shown.height < 2:
        return
    weeks = shown["week"].unique(maintain_order=True).to_list()
    base = alt.Chart(shown).encode(
        x=alt.X("week:O", sort=weeks, title=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y("weekday:O", sort=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], title=None),
    )
    squares = base.mark_rect(cornerRadius=3, width={"band": 0.86}, height={"band": 0.86}).encode(
        color=alt.Color(
            "word:N",
            scale=alt.Scale(domain=[*_COLOURS, "None"], range=[*_COLOURS.values(), "#8A9AA033"]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %d %b %Y"),
            alt.Tooltip("word:N", title="Last health check"),
            alt.Tooltip("count:Q", title="Health checks"),
            alt.Tooltip("took:Q", title="Seconds", format=",.0f"),
        ],
    )
    st.altair_chart(
        squares.properties(height=150, width=26 * len(weeks) + 40),
        width="content",
        alt="Health checks by day; the same stand in the list below",
    )


def history(place: Place) -> None:
    """The health checks, the newest first; two that are ticked are compared below."""
    runs = _runs(place)
    st.header("Health checks", anchor="history")
    st.caption("Tick two to see what changed between them.")
    looks = list(RUN_STATES.values())
    shown = runs.select(
        state=pl.concat_list(
            pl.col("state").replace_strict(
                {name: look.cell for name, look in RUN_STATES.items()}, default="? Unknown"
            )
        ),
        started="started_at",
        seconds="seconds",
        mode=pl.col("mode").replace_strict(_MODES, default=pl.col("mode"), return_dtype=pl.String),
        by="started_by",
        message="message",
    )
    columns = {
        "state": st.column_config.MultiselectColumn(
            "State", options=[look.cell for look in looks], color=[look.colour for look in looks], width=115
        ),
        "started": st.column_config.DatetimeColumn(
            "Started",
            format="D MMM YYYY, HH:mm",
            width=145,
            timezone=str(place.zone) if place.zone else None,
        ),
        "seconds": st.column_config.NumberColumn("Seconds", format="%,.1f", width=85),
        "mode": st.column_config.TextColumn("Read", width=120),
        "by": st.column_config.TextColumn("By", width=110),
        "message": st.column_config.TextColumn("Message", width=420),
    }
    selecting.table(
        runs,
        shown,
        columns,
        key="runs-grid",
        height=table_height(shown.height, 340),
        alt="Health checks, the newest first",
        then=_chosen,
    )


def _chosen(ids: list[str]) -> None:
    """Two ticked runs go into the URL, the older one first: ids begin with their moment."""
    if len(ids) == 2:
        before, after = sorted(ids)
        address.put("before", before)
        address.put("after", after)


def words(place: Place, run: dict[str, object]) -> str:
    """A run in a drop-down: `Sat 21 Nov 2026, 06:02, by night`."""
    return f"{exact(run['started_at'], place.zone)[:-3]}, by {plain(str(run['started_by']))}"  # type: ignore[arg-type]


def _runs(place: Place) -> pl.DataFrame:
    """The runs with `state` (a person's stop is no failure of the shop) and `seconds`."""
    runs = place.store.runs(limit=_RUNS)
    return runs.with_columns(
        state=pl.when(pl.col("message").fill_null("").str.starts_with("Stopped"))
        .then(pl.lit("stopped"))
        .otherwise("status"),
        seconds=(pl.col("finished_at") - pl.col("started_at")).dt.total_milliseconds() / 1000,
    )


def _here(place: Place) -> pl.Expr:
    zone = str(place.zone) if place.zone else None
    at = pl.col("started_at")
    return at.dt.convert_time_zone(zone) if zone else at


def finished(place: Place) -> pl.DataFrame:
    """Runs that have something to compare, the newest first."""
    return loading.runs(place).filter(pl.col("status").is_in(["complete", "partial"]))
