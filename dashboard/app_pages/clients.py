"""Clients: "Who cannot buy?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, client_panel, fix_flow, run_control
from dashboard.parts import clients_view as view
from dashboard.parts.place import Place
from dashboard.parts.trade import shop

place: Place = st.session_state["place"]

st.title("Clients", anchor="clients")
if place.run is None:
    run_control.first_run(place, "Who cannot buy is known after the first health check.")
    st.stop()

source = shop(place, view.CHECKS_HERE)
clients = view.answer(place, source)
fix_flow.flow(place)
if clients is not None:
    shown = view.pick_view(place, source, clients)
    if shown == "users":
        view.users_who_point_nowhere(place, source)
    elif shown == "representatives":
        view.representatives(place, source, clients)
    else:
        asked = view.asked_client(place, source)
        found = view.filters(clients, erp=bool(place.settings.erps))
        left, right = st.columns([10, 7], gap="small")
        with left:
            chosen = view.list_of(found)
        with right:
            client_panel.panel(place, source, chosen or asked, clients, view.ticked(found))
check_notes.what_they_mean(view.CHECKS_HERE)
