"""Data: "What was collected, and can I trust it?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import data_page_view as view
from dashboard.parts import run_control
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("About the data", anchor="data")
if place.run is None:
    run_control.first_run(place, "Nothing was collected yet.")
    view.run_history(place)
    st.stop()

view.answer(place)
view.collected(place)
view.run_history(place)
view.look_into(place)
