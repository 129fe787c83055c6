"""The dashboard: the door, navigation, the top line of every page, and the one place where errors become words.

Started by `keurmeester serve` or `keurmeester demo` (or `python -m streamlit run dashboard/app.py`), with the settings
named by `KEURMEESTER_CONFIG`.
"""

from __future__ import annotations

import streamlit as st

from checks import jobs
from checks.errors import KeurmeesterError
from dashboard.parts import header, signing_in, style
from dashboard.parts.navigation import pages
from dashboard.parts.place import here, reader_person, settings_now

st.set_page_config(page_title="Keurmeester", page_icon=header.favicon(), layout="wide")
st.logo(header.logo(), size="medium")
style.apply()

try:
    settings = settings_now()
    if not signing_in.closed(settings, reader_person(settings)):
        place = here()
        jobs.start_settling(place.settings)
        page = st.navigation(pages(place), expanded=True)
        st.set_page_config(page_title=f"{page.title.partition(' :')[0]} · Keurmeester")
        st.session_state["place"] = place
        signing_in.in_the_sidebar(settings, place.person)
        header.top_line(place)
        page.run()
except KeurmeesterError as error:
    header.problem(error)
