"""What the Findings page shows: the answer, the list with its export, the panel, the meaning of each check."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from checks import export
from checks.findings import SET_ASIDE
from checks.rules import CHECKS
from dashboard.parts import address, fix_flow, loading, opening, repairs, selecting, shaping
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, anchor_of
from dashboard.parts.finding_panel import finding_panel, nothing_selected, several_selected
from dashboard.parts.finding_table import finding_table
from dashboard.parts.findings_filters import FILTERS, active
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, STATUSES, clock, number, plain, plural

_GRID, _SELECTED, _ASKED = "grid", "findings-selected", "findings-asked"


def answer(place: Place) -> None:
    """How much is open and how much is set aside, in a sentence; what the number in the menu counts."""
    findings = loading.unfixed_findings(place)
    counts = shaping.by_severity(findings)
    total = sum(counts.values())
    products = loading.rows_of(place, "products")
    if total == 0:
        blind = loading.results(place).filter(pl.col("status") == "could_not_run").height
        well = "every check is passed" if not blind else f"but {plural(blind, 'check')} could not run"
        st.markdown(
            f":material/check_circle: **Nothing is open**: {plural(products, 'product')} checked, {well}."
        )
    else:
        errors, warnings, infos = (number(counts[severity]) for severity in SEVERITIES)
        st.markdown(
            f"**{number(total)}** open over {plural(products, 'product')}: **{errors}** "
            f"{'error' if counts['error'] == 1 else 'errors'} (the red number in the menu), **{warnings}** "
            f"{'warning' if counts['warning'] == 1 else 'warnings'}, **{infos}** for your information."
        )
    aside = {status: findings.filter(pl.col("status") == status).height for status in SET_ASIDE}
    if any(aside.values()):
        words = " and ".join(
            f"{number(count)} {STATUSES[name].word.lower()}" for name, count in aside.items() if count
        )
        opening.link(
            f"{STATUSES['snoozed' if aside['snoozed'] else 'accepted'].icon} Set aside: {words}",
            "set-aside",
            status=list(SET_ASIDE),
        )


def list_of(place: Place, findings: pl.DataFrame) -> list[str]:
    """The table with its tools; gives the ids of the selected findings."""
    before, wanted = st.session_state.get(_SELECTED, []), address.given("finding")
    if findings.is_empty():
        _empty(place)
        if before:
            _selection_changed([])
        return []
    if wanted and wanted != st.session_state.get(_ASKED, wanted) and before != [wanted]:
        selecting.select(_GRID, [wanted])  # a link on the page or the back button
    st.session_state[_ASKED] = wanted
    ticked = findings.filter(pl.col("id").is_in(st.session_state.get(_SELECTED, [])))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list-tools"):
        st.caption(plural(findings.height, "finding"), width="content")
        address.picked("Sort by", "sort", shaping.SORTINGS, width=170)
        _export(place, ticked if ticked.height else findings, ticked.height > 0)
        if active():
            address.clear_button(*FILTERS, "finding")
    _all_of_one_check(place, findings)
    selected = finding_table(
        findings,
        key=_GRID,
        with_source=len(place.settings.sources) > 1,
        height=640,
        start=address.given("finding") or None,
        then=_selection_changed,
    )
    if wanted in before and wanted not in selected:
        _selection_changed(selected)  # it left the list: nothing else is taken in its place
        st.session_state[_ASKED] = address.given("finding")
    st.session_state[_SELECTED] = selected
    return selected


def _all_of_one_check(place: Place, findings: pl.DataFrame) -> None:
    """*Link all 37*, where the list is all that one check found in one shop, and nothing has to be chosen."""
    chosen = address.given_all("check", list(CHECKS))
    if len(chosen) != 1 or not repairs.at_once(chosen[0]) or not set(active()) <= {"check", "source"}:
        return
    sources, keys = findings["source"].unique(), findings["key"].unique(maintain_order=True).to_list()
    if sources.len() == 1 and len(keys) > 1:
        fix_flow.action(
            place,
            chosen[0],
            sources[0],
            keys,
            key="fix-all",
            label=repairs.label_all(chosen[0], len(keys)),
            all=True,
        )


def _selection_changed(ids: list[str]) -> None:
    address.put("finding", ids[0] if len(ids) == 1 else None)
    st.session_state[_SELECTED] = ids


def _close() -> None:
    selecting.select(_GRID, [])
    _selection_changed([])


def _export(place: Place, rows: pl.DataFrame, selected: bool) -> None:
    """The files of what is shown, or ticked; each is made when somebody asks for it."""
    url = place.settings.dashboard.url
    made = {
        "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _SHEETS),
        "csv": ("CSV", "text/csv", "One table, for programs"),
        "json": ("JSON", "application/json", "As the command line gives it"),
    }
    label = f"Export {number(rows.height)}" + (" selected" if selected else "")
    with st.popover(label, icon=":material/download:", width="content", key="export"):
        for kind, (title, mime, about) in made.items():
            st.download_button(
                title,
                partial(_file, place, rows, kind, url),
                file_name=f"findings-{place.now.astimezone(place.zone):%Y-%m-%d}.{kind}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"export-{kind}",
                width="stretch",
                help=about,
            )
        if words := export.left_out(rows):
            st.caption(f"Excel: {words}")


_SHEETS = "A sheet per check, with filters and links to here"


def _file(place: Place, rows: pl.DataFrame, kind: str, url: str) -> bytes:
    findings = loading.described(place, rows)
    if kind == "json":
        return export.as_json(findings, url)
    return (
        export.as_xlsx(findings, url, loading.counted_days(place))
        if kind == "xlsx"
        else export.as_csv(findings, url)
    )


def _empty(place: Place) -> None:
    if not active():
        at = place.run["finished_at"] if place.run else None
        when = f" at {clock(at, place.now, place.zone)}" if at else ""
        products = plural(loading.rows_of(place, "products"), "product")
        st.success(f"All is well: {products} checked{when}, nothing found.", icon=":material/check_circle:")
        return
    chosen = address.given_all("check", list(CHECKS))
    only = active() == ["check"]
    results = loading.results(place).filter(pl.col("check").is_in(chosen)) if len(chosen) == 1 else None
    if results is not None and results.height and set(results["status"]) == {"could_not_run"}:
        st.warning(
            f"{shaping.check_title(chosen[0])} could not run in the last health check: {plain(results['message'][0])}",
            icon=":material/block:",
        )
    elif only and results is not None and results.height and set(results["status"]) == {"passed"}:
        judged = int(results["entities"].sum())
        entity = CHECKS[chosen[0]].entity
        st.success(
            f"{shaping.check_title(chosen[0])}: {plural(judged, entity)} judged, all sound.",
            icon=":material/check_circle:",
        )
    else:
        address.no_match("finding", *FILTERS, "finding", rest="Others may be open.")


def panel(place: Place, findings: pl.DataFrame, selected: list[str]) -> None:
    """The panel beside the table, for none, one or several selected findings."""
    wanted = address.given("finding")
    ids = selected or ([wanted] if wanted else [])
    if not ids:
        if findings.height:
            nothing_selected(findings, shaping.tally(findings))
        return
    rows = loading.some_findings(place, ids)
    if rows.is_empty():
        st.caption("The finding in this link is no longer known.")
        return
    if not selected and active() and not _belongs(findings, rows):
        # The filter, or what was just decided, leaves it out: the panel goes with the list.
        if findings.height:
            nothing_selected(findings, shaping.tally(findings))
        return
    with st.container(border=True, key="finding-panel"):
        if rows.height == 1:
            finding_panel(place, rows.row(0, named=True), _close)
        else:
            several_selected(place, rows, shaping.tally(rows), _close)


def _belongs(findings: pl.DataFrame, rows: pl.DataFrame) -> bool:
    """Is the finding of the link in the list, or about the very thing that the link searches for?"""
    shown = findings.filter(pl.col("id") == rows["id"][0]).height > 0
    return shown or rows["key"][0] == address.given("text")


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
