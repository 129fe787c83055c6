"""What was repaired since the data of a page were read: they show a product as it was before.

A repair is read back in the shop, but the frames of the store are those of the last health check.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.parts import as_of, fix_words
from dashboard.parts.place import Place
from dashboard.parts.words import clock, plain

_MOST = 4


def repairs(place: Place, source: str, article: str, frame: str) -> list[dict[str, Any]]:
    """Repairs of the article, and undone ones, that were done since `frame` was read last; the newest first."""
    read = as_of.read_at(place, source, frame)
    if read is None and place.run is not None:
        read = place.run["started_at"]
    if read is None:
        return []
    done = place.store.journal.fixes(source=source, key=article, state="done")
    since = [one for one in done if one["finished_at"] is not None and one["finished_at"] > read]
    return sorted(since, key=lambda one: one["finished_at"], reverse=True)


def photo_added(place: Place, source: str, article: str) -> bool:
    """Did a repair give it a photo that the list of photos does not have yet?"""
    since = repairs(place, source, article, "photos")
    return any(one["fix"] == "upload-photo" and one["kind"] == "do" for one in since)


def note(place: Place, source: str, article: str) -> None:
    """Each repair since the products were read, as a link to what it did; nothing where there was none."""
    since = repairs(place, source, article, "products")
    if not since:
        return
    with st.container(gap=None, key="repaired-since"):
        for one in since[:_MOST]:
            undo = one["kind"] == "undo"
            st.page_link(
                "app_pages/fix.py",
                label=f":green[:material/check_circle:] **{plain(fix_words.title(one['fix'], undo=undo))}** "
                f":gray[done {clock(one['finished_at'], place.now, place.zone)}]",
                query_params={"fix": one["id"]},
            )
        st.caption("What stands here is from before: the next health check reads it anew.")
