"""The thing a finding is about, with its fields as they were collected last and the guilty one marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from dashboard.parts import debtors_facts, loading, repaired_since, suppliers_facts
from dashboard.parts.details import (
    Part,
    client_parts,
    guilty_column,
    order_parts,
    price_parts,
    product_parts,
    row_of,
    user_parts,
)
from dashboard.parts.error_words import STATES, volume_words
from dashboard.parts.place import Place
from dashboard.parts.words import ENTITIES, number, plain, shown

#: Lookup tables whose names stand beside a product's ids.
LOOKUPS = ("brands", "categories", "storage_conditions", "suppliers")

_GONE = "It is not in the newest collected data: it was removed or linked since, or could not be collected."


def thing(place: Place, finding: dict[str, Any]) -> None:
    """The fields of what the finding is about, under its own heading."""
    word, _ = ENTITIES.get(finding["entity"], ("thing", "things"))
    st.markdown(f"**The {word}**")
    parts = _parts(place, finding)
    if parts is None:
        st.caption(_GONE)
    else:
        if finding["entity"] == "product":
            repaired_since.note(place, finding["source"], finding["key"])
        field_table(parts, alt=f"The {word}")


def field_table(parts: Sequence[Part], *, alt: str) -> None:
    """Fields under each other; the guilty one marked by colour, icon and weight."""
    st.table(
        {
            (f":red[:material/error: **{part.title}**]" if part.guilty else f":gray[{part.title}]"): (
                f":red-background[**{plain(part.text)}**]" if part.guilty else plain(part.text)
            )
            for part in parts
        },
        border="horizontal",
        alt=alt,
    )


def _parts(place: Place, finding: dict[str, Any]) -> list[Part] | None:
    source, key, guilty = finding["source"], finding["key"], guilty_column(finding)
    if finding["entity"] == "order":
        order = _row(place, source, ("orders", "processed_orders"), "order_number", key)
        return None if order is None else order_parts(order, guilty, place.zone)
    if finding["entity"] == "client":
        client = _row(place, source, ("clients",), "client_number", key)
        return None if client is None else client_parts(client, guilty)
    if finding["entity"] == "user":
        user = _row(place, source, ("users",), "email", key)
        return None if user is None else user_parts(user, guilty)
    if finding["entity"] == "article":
        article = _row(place, source, ("catalogue",), "article_key", key)
        wrong = suppliers_facts.guilty_field(finding)
        return None if article is None else suppliers_facts.article_parts(article, place.zone, wrong)
    if finding["entity"] == "debtor":
        erp, _, ident = key.rpartition("|")  # a shop's finding names the ERP before it
        debtor = _row(place, erp or source, ("debtors",), "debtor_id", ident)
        wrong = debtors_facts.guilty_field(finding)
        return None if debtor is None else debtors_facts.debtor_parts(debtor, place.zone, wrong)
    if finding["entity"] == "frame":
        return _frame(place, source, key)
    if finding["entity"] == "error-group":
        return _problem(place, key)
    if finding["entity"] == "client-product":
        article, _, client_number = key.rpartition("|")
        return _price(place, source, article, client_number) + (_product(place, source, article, None) or [])
    if finding["entity"] == "order-list-item":
        client_number, _, article = key.partition("|")
        client = _row(place, source, ("clients",), "client_number", client_number)
        name = f"{client_number} {client['name'] or ''}".strip() if client else client_number
        return [
            Part("client_number", "Client", name),
            Part("article_number", "Article on its list", article, True),
        ]
    return _product(place, source, key, guilty)


def _product(place: Place, source: str, article: str, guilty: str | None) -> list[Part] | None:
    product = _row(place, source, ("products", "linked_products"), "article_number", article)
    if product is None:
        return None
    photos = loading.frame(place, source, "photos")
    count = None if photos is None else photos.filter(pl.col("article_number") == article).height
    lookups = {name: loading.frame(place, source, name) for name in LOOKUPS}
    added = repaired_since.photo_added(place, source, article)
    return product_parts(product, lookups, count, guilty, place.zone, photo_added=added)


def _price(place: Place, source: str, article: str, client_number: str) -> list[Part]:
    """The row of a client's own price; just the two numbers where it is gone."""
    prices = loading.frame(place, source, "client_prices")
    rows = None
    if prices is not None:
        of_it = (pl.col("article_number") == article) & (pl.col("client_number") == client_number)
        rows = prices.filter(of_it)
    if rows is None or rows.is_empty():
        return [Part("article_number", "Article", article), Part("client_number", "Client", client_number)]
    client = _row(place, source, ("clients",), "client_number", client_number)
    return price_parts(rows.row(0, named=True), client["name"] if client else None)


def _frame(place: Place, source: str, name: str) -> list[Part] | None:
    """How a list of data was collected in the last run."""
    rows = loading.collected(place).filter((pl.col("source") == source) & (pl.col("frame") == name))
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    return [
        Part("frame", "What", FRAMES[name].title if name in FRAMES else name),
        Part("rows", "Rows collected", number(row["rows"]), row["status"] == "ok"),
        Part("expected", "The server counts", number(row["expected"])),
        Part("read_at", "Read", shown(row["read_at"], place.zone)),
    ]


def _problem(place: Place, ident: str) -> list[Part] | None:
    """What is known of a problem of the error log."""
    group = place.store.errors.group(ident)
    if group is None:
        return None
    return [
        Part("title", "Request and message", group["title"]),
        Part("state", "State", STATES[group["state"]].word),
        Part("rows", "Rows", volume_words(group)),
        Part("first_seen", "First seen", shown(group["first_seen"], place.zone)),
        Part("last_seen", "Last seen", shown(group["last_seen"], place.zone)),
        Part("products", "Products it names", number(group["products"])),
    ]


def _row(place: Place, source: str, frames: Sequence[str], column: str, key: str) -> dict[str, Any] | None:
    """The row of one key, from the first frame that has it."""
    for name in frames:
        if (row := row_of(loading.frame(place, source, name), column, key)) is not None:
            return row
    return None
