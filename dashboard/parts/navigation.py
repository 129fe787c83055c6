"""The pages in their three groups, with how many errors are open beside their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.parts import loading, shaping
from dashboard.parts.anchors import ANCHORS
from dashboard.parts.place import Place
from dashboard.parts.words import number

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
    ),
    "Behind it": (
        ("fixes", "Fixes", "build", "Every repair step by step: what was sent, what came back."),
        (
            "data",
            "Data",
            "database",
            "What was collected, when, from where; run history; a look into each frame.",
        ),
    ),
}


def pages(place: Place) -> Mapping[str, list[Any]]:
    """The groups as `st.navigation` takes them."""
    errors = shaping.open_errors(loading.open_findings(place)) if place.run is not None else {}
    counts = errors_by_page(errors)
    return {
        group: [
            st.Page(
                f"app_pages/{name}.py",
                title=title + (f" :red-badge[{number(counts[name])}]" if counts.get(name) else ""),
                icon=f":material/{icon}:",
                help=about,
                default=name == "overview",
            )
            for name, title, icon, about in rows
        ]
        for group, rows in _GROUPS.items()
    }


def errors_by_page(errors: Mapping[str, int]) -> dict[str, int]:
    """Open errors by page, from those by check: all of them on Findings, and those of the pages that have checks."""
    counts = {"findings": sum(errors.values())}
    for check, anchor in ANCHORS.items():
        name = anchor.page.removeprefix("app_pages/").removesuffix(".py")
        if name != "findings":
            counts[name] = counts.get(name, 0) + errors.get(check, 0)
    return counts
