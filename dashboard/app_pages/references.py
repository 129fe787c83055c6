"""References: "What points nowhere?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import fix_flow, run_control
from dashboard.parts import references_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("References", anchor="references")
if place.run is None:
    run_control.first_run(place, "What points nowhere is known after the first health check.")
    st.stop()

view.answer(place)
fix_flow.flow(place)
left, right = st.columns([9, 11], gap="medium")
with left:
    group = view.groups(place)
with right:
    draw_choice = view.products(place, group)
view.what_they_mean()
draw_choice()
