"""Problems of the error log in words: their states, what they are about, what happened to them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import polars as pl

from checks.triage import Meaning, meaning
from dashboard.parts.links import CLIENTS, ORDERS, PRODUCT, Target
from dashboard.parts.words import Look, day, number, plain, plural

#: The states in the order in which they want a look.
STATES = {
    "regressed": Look("Came back", ":material/history:", "↺", "violet"),
    "escalating": Look("Escalating", ":material/trending_up:", "↗", "red"),
    "new": Look("New", ":material/fiber_new:", "✦", "violet"),
    "ongoing": Look("Ongoing", ":material/schedule:", "–", "gray"),
    "fixed_unconfirmed": Look("Fixed, unconfirmed", ":material/hourglass_top:", "◐", "blue"),
    "resolved": Look("Resolved", ":material/check_circle:", "✓", "green"),
    "ignored": Look("Ignored", ":material/notifications_off:", "◇", "gray"),
}

OPEN = ("regressed", "escalating", "new", "ongoing")

#: Those that want somebody to look today.
URGENT = ("regressed", "escalating", "new")

#: What each state means, beside it.
STATE_MEANING = {
    "new": "First seen less than a week ago.",
    "ongoing": "Known, and still failing.",
    "escalating": "Far more of it in 24 hours than its own past lets expect.",
    "regressed": "It was resolved or fixed, and fails again.",
    "fixed_unconfirmed": "A repair of ours took its cause away. After a day without a new row it counts as resolved.",
    "resolved": "A newer row brings it back; an older one never does.",
    "ignored": "Out of the list until what was agreed comes about.",
}

EVENTS = {
    "new": Look("Seen for the first time", ":material/fiber_new:", "✦", "violet"),
    "found": Look("Found in the log", ":material/flag:", "✦", "gray"),
    "ongoing": Look("Known by now", ":material/schedule:", "–", "gray"),
    "escalating": Look("Escalated", ":material/trending_up:", "↗", "red"),
    "calmed": Look("Calmed down", ":material/trending_down:", "↘", "gray"),
    "regressed": Look("Came back", ":material/history:", "↺", "violet"),
    "back": Look("Ignored no longer", ":material/notifications_active:", "↺", "violet"),
    "resolved": Look("Resolved", ":material/check_circle:", "✓", "green"),
    "reopened": Look("Reopened", ":material/undo:", "↺", "violet"),
    "ignored": Look("Ignored", ":material/notifications_off:", "◇", "gray"),
    "fixed": Look("Fixed, unconfirmed", ":material/hourglass_top:", "◐", "blue"),
    "fix-undone": Look("Repair undone", ":material/undo:", "↶", "violet"),
    "assigned": Look("Assigned", ":material/person:", "@", "gray"),
    "comment": Look("Comment", ":material/chat:", "“", "gray"),
    "merged": Look("Merged", ":material/merge:", "+", "gray"),
    "split": Look("Split", ":material/call_split:", "÷", "gray"),
    "regrouped": Look("Grouped anew", ":material/account_tree:", "~", "gray"),
    "undone": Look("Undone", ":material/undo:", "↶", "gray"),
}

#: What rows name: one, several, icon.
THINGS = {
    "product": ("product", "products", ":material/inventory_2:"),
    "ean": ("EAN", "EANs", ":material/barcode:"),
    "client": ("client", "clients", ":material/groups:"),
    "order": ("order", "orders", ":material/receipt_long:"),
}


def meaning_of(group: Mapping[str, Any]) -> Meaning:
    """What a group is and what usually helps."""
    return meaning(
        group["method"], group["route"], group["kind"], group["rule"], group["field"], group["title"]
    )


def with_meaning(groups: pl.DataFrame) -> pl.DataFrame:
    """Groups with the column `what`: what each is, in a few words."""
    told = [meaning_of(row).title for row in groups.iter_rows(named=True)]
    return groups.with_columns(what=pl.Series(told, dtype=pl.String))


def event_look(event: str) -> Look:
    """How an event is shown; one that this version does not know by its own name."""
    known = EVENTS.get(event)
    return known or Look(event.replace("-", " ").capitalize(), ":material/circle:", "·", "gray")


def sentence(groups: pl.DataFrame) -> str:
    """`**3 problems need a look**: 1 came back, 1 is escalating, 1 is new; 12 known ones go on.`

    Args:
        groups: the open ones, with `state`.
    """
    counts = dict(groups.group_by("state").len().iter_rows())
    urgent = sum(counts.get(state, 0) for state in URGENT)
    known = counts.get("ongoing", 0)
    if not urgent:
        return (
            f"**Nothing new**: {plural(known, 'known problem')} {'goes' if known == 1 else 'go'} on."
            if known
            else "**No problem is open.**"
        )
    parts = []
    if back := counts.get("regressed", 0):
        parts.append(f"{number(back)} came back")
    if more := counts.get("escalating", 0):
        parts.append(f"{number(more)} {'is' if more == 1 else 'are'} escalating")
    if new := counts.get("new", 0):
        parts.append(f"{number(new)} {'is' if new == 1 else 'are'} new")
    rest = f"; {plural(known, 'known one goes', 'known ones go')} on" if known else ""
    need = "needs" if urgent == 1 else "need"
    return f"**{plural(urgent, 'problem')} {need} a look**: {', '.join(parts)}{rest}."


def ignored_words(group: Mapping[str, Any], zone: tzinfo | None) -> str:
    """Until when a group is ignored, in words; empty for one that is not."""
    if group["state"] != "ignored":
        return ""
    kind = group["ignored"]
    if kind == "until" and group["ignored_until"] is not None:
        return f"until the end of {day(group['ignored_until'], zone)}"
    if kind == "more" and group["ignored_after"] is not None:
        left = max(0, group["ignored_after"] - group["rows"])
        return f"until {plural(left, 'more row')}"
    return "until it escalates" if kind == "escalating" else "for ever"


def volume_words(group: Mapping[str, Any]) -> str:
    """`12 in the last 24 hours (at most 5 expected), 40 in all`."""
    expected = group["expected"]
    usual = "" if expected is None else f" (at most {number(expected)} expected)"
    return f"{plural(group['last_day'], 'row')} in the last 24 hours{usual}, {number(group['rows'])} in all"


def where(group: Mapping[str, Any]) -> str:
    """`PUT Products, 400`."""
    request = " ".join(part for part in (group["method"], group["route"]) if part) or "A request"
    kind = str(group["kind"] or "")
    return f"{request}, {kind}" if kind and kind != "unknown" else request


def thing_page(kind: str, source: str, key: str) -> Target | None:
    """Where a thing that rows name has its page; an EAN is looked for among the products."""
    if kind == "product":
        return PRODUCT, {"source": source, "article": key}
    if kind == "ean":
        return PRODUCT, {"source": source, "text": key}
    if kind == "client":
        return CLIENTS, {"source": source, "client": key}
    return (ORDERS, {"source": source, "order": key}) if kind == "order" else None


def later(*moments: datetime | None) -> datetime:
    """The latest of these; the server's clock may be ahead of ours."""
    return max(moment for moment in moments if moment is not None)


def title(text: str | None) -> str:
    """A group's title for Markdown."""
    return plain(text) or "A problem without a message"
