"""The dialog of a plan: how many, what it means, what is lost, how it is undone, and which classes a person takes.

Nothing has happened when it opens. Of a plan for all only what is safe is taken; of one for named products also what needs
a look; what cannot be undone never without a tick of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from checks.fixes import CLASSES, Klass, Plan, PlanItem
from dashboard.parts import fix_items, fix_words, fix_work
from dashboard.parts.place import Place
from dashboard.parts.words import CLASS_MEANING, UNDO_CLASS_MEANING, plain, plural
from dashboard.parts.words import CLASSES as LOOKS

_MOST_SENTENCES = 5

#: Fixes whose consequences are what fields become.
_SETS = ("set-reference", "edit-product", "edit-sales")

#: What stands beside the tick of a class, alone and beside others.
_OFFERS = {
    "confirm": ("{} that {} a look", "Also {} that {} a look"),
    "irreversible": ("{} that cannot be undone", "Also {} that cannot be undone"),
}


def confirm(place: Place, plan: Plan, waiting: Collection[str]) -> None:
    """Opens the dialog. `waiting`: ids of those fixes of the plan that nobody has begun."""
    items = [item for item in plan.items if item.fix_id in waiting]
    undo = plan.kind == "undo"
    count = len(items)
    title = (
        f"{fix_words.verb_and_count(plan.fix, count, undo=undo)}?"
        if count
        else f"Nothing can be {fix_words.past(plan.fix, undo=undo)}"
    )

    @st.dialog(title, width="large", icon=fix_words.icon(plan.fix, undo=undo), on_dismiss=_dismissed)
    def dialog() -> None:
        if fix_work.dialog_of() != plan.id:
            st.rerun()  # confirmed or cancelled: the whole page
        for words in plan.notes:
            st.warning(plain(words), icon=":material/info:")
        chosen: list[Klass] = []
        if items:
            meaning = fix_words.meaning(plan.fix, undo=undo)
            said = meaning if count > 1 else (*items[0].consequences, meaning[-1])
            st.markdown("\n".join(f"- {plain(words)}" for words in said))
            chosen = _classes(plan, items)
            taken = [item for item in items if item.klass in chosen]
            if taken and count > 1 and plan.fix in _SETS:
                _sets(taken)
            _costs(taken)
            with st.expander(
                f"What happens to each of the {fix_words.things(plan.fix, count)}"
                if count > 1
                else "What is sent",
                icon=":material/list:",
                key="dialog-items",
            ):
                fix_items.of_plan(place, plan, items, chosen)
        if plan.not_planned:
            _left(plan)
        _buttons(place, plan, items, chosen)

    dialog()


def takes(plan: Plan, klass: Klass) -> bool:
    """Is this class taken unless a person says otherwise?"""
    return klass in plan.classes and klass != "irreversible"


def _dismissed() -> None:
    fix_work.close_dialog()


def _classes(plan: Plan, items: Sequence[PlanItem]) -> list[Klass]:
    """The classes with their counts, a tick beside what is more than safe; gives those that are taken."""
    counts = Counter(item.klass for item in items)
    meanings = UNDO_CLASS_MEANING if plan.kind == "undo" else CLASS_MEANING
    chosen: list[Klass] = []
    with st.container(gap="xsmall", key="dialog-classes"):
        for klass in CLASSES:
            count = counts[klass]
            if not count:
                continue
            look, things = LOOKS[klass], f"**{fix_words.things(plan.fix, count)}**"
            sign = f":{look.colour}[{look.icon}]"
            if klass == "safe":
                chosen.append(klass)
                st.markdown(f"{sign} {things}, safe: {meanings[klass]}.")
                continue
            alone, beside = _OFFERS[klass]
            offer = (beside if counts["safe"] else alone).format(things, "needs" if count == 1 else "need")
            if st.checkbox(
                f"{sign} {offer}: {meanings[klass]}.",
                value=takes(plan, klass),
                key=f"take-{klass}-{plan.id}",
            ):
                chosen.append(klass)
    return chosen


def _sets(items: Sequence[PlanItem]) -> None:
    """What fields become, over all that is taken: what was chosen for many at once is read once before it is sent."""
    told = Counter(sentence for item in items for sentence in item.consequences)
    whose = {sentence: item.key for item in items for sentence in item.consequences}
    st.markdown(":material/edit: **What changes**\n\n" + "\n".join(_each_once(told, whose)))


def _each_once(told: Counter[str], whose: Mapping[str, str]) -> list[str]:
    """The sentences said most often, each with how often, or of which."""
    lines = [
        f"- {plain(sentence[:1].upper() + sentence[1:])} :gray[({plain(whose[sentence]) if count == 1 else f'{count:,} times'})]"
        for sentence, count in told.most_common(_MOST_SENTENCES)
    ]
    if len(told) > _MOST_SENTENCES:
        lines.append(f"- … and {len(told) - _MOST_SENTENCES:,} more, listed below")
    return lines


def _costs(items: Sequence[PlanItem]) -> None:
    """What is lost, and how it is undone, over all that is taken."""
    if not items:
        return
    lost = Counter(sentence for item in items for sentence in item.lost)
    whose = {sentence: item.key for item in items for sentence in item.lost}
    never = sum((item.undo or "").startswith("Cannot be undone") for item in items)
    lines = _each_once(lost, whose)
    if lines:
        st.markdown(
            ":material/remove_circle_outline: **Lost: no undo brings it back**\n\n" + "\n".join(lines)
        )
    elif not never:
        st.markdown(":material/check: Nothing is lost: undoing brings all of it back.")
    ways = Counter(item.undo for item in items if item.undo)
    if len(ways) == 1:
        st.markdown(f":material/undo: {plain(next(iter(ways)))}")
    elif never == len(items):
        st.markdown(":material/block: None of it can be undone; each says why.")
    else:
        but = f" {never:,} of them cannot be." if never else ""
        st.markdown(
            f":material/undo: Undone with the button *Undo*, here or on the page Fixes; each says how.{but}"
        )


def _left(plan: Plan) -> None:
    count = len(plan.not_planned)
    label = f"{plural(count, 'is', 'are')} left to you"
    with st.expander(label, icon=":material/front_hand:", expanded=count <= 5, key="dialog-left"):
        fix_items.not_planned(plan)


def _buttons(place: Place, plan: Plan, items: Sequence[PlanItem], chosen: Sequence[Klass]) -> None:
    undo = plan.kind == "undo"
    count = sum(item.klass in chosen for item in items)
    why_not = may_not_apply(place, plan.source)
    if items and not count:
        why_not = why_not or "Nothing is taken yet: tick what is to be done."
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if items and why_not:
            st.caption(plain(why_not), width="stretch")
        st.button(
            "Cancel" if items else "Close",
            key="dialog-cancel",
            on_click=fix_work.close_dialog if items else fix_work.close,
        )
        if items:
            st.button(
                fix_words.verb_and_count(plan.fix, count, undo=undo)
                if count
                else fix_words.verb(plan.fix, undo=undo),
                key="dialog-confirm",
                type="primary",
                icon=fix_words.icon(plan.fix, undo=undo),
                disabled=why_not is not None,
                on_click=fix_work.apply,
                args=(place.settings, plan.id, tuple(chosen)),
            )


def may_not_apply(place: Place, source: str) -> str | None:
    """Why a plan for this source cannot be applied by who reads this."""
    known = {one.name: one for one in place.settings.sources}
    if source not in known:
        return f"{source} is not in the settings any more."
    if known[source].read_only:
        return f"{source} is read-only: take `read_only = true` out of the settings to repair from here."
    return place.may_not_fix
