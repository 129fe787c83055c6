"""What the page ERP debtors shows: the answer, the findings by check, the list of debtors."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, as_of, check_notes, check_rows, opening
from dashboard.parts.debtors_known import CHECKS_HERE, WITHOUT_CLIENT, WORDS, Known, asked, found_of
from dashboard.parts.debtors_rows import SHOW, active_and_blocked, cannot_buy, chosen, debtors_and_clients
from dashboard.parts.place import Place
from dashboard.parts.words import number, plain, plural

#: Rows that are sent to the browser at once; a search finds the others.
MOST = 2000
_MOST_CATEGORIES = 12

_FILTERS = ("text", "show", "check", "category")

_TOML = """[[sources]]
name = "easyflor"
system = "easyflor"
base_url = "https://erp.example.be/api"
login = "your login"
password_env = "EASYFLOR_PASSWORD"
database = "your database\""""


def no_erp() -> None:
    """What stands here where the settings have no ERP."""
    check_rows.adding(
        "ERP",
        "With the ERP (EasyFlor) beside the shop, this page tells which clients are blocked in the books and still order, which "
        "have no debtor, and what is wrong in the debtors themselves: parents, codes, currencies, order days.",
        _TOML,
    )


def pick(place: Place) -> str:
    """The ERP that the page is about; asked where there are several."""
    words = {one.name: one.name for one in place.settings.erps}
    return next(iter(words)) if len(words) < 2 else address.picked("ERP", "source", words, width=260)


def answer(place: Place, about: Known) -> bool:
    """How many debtors, and what of them matters to the shop; False where none was ever collected."""
    source = about.source
    if about.rows is None:
        _never(place, source)
        return False
    as_of.note(place, source, "debtors")
    if not as_of.is_deferred(place, source, "debtors"):  # which is told already
        check_notes.could_not_run(place, CHECKS_HERE, source)
        for shop in place.settings.shops:
            check_notes.could_not_run(place, [WITHOUT_CLIENT], shop.name)
    found = found_of(place, source)
    if found.is_empty():
        if check_notes.judged(place, asked(place, source), source):
            st.success(
                f"All is well: {plural(about.rows.height, 'debtor')} checked{check_notes.checked_at(place)} with "
                f"{plural(len(asked(place, source)), 'check')}, nothing found.",
                icon=":material/check_circle:",
            )
        else:
            st.caption("Nothing is open, but not every check could be judged.")
    st.markdown(_sentence(about))
    return True


def _never(place: Place, source: str) -> None:
    """Debtors were never collected: left for later, or not to be had."""
    why = check_notes.not_collected(place, source, "debtors")
    if as_of.is_deferred(place, source, "debtors"):
        st.info(
            f"{plain(why[0])} None were collected before, so there is nothing to show yet.",
            title="Debtors were left for later",
            icon=":material/schedule:",
        )
        return
    check_notes.could_not_run(place, CHECKS_HERE, source)
    check_notes.missing(place, source, f"What the debtors of {plain(source)} are is", "debtors")


def _sentence(about: Known) -> str:
    """How many debtors, and how many clients of the shop they are: several debtors may be one client."""
    rows = about.rows
    assert rows is not None
    blocked = rows.filter(pl.col("blocked").fill_null(False)).height
    parts = [f"**{plural(rows.height, 'debtor')}**"]
    if about.has_clients:
        debtors, clients = debtors_and_clients(rows)
        parts.append(
            f"**{number(debtors)}** of them {'is a client' if debtors == 1 else 'are clients'} of the shop"
            if debtors == clients
            else f"**{number(debtors)}** of them belong to **{plural(clients, 'client')}** of the shop, for some have several"
        )
        parts.append(f"**{number(blocked)}** blocked{_still_active(rows)}")
    else:
        parts.append("which of them are clients of the shop is not known: clients were not collected")
        parts.append(f"**{number(blocked)}** blocked")
    wrong = rows.filter(pl.col("rank") < 9).height
    parts.append(f"something is wrong with **{number(wrong)}**" if wrong else "")
    return "; ".join(part for part in parts if part) + "."


def _still_active(rows: pl.DataFrame) -> str:
    """Of the blocked debtors, those of active clients; and of these clients, those who cannot buy by another debtor."""
    still = active_and_blocked(rows)
    debtors, clients = debtors_and_clients(still)
    if not clients:
        return ""
    shut = cannot_buy(rows, still)
    if debtors == clients == shut:
        return f", of which **{number(debtors)}** {'is an active client' if debtors == 1 else 'are active clients'}"
    belong = "belongs" if debtors == 1 else "belong"
    whole = f"; **{number(debtors)}** of these {belong} to **{plural(clients, 'active client')}**"
    if not shut:
        return f"{whole}, who can buy by another debtor"
    have = "has" if shut == 1 else "have"
    return f"{whole}, of whom **{number(shut)}** {have} no other debtor and cannot buy"


def pick_view(about: Known) -> str:
    """Health, or the debtors."""
    assert about.rows is not None
    views = {"health": "Health", "debtors": f"Debtors ({about.rows.height:,})"}
    return address.one("View", "view", views, "debtors" if address.given("debtor") else "health")


