"""Rows of the error log: as a table of samples, one row in full, and the search across all of them with its calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from checks.triage import things
from dashboard.parts import address, error_charts, error_groups, error_shapes, opening, selecting
from dashboard.parts.error_body import fields_of
from dashboard.parts.error_words import THINGS
from dashboard.parts.place import Place
from dashboard.parts.style import table_height
from dashboard.parts.words import exact, number, plain, plural

_COLUMNS = FRAMES["error_logs"].schema

#: Rows of one problem, and of a search, that are shown.
SAMPLES, MOST_FOUND = 20, 200

FILTERS = ("text", "day", "unmapped", "source")


def samples(place: Place, group: dict[str, Any]) -> None:
    """The newest rows of one problem; one of them in full beneath."""
    rows = _identified(place.store.errors.rows(ids=[group["id"]], limit=SAMPLES))
    st.markdown("**Sample rows**")
    if rows.is_empty():
        st.caption("Its rows are older than the days they are kept; what they counted for stays.")
        return
    if group["rows"] > rows.height:
        st.caption(f"The newest {rows.height} of {number(group['rows'])}; tick one to see all of it.")
    shown, columns = _shown(rows, place.zone)
    chosen = selecting.table(
        rows,
        shown,
        columns,
        key=f"error-samples-{group['id']}",
        mode="single-row",
        height=table_height(rows.height, 260),
        alt="Sample rows, the newest first",
    )
    row = rows.filter(pl.col("id") == chosen[0]) if chosen else rows.head(1)
    in_full(place, row.row(0, named=True), titled="This row" if chosen else "The newest row")


def _identified(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(id=pl.col("row_id"))


def _shown(rows: pl.DataFrame, zone: tzinfo | None) -> tuple[pl.DataFrame, dict[str, Any]]:
    """When, message, what it is about, status."""
    named = things(rows)
    about = (
        named.group_by("row_id", maintain_order=True)
        .agg(pl.col("key").filter(pl.col("kind") == "product"), others=pl.col("key"))
        .select(
            "row_id",
            about=pl.when(pl.col("key").list.len() > 0)
            .then("key")
            .otherwise("others")
            .list.head(3)
            .list.join(", "),
        )
    )
    table = rows.join(about, on="row_id", how="left", maintain_order="left").select(
        at="at",
        about=pl.col("about").fill_null("–"),
        message=pl.coalesce(
            "message", pl.col("model_errors").list.first().struct.field("message"), "exception"
        )
        .fill_null("No field of the mapping fits it")
        .str.replace_all(r"\s+", " "),
        status=pl.coalesce(pl.col("status_code").cast(pl.String), pl.lit("–")),
        request=pl.concat_str(
            pl.col("method").fill_null(""),
            pl.lit(" "),
            pl.col("url").fill_null("").str.replace(r"^https?://[^/]+", "").str.replace(r"^/api/", ""),
        ).str.strip_chars(),
    )
    columns: dict[str, Any] = {
        "at": st.column_config.DatetimeColumn(
            "When", format="DD/MM/YYYY, HH:mm:ss", width=138, timezone=str(zone) if zone else None
        ),
        "about": st.column_config.TextColumn("About", width=110),
        "message": st.column_config.TextColumn("Message", width=330),
        "status": st.column_config.TextColumn("Status", width=56),
        "request": st.column_config.TextColumn("Request", width=200),
    }
    return table, columns


def in_full(place: Place, row: dict[str, Any], *, titled: str) -> None:
    """One row: what the log says of it, and what the request sent, as fields and values."""
    st.markdown(f"**{titled}** :gray[{exact(row['at'], place.zone)}]")
    request = " ".join(part for part in (row["method"], row["url"]) if part)
    refused = [
        f"{one['field'] or 'no field'}: {one['message'] or 'no reason'}" for one in row["model_errors"] or []
    ]
    said = [one for one in row["errors"] or [] if one != row["message"]]
    pairs = [
        ("Request", request),
        ("Status", "" if row["status_code"] is None else str(row["status_code"])),
        ("Message", row["message"] or ""),
        ("Refused", "; ".join(refused)),
        ("Errors", "; ".join(said)),
        ("Exception", (row["exception"] or "").strip().split("\n")[0]),
        ("Number in the log", row["log_id"] or ""),
        ("Named", _named(row)),
    ]
    _table([(title, text) for title, text in pairs if text], "The row of the error log")
    _sent(row["body"], "What the request sent", "It sent no body, or the log did not keep it.")
    if row["raw"]:
        st.caption(
            "The fields below are none of `sources.fields.error_log` in keurmeester.toml: where one of them is a message, a status "
            "or the like, name it there."
        )
        _sent(row["raw"], "Fields that the settings do not name", "")


def _named(row: dict[str, Any]) -> str:
    found = things(pl.DataFrame({name: [row[name]] for name in _COLUMNS}, schema=_COLUMNS))
    parts = []
    for kind, (one, many, _) in THINGS.items():
        keys = found.filter(pl.col("kind") == kind)["key"].to_list()
        if keys:
            parts.append(f"{one if len(keys) == 1 else many} {', '.join(keys[:5])}")
    return "; ".join(parts)


def _sent(body: str | None, title: str, nothing: str) -> None:
    pairs, left = fields_of(body)
    if not pairs:
        if nothing:
            st.caption(nothing)
        return
    st.markdown(f"**{title}**")
    _table(pairs, title)
    if left:
        st.caption(f"and {plural(left, 'more field')}.")


def _table(pairs: list[tuple[str, str]], alt: str) -> None:
    seen: dict[str, str] = {}
    for title, text in pairs:  # a name may come twice: the table's rows are told apart by it
        name = f":gray[{plain(title)}]"
        while name in seen:
            name += " "
        seen[name] = plain(text)
    st.table(seen, border="horizontal", alt=alt)


def search(place: Place, groups: pl.DataFrame) -> None:
    """Every row that is kept: by text, by day, or those that no field of the mapping fits; with the calendar beside it."""
    sources = {source.name: source.name for source in place.settings.shops}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="row-filters"):
        text = address.text("Search", "text", placeholder="Message, article, address", width=240)
        day = address.day("Day", "day", width=150)
        unmapped = bool(address.chips("Which", "unmapped", {"yes": ":material/help: Has unknown fields"}))
        source = (
            address.picked("Source", "source", sources, width=180)
            if len(sources) > 1
            else next(iter(sources), "")
        )
    left, right = st.columns([13, 7], gap="medium")
    with right:
        _calendar(place, source, groups)
    with left:
        _found(place, source, text, day, unmapped)


def _found(place: Place, source: str, text: str, day: date | None, unmapped: bool) -> None:
    since, until = _ends(day, place.zone)
    asked: dict[str, Any] = {
        "source": source,
        "text": text or None,
        "since": since,
        "until": until,
        "unmapped": unmapped,
    }
    total = place.store.errors.rows_total(**asked)
    rows = _identified(place.store.errors.rows(**asked, limit=MOST_FOUND))
    if rows.is_empty():
        _none(text, day, unmapped)
        return
    more = f"; the newest {MOST_FOUND} are shown" if total > rows.height else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="row-tools"):
        st.caption(f"{plural(total, 'row')}{more}", width="content")
        if any(address.given(name) for name in FILTERS):
            address.clear_button(*FILTERS, "row", key="rows-clear")
    if unmapped:
        _unmapped_words()
    shown, columns = _shown(rows, place.zone)
    chosen = opening.table(
        rows,
        shown,
        columns,
        key="error-rows",
        name="row",
        alt="Rows of the error log, the newest first",
        most=420,
    )
    one = rows.filter(pl.col("id") == chosen)
    if one.is_empty():
        st.caption("Tick a row to see all of it.")
        return
    row = one.row(0, named=True)
    with st.container(border=True, key="row-panel"):
        if group := place.store.errors.group(row["group_id"]):
            st.page_link(
                "app_pages/error_logs.py",
                label=f":material/bug_report: {plain(group['title'])}",
                query_params={"group": group["id"]},
            )
        in_full(place, row, titled="This row")


def _unmapped_words() -> None:
    st.info(
        "The shop sends fields in these rows that the settings do not name, or calls known ones otherwise. Tick a row to see "
        "them, and tell their names in `sources.fields.error_log` of keurmeester.toml. Nothing is lost meanwhile: they are "
        "kept as they came, with passwords and personal fields masked.",
        icon=":material/help:",
    )


def _none(text: str, day: date | None, unmapped: bool) -> None:
    if unmapped and not text and day is None:
        st.markdown(":material/check_circle: Every row fits the fields of `sources.fields.error_log`.")
    elif text or day or unmapped:
        address.no_match("row", *FILTERS, rest="Rows older than the days they are kept are gone.")
    else:
        st.caption("No row is kept.")


def _ends(day: date | None, zone: tzinfo | None) -> tuple[datetime | None, datetime | None]:
    """From when to when a day is, aware."""
    if day is None:
        return None, None
    start = datetime.combine(day, time())
    begin = start.replace(tzinfo=zone) if zone else start.astimezone()
    return begin, begin + timedelta(days=1)


def _calendar(place: Place, source: str, groups: pl.DataFrame) -> None:
    last = error_groups.today(place, groups)
    days = error_groups.days(place, source, error_shapes.first_monday(last), last)
    st.markdown("**Rows a day, the last five weeks**")
    error_charts.calendar(error_shapes.calendar(days))
    gaps = days.filter(pl.col("state") != "collected")
    if gaps.is_empty():
        st.caption("Every day was read in full.")
        return
    missing, partly = (gaps.filter(pl.col("state") == state).height for state in ("missing", "partly"))
    said = [
        f"{plural(missing, 'day was', 'days were')} not read: what failed then, nobody knows"
        if missing
        else "",
        f"{plural(partly, 'day was', 'days were')} read in part" if partly else "",
    ]
    st.caption(f"{'; '.join(one for one in said if one)}.")
