"""Articles of a supplier by what it says of them, drawn with how many of them are the shop's."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import streamlit as st


def standings(counts: pl.DataFrame) -> None:
    """Bars of `suppliers_rows.by_standing`: all articles pale, the shop's own in the accent before them."""
    dark = st.context.theme.type == "dark"
    pale, accent, ink = ("#2A4A50", "#6CC3CC", "#E6EDEE") if dark else ("#CFE3E5", "#0B5D66", "#17252A")
    is_known = counts["ours"].null_count() < counts.height
    total = counts["articles"].sum()
    words = pl.format(
        "{} ({} %)", _thousands("articles"), (pl.col("articles") / total * 100).round(0).cast(pl.Int64)
    )
    data = counts.with_columns(label=words)
    order = data["word"].to_list()
    parts = {"articles": "All articles", "ours": "Yours too"} if is_known else {"articles": "All articles"}
    scale = alt.Scale(domain=list(parts.values()), range=[pale, accent])
    y = alt.Y("word:N", sort=order, title=None, axis=alt.Axis(labelLimit=140, ticks=False))
    tooltip = [
        alt.Tooltip("word:N", title="The supplier says"),
        alt.Tooltip("articles:Q", title="Articles", format=",d"),
        *([alt.Tooltip("ours:Q", title="Yours too", format=",d")] if is_known else []),
    ]

    def bars(column: str, band: float) -> Any:
        return (
            alt.Chart(data.with_columns(part=pl.lit(parts[column])))
            .mark_bar(cornerRadiusEnd=2, height={"band": band})
            .encode(
                y=y,
                x=alt.X(f"{column}:Q", title=None, axis=alt.Axis(format=",d", tickCount=3, tickMinStep=1)),
                color=alt.Color(
                    "part:N", scale=scale, legend=alt.Legend(orient="top", title=None) if is_known else None
                ),
                tooltip=tooltip,
            )
        )

    numbers = (
        alt.Chart(data)
        .mark_text(align="left", dx=5, fontSize=12, color=ink)
        .encode(y=y, x=alt.X("articles:Q", title=None), text="label:N")
    )
    bands = {"articles": 0.62, "ours": 0.3}
    layers = [*(bars(column, bands[column]) for column in parts), numbers]
    drawn = alt.layer(*layers).properties(height=34 * len(order) + 84)
    told = "; ".join(f"{row['word']}: {row['articles']:,}" for row in data.iter_rows(named=True))
    st.altair_chart(drawn, alt=f"Articles by what the supplier says of them. {told}")


def _thousands(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda count: f"{count:,}", return_dtype=pl.String)
