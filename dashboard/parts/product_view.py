"""What the page of one product shows: what is wrong, what it touches, all its data, its photos, its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from checks.history import timeline
from checks.impact import DAYS
from dashboard.parts import (
    address,
    error_links,
    loading,
    opening,
    photo_drop,
    pictures,
    repaired_since,
    repairs,
)
from dashboard.parts.details import guilty_column, product_parts
from dashboard.parts.finding_thing import LOOKUPS, field_table
from dashboard.parts.place import Place
from dashboard.parts.product_facts import Article, central_twin, find, matching
from dashboard.parts.product_trade import client_prices, order_lines
from dashboard.parts.shaping import is_open
from dashboard.parts.words import SEVERITIES, STATUSES, ago, exact, field_title, number, plain, plural

#: How many articles a search shows, and how many events of the history.
_MOST_FOUND, _MOST_EVENTS = 50, 60

#: Findings of one check that are listed: a product may have a price for each of hundreds of clients.
_MOST_ALIKE = 5

_KINDS = {
    "own": ("Own product", ":material/inventory_2:", "blue"),
    "linked": ("Linked product", ":material/link:", "green"),
    "gone": ("Not in the newest data", ":material/help:", "orange"),
}

_EVENT_ICONS = {
    "finding": ":material/flag:",
    "data": ":material/edit:",
    "fix": ":material/build:",
    "comment": ":material/chat:",
}


def pick(place: Place) -> tuple[str, str]:
    """Shop and article number of the URL; the article is empty when none is named."""
    sources = [source.name for source in place.settings.shops]
    source = address.given("source")
    if source not in sources:
        if source:
            instead = f"; {plain(sources[0])} is shown" if sources else ""
            st.warning(f"There is no shop {plain(source)} in the settings{instead}.")
        source = sources[0] if sources else ""
    return source, address.given("article").strip()


def search(place: Place, source: str) -> None:
    """A field that finds any article, and what it found."""
    text = address.text("Search", "text", placeholder="Article number, name, EAN, brand", width=340)
    if not text:
        st.caption(
            "Any own or linked product of the newest health check. Every article number on a page leads here."
        )
        return
    found = matching(
        text,
        loading.frame(place, source, "products"),
        loading.frame(place, source, "linked_products"),
        _MOST_FOUND + 1,
    )
    if found.is_empty():
        st.markdown(f"**No product holds “{plain(text)}”** in its number, name, EAN or brand.")
        return
    more = f"The first {_MOST_FOUND} are shown." if found.height > _MOST_FOUND else ""
    st.caption(f"{plural(min(found.height, _MOST_FOUND), 'product')}. {more}")
    with st.container(gap=None):
        for row in found.head(_MOST_FOUND).iter_rows(named=True):
            words = [row["brand"], row["ean"], _KINDS[row["kind"]][0].lower()]
            opening.link(
                f"**{plain(row['article_number'])}** {plain(row['name'])} "
                f":gray[{plain(' · '.join(word for word in words if word))}]",
                f"open-{row['article_number']}",
                source=source,
                article=row["article_number"],
            )


def article_of(place: Place, source: str, number: str) -> Article:
    return find(
        number, loading.frame(place, source, "products"), loading.frame(place, source, "linked_products")
    )


def answer(place: Place, source: str, article: Article) -> None:
    """What it is, what is wrong with it and what that touches, in two lines."""
    word, icon, colour = _KINDS[article.kind]
    shop = f" · {plain(source)}" if len(place.settings.shops) > 1 else ""
    st.markdown(f":{colour}-badge[{icon} {word}] {plain(article.number)}{shop}")
    opened = _findings(place, source, article).filter(is_open())
    wrong = f"**{plural(opened.height, 'finding')}** open" if opened.height else "**Nothing is open** on it"
    st.markdown(f"{wrong}; {_touched(place, source, article)}.")
    error_links.failed_requests(place, source, "product", article.number)
    if article.kind == "gone":
        st.info(
            "The newest health check found it among neither own nor linked products: it was deleted, renumbered, or its "
            "list could not be collected. What is known from before stands below.",
            icon=":material/help:",
        )


def _touched(place: Place, source: str, article: Article) -> str:
    lines, prices = order_lines(place, source, article), client_prices(place, source, article)
    lines = lines.filter(pl.col("ordered_at") >= place.now - timedelta(days=DAYS))
    if (
        loading.frame(place, source, "orders") is None
        and loading.frame(place, source, "processed_orders") is None
    ):
        return "its orders were not collected"
    if lines.is_empty():
        sold = f"in no order of the last {DAYS} days"
    else:
        count, turnover = lines["order_number"].n_unique(), lines["total"].sum()
        sold = f"in **{plural(count, 'order')}** of the last {DAYS} days, € {turnover:,.2f}"
    clients = (
        f"; {plural(prices.height, 'client')} {'has' if prices.height == 1 else 'have'} a price of their own"
        if prices.height
        else ""
    )
    return sold + clients


def findings(place: Place, source: str, article: Article) -> None:
    """Everything that is or was wrong with it; each a link to the finding, with what repairs it."""
    found = _findings(place, source, article)
    st.subheader("What is wrong", anchor="wrong")
    opened, past = found.filter(is_open()), found.filter(~is_open())
    if opened.is_empty():
        st.markdown(":material/check_circle: No check has an open finding on it.")
    for (check,), rows in opened.group_by(["check"], maintain_order=True):
        with st.container(gap="xxsmall", key=f"wrong-{check}"):
            for row in rows.head(_MOST_ALIKE).iter_rows(named=True):
                _finding(place, row)
            if rows.height > _MOST_ALIKE:
                st.caption(f"and {rows.height - _MOST_ALIKE:,} more of the same.")
            if check == photo_drop.OFFERED and photo_drop.CHECK in opened["check"]:
                continue  # the same photo closes both: the place for it stands with the other
            if check in (photo_drop.CHECK, photo_drop.OFFERED):
                photo_drop.zone(place, source, only=article.number)
            else:
                repairs.actions(place, rows, key="product")
    if past.height:
        with st.expander(f"Fixed or set aside ({past.height})", icon=":material/history:"):
            for row in past.iter_rows(named=True):
                _finding(place, row)


def _finding(place: Place, row: dict[str, Any]) -> None:
    look, state = SEVERITIES[row["severity"]], STATUSES[row["status"]]
    st.page_link(
        "app_pages/findings.py",
        label=f":{look.colour}[{look.icon}] **{plain(row['title'])}** "
        f":gray[{state.word.lower()}, {ago(row['first_seen'], place.now)}]",
        query_params={"finding": row["id"], "text": row["key"], "status": row["status"]},
    )
    st.caption(plain(row["message"]))  # beneath: the label of a link is cut off on a phone


def data(place: Place, source: str, article: Article) -> None:
    """Its fields, the guilty ones marked, and its texts by language."""
    st.subheader("Its data", anchor="data")
    row = article.row
    if row is None:
        st.caption("There is no row of it in the newest data.")
        return
    photos = loading.frame(place, source, "photos")
    count = None
    if photos is not None and article.kind == "own":
        count = photos.filter(pl.col("article_number") == article.number).height
    opened = _findings(place, source, article).filter(is_open() & (pl.col("entity") == "product"))
    guilty = {column for one in opened.iter_rows(named=True) if (column := guilty_column(one))}
    lookups = {name: loading.frame(place, source, name) for name in LOOKUPS}
    added = repaired_since.photo_added(place, source, article.number)
    parts = product_parts(row, lookups, count, guilty, place.zone, photo_added=added)
    if article.kind == "linked":
        parts = [part for part in parts if part.column != "photos"]
    repaired_since.note(place, source, article.number)
    field_table(parts, alt="The fields of the product")
    texts = [one for one in row["texts"] or [] if one["language"]]
    if texts:
        st.markdown("**Texts**")
        st.table(
            [
                {
                    "Language": field_title(one["language"]).removesuffix(" text"),
                    "Name": plain(one["name"]) or "–",
                    "Description": plain(one["description"]) or "–",
                }
                for one in texts
            ],
            border="horizontal",
            hide_index=True,
            alt="Texts by language",
        )


def central(place: Place, source: str, article: Article) -> None:
    """Its twin in the central database, where there is one."""
    twin = central_twin(article.row, loading.frame(place, source, "central_products"))
    if twin is None:
        return
    words = [twin["brand"], twin["ean"]]
    st.markdown(
        f":material/hub: **In the central database** as {plain(twin['name'] or 'a product without a name')} "
        f":gray[{plain(' · '.join(word for word in words if word))}]"
    )
    if article.kind == "own":
        st.page_link(
            "app_pages/became_central.py",
            label="Compare and link",
            icon=":material/arrow_forward:",
            query_params={"text": article.number, "show": "all"},
        )


def photos(place: Place, source: str, article: Article) -> None:
    """Its photos by name; the pictures themselves are fetched when asked for, because they come from the shop."""
    if article.kind != "own":
        return
    frame = loading.frame(place, source, "photos")
    st.subheader("Photos", anchor="photos")
    if frame is None:
        st.caption("Photos were not collected.")
        return
    rows = frame.filter(pl.col("article_number") == article.number)
    added = repaired_since.photo_added(place, source, article.number)
    if rows.is_empty():
        st.caption(_ADDED if added else "It has no photo.")
        return
    if added:
        st.caption(_ADDED)
    pictures.shown(place, source, article.number, rows)


_ADDED = "A repair added a photo since; it can be shown here after the next health check."


def history(place: Place, source: str, article: Article) -> None:
    """What was wrong since when, what changed in its data, and what was done; the newest first."""
    st.subheader("History", anchor="history")
    events = loading.kept(
        "timeline",
        place,
        f"{source}/{article.number}",
        lambda: timeline(place.store, source, "product", article.number),
    )
    if events.is_empty():
        st.caption("No health check has seen anything change on it.")
        return
    fixes = {
        (fix["finished_at"] or fix["started_at"], fix["message"]): fix["id"]
        for fix in place.store.journal.fixes(source=source, key=article.number)
    }
    lines = []
    for row in events.head(_MOST_EVENTS).iter_rows(named=True):
        icon = _EVENT_ICONS.get(row["kind"], ":material/circle:")
        fix = fixes.get((row["at"], row["detail"])) if row["kind"] == "fix" else None
        who = f", by {plain(row['by'])}" if row["by"] else ""
        detail = f": {plain(row['detail'])}" if row["detail"] else ""
        what = f"**{plain(row['what'])}**" if fix is None else f"[**{plain(row['what'])}**](fix?fix={fix})"
        lines.append(f"- {icon} {exact(row['at'], place.zone)} · {what}{detail}{who}")
    with st.container(height=420 if len(lines) > 12 else "content", border=False):
        st.markdown("\n".join(lines))
    if events.height > _MOST_EVENTS:
        st.caption(f"The newest {_MOST_EVENTS} of {number(events.height)} are shown.")


def _findings(place: Place, source: str, article: Article) -> pl.DataFrame:
    """Findings on the article itself and on what hangs on it (client prices, order lists)."""
    key, entity = pl.col("key"), pl.col("entity")
    about = (
        ((entity == "product") & (key == article.number))
        | ((entity == "client-product") & key.str.starts_with(f"{article.number}|"))
        | ((entity == "order-list-item") & key.str.ends_with(f"|{article.number}"))
    )
    return loading.all_findings(place).filter((pl.col("source") == source) & about)
