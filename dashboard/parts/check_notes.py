"""What pages with checks of their own say about them: what could not be judged, what each means, what is wrong with one thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from checks.rules import CHECKS
from dashboard.parts import loading
from dashboard.parts.links import PRODUCT, Target
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.words import EVENTS, SEVERITIES, STATUSES, clock, exact, plain

#: Events of one finding that are listed.
_MOST_EVENTS = 8


def could_not_run(place: Place, checks: Collection[str], source: str) -> None:
    """A strip for each reason why the last run could not judge some of `checks`."""
    blind = loading.results(place).filter(
        pl.col("check").is_in(list(checks))
        & (pl.col("source") == source)
        & (pl.col("status") == "could_not_run")
    )
    for (message,), rows in blind.group_by(["message"], maintain_order=True):
        titles = ", ".join(check_title(check) for check in rows["check"])
        st.warning(
            f"{plain(str(message))} {from_before(place, rows['check'].to_list(), source)}",
            title=f"{titles} could not run in the last health check",
            icon=":material/block:",
        )


def from_before(place: Place, checks: Collection[str], source: str) -> str:
    """Of when what is listed of checks that could not run is: a sentence; none was ever judged at a first run."""
    judged = loading.history(place).filter(
        pl.col("check").is_in(list(checks))
        & (pl.col("source") == source)
        & (pl.col("status") != "could_not_run")
    )
    if judged.is_empty() and open_of(place, source, checks).is_empty():
        return "No health check could judge it before, so nothing is listed here."
    return "What is listed here is from the run before."


def not_collected(place: Place, source: str, *names: str) -> list[str]:
    """Why frames are missing from the last run, in words, one sentence each."""
    rows = loading.collected(place).filter(pl.col("source") == source)
    states = {row["frame"]: row for row in rows.iter_rows(named=True)}
    sentences = []
    for name in names:
        row = states.get(name)
        if row is None:
            sentences.append(f"{FRAMES[name].title}: the last health check did not ask for them.")
        elif row["status"] != "ok":
            sentences.append(f"{FRAMES[name].title}: {row['message'] or 'no reason given'}")
    return sentences


def missing(place: Place, source: str, what: str, *names: str) -> None:
    """Says that the page's main data are not there, and why; never looks like *all is well*."""
    why = not_collected(place, source, *names) or ["No health check has collected them yet."]
    st.warning(
        "  \n".join(plain(sentence) for sentence in why)
        + "\n\nThe page Data tells what was collected; `keurmeester doctor` tests the source.",
        title=f"{what} not known",
        icon=":material/block:",
    )


def judged(place: Place, checks: Collection[str], source: str) -> bool:
    """Could the last run judge all of `checks` that are switched on?"""
    rows = loading.results(place).filter(pl.col("check").is_in(list(checks)) & (pl.col("source") == source))
    return rows.height > 0 and "could_not_run" not in rows["status"].to_list()


def checked_at(place: Place) -> str:
    """`at 06:02`: when the last run was done; empty before the first."""
    at = place.run["finished_at"] if place.run else None
    return f" at {clock(at, place.now, place.zone)}" if at else ""


def open_of(place: Place, source: str, checks: Collection[str]) -> pl.DataFrame:
    """The open findings of some checks in one shop."""
    return loading.open_findings(place).filter(
        pl.col("check").is_in(list(checks)) & (pl.col("source") == source)
    )


def of_thing(place: Place, source: str, wanted: pl.Expr) -> pl.DataFrame:
    """The findings of one thing that still hold: open ones first, then those set aside."""
    found = loading.all_findings(place).filter(
        (pl.col("source") == source) & (pl.col("status") != "fixed") & wanted
    )
    return found.sort(pl.col("status").is_in(["accepted", "snoozed"]), maintain_order=True)


