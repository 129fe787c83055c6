"""The door of team use: a screen to sign in on, a sentence for who has no role, and in the sidebar who is signed in.

Before the door there is no navigation and no data; `dashboard/app.py` goes on only where `closed` says it is open.
"""

from __future__ import annotations

import streamlit as st

from checks.people import NOBODY, Person
from checks.settings import Settings
from dashboard.parts.words import plain

#: What each role means, for its bearer.
_ROLES = {
    "viewer": "Viewer: may look",
    "fixer": "Fixer: may fix and decide",
    "admin": "Admin: may do everything",
}


def closed(settings: Settings, person: Person) -> bool:
    """Draws the screen of who may not come in; False, and nothing drawn, for who may."""
    if not settings.team.sign_in or person.role != "nobody":
        return False
    with st.container(horizontal_alignment="center", key="door"), st.container(width=460, border=True):
        if person == NOBODY:
            _sign_in()
        else:
            _no_role(person)
    return True


def _sign_in() -> None:
    st.title("Keurmeester")
    st.markdown(
        "The inspector of your web shop: what is wrong in the assortment, since when, what it costs, and the repair "
        "that proves itself. Sign in with the account you use at work."
    )
    if "is_logged_in" not in st.user:
        st.error(
            "Sign-in is not set up on this server: there is no [auth] in its `.streamlit/secrets.toml`. "
            "`keurmeester serve` says what to write there.",
            icon=":material/lock:",
        )
        return
    if st.user.get("is_logged_in"):
        st.info("Your sign-in was a while ago. Sign in again to go on.", icon=":material/schedule:")
    st.button(
        "Sign in",
        type="primary",
        icon=":material/login:",
        key="sign-in",
        width="stretch",
        on_click=st.login,
    )


def _no_role(person: Person) -> None:
    st.title("You have no role here yet")
    st.markdown(
        f"You are signed in as **{plain(person.name)}**, and nobody has given you a role. Ask the person who looks after "
        "Keurmeester at your company to add you to `keurmeester.toml`, and sign in again."
    )
    _sign_out()


def in_the_sidebar(settings: Settings, person: Person) -> None:
    """Who is signed in, with which role, and the way out; nothing in local use."""
    if not settings.team.sign_in:
        return
    with st.sidebar, st.container(key="signed-in", gap="xsmall"):
        st.markdown(f":material/account_circle: {plain(person.name)}")
        st.caption(_ROLES[person.role])
        _sign_out()


def _sign_out() -> None:
    st.button("Sign out", icon=":material/logout:", key="sign-out", type="tertiary", on_click=st.logout)
