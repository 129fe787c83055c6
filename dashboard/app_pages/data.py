"""Data: "What was collected, and can I trust it?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, run_control
from dashboard.parts import data_page_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("About the data", anchor="data")
if place.run is None:
    run_control.first_run(place, "Nothing was collected yet.")
    st.stop()

view.answer(place)
view.collected(place)
view.run_history()
view.look_into(place)
check_notes.what_they_mean(view.CHECKS_HERE)
