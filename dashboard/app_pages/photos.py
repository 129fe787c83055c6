"""Photos: "What do my customers not see?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, fix_flow, photo_drop, run_control
from dashboard.parts import photos_view as view
from dashboard.parts.place import Place
from dashboard.parts.trade import shop

place: Place = st.session_state["place"]

st.title("Photos", anchor="missing-photo")
if place.run is None:
    run_control.first_run(place, "Which products have no photo is known after the first health check.")
    st.stop()

source = shop(place, [view.CHECK])
missing = view.answer(place, source)
fix_flow.flow(place)
if missing:
    photo_drop.zone(place, source)
    view.gallery(place, source)
check_notes.what_they_mean([photo_drop.OFFERED])
