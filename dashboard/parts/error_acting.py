"""What is done to problems of the error log, and the strip that tells it and offers to undo it.

For callbacks: each asks anew who is at work, and a refusal is told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError
from checks.people import Person
from checks.store import Store
from dashboard.parts.place import Place, demand
from dashboard.parts.words import number, plain, plural

DOING = "decide about API errors"
_DONE, _TOAST = "error-decided", "error-toast"


@dataclass(frozen=True)
class Decided:
    """What was just done, for the strip that offers to undo it. `numbers`: of its events."""

    words: str
    numbers: tuple[int, ...]


def carry_out(act: Callable[[Store, Mapping[str, str], Person], Decided], seen: Mapping[str, str]) -> bool:
    """Does it, for a callback, and keeps what was done for the strip; False where it was refused, with the reason told."""
    st.session_state[_DONE] = None
    store: Store = st.session_state["place"].store
    try:
        st.session_state[_DONE] = act(store, seen, demand("fixer", DOING))
    except KeurmeesterError as error:
        st.session_state[_TOAST] = (str(error), ":material/error:")
        return False
    return True


def resolve(store: Store, seen: Mapping[str, str], who: Person) -> Decided:
    return counted(
        store,
        seen,
        lambda ids: store.errors.resolve(ids, who.name, seen=dict(seen)),
        "{} resolved.",
        who,
        "resolved",
    )


def reopen(store: Store, seen: Mapping[str, str], who: Person) -> Decided:
    return counted(
        store,
        seen,
        lambda ids: store.errors.reopen(ids, who.name, seen=dict(seen)),
        "{} reopened.",
        who,
        "reopened",
    )


def counted(
    store: Store,
    seen: Mapping[str, str],
    act: Callable[[list[str]], int],
    words: str,
    who: Person,
    event: str,
    *,
    of: Sequence[str] | None = None,
    others: str = "changed meanwhile and {} left alone",
) -> Decided:
    """Does it, and tells how many it was done to, why not to the others, and which events to undo.

    Args:
        act: given the ids of `seen`, does it and gives to how many.
        event: what it is called in the history of those it is done to, or of `of`.
        others: what is said of those that it was not done to; `{}`: was or were.
    """
    ids = list(seen)
    told = ids if of is None else of
    before = _newest(store, told)
    count = act(ids)
    left = len(ids) - count
    alone = f" {number(left)} {others.format('was' if left == 1 else 'were')}." if left else ""
    return Decided(f"{words.format(plural(count, 'problem'))}{alone}", _made(store, told, before, who, event))


def _newest(store: Store, ids: Sequence[str]) -> int:
    """The number of the last event of these problems; 0 where there is none."""
    numbers = [store.errors.events(one)["number"].max() for one in ids]
    return max((int(one) for one in numbers if isinstance(one, int)), default=0)


def _made(store: Store, ids: Sequence[str], before: int, who: Person, event: str) -> tuple[int, ...]:
    """The events of this act, which can be undone: somebody else may have decided, or a run come by, at the same time."""
    own = (pl.col("by") == who.name) & pl.col("run_id").is_null() & (pl.col("event") == event)
    made: set[int] = set()
    for one in ids:
        events = store.errors.events(one).filter(
            (pl.col("number") > before) & pl.col("before").is_not_null() & own
        )
        made |= set(events["number"].to_list())
    return tuple(sorted(made))


def tell(done: Decided | None) -> None:
    """What the strip says from now on; None takes it away."""
    st.session_state[_DONE] = done


def outcome(place: Place) -> None:
    """The strip that says what was just done, with *Undo*; nothing when nothing was."""
    if toast := st.session_state.pop(_TOAST, None):
        st.toast(plain(toast[0]), icon=toast[1])
    done: Decided | None = st.session_state.get(_DONE)
    if done is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", border=True, key="error-decided-strip"
    ):
        st.markdown(f":green[:material/check_circle:] {plain(done.words)}", width="content")
        if done.numbers:
            st.button(
                "Undo",
                key="error-undo",
                icon=":material/undo:",
                type="tertiary",
                on_click=undo,
                args=(place.store, done.numbers),
            )
        st.button(
            "Close", key="error-decided-close", icon=":material/close:", type="tertiary", on_click=_forget
        )


def undo(store: Store, numbers: Sequence[int]) -> None:
    """`on_click`: everything as it was before; what somebody changed since stays, and is said."""
    st.session_state[_DONE] = None
    try:
        count = store.errors.undo(list(numbers), demand("fixer", DOING).name)
    except KeurmeesterError as error:
        st.session_state[_TOAST] = (str(error), ":material/error:")
        return
    st.session_state[_TOAST] = (f"{plural(count, 'change')} undone.", ":material/undo:")


def _forget() -> None:
    st.session_state[_DONE] = None
