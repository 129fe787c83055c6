"""What the page Photos shows: the answer, and products without a picture as cards or as a table."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks import export
from checks.rules import CHECKS
from dashboard.parts import address, charts, check_notes, loading, photo_drop, photo_offers
from dashboard.parts.links import entity_page
from dashboard.parts.missing_pictures import SORTS, by_category, ordered, pictured
from dashboard.parts.place import Place
from dashboard.parts.style import table_height
from dashboard.parts.words import ago, clock, euro, exact, number, percent, plain, plural

CHECK = "missing-photo"
PAGE = 24

_VIEWS = {"cards": "Cards", "table": "Table"}

#: What stands in the picture's place, on light and dark alike.
_NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="96" viewBox="0 0 240 96">'
    '<rect width="240" height="96" rx="6" fill="#8a9aa0" fill-opacity="0.16"/>'
    '<g fill="none" stroke="#8a9aa0" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">'
    '<rect x="100" y="32" width="40" height="32" rx="4"/><path d="M104 60l10-11 7 7 6-6 9 10"/>'
    '<circle cx="130" cy="41" r="2.6"/><path d="M95 69l50-42"/></g></svg>'
)


def answer(place: Place, source: str) -> bool:
    """How many customers see without a picture; False when there is nothing more to show."""
    results = loading.results(place).filter((pl.col("check") == CHECK) & (pl.col("source") == source))
    judged = results.filter(pl.col("status") != "could_not_run")
    for row in results.filter(pl.col("status") == "could_not_run").iter_rows(named=True):
        st.warning(
            f"{plain(row['message'])} {check_notes.from_before(place, [CHECK], row['source'])}",
            title=f"Photos of {plain(row['source'])} could not be judged in the last health check",
            icon=":material/block:",
        )
    found = _rows(place, source)
    active = int(judged["entities"].fill_null(0).sum())
    if found.is_empty():
        if judged.height:
            at = place.run["finished_at"] if place.run else None
            when = f" {clock(at, place.now, place.zone)}" if at else ""
            st.success(
                f"All is well: {plural(active, 'active product')} checked{when}, every photo present.",
                icon=":material/check_circle:",
            )
        return False
    share = (
        f" of {number(active)}: {percent(1 - found.height / active)} have a photo"
        if active >= found.height > 0
        else ""
    )
    st.markdown(
        f"**{plural(found.height, 'active product')}** without a photo{share}.", help=plain(CHECKS[CHECK].why)
    )
    return True


def gallery(place: Place, source: str) -> None:
    """Filters, export, and the products as cards or as a table."""
    found = _rows(place, source)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = address.text("Search", "text", placeholder="Article, name, brand, EAN", width=230)
        categories = {name: f"{name} ({count:,})" for name, count in by_category(found).iter_rows()}
        category = address.several(
            "Category", "category", categories, placeholder="All categories", width=270
        )
        sort = address.picked("Sort by", "sort", SORTS, width=190)
        view = address.one("View", "view", _VIEWS, "cards")
    left = ordered(found, sort, text, category)
    if left.is_empty():
        with st.container(border=True, key="no-match"):
            st.markdown("**No product matches.** Clear the search or the category.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plural(left.height, "product"), width="content")
        st.download_button(
            f"Export {number(left.height)} as CSV",
            lambda: export.as_csv(loading.described(place, left), place.settings.dashboard.url),
            file_name="missing-photos.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="export",
        )
    if view == "table":
        _table(left)
    else:
        _cards(place, source, left)
    with st.expander("Where they are", icon=":material/category:"):
        charts.bars(by_category(left).head(12), "category", "products", title="Missing photos by category")


def _rows(place: Place, source: str) -> pl.DataFrame:
    findings = check_notes.open_of(place, source, [CHECK])

    def make() -> pl.DataFrame:
        return pictured(
            findings,
            loading.frame(place, source, "products"),
            loading.frame(place, source, "categories"),
        )

    return loading.kept("pictures", place, source, make)


def _cards(place: Place, source: str, left: pl.DataFrame) -> None:
    offered, state = photo_offers.first_of_each(place, source), photo_drop.state_of(source)
    pages = max(1, -(-left.height // PAGE))
    cards = st.container()
    at = 1
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            at = st.pagination(pages, key="page", bind="query-params")
    with cards, st.grid("auto", min_column_width=190, gap="small"):
        for row in left.slice((at - 1) * PAGE, PAGE).iter_rows(named=True):
            with st.container(border=True, height="stretch", gap="xxsmall"):
                _card(place, row)
                if row["key"] in offered:
                    photo_offers.button(place, state, offered[row["key"]], key=f"photo-get-{row['key']}")


def _card(place: Place, row: dict[str, Any]) -> None:
    st.image(_NO_PICTURE, alt="No photo", width="stretch")
    st.markdown(f"**{plain(row['name'] or row['key'])}**")
    words = [part for part in (row["brand"], row["category"]) if part]
    st.caption(plain(" · ".join(words)) or "no brand, no category")
    price = f"€ {row['price']:,.2f} · " if row["price"] is not None else ""
    st.caption(f"{price}missing since {ago(row['first_seen'], place.now)}")
    if row["turnover"]:
        st.caption(f"**{euro(row['turnover'])}** in {plural(row['orders'], 'order')} of the last 30 days")
    if target := entity_page("product", row["source"], row["key"]):
        st.page_link(
            target[0],
            label=plain(row["key"]),
            icon=":material/inventory_2:",
            help=f"All about this product. Found without a photo {exact(row['first_seen'], place.zone)}",
            query_params=target[1],
        )


def _table(left: pl.DataFrame) -> None:
    text = st.column_config.TextColumn
    st.dataframe(
        left.select("key", "name", "brand", "category", "ean", "price", "turnover", "orders", "first_seen"),
        hide_index=True,
        height=table_height(left.height, 600),
        placeholder="",
        alt="Active own products without a photo",
        column_config={
            "key": text("Article", width=100),
            "name": text("Name", width=280),
            "brand": text("Brand", width=150),
            "category": text("Category", width=200),
            "ean": text("EAN", width=130),
            "price": st.column_config.NumberColumn("List price", format="€ %,.2f", width=100),
            "turnover": st.column_config.NumberColumn("Turnover", format="euro", width=100),
            "orders": st.column_config.NumberColumn("Orders", format="localized", width=70),
            "first_seen": st.column_config.DatetimeColumn("Since", format="distance", width=110),
        },
    )
