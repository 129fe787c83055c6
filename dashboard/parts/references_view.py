"""What the page References shows: the missing entries, most harmful first, and the products that point at one."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from checks import export
from checks.rules import CHECKS
from dashboard.parts import address, check_notes, loading, replacement, selecting
from dashboard.parts.finding_table import finding_table
from dashboard.parts.missing_entries import CHECKS_HERE, grouped, of_group
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.style import table_height
from dashboard.parts.words import SEVERITIES, clock, number, plain, plural

_GRID = "groups"

#: What is wrong, short, for the list of groups.
_KINDS = {
    "invalid-reference": "Not in the table",
    "missing-reference": "Empty",
    "category-not-leaf": "Not an end node",
}


def answer(place: Place) -> None:
    """How many entries are missing and how many products point at them; what could not be judged."""
    results = loading.results(place).filter(pl.col("check").is_in(list(CHECKS_HERE)))
    for row in results.filter(pl.col("status") == "could_not_run").iter_rows(named=True):
        st.warning(
            f"{plain(row['message'])} {check_notes.from_before(place, [row['check']], row['source'])}",
            title=f"{check_title(row['check'])} could not run in the last health check",
            icon=":material/block:",
        )
    found = grouped(loading.open_findings(place))
    judged = results.filter(pl.col("status") != "could_not_run")
    if found.is_empty():
        if judged.height:
            at = place.run["finished_at"] if place.run else None
            when = f" at {clock(at, place.now, place.zone)}" if at else ""
            checked = plural(loading.rows_of(place, "products"), "product")
            st.success(
                f"All is well: every reference of {checked} looked up{when}, none points nowhere.",
                icon=":material/check_circle:",
            )
        return
    worst = found.row(0, named=True)
    products = _products(place)
    st.markdown(
        f"**{plural(products, 'product')}** in **{plural(found.height, 'group')}** by the entry they point at. "
        f"Most of all: {plain(worst['entry'])}, **{plural(worst['products'], 'product')}**."
    )


def _products(place: Place) -> int:
    open_ones = loading.open_findings(place).filter(pl.col("check").is_in(list(CHECKS_HERE)))
    return int(open_ones.select(pl.struct("source", "key").n_unique()).item()) if open_ones.height else 0


def groups(place: Place) -> str:
    """Filters and the list of missing entries; gives the group that is open."""
    findings = loading.open_findings(place)
    found = grouped(findings)
    if found.is_empty():
        return ""
    counts = dict(found.group_by("check").agg(pl.len()).iter_rows())
    options = {check: f"{check_title(check)} ({counts.get(check, 0):,})" for check in CHECKS_HERE}
    with st.container(gap="xsmall"):
        wanted = address.chips("Kind", "check", options)
        text = address.text("Search", "text", placeholder="Entry, field, article")
    left = _left(found, findings, wanted, text)
    if left.is_empty():
        with st.container(border=True, key="no-match"):
            st.markdown("**No missing entry matches.** Clear the search.")
        return ""
    chosen = address.given("group")
    selected = selecting.table(
        left.rename({"group": "id"}),
        left.select(
            kind=pl.col("check").replace_strict(_KINDS, return_dtype=pl.String),
            entry="entry",
            products="products",
            oldest="oldest",
        ),
        {
            "kind": st.column_config.TextColumn("Fault", width=106),
            "entry": st.column_config.TextColumn("Entry", width=188),
            "products": st.column_config.NumberColumn("Products", format="%,d", width=70),
            "oldest": st.column_config.DatetimeColumn("Since", format="distance", width=102),
        },
        key=_GRID,
        mode="single-row",
        height=table_height(left.height, 520),
        alt="Missing entries, the one most products point at first",
        start=chosen if chosen in left["group"] else str(left["group"][0]),
        then=lambda ids: address.put("group", ids[0] if ids else None),
    )
    if selected:
        return selected[0]
    return chosen if chosen in left["group"] else str(left["group"][0])


def _left(found: pl.DataFrame, findings: pl.DataFrame, wanted: list[str], text: str) -> pl.DataFrame:
    left = found.filter(pl.col("check").is_in(wanted)) if wanted else found
    for word in text.lower().split():
        by_article = findings.filter(pl.col("key").str.to_lowercase() == word)
        pairs = by_article.select("check", "source", "field", "value").unique()
        hit = left.join(pairs, on=["check", "source", "field", "value"], how="semi", nulls_equal=True)[
            "group"
        ]
        left = left.filter(
            pl.col("entry").str.to_lowercase().str.contains(word, literal=True)
            | pl.col("group").is_in(hit.implode())
        )
    return left


def products(place: Place, group: str) -> Callable[[], None]:
    """The products of the open group; gives what draws the choice above them, which may take a second the first time."""
    if not group:
        return _nothing
    findings = loading.open_findings(place)
    rows = of_group(findings, group)
    entry = grouped(findings).filter(pl.col("group") == group)
    if entry.is_empty():
        return _nothing
    row = entry.row(0, named=True)
    check = CHECKS[row["check"]]
    with st.container(border=True, key="group-panel"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"#### {plain(row['entry'])}, {plural(rows.height, 'product')}", width="content")
            st.download_button(
                f"Export {number(rows.height)}",
                lambda: export.as_csv(loading.described(place, rows), place.settings.dashboard.url),
                file_name="references.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="export",
            )
        st.caption(f"{plain(check.title)}. {plain(check.advice)}")
        # Where ticking changes what can be chosen, the list stands first: it must not jump under the next tick.
        choice = st.container(key="replacement") if replacement.are_alike(row) else None
        ticked = finding_table(
            rows,
            key="group-products",
            with_check=False,
            height=440 if choice else 260,
            without=("severity", "message"),
        )
        choice = choice or st.container(key="replacement")
        st.page_link(
            "app_pages/findings.py",
            label="Open these on Findings",
            icon=":material/flag:",
            query_params={"check": row["check"], "text": row["value"] or ""},
        )

    def draw() -> None:
        with choice:
            replacement.choose(place, row, group, rows, ticked)

    return draw


def _nothing() -> None:
    return None


def what_they_mean() -> None:
    """The checks of this page, each with its anchor."""
    st.header("What these checks mean", anchor="what-these-checks-mean")
    for check_id in CHECKS_HERE:
        check = CHECKS[check_id]
        st.subheader(check.title, anchor=check.id)
        st.markdown(
            f"{SEVERITIES[check.severity].badge} {plain(check.why)} **What to do:** {plain(check.advice)}"
        )
