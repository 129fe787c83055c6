"""The panel of one finding: what is wrong, what it touches, what was decided, what to do, its history, its company."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from checks.impact import DAYS
from checks.rules import CHECKS
from dashboard.parts import address, deciding, loading, opening, repairs
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, anchor_of, page_of
from dashboard.parts.finding_thing import thing
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.words import (
    ENTITIES,
    EVENTS,
    SEVERITIES,
    STATUSES,
    ago,
    day,
    euro,
    exact,
    number,
    plain,
    plural,
)

#: Pages that find one thing by the word of their search field.
_SEARCHABLE = ("app_pages/became_central.py", "app_pages/photos.py", "app_pages/references.py")


def finding_panel(place: Place, finding: dict[str, Any], close: Callable[[], None]) -> None:
    """Everything about one finding (a row of `loading.some_findings`). `close` puts the panel away."""
    check = CHECKS.get(finding["check"])
    _head(place, finding, close)
    is_problem = finding["entity"] == "error-group"
    message = finding["message"]
    if is_problem and finding["name"]:  # its message begins with its title
        message = re.sub(r"^\((.*)\)$", r"\1", message.removeprefix(finding["name"]).strip(" :"))
    st.markdown(f"#### {plain(finding['name'] or finding['called'])}\n\n{plain(message)}")
    key = "" if is_problem else f"{plain(finding['called'])} · "
    st.caption(
        f"{plain(finding['title'])} · {key}found {ago(finding['first_seen'], place.now)}",
        help=f"First seen {exact(finding['first_seen'], place.zone)}, last seen "
        f"{exact(finding['last_seen'], place.zone)}",
    )
    if words := impact_words(finding, loading.impact_days(place, finding["source"])):
        st.markdown(f":material/shopping_cart: {words}")
    _decision(place, finding)
    alone = pl.DataFrame([finding], infer_schema_length=None)
    _repair(place, alone)
    deciding.buttons(alone)
    _links(finding)
    if check is not None:
        st.markdown(f"**Why it matters** {plain(check.why)}\n\n**What to do** {plain(check.advice)}")
    thing(place, finding)
    events = place.store.events(finding["id"])
    _comments(place, events)
    _history(place, events)
    _company(place, finding)


def _head(place: Place, finding: dict[str, Any], close: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"{SEVERITIES[finding['severity']].badge} {STATUSES[finding['status']].badge}", width="content"
        )
        st.button("Close", icon=":material/close:", type="tertiary", key="panel-close", on_click=close)


def _repair(place: Place, findings: pl.DataFrame) -> None:
    """What the repair would do, and its button, or why not and the step that helps."""
    if findings["status"][0] == "fixed":
        return
    if said := repairs.meaning(findings["check"][0]):
        st.markdown(f"**What the repair does** {plain(said)}")
    repairs.actions(place, findings, key="repair", primary=True)


def impact_words(finding: Mapping[str, Any], days: int = DAYS) -> str:
    """What a finding touches: `In 14 orders of the last 30 days, € 1,240; 6 clients have a price of their own for it`.

    Args:
        finding: entity, and orders, turnover and clients as `impact.with_impact` gives them.
        days: how far back its orders were collected.
    """
    orders, turnover, clients = finding["orders"], finding["turnover"], finding["clients"]
    if finding["entity"] == "order":
        return f"Worth {euro(turnover)}" if turnover else ""
    parts = []
    if orders is not None:
        worth = f", {euro(turnover)}" if orders else ""
        if finding["entity"] in ("client", "user"):
            parts.append(
                f"{plural(orders, 'order') if orders else 'No order'} in the last {days} days{worth}"
            )
        else:
            parts.append(
                f"In {plural(orders, 'order') if orders else 'no order'} of the last {days} days{worth}"
            )
    if clients:
        parts.append(f"{plural(clients, 'client has', 'clients have')} a price of their own for it")
    return "; ".join(parts)


def _decision(place: Place, finding: dict[str, Any]) -> None:
    """The decision that holds: who, when, why, until."""
    held = place.store.decisions(ids=[finding["id"]])
    if held.is_empty():
        return
    row = held.row(0, named=True)
    look = STATUSES[row["kind"]]
    until = f" Comes back after {day(row['until'], place.zone)}" if row["until"] else " No end date"
    also = ", or when its value changes or it gets graver." if row["kind"] == "accepted" else "."
    value = (
        f" The value accepted: {plain(row['value'])}." if row["kind"] == "accepted" and row["value"] else ""
    )
    with st.container(border=True, key="decision", gap="xxsmall"):
        st.markdown(
            f"{look.icon} **{look.word} by {plain(row['by'])}**, {ago(row['at'], place.now)}"
            + (f": “{plain(row['reason'])}”" if row["reason"] else "")
        )
        st.caption(f"{until.strip()}{also}{value}", help=exact(row["at"], place.zone))


def _links(finding: dict[str, Any]) -> None:
    """The way to the thing's own page, and to the page where the check is put right."""
    target = entity_page(finding["entity"], finding["source"], finding["key"])
    word, _ = ENTITIES.get(finding["entity"], ("thing", "things"))
    page = anchor_of(finding["check"]).page
    with st.container(horizontal=True, gap="small"):
        if target is not None:
            st.page_link(
                target[0],
                label=f"**All about this {word}**",
                icon=":material/open_in_full:",
                query_params=target[1],
                width="content",
            )
        if page != FINDINGS and (target is None or page != target[0]):
            _, params = page_of(finding["check"])
            if page in _SEARCHABLE:
                params = {"source": finding["source"], "text": finding["key"], "show": "all"}
            st.page_link(
                page,
                label=f"**{PAGE_TITLES[page]}**",
                icon=":material/arrow_forward:",
                query_params=params or None,
                width="content",
            )


