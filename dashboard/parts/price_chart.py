"""What clients pay for one article, against its list price."""

from __future__ import annotations

import altair as alt
import polars as pl
import streamlit as st

#: More different prices than this are put into bins.
_BINS = 40
_CENT = 0.005


def client_prices(prices: pl.DataFrame, list_price: float | None, mine: float | None = None) -> None:
    """Bars of how many clients pay how much; a line at the list price, another at the price of one client.

    Args:
        prices: rows of client_prices of one article.
        list_price, mine: euro.
    """
    counts = _counted(prices)
    dark = st.context.theme.type == "dark"
    accent, ink, quiet = ("#6CC3CC", "#E6EDEE", "#9FB0B6") if dark else ("#0B5D66", "#17252A", "#5F7178")
    ends = [float(value) for value in (list_price, mine, *counts["price"]) if value]
    low, high = min(ends), max(ends)
    room = max((high - low) * 0.08, 0.05)
    x = alt.X(
        "price:Q",
        title="€ a unit",
        scale=alt.Scale(domain=[low - room, high + room], nice=False, zero=False),
        axis=alt.Axis(format=",.2f", tickCount=5, grid=False),
    )
    most = max(counts["clients"])
    y = alt.Y(
        "clients:Q",
        title="Clients",
        scale=alt.Scale(domain=[0, most * 1.5], nice=False),  # room above the bars for the words
        axis=alt.Axis(values=sorted({0, (most + 1) // 2, most}), format=",d"),
    )
    layers: list[alt.Chart] = [
        alt.Chart(counts)
        .mark_bar(size=7, color=accent, cornerRadiusEnd=2)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("price:Q", title="Price €", format=",.2f"),
                alt.Tooltip("clients:Q", title="Clients", format=",d"),
            ],
        )
    ]
    same = bool(list_price and mine and abs(list_price - mine) < _CENT)
    marks = [(list_price, "list price and this client" if same else "list price", ink, 0)]
    if not same:
        marks.append((mine, "this client", quiet, 14))
    for value, word, colour, down in marks:
        if value:
            at = alt.Chart(pl.DataFrame({"price": [value], "word": [f"{word} € {value:,.2f}"]}))
            right = value > (low + high) / 2
            layers.append(at.mark_rule(color=colour, strokeWidth=2, strokeDash=[4, 3]).encode(x=x))
            layers.append(
                at.mark_text(
                    align="right" if right else "left",
                    dx=-6 if right else 6,
                    dy=down,
                    color=colour,
                    fontSize=12,
                ).encode(x=x, y=alt.value(6), text="word:N")
            )
    st.altair_chart(
        alt.layer(*layers).properties(height=180),
        alt="How many clients pay how much for this article; the sentence above tells the same",
    )


def _counted(prices: pl.DataFrame) -> pl.DataFrame:
    """price, clients: how many pay it, to the cent; of many different prices the middle of equal steps."""
    paid = prices.select(price=pl.col("sales_price").round(2)).drop_nulls()
    counts = paid.group_by("price").agg(clients=pl.len()).sort("price")
    if counts.height <= _BINS:
        return counts
    low, high = float(counts["price"][0]), float(counts["price"][-1])
    step = (high - low) / _BINS
    place = ((pl.col("price") - low) / step).floor().clip(0, _BINS - 1)
    return paid.select(price=low + (place + 0.5) * step).group_by("price").agg(clients=pl.len()).sort("price")
