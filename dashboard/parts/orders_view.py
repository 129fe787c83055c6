"""What the page Orders shows: the answer, the filters, the list of waiting orders."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, fix_flow, fix_words, loading, opening, repairs, selecting
from dashboard.parts.place import Place
from dashboard.parts.trade import today, trade
from dashboard.parts.waiting_orders import (
    CHECKS_HERE,
    OF_WAITING,
    SORTS,
    WORDS,
    chosen,
    summary,
    to_mark,
    waiting,
)
from dashboard.parts.words import ago, exact, number, plural

_GRID = "orders-grid"
_FILTERS = ("text", "show", "check")


def rows(place: Place, source: str) -> pl.DataFrame | None:
    """Every waiting order of the shop; None when orders were never collected."""
    orders = still_waiting(place, source)
    if orders is None:
        return None
    found = check_notes.open_of(place, source, CHECKS_HERE)
    return waiting(orders, check_notes.chip_cells(found.rename({"key": "id", "id": "finding"}), WORDS, "id"))


def still_waiting(place: Place, source: str) -> pl.DataFrame | None:
    """The frame of waiting orders, without those marked processed from here since it was read."""
    orders = trade(place, source)["orders"]
    read = place.run["finished_at"] if place.run else None
    if orders is None or read is None:
        return orders
    ticked_off = loading.all_findings(place).filter(
        pl.col("check").is_in(list(OF_WAITING))
        & (pl.col("source") == source)
        & (pl.col("status") == "fixed")
        & (pl.col("fixed_at") > read)
    )["key"]
    return orders.filter(~pl.col("order_number").cast(pl.String).is_in(ticked_off.implode()))


def answer(place: Place, source: str) -> pl.DataFrame | None:
    """How many wait, since when, how many too late, how much money; gives them, None when there is nothing to list."""
    check_notes.could_not_run(place, CHECKS_HERE, source)
    found = rows(place, source)
    if found is None:
        check_notes.missing(place, source, "Which orders wait is", "orders")
        return None
    if found.is_empty():
        if check_notes.not_collected(place, source, "orders"):
            st.markdown("In the newest data that could be collected **no order waits**.")
        else:
            st.success(
                f"All is well: no order waits; looked{check_notes.checked_at(place)}.",
                icon=":material/check_circle:",
            )
        return None
    told = summary(found, today(place))
    waited = ago(told.oldest, place.now).removesuffix(" ago")
    oldest = "" if told.oldest is None else f", the oldest **{waited}**"
    late = (
        f"**{number(told.late)}** {'has' if told.late == 1 else 'have'} a delivery or pick-up date that is past"
        if told.late
        else "no delivery or pick-up date is past"
    )
    st.markdown(
        f"**{plural(told.orders, 'order')}** {'waits' if told.orders == 1 else 'wait'}{oldest}; {late}; "
        f"**€ {told.total:,.2f}** in all.",
        help=f"The oldest was ordered {exact(told.oldest, place.zone)}." if told.oldest else None,
    )
    return found


def filters(place: Place, found: pl.DataFrame) -> pl.DataFrame:
    """The row of filters; gives the orders that they leave."""
    day = today(place)
    told = summary(found, day)
    counts = dict(found["checks"].explode(empty_as_null=False).value_counts().iter_rows())
    show = {
        "all": f"All ({told.orders:,})",
        "late": f"Late ({told.late:,})",
        "wrong": f"Something wrong ({told.wrong:,})",
    }
    checks = {check: f"{word} ({counts.get(check, 0):,})" for check, word in WORDS.items()}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        shown = address.one("Show", "show", show, "all")
        wanted = address.several("What is wrong", "check", checks, placeholder="Anything wrong", width=240)
        text = address.text("Search", "text", placeholder="Order, client", width=210)
        sort = address.picked("Sort by", "sort", SORTS, width=210)
    return chosen(found, day, show=shown, checks=wanted, text=text, sort=sort)


def list_of(place: Place, source: str, left: pl.DataFrame) -> str:
    """The list with its buttons; gives the number of the order that is open."""
    if left.is_empty():
        address.no_match("order", *_FILTERS)
        return address.given("order")
    bar = st.container(key="orders-bar", gap="xsmall")
    opened = _table(left)
    with bar:
        _buttons(place, source, ticked(left))
    return opened


def ticked(left: pl.DataFrame) -> pl.DataFrame:
    """The rows that are ticked."""
    return left.filter(pl.col("id").is_in(selecting.selected(_GRID)))


def _buttons(place: Place, source: str, chosen: pl.DataFrame) -> None:
    """*Mark 4 orders processed*: an order that waits too long by that check, one that is only late by the other."""
    groups, others = to_mark(chosen)
    st.caption(f":material/dangerous: {repairs.forever(OF_WAITING[0])} Mark only what your own system has.")
    with st.container(horizontal=True, gap="small"):
        if chosen.is_empty():
            fix_flow.action(place, OF_WAITING[0], source, [], key="mark-none", label=_MARK, primary=True)
        for check, keys in groups.items():
            late = " late" if check == "order-delivery-passed" and len(groups) > 1 else ""
            label = f"Mark {len(keys):,}{late} {'order' if len(keys) == 1 else 'orders'} processed"
            fix_flow.action(place, check, source, keys, key=f"mark-{check}", label=label, primary=True)
        if not groups and not chosen.is_empty():
            st.button(_MARK, key="mark-none", icon=fix_words.icon("process-order"), disabled=True)
    if chosen.is_empty() or any(fix_flow.why_not(place, check, source, 1) for check in groups):
        return
    # as high as the reason that stood there: the list must not jump under the next tick
    st.caption(_left_alone(len(others)) if others else repairs.PLAN_FIRST)


_MARK = "Mark orders processed"


def _left_alone(count: int) -> str:
    return (
        f"{plural(count, 'ticked order')} {'waits' if count == 1 else 'wait'} not too long and {'is' if count == 1 else 'are'} "
        "not late, so left alone: your own system may fetch it still."
    )


def _table(left: pl.DataFrame) -> str:
    shown = left.select(
        "wrong",
        "id",
        client=pl.coalesce("client_name", "client_number"),
        due="due",
        ordered="ordered_at",
        lines="lines",
        total="total",
    )
    text = st.column_config.TextColumn
    columns: dict[str, Any] = {
        "id": text("Order", width=68),
        "client": text("Client", width=124),
        "wrong": check_notes.chip_column(WORDS.values(), width=140),
        "due": st.column_config.DateColumn(
            "Delivery", format="D MMM", width=62, help="Delivery, or pick-up where the client picks it up"
        ),
        "ordered": st.column_config.DatetimeColumn(
            "Waits since", format="distance", width=82, help="Click a cell for the exact time"
        ),
        "total": st.column_config.NumberColumn("Total", format="€ %,.2f", width=78),
        "lines": st.column_config.NumberColumn("Lines", format="%,d", width=46),
    }
    return opening.table(left, shown, columns, key=_GRID, name="order", alt="Orders that wait", several=True)
