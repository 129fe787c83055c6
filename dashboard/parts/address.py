"""The state of filters stands in the URL, with the ids of the contract: `/findings?check=missing-photo&severity=error`.

The URL is the one truth. Before a widget is drawn its value is taken from there; when a person changes it, its callback
writes it back. So a link, the back button and a bookmark all give the same view. (Streamlit's own `bind=` would put
the shown labels, icons and all, into the URL.) Labels are for screen readers; what is shown is the placeholder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Literal

import streamlit as st

Selection = Literal["single", "multi"]


def given(name: str) -> str:
    """The parameter's value, empty when it is not there."""
    return str(st.query_params.get(name, ""))


def given_all(name: str, known: Sequence[str]) -> list[str]:
    """All values of a repeated parameter that `known` has; what a stale link names besides is left out."""
    return [value for value in st.query_params.get_all(name) if value in known]


def unknown(name: str, known: Collection[str]) -> list[str]:
    """What a parameter names that `known` does not have: a stale link should hear so."""
    return [value for value in st.query_params.get_all(name) if value and value not in known]


def leave_out(name: str, values: Collection[str]) -> None:
    """Takes some values of a repeated parameter away."""
    put(name, [value for value in st.query_params.get_all(name) if value not in values])


def put(name: str, value: str | Sequence[str] | None) -> None:
    """Writes one parameter, or takes it away when there is nothing to say."""
    if value:
        st.query_params[name] = value if isinstance(value, str) else list(value)
    elif name in st.query_params:
        del st.query_params[name]


def clear(*names: str) -> None:
    """Takes parameters away: for an `on_click` of *Clear filters*."""
    for name in names:
        put(name, None)


def clear_button(*names: str, key: str = "clear") -> None:
    """*Clear filters*, beside a list that has some."""
    st.button("Clear filters", icon=":material/close:", type="tertiary", key=key, on_click=clear, args=names)


def no_match(what: str, *names: str, rest: str = "Others may be there.") -> None:
    """What stands in a list's place when filters leave nothing; `rest`: where the missing may be."""
    with st.container(border=True, key="no-match"):
        st.markdown(f"**No {what} matches these filters.** {rest}")
        st.button("Clear filters", icon=":material/close:", key="clear-all", on_click=clear, args=names)


def _written(key: str, name: str, default: str | None) -> None:
    value = st.session_state[key]
    put(name, None if value == default else value)


def text(label: str, name: str, *, placeholder: str, width: int | Literal["stretch"] = "stretch") -> str:
    """A search field."""
    key = f"filter-{name}"
    st.session_state[key] = given(name)
    st.text_input(
        label,
        key=key,
        placeholder=placeholder,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_written,
        args=(key, name, None),
        width=width,
    )
    return given(name).strip()


def several(
    label: str,
    name: str,
    options: Mapping[str, str],
    *,
    placeholder: str,
    width: int | Literal["stretch"] = "stretch",
) -> list[str]:
    """A drop-down of which any number is chosen; `options` are id -> words."""
    key = f"filter-{name}"
    st.session_state[key] = given_all(name, list(options))
    st.multiselect(
        label,
        list(options),
        key=key,
        format_func=lambda option: options[option],
        placeholder=placeholder,
        label_visibility="collapsed",
        on_change=_written,
        args=(key, name, None),
        width=width,
        wrap=False,
    )
    return given_all(name, list(options))


def chips(label: str, name: str, options: Mapping[str, str]) -> list[str]:
    """A few choices side by side, any number of them; `options` are id -> words."""
    key = f"filter-{name}"
    st.session_state[key] = given_all(name, list(options))
    st.pills(
        label,
        list(options),
        selection_mode="multi",
        key=key,
        label_visibility="collapsed",
        format_func=lambda option: options[option],
        on_change=_written,
        args=(key, name, None),
    )
    return given_all(name, list(options))


def one(
    label: str,
    name: str,
    options: Mapping[str, str],
    default: str,
) -> str:
    """Exactly one of a few."""
    key = f"filter-{name}"
    chosen = given(name)
    st.session_state[key] = chosen if chosen in options else default
    st.segmented_control(
        label,
        list(options),
        key=key,
        required=True,
        format_func=lambda option: options[option],
        label_visibility="collapsed",
        on_change=_written,
        args=(key, name, default),
    )
    return str(st.session_state[key] or default)


def picked(
    label: str, name: str, options: Mapping[str, str], *, width: int | Literal["stretch"] = "stretch"
) -> str:
    """One of a longer list in a drop-down; the first is what an empty URL means."""
    key = f"filter-{name}"
    first = next(iter(options))
    chosen = given(name)
    st.session_state[key] = chosen if chosen in options else first
    st.selectbox(
        label,
        list(options),
        key=key,
        label_visibility="collapsed",
        format_func=lambda option: options[option],
        on_change=_written,
        args=(key, name, first),
        width=width,
    )
    return str(st.session_state[key])


def day(label: str, name: str, *, width: int | Literal["stretch"] = "stretch") -> date | None:
    """One day, or any; `?day=2026-11-25`. What is no day counts as any."""
    key = f"filter-{name}"
    try:
        st.session_state[key] = date.fromisoformat(given(name)) if given(name) else None
    except ValueError:
        st.session_state[key] = None
    chosen = st.date_input(
        label,
        key=key,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        on_change=_day_written,
        args=(key, name),
        width=width,
    )
    return chosen if isinstance(chosen, date) else None


def _day_written(key: str, name: str) -> None:
    chosen = st.session_state[key]
    put(name, chosen.isoformat() if isinstance(chosen, date) else None)
