"""The lower part of the Overview: what is new, what needs attention."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import charts as drawing
from dashboard.parts import fix_flow, fix_words, loading, repairs, shaping
from dashboard.parts.anchors import FINDINGS, PAGE_TITLES, page_of
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, SEVERITY_GROUPS, ago, euro, exact, number, plain, plural

#: Widths in pixels of turnover, change, oldest and link in the list of what needs attention.
_WIDTHS = (76, 56, 80, 134)

#: Checks that are listed at once; the others stand behind a fold.
_MOST_CHECKS, _MOST_NEW = 12, 6


def new_since_last_run(place: Place) -> None:
    """What the last run found for the first time or again: by check, with the examples that touch most turnover."""
    st.subheader("New since the last run", anchor="new")
    if len(loading.finished_runs(place)) < 2:
        st.caption(
            "This was the first health check: everything it found is new. From the next one on, only news stands here."
        )
        return
    findings = _found_by_the_last_run(place)
    if findings.is_empty():
        st.markdown(":material/check_circle: Nothing new.")
        return
    counts = shaping.counted(findings)
    with st.container(border=True, gap="xsmall", key="new-list"):
        for (severity,), rows in counts.head(_MOST_NEW).group_by(["severity"], maintain_order=True):
            st.caption(SEVERITY_GROUPS[str(severity)])
            for row in rows.iter_rows(named=True):
                _new_row(place, findings.filter(pl.col("check") == row["check"]), row)
        if counts.height > _MOST_NEW:
            rest = counts.slice(_MOST_NEW)
            st.page_link(
                FINDINGS,
                label=f"and {plural(int(rest['count'].sum()), 'finding')} of {plural(rest.height, 'other check')}",
                query_params={"status": ["new", "regressed"]},
            )


def _found_by_the_last_run(place: Place) -> pl.DataFrame:
    """What is open and new by an event of the run itself: what a person reopened since is no news of it."""
    findings = shaping.newest(loading.open_findings(place), loading.judged(place))
    if findings.is_empty() or place.run is None:
        return findings
    run, ids = str(place.run["id"]), findings["id"].to_list()
    events = loading.kept("news", place, "", lambda: place.store.events_of(ids))
    came = pl.col("event").is_in(["new", "regressed", "reopened"]) & (pl.col("run_id") == run)
    return findings.filter(pl.col("id").is_in(events.filter(came)["finding_id"].to_list()))


def _of_beside(place: Place, check: str, sources: list[str]) -> str:
    """Whose it is, where it is no web shop's: ` ib, kruitbosch`."""
    shops = {one.name for one in place.settings.shops}
    of = [name for name in sorted(sources) if name not in shops]
    return f" :gray[{plain(', '.join(of))}]" if of else ""


def _new_row(place: Place, findings: pl.DataFrame, row: dict[str, Any]) -> None:
    look = SEVERITIES[row["severity"]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            FINDINGS,
            label=f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}"
            + _of_beside(place, row["check"], findings["source"].unique().sort().to_list()),
            query_params={"check": row["check"], "status": ["new", "regressed"]},
            width="stretch",
        )
        _put_right(row["check"])
    with st.container(horizontal=True, gap="small", key=f"examples-{row['check']}"):
        for one in shaping.touching_most(findings).iter_rows(named=True):
            _example(one)


def _example(finding: dict[str, Any]) -> None:
    """One thing by name, with its turnover; leads to its page, or where it has none to the finding."""
    worth = f" :gray[{euro(finding['turnover'])}]" if finding["turnover"] else ""
    page, params = entity_page(finding["entity"], finding["source"], finding["key"]) or (
        FINDINGS,
        {"finding": finding["id"]},
    )
    st.page_link(
        page,
        label=f":small[{plain(_called(finding))}{worth}]",
        query_params=params,
        help=plain(finding["message"]),
        width="content",
    )


def _called(finding: dict[str, Any]) -> str:
    """The name of a thing; an order is called by its number and its client."""
    if finding["entity"] == "order":
        return f"Order {finding['key']}" + (f", {finding['name']}" if finding["name"] else "")
    return str(finding["name"] or finding["key"])


def _put_right(check: str) -> None:
    """The way to the page where a check is put right."""
    page, params = page_of(check)
    if repairs.fix_of(check) is not None and page in _FILTERED:
        params = {"check": check}
    st.page_link(
        page,
        label=_WAYS.get(check) or (PAGE_TITLES[page] if page != FINDINGS else "Open the list"),
        icon=":material/arrow_forward:",
        query_params=params or None,
        width=_WIDTHS[3],
    )


#: What is done on the page that the link leads to, where a person has something to choose or cannot take it back.
_WAYS = {
    "missing-photo": "Upload photos",
    "photo-available": "Get pictures",
    "invalid-reference": "Set references",
    "missing-reference": "Set references",
    "category-not-leaf": "Set categories",
    "invalid-ean": "Set codes",
    "duplicate-ean": "Set codes",
    "text-missing": "Give names",
    "multiplier-invalid": "Set multipliers",
    "package-mismatch": "Set contents",
    "price-missing": "Set prices",
    "promo-invalid": "Set promos",
    "linked-central-deleted": "Unlink",
    "client-product-unknown-article": "Delete prices",
    "client-product-unknown-client": "Delete prices",
    "order-list-unknown-article": "Clean order lists",
    "order-unprocessed": "Mark processed",
    "order-delivery-passed": "Mark processed",
    "error-new": "Triage",
    "error-regressed": "Triage",
    "error-spike": "Triage",
}

