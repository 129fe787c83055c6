"""The frames about trade of one shop, with what several pages make of them: made once a run, kept between scripts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from checks.impact import client_impact, impact
from checks.sources.moments import BELGIUM
from checks.store import Store
from dashboard.parts import address, loading
from dashboard.parts.client_rows import client_rows
from dashboard.parts.place import Place
from dashboard.parts.words import plural

FRAMES_HERE = (
    "products",
    "linked_products",
    "clients",
    "client_segments",
    "client_locations",
    "delivery_dates",
    "users",
    "representatives",
    "client_prices",
    "order_lists",
    "orders",
    "processed_orders",
)


@dataclass(frozen=True)
class Trade:
    """Frames of one source by name, None where no run has one; `at` is the moment of the newest run, aware."""

    source: str
    at: datetime
    frames: Mapping[str, pl.DataFrame | None]

    def __getitem__(self, name: str) -> pl.DataFrame | None:
        return self.frames[name]

    @cached_property
    def articles(self) -> pl.DataFrame | None:
        """article_number, name, sales_price, active, kind (own, linked), each article once; None when own products are not known."""
        own = self.frames["products"]
        if own is None:
            return None
        parts = [
            frame.select("article_number", "name", "sales_price", "active", kind=pl.lit(kind))
            for frame, kind in ((own, "own"), (self.frames["linked_products"], "linked"))
            if frame is not None
        ]
        return pl.concat(parts).unique("article_number", keep="first", maintain_order=True)

    @cached_property
    def impact(self) -> pl.DataFrame:
        """`checks.impact.IMPACT` of the days before the run."""
        return impact(
            self.frames["orders"], self.frames["processed_orders"], self.frames["client_prices"], self.at
        )

    @cached_property
    def clients(self) -> pl.DataFrame | None:
        """`client_rows` of this shop; None when clients were never collected."""
        if self.frames["clients"] is None:
            return None
        known = self.frames["orders"] is not None or self.frames["processed_orders"] is not None
        sold = client_impact(self.frames["orders"], self.frames["processed_orders"], self.at)
        return client_rows(self.frames, sold if known else None)

    @cached_property
    def client_names(self) -> pl.DataFrame:
        """client_number, client: what each client is called, from the clients, else from orders."""
        parts = [
            frame.select("client_number", client=name)
            for frame, name in (
                (self.frames["clients"], "name"),
                (self.frames["orders"], "client_name"),
                (self.frames["processed_orders"], "client_name"),
            )
            if frame is not None
        ]
        schema = {"client_number": pl.String, "client": pl.String}
        return (
            pl.concat([pl.DataFrame(schema=schema), *parts])
            .drop_nulls()
            .unique("client_number", keep="first", maintain_order=True)
        )

    def knows_article(self, number: str | None) -> bool | None:
        """Is it an own or linked product? None when that cannot be told."""
        if self.articles is None or self.frames["linked_products"] is None:
            return None
        return bool((self.articles["article_number"] == number).any())


def shop(place: Place, checks: Collection[str] = ()) -> str:
    """The shop that a page is about; asked only where there are several, with how many findings of `checks` each has."""
    names = [source.name for source in place.settings.shops]
    if len(names) < 2:
        return names[0] if names else ""
    found = loading.open_findings(place).filter(pl.col("check").is_in(list(checks)))
    counts = dict(found.group_by("source").agg(pl.len()).iter_rows())
    words = {name: f"{name} ({plural(counts.get(name, 0), 'finding')})" if checks else name for name in names}
    return address.picked("Shop", "source", words, width=260)


def trade(place: Place, source: str) -> Trade:
    """What is known of one shop's trade."""
    assert place.run is not None
    at = place.run["finished_at"] or place.run["started_at"]
    return _trade(place.store, place.settings.store.url, str(place.run["id"]), source, at)


def today(place: Place) -> date:
    """The shop's day: delivery and pick-up dates are not of the reader's zone."""
    return place.now.astimezone(ZoneInfo(str(BELGIUM))).date()


@st.cache_resource(max_entries=3, show_spinner=False)
def _trade(_store: Store, url: str, run_id: str, source: str, at: datetime) -> Trade:
    return Trade(source, at, {name: _store.frame(source, name) for name in FRAMES_HERE})
