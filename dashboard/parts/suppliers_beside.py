"""The shop's articles beside those of suppliers: which are the same, and the way to them. Matched once a run."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from checks.frames import Collected
from checks.meeting import meet
from checks.settings import Settings
from checks.settings_sources import SupplierSource
from checks.store import Store
from dashboard.parts.links import SUPPLIERS
from dashboard.parts.place import Place
from dashboard.parts.trade import Trade
from dashboard.parts.words import STANDINGS, plain

_MOST = 8


def matches(place: Place, supplier: SupplierSource) -> Mapping[str, Collected]:
    """By shop, the frame `supplier_matches` with that supplier alone, of the newest snapshots, or why there is none."""
    assert place.run is not None
    both = place.settings.model_copy(update={"sources": [*place.settings.shops, supplier]})
    how = f"{supplier.name} {supplier.match.model_dump_json()}"
    return _met(both, place.store, place.settings.store.url, str(place.run["id"]), how)


@st.cache_resource(max_entries=8, show_spinner=False)
def _met(_settings: Settings, _store: Store, url: str, run_id: str, how: str) -> Mapping[str, Collected]:
    """`how` they are matched is part of what they are: who changes the settings sees it at once."""
    met = meet(_settings, {}, _store.frame)
    return {name: frames["supplier_matches"] for name, frames in met.items() if "supplier_matches" in frames}


def of_article(place: Place, shop: str, article: str) -> pl.DataFrame | None:
    """`supplier_matches` of one article of a shop with every supplier whose catalogue is known; None with none."""
    known = [matches(place, supplier).get(shop) for supplier in place.settings.suppliers]
    parts = [one.data for one in known if one is not None and one.data is not None]
    return pl.concat(parts).filter(pl.col("article_number") == article) if parts else None


def links(place: Place, shop: str, article: str) -> None:
    """The same article at suppliers, each with its standing and price, each a link to its page."""
    found = of_article(place, shop, article)
    if found is None or found.is_empty():
        return
    st.markdown("**At suppliers**")
    with st.container(gap=None):
        for row in found.head(_MOST).iter_rows(named=True):
            price = f", gross € {row['gross_price']:,.2f}" if row["gross_price"] is not None else ""
            standing = STANDINGS.get(row["standing"], STANDINGS["unknown"]).lower()
            st.page_link(
                SUPPLIERS,
                label=f"**{plain(row['name'] or row['article_code'] or '')}** :gray[{plain(row['supplier'])} "
                f"{plain(row['article_code'] or '')}, {standing}{price}]",
                icon=":material/local_shipping:",
                query_params={"source": row["supplier"], "view": "articles", "article": row["article_key"]},
            )


def assortment(known: Trade) -> pl.DataFrame | None:
    """Own and linked products in one frame; None where own ones were never collected."""
    own, linked = known["products"], known["linked_products"]
    if own is None or linked is None:
        return own
    return pl.concat([own, linked]).unique("article_number", keep="first", maintain_order=True)
