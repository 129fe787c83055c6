"""Findings: "What is wrong, exactly?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import deciding, findings_filters, fix_flow, run_control
from dashboard.parts import findings_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Findings", anchor="findings")
if place.run is None:
    run_control.first_run(place, "Findings appear after the first health check.")
    st.stop()

view.answer(place)
findings = findings_filters.filters(place)
deciding.outcome(place.store)
fix_flow.flow(place)
left, right = st.columns([10, 4], gap="small")
with left:
    selected = view.list_of(place, findings)
with right:
    view.panel(place, findings, selected)
view.what_each_check_means()
deciding.dialog(place)
