"""Overview: "How is my shop today?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import error_links, fix_flow, overview_blind, run_control
from dashboard.parts import overview_cards as cards
from dashboard.parts import overview_view as view
from dashboard.parts import overview_work as work
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Overview", anchor="overview", width="content")
    if place.run is not None:
        with st.container(width="content", horizontal_alignment="right", gap="xxsmall"):
            run_control.run_button(place)

if place.run is None:
    run_control.first_run(
        place,
        "The first health check collects products, photos, lookup tables, clients and orders, judges them and shows here "
        "what is wrong. It only reads, and takes from seconds to a few minutes.",
    )
    st.stop()

run_control.details(place)
fix_flow.flow(place)
cards.answer(place)
left, right = st.columns([8, 4], gap="medium")
with left:
    view.new_since_last_run(place)
    view.needs_attention(place)
    overview_blind.could_not_run(place)
    error_links.overview(place)
with right:
    cards.raise_most(place)
    work.orders(place)
    work.set_aside(place)
    work.fixed_lately(place)
    view.trend(place)
