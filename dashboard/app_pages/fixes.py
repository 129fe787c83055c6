"""Fixes: every repair, step by step."""

from __future__ import annotations

import streamlit as st

from dashboard.parts import fixes_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Fixes", anchor="fixes")
if view.answer(place):
    fixes = view.filters(place)
    left, right = st.columns([13, 8], gap="small")
    with left:
        chosen = view.list_of(place, fixes)
    with right:
        view.panel(place, chosen)
