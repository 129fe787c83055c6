"""Pictures of products, fetched from the shop when a person asks for them, and kept for the session of the server."""

from __future__ import annotations

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError
from checks.pictures import picture
from checks.settings_sources import OrestoSource
from dashboard.parts.place import Place
from dashboard.parts.words import plain, plural

#: How many pictures of one product are fetched at most.
_MOST = 8


def shown(place: Place, source: str, article: str, photos: pl.DataFrame) -> None:
    """The photos' names, and a button that fetches the pictures.

    Args:
        photos: rows of the frame `photos`, all of one article.
    """
    asked = f"pictures:{source}:{article}"
    if not st.session_state.get(asked):
        names = ", ".join(plain(name) for name in photos["photo_name"].drop_nulls().head(_MOST))
        st.caption(f"{plural(photos.height, 'photo')}{': ' + names if names else ''}")
        st.button(
            f"Show {plural(photos.height, 'photo')}",
            icon=":material/image:",
            key="show-pictures",
            on_click=st.session_state.update,
            args=({asked: True},),
            help="Fetched from the shop now",
        )
        return
    with st.grid("auto", min_column_width=150, gap="small"):
        for row in photos.head(_MOST).iter_rows(named=True):
            _one(place, source, row["url"], row["photo_name"], row["language"])
    if photos.height > _MOST:
        st.caption(f"The first {_MOST} of {photos.height} are shown.")


def _one(place: Place, source: str, url: str | None, name: str | None, language: str | None) -> None:
    words = " · ".join(part for part in (name, language) if part)
    with st.container(gap="xxsmall"):
        if url is None:
            st.caption(f"{plain(words)}: the shop gives no address for it.")
            return
        try:
            with st.spinner("Fetching …"):
                data = _picture(place, source, url)
        except KeurmeesterError as error:
            st.caption(f"{plain(words)}: {plain(str(error))}")
            return
        st.image(data, alt=words or "Photo", width="stretch")
        st.caption(plain(words))


def _picture(place: Place, source: str, url: str) -> bytes:
    return _kept(place.settings.shop(source), source, url)


@st.cache_resource(max_entries=64, ttl=3600, show_spinner=False)
def _kept(_source: OrestoSource, source: str, url: str) -> bytes:
    return picture(_source, url)
