"""The panel of one finding: what the check says, why it matters, the thing itself, its history, its company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import address, loading
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, anchor_of
from dashboard.parts.details import Part, guilty_column, order_parts, product_parts, row_of
from dashboard.parts.place import Place
from dashboard.parts.words import EVENTS, SEVERITIES, STATUSES, ago, exact, number, plain, plural

LOOKUPS = ("brands", "categories", "storage_conditions", "suppliers")


def finding_panel(place: Place, finding: dict[str, Any]) -> None:
    """Everything about one finding (a row of `loading.all_findings`)."""
    check = CHECKS.get(finding["check"])
    with st.container(border=True, key="finding-panel"):
        st.markdown(
            f"{SEVERITIES[finding['severity']].badge} {STATUSES[finding['status']].badge}\n\n"
            f"#### {plain(finding['name'] or finding['key'])}\n\n{plain(finding['message'])}"
        )
        st.caption(
            f"{plain(finding['title'])} · {plain(finding['key'])} · found {ago(finding['first_seen'], place.now)}",
            help=f"First seen {exact(finding['first_seen'], place.zone)}, last seen "
            f"{exact(finding['last_seen'], place.zone)}",
        )
        target = anchor_of(finding["check"])
        if target.page != FINDINGS:
            st.page_link(
                target.page,
                label=f"**{PAGE_TITLES[target.page]}**",
                icon=":material/arrow_forward:",
                query_params={"text": finding["key"], "show": "all"},
            )
        if check is not None:
            st.markdown(f"**Why it matters** {plain(check.why)}\n\n**What to do** {plain(check.advice)}")
        _thing(place, finding)
        _history(place, finding)
        _company(place, finding)


def _thing(place: Place, finding: dict[str, Any]) -> None:
    source, key = finding["source"], finding["key"]
    guilty = guilty_column(finding)
    if finding["entity"] == "order":
        order = row_of(loading.frame(place, source, "orders"), "order_number", key)
        title, parts = "The order", None if order is None else order_parts(order, guilty, place.zone)
    else:
        product = row_of(loading.frame(place, source, "products"), "article_number", key)
        photos = loading.frame(place, source, "photos")
        count = None if photos is None else photos.filter(pl.col("article_number") == key).height
        lookups = {name: loading.frame(place, source, name) for name in LOOKUPS}
        title = "The product"
        parts = None if product is None else product_parts(product, lookups, count, guilty, place.zone)
    st.markdown(f"**{title}**")
    if parts is None:
        st.caption(
            "It is not in the newest collected data: it was removed or linked since, or could not be collected."
        )
    else:
        field_table(parts, alt=title)


def field_table(parts: Sequence[Part], *, alt: str) -> None:
    """Fields under each other; the guilty one marked by colour, icon and weight."""
    st.table(
        {
            (f":red[:material/error: **{part.title}**]" if part.guilty else f":gray[{part.title}]"): (
                f":red-background[**{plain(part.text)}**]" if part.guilty else plain(part.text)
            )
            for part in parts
        },
        border="horizontal",
        alt=alt,
    )


def _history(place: Place, finding: dict[str, Any]) -> None:
    events = place.store.events(finding["id"])
    st.markdown("**History**")
    lines = []
    for event in events.iter_rows(named=True):
        look = EVENTS.get(event["event"])
        word = look.word if look else event["event"]
        icon = look.icon if look else ":material/circle:"
        who = f", by {plain(event['by'])}" if event.get("by") else ""
        detail = (
            f": {plain(event['detail'])}"
            if event["detail"] and event["event"] not in ("new", "regressed")
            else ""
        )
        lines.append(f"- {icon} {exact(event['at'], place.zone)} · **{word}**{detail}{who}")
    st.markdown("\n".join(lines) or "No events yet.")


def _company(place: Place, finding: dict[str, Any]) -> None:
    others = loading.open_findings(place).filter(
        (pl.col("key") == finding["key"])
        & (pl.col("entity") == finding["entity"])
        & (pl.col("source") == finding["source"])
        & (pl.col("id") != finding["id"])
    )
    if others.is_empty():
        return
    st.markdown(f"**Also wrong with this {finding['entity']}**")
    for row in others.head(8).iter_rows(named=True):
        st.page_link(
            FINDINGS,
            label=f"{SEVERITIES[row['severity']].icon} {plain(row['title'])}: {plain(row['message'])}",
            query_params={"finding": row["id"], "text": row["key"]},
        )


def nothing_selected(findings: pl.DataFrame, counts: pl.DataFrame) -> None:
    """What stands in the panel's place: how the shown findings divide, and how to open one."""
    with st.container(border=True, key="finding-panel"):
        st.markdown(f"#### {plural(findings.height, 'finding')}")
        st.caption("Tick a row to see what is behind it; tick several to export just those.")
        with st.container(gap=None):
            for row in counts.head(16).iter_rows(named=True):
                look = SEVERITIES[row["severity"]]
                st.button(
                    f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}",
                    key=f"only-{row['check']}",
                    type="tertiary",
                    on_click=address.put,
                    args=("check", row["check"]),
                )


def several_selected(findings: pl.DataFrame, counts: pl.DataFrame) -> None:
    """The panel of a selection of more than one."""
    things = findings["key"].n_unique()
    with st.container(border=True, key="finding-panel"):
        st.markdown(f"#### {plural(findings.height, 'finding')} selected")
        st.caption(f"on {plural(things, 'article or order', 'articles or orders')}")
        for row in counts.iter_rows(named=True):
            st.markdown(f"- {plain(row['title'])}: **{number(row['count'])}**")
