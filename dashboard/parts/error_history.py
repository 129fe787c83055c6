"""The life of one problem: what happened to it, who said what, and what counts as it; with undo, a comment, and splitting."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import streamlit as st

from checks.errors import KeurmeesterError, UsageError
from checks.people import Person
from checks.store import Store
from dashboard.parts import error_acting as acting
from dashboard.parts.error_words import event_look
from dashboard.parts.error_words import title as titled
from dashboard.parts.place import Place, demand, refusal
from dashboard.parts.words import ago, exact, number, plain, plural

_COMMENT, _CONTAINS, _PARTS = "error-comment", "error-contains", "error-parts"


def history(place: Place, group: dict[str, Any]) -> None:
    """What happened, the newest first; the newest that can be taken back has its button."""
    events = place.store.errors.events(group["id"])
    st.markdown("**History**")
    lines = []
    for event in events.reverse().iter_rows(named=True):
        look = event_look(event["event"])
        who = f", by {plain(event['by'])}" if event["by"] else ""
        said = _happened(event, look.word)
        line = (
            f"{look.icon} {exact(event['at'], place.zone)} · {said.removesuffix('.') if who else said}{who}"
        )
        lines.append(f"- {_undone(event, line) if event['undone_at'] else line}")
    with st.container(height=300 if len(lines) > 9 else "content", border=False):
        st.markdown("\n".join(lines) or "Nothing yet.")
    alive = events.filter(pl.col("before").is_not_null() & pl.col("undone_at").is_null())
    if alive.height:
        last = alive.sort("number").row(-1, named=True)
        why_not = refusal("fixer", acting.DOING)
        only = f" (only {_changed(last)})" if last["event"] == "regrouped" else ""
        st.button(
            f"Undo: {event_look(last['event']).word.lower()}{only}, {ago(last['at'], place.now)}",
            icon=":material/undo:",
            key="error-undo-last",
            type="tertiary",
            disabled=why_not is not None,
            on_click=acting.undo,
            args=(place.store, (last["number"],)),
            help=why_not or "As it was before. What happened after it must be undone first.",
        )
    _comment(place, group)


def _undone(event: dict[str, Any], line: str) -> str:
    """The line of what was undone. What regrouping put together stays so: only what came of it is put back."""
    return f"{line} (put back: {_changed(event)})" if event["event"] == "regrouped" else f"~~{line}~~ undone"


def _changed(event: dict[str, Any]) -> str:
    """What regrouping made of a problem, of that which can be put back."""
    before = json.loads(event["before"])
    parts = [("state", "its state"), ("assignee", "who looks after it")]
    return " and ".join(words for name, words in parts if name in before)


def _happened(event: dict[str, Any], word: str) -> str:
    """What an event says of itself is a sentence; a comment is what somebody said."""
    detail = str(event["detail"] or "").strip()
    if event["event"] == "comment" or not detail:
        return f"**{word}**" + (f": {plain(detail)}" if detail else "")
    first, dot, rest = detail.partition(". ")
    return f"**{plain(first.rstrip('.'))}**" + (f". {plain(rest)}" if dot else "")


def _comment(place: Place, group: dict[str, Any]) -> None:
    why_not = refusal("fixer", acting.DOING)
    st.text_area(
        "Comment",
        key=_COMMENT,
        placeholder="What the next one who looks at this should know",
        height=70,
        label_visibility="collapsed",
        disabled=why_not is not None,
    )
    st.button(
        "Add comment",
        icon=":material/chat:",
        key="error-comment-go",
        disabled=why_not is not None,
        on_click=_say,
        args=(place.store, group["id"]),
    )
    if why_not:
        st.caption(plain(why_not))


def _say(store: Store, ident: str) -> None:
    text = str(st.session_state.get(_COMMENT) or "").strip()
    if not text:
        st.toast("Write the comment first.", icon=":material/chat:")
        return
    try:
        store.errors.comment([ident], text, demand("fixer", acting.DOING).name)
    except KeurmeesterError as error:
        st.toast(plain(str(error)), icon=":material/error:")
        return
    st.session_state[_COMMENT] = ""


def members(place: Place, group: dict[str, Any]) -> None:
    """What counts as this problem, and the two ways to take a part of it apart."""
    parts = place.store.errors.members(group["id"])
    why_not = refusal("fixer", acting.DOING)
    with st.expander(f"What counts as this problem ({parts.height})", icon=":material/call_split:"):
        titles = {row["fingerprint"]: _member(row) for row in parts.iter_rows(named=True)}
        if parts.height > 1:
            chosen = st.multiselect(
                "Parts to split off",
                list(titles),
                key=f"{_PARTS}-{group['id']}",
                format_func=lambda one: titles[one],
                placeholder="Choose what is a problem of its own",
            )
            st.button(
                f"Split off {number(len(chosen))}" if chosen else "Split off",
                icon=":material/call_split:",
                key="error-split",
                disabled=why_not is not None or not 0 < len(chosen) < parts.height,
                on_click=_split,
                args=(group, tuple(chosen)),
                help=why_not or "They become a problem of their own, for good; some must stay.",
            )
        else:
            st.caption(next(iter(titles.values()), "Nothing."))
        st.text_input(
            "Split off the rows that contain",
            key=_CONTAINS,
            placeholder="For example a brand number or a word of the message",
            disabled=why_not is not None,
        )
        st.button(
            "Split off these rows",
            icon=":material/call_split:",
            key="error-split-text",
            disabled=why_not is not None,
            on_click=_split_text,
            args=(group,),
        )
        st.caption(plain(why_not) if why_not else "Rows that come later and contain it count there too.")


def _member(row: dict[str, Any]) -> str:
    contains = f", with “{row['contains']}”" if row["contains"] else ""
    return f"{row['title']}{contains} ({plural(row['rows'], 'row')})"


def _split(group: dict[str, Any], fingerprints: tuple[str, ...]) -> None:
    def act(store: Store, seen: Any, who: Person) -> acting.Decided:
        made = store.errors.split(group["id"], list(fingerprints), who.name)
        return _told(store, made, plural(len(fingerprints), "part"), who)

    acting.carry_out(act, {group["id"]: group["state"]})


def _split_text(group: dict[str, Any]) -> None:
    contains = str(st.session_state.get(_CONTAINS) or "").strip()

    def act(store: Store, seen: Any, who: Person) -> acting.Decided:
        if not contains:
            raise UsageError("Write what the rows contain that are to be split off.")
        made = store.errors.split_by_text(group["id"], contains, who.name)
        return _told(store, made, f"The rows that contain “{contains}”", who)

    if acting.carry_out(act, {group["id"]: group["state"]}):
        st.session_state[_CONTAINS] = ""


def _told(store: Store, made: str, what: str, who: Person) -> acting.Decided:
    """What was split off, with the number of this split: the same part may have been split off, and merged, before."""
    new = store.errors.group(made) or {}
    own = (pl.col("event") == "split") & (pl.col("by") == who.name) & pl.col("before").is_not_null()
    numbers = store.errors.events(made).filter(own)["number"].to_list()  # the oldest first
    words = f"{what} split off: {titled(new.get('title')).replace(chr(92), '').rstrip('.')}."
    return acting.Decided(words, tuple(numbers[-1:]))
