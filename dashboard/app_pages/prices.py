"""Prices and texts: "What is priced or described wrongly?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, fix_flow, run_control
from dashboard.parts import prices_view as view
from dashboard.parts.place import Place
from dashboard.parts.price_faults import CHECKS_HERE
from dashboard.parts.trade import shop

place: Place = st.session_state["place"]

st.title("Prices and texts", anchor="prices")
if place.run is None:
    run_control.first_run(place, "What is priced or described wrongly is known after the first health check.")
    st.stop()

source = shop(place, CHECKS_HERE)
view.answer(place, source)
fix_flow.flow(place)
check = view.pick_check(place, source)
found = view.filters(place, source, check)
left, right = st.columns([9, 6], gap="small")
with left:
    chosen = view.list_of(place, source, check, found)
with right:
    view.panel(place, source, check, found, chosen)
check_notes.what_they_mean(CHECKS_HERE)
