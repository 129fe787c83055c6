"""Runs: "Which health checks were there, and what changed between two of them?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import run_comparison, run_control
from dashboard.parts import runs_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("Runs", anchor="runs")
if not view.answer(place):
    run_control.first_run(place, "There was no health check yet.")
    st.stop()
view.calendar(place)
view.history(place)
run_comparison.compare(place)
