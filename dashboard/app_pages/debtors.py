"""ERP debtors: "Who stands in the books, and does that fit my clients?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import check_notes, debtors_panel, fix_flow, run_control
from dashboard.parts import debtors_view as view
from dashboard.parts.debtors_known import CHECKS_HERE, known
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

st.title("ERP debtors", anchor="debtors")
if not place.settings.erps:
    view.no_erp()
    check_notes.what_they_mean(CHECKS_HERE)
    st.stop()
if place.run is None:
    run_control.first_run(place, "What stands in the books is known after the first health check.")
    st.stop()

about = known(place, view.pick(place))
fix_flow.flow(place)
if view.answer(place, about):
    if view.pick_view(about) == "health":
        view.health(place, about)
    else:
        found = view.filters(place, about)
        left, right = st.columns([11, 5], gap="small")
        with left:
            opened = view.list_of(about, found)
        with right:
            debtors_panel.panel(place, about, opened)
check_notes.what_they_mean(CHECKS_HERE)
