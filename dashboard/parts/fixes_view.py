"""What the page Fixes shows: the answer, the filters, the journal, one fix step by step."""

from __future__ import annotations

from collections import Counter

import polars as pl
import streamlit as st

from dashboard.parts import address
from dashboard.parts.journal_view import as_frame, chosen, fix_panel, fix_table
from dashboard.parts.place import Place
from dashboard.parts.words import FIX_STATES, number, plural

_GRID = "grid"
_MOST = 5000


def answer(place: Place) -> bool:
    """How the repairs went; False when there are none yet."""
    fixes = place.store.journal.fixes(limit=_MOST)
    if not fixes:
        with st.container(border=True, key="no-fixes"):
            st.markdown(
                "**No repair was planned yet.** A repair starts from a finding: choose products, plan, look at what it "
                "means, and link. Every step is then kept here, with what was sent and what came back."
            )
            st.page_link(
                "app_pages/became_central.py",
                label="Own products that became central",
                icon=":material/link:",
            )
        return False
    states = Counter(fix["state"] for fix in fixes)
    words = [
        f"**{number(states[state])}** {look.word.lower()}"
        for state, look in FIX_STATES.items()
        if states[state]
    ]
    st.markdown(", ".join(words) + ".")
    trouble = states["failed"] + states["needs_attention"]
    if trouble:
        st.caption(
            f"{plural(trouble, 'repair')} did not end as planned. No product is lost: each says what came of it, and what "
            "to do."
        )
    return True


def filters(place: Place) -> pl.DataFrame:
    """State and search; gives the fixes that they leave."""
    fixes = as_frame(place.store.journal.fixes(limit=_MOST), place.store.journal.plans(limit=_MOST))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Article, name, message, who", width=250)
        states = address.chips(
            "State", "state", {name: f"{look.icon} {look.word}" for name, look in FIX_STATES.items()}
        )
        if any(address.given(name) for name in ("text", "state", "plan", "fix")):
            st.button(
                "Clear",
                icon=":material/close:",
                type="tertiary",
                key="clear",
                on_click=address.clear,
                args=("text", "state", "plan", "fix"),
            )
    return chosen(fixes, states, text, address.given("plan"))


def list_of(place: Place, fixes: pl.DataFrame) -> str:
    """The journal; gives the id of the fix that is open."""
    if fixes.is_empty():
        with st.container(border=True, key="no-match"):
            st.markdown("**No repair matches these filters.**")
        return address.given("fix")
    st.caption(plural(fixes.height, "repair"))
    wanted = address.given("fix")
    selected = fix_table(
        fixes,
        key=_GRID,
        start=wanted or str(fixes["id"][0]),
        then=lambda ids: address.put("fix", ids[0] if ids else None),
    )
    return selected[0] if selected else wanted or str(fixes["id"][0])


def panel(place: Place, fix_id: str) -> None:
    """The fix that is open, step by step."""
    if fix_id:
        fix_panel(place, fix_id)
