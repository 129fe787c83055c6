"""The things of a plan one by one: what happens to each, what is lost, how it is undone, what is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from checks.fixes import Plan, PlanItem
from checks.sources.request import Request
from dashboard.parts import fix_requests
from dashboard.parts.place import Place
from dashboard.parts.words import CLASSES as LOOKS
from dashboard.parts.words import number, plain

_STEP = 20


def of_plan(place: Place, plan: Plan, items: Sequence[PlanItem], chosen: Collection[str]) -> None:
    """The items, a few at a time, with a search where there are many."""
    shown = list(items)
    if len(items) > _STEP:
        text = st.text_input(
            "Search",
            key=f"items-search-{plan.id}",
            placeholder="Article, name, what happens",
            label_visibility="collapsed",
            icon=":material/search:",
        )
        for word in (text or "").lower().split():
            shown = [item for item in shown if word in _searched(item)]
    if len(items) == 1:  # the dialog has said what it means
        _sent(place, plan, items[0])
        return
    most = st.session_state.get(f"items-most-{plan.id}", _STEP)
    with st.container(gap="xxsmall", key="dialog-item-list"):
        for item in shown[:most]:
            look = LOOKS[item.klass]
            aside = "" if item.klass in chosen else " :gray[not taken]"
            with st.expander(
                f"**{plain(item.key)}** {plain(item.title)} :{look.colour}[{look.icon}]{aside}",
                key=f"item-{item.fix_id}",
                type="compact",
            ):
                _item(place, plan, item)
    if len(shown) > most:
        st.button(
            f"Show more of the other {number(len(shown) - most)}",
            key="items-more",
            type="tertiary",
            icon=":material/expand_more:",
            on_click=_more,
            args=(plan.id, most),
        )
    elif not shown:
        st.caption("None matches.")


def not_planned(plan: Plan, most: int = 100) -> None:
    """What the plan leaves to a person, each with the reason."""
    lines = [f"- **{plain(key)}** {plain(reason)}" for key, reason in plan.not_planned[:most]]
    if len(plan.not_planned) > most:
        lines.append(f"- … and {number(len(plan.not_planned) - most)} more")
    with st.container(height=260 if len(lines) > 6 else "content"):
        st.markdown("\n".join(lines))


def _more(plan_id: str, most: int) -> None:
    st.session_state[f"items-most-{plan_id}"] = most + 2 * _STEP


def _searched(item: PlanItem) -> str:
    return " ".join((item.key, item.title or "", *item.consequences)).lower()


def _item(place: Place, plan: Plan, item: PlanItem) -> None:
    look = LOOKS[item.klass]
    lines = [f"- {plain(words)}" for words in item.consequences]
    lines += [
        f"- :{look.colour}[:material/remove_circle_outline:] Lost: {plain(words)}" for words in item.lost
    ]
    if item.undo:
        lines.append(f"- :material/undo: {plain(item.undo)}")
    st.markdown(f"{look.badge}\n\n" + "\n".join(lines))
    st.markdown("**What is sent**")
    _sent(place, plan, item)


def _sent(place: Place, plan: Plan, item: PlanItem) -> None:
    back = [as_sent(one) for one in item.compensation]
    for request in item.requests:
        fix_requests.show(place, plan.source, as_sent(request), back)


def as_sent(request: Request) -> dict[str, object]:
    """A request as the journal keeps it."""
    return {**request.as_json(), "line": request.line}