#: Pages that list what one check found when the URL names it.
_FILTERED = ("app_pages/clients.py", "app_pages/orders.py", "app_pages/references.py")


def _repair(place: Place, row: dict[str, Any], sources: list[str]) -> str | None:
    """The fix button of a check, or the way to the page where it is; gives why the button is disabled."""
    check = row["check"]
    if not repairs.at_once(check) or len(sources) != 1:
        _put_right(check)
        return None
    why_not = fix_flow.why_not(place, check, sources[0], row["count"])
    st.button(
        repairs.short_label(check, row["count"]),
        key=f"fix-{check}",
        icon=fix_words.icon(str(repairs.fix_of(check))),
        disabled=why_not is not None,
        on_click=fix_flow.start,
        args=(place.settings, check, None, sources[0]),
        help=why_not or f"{repairs.label(check, row['count'])}: first a plan, which changes nothing.",
        width=_WIDTHS[3],
    )
    return why_not


def needs_attention(place: Place) -> None:
    """Open findings by check, the gravest first and in it those that touch most; each with the way to put it right."""
    findings = loading.open_findings(place)
    counts = shaping.counted(findings)
    st.subheader("Needs attention", anchor="needs-attention")
    if counts.is_empty():
        products = loading.rows_of(place, "products")
        st.markdown(
            f":material/check_circle: Nothing open: {plural(products, 'product')} checked, all sound."
        )
        return
    change = _changes(place)
    sources = dict(findings.group_by("check").agg(pl.col("source").unique()).iter_rows())
    why_not: list[str | None] = []
    with st.container(border=True, gap="xsmall", key="needs-attention-list"):
        with st.container(horizontal=True, gap="small", key="attention-head"):
            st.caption("Check", width="stretch")
            with _right_side("head"):
                st.caption("Touches", width=_WIDTHS[0], help=_TOUCHES, text_alignment="right")
                st.caption("Change", width=_WIDTHS[1], text_alignment="right")
                st.caption("Oldest", width=_WIDTHS[2])
                st.caption("Put it right", width=_WIDTHS[3])
        for (severity,), rows in counts.head(_MOST_CHECKS).group_by(["severity"], maintain_order=True):
            st.caption(SEVERITY_GROUPS[str(severity)])
            for row in rows.iter_rows(named=True):
                why_not.append(_attention_row(place, row, change.get(row["check"]), sources[row["check"]]))
        rest = counts.slice(_MOST_CHECKS)
        if rest.height:
            with st.expander(
                f"{plural(rest.height, 'more check')}, {plural(int(rest['count'].sum()), 'finding')}"
            ):
                for row in rest.iter_rows(named=True):
                    why_not.append(
                        _attention_row(place, row, change.get(row["check"]), sources[row["check"]])
                    )
        for reason in dict.fromkeys(reason for reason in why_not if reason):
            st.caption(f":material/block: {plain(reason)}")  # once, not beneath each button


_TOUCHES = "Turnover of the last 30 days of the products, clients and orders that these findings are about"


def _attention_row(place: Place, row: dict[str, Any], change: int | None, sources: list[str]) -> str | None:
    """One check; gives why its button is disabled."""
    look = SEVERITIES[row["severity"]]
    moved = "–" if change is None else "=" if change == 0 else f"{'▲' if change > 0 else '▼'} {abs(change):,}"
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"attention-{row['check']}"
    ):
        st.page_link(
            FINDINGS,
            label=f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}"
            + _of_beside(place, row["check"], sources),
            query_params={"check": row["check"]},
            help=f"{look.word}. Oldest found {exact(row['oldest'], place.zone)}",
            width="stretch",
        )
        with _right_side(row["check"]):
            st.caption(euro(row["turnover"]), width=_WIDTHS[0], text_alignment="right")
            st.caption(moved, width=_WIDTHS[1], text_alignment="right")
            st.caption(ago(row["oldest"], place.now), width=_WIDTHS[2])
            return _repair(place, row, sources)


def _right_side(of: str) -> Any:
    """Turnover, change, oldest and link keep together: on a narrow screen they go to the next line as one."""
    width = sum(_WIDTHS) + 3 * 14
    return st.container(
        horizontal=True, vertical_alignment="center", gap="small", width=width, key=f"side-{of}"
    )


def _changes(place: Place) -> dict[str, int]:
    """Findings by check of the last run, less those of the run before; empty at the first run."""
    runs = loading.finished_runs(place)
    if len(runs) < 2:
        return {}
    judged = loading.history(place).filter(pl.col("status") != "could_not_run")
    last, before = (
        dict(
            judged.filter(pl.col("run_id") == run).group_by("check").agg(pl.col("findings").sum()).iter_rows()
        )
        for run in (runs[-1], runs[-2])
    )
    return {check: count - before[check] for check, count in last.items() if check in before}


def trend(place: Place) -> None:
    """How many findings the last runs had, by severity: from three runs on."""
    severities = {check.id: check.severity for check in CHECKS.values()}
    totals = (
        loading.history(place)
        .filter(pl.col("check").is_in(list(severities)))
        .with_columns(severity=pl.col("check").replace_strict(severities, return_dtype=pl.String))
        .group_by(at="finished_at", severity="severity")
        .agg(count=pl.col("findings").sum())
        .sort("at", "severity")
    )
    if totals["at"].n_unique() < 3:
        return
    st.subheader("Findings over the last runs", anchor="trend")
    drawing.trend(totals)
