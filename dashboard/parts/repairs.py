"""Repairs beside findings: one button a check, for exactly the findings given, and what a repair would do."""

from __future__ import annotations

import polars as pl
import streamlit as st

from checks.findings import OPEN_STATUSES, SET_ASIDE
from checks.fixes import FIXES
from checks.rules import CHECKS
from dashboard.parts import fix_flow, fix_words, shaping
from dashboard.parts.anchors import anchor_of
from dashboard.parts.links import ERROR_LOGS, PRODUCT
from dashboard.parts.place import Place
from dashboard.parts.words import plain, plural

#: Checks whose repair nothing takes back, with the word of warning beside the button.
_FOREVER = {
    "linked-central-deleted": "Cannot be undone: the shop links to no deleted central product.",
    "client-product-unknown-article": "Cannot be undone: the shop takes no price for an article it does not have.",
    "client-product-unknown-client": "Cannot be undone: the shop takes no price for a client it does not have.",
    "order-list-unknown-article": "Cannot be undone: the shop takes no article on a list that it does not have.",
    "order-unprocessed": "Cannot be undone: the shop has no way to make an order wait again.",
    "order-delivery-passed": "Cannot be undone: the shop has no way to make an order wait again.",
}


#: What the catalogue names as the fix of problems of the error log: a person decides on their page.
TRIAGE = "triage"

PLAN_FIRST = "First a plan, which changes nothing; then you decide."


def fix_of(check: str) -> str | None:
    """The fix that this program has for a check's findings."""
    fix = CHECKS[check].fix if check in CHECKS else None
    return fix if fix in FIXES else None


def is_triage(check: str) -> bool:
    return check in CHECKS and CHECKS[check].fix == TRIAGE


def label(check: str, count: int) -> str:
    """What the button says: `Upload photos of 12 products`."""
    return fix_words.verb_and_count(str(fix_of(check)), count)


def label_all(check: str, count: int) -> str:
    """What the button for all says. Of all, only what can be put back is begun unless a person chooses more."""
    return f"{FIXES[str(fix_of(check))].verb} all {count:,}"


def short_label(check: str, count: int) -> str:
    """`Link 37`, beside words that say what."""
    return f"{FIXES[str(fix_of(check))].verb} {count:,}"


def needs_input(check: str) -> bool:
    """Has a person something to choose before it can be planned?"""
    fix = fix_of(check)
    return fix is not None and bool(FIXES[fix].options)


def forever(check: str) -> str | None:
    """The warning where the repair cannot be undone."""
    return _FOREVER.get(check)


def at_once(check: str) -> bool:
    """May it be planned from a list of checks: nothing to choose, nothing that is gone for good?"""
    return fix_of(check) is not None and not needs_input(check) and check not in _FOREVER


def for_ticked(place: Place, check: str, source: str, keys: list[str], *, key: str) -> None:
    """The button above a list, for its ticked rows.

    Something always stands beneath it: were it only the reason why it is disabled, the list would jump with the first tick,
    and the second would hit another row.
    """
    with st.container(gap="xxsmall", width="content"):
        fix_flow.action(place, check, source, keys, key=key, primary=True)
        if fix_flow.why_not(place, check, source, len(keys)) is None:
            st.caption(PLAN_FIRST)


def actions(place: Place, findings: pl.DataFrame, *, key: str, primary: bool = False) -> None:
    """A button for each check of these findings; beneath, what none of them is for and what to do about that.

    Args:
        findings: rows of `KEPT`, of any state; only the open ones are taken.
        key: begins the keys of the buttons.
    """
    opened = findings.filter(pl.col("status").is_in(list(OPEN_STATUSES)))
    several = opened["check"].n_unique() > 1
    without = []
    for (check, source), rows in opened.group_by(["check", "source"], maintain_order=True):
        if is_triage(str(check)):
            triage(_keys(rows))
        elif fix_of(str(check)) is None:
            without.append(str(check))
        else:
            with st.container(gap="xxsmall"):
                _action(place, str(check), str(source), _keys(rows), f"{key}-{check}-{source}", primary)
                if note := _note(str(check), several):
                    st.caption(note)
    if without:
        titles = ", ".join(shaping.check_title(check) for check in dict.fromkeys(without))
        st.caption(f"{plain(titles)}: there is no repair from here; the check says what to do.")
    if left := aside(findings):
        st.caption(left)


def triage(groups: list[str]) -> None:
    """The way to the page where a problem of the error log is looked into; nothing repairs it from a list."""
    count = "" if len(groups) == 1 else f" {plural(len(groups), 'problem')}"
    st.page_link(
        ERROR_LOGS,
        label=f"**Triage{count}**",
        icon=":material/bug_report:",
        query_params={"group": groups[0]} if len(groups) == 1 else None,
        width="content",
    )


def _action(place: Place, check: str, source: str, keys: list[str], key: str, primary: bool) -> None:
    if check in (
        "missing-photo",
        "photo-available",
    ):  # its pictures are gathered on the product's page, or on that of all photos
        page, params = (
            (PRODUCT, {"source": source, "article": keys[0]})
            if len(keys) == 1
            else (anchor_of(check).page, {"source": source})
        )
        st.page_link(
            page,
            label=f"**{label(check, len(keys))}**",
            icon=fix_words.icon("upload-photo"),
            query_params=params,
            width="content",
        )
        return
    fix_flow.action(place, check, source, keys, key=key, primary=primary)


def _note(check: str, several: bool) -> str:
    """What stands beneath a button: of several which check it is for, and that nothing takes it back."""
    warning = forever(check)
    parts = (
        f"{plain(shaping.check_title(check))}." if several else "",
        f":material/dangerous: {warning}" if warning else "",
    )
    return " ".join(part for part in parts if part)


def _keys(rows: pl.DataFrame) -> list[str]:
    """What a plan names: a thing has several findings of a check where several of its fields are wrong."""
    return rows["key"].unique(maintain_order=True).to_list()


def aside(findings: pl.DataFrame) -> str | None:
    """Says that what was set aside is not repaired, with the step that helps; None where nothing was."""
    count = findings.filter(pl.col("status").is_in(list(SET_ASIDE))).height
    if not count:
        return None
    if count == findings.height == 1:
        return "It was set aside: reopen it first to repair it from here."
    return f"{plural(count, 'finding')} of these {'was' if count == 1 else 'were'} set aside: reopen first what is to be repaired."


def meaning(check: str) -> str:
    """What the repair would do, in sentences; empty where there is none."""
    fix = fix_of(check)
    return "" if fix is None else " ".join(fix_words.MEANING.get(fix, (f"{FIXES[fix].title}.",)))
