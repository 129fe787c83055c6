"""One fix on its own page: what it did to what, who had it done, every step, both states where a person has to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from checks.fixes import FIXES, ONBOARDING
from checks.store import fix_history
from dashboard.parts import address, fix_attention, fix_requests, fix_words, fix_work, journal_view
from dashboard.parts.fix_outcome import FIX_PAGE, FIXES_PAGE
from dashboard.parts.fix_undo import undo_action
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.words import CLASSES, ago, exact, plain

Fix = Mapping[str, Any]

#: What a fix touches -> what findings call it.
_ENTITIES = {
    "product": "product",
    "client price": "client-product",
    "order list item": "order-list-item",
    "order": "order",
    "client": "client",
}


def asked(place: Place) -> Fix | None:
    """The fix that the URL names; None where there is none of that id."""
    return place.store.journal.fix(address.given("fix"))


def not_there() -> None:
    """What stands in its place."""
    with st.container(border=True, key="no-such-fix"):
        st.markdown(
            "**This repair is not in the journal.** It was removed with the retention, its plan was discarded, or the link "
            "is wrong."
        )
        st.page_link(FIXES_PAGE, label="All repairs", icon=":material/build:")


def head(place: Place, fix: Fix) -> None:
    """State, class, what, who, when, and what came of it."""
    undo = fix["kind"] == "undo"
    plan = place.store.journal.plan(fix["plan_id"]) or {}
    at = fix["finished_at"] or fix["started_at"] or plan.get("created_at")
    done_by = fix["by"] or plan.get("created_by")
    st.markdown(f"{journal_view.look_of(fix['state']).badge} {CLASSES[fix['klass']].badge}")
    st.caption(
        f"{fix_words.icon(fix['fix'], undo=undo)} {plain(fix_words.title(fix['fix'], undo=undo))} · {plain(fix['key'])} · "
        f"{plain(fix['source'])} · by {plain(done_by)}, {ago(at, place.now)}",
        help=exact(at, place.zone),
    )
    if fix["state"] == "needs_attention":
        fix_attention.both(fix["message"])
    elif fix["message"]:
        st.markdown(plain(fix["message"]))
    elif fix["state"] == "planned":
        st.markdown("Nobody has begun it: nothing was sent.")


def actions(place: Place, fix: Fix, *, key: str) -> None:
    """What can be done now: undo, resume; or the honest reason why not."""
    if fix["state"] == "needs_attention":
        fix_attention.buttons(place, fix, key=key)
    elif fix["state"] == "done" and fix["kind"] == "do":
        undo_action(place, [fix["id"]], key=f"{key}-undo")


def watch(place: Place, fix: Fix) -> None:
    """While it is carried out: draws the page again when its state changes."""
    if fix["state"] == "running" or fix_work.is_at_work():
        _watch(place, fix["id"], fix["state"])


@st.fragment(run_every=1.0)
def _watch(place: Place, fix_id: str, state: str) -> None:
    row = place.store.journal.fix(fix_id)
    if (row is None or row["state"] != state) or (state != "running" and not fix_work.is_at_work()):
        st.rerun()
    st.caption(":material/sync: It is being carried out …")


def links(place: Place, fix: Fix) -> None:
    """The thing it is about, its findings, its plan, and the repair that it undoes or that undid it."""
    thing = FIXES[fix["fix"]].thing if fix["fix"] in FIXES else "product"
    target = entity_page(_ENTITIES.get(thing, "product"), fix["source"], fix["key"])
    with st.container(gap="xxsmall", key="fix-links"):
        if target is not None:
            st.page_link(
                target[0],
                label=f"All about this {thing}",
                icon=":material/open_in_full:",
                query_params=target[1],
            )
        _findings(place, fix)
        st.page_link(
            FIXES_PAGE,
            label="The plan it belongs to",
            icon=":material/pending_actions:",
            query_params={"plan": fix["plan_id"]},
        )
        if fix["undoes"]:
            st.page_link(
                FIX_PAGE,
                label="The repair that it undoes",
                icon=":material/undo:",
                query_params={"fix": fix["undoes"]},
            )
        for other in fix_history.undone_by(place.store.journal, fix["id"]):
            st.page_link(
                FIX_PAGE,
                label="What undid it"
                if other["state"] == "done"
                else f"To undo it: {journal_view.look_of(other['state']).word.lower()}",
                icon=":material/undo:",
                query_params={"fix": other["id"]},
            )


def _findings(place: Place, fix: Fix) -> None:
    ids = fix["finding_ids"] or ([fix["finding_id"]] if fix["finding_id"] else [])
    found = place.store.findings(ids=ids, status="all") if ids else None
    for row in found.iter_rows(named=True) if found is not None else ():
        st.page_link(
            "app_pages/findings.py",
            label=f"Its finding: {journal_view.check_words(row['check'])}",
            icon=":material/flag:",
            help=plain(row["message"]),
            query_params={"finding": row["id"], "text": row["key"], "status": row["status"]},
        )


def meant(place: Place, fix: Fix) -> None:
    """What the plan said: consequences, what is lost, how it is undone."""
    lines = [f"- {plain(words)}" for words in fix["consequences"]]
    lines += [f"- :material/remove_circle_outline: Lost: {plain(words)}" for words in fix["lost"]]
    if fix["undo"]:
        lines.append(f"- :material/undo: {plain(fix['undo'])}")
    if lines:
        st.markdown("**What the plan said**\n\n" + "\n".join(lines))


def before(place: Place, fix: Fix) -> None:
    """What was read when the plan was made, and all that putting back needs: fields in words, pictures."""
    saved = fix["before"] or {}
    if fix["check"] == ONBOARDING:
        return  # there was nothing
    with st.expander("As it was before", icon=":material/history:", key="fix-before"):
        for part in ("own", "linked", "order"):
            if isinstance(saved.get(part), Mapping):
                fix_requests.table(place, fix["source"], saved[part])
        if saved.get("client_prices"):
            st.markdown("**Client prices**")
            for price in saved["client_prices"]:
                fix_requests.table(place, fix["source"], price)
        if saved.get("photos"):
            st.markdown("**Photos**")
            fix_requests.thumbnails(
                place, [photo["sha256"] for photo in saved["photos"] if photo.get("sha256")]
            )


def timeline(place: Place, fix: Fix, *, whole: bool) -> None:
    """Every step."""
    journal_view.timeline(place, fix["source"], place.store.journal.steps(fix["id"]), whole=whole)
