"""The columns of the lists on Prices and texts: each check shows the fields it is about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.parts.place import Place
from dashboard.parts.price_faults import OF_SUPPLIERS


def product_columns(place: Place, check: str) -> dict[str, Any]:
    """Of `price_faults.product_faults`: the fields that the check is about, between what it is and what it touches."""
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    euro = "€ %,.2f"

    def day(title: str) -> Any:
        zone = str(place.zone) if place.zone else None
        return st.column_config.DatetimeColumn(title, format="D MMM YY", width=78, timezone=zone)

    of_check: dict[str, dict[str, Any]] = {
        "price-missing": {
            "sales_price": count("List price", format=euro, width=80, help="Empty, or 0"),
            "unit_sales_price": text("Per", width=50, help="The unit that the price is for"),
        },
        "promo-invalid": {
            "sales_price": count("List price", format=euro, width=72),
            "promo_price": count("Promo", format=euro, width=68),
            "promo_from": day("From"),
            "promo_until": day("Until"),
        },
        "text-missing": {
            "has": st.column_config.ListColumn("Has", width=96),
        },
        "multiplier-invalid": {
            "multiplier_amount": count("Amount", format="%,.4g", width=78),
            "multiplier_type": text("Unit", width=62),
        },
        "package-mismatch": {"amount_of_units": count("Units inside", format="%,d", width=90)},
        "price-below-cost": {"sales_price": count("List price", format=euro, width=80)},
    }
    sentence = check in OF_SUPPLIERS
    return {
        "article_number": text("Article", width=70),
        "name": text("Name", width=142),
        "fault": text("What is wrong", width=200 if sentence else 126),
        **of_check.get(check, {}),
        "turnover": count("30 days", format="€ %,.0f", width=70, help="Ordered in the last 30 days"),
        "clients": count("Clients", format="%,d", width=56, help="Clients with a price of their own for it"),
        "first_seen": st.column_config.DatetimeColumn("Since", format="distance", width=88),
        "brand": text("Brand", width=100),
    }


def price_columns(check: str) -> dict[str, Any]:
    """Of `price_faults.client_price_faults`."""
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    euro = "€ %,.2f"
    article = {"article_number": text("Article", width=70), "name": text("Name", width=150)}
    client = {"client_number": text("Client", width=60), "client": text("Name of the client", width=140)}
    if check == "client-product-unknown-article":
        article = {"article_number": text("Article that is not there", width=150)}
    if check == "client-product-unknown-client":
        client = {"client_number": text("Client that is not there", width=150)}
    return {
        **article,
        **client,
        "sales_price": count("Client price", format=euro, width=76),
        **(
            {}
            if check == "client-product-unknown-article"
            else {"list_price": count("List price", format=euro, width=72)}
        ),
        "exclusive": st.column_config.CheckboxColumn("Exclusive", width=74, help="Only for this client"),
        "first_seen": st.column_config.DatetimeColumn("Since", format="distance", width=92),
    }
