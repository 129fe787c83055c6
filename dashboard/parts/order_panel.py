"""The panel of one order: what is wrong, the order itself, its lines with the guilty cell marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import address, check_notes, error_links
from dashboard.parts.details import row_of
from dashboard.parts.links import entity_page
from dashboard.parts.orders_view import still_waiting
from dashboard.parts.place import Place
from dashboard.parts.trade import Trade, today, trade
from dashboard.parts.waiting_orders import FIGURE_SPACE, Line, lines_of, to_the_right
from dashboard.parts.words import ago, exact, number, plain, plural, shown

#: Lines that are listed; an order with more says so.
_MOST_LINES = 100
_MOST_CLIENTS = 12

WHAT_TO_DO = (
    "Look the order up in your own system. If it is there, tick it and mark it processed above the list. If it is not, "
    "take it in first and find out why the import skipped it; a fault named above is the likeliest reason."
)


def panel(place: Place, source: str, ident: str, left: pl.DataFrame, ticked: pl.DataFrame) -> None:
    """The order `ident`, what the ticked ones come to, or how to open one.

    Args:
        left, ticked: the orders of the list, and those ticked there, as `waiting_orders.waiting`.
    """
    with st.container(border=True, key="order-panel"):
        if ticked.height > 1:
            _several(ticked)
            return
        if not ident:
            st.markdown(f"#### {plural(left.height, 'order')}")
            st.caption(
                "Tick a row to see its lines, its client and what is wrong with it; tick several to mark them processed."
            )
            return
        _one(place, source, ident)


def alone(place: Place, source: str, ident: str) -> None:
    """The order `ident` where there is no list."""
    with st.container(border=True, key="order-panel"):
        _one(place, source, ident)


def _one(place: Place, source: str, ident: str) -> None:
    known = trade(place, source)
    order = row_of(still_waiting(place, source), "order_number", ident)
    if order is None:
        order = row_of(known["processed_orders"], "order_number", ident)
    if order is None:
        st.markdown(f"#### Order {plain(ident)}")
        st.caption(
            "It is not among the waiting orders: it was processed since the newest health check, or is older than the days "
            "of processed orders that are collected."
        )
        _findings(place, source, ident)
        st.button("Close", key="close-order", on_click=address.clear, args=("order",))
        return
    _order(place, known, order)
    error_links.failed_requests(place, source, "order", ident)


def _several(ticked: pl.DataFrame) -> None:
    """The ticked orders by client, with what they come to."""
    st.markdown(f"#### {plural(ticked.height, 'order')} ticked")
    st.caption(f"€ {float(ticked['total'].sum() or 0):,.2f} in all")
    client = pl.coalesce("client_name", "client_number").fill_null("No client")
    by_client = (
        ticked.group_by(client=client).agg(orders=pl.len()).sort("orders", "client", descending=[True, False])
    )
    rows = by_client.head(_MOST_CLIENTS).iter_rows()
    st.markdown("\n".join(f"- {plain(name)}: {plural(count, 'order')}" for name, count in rows))
    if by_client.height > _MOST_CLIENTS:
        st.caption(f"and {plural(by_client.height - _MOST_CLIENTS, 'more client')}.")


def _order(place: Place, known: Trade, order: Mapping[str, Any]) -> None:
    ident = str(order["order_number"])
    waits = order["processed_at"] is None
    state = (
        ":orange-badge[:material/schedule: Waits]" if waits else ":green-badge[:material/check: Processed]"
    )
    st.markdown(f"{state}\n\n#### Order {plain(order['full_order_number'] or ident)}")
    open_ones = check_notes.open_of(place, known.source, list(CHECKS)).filter(
        (pl.col("entity") == "order") & (pl.col("key") == ident)
    )
    checks = set(open_ones["check"])
    _client(known, order, checks)
    _facts(place, order, checks)
    _lines(known, order, checks)
    st.markdown("**What is wrong**")
    _findings(place, known.source, ident)
    if waits:
        st.markdown(f"**What to do** {WHAT_TO_DO}")


def _client(known: Trade, order: Mapping[str, Any], checks: Collection[str]) -> None:
    client = order["client_number"]
    name = order["client_name"] or client or "No client"
    if "order-unknown-client" in checks:
        st.markdown(
            f":red[:material/error:] Client :red-background[**{plain(client or 'none given')}**] {plain(order['client_name'])}, "
            "which the shop does not have"
        )
    target = entity_page("client", known.source, client) if client else None
    if target is not None and "order-unknown-client" not in checks:
        st.page_link(
            target[0],
            label=f"**{plain(name)}** :gray[{plain(client)}]",
            icon=":material/storefront:",
            query_params=target[1],
        )


def _facts(place: Place, order: Mapping[str, Any], checks: Collection[str]) -> None:
    day = order["pickup_date"] if order["is_pickup"] else order["delivery_date"]
    late = day is not None and day < today(place) and order["processed_at"] is None
    passed = f", {plural((today(place) - day).days, 'day')} ago" if late else ""
    facts = {
        "Ordered": (
            f"{exact(order['ordered_at'], place.zone)}, {ago(order['ordered_at'], place.now)}",
            "order-unprocessed" in checks,
        ),
        "Pick-up" if order["is_pickup"] else "Delivery": (
            f"{day.strftime('%a %d %b %Y')}{passed}" if day else "no date",
            "order-delivery-passed" in checks,
        ),
        "Total": (
            "–" if order["total"] is None else f"€ {order['total']:,.2f}",
            False,
        ),
    }
    if order["processed_at"] is not None:
        facts["Processed"] = (exact(order["processed_at"], place.zone), False)
    st.table(
        {
            (f":red[:material/error: **{title}**]" if guilty else f":gray[{title}]"): (
                f":red-background[**{plain(text)}**]" if guilty else plain(text)
            )
            for title, (text, guilty) in facts.items()
        },
        border="horizontal",
        alt="The order",
    )


def _lines(known: Trade, order: Mapping[str, Any], checks: Collection[str]) -> None:
    lines = lines_of(order, known.articles, checks)
    told = plural(order["lines"] if order["lines"] is not None else len(lines), "line")
    st.markdown(f"**{told}**")
    if not lines:
        st.caption("Its lines were not collected.")
        return
    first = lines[:_MOST_LINES]
    prices, totals = (
        to_the_right([_euro(value) for value in values])
        for values in ([line.price for line in first], [line.total for line in first])
    )
    st.table(
        [
            {
                "Article": _article(known.source, line),
                "Quantity": f"{shown(line.quantity)} {plain(line.unit)}".strip(),
                "Price": price,
                "Total": _total(line, total),
            }
            for line, price, total in zip(first, prices, totals, strict=True)
        ],
        border="horizontal",
        hide_index=True,
        alt="Lines of the order",
    )
    if len(lines) > _MOST_LINES:
        st.caption(f"The first {_MOST_LINES} of {number(len(lines))} lines are shown.")


def _article(source: str, line: Line) -> str:
    if line.unknown:
        return f":red-background[**{plain(line.article or 'no article')}**] :red[not an article of the shop]"
    target = entity_page("product", source, line.article)
    link = f"[{plain(line.article)}]({check_notes.relative(target)})" if target else plain(line.article)
    return f"{link} {plain(line.name)}"


def _total(line: Line, text: str) -> str:
    if not line.off or line.quantity is None or line.price is None:
        return text
    amount = text.lstrip(FIGURE_SPACE)
    space = text.removesuffix(amount)
    return f"{space}:orange-background[**{amount}**] :orange[≠ {_euro(line.quantity * line.price)}]"


def _euro(value: float | None) -> str:
    return "–" if value is None else f"€\u00a0{value:,.2f}"  # never broken between sign and amount


def _findings(place: Place, source: str, ident: str) -> None:
    found = check_notes.of_thing(place, source, (pl.col("entity") == "order") & (pl.col("key") == ident))
    check_notes.findings_with_history(place, found)
