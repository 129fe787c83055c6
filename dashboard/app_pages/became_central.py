"""Became central: "Which of my own products should I link?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import became_central_view as view
from dashboard.parts import fix_flow, run_control
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Became central", anchor="own-became-central")
if place.run is None:
    run_control.first_run(place, "Which own products are now central is known after the first health check.")
    st.stop()

source = view.pick_source(place)
view.answer(place, source)
fix_flow.flow(place)
if view.has_rows(place, source):
    verdict, rows = view.filters(place, source)
    selected = view.list_of(place, source, verdict, rows)
    view.compare(place, rows, selected)
