"""Photos: "What do my customers not see?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import photos_view as view
from dashboard.parts import run_control
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Photos", anchor="missing-photo")
if place.run is None:
    run_control.first_run(place, "Which products have no photo is known after the first health check.")
    st.stop()

if view.answer(place):
    view.gallery(place)
