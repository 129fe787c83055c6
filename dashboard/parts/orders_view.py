"""What the page Orders shows: the answer, the filters, the list of waiting orders."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, opening
from dashboard.parts.place import Place
from dashboard.parts.trade import today, trade
from dashboard.parts.waiting_orders import CHECKS_HERE, SORTS, WORDS, chosen, summary, waiting
from dashboard.parts.words import ago, exact, number, plural

_GRID = "orders-grid"
_FILTERS = ("text", "show", "check")


def rows(place: Place, source: str) -> pl.DataFrame | None:
    """Every waiting order of the shop; None when orders were never collected."""
    orders = trade(place, source)["orders"]
    if orders is None:
        return None
    found = check_notes.open_of(place, source, CHECKS_HERE)
    return waiting(orders, check_notes.chip_cells(found.rename({"key": "id", "id": "finding"}), WORDS, "id"))


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


def list_of(place: Place, left: pl.DataFrame) -> str:
    """The list; gives the number of the order that is open."""
    if left.is_empty():
        check_notes.no_match("order", *_FILTERS)
        return address.given("order")
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
    return opening.table(left, shown, columns, key=_GRID, name="order", alt="Orders that wait")
