"""The articles of a supplier: filters, the list, and which one is open."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, opening
from dashboard.parts.check_rows import checks_of
from dashboard.parts.place import Place
from dashboard.parts.suppliers_known import CHECKS_HERE, WORDS, Known
from dashboard.parts.suppliers_rows import SHOW, by_standing, chosen, is_gone
from dashboard.parts.words import STANDINGS, number, plural

#: Rows that are sent to the browser at once; a search finds the others.
MOST = 2000

_FILTERS = ("text", "show", "standing", "check", "company")


def filters(place: Place, about: Known, company: str) -> pl.DataFrame:
    """The row of filters; gives the articles that they leave."""
    assert about.rows is not None
    rows = chosen(about.rows, company=company)
    counts = dict(rows["checks"].explode(empty_as_null=False).drop_nulls().value_counts().iter_rows())
    asked = checks_of(place, about.source, CHECKS_HERE)
    checks = {check: f"{WORDS.get(check, check)} ({counts.get(check, 0):,})" for check in asked}
    standings = {
        row["standing"]: f"{row['word']} ({row['articles']:,})"
        for row in by_standing(rows).iter_rows(named=True)
        if row["standing"] in STANDINGS
    }
    # On a line of its own: among the others it cannot wrap on a narrow screen.
    show = address.one("Show", "show", _show(about, rows), "all")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Code, EAN, name, your number", width=230)
        wanted = address.several("What is wrong", "check", checks, placeholder="Anything wrong", width=180)
        standing = address.several("Standing", "standing", standings, placeholder="Any standing", width=180)
    return chosen(rows, show=show, standings=standing, checks=wanted, text=text)


def _show(about: Known, rows: pl.DataFrame) -> dict[str, str]:
    """What can be shown, with how many; not by what is the shop's where that is not known."""
    counts = {"all": rows.height, "wrong": rows.filter(pl.col("rank") < 9).height}
    if about.matches is not None:
        counts["ours"] = rows.filter(pl.col("ours").list.len() > 0).height
        counts["gone"] = rows.filter(is_gone() & pl.col("sold")).height
    return {name: f"{word} ({number(counts[name])})" for name, word in SHOW.items() if name in counts}


def list_of(about: Known, left: pl.DataFrame) -> str:
    """The list; gives the key of the article that is open."""
    if left.is_empty():
        address.no_match("article", *_FILTERS)
        return address.given("article")
    if left.height > MOST:
        st.caption(
            f"The first {number(MOST)} of {plural(left.height, 'article')}: those with findings first, then those you sell. "
            "Search or filter to see others."
        )
    page = left.head(MOST)
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    shown = page.select(
        "article_code",
        "name",
        "wrong",
        "gross_price",
        "company",
        "ean",
        standing="standing_word",
        ours=pl.col("ours").list.join(", "),
    )
    columns: dict[str, Any] = {
        "article_code": text("Article", width=72),
        "name": text("Name", width=214),
        "wrong": check_notes.chip_column(dict.fromkeys(WORDS.values()), width=112),
        "standing": text("Standing", width=82),
        "ours": text("Yours", width=62, help="Your article numbers that it is known to be"),
        "gross_price": count("Gross", format="€ %,.2f", width=66, help="Gross price of one piece today"),
        "company": text("Company", width=118),
        "ean": text("EAN", width=102),
    }
    if about.matches is None:
        del columns["ours"]
    if len(about.companies) < 2:
        del columns["company"]
    return opening.table(
        page,
        shown.select(*columns),
        columns,
        key="articles-grid",
        name="article",
        alt="Articles of the supplier, those with findings first",
    )
