"""Deciding about problems of the error log: resolve, ignore, reopen, assign, merge. On exactly the ticked ones, with undo.

What is decided about is the frozen list that stood on the page when the button was pressed, each with the state it had
there: one whose state is another by now is left alone, for nobody looked at that. Only callbacks change anything, and each
takes its dialog away first, so a second click finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError
from checks.people import Person
from checks.store import Store
from dashboard.parts import error_forms as forms
from dashboard.parts.error_acting import DOING, Decided, carry_out, counted, reopen, resolve, tell
from dashboard.parts.error_words import OPEN
from dashboard.parts.place import Place, demand, refusal
from dashboard.parts.words import number, plain, plural

Kind = Literal["ignore", "assign", "merge"]

_OPEN, _TROUBLE = "error-deciding", "error-trouble"


@dataclass(frozen=True)
class _Deciding:
    """The dialog that is open: what is decided, about which problems. `seen`: their states as shown; `titles` by id."""

    kind: Kind
    seen: Mapping[str, str]
    titles: Mapping[str, str]


def buttons(groups: pl.DataFrame, more: str = "") -> None:
    """What can be done with these problems: the ticked ones, else the open one; disabled where nothing is chosen.

    Args:
        groups: as shown, with id, state, title, source.
        more: Markdown that stands after the buttons.
    """
    why_not = refusal("fixer", DOING)
    opened = groups.filter(pl.col("state").is_in([*OPEN, "fixed_unconfirmed"]))
    closed = groups.filter(~pl.col("state").is_in(list(OPEN)))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="error-decide"):
        _at_once("Resolve", ":material/check_circle:", resolve, opened, why_not)
        _in_dialog("Ignore", ":material/notifications_off:", "ignore", opened, why_not)
        if closed.height:
            _at_once("Reopen", ":material/undo:", reopen, closed, why_not)
        _in_dialog("Assign", ":material/person:", "assign", groups, why_not)
        mergeable = groups if groups.height > 1 and groups["source"].n_unique() == 1 else groups.clear()
        _in_dialog("Merge", ":material/merge:", "merge", mergeable, why_not)
        st.caption(plain(why_not) if why_not else _hint(groups), width="content")
        if more:
            st.markdown(more, width="content")


def _hint(groups: pl.DataFrame) -> str:
    if groups.is_empty():
        return "Tick one or more rows first."
    if groups.height == 1:
        return "For this one; tick two or more to merge them."
    if groups["source"].n_unique() > 1:
        return "Only problems of one shop can be merged."
    return f"For exactly these {groups.height:,}."


def _label(verb: str, groups: pl.DataFrame) -> str:
    return f"{verb} {number(groups.height)}" if groups.height > 1 else verb


def _at_once(
    verb: str,
    icon: str,
    act: Callable[[Store, Mapping[str, str], Person], Decided],
    groups: pl.DataFrame,
    why_not: str | None,
) -> None:
    st.button(
        _label(verb, groups),
        icon=icon,
        key=f"error-{verb.lower()}",
        disabled=why_not is not None or groups.is_empty(),
        on_click=_carry_out,
        args=(act, _seen(groups)),
    )


def _in_dialog(verb: str, icon: str, kind: Kind, groups: pl.DataFrame, why_not: str | None) -> None:
    titles = dict(groups.select("id", "title").iter_rows())
    st.button(
        f"{_label(verb, groups)} …",
        icon=icon,
        key=f"error-{kind}",
        disabled=why_not is not None or groups.is_empty(),
        on_click=_begin,
        args=(_Deciding(kind, _seen(groups), titles),),
    )


def _seen(groups: pl.DataFrame) -> dict[str, str]:
    return dict(groups.select("id", "state").iter_rows())


def _begin(deciding: _Deciding) -> None:
    st.session_state[_OPEN] = deciding
    st.session_state[_TROUBLE] = None
    tell(None)


def _dismissed() -> None:
    st.session_state[_OPEN] = None
    st.session_state[_TROUBLE] = None


def _carry_out(act: Callable[[Store, Mapping[str, str], Person], Decided], seen: Mapping[str, str]) -> None:
    carry_out(act, seen)


def dialog(place: Place) -> None:
    """The dialog that is open, if one is; to be called once, from the page."""
    deciding: _Deciding | None = st.session_state.get(_OPEN)
    if deciding is None:
        return
    what = f"{deciding.kind.capitalize()} {plural(len(deciding.seen), 'problem')}"
    icons = {
        "ignore": ":material/notifications_off:",
        "assign": ":material/person:",
        "merge": ":material/merge:",
    }

    @st.dialog(f"{what}?", icon=icons[deciding.kind], on_dismiss=_dismissed)
    def body() -> None:
        if st.session_state.get(_OPEN) is None:
            st.rerun()  # decided: the whole page, for its list has changed
        forms.named(deciding.titles)
        if deciding.kind == "ignore":
            forms.ignore(place)
        elif deciding.kind == "assign":
            forms.assign(place)
        else:
            forms.merge(deciding.titles)
        if trouble := st.session_state.get(_TROUBLE):
            st.error(plain(trouble), icon=":material/error:")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button("Cancel", key="error-deciding-cancel", on_click=_dismissed)
            st.button(
                what,
                key="error-deciding-go",
                type="primary",
                icon=icons[deciding.kind],
                on_click=_decide,
                args=(place.store, place.zone),
            )

    body()


def _decide(store: Store, zone: tzinfo | None) -> None:
    """`on_click` of the dialog. A second click finds no dialog and does nothing."""
    deciding: _Deciding | None = st.session_state.get(_OPEN)
    if deciding is None:
        return
    st.session_state[_OPEN] = None
    try:
        done = _do(store, deciding, zone, demand("fixer", DOING))
    except KeurmeesterError as error:
        st.session_state[_OPEN] = deciding
        st.session_state[_TROUBLE] = str(error)
        return
    st.session_state[_TROUBLE] = None
    tell(done)


def _do(store: Store, deciding: _Deciding, zone: tzinfo | None, who: Person) -> Decided:
    """Writes the decision; what was done, in words. Raises UsageError with what is missing."""
    seen = deciding.seen
    if deciding.kind == "assign":
        name = forms.assignee()
        words = "{} assigned to " + (name or "nobody").replace("{", "{{").replace("}", "}}") + "."
        return counted(
            store,
            seen,
            lambda ids: store.errors.assign(ids, name, who.name),
            words,
            who,
            "assigned",
            others="{} so already",
        )
    if deciding.kind == "merge":
        into = forms.into()
        title = deciding.titles[into].replace("{", "{{").replace("}", "}}")
        others = {ident: state for ident, state in seen.items() if ident != into}
        return counted(
            store,
            others,
            lambda ids: store.errors.merge(ids, into, who.name, seen=dict(seen)),
            f"{{}} merged into “{title}”.",
            who,
            "merged",
            of=list(seen),
        )
    terms = forms.terms(zone)
    reason = forms.reason(terms)
    return counted(
        store,
        seen,
        lambda ids: store.errors.ignore(ids, who.name, **terms.given, reason=reason, seen=dict(seen)),
        f"{{}} ignored {terms.words}.",
        who,
        "ignored",
    )
