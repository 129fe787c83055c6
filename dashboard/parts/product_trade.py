"""The trade in one product: the orders that contain it, and the clients with a price of their own."""

from __future__ import annotations

import polars as pl
import streamlit as st

from checks.impact import DAYS
from dashboard.parts import loading
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.product_facts import Article, order_rows, price_rows
from dashboard.parts.style import table_height


def orders(place: Place, source: str, article: Article) -> None:
    """Orders that contain it, the waiting ones first."""
    lines = order_lines(place, source, article)
    st.subheader("Orders", anchor="orders")
    if lines.is_empty():
        st.caption(f"No order of the last {DAYS} days has it, and none is waiting with it.")
        return
    source_words = {True: "processed", False: "waiting"}
    shown = lines.with_columns(
        state=pl.col("processed").replace_strict(source_words, return_dtype=pl.String),
        order=pl.coalesce("full_order_number", pl.col("order_number").cast(pl.String)),
        client=pl.concat_str("client_number", "client_name", separator=" ", ignore_nulls=True),
    )
    zone = str(place.zone) if place.zone else None
    st.dataframe(
        shown.select("order", "state", "client", "ordered_at", "quantity", "unit", "price", "total"),
        hide_index=True,
        height=table_height(shown.height, 320),
        placeholder="",
        alt="Orders with this product",
        column_config={
            "order": st.column_config.TextColumn("Order", width=130),
            "state": st.column_config.TextColumn("State", width=90),
            "client": st.column_config.TextColumn("Client", width=180),
            "ordered_at": st.column_config.DatetimeColumn(
                "Ordered", format="D MMM YYYY, HH:mm", width=140, timezone=zone
            ),
            "quantity": st.column_config.NumberColumn("Quantity", format="%,.2f", width=80),
            "unit": st.column_config.TextColumn("Per", width=55),
            "price": st.column_config.NumberColumn("Price", format="€ %,.2f", width=90),
            "total": st.column_config.NumberColumn("Total", format="€ %,.2f", width=95),
        },
    )
    waiting = lines.filter(~pl.col("processed"))["order_number"].unique(maintain_order=True).to_list()
    for one in waiting[:5]:
        target = entity_page("order", source, str(one))
        if target is not None:
            st.page_link(
                target[0], label=f"Open order {one}", icon=":material/receipt_long:", query_params=target[1]
            )


def prices(place: Place, source: str, article: Article) -> None:
    """Clients with a price of their own, against the list price."""
    rows = client_prices(place, source, article)
    st.subheader("Client prices", anchor="client-prices")
    if loading.frame(place, source, "client_prices") is None:
        st.caption("Client prices were not collected.")
        return
    if rows.is_empty():
        st.caption("Every client pays the list price.")
        return
    shown = rows.with_columns(
        client=pl.concat_str("client_number", "name", separator=" ", ignore_nulls=True),
        difference=100 * pl.col("difference"),
    )
    st.dataframe(
        shown.select("client", "sales_price", "difference", "promo_price", "exclusive"),
        hide_index=True,
        height=table_height(shown.height, 320),
        placeholder="",
        alt="Clients with a price of their own",
        column_config={
            "client": st.column_config.TextColumn("Client", width=220),
            "sales_price": st.column_config.NumberColumn("Price", format="€ %,.2f", width=90),
            "difference": st.column_config.NumberColumn(
                "Against list", format="%+.1f %%", width=100, help="Against the list price"
            ),
            "promo_price": st.column_config.NumberColumn("Promo", format="€ %,.2f", width=90),
            "exclusive": st.column_config.CheckboxColumn("Only for them", width=100),
        },
    )


def order_lines(place: Place, source: str, article: Article) -> pl.DataFrame:
    """Order lines of the article, as `product_facts.ORDER_ROWS`."""
    return loading.kept(
        "article-orders",
        place,
        f"{source}/{article.number}",
        lambda: order_rows(
            article.number,
            loading.frame(place, source, "orders"),
            loading.frame(place, source, "processed_orders"),
        ),
    )


def client_prices(place: Place, source: str, article: Article) -> pl.DataFrame:
    """Its client prices, as `product_facts.PRICE_ROWS`."""
    return loading.kept(
        "article-prices",
        place,
        f"{source}/{article.number}",
        lambda: price_rows(
            article.number,
            loading.frame(place, source, "client_prices"),
            loading.frame(place, source, "clients"),
            (article.row or {}).get("sales_price"),
        ),
    )
