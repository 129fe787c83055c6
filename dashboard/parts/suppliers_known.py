"""What is known of one supplier: its articles, what waits for approval, which articles are the shop's. Made once a run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from checks.store import Store
from dashboard.parts import check_notes, loading, suppliers_beside
from dashboard.parts.check_rows import checks_of
from dashboard.parts.place import Place
from dashboard.parts.suppliers_rows import MATCHES, article_rows, waiting_rows
from dashboard.parts.trade import trade

#: The checks of the page, in the catalogue's order.
CHECKS_HERE = tuple(check.id for check in CHECKS.values() if check.area == "suppliers")

#: The chip of each check that is about an article.
WORDS = {
    "supplier-invalid-ean": "EAN",
    "supplier-duplicate-ean": "EAN twice",
    "supplier-missing-image": "No image",
    "supplier-price-missing": "Price",
    "supplier-blocked": "Blocked",
    "supplier-inactive": "Inactive",
    "supplier-new": "Not yours yet",
    "article-discontinued": "Discontinued",
    "article-phasing-out": "Runs out",
    "article-unmatched": "No match code",
    "article-invalid-ean": "EAN",
    "article-missing-image": "No image",
    "article-no-active-price": "No price",
    "article-price-expired": "Price ended",
    "article-unmoderated": "Waits",
    "article-unknown-availability": "Availability",
}


@dataclass(frozen=True)
class Known:
    """`rows`: `suppliers_rows.article_rows`; `waiting`: `waiting_rows`; None where no run ever collected them.

    `matches`: MATCHES; None, with `why_not` in words, where it cannot be told which articles are the shop's.
    """

    source: str
    rows: pl.DataFrame | None
    waiting: pl.DataFrame | None
    matches: pl.DataFrame | None
    why_not: str | None

    @property
    def companies(self) -> list[str]:
        """The companies of its articles (IB); none for a supplier that is one company."""
        if self.rows is None:
            return []
        return sorted(self.rows["company"].drop_nulls().unique())


def known(place: Place, source: str) -> Known:
    """What is known of that supplier; the list of articles is made anew when a finding changes."""
    assert place.run is not None
    run, url = str(place.run["id"]), place.settings.store.url
    matches, why_not = _matches(place, source)
    catalogue = loading.frame(place, source, "catalogue")
    rows = None
    if catalogue is not None:
        rows = loading.kept(
            "supplier-articles",
            place,
            f"{source}/{'' if matches is None else matches.height}",
            lambda: article_rows(catalogue, matches, _chips(place, source)),
        )
    return Known(source, rows, _waiting(place.store, url, run, source), matches, why_not)


def _chips(place: Place, source: str) -> pl.DataFrame:
    found = check_notes.open_of(place, source, checks_of(place, source, CHECKS_HERE))
    return check_notes.chip_cells(found.rename({"key": "article_key"}), WORDS, "article_key")


@st.cache_resource(max_entries=8, show_spinner=False)
def _waiting(_store: Store, url: str, run_id: str, source: str) -> pl.DataFrame | None:
    frame = _store.frame(source, "catalogue_waiting")
    return None if frame is None else waiting_rows(frame)


def _matches(place: Place, source: str) -> tuple[pl.DataFrame | None, str | None]:
    """MATCHES of one supplier with every shop, or why they are not known."""
    settings = place.settings
    if not settings.shops:
        return None, "There is no web shop in the settings to compare with."
    supplier = next(one for one in settings.suppliers if one.name == source)
    met = suppliers_beside.matches(place, supplier)
    parts = []
    for shop in settings.shops:
        one = met.get(shop.name)
        if one is None or one.data is None:
            why = None if one is None else one.message
            return None, why or f"Articles of {shop.name} were not compared with those of suppliers."
        parts.append(_of_shop(place, shop.name, one.data))
    return pl.concat(parts), None


def _of_shop(place: Place, shop: str, matches: pl.DataFrame) -> pl.DataFrame:
    """With what the shop calls its article, and whether it sells it."""
    articles = trade(place, shop).articles
    if articles is None:
        articles = pl.DataFrame(schema={"article_number": pl.String, "name": pl.String, "active": pl.Boolean})
    return (
        matches.drop("name")
        .join(
            articles.select("article_number", "active", our_name="name"),
            on="article_number",
            how="left",
            maintain_order="left",
        )
        .with_columns(shop=pl.lit(shop))
        .select(MATCHES.names())
    )
