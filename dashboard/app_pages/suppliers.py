"""Suppliers: "What do my suppliers deliver, and what of it should I know?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, fix_flow, run_control, suppliers_articles, suppliers_panel
from dashboard.parts import suppliers_view as view
from dashboard.parts import suppliers_waiting as waiting
from dashboard.parts.check_rows import checks_of
from dashboard.parts.place import Place
from dashboard.parts.suppliers_known import CHECKS_HERE, known

place: Place = st.session_state["place"]

st.title("Suppliers", anchor="suppliers")
if not place.settings.suppliers:
    view.no_supplier()
    check_notes.what_they_mean(CHECKS_HERE)
    st.stop()
if place.run is None:
    run_control.first_run(place, "What suppliers deliver is known after the first health check.")
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    about = known(place, view.pick(place))
    company = view.pick_company(about)
fix_flow.flow(place)
if view.answer(place, about, company):
    shown = view.pick_view(about, company)
    if shown == "health":
        view.health(place, about, company)
    elif shown == "articles":
        found = suppliers_articles.filters(place, about, company)
        left, right = st.columns([11, 5], gap="small")
        with left:
            opened = suppliers_articles.list_of(about, found)
        with right:
            suppliers_panel.panel(place, about, opened)
    else:
        waiting.approved(place, about, company)
        found = waiting.filters(about, company)
        left, right = st.columns([11, 5], gap="small")
        with left:
            opened = waiting.list_of(place, about, company, found)
        with right:
            waiting.panel(place, about, found, opened)
check_notes.what_they_mean(checks_of(place, about.source, CHECKS_HERE))
