"""Fixes: "What is being repaired, what was, and by whom?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import fix_flow
from dashboard.parts import fixes_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Fixes", anchor="fixes")
fix_flow.flow(place)
view.running(place)
if view.answer(place):
    view.unfinished(place)
    view.plans_put_aside(place)
    fixes = view.filters(place)
    left, right = st.columns([13, 8], gap="small")
    with left:
        chosen = view.list_of(fixes)
    with right:
        view.panel(place, chosen)
