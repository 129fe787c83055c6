"""The panel of one debtor: what is wrong, the client it is, its parents, who it is invoiced for, its order days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from checks.rules.check import trimmed
from dashboard.parts import address, check_notes, loading, opening
from dashboard.parts.debtors_facts import debtor_parts
from dashboard.parts.debtors_known import Known, of_debtor
from dashboard.parts.debtors_rows import chain, invoiced_for, order_day_lines
from dashboard.parts.finding_thing import field_table
from dashboard.parts.links import CLIENTS, DEBTORS
from dashboard.parts.place import Place
from dashboard.parts.words import plain, plural

_MOST = 20


def panel(place: Place, about: Known, ident: str) -> None:
    """The debtor that is open, or how to open one."""
    with st.container(border=True, key="debtor-panel"):
        if not ident:
            st.markdown("#### One debtor")
            st.caption(
                "Tick a row to see what is wrong with it, the client of the shop it is, its parents, who it is invoiced for, and "
                "when it may order."
            )
            return
        rows = None if about.rows is None else about.rows.filter(pl.col("id") == ident)
        if rows is None or rows.is_empty() or about.debtors is None:
            st.markdown(f"#### Debtor {plain(ident)}")
            st.caption("The ERP does not have it: it was deleted since, or this number never existed.")
        else:
            row = rows.row(0, named=True)
            debtor = about.debtors.filter(pl.col("debtor_id").cast(pl.String) == ident).row(0, named=True)
            _head(row)
            _client(about, row)
            _wrong(place, about, ident)
            field_table(debtor_parts(debtor, place.zone), alt="The debtor")
            _parents(about, debtor)
            _invoiced(about, debtor)
            _days(debtor)
        st.button("Close", key="close-debtor", on_click=address.clear, args=("debtor",))


def _head(row: Mapping[str, Any]) -> None:
    badge = (
        ":red-badge[:material/block: Blocked]"
        if row["blocked"]
        else ":green-badge[:material/check: Not blocked]"
    )
    if row["blocked"] is None:
        badge = ":gray-badge[Blocked: not known]"
    st.markdown(f"{badge}\n\n#### {plain(row['name'] or row['code'] or row['id'])}")


def _client(about: Known, row: Mapping[str, Any]) -> None:
    """The client of the shop with its number."""
    if row["shop"] is None:
        if about.has_clients:
            st.markdown(
                f":material/storefront: **No client {plain(row['client_number'])}** in the shop: it cannot order there."
            )
        else:
            st.caption("Whether it is a client of the shop is not known: clients were not collected.")
        return
    state = "" if row["client_active"] is not False else " :gray[inactive in the shop]"
    st.page_link(
        CLIENTS,
        label=f"Client **{plain(row['client'] or row['client_number'])}** :gray[{plain(row['client_number'])}]{state}",
        icon=":material/storefront:",
        query_params={"source": row["shop"], "client": row["client_number"]},
    )


def _wrong(place: Place, about: Known, ident: str) -> None:
    found = loading.all_findings(place).filter(of_debtor(about.source, ident) & (pl.col("status") != "fixed"))
    st.markdown("**What is wrong**")
    check_notes.findings_with_history(
        place, found.sort(pl.col("status").is_in(["accepted", "snoozed"]), maintain_order=True), most=6
    )


def _parents(about: Known, debtor: Mapping[str, Any]) -> None:
    assert about.debtors is not None
    above = chain(about.debtors, debtor["debtor_id"])
    if not above:
        return
    st.markdown("**Parents**, the nearest first")
    _debtors(about, above, "parent")


def _invoiced(about: Known, debtor: Mapping[str, Any]) -> None:
    assert about.debtors is not None
    others = invoiced_for(about.debtors, debtor)
    if others:
        st.markdown("**Invoiced for**")
        _debtors(about, others, "invoiced")


def _debtors(about: Known, others: Sequence[Mapping[str, Any]], key: str) -> None:
    """Debtors as links, each said where the ERP does not have it, or where the chain comes back to itself."""
    with st.container(gap=None):
        for at, one in enumerate(others[:_MOST]):
            if not one["known"]:
                what = plain(str(one["code"] or one["debtor_id"]))
                st.markdown(f":orange[:material/warning:] **{what}**, which the ERP does not have")
                continue
            again = " :orange[:material/sync_problem: a ring]" if one.get("again") else ""
            opening.link(
                f":material/arrow_upward: **{plain(one['name'] or one['code'] or '')}** :gray[{plain(one['code'] or '')}]{again}"
                if key == "parent"
                else f":material/receipt: **{plain(one['name'] or one['code'] or '')}** :gray[{plain(one['code'] or '')}]",
                f"{key}-{at}",
                source=about.source,
                view="debtors",
                debtor=str(one["debtor_id"]),
            )
    if len(others) > _MOST:
        st.caption(f"and {plural(len(others) - _MOST, 'more', 'more')}.")


def _days(debtor: Mapping[str, Any]) -> None:
    lines = order_day_lines(debtor["order_days"])
    if not lines:
        return
    st.markdown("**When it may order**")
    st.table(
        [{"For": plain(one["Day"]), "Order": plain(one["Order"])} for one in lines],
        border="horizontal",
        hide_index=True,
        alt="Order days of the debtor",
    )


def of_client(place: Place, client: str) -> None:
    """For the panel of a client of the shop: the debtor with its number in each ERP, each a link."""
    for erp in place.settings.erps:
        debtors = loading.frame(place, erp.name, "debtors")
        if debtors is None:
            st.caption(f":material/account_balance: Debtors of {plain(erp.name)} were not collected yet.")
            continue
        number = trimmed_number(erp.client_number)
        rows = debtors.filter(number == client.strip())
        if rows.is_empty():
            st.caption(f":material/account_balance: {plain(erp.name)} has no debtor {plain(client)}.")
        for row in rows.head(3).iter_rows(named=True):
            blocked = " :red[:material/block: blocked]" if row["blocked"] else ""
            st.page_link(
                DEBTORS,
                label=f"Debtor **{plain(row['name'] or row['code'] or '')}** :gray[{plain(row['code'] or str(row['debtor_id']))} in "
                f"{plain(erp.name)}]{blocked}",
                icon=":material/account_balance:",
                query_params={"source": erp.name, "debtor": str(row["debtor_id"])},
            )


def trimmed_number(column: str) -> pl.Expr:
    """The column that is the shop's client number, as text without spaces around."""
    return trimmed(column) if column == "code" else pl.col(column).cast(pl.String)
