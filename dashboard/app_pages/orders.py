"""Orders: "What waits?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import address, check_notes, fix_flow, order_panel, run_control
from dashboard.parts import orders_view as view
from dashboard.parts.place import Place
from dashboard.parts.trade import shop
from dashboard.parts.waiting_orders import CHECKS_HERE

place: Place = st.session_state["place"]

st.title("Orders", anchor="orders")
if place.run is None:
    run_control.first_run(place, "Which orders wait is known after the first health check.")
    st.stop()

source = shop(place, CHECKS_HERE)
waiting = view.answer(place, source)
fix_flow.flow(place)
if waiting is not None:
    found = view.filters(place, waiting)
    left, right = st.columns([10, 7], gap="small")
    with left:
        chosen = view.list_of(place, source, found)
    with right:
        order_panel.panel(place, source, chosen, found, view.ticked(found))
elif address.given("order"):
    order_panel.alone(place, source, address.given("order"))
check_notes.what_they_mean(CHECKS_HERE)
