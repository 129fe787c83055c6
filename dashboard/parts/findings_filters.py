"""The filters of the Findings page: the URL read, drawn and put to the findings; what a stale link asks is told."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import streamlit as st

from checks.findings import SET_ASIDE
from checks.rules import CHECKS
from dashboard.parts import address, loading, shaping
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, STATUSES, number, plain

#: The parameters of the URL that leave findings out; `sort` and `finding` do not.
FILTERS = ("text", "check", "severity", "status", "source", "brand", "category", "age", "key")

#: Those behind *More filters*.
_MORE = ("brand", "category", "age", "source")

_STATES = "Open ones"


def filters(place: Place) -> pl.DataFrame:
    """The row of filters; gives the findings that they leave, sorted as the URL says."""
    statuses = address.given_all("status", list(STATUSES))
    base = _base(place, statuses)
    known = loading.open_findings(place) if not statuses else base
    counts = dict(known.group_by("check").agg(pl.len()).iter_rows())
    checks = {check.id: f"{check.title} ({counts.get(check.id, 0):,})" for check in CHECKS.values()}
    if of := address.given_all("check", list(checks)):
        known = known.filter(pl.col("check").is_in(of))
    by_severity = dict(known.group_by("severity").agg(pl.len()).iter_rows())
    severities = {
        name: f"{look.icon} {look.word} {number(by_severity.get(name, 0))}"
        for name, look in SEVERITIES.items()
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Article, name, value, words", width=200)
        wanted = address.several("Check", "check", checks, placeholder="All checks", width=230)
        grave = address.chips("Severity", "severity", severities)
        address.several(
            "State",
            "status",
            {name: look.word for name, look in STATUSES.items()},
            placeholder=_STATES,
            width=210,
        )
        brands, categories, age, sources = _more(place, base)
        keys = _keys()
    strays(place)
    left = shaping.chosen(
        base,
        checks=wanted,
        severities=grave,
        statuses=statuses,
        sources=sources,
        brands=brands,
        categories=categories,
        age=age,
        now=place.now,
        text=text,
        keys=keys,
    )
    by = address.given("sort")
    return shaping.ordered(left, by) if by in shaping.SORTINGS and by != "impact" else left


def _keys() -> list[str]:
    """The things that a link names one by one; the button that says so takes them away."""
    keys = [key for key in st.query_params.get_all("key") if key]
    if keys:
        words = f"Only {plain(keys[0])}" if len(keys) == 1 else f"Only {number(len(keys))} of a link"
        st.button(
            words,
            icon=":material/close:",
            key="filter-key",
            on_click=address.clear,
            args=("key",),
            help="The link that led here named these things; this shows all again.",
        )
    return keys


def active() -> list[str]:
    """The filters that the URL sets."""
    return [name for name in FILTERS if address.given(name)]


def strays(place: Place) -> None:
    """Says what the URL asks for and this shop does not have, with the way to be rid of it."""
    known: dict[str, tuple[str, Collection[str]]] = {
        "check": ("check", CHECKS),
        "severity": ("severity", SEVERITIES),
        "status": ("state", STATUSES),
        "source": ("source", [source.name for source in place.settings.sources]),
        "age": ("age", shaping.AGES),
        "sort": ("order of sorting", shaping.SORTINGS),
        "brand": ("brand", _brands(place)),
        "category": ("category", _categories(place)),
    }
    lost = {
        name: values
        for name, (_, there) in known.items()
        if address.given(name) and (values := address.unknown(name, there))
    }
    if not lost:
        return
    words = "; ".join(f"{known[name][0]} {', '.join(map(plain, values))}" for name, values in lost.items())
    with st.container(key="strays"):
        st.warning(
            f"Here is no {words}. What you see is without that filter.",
            title="The link asks for something that is not there",
            icon=":material/link_off:",
        )
        st.button(
            "Take it out of the link",
            key="strays-out",
            icon=":material/close:",
            type="tertiary",
            on_click=_leave_out,
            args=(lost,),
        )


def _leave_out(lost: dict[str, list[str]]) -> None:
    for name, values in lost.items():
        address.leave_out(name, values)


def _base(place: Place, statuses: Collection[str]) -> pl.DataFrame:
    """The findings that the chosen states are among."""
    if "fixed" in statuses:
        return loading.all_findings(place)
    if any(status in SET_ASIDE for status in statuses):
        return loading.unfixed_findings(place)
    return loading.open_findings(place)


def _more(place: Place, base: pl.DataFrame) -> tuple[list[str], list[str], str, list[str]]:
    """Brand, category, age and source, behind a button that says how many of them are set."""
    count = sum(bool(address.given(name)) for name in _MORE)
    label = "More filters" + (f" · {count}" if count else "")
    sources = {source.name: source.name for source in place.settings.sources}
    ages = {"": "Any age", **{name: words for name, (words, _, _) in shaping.AGES.items()}}
    with st.popover(label, icon=":material/tune:", width="content", key="more-filters"):
        brands = address.several(
            "Brand", "brand", _options("brand", base, _brands(place)), placeholder="All brands", width=280
        )
        categories = address.several(
            "Category",
            "category",
            _options("category", base, _categories(place)),
            placeholder="All categories",
            width=280,
        )
        age = address.picked("Age", "age", ages, width=280)
        chosen = (
            address.several("Source", "source", sources, placeholder="All sources", width=280)
            if len(sources) > 1
            else []
        )
    return brands, categories, age, chosen


def _options(name: str, base: pl.DataFrame, known: Collection[str]) -> dict[str, str]:
    """What can be chosen, with how many findings each has, most first; and what the URL has chosen already."""
    column = {"brand": "brand_name", "category": "category_names"}[name]
    values = base.select(column)
    if name == "category":
        values = values.explode(column, empty_as_null=False, keep_nulls=False)
    counts = (
        values.drop_nulls()
        .group_by(column)
        .agg(count=pl.len())
        .sort("count", column, descending=[True, False])
    )
    options = {value: f"{value} ({count:,})" for value, count in counts.iter_rows()}
    for value in st.query_params.get_all(name):
        if value in known:
            options.setdefault(value, f"{value} (0)")
    return options


def _brands(place: Place) -> Collection[str]:
    return set(loading.names(place)["brand_name"].drop_nulls().unique()) if address.given("brand") else ()


def _categories(place: Place) -> Collection[str]:
    if not address.given("category"):
        return ()
    return set(loading.names(place)["category_names"].explode(empty_as_null=False, keep_nulls=False).unique())
