"""One product: "What is wrong with it, what does that touch, and how did it come about?" """

from __future__ import annotations

import streamlit as st

from dashboard.parts import fix_flow, product_suppliers, run_control
from dashboard.parts import product_trade as trade
from dashboard.parts import product_view as view
from dashboard.parts.place import Place
from dashboard.parts.words import plain

place: Place = st.session_state["place"]

source, number = view.pick(place)
if place.run is None:
    st.title("Product", anchor="product")
    run_control.first_run(place, "Products are known after the first health check.")
    st.stop()
if not number:
    st.title("Product", anchor="product")
    view.search(place, source)
    st.stop()

article = view.article_of(place, source, number)
st.title(plain(article.name), anchor="product")
view.answer(place, source, article)
fix_flow.flow(place)
left, right = st.columns([8, 5], gap="medium")
with left:
    view.findings(place, source, article)
    trade.orders(place, source, article)
    trade.prices(place, source, article)
    view.history(place, source, article)
with right:
    view.data(place, source, article)
    view.central(place, source, article)
    view.photos(place, source, article)
    product_suppliers.section(place, source, article)
