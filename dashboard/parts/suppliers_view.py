"""What the page Suppliers shows first: which supplier, the answer, the health of its catalogue by company and by check."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, as_of, check_notes, check_rows, loading, opening, suppliers_charts
from dashboard.parts.check_rows import adding, by_check, checks_of
from dashboard.parts.place import Place
from dashboard.parts.suppliers_known import CHECKS_HERE, Known
from dashboard.parts.suppliers_rows import by_company, by_standing, chosen, is_gone
from dashboard.parts.words import STANDINGS, number, plain, plural

_TOML = """[[sources]]
name = "kruitbosch"
system = "kruitbosch"
base_url = "https://api.example.be"
login = "your login"
password_env = "KRUITBOSCH_PASSWORD"

[[sources]]
name = "ib"
system = "ib"
base_url = "https://api.example.be/api/bulk/v1"
login = "your login"
password_env = "IB_PASSWORD"
companies = ["machine_name"]"""


def no_supplier() -> None:
    """What stands here where the settings have no supplier."""
    adding(
        "supplier",
        "With a supplier's catalogue (Kruitbosch or IB) beside the shop, this page tells what you sell that can no longer be "
        "bought, which photos the supplier has for you, where prices and codes are wrong, and what waits for approval.",
        _TOML,
    )


def pick(place: Place) -> str:
    """The supplier that the page is about; asked where there are several, with how much is open at each."""
    suppliers = place.settings.suppliers
    found = loading.open_findings(place).filter(pl.col("check").is_in(list(CHECKS_HERE)))
    counts = dict(found.group_by("source").agg(pl.len()).iter_rows())
    words = {one.name: f"{one.name} ({plural(counts.get(one.name, 0), 'finding')})" for one in suppliers}
    if len(words) < 2:
        return next(iter(words))
    return address.picked("Supplier", "source", words, width=260)


def pick_company(about: Known) -> str:
    """One company of the supplier, or all (empty); asked where there are several."""
    companies = about.companies
    if len(companies) < 2:
        return ""
    counts: dict[str, int] = {}
    if about.rows is not None:
        counts = dict(about.rows.group_by("company").agg(pl.len()).drop_nulls().iter_rows())
    words = {"": f"All {number(len(companies))} companies"}
    words |= {one: f"{one} ({plural(counts.get(one, 0), 'article')})" for one in companies}
    return address.picked("Company", "company", words, width=260)


def found_of(place: Place, about: Known, company: str) -> pl.DataFrame:
    """The open findings about this supplier's articles, or those of one company."""
    found = check_notes.open_of(place, about.source, CHECKS_HERE)
    return found.filter(pl.col("key").str.starts_with(f"{company}|")) if company else found


def answer(place: Place, about: Known, company: str) -> bool:
    """What the supplier's catalogue means for the shop, in a sentence; False where nothing is known of it."""
    source = about.source
    if about.rows is None:
        check_notes.could_not_run(place, CHECKS_HERE, source)
        check_notes.missing(place, source, f"What {plain(source)} delivers is", "catalogue")
        return False
    as_of.note(place, source, "catalogue", "catalogue_waiting", "catalogue_groups")
    check_notes.could_not_run(place, CHECKS_HERE, source)
    rows = chosen(about.rows, company=company)
    checks = checks_of(place, source, CHECKS_HERE)
    if found_of(place, about, company).is_empty():
        if check_notes.judged(place, checks, source):
            st.success(
                f"All is well: {plural(rows.height, 'article')} checked{check_notes.checked_at(place)} with "
                f"{plural(len(checks), 'check')}, nothing found.",
                icon=":material/check_circle:",
            )
        else:
            st.caption("Nothing is open, but not every check could be judged.")
    st.markdown(_sentence(about, rows, company))
    return True


def _sentence(about: Known, rows: pl.DataFrame, company: str) -> str:
    companies = len(about.companies)
    where = (
        f" of {plain(company)}"
        if company
        else f" in {plural(companies, 'company', 'companies')}"
        if companies > 1
        else ""
    )
    head = f"**{plural(rows.height, 'article')}**{where}"
    if about.matches is None:
        head += f"; which of them are yours is not known: {plain((about.why_not or '').rstrip('.'))}"
    else:
        ours = rows.filter(pl.col("ours").list.len() > 0)
        gone = ours.filter(is_gone() & pl.col("sold")).height
        ends = ours.filter((pl.col("standing") == "phasing_out") & pl.col("sold")).height
        head += f", **{number(ours.height)}** of them yours too"
        parts = [
            f"**{number(gone)}** that you sell can no longer be bought" if gone else "",
            f"**{number(ends)}** that you sell {'runs' if ends == 1 else 'run'} out" if ends else "",
        ]
        head += "".join(f"; {part}" for part in parts if part)
    waiting = None if about.waiting is None else chosen(about.waiting, company=company).height
    if waiting:
        head += f"; **{plural(waiting, 'change')}** {'waits' if waiting == 1 else 'wait'} for approval"
    return f"{head}."


def pick_view(about: Known, company: str) -> str:
    """Health, what waits for approval (where the supplier knows that), or the articles."""
    rows = 0 if about.rows is None else chosen(about.rows, company=company).height
    views = {"health": "Health", "articles": f"Articles ({rows:,})"}
    if about.waiting is not None:
        views["waiting"] = f"Waiting for approval ({chosen(about.waiting, company=company).height:,})"
    return address.one("View", "view", views, "articles" if address.given("article") else "health")


def health(place: Place, about: Known, company: str) -> None:
    """Findings by check, beside them how the articles stand; below, company by company."""
    assert about.rows is not None
    rows = chosen(about.rows, company=company)
    left, right = st.columns([8, 5], gap="medium")
    with left:
        st.subheader("Findings by check", anchor="by-check")
        found = found_of(place, about, company)
        by_check(place, about.source, checks_of(place, about.source, CHECKS_HERE), found)
    with right:
        st.subheader("What the supplier says of its articles", anchor="standings")
        with st.container(border=True, key="standings"):
            suppliers_charts.standings(by_standing(rows))
            st.caption(_meaning(rows, about))
        check_rows.over_runs(place, about.source, CHECKS_HERE)
    if len(about.companies) > 1:
        st.subheader("By company", anchor="by-company")
        _companies(about.rows)


def _meaning(rows: pl.DataFrame, about: Known) -> str:
    ours = "" if about.matches is None else " The strong bar is what your shop has as well, sold or not."
    return (
        f"{plural(rows.height, 'article')}. Discontinued, blocked and inactive ones can no longer be bought; what runs out is "
        f"sold as long as there is stock.{ours}"
    )


def _companies(rows: pl.DataFrame) -> None:
    """One row a company; ticking one shows only that one."""
    table = by_company(rows)
    standing = [name for name in STANDINGS if table[name].sum()]
    count = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "company": st.column_config.TextColumn("Company", width=160),
        "articles": count("Articles", format="%,d", width=78),
        "ours": count("Yours too", format="%,d", width=78),
        "sold_gone": count(
            "Sold, gone", format="%,d", width=84, help="You sell them, and they can no longer be bought"
        ),
        **{name: count(STANDINGS[name], format="%,d", width=92) for name in standing},
        "wrong": count("Wrong", format="%,d", width=64, help="Articles with a finding"),
    }
    opening.table(
        table,
        table.rename({"id": "company"}).select(*columns),
        columns,
        key="companies-grid",
        name="company",
        alt="Companies of the supplier",
        most=360,
    )
