"""The panel of one supplier article: what it is, what is wrong with it, whose it is at the shop, units, prices, images."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, loading, opening
from dashboard.parts.finding_thing import field_table
from dashboard.parts.links import PRODUCT
from dashboard.parts.place import Place
from dashboard.parts.suppliers_facts import article_parts, image_words, price_words, unit_words
from dashboard.parts.suppliers_known import Known
from dashboard.parts.suppliers_rows import BY
from dashboard.parts.words import STANDINGS, number, plain, plural

#: Products of the shop, and lines of each list, that are shown.
_MOST = 40


def panel(place: Place, about: Known, key: str) -> None:
    """The article that is open, or how to open one."""
    with st.container(border=True, key="article-panel"):
        if not key:
            st.markdown("#### One article")
            st.caption(
                "Tick a row to see its units, prices and images, which of your articles it is, and what is wrong with it."
            )
            return
        article = _article(place, about.source, key)
        if article is None:
            _gone(about, key)
        else:
            _head(article)
            _ours(about, key)
            _wrong(place, about.source, key)
            _facts(place, article)
            _lists(article)
        st.button("Close", key="close-article", on_click=address.clear, args=("article",))


def _article(place: Place, source: str, key: str) -> dict[str, Any] | None:
    catalogue = loading.frame(place, source, "catalogue")
    rows = None if catalogue is None else catalogue.filter(pl.col("article_key") == key)
    return None if rows is None or rows.is_empty() else rows.row(0, named=True)


def _gone(about: Known, key: str) -> None:
    st.markdown(f"#### Article {plain(key.rpartition('|')[2])}")
    waits = about.waiting is not None and bool((about.waiting["id"] == key).any())
    if waits:
        st.caption("The supplier has not approved it yet.")
        opening.link(
            ":material/arrow_forward: What waits for approval",
            "to-waiting",
            source=about.source,
            view="waiting",
            change=key,
        )
    else:
        st.caption(
            "The newest catalogue does not have it: the supplier took it out, or it could not be collected."
        )


def _head(article: dict[str, Any]) -> None:
    standing = STANDINGS.get(article["standing"], STANDINGS["unknown"])
    company = f" :gray[{plain(article['company'])}]" if article["company"] else ""
    st.markdown(
        f":gray-badge[{plain(standing)}]{company}\n\n#### {plain(article['name'] or article['article_code'] or '')}"
    )


def _ours(about: Known, key: str) -> None:
    """The shop's articles that it is known to be, each a link."""
    if about.matches is None:
        st.caption(f":material/block: Whether it is yours is not known: {plain(about.why_not)}")
        return
    matches = about.matches.filter(pl.col("article_key") == key).unique(
        ["shop", "article_number"], keep="first", maintain_order=True
    )
    if matches.is_empty():
        st.markdown(":material/storefront: **Not in your shop**, neither by EAN nor by article number.")
        return
    with st.container(gap=None):
        for row in matches.head(_MOST).iter_rows(named=True):
            state = "" if row["active"] else " :gray[not sold]"
            st.page_link(
                PRODUCT,
                label=f"**{plain(row['our_name'] or row['article_number'])}** :gray[{plain(row['article_number'])}, "
                f"{BY.get(row['by'], row['by'])}]{state}",
                icon=":material/inventory_2:",
                query_params={"source": row["shop"], "article": row["article_number"]},
            )


def _wrong(place: Place, source: str, key: str) -> None:
    found = check_notes.of_thing(place, source, (pl.col("entity") == "article") & (pl.col("key") == key))
    st.markdown("**What is wrong**")
    check_notes.findings_with_history(place, found, most=6)


def _facts(place: Place, article: dict[str, Any]) -> None:
    field_table(article_parts(article, place.zone), alt="The article")
    if article["description"]:
        with st.expander("Description"):
            st.markdown(plain(article["description"]))


def _lists(article: dict[str, Any]) -> None:
    units, prices, images = article["units"] or [], article["prices"] or [], article["images"] or []
    packed, priced, pictured = st.tabs(
        [f"Units {number(len(units))}", f"Prices {number(len(prices))}", f"Images {number(len(images))}"]
    )
    with packed:
        _table([unit_words(one) for one in units], "Units of the article", "The supplier names no unit.")
    with priced:
        _table([price_words(one) for one in prices], "Prices of the article", "The supplier gives no price.")
    with pictured:
        _table([image_words(one) for one in images], "Images of the article", "The supplier has no image.")


def _table(rows: list[dict[str, str]], alt: str, none: str) -> None:
    if not rows:
        st.caption(none)
        return
    filled = [name for name in rows[0] if any(row[name] not in ("", "–") for row in rows)]
    told = [{name: plain(row[name]) for name in filled} for row in rows[:_MOST]]
    st.table(told, border="horizontal", hide_index=True, alt=alt)
    if len(rows) > _MOST:
        st.caption(f"and {plural(len(rows) - _MOST, 'more')}.")
