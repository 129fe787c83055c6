"""Error logs: "Which of our requests fail, and why?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import (
    address,
    check_notes,
    error_acting,
    error_deciding,
    error_groups,
    error_panel,
    error_rows_view,
    fix_flow,
    run_control,
)
from dashboard.parts import errors_view as view
from dashboard.parts.place import Place

place: Place = st.session_state["place"]

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Error logs", anchor="error-logs", width="content")
    if place.run is not None:
        with st.container(width="content", horizontal_alignment="right", gap="xxsmall"):
            run_control.run_button(place)
if place.run is None:
    run_control.first_run(place, "Which requests fail is known after the first health check.")
    st.stop()

view.regroup(place)
groups = error_groups.every(place)
view.answer(place, groups)
error_acting.outcome(place)
fix_flow.flow(place)
if view.anything(place, groups):
    shown = address.one("View", "view", view.VIEWS, "problems")
    if shown == "rows":
        error_rows_view.search(place, groups)
    else:
        left = view.filters(place, groups)
        chosen = view.list_of(place, left, groups)
        ticked = view.ticked(left)
        if ticked.height > 1:
            error_panel.several(ticked)
        elif chosen:
            error_panel.panel(place, chosen, groups)
check_notes.what_they_mean(view.CHECKS_HERE)
error_deciding.dialog(place)
