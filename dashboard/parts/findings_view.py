"""What the Findings page shows: the answer, the filters, the list with its export, the panel, the meaning of each check."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import address, loading, shaping
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, anchor_of
from dashboard.parts.finding_panel import finding_panel, nothing_selected, several_selected
from dashboard.parts.finding_table import as_csv, finding_table
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, STATUSES, clock, number, plain, plural

_GRID = "grid"
_FILTERS = ("text", "check", "severity", "status", "source", "finding")


def answer(place: Place) -> None:
    """How much is open, in a sentence."""
    counts = shaping.by_severity(loading.open_findings(place))
    total = sum(counts.values())
    products = loading.rows_of(place, "products")
    if total == 0:
        blind = loading.results(place).filter(pl.col("status") == "could_not_run").height
        well = "every check is passed" if not blind else f"but {plural(blind, 'check')} could not run"
        st.markdown(
            f":material/check_circle: **Nothing is open**: {plural(products, 'product')} checked, {well}."
        )
        return
    words = [
        f"**{number(counts['error'])}** errors",
        f"**{number(counts['warning'])}** warnings",
        f"**{number(counts['info'])}** for your information",
    ]
    st.markdown(f"{', '.join(words)}, over {plural(products, 'product')}.")


def filters(place: Place) -> pl.DataFrame:
    """The row of filters; gives the findings that they leave."""
    sources = {source.name: source.name for source in place.settings.sources}
    known = loading.open_findings(place)
    counts = dict(known.group_by("check").agg(pl.len()).iter_rows())
    checks = {check.id: f"{check.title} ({counts.get(check.id, 0):,})" for check in CHECKS.values()}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Article, name, value, words", width=230)
        wanted = address.several("Check", "check", checks, placeholder="All checks", width=270)
        severities = address.chips(
            "Severity", "severity", {name: f"{look.icon} {look.word}" for name, look in SEVERITIES.items()}
        )
        statuses = address.chips("State", "status", {name: look.word for name, look in STATUSES.items()})
        chosen_sources = (
            address.several("Source", "source", sources, placeholder="All sources", width=160)
            if len(sources) > 1
            else []
        )
    base = loading.all_findings(place) if "fixed" in statuses else known
    return shaping.chosen(
        base, checks=wanted, severities=severities, statuses=statuses, sources=chosen_sources, text=text
    )


def list_of(place: Place, findings: pl.DataFrame) -> list[str]:
    """The table with its export; gives the ids of the selected findings."""
    if findings.is_empty():
        _empty(place)
        return []
    selected = st.session_state.get("findings-selected", [])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plural(findings.height, "finding"), width="content")
        rows = findings.filter(pl.col("id").is_in(selected)) if selected else findings
        what = f"Export {number(rows.height)} " + ("selected" if selected else "as CSV")
        st.download_button(
            what,
            lambda: as_csv(rows),
            file_name="findings.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="export",
        )
        if any(address.given(name) for name in _FILTERS if name != "finding"):
            st.button(
                "Clear filters",
                icon=":material/close:",
                type="tertiary",
                key="clear",
                on_click=address.clear,
                args=_FILTERS,
            )
    wanted = address.given("finding") or None
    selected = finding_table(
        findings,
        key=_GRID,
        with_source=len(place.settings.sources) > 1,
        height=640,
        start=wanted,
        then=_selection_changed,
    )
    st.session_state["findings-selected"] = selected
    return selected


def _selection_changed(ids: list[str]) -> None:
    address.put("finding", ids[0] if len(ids) == 1 else None)
    st.session_state["findings-selected"] = ids


def _empty(place: Place) -> None:
    if not any(address.given(name) for name in _FILTERS):
        at = place.run["finished_at"] if place.run else None
        when = f" at {clock(at, place.now, place.zone)}" if at else ""
        products = plural(loading.rows_of(place, "products"), "product")
        st.success(f"All is well: {products} checked{when}, nothing found.", icon=":material/check_circle:")
        return
    chosen = address.given_all("check", list(CHECKS))
    results = loading.results(place).filter(pl.col("check").is_in(chosen)) if len(chosen) == 1 else None
    if results is not None and results.height and set(results["status"]) == {"could_not_run"}:
        st.warning(
            f"{shaping.check_title(chosen[0])} could not run in the last health check: {plain(results['message'][0])}",
            icon=":material/block:",
        )
    elif results is not None and results.height and set(results["status"]) == {"passed"}:
        judged = int(results["entities"].sum())
        entity = CHECKS[chosen[0]].entity
        st.success(
            f"{shaping.check_title(chosen[0])}: {plural(judged, entity)} judged, all sound.",
            icon=":material/check_circle:",
        )
    else:
        with st.container(border=True, key="no-match"):
            st.markdown("**No finding matches these filters.** Others may be open.")
            st.button(
                "Clear filters",
                icon=":material/close:",
                key="clear-all",
                on_click=address.clear,
                args=_FILTERS,
            )


def panel(place: Place, findings: pl.DataFrame, selected: list[str]) -> None:
    """The panel beside the table, for none, one or several selected findings."""
    wanted = address.given("finding")
    one = selected[0] if len(selected) == 1 else wanted if not selected else None
    if one:
        row = _finding(place, findings, one)
        filtered = [name for name in _FILTERS if name != "finding" and address.given(name)]
        shown = findings.filter(pl.col("id") == one).height > 0
        if row is not None and filtered and not shown and row["key"] != address.given("text"):
            return  # the filter leaves it out: the panel goes with the list
        if row is not None:
            finding_panel(place, row)
        else:
            st.caption("The finding in this link is no longer known.")
    elif selected:
        rows = findings.filter(pl.col("id").is_in(selected))
        several_selected(rows, shaping.tally(rows))
    elif findings.height:
        nothing_selected(findings, shaping.tally(findings))


def _finding(place: Place, findings: pl.DataFrame, ident: str) -> dict[str, Any] | None:
    for frame in (findings, loading.all_findings(place)):
        rows = frame.filter(pl.col("id") == ident)
        if rows.height:
            return rows.row(0, named=True)
    return None


def what_each_check_means() -> None:
    """Every check of this page with its own anchor: what it says, why it matters, what to do."""
    st.header("What each check means", anchor="what-each-check-means")
    for check in CHECKS.values():
        target = anchor_of(check.id)
        own_page = target.page != FINDINGS
        # A check with a page of its own carries its anchor there.
        st.subheader(check.title, anchor=f"about-{check.id}" if own_page else check.id)
        st.markdown(
            f"{SEVERITIES[check.severity].badge} {plain(check.why)} **What to do:** {plain(check.advice)}"
        )
        if own_page:
            st.page_link(target.page, label=PAGE_TITLES[target.page], icon=":material/arrow_forward:")
