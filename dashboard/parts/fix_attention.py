"""A fix that needs attention: both states, before and as last seen, and what a person can do: go on, or say it is right.

Pure but for what it draws; what the buttons start is in `fix_work`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.parts import fix_dialog, fix_work
from dashboard.parts.place import Place
from dashboard.parts.words import plain

#: How the engine words it (`checks.fixes.engine`).
_SAID = re.compile(
    r"(?:Needs attention: )?(?P<why>.*?) Before: (?P<was>.*?) Last seen: (?P<found>.*?)(?: Everything needed .*)?$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Two:
    """Why it could not be ended, what it was like before, what it was like when it was last read."""

    why: str
    was: str | None = None
    found: str | None = None


def two_states(message: str | None) -> Two:
    """The parts of the message of a fix that needs attention. Pure."""
    found = _SAID.match(message or "")
    if found is None:
        return Two(message or "It was not ended.")
    return Two(found["why"], found["was"], found["found"])


def both(message: str | None) -> None:
    """Draws the reason and the two states side by side."""
    two = two_states(message)
    st.markdown(plain(_capital(two.why)))
    if two.was is None:
        return
    before, seen = st.columns(2, gap="small")
    with before.container(border=True):
        st.markdown(f":gray[Before the repair]  \n{plain(_capital(two.was))}")
    with seen.container(border=True):
        st.markdown(f":gray[As last seen]  \n{plain(_capital(two.found or ''))}")


def buttons(place: Place, fix: Mapping[str, Any], *, key: str) -> None:
    """*Resume*, and *Put right by hand* with a reason."""
    why_not = fix_dialog.may_not_apply(place, fix["source"])
    busy = fix_work.why_busy()
    reason = f"{key}-reason"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-buttons"):
        st.button(
            "Resume",
            key=f"{key}-resume",
            icon=":material/play_arrow:",
            disabled=(why_not or busy) is not None,
            on_click=fix_work.resume,
            args=(place.settings, fix["id"]),
            help=None
            if why_not
            else "Reads how it is now, and completes it or puts it back. Certain or not at all.",
        )
        with st.popover("Put right by hand", icon=":material/front_hand:", disabled=why_not is not None):
            st.markdown("You have looked, and it is as it should be. It ends as *failed*, with your words.")
            st.text_area("What you found, and did", key=reason, height=80)
            st.button(
                "Leave it as it is",
                key=f"{key}-leave",
                on_click=fix_work.leave,
                args=(place.store, place.settings, fix["id"], reason),
            )
    if why_not or busy:
        st.caption(plain(why_not or busy))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
