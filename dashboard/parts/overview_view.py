"""The lower part of the Overview: what needs attention, what could not run, what is new, what was put right."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import charts as drawing
from dashboard.parts import loading, shaping
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, anchor_of
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, ago, exact, number, plain, plural

#: Widths in pixels of severity, change, oldest and link in the list of what needs attention.
_WIDTHS = (80, 62, 88, 128)


def needs_attention(place: Place) -> None:
    """Open findings by check, the gravest first, each with the way to put it right."""
    counts = shaping.counted(loading.open_findings(place))
    st.subheader("Needs attention", anchor="needs-attention")
    if counts.is_empty():
        products = loading.rows_of(place, "products")
        st.markdown(
            f":material/check_circle: Nothing open: {plural(products, 'product')} checked, all sound."
        )
        return
    change = _changes(place)
    with st.container(border=True, gap="xsmall", key="needs-attention-list"):
        with st.container(horizontal=True, gap="small", key="attention-head"):
            st.caption("Severity", width=_WIDTHS[0])
            st.caption("Open findings", width="stretch")
            with _right_side():
                st.caption("Change", width=_WIDTHS[1])
                st.caption("Oldest", width=_WIDTHS[2])
                st.caption("Put it right", width=_WIDTHS[3])
        for row in counts.iter_rows(named=True):
            _attention_row(place, row, change.get(row["check"]))


def _attention_row(place: Place, row: dict[str, Any], change: int | None) -> None:
    look = SEVERITIES[row["severity"]]
    moved = "–" if change is None else "=" if change == 0 else f"{'▲' if change > 0 else '▼'} {abs(change):,}"
    own_page = anchor_of(row["check"]).page
    page = own_page if own_page != FINDINGS else FINDINGS
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(look.badge, width=_WIDTHS[0])
        st.page_link(
            FINDINGS,
            label=f"**{number(row['count'])}** {plain(row['title'])}",
            query_params={"check": row["check"]},
            help=f"Oldest found {exact(row['oldest'], place.zone)}",
            width="stretch",
        )
        with _right_side():
            st.caption(moved, width=_WIDTHS[1])
            st.caption(ago(row["oldest"], place.now), width=_WIDTHS[2])
            st.page_link(
                page,
                label=PAGE_TITLES[page] if page != FINDINGS else "Open the list",
                icon=":material/arrow_forward:",
                query_params={"check": row["check"]} if page == FINDINGS else None,
                width=_WIDTHS[3],
            )


def _right_side() -> Any:
    """Change, oldest and link keep together: on a narrow screen they go to the next line as one."""
    width = sum(_WIDTHS[1:]) + 2 * 14
    return st.container(horizontal=True, vertical_alignment="center", gap="small", width=width)


def _changes(place: Place) -> dict[str, int]:
    """Findings by check of the last run, less those of the run before; empty at the first run."""
    runs = loading.finished_runs(place)
    if len(runs) < 2:
        return {}
    last, before = (
        dict(
            loading.results(place, run)
            .filter(pl.col("status") != "could_not_run")
            .group_by("check")
            .agg(pl.col("findings").sum())
            .iter_rows()
        )
        for run in (runs[-1], runs[-2])
    )
    return {check: count - before[check] for check, count in last.items() if check in before}


def could_not_run(place: Place) -> None:
    """Checks that had nothing to judge, with the reason."""
    blind = loading.results(place).filter(pl.col("status") == "could_not_run")
    if blind.is_empty():
        return
    st.subheader("Could not run", anchor="could-not-run")
    with st.container(border=True, gap="xsmall"):
        for row in blind.iter_rows(named=True):
            st.markdown(
                f":gray[:material/block:] **{plain(shaping.check_title(row['check']))}** "
                f":gray[{plain(row['source'])}] {plain(row['message'])}"
            )
        st.caption("Their findings stayed as they were: neither seen again nor fixed.")


def charts(place: Place) -> None:
    """Open findings by check and severity; a click on a bar opens them."""
    findings = loading.open_findings(place)
    if findings.is_empty():
        return
    st.subheader("By check and severity", anchor="by-check")
    chosen = drawing.findings_by_check(shaping.by_check_and_severity(findings), key="overview-bars")
    if chosen:
        st.switch_page(FINDINGS, query_params={"check": chosen["check"], "severity": chosen["severity"]})
    totals = _totals(place)
    if totals["at"].n_unique() > 2:
        st.caption("Findings over the last runs")
        drawing.trend(totals)


def _totals(place: Place) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    runs = {row["id"]: row["finished_at"] for row in loading.runs(place).iter_rows(named=True)}
    for run in loading.finished_runs(place):
        sums: dict[str, int] = {}
        for row in loading.results(place, run).iter_rows(named=True):
            if row["check"] in CHECKS:
                severity = CHECKS[row["check"]].severity
                sums[severity] = sums.get(severity, 0) + row["findings"]
        rows += [{"at": runs[run], "severity": severity, "count": count} for severity, count in sums.items()]
    return pl.DataFrame(
        rows, schema={"at": pl.Datetime("us", "UTC"), "severity": pl.String, "count": pl.Int64}
    )


def new_since_last_run(place: Place) -> None:
    """What the last run found for the first time or again, by check, with examples."""
    st.subheader("New since the last run", anchor="new")
    if len(loading.finished_runs(place)) < 2:
        st.caption(
            "This was the first health check: everything it found is new. From the next one on, only news stands here."
        )
        return
    findings = shaping.newest(loading.open_findings(place), loading.judged(place))
    if findings.is_empty():
        st.markdown(":material/check_circle: Nothing new.")
        return
    counts = shaping.counted(findings)
    with st.container(border=True, gap="xsmall", key="new-list"):
        for row in counts.head(6).iter_rows(named=True):
            look = SEVERITIES[row["severity"]]
            st.page_link(
                FINDINGS,
                label=f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}",
                query_params={"check": row["check"], "status": ["new", "regressed"]},
            )
            examples = findings.filter(pl.col("check") == row["check"]).head(3)
            names = [plain(one["name"] or one["key"]) for one in examples.iter_rows(named=True)]
            st.caption(", ".join(names) + (f" and {row['count'] - 3:,} more" if row["count"] > 3 else ""))


def fixed_lately(place: Place) -> None:
    """What was fixed in the last seven days, and by whom."""
    st.subheader("Fixed in the last seven days", anchor="fixed")
    fixed = place.store.fixed_since(days=7)
    if fixed.is_empty():
        st.caption(
            "Nothing yet. What a repair here or a change in the shop puts right is counted from the next run on."
        )
        return
    with st.container(border=True, gap="xsmall", key="fixed-list"):
        for row in fixed.sort("findings", descending=True).head(8).iter_rows(named=True):
            who = f"by {plain(row['by'])}" if row["by"] else "found right by a health check"
            title = plain(shaping.check_title(row["check"]))
            st.page_link(
                FINDINGS,
                label=f":green[:material/check_circle:] **{number(row['findings'])}** {title} :gray[{who}]",
                query_params={"check": row["check"], "status": "fixed"},
            )
