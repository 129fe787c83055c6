"""One fix: "What exactly was done, and can it be undone?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import fix_flow
from dashboard.parts import fix_page_view as view
from dashboard.parts.place import Place
from dashboard.parts.words import plain

place: Place = st.session_state["place"]

fix = view.asked(place)
st.title(plain(fix["title"] or fix["key"]) if fix else "Repair", anchor="fix")
fix_flow.flow(place)
if fix is None:
    view.not_there()
else:
    left, right = st.columns([8, 5], gap="medium")
    with left:
        view.head(place, fix)
        view.watch(place, fix)
        view.actions(place, fix, key="fix")
        view.timeline(place, fix, whole=True)
    with right:
        view.links(place, fix)
        view.meant(place, fix)
        view.before(place, fix)