def health(place: Place, about: Known) -> None:
    """Findings by check, beside them how they went over the last runs."""
    source = about.source
    left, right = st.columns([8, 5], gap="medium")
    with left:
        st.subheader("Findings by check", anchor="by-check")
        own = check_notes.open_of(place, source, CHECKS_HERE)
        check_rows.by_check(place, source, asked(place, source), own)
        strangers = found_of(place, source).filter(pl.col("check") == WITHOUT_CLIENT)
        others = 0 if about.rows is None else _count(about.rows, "unknown") - strangers["key"].n_unique()
        for (shop,), rows in strangers.group_by(["source"], maintain_order=True):
            with st.container(key=f"strangers-{shop}"):
                st.page_link(
                    "app_pages/findings.py",
                    label=f":blue[:material/info:] **{plural(rows.height, 'debtor')}** that {plain(str(shop))} has no client for",
                    query_params={"check": WITHOUT_CLIENT, "source": str(shop)},
                )
        if about.has_clients and others > 0:
            st.caption(
                f"{plural(others, 'more debtor is', 'more debtors are')} no client: blocked, without a number, or set aside."
            )
    with right:
        _numbers(about)
        check_rows.over_runs(place, source, [one for one in CHECKS_HERE if one != WITHOUT_CLIENT])


def _numbers(about: Known) -> None:
    """How the debtors divide, each number a link to them."""
    rows = about.rows
    assert rows is not None
    st.subheader("Debtors", anchor="numbers")
    with st.container(border=True, gap=None, key="debtor-numbers"):
        for show, word in _shown(about).items():
            opening.link(
                f"**{number(_count(rows, show))}** {word.lower()}", f"show-{show}", view="debtors", show=show
            )
    by_category = rows["category"].drop_nulls().value_counts(sort=True)
    if by_category.height < 2:
        return
    st.caption("By category")
    with st.container(horizontal=True, gap="small", key="debtor-categories"):
        for category, count in by_category.head(_MOST_CATEGORIES).iter_rows():
            opening.link(
                f"**{number(count)}** {plain(category)}",
                f"category-{category}",
                view="debtors",
                category=category,
            )


def _shown(about: Known) -> dict[str, str]:
    """What can be shown; not by client where clients are not known."""
    return {name: word for name, word in SHOW.items() if name != "unknown" or about.has_clients}


def _count(rows: pl.DataFrame, show: str) -> int:
    return chosen(rows, show=show).height


def filters(place: Place, about: Known) -> pl.DataFrame:
    """The row of filters; gives the debtors that they leave."""
    rows = about.rows
    assert rows is not None
    counts = dict(rows["checks"].explode(empty_as_null=False).drop_nulls().value_counts().iter_rows())
    checks = {
        check: f"{word} ({counts.get(check, 0):,})" for check, word in WORDS.items() if check in CHECKS_HERE
    }
    by_category = dict(rows["category"].drop_nulls().value_counts(sort=True).iter_rows())
    categories = {one: f"{one} ({count:,})" for one, count in by_category.items()}
    show = {name: f"{word} ({_count(rows, name):,})" for name, word in _shown(about).items()}
    # On a line of its own: among the others it cannot wrap on a narrow screen.
    shown = address.one("Show", "show", show, "all")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Code, name, place, VAT", width=200)
        wanted = address.several("What is wrong", "check", checks, placeholder="Anything wrong", width=180)
        of = (
            address.several("Category", "category", categories, placeholder="All categories", width=180)
            if len(categories) > 1
            else []
        )
    return chosen(rows, show=shown, checks=wanted, categories=of, text=text)


def list_of(about: Known, left: pl.DataFrame) -> str:
    """The list; gives the id of the debtor that is open."""
    if left.is_empty():
        address.no_match("debtor", *_FILTERS)
        return address.given("debtor")
    if left.height > MOST:
        st.caption(
            f"The first {number(MOST)} of {plural(left.height, 'debtor')}, those with findings first. Search to see others."
        )
    page = left.head(MOST)
    text = st.column_config.TextColumn
    columns: dict[str, Any] = {
        "code": text("Code", width=54),
        "name": text("Name", width=136),
        "wrong": check_notes.chip_column(dict.fromkeys(WORDS.values()), width=112),
        "blocked": text("Blocked", width=54),
        "client": text("Client", width=136),
        "category": text("Category", width=78),
        "parent": text("Parent", width=156),
        "administration": text("Administration", width=100),
        "place": text("Place", width=80),
        "days": text("Order days", width=84),
    }
    if not about.has_clients:
        del columns["client"]
    assert about.rows is not None
    if about.rows["administration"].n_unique() < 2:
        del columns["administration"]
    shown = page.with_columns(
        blocked=pl.when(pl.col("blocked").fill_null(False)).then(pl.lit("✕ yes")),
        client=pl.when(pl.col("shop").is_null())
        .then(pl.lit("–"))
        .otherwise(pl.coalesce("client", "client_number")),
    )
    return opening.table(
        page,
        shown.select(*columns),
        columns,
        key="debtors-grid",
        name="debtor",
        alt="Debtors, those with findings first",
    )
