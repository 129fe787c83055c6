"""The pages in their three groups, with how many errors are open beside their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from dashboard.parts import loading, shaping
from dashboard.parts.anchors import ANCHORS
from dashboard.parts.place import Place
from dashboard.parts.words import number, plural

#: Groups, and in them: file, title, icon, what the page is for.
_GROUPS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "Today": (
        (
            "overview",
            "Overview",
            "monitoring",
            "How is my shop today? Score, what is new, what needs attention.",
        ),
        (
            "findings",
            "Findings",
            "flag",
            "Everything that is wrong, filtered, with all there is to know about each.",
        ),
        (
            "error_logs",
            "Error logs",
            "bug_report",
            "Which of your requests fail, since when, and what causes it.",
        ),
        ("orders", "Orders", "receipt_long", "Orders that wait, how long, and what is wrong in each."),
    ),
    "Assortment": (
        (
            "became_central",
            "Became central",
            "link",
            "Own products that are now central: compare and link them.",
        ),
        ("photos", "Photos", "image", "Active own products that customers see without a picture."),
        (
            "references",
            "References",
            "account_tree",
            "What points at entries that the lookup tables do not have.",
        ),
        ("prices", "Prices and texts", "sell", "List prices, promos, client prices and texts that miss."),
        (
            "suppliers",
            "Suppliers",
            "local_shipping",
            "What your suppliers deliver: articles, changes that wait for approval, what is wrong in their catalogues.",
        ),
        ("lookup_tables", "Lookup tables", "table_view", "Every entry of every table, and where it is used."),
    ),
    "Behind it": (
        ("clients", "Clients", "groups", "Clients with their users, addresses, prices and order lists."),
        (
            "debtors",
            "ERP debtors",
            "account_balance",
            "Debtors of the ERP beside the clients of the shop: who is blocked, who is missing.",
        ),
        ("fixes", "Fixes", "build", "Every repair step by step: what was sent, what came back."),
        ("runs", "Runs", "history", "Every health check, and what changed between any two."),
        (
            "data",
            "Data",
            "database",
            "What was collected, when, from where; a look into each frame.",
        ),
    ),
}

#: Pages that are not in the menu: file, title, icon, what the page is for. Links from everywhere lead there.
_BESIDE = (
    ("product", "Product", "inventory_2", "One product: its data, findings, history, orders and photos."),
    ("fix", "Repair", "build", "One repair: every step, what was sent, what came back, undo."),
)


def pages(place: Place) -> Mapping[str, list[Any]]:
    """The groups as `st.navigation` takes them. The pages beside the menu stand, unseen, in the last group."""
    findings = loading.open_findings(place) if place.run is not None else None
    counts = {} if findings is None else errors_by_page(shaping.open_errors(findings))
    unseen = _without_source(place)
    menu = {
        group: [
            _page(
                *row,
                errors=counts.get(row[0], 0),
                visibility="hidden" if row[0] in unseen else "visible",
            )
            for row in rows
        ]
        for group, rows in _GROUPS.items()
    }
    menu["Behind it"] += [_page(*row, errors=0, visibility="hidden") for row in _BESIDE]
    return menu


def _without_source(place: Place) -> set[str]:
    """Pages about systems that the settings do not have: not in the menu, though their address still says how to add one."""
    there = {"suppliers": place.settings.suppliers, "debtors": place.settings.erps}
    return {name for name, sources in there.items() if not sources}


def _page(
    name: str,
    title: str,
    icon: str,
    about: str,
    *,
    errors: int,
    visibility: Literal["visible", "hidden"] = "visible",
) -> Any:
    return st.Page(
        f"app_pages/{name}.py",
        title=title + (f" :red-badge[{number(errors)}]" if errors else ""),
        icon=f":material/{icon}:",
        help=f"{about} {plural(errors, 'open error')}." if errors else about,
        default=name == "overview",
        visibility=visibility,
    )


def errors_by_page(errors: Mapping[str, int]) -> dict[str, int]:
    """Open errors by page, from those by check: all of them on Findings, and those of the pages that have checks."""
    counts = {"findings": sum(errors.values())}
    for check, anchor in ANCHORS.items():
        name = anchor.page.removeprefix("app_pages/").removesuffix(".py")
        if name != "findings":
            counts[name] = counts.get(name, 0) + errors.get(check, 0)
    return counts
