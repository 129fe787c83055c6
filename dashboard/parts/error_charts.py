"""Charts of error rows: the timeline of a problem, and the calendar of the days that were read.

One colour, the theme's accent: the height and the shade say how much, and a day that was not read is hatched out with a
word, so that it never looks like a quiet one.
"""

from __future__ import annotations

import altair as alt
import polars as pl
import streamlit as st

from dashboard.parts.error_shapes import WEEKDAYS

#: A day every so many has its name beneath.
_EVERY = 7


def _shades() -> tuple[str, str, str, str]:
    """Accent, ink, the shade of a gap, and the palest of the accent."""
    if st.context.theme.type == "dark":
        return "#6CC3CC", "#E6EDEE", "#2A363B", "#1B2E33"
    return "#0B5D66", "#17252A", "#E3E8EA", "#E4F0F1"


def timeline(days: pl.DataFrame, moments: pl.DataFrame) -> None:
    """Rows a day, days that were not read shaded, and rules where it was fixed or resolved.

    Args:
        days: day, label, rows, known, as `error_shapes.timeline`.
        moments: label (of a day), word.
    """
    accent, ink, gap, _ = _shades()
    order = days["label"].to_list()
    named = [label for place, label in enumerate(reversed(order)) if place % _EVERY == 0]
    most = max(1, int(days["rows"].max() or 0))  # type: ignore[arg-type]
    x = alt.X(
        "label:N",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(values=named, labelAngle=0, ticks=False, labelOverlap=True),
    )
    y = alt.Y(
        "rows:Q",
        title=None,
        scale=alt.Scale(domain=[0, most * 1.25], nice=False),
        axis=alt.Axis(format=",d", values=sorted({0, (most + 1) // 2, most})),
    )
    words = pl.col("known").replace_strict(
        {"collected": "read", "partly": "read in part", "missing": "not read"}, default=""
    )
    told = days.with_columns(known_words=words)
    tooltip = [
        alt.Tooltip("label:N", title="Day"),
        alt.Tooltip("rows:Q", title="Rows", format=",d"),
        alt.Tooltip("known_words:N", title="The log"),
    ]
    layers = [
        alt.Chart(told.filter(pl.col("known") == "missing"))
        .mark_bar(color=gap)
        .encode(x=x, y=alt.value(0), y2=alt.value(170), tooltip=tooltip),
        alt.Chart(told.filter(pl.col("known") == "partly"))
        .mark_bar(color=gap, opacity=0.5)
        .encode(x=x, y=alt.value(0), y2=alt.value(170), tooltip=tooltip),
        alt.Chart(told)
        .mark_bar(color=accent, cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(x=x, y=y, tooltip=tooltip),
    ]
    if moments.height:
        at = alt.Chart(moments)
        layers.append(
            at.mark_rule(color=ink, strokeDash=[4, 3], strokeWidth=1.5).encode(
                x=alt.X("label:N", sort=order), tooltip=[alt.Tooltip("word:N", title="That day")]
            )
        )
        layers.append(
            at.mark_text(color=ink, align="right", dx=-4, fontSize=11).encode(
                x=alt.X("label:N", sort=order), y=alt.value(8), text="word:N"
            )
        )
    st.altair_chart(
        alt.layer(*layers).properties(height=170),
        alt="Rows of this problem a day over the last 30 days; shaded days were not read",
    )


def calendar(cells: pl.DataFrame) -> None:
    """A heat map of weeks: rows a day; days that were not read, or not whole, are outlined and say so.

    Args:
        cells: as `error_shapes.calendar`.
    """
    accent, ink, gap, pale = _shades()
    weeks = cells.sort("monday")["week"].unique(maintain_order=True).to_list()
    most = max(1, int(cells["rows"].max() or 0))  # type: ignore[arg-type]
    x = alt.X(
        "week:N",
        sort=weeks,
        title=None,
        scale=alt.Scale(domain=weeks, padding=0.06),
        axis=alt.Axis(
            labelAngle=0, orient="top", ticks=False, domain=False, labelFlush=False, labelBound=False
        ),
    )
    y = alt.Y(
        "weekday:N",
        sort=list(WEEKDAYS),
        title=None,
        scale=alt.Scale(domain=list(WEEKDAYS), padding=0.08),
        axis=alt.Axis(ticks=False, domain=False, labelFlush=False, labelBound=False),
    )
    words = pl.col("state").replace_strict(
        {"collected": "read", "partly": "read in part", "missing": "not read"}, default=""
    )
    told = cells.with_columns(state_words=words, strong=pl.col("rows") > most * 0.55)
    tooltip = [
        alt.Tooltip("label:N", title="Day"),
        alt.Tooltip("rows:Q", title="Rows", format=",d"),
        alt.Tooltip("state_words:N", title="The log"),
    ]
    known, unknown = told.filter(pl.col("state") != "missing"), told.filter(pl.col("state") == "missing")
    layers = [
        alt.Chart(known.filter(pl.col("state") == "collected"))
        .mark_rect(cornerRadius=4)
        .encode(
            x=x,
            y=y,
            color=alt.Color("rows:Q", scale=alt.Scale(domain=[0, most], range=[pale, accent]), legend=None),
            tooltip=tooltip,
        ),
        alt.Chart(known.filter(pl.col("state") == "partly"))
        .mark_rect(cornerRadius=4, stroke=ink, strokeDash=[3, 2], strokeWidth=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("rows:Q", scale=alt.Scale(domain=[0, most], range=[pale, accent]), legend=None),
            tooltip=tooltip,
        ),
        alt.Chart(unknown)
        .mark_rect(cornerRadius=4, color=gap, stroke=ink, strokeDash=[2, 3], strokeWidth=0.6)
        .encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(told)
        .mark_text(fontSize=11)
        .encode(
            x=x,
            y=y,
            text="text:N",
            tooltip=tooltip,
            color=alt.condition(
                "datum.strong && datum.state != 'missing'", alt.value(_on_accent()), alt.value(ink)
            ),
        ),
    ]
    st.altair_chart(
        alt.layer(*layers).properties(height=230),
        alt="Rows of the error log a day over the last five weeks; days that were not read say so",
    )


def _on_accent() -> str:
    return "#0E1618" if st.context.theme.type == "dark" else "#FFFFFF"
