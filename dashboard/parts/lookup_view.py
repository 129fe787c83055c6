"""What the page Lookup tables shows: when a table was read, its entries and how many use each, one entry with who uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from checks.frames import FRAMES, LOOKUP_TABLES
from checks.store import Store
from dashboard.parts import address, check_notes, loading, opening
from dashboard.parts.links import CLIENTS
from dashboard.parts.lookup_entries import (
    OF_TABLE,
    by_language,
    chosen,
    entries,
    is_unused,
    languages_in,
    users_of,
)
from dashboard.parts.place import Place
from dashboard.parts.price_faults import language
from dashboard.parts.style import table_height
from dashboard.parts.words import ago, clock, exact, number, plain, plural

_FILTERS = ("text", "show")
_MOST_USERS = 1000
_MOST_CHILDREN = 40

_FRAMES_OF = ("products", "linked_products", "central_products", "clients", "category_chains")

#: Count of an entry -> who is counted: one and several, the frame, the column's title.
_USERS = {
    "own": ("own product", "own products", "products", "Own"),
    "linked": ("linked product", "linked products", "linked_products", "Linked"),
    "central": ("central product", "central products", "central_products", "Central"),
    "clients": ("client", "clients", "clients", "Clients"),
}


def pick_table(place: Place, source: str) -> str:
    """Which table; each with how many entries it has."""
    collected = loading.collected(place).filter((pl.col("source") == source) & (pl.col("status") == "ok"))
    sizes = dict(collected.select("frame", "rows").iter_rows())
    options = {
        name: FRAMES[name].title + (f" ({sizes[name]:,})" if name in sizes else "")
        for name in ("brands", *(name for name in LOOKUP_TABLES if name != "brands"))
    }
    return address.picked("Table", "table", options, width=240)


def rows(place: Place, source: str, table: str) -> pl.DataFrame | None:
    """Every entry, `lookup_entries.ENTRIES`; None when the table was never read."""
    assert place.run is not None
    return _entries(place.store, place.settings.store.url, str(place.run["id"]), source, table)


@st.cache_resource(max_entries=20, show_spinner=False)
def _entries(_store: Store, url: str, run_id: str, source: str, table: str) -> pl.DataFrame | None:
    frames = {name: _store.frame(source, name) for name in (table, *_FRAMES_OF)}
    return None if frames[table] is None else entries(table, frames)


def answer(place: Place, source: str, table: str) -> pl.DataFrame | None:
    """How many entries, how many are used, how many are gone, when it was read; gives them, None when they are not known."""
    found = rows(place, source, table)
    if found is None:
        check_notes.missing(place, source, f"What {FRAMES[table].title.lower()} there are is", table)
        return None
    there = found.filter("there").height
    gone = found.height - there
    unused = found.filter(is_unused()).height
    mine = chosen(found, show="mine").filter("there").height
    who = "your clients" if table == "client_segments" else "your own products"
    parts = [f"**{plural(there, 'entry', 'entries')}**", f"**{number(mine)}** used by {who}"]
    if unused:
        parts.append(f"**{number(unused)}** used by nothing")
    lost = (
        f"; :red[:material/error:] **{number(gone)}** that the table no longer has {'is' if gone == 1 else 'are'} still pointed at"
        if gone
        else "; nothing points at an entry that is gone"
    )
    st.markdown(f"{', '.join(parts)}{lost}.")
    _when_read(place, source, table)
    return found


def _when_read(place: Place, source: str, table: str) -> None:
    told = loading.collected(place).filter((pl.col("source") == source) & (pl.col("frame") == table))
    if told.is_empty() or told["status"][0] != "ok":
        why = check_notes.not_collected(place, source, table)
        st.caption(
            f"Not read in the last health check; these are from an earlier one. {plain(' '.join(why))}"
        )
        return
    row = told.row(0, named=True)
    assert place.run is not None
    at = row.get("read_at") or place.run["finished_at"] or place.run["started_at"]
    again = ", and kept since" if row.get("mode") == "carried" else ""
    st.caption(
        f"Read {clock(at, place.now, place.zone)}, {ago(at, place.now)}{again}; the guide asks to read it once a day at most.",
        help=exact(at, place.zone),
    )


def filters(found: pl.DataFrame, table: str) -> pl.DataFrame:
    """The row of filters; gives the entries that they leave."""
    gone = found.filter(~pl.col("there")).height
    show = {
        "all": f"All ({found.height:,})",
        "mine": f"Used ({chosen(found, show='mine').height:,})",
        "unused": f"Unused ({found.filter(is_unused()).height:,})",
        "gone": f"Gone ({gone:,})",
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        shown = address.one("Show", "show", show, "all")
        what = "Name in any language, path, id" if table == "categories" else "Name in any language, id"
        text = address.text("Search", "text", placeholder=what, width=260)
    return chosen(found, show=shown, text=text)


def list_of(place: Place, source: str, table: str, left: pl.DataFrame) -> str:
    """The entries; gives the id of the one that is open."""
    if left.is_empty():
        address.no_match("entry", *_FILTERS)
        return address.given("entry")
    faults = _faults(place, source, table)
    others = [code for code in languages_in(left) if code != "nld"]  # the name itself is the Dutch one
    tree = table == "categories" and not address.given("text")
    name = pl.coalesce("name", pl.lit("no name"))
    if tree:
        # no-break spaces: a table's cell drops ordinary ones
        name = pl.concat_str(pl.lit("\u2003").repeat_by(pl.col("depth").fill_null(0)).list.join(""), name)
    shown = left.join(faults, on="id", how="left", maintain_order="left").select(
        "id",
        pl.when("there")
        .then(name)
        .otherwise(pl.format("✕ {}", pl.col("name").fill_null("gone")))
        .alias("name"),
        "path",
        *by_language(left, others),
        *_USERS,
        "faults",
    )
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    columns: dict[str, Any] = {"name": text("Category" if table == "categories" else "Name", width=160)}
    if table == "categories" and not tree:
        columns["path"] = text("Path", width=210)
    for code in others[:2] if table != "categories" else ():
        columns[code] = text(language(code), width=110)
    columns["id"] = text("Id", width=64)
    for counted, (_, several, _, title) in _USERS.items():
        if left[counted].null_count() < left.height:
            columns[counted] = count(title, format="%,d", width=60, help=f"How many {several} point at it")
    if faults.height:
        columns["faults"] = count("Findings", format="%,d", width=72)
    return opening.table(
        left,
        shown,
        columns,
        key=f"lookup-grid-{table}",
        name="entry",
        alt=f"{FRAMES[table].title}: entries and how many use each",
    )


def _faults(place: Place, source: str, table: str) -> pl.DataFrame:
    """id, faults: open findings that name an entry."""
    return (
        _findings_on(place, source, table)
        .group_by(id=pl.col("value"))
        .agg(faults=pl.len().cast(pl.Int64))
        .drop_nulls("id")
    )


def _findings_on(place: Place, source: str, table: str) -> pl.DataFrame:
    found = loading.open_findings(place).filter(pl.col("source") == source)
    if table == "client_segments":
        return found.filter(pl.col("check") == "client-unknown-segment")
    wrong = (pl.col("check") == "invalid-reference") & (pl.col("field") == OF_TABLE[table].field)
    if table == "categories":
        wrong = wrong | (pl.col("check") == "category-not-leaf")
    # one product may point at several: each counts
    return (
        found.filter(wrong)
        .with_columns(value=pl.col("value").str.split(", "))
        .explode("value", empty_as_null=True, keep_nulls=True)
    )


def panel(place: Place, source: str, table: str, found: pl.DataFrame, entry: str) -> None:
    """The entry that is open, or how to open one."""
    with st.container(border=True, key="entry-panel"):
        rows_of_it = found.filter(pl.col("id") == entry)
        if not entry:
            st.markdown(f"#### {FRAMES[table].title}")
            st.caption("Tick an entry to see its names and which products use it.")
            return
        if rows_of_it.is_empty():
            st.markdown(f"#### {plain(entry)}")
            st.caption("The table does not have it, and nothing points at it.")
            return
        row = rows_of_it.row(0, named=True)
        _entry(source, table, found, row)
        _findings(place, source, table, row)
        _users(place, source, table, row)


def _entry(source: str, table: str, found: pl.DataFrame, row: Mapping[str, Any]) -> None:
    state = "" if row["there"] else ":red-badge[:material/error: Gone from the table]\n\n"
    st.markdown(f"{state}#### {plain(row['name'] or row['id'])}")
    if row["path"] and row["depth"]:
        st.caption(plain(row["path"]))
    names = {
        f":gray[{language(one['language'] or '?')}]": plain(one["name"]) or "–" for one in row["names"] or []
    }
    kind = "Abbreviation" if FRAMES[table].key[0] == "abbreviation" else "Id"
    st.table({f":gray[{kind}]": plain(row["id"]), **names}, border="horizontal", alt="The entry")
    if row["children"]:
        below = found.filter(pl.col("parent") == row["id"])
        with st.expander(
            f"{plural(below.height, 'subcategory', 'subcategories')}", icon=":material/account_tree:"
        ):
            for child in below.head(_MOST_CHILDREN).iter_rows(named=True):
                used = "" if child["own"] is None else f" :gray[{plural(child['own'], 'own product')}]"
                opening.link(
                    f"{plain(child['name'] or child['id'])}{used}",
                    f"entry-{child['id']}",
                    source=source,
                    table=table,
                    entry=child["id"],
                )


def _findings(place: Place, source: str, table: str, row: Mapping[str, Any]) -> None:
    found = _findings_on(place, source, table).filter(pl.col("value") == row["id"])
    if found.is_empty():
        return
    if table == "client_segments":
        st.page_link(
            CLIENTS,
            label=f":red[:material/error:] **{plural(found.height, 'client')}** of this unknown segment",
            query_params={"source": source, "check": "client-unknown-segment"},
        )
        return
    for (check, field), rows_of_check in found.group_by(["check", "field"], maintain_order=True):
        title = rows_of_check["title"][0]
        group = "~".join((str(check), source, str(field or ""), row["id"]))
        st.page_link(
            "app_pages/references.py",
            label=f":red[:material/error:] **{number(rows_of_check.height)}** {plain(title)}",
            query_params={"group": group},
        )


def _users(place: Place, source: str, table: str, row: Mapping[str, Any]) -> None:
    options = {
        counted: f"{title} ({row[counted]:,})"
        for counted, (_, _, _, title) in _USERS.items()
        if row[counted] is not None
    }
    if not options:
        st.caption("What uses it is not known: products were not collected.")
        return
    first = next((counted for counted in options if row[counted]), next(iter(options)))
    if sum(row[counted] for counted in options) == 0:
        st.markdown("**Nothing uses it.**")
        return
    st.markdown("**Used by**")
    who = address.one("Used by", "of", options, first) if len(options) > 1 else first
    one, several, frame_name, _ = _USERS[who]
    frame = loading.frame(place, source, frame_name)
    if frame is None or not row[who]:
        st.caption(f"No {one} uses it.")
        return
    count, users = users_of(table, row["id"], frame, _MOST_USERS)
    more = f"; the first {_MOST_USERS:,} are listed" if count > _MOST_USERS else ""
    st.caption(f"{plural(count, one, several)}{more}")
    shown, columns = _as_rows(source, who, users)
    st.dataframe(
        shown,
        hide_index=True,
        placeholder="",
        height=table_height(shown.height, 360),
        alt=f"{several.capitalize()} that use the entry",
        column_config=columns,
        column_order=list(columns),
    )


def _as_rows(source: str, who: str, users: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    text = st.column_config.TextColumn
    if who == "clients":
        link = check_notes.page_addresses(CLIENTS, source, "client", pl.col("client_number"))
        return users.select(link.alias("link"), "name", "municipality"), {
            "link": check_notes.link_column("Client"),
            "name": text("Name", width=170),
            "municipality": text("Place", width=110),
        }
    if who == "central":
        return users.select("name", "brand", "ean"), {
            "name": text("Name", width=190),
            "brand": text("Brand", width=100),
            "ean": text("EAN", width=112),
        }
    link = check_notes.product_addresses(source, pl.col("article_number"))
    return users.select(link.alias("link"), "name", "brand", "active"), {
        "link": check_notes.link_column("Article"),
        "name": text("Name", width=190),
        "brand": text("Brand", width=100),
        "active": st.column_config.CheckboxColumn("Active", width=60),
    }
