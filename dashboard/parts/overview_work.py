"""The work beside the findings, on the Overview: orders that wait, what was set aside, what was put right."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.parts import loading, shaping
from dashboard.parts.anchors import FINDINGS
from dashboard.parts.links import ORDERS
from dashboard.parts.orders_view import still_waiting
from dashboard.parts.place import Place
from dashboard.parts.trade import today
from dashboard.parts.waiting_orders import due
from dashboard.parts.words import STATUSES, ago, number, plain, plural

#: Decisions that end within these days are told to come back soon.
SOON = timedelta(days=7)


def orders(place: Place) -> None:
    """Orders that wait to be taken in, and the oldest of them."""
    st.subheader("Orders", anchor="orders")
    with st.container(border=True, gap="xxsmall", key="orders-list"):
        for source in place.settings.shops:
            _orders_of(place, source.name)


def _orders_of(place: Place, source: str) -> None:
    of = f" :gray[{plain(source)}]" if len(place.settings.shops) > 1 else ""
    frame = still_waiting(place, source)
    if frame is None:
        st.caption(f"Orders of {plain(source)} were never collected.")
        return
    waiting = frame.filter(pl.col("processed_at").is_null())
    if waiting.is_empty():
        st.page_link(
            ORDERS, label=f":material/check_circle: No order waits{of}", query_params={"source": source}
        )
        return
    oldest = waiting.select(pl.col("ordered_at").min()).item()
    late = waiting.filter(due() < today(place)).height
    st.page_link(
        ORDERS,
        label=f":material/receipt_long: **{plural(waiting.height, 'order waits', 'orders wait')}**{of}",
        query_params={"source": source},
    )
    since = f"The oldest was ordered {ago(oldest, place.now)}." if oldest is not None else ""
    st.caption(
        since
        + (
            f" :red[:material/error: {plural(late, 'is past its day', 'are past their day')}.]"
            if late
            else ""
        )
    )


def set_aside(place: Place) -> None:
    """What people accepted and snoozed, and how much of it comes back soon."""
    held = loading.decisions(place)
    aside = loading.unfixed_findings(place).filter(pl.col("status").is_in(["accepted", "snoozed"]))
    if aside.is_empty():
        return
    st.subheader("Set aside", anchor="set-aside")
    counts = dict(aside.group_by("status").agg(pl.len()).iter_rows())
    soon = held.filter(
        pl.col("finding_id").is_in(aside["id"].to_list()) & (pl.col("until") <= place.now + SOON)
    ).height
    with st.container(border=True, gap="xxsmall", key="aside-list"):
        for status in ("accepted", "snoozed"):
            if count := counts.get(status, 0):
                look = STATUSES[status]
                st.page_link(
                    FINDINGS,
                    label=f"{look.icon} **{number(count)}** {look.word.lower()}",
                    query_params={"status": status},
                )
        if soon:
            st.caption(f"{plural(soon, 'comes', 'come')} back within {SOON.days} days.")


def fixed_lately(place: Place) -> None:
    """What was fixed in the last seven days, and by whom."""
    st.subheader("Fixed in the last seven days", anchor="fixed")
    fixed = place.store.fixed_since(days=7)
    if fixed.is_empty():
        st.caption(
            "Nothing yet. What a repair here or a change in the shop puts right is counted from the next run on."
        )
        return
    with st.container(border=True, gap="xxsmall", key="fixed-list"):
        for row in fixed.sort("findings", descending=True).head(8).iter_rows(named=True):
            who = f"by {plain(row['by'])}" if row["by"] else "found right by a health check"
            title = plain(shaping.check_title(row["check"]))
            st.page_link(
                FINDINGS,
                label=f":green[:material/check_circle:] **{number(row['findings'])}** {title} :gray[{who}]",
                query_params={"check": row["check"], "status": "fixed"},
            )