def findings_with_history(place: Place, found: pl.DataFrame, *, most: int = 12) -> None:
    """Each finding in words, a link to all about it, and what happened to it."""
    if found.is_empty():
        st.markdown(":material/check_circle: Nothing is wrong with it.")
        return
    for row in found.head(most).iter_rows(named=True):
        look = SEVERITIES[row["severity"]]
        st.page_link(
            "app_pages/findings.py",
            label=f":{look.colour}[{look.icon}] **{plain(row['title'])}**",
            query_params={"finding": row["id"], "text": row["key"]},
        )
        events = place.store.events(row["id"]).tail(_MOST_EVENTS)
        lines = [
            f"{EVENTS[event['event']].word if event['event'] in EVENTS else event['event']} "
            f"{exact(event['at'], place.zone)}" + (f" by {plain(event['by'])}" if event.get("by") else "")
            for event in events.iter_rows(named=True)
        ]
        state = STATUSES[row["status"]].word if row["status"] in STATUSES else row["status"]
        st.markdown(f"{plain(row['message'])}  \n:gray[:small[{' · '.join([state, *lines])}]]")
    if found.height > most:
        st.caption(f"and {found.height - most:,} more; the page Findings lists them all.")


def what_they_mean(checks: Sequence[str]) -> None:
    """Each check of a page, explained under the anchor that carries its id."""
    st.header("What these checks mean", anchor="what-these-checks-mean")
    for check in (CHECKS[one] for one in checks if one in CHECKS):
        st.subheader(check.title, anchor=check.id)
        st.markdown(
            f"{SEVERITIES[check.severity].badge} {plain(check.why)} **What to do:** {plain(check.advice)}"
        )


def chip_cells(found: pl.DataFrame, words: dict[str, str], key: str) -> pl.DataFrame:
    """By `key`: `wrong`, the cells of its open findings, gravest first, each once; `checks`, their ids.

    Args:
        found: open findings.
        words: check id -> the short words of its chip.
    """
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    order = {check: place for place, check in enumerate(words)}
    cells = {
        f"{check}~{severity}": f"{look.sign} {word}"
        for check, word in words.items()
        for severity, look in SEVERITIES.items()
    }
    return (
        found.with_columns(
            _rank=pl.col("severity").replace_strict(rank, default=9, return_dtype=pl.UInt8),
            _cell=pl.concat_str("check", "severity", separator="~").replace_strict(
                cells, default=pl.col("title"), return_dtype=pl.String
            ),
        )
        .sort("_rank", pl.col("check").replace_strict(order, default=99, return_dtype=pl.UInt8))
        .group_by(key, maintain_order=True)
        .agg(
            wrong=pl.col("_cell").unique(maintain_order=True),
            checks=pl.col("check").unique(maintain_order=True),
            rank=pl.col("_rank").min(),
        )
    )


def chip_column(words: Collection[str], *, label: str = "What is wrong", width: int = 190) -> Any:
    """The column that shows `chip_cells`: colour, sign and word together."""
    looks = list(SEVERITIES.values())
    options = [(f"{look.sign} {word}", look.colour) for word in words for look in looks]
    return st.column_config.MultiselectColumn(
        label,
        options=[cell for cell, _ in options],
        color=[colour for _, colour in options],
        width=width,
    )


def relative(target: Target) -> str:
    """A page of `links` as an address for links inside tables, which open beside this page."""
    page, params = target
    return f"{_stem(page)}?{urlencode(params)}"


def _stem(page: str) -> str:
    return page.removeprefix("app_pages/").removesuffix(".py")


def page_addresses(page: str, source: str, name: str, key: pl.Expr) -> pl.Expr:
    """Addresses of the page of each key, for `link_column`."""
    start = f"{_stem(page)}?{urlencode({'source': source})}&{name}="
    quoted = key.map_elements(lambda one: quote(str(one), safe=""), return_dtype=pl.String)
    return pl.format("{}{}#{}", pl.lit(start), quoted, key)


def product_addresses(source: str, article: pl.Expr) -> pl.Expr:
    """Addresses of product pages, for `link_column`."""
    return page_addresses(PRODUCT, source, "article", article)


def link_column(label: str, width: int = 88) -> Any:
    """Keys that lead to their own page; what stands after the # of the address is shown."""
    return st.column_config.LinkColumn(
        label, display_text=r"#(.*)$", width=width, alignment="left", help="Opens beside this page"
    )
