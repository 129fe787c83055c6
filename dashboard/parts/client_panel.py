"""The panel of one client: its data and findings, its users, addresses, order list, prices and orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, debtors_panel, error_links, repairs
from dashboard.parts.client_rows import next_dates, trimmed
from dashboard.parts.details import Part
from dashboard.parts.finding_thing import field_table
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.price_faults import language
from dashboard.parts.shaping import tally
from dashboard.parts.style import table_height
from dashboard.parts.trade import Trade, today, trade
from dashboard.parts.words import SEVERITIES, ago, number, plain, plural, shown

#: Rows of each list that are shown.
_MOST = 500
_MOST_ORDERS = 20

#: Told as one line: a client may have hundreds.
SAME_PRICE = "client-product-same-price"


def panel(place: Place, source: str, client: str, found: pl.DataFrame, ticked: Sequence[str] = ()) -> None:
    """The client, the ticked ones together, or how to open one.

    Args:
        found: every client, `client_rows.with_wrong`.
    """
    with st.container(border=True, key="client-panel"):
        if len(ticked) > 1:
            _several(place, source, ticked)
            return
        if not client:
            st.markdown(f"#### {plural(found.height, 'client')}")
            st.caption(
                "Tick a row to see its users, addresses, prices, order list and orders; tick several to repair their order "
                "lists and prices together."
            )
            return
        known = trade(place, source)
        rows = found.filter(pl.col("client_number") == client)
        if rows.is_empty():
            st.markdown(f"#### Client {plain(client)}")
            st.caption("The shop does not have it: it was deleted since, or this number never existed.")
        else:
            _data(known, rows.row(0, named=True))
        debtors_panel.of_client(place, client)
        _wrong(place, source, client, known, there=not rows.is_empty())
        error_links.failed_requests(place, source, "client", client)
        users, places, listed, prices, orders = st.tabs(
            [
                f"Users {_count(known['users'], client)}",
                f"Addresses {_count(known['client_locations'], client)}",
                f"Order list {_count(known['order_lists'], client)}",
                f"Prices {_count(known['client_prices'], client)}",
                "Orders",
            ]
        )
        with users:
            _users(known, client)
        with places:
            _locations(place, known, client)
        with listed:
            _order_list(known, client)
        with prices:
            _prices(known, client)
        with orders:
            _orders(place, known, client)
        st.button("Close", key="close-client", on_click=address.clear, args=("client", "user"))


def _several(place: Place, source: str, ticked: Sequence[str]) -> None:
    """What is wrong with the ticked clients, by check, and the repairs."""
    found = check_notes.of_thing(place, source, pl.any_horizontal(_of_client(client) for client in ticked))
    st.markdown(f"#### {plural(len(ticked), 'client')} ticked")
    if found.is_empty():
        st.markdown(":material/check_circle: Nothing is wrong with them.")
        return
    for row in tally(found).iter_rows(named=True):
        look = SEVERITIES[row["severity"]]
        st.markdown(f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}")
    repairs.actions(place, found, key="clients")


def _count(frame: pl.DataFrame | None, client: str) -> str:
    return "" if frame is None else number(frame.filter(trimmed() == client.strip()).height)


def _of_client(client: str) -> pl.Expr:
    key, entity = pl.col("key"), pl.col("entity")
    return (
        ((entity == "client") & (key == client))
        | ((entity == "order-list-item") & key.str.starts_with(f"{client}|"))
        | ((entity == "client-product") & key.str.ends_with(f"|{client}"))
    )


def _data(known: Trade, row: dict[str, Any]) -> None:
    state = ":gray-badge[Inactive]" if row["active"] is False else ":green-badge[:material/check: Active]"
    st.markdown(f"{state}\n\n#### {plain(row['name'] or row['client_number'])}")
    where = " ".join(part for part in (row["postal_code"], row["municipality"]) if part)
    segment = (
        "–" if row["segment_id"] is None else f"{row['segment'] or 'not in the table'} ({row['segment_id']})"
    )
    sold = (
        "not known"
        if row["orders"] is None
        else f"{plural(row['orders'], 'order')}, € {row['turnover']:,.2f}"
    )
    field_table(
        [
            Part("client_number", "Client", row["client_number"]),
            Part("segment_id", "Segment", segment, "client-unknown-segment" in row["checks"]),
            Part(
                "municipality", "Place", ", ".join(one for one in (where, row["country_code"]) if one) or "–"
            ),
            Part("users", "Users", _known(row["users"]), "client-without-user" in row["checks"]),
            Part(
                "locations",
                "Delivery addresses",
                _known(row["locations"]),
                "client-without-location" in row["checks"],
            ),
            Part("representative", "Representative", row["representative"] or "none"),
            Part("has_promos", "Gets promos", shown(row["has_promos"])),
            Part("orders", "Last 30 days", sold),
        ],
        alt="The client",
    )


def _known(count: int | None) -> str:
    return "not collected" if count is None else "none" if count == 0 else number(count)


def _wrong(place: Place, source: str, client: str, known: Trade, *, there: bool) -> None:
    """`there`: does the shop have it? Of what is not there nobody can say that it is sound."""
    found = check_notes.of_thing(place, source, _of_client(client))
    if found.is_empty() and not there:
        return
    needless = found.filter(pl.col("check") == SAME_PRICE)
    found = found.filter(pl.col("check") != SAME_PRICE)
    st.markdown("**What is wrong**")
    if found.is_empty() and known["users"] is None:
        st.caption("Users were not collected, so not everything could be judged.")
    else:
        check_notes.findings_with_history(place, found, most=6)
    if needless.height:
        st.page_link(
            "app_pages/prices.py",
            label=f":blue[:material/info:] **{plural(needless.height, 'price')}** of it "
            f"{'equals' if needless.height == 1 else 'equal'} the list price",
            query_params={"source": source, "check": SAME_PRICE, "text": client},
        )
    repairs.actions(place, pl.concat([found, needless]), key="client")


def _users(known: Trade, client: str) -> None:
    users = _rows(known["users"], client, "Users")
    if users is None:
        return
    if users.is_empty():
        st.markdown(":orange[:material/warning:] **No user**: nobody can log in for this client.")
        return
    st.table(
        [
            {
                "E-mail": plain(row["email"]),
                "Can log in": "yes" if row["active"] else ":orange[no]" if row["active"] is False else "–",
                "Language": language(row["language"] or "–"),
            }
            for row in users.head(_MOST).iter_rows(named=True)
        ],
        border="horizontal",
        hide_index=True,
        alt="Users of the client",
    )


def _locations(place: Place, known: Trade, client: str) -> None:
    locations = _rows(known["client_locations"], client, "Delivery addresses")
    if locations is None:
        return
    if locations.is_empty():
        st.markdown(
            ":orange[:material/warning:] **No delivery address**: there is no delivery day to choose."
        )
        return
    days = next_dates(known["delivery_dates"], client, today(place))
    told = known["delivery_dates"] is not None
    st.table(
        [
            {
                "Address": plain(
                    " ".join(
                        one for one in (row["postal_code"], row["municipality"], row["country_code"]) if one
                    )
                )
                or "no place",
                "Next delivery days": ", ".join(
                    day.strftime("%a %d %b") for day in days.get(row["location_id"], [])
                )
                or (":orange[none to come]" if told else "not collected"),
            }
            for row in locations.head(_MOST).iter_rows(named=True)
        ],
        border="horizontal",
        hide_index=True,
        alt="Delivery addresses of the client",
    )


def _order_list(known: Trade, client: str) -> None:
    listed = _rows(known["order_lists"], client, "Order lists")
    if listed is None:
        return
    if listed.is_empty():
        st.caption("Its order list is empty.")
        return
    rows = _with_article(known, listed).select("article", "name", "state").sort("state", nulls_last=True)
    _articles(rows, "Order list of the client")


def _prices(known: Trade, client: str) -> None:
    prices = _rows(known["client_prices"], client, "Client prices")
    if prices is None:
        return
    if prices.is_empty():
        st.caption("It has no prices of its own: it pays the list price.")
        return
    rows = _with_article(known, prices)
    same = (pl.col("sales_price") - pl.col("list_price")).abs() < 0.005
    rows = rows.with_columns(
        state=pl.coalesce(
            "state",
            pl.when(same).then(pl.lit("● Same as list")),
            pl.when("exclusive").then(pl.lit("Exclusive")),
        ),
        difference=pl.when(pl.col("list_price") > 0).then(pl.col("sales_price") / pl.col("list_price") - 1),
    ).sort("state", "difference", nulls_last=True)
    _articles(
        rows.select("article", "name", "state", "sales_price", "list_price", "difference", "promo_price"),
        "Prices of the client",
    )


def _with_article(known: Trade, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `article` (a link), `name`, `list_price` and `state`, which says when the shop does not have it."""
    articles = known.articles
    if articles is None:
        joined = rows.with_columns(
            name=pl.lit(None, pl.String), list_price=pl.lit(None, pl.Float64), kind=pl.lit("?")
        )
    else:
        names = articles.select("article_number", "name", "kind", list_price="sales_price")
        joined = rows.join(names, on="article_number", how="left", maintain_order="left")
    all_known = articles is not None and known["linked_products"] is not None
    state = pl.when(pl.col("kind").is_null() & pl.lit(all_known)).then(pl.lit("✕ Unknown article"))
    return joined.with_columns(
        state=state,
        article=check_notes.product_addresses(known.source, pl.col("article_number")),
    )


