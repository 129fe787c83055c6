"""Why a problem fails: open findings on the very things its rows name, each with its repair; and all that rows name."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from checks.triage import Meaning
from dashboard.parts import check_notes, loading, repairs
from dashboard.parts.anchors import FINDINGS
from dashboard.parts.error_words import THINGS, thing_page
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.style import table_height
from dashboard.parts.words import ago, number, plain, plural

#: Things of one kind that are links at once, and that a link to Findings names one by one.
_MOST_LINKS, MOST_KEYS = 6, 100


def causes(place: Place, group: dict[str, Any], meaning: Meaning) -> None:
    """`37 of these 40 failures come from products flagged Points at an entry …`, with the way to repair those."""
    found = place.store.errors.causes([group["id"]])
    found = found.filter(~pl.col("check").is_in(place.settings.checks.disabled)) if found.height else found
    if found.is_empty():
        return
    likely = found.filter(pl.col("check").is_in(list(meaning.checks)))
    order = {check: rank for rank, check in enumerate(meaning.checks)}
    ranked = likely.sort(
        pl.col("rows"), pl.col("check").replace_strict(order, default=99), descending=[True, False]
    )
    for row in ranked.iter_rows(named=True):
        _cause(place, group, row)
    others = found.filter(~pl.col("check").is_in(list(meaning.checks))).sort("rows", descending=True)
    if others.is_empty():
        return
    st.caption("Also open on what its rows name:" if likely.height else "Open on what its rows name:")
    with st.container(gap=None, key="error-others"):
        for row in others.head(5).iter_rows(named=True):
            _link(group, row, f"{plain(check_title(row['check']))}: {plural(row['findings'], 'finding')}")


def _cause(place: Place, group: dict[str, Any], row: dict[str, Any]) -> None:
    check, keys = row["check"], list(row["keys"])
    entity = CHECKS[check].entity if check in CHECKS else "thing"
    things = {"product": "products", "client": "clients", "order": "orders", "user": "users"}.get(
        entity, "things"
    )
    fail = "failure comes" if row["total"] == 1 else "failures come"
    with st.container(border=True, key=f"cause-{check}", gap="xsmall"):
        st.markdown(
            f":material/lightbulb: **{number(row['rows'])} of these {number(row['total'])} {fail}** from {things} flagged "
            f"*{plain(check_title(check))}* ({check}): fix those."
        )
        findings = loading.open_findings(place).filter(
            (pl.col("check") == check) & (pl.col("source") == group["source"]) & pl.col("key").is_in(keys)
        )
        if findings.height:
            repairs.actions(place, findings, key=f"error-fix-{group['id']}", primary=True)
        _link(group, row, f"See {plural(row['findings'], 'finding')}")


def _link(group: dict[str, Any], row: dict[str, Any], label: str) -> None:
    params: dict[str, Any] = {"check": row["check"], "source": group["source"]}
    if len(row["keys"]) <= MOST_KEYS:
        params["key"] = list(row["keys"])
    st.page_link(FINDINGS, label=label, icon=":material/flag:", query_params=params)


def affected(place: Place, group: dict[str, Any]) -> None:
    """The products, EANs, clients and orders that the rows name, the most named first, each a link."""
    found = place.store.errors.things([group["id"]])
    st.markdown("**What its rows name**")
    if found.is_empty():
        st.caption("No product, EAN, client or order is named in them.")
        return
    names = loading.names(place).filter(pl.col("source") == group["source"])
    called = {(what, key): name for what, key, name in names.select("what", "key", "name").iter_rows()}
    for kind, (one, many, icon) in THINGS.items():
        rows = found.filter(pl.col("kind") == kind).sort("rows", "key", descending=[True, False])
        if rows.is_empty():
            continue
        st.markdown(f"{icon} {plural(rows.height, one, many)}")
        with st.container(gap=None, key=f"error-{kind}s"):
            for row in rows.head(_MOST_LINKS).iter_rows(named=True):
                _thing(group["source"], kind, row, called.get((kind, row["key"])))
        if rows.height > _MOST_LINKS:
            with st.expander(f"All {number(rows.height)}"):
                _all(place, group["source"], kind, rows)


def _thing(source: str, kind: str, row: dict[str, Any], name: str | None) -> None:
    target = thing_page(kind, source, row["key"])
    said = f" {plain(name)}" if name else ""
    label = f"**{plain(row['key'])}**{said} :gray[{plural(row['rows'], 'row')}]"
    if target is None:
        st.markdown(label)
    else:
        st.page_link(target[0], label=label, query_params=target[1])


def _all(place: Place, source: str, kind: str, rows: pl.DataFrame) -> None:
    page, _ = thing_page(kind, source, "") or (None, {})
    names = {"product": "article", "ean": "text", "client": "client", "order": "order"}
    links = check_notes.page_addresses(str(page), source, names[kind], pl.col("key"))
    st.dataframe(
        rows.select(key=links, rows="rows", last="last_at"),
        hide_index=True,
        column_config={
            "key": check_notes.link_column(THINGS[kind][0].capitalize(), 120),
            "rows": st.column_config.NumberColumn("Rows", format="localized", width=60),
            "last": st.column_config.DatetimeColumn("Last", format="distance", width=100),
        },
        height=table_height(rows.height, 280),
        placeholder="",
        alt=f"All {THINGS[kind][1]} that the rows name",
    )
    newest = rows["last_at"].max()
    if newest is not None:
        st.caption(f"The last one {ago(newest, place.now)}.")  # type: ignore[arg-type]
