"""Lookup tables: "What may I point at, and who uses it?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import lookup_view as view
from dashboard.parts import run_control
from dashboard.parts.place import Place
from dashboard.parts.trade import shop

place: Place = st.session_state["place"]

st.title("Lookup tables", anchor="lookup-tables")
if place.run is None:
    run_control.first_run(place, "Lookup tables are known after the first health check.")
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    source = shop(place)
    table = view.pick_table(place, source)
found = view.answer(place, source, table)
if found is not None:
    left, right = st.columns([9, 7], gap="small")
    with left:
        entry = view.list_of(place, source, table, view.filters(found, table))
    with right:
        view.panel(place, source, table, found, entry)