def _articles(rows: pl.DataFrame, alt: str) -> None:
    if rows.height > _MOST:
        st.caption(f"The first {_MOST} of {number(rows.height)} are shown.")
    euro = st.column_config.NumberColumn
    st.dataframe(
        rows.head(_MOST),
        hide_index=True,
        placeholder="",
        height=table_height(rows.height, 380),
        alt=alt,
        column_config={
            "article": check_notes.link_column("Article"),
            "name": st.column_config.TextColumn("Name", width=150),
            "state": st.column_config.TextColumn("Remark", width=116),
            "sales_price": euro("Price", format="€ %,.2f", width=70),
            "list_price": euro("List", format="€ %,.2f", width=70),
            "difference": euro("Off list", format="percent", width=64),
            "promo_price": euro("Promo", format="€ %,.2f", width=70),
        },
    )


def _orders(place: Place, known: Trade, client: str) -> None:
    parts = [
        frame.filter(pl.col("client_number") == client)
        for frame in (known["orders"], known["processed_orders"])
        if frame is not None
    ]
    if not parts:
        st.caption("Orders were not collected.")
        return
    rows = pl.concat(parts).unique("order_number", keep="first", maintain_order=True)
    rows = rows.sort(pl.col("processed_at").is_not_null(), -pl.col("ordered_at").dt.epoch("s"))
    if rows.is_empty():
        st.caption("No order of it waits, and none was processed in the days that were collected.")
        return
    with st.container(gap=None):
        for row in rows.head(_MOST_ORDERS).iter_rows(named=True):
            target = entity_page("order", known.source, str(row["order_number"]))
            waits = row["processed_at"] is None
            word = ":orange[:material/schedule: waits]" if waits else ":gray[processed]"
            total = "–" if row["total"] is None else f"€ {row['total']:,.2f}"
            if target is not None:
                st.page_link(
                    target[0],
                    label=f"**{plain(row['full_order_number'] or str(row['order_number']))}** "
                    f"{ago(row['ordered_at'], place.now)}, {total} {word}",
                    query_params=target[1],
                )
    if rows.height > _MOST_ORDERS:
        st.caption(f"The last {_MOST_ORDERS} of {number(rows.height)}.")


def _rows(frame: pl.DataFrame | None, client: str, title: str) -> pl.DataFrame | None:
    if frame is None:
        st.caption(f"{title} were not collected; the page Data says why.")
        return None
    return frame.filter(trimmed() == client.strip())
