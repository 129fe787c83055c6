"""What the page Became central shows: the answer, the filters, the list with its button, the two products side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import address, check_notes, fix_flow, loading, selecting
from dashboard.parts.comparison import CHECK, MATCHED, MEANING, VERDICTS, compared, side_by_side
from dashboard.parts.place import Place
from dashboard.parts.style import table_height
from dashboard.parts.words import ago, clock, exact, number, plain, plural

_GRID = "grid"
_SIGNS = {"safe": "✓ Safe to link", "look": "▲ Look first", "hand": "✕ By hand"}

#: What a link leaves as it is and what it takes away, as the guide describes it (Products and LinkProducts).
KEPT = (
    "your article number, list price and promotion",
    "active, only on order, order step and price unit",
    "your information and promotion texts",
    "client prices, made again on the linked product",
)
GOES = (
    "your own photos: the central photo takes their place",
    "your own name and description: the central texts take their place",
    "your own brand, category, storage and content",
)


def pick_source(place: Place) -> str:
    """The shop this page is about; asked only where there are several."""
    names = [source.name for source in place.settings.shops]
    if len(names) > 1:
        return address.picked("Shop", "source", {name: name for name in names}, width=220)
    return names[0] if names else ""


def rows(place: Place, source: str) -> pl.DataFrame:
    """Every open finding of the check beside its central product."""
    findings = loading.open_findings(place).filter((pl.col("check") == CHECK) & (pl.col("source") == source))
    return loading.kept(
        "compared", place, source, lambda: compared(findings, loading.assortment(place, source))
    )


def has_rows(place: Place, source: str) -> bool:
    return rows(place, source).height > 0


def answer(place: Place, source: str) -> None:
    """How many, and how many of them are safe; or that all is well; or that nobody could look."""
    found = rows(place, source)
    result = loading.results(place).filter((pl.col("check") == CHECK) & (pl.col("source") == source))
    if result.height and result["status"][0] == "could_not_run":
        st.warning(
            f"{plain(result['message'][0])} {check_notes.from_before(place, [CHECK], source)}",
            title="This check could not run in the last health check",
            icon=":material/block:",
        )
    if found.is_empty():
        if result.height and result["status"][0] != "could_not_run":
            at = place.run["finished_at"] if place.run else None
            when = f" at {clock(at, place.now, place.zone)}" if at else ""
            judged = plural(int(result["entities"][0] or 0), "own product")
            st.success(
                f"All is well: {judged} compared with the central database{when}, none of them is central now.",
                icon=":material/check_circle:",
            )
        return
    counts = dict(found.group_by("verdict").agg(pl.len()).iter_rows())
    st.markdown(
        f"**{plural(found.height, 'own product')}** {'is' if found.height == 1 else 'are'} now in the central database: "
        f"**{number(counts.get('safe', 0))}** safe to link, **{number(counts.get('look', 0))}** to look at first, "
        f"**{number(counts.get('hand', 0))}** by hand.",
        help=plain(CHECKS[CHECK].why),
    )


def filters(place: Place, source: str) -> tuple[str, pl.DataFrame]:
    """Which verdict, and a search; gives the rows that they leave."""
    found = rows(place, source)
    counts = dict(found.group_by("verdict").agg(pl.len()).iter_rows())
    options = {name: f"{words} ({counts.get(name, 0):,})" for name, words in VERDICTS.items()}
    options["all"] = f"All ({found.height:,})"
    default = "safe" if counts.get("safe") else "all"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        verdict = address.one("Show", "show", options, default)
        text = address.text("Search", "text", placeholder="Article, name, brand", width=230)
    st.caption(MEANING.get(verdict, "Tick products to link; the comparison opens below the list."))
    left = found if verdict == "all" else found.filter(pl.col("verdict") == verdict)
    for word in text.lower().split():
        left = left.filter(
            pl.any_horizontal(
                pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
                for column in ("key", "code", "own_name", "own_brand", "central_name", "central_brand")
            )
        )
    return verdict, left


def list_of(place: Place, source: str, verdict: str, left: pl.DataFrame) -> list[str]:
    """The list and its buttons; gives the ids of the selected rows."""
    if left.is_empty():
        with st.container(border=True, key="none-here"):
            st.markdown("**None here.** Choose another group, or clear the search.")
        return []
    bar = st.container(horizontal=True, vertical_alignment="top", gap="small", key="link-bar")
    selected = _table(place, left, verdict)
    with bar:
        _buttons(place, source, verdict, left, selected)
    return selected


def _table(place: Place, left: pl.DataFrame, verdict: str) -> list[str]:
    shown = left.select(
        verdict=pl.concat_list(pl.col("verdict").replace_strict(_SIGNS, return_dtype=pl.String)),
        key="key",
        own="own_name",
        central="central_name",
        content="own_content",
        central_content="central_content",
        differs=pl.col("differs"),
        matched=pl.col("matched").replace_strict(MATCHED, default="code", return_dtype=pl.String),
        photos="photos",
        since="first_seen",
    )
    text = st.column_config.TextColumn
    columns: dict[str, Any] = {
        "key": text("Article", width=88),
        "own": text("Own name", width=195),
        "central": text("Central name", width=195),
        "content": text("Content", width=70, alignment="right"),
        "central_content": text(
            "Central", width=70, alignment="right", help="Content of the central product"
        ),
        "differs": st.column_config.ListColumn("Differs in", width=176),
        "matched": text("Matched by", width=128),
        "photos": st.column_config.NumberColumn(
            "Photos", width=58, help="Own photos, which go", format="%,d"
        ),
        "since": st.column_config.DatetimeColumn("Since", format="distance", width=96),
    }
    if verdict == "all":
        signs = list(_SIGNS.values())
        kind = st.column_config.MultiselectColumn(
            "Verdict", options=signs, color=["green", "orange", "gray"], width=120
        )
        columns = {"verdict": kind, **columns}
    return selecting.table(
        left,
        shown,
        columns,
        key=_GRID,
        height=table_height(left.height, 345),
        alt="Own products beside the central products they became",
    )


def _buttons(place: Place, source: str, verdict: str, left: pl.DataFrame, selected: list[str]) -> None:
    if verdict == "hand":
        st.caption("No button links these: each says below why it is left to you.")
        return
    keys = left.filter(pl.col("id").is_in(selected))["key"].to_list()
    fix_flow.action(place, CHECK, source, keys, key="link-selected", primary=True)
    if verdict == "safe" and left.height > 1 and not fix_flow.why_not(place, CHECK, source, left.height):
        fix_flow.action(
            place,
            CHECK,
            source,
            left["key"].to_list(),
            key="link-all-safe",
            label=f"Link all {number(left.height)} safe",
            all=True,
        )
    if keys:
        st.button(
            "Clear selection",
            key="clear-selection",
            type="tertiary",
            on_click=selecting.select,
            args=(_GRID, []),
        )


def compare(place: Place, left: pl.DataFrame, selected: list[str]) -> None:
    """The ticked product beside its central one: the first of the list while none is, one to choose of several."""
    if left.is_empty():
        return
    chosen = left.filter(pl.col("id").is_in(selected))
    row = (left if chosen.is_empty() else chosen).row(0, named=True)
    with st.container(border=True, key="comparison"):
        if chosen.height > 1:
            options = {
                one["key"]: f"{one['key']} {one['own_name'] or ''}"
                for one in chosen.head(200).iter_rows(named=True)
            }
            key = address.picked("Compare", "compare", options, width=420)
            row = chosen.filter(pl.col("key") == key).row(0, named=True)
        else:
            st.markdown(f"#### {plain(row['own_name'] or row['key'])}")
        st.caption(
            f"{plain(row['key'])} · {plain(row['reason'])} Matched by its {MATCHED.get(row['matched'], 'code')} "
            f"{plain(row['code'])}, found {ago(row['first_seen'], place.now)}.",
            help=exact(row["first_seen"], place.zone),
        )
        table, effects = st.columns([8, 5], gap="medium")
        with table:
            _side_by_side(row)
        with effects:
            st.markdown("**What is kept**\n\n" + "  \n".join(f":material/check: {words}" for words in KEPT))
            st.markdown("**What goes**\n\n" + "  \n".join(f":material/remove: {words}" for words in GOES))
            st.page_link(
                "app_pages/findings.py",
                label="All about this finding",
                icon=":material/flag:",
                query_params={"finding": row["id"], "text": row["key"]},
            )


def _side_by_side(row: dict[str, Any]) -> None:
    lines = []
    for line in side_by_side(row):
        marked = line.differs is True
        own, central = plain(line.own), plain(line.central)
        sign = ":orange[**≠**]" if marked else ":gray[=]" if line.differs is False else ""
        lines.append(
            {
                "": f":gray[{line.title}]",
                "Your own": f":orange-background[{own}]" if marked else own,
                " ": sign,
                "Central": f":orange-background[{central}]" if marked else central,
            }
        )
    st.table(lines, border="horizontal", hide_index=True, alt="Own product beside the central product")