def _comments(place: Place, events: pl.DataFrame) -> None:
    remarks = events.filter(pl.col("event") == "comment")
    if remarks.is_empty():
        return
    st.markdown("**Comments**")
    for row in remarks.reverse().iter_rows(named=True):
        st.markdown(f":material/chat: {plain(row['detail'])}", help=exact(row["at"], place.zone))
        st.caption(f"{plain(row['by'] or 'somebody')}, {ago(row['at'], place.now)}")


def _history(place: Place, events: pl.DataFrame) -> None:
    st.markdown("**History**")
    lines = []
    for event in events.filter(pl.col("event") != "comment").iter_rows(named=True):
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
    others = loading.unfixed_findings(place).filter(
        (pl.col("subject") == finding["subject"])
        & (pl.col("source") == finding["source"])
        & (pl.col("id") != finding["id"])
    )
    if others.is_empty():
        return
    word, _ = ENTITIES.get(finding["subject"].partition(" ")[0], ("thing", "things"))
    st.markdown(f"**Also wrong with this {word}**")
    for row in others.head(8).iter_rows(named=True):
        aside = (
            f" :gray[{STATUSES[row['status']].word.lower()}]"
            if row["status"] in ("accepted", "snoozed")
            else ""
        )
        # With its state: without, what was set aside would not be in the list that the link asks for.
        opening.link(
            f"{SEVERITIES[row['severity']].icon} {plain(row['title'])}: {plain(row['message'])}{aside}",
            f"company-{row['id']}",
            finding=row["id"],
            text=row["key"],
            **({"status": row["status"]} if aside else {}),
        )
    if others.height > 8:
        st.caption(f"and {others.height - 8:,} more on the page of the {word}.")


def nothing_selected(findings: pl.DataFrame, counts: pl.DataFrame) -> None:
    """What stands in the panel's place: how the shown findings divide, and how to open one."""
    with st.container(border=True, key="finding-summary"):
        st.markdown(f"#### {plural(findings.height, 'finding')}")
        st.caption(
            "Tick a row to see what is behind it; tick several to repair, accept, snooze or export just those."
        )
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


def several_selected(
    place: Place, findings: pl.DataFrame, counts: pl.DataFrame, close: Callable[[], None]
) -> None:
    """The panel of a selection of more than one."""
    things = findings.select("source", "subject").n_unique()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"#### {plural(findings.height, 'finding')} selected", width="content")
        st.button("Close", icon=":material/close:", type="tertiary", key="panel-close", on_click=close)
    about = findings["subject"].str.split(" ").list.first().unique()
    one, many = ENTITIES.get(about[0], ("thing", "things")) if about.len() == 1 else ("thing", "things")
    touched = findings.unique(["source", "subject"])["turnover"]
    worth = f", {euro(float(touched.sum()))} of turnover in 30 days" if touched.drop_nulls().len() else ""
    st.caption(f"on {plural(things, one, many)}{worth}")
    repairs.actions(place, findings, key="repair", primary=counts.height == 1)
    deciding.buttons(findings)
    for row in counts.iter_rows(named=True):
        look = SEVERITIES[row["severity"]]
        st.markdown(f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}")
