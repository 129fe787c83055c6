"""Charts in Altair. Aggregated before they get here; colours carry severity only."""

from __future__ import annotations

import altair as alt
import polars as pl
import streamlit as st

from checks.findings import SEVERITIES
from dashboard.parts.words import SEVERITIES as LOOKS


def _colours() -> list[str]:
    """Error, warning, info, in the theme that is on; also told apart by colour-blind people, by lightness."""
    dark = st.context.theme.type == "dark"
    return ["#E5736C", "#E0A050", "#7FABD6"] if dark else ["#C2332E", "#D98324", "#5B8DBF"]


def _ink() -> str:
    return "#E6EDEE" if st.context.theme.type == "dark" else "#17252A"


def _severity_scale() -> alt.Scale:
    return alt.Scale(domain=[LOOKS[severity].word for severity in SEVERITIES], range=_colours())


def trend(totals: pl.DataFrame) -> None:
    """Open findings by severity over the runs: columns at, severity, count."""
    data = totals.with_columns(
        word=pl.col("severity").replace_strict({s: LOOKS[s].word for s in SEVERITIES}, default="Info")
    )
    chart = (
        alt.Chart(data)
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("at:T", title=None, axis=alt.Axis(format="%d %b, %H:%M", tickCount=3, labelOverlap=True)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(format=",d", tickCount=4)),
            color=alt.Color("word:N", scale=_severity_scale(), legend=alt.Legend(orient="top", title=None)),
            tooltip=[
                alt.Tooltip("at:T", title="Run", format="%d %b, %H:%M"),
                alt.Tooltip("word:N", title="Severity"),
                alt.Tooltip("count:Q", title="Findings", format=",d"),
            ],
        )
        .properties(height=180)
    )
    st.altair_chart(chart, alt="Findings by severity over the last runs")


def bars(counts: pl.DataFrame, label: str, count: str, *, title: str) -> None:
    """Plain horizontal bars of the theme's accent: columns `label` and `count`."""
    order = counts.sort(count, descending=True)[label].to_list()
    base = alt.Chart(counts).encode(
        y=alt.Y(f"{label}:N", sort=order, title=None, axis=alt.Axis(labelLimit=200, ticks=False)),
        x=alt.X(f"{count}:Q", title=None, axis=alt.Axis(format=",d", tickCount=4)),
    )
    shade = "#6CC3CC" if st.context.theme.type == "dark" else "#0B5D66"
    drawn = base.mark_bar(cornerRadiusEnd=2, color=shade, height={"band": 0.6}).encode(
        tooltip=[
            alt.Tooltip(f"{label}:N", title=title),
            alt.Tooltip(f"{count}:Q", title="Products", format=",d"),
        ]
    )
    numbers = base.mark_text(align="left", dx=5, fontSize=12, color=_ink()).encode(
        text=alt.Text(f"{count}:Q", format=",d")
    )
    st.altair_chart((drawn + numbers).properties(height=24 * len(order) + 28), alt=title)
