"""The section *At suppliers* of a product's page: which articles of suppliers it is, and what they say of them."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.frames_beside import GONE
from checks.meeting import known_matches
from dashboard.parts import loading
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.product_facts import Article
from dashboard.parts.words import plain, plural

_BY = {
    "gtin": "Same EAN",
    "article_number": "Same article number",
    "supplier_code": "By the supplier's code in the shop",
}
_STANDINGS = {
    "current": (":green", "current"),
    "phasing_out": (":orange", "running out"),
    "discontinued": (":red", "discontinued"),
    "blocked": (":red", "blocked"),
    "inactive": (":red", "inactive"),
}
_MOST = 10


def section(place: Place, source: str, article: Article) -> None:
    """Nothing where the settings have no supplier."""
    suppliers = place.settings.suppliers
    if not suppliers or article.kind == "gone":
        return
    st.subheader("At suppliers", anchor="suppliers")
    rows = _matches(place, source).filter(pl.col("article_number") == article.number)
    unread = [one.name for one in suppliers if loading.frame(place, one.name, "catalogue") is None]
    if unread:
        st.caption(f"Not collected yet: {plain(', '.join(unread))}.")
    if rows.is_empty():
        if len(unread) < len(suppliers):
            st.caption("No supplier has an article with its EAN or code.")
        return
    for row in rows.head(_MOST).iter_rows(named=True):
        with st.container(border=True, gap="xxsmall"):
            _one(row)
    if rows.height > _MOST:
        st.caption(f"The first {_MOST} of {plural(rows.height, 'article')} are shown.")


def _matches(place: Place, source: str) -> pl.DataFrame:
    """Frame `supplier_matches` of the newest snapshots, made once a health check."""
    return loading.kept(
        "supplier-matches",
        place,
        source,
        lambda: known_matches(place.settings, source, lambda whose, name: loading.frame(place, whose, name)),
    )


def _one(row: dict[str, Any]) -> None:
    colour, word = _STANDINGS.get(row["standing"], (":gray", "state not known"))
    icon = ":material/block: " if row["standing"] in GONE else ""
    st.markdown(f"**{plain(row['name'] or 'Article without a name')}** {colour}-badge[{icon}{word}]")
    price = "" if row["gross_price"] is None else f" · gross € {row['gross_price']:,.2f} a piece"
    told = row["availability_label"]
    said = f" · {plain(told)}" if told and told.lower() != word else ""
    photo = "has a picture" if row["image_url"] else "no picture"
    st.caption(f"{_BY[row['by']]}{said}{price} · {photo}")
    target = entity_page("article", row["supplier"], row["article_key"])
    code = row["article_code"] or row["article_key"]
    if target is not None:
        st.page_link(
            target[0],
            label=f"{plain(row['supplier'])}, article {plain(code)}",
            icon=":material/local_shipping:",
            query_params=target[1],
        )
