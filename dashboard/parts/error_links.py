"""On pages of products, clients and orders: in how many failed requests they were, with the problems; and on the Overview
which problems want a look."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.parts import error_groups
from dashboard.parts.error_words import STATES, URGENT, sentence, title, with_meaning
from dashboard.parts.place import Place
from dashboard.parts.words import ago, plain, plural

PAGE = "app_pages/error_logs.py"

#: Problems that are named one by one.
_MOST = 4


def failed_requests(place: Place, source: str, kind: str, key: str) -> None:
    """`In 12 failed requests (2 problems)`, each problem a link; nothing where there was none.

    Args:
        kind: product, client or order.
    """
    groups = place.store.errors.groups_of(source, kind, key)
    if groups.is_empty():
        return
    count = place.store.errors.rows_total(source=source, thing=(kind, key))
    with st.container(gap=None, key="failed-requests"):
        st.markdown(
            f":material/bug_report: In **{plural(count, 'failed request')}** ({plural(groups.height, 'problem')})"
        )
        for row in with_meaning(groups).head(_MOST).iter_rows(named=True):
            look = STATES[row["state"]]
            st.page_link(
                PAGE,
                label=f"{look.icon} **{plain(row['what'])}** :gray[{look.word.lower()}, "
                f"{plain(row['method'] or '')} {plain(row['route'] or '')}, {ago(row['last_seen'], place.now)}]",
                query_params={"group": row["id"]},
            )
        if groups.height > _MOST:
            st.caption(f"and {groups.height - _MOST:,} more on the page Error logs.")


def overview(place: Place) -> None:
    """New, escalating and returned problems; and where the log could not be read, why nobody knows."""
    st.subheader("Error logs", anchor="error-logs")
    blind = [row for row in error_groups.readings(place) if row["status"] not in ("ok", "deferred")]
    groups = error_groups.every(place)
    opened = error_groups.opened(groups)
    with st.container(border=True, gap="xsmall", key="error-list"):
        for row in blind:
            st.page_link(
                "app_pages/data.py",
                label=f":red[:material/cloud_off:] **The error log could not be read** :gray[{plain(row['source'])}]",
            )
            st.caption(plain(row["message"] or "No reason was given."))
        if groups.is_empty():
            if not blind:
                st.markdown(":material/check_circle: No request of yours failed in the days that were read.")
            return
        st.page_link(PAGE, label=sentence(opened))
        urgent = opened.filter(pl.col("state").is_in(list(URGENT)))
        for group in urgent.head(_MOST + 1).iter_rows(named=True):
            look = STATES[group["state"]]
            st.page_link(
                PAGE,
                label=f"{look.badge} **{plain(group['what'])}** :gray[{plural(group['last_day'], 'row')} in 24 h]",
                query_params={"group": group["id"]},
                help=title(group["title"]),
            )
        if urgent.height > _MOST + 1:
            st.caption(f"and {urgent.height - _MOST - 1:,} more.")
