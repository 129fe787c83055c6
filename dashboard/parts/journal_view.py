"""The journal of fixes: the list, and one fix step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from checks.fixes import FIXES
from dashboard.parts import selecting
from dashboard.parts.place import Place
from dashboard.parts.shaping import check_title
from dashboard.parts.style import table_height
from dashboard.parts.words import CLASSES, FIX_STATES, STEP_STATES, Look, exact, field_title, plain, shown

_KINDS = {"do": "Answer", "compensate": "Answer, while putting back", "read-back": "What was found"}

_UNKNOWN = Look("Unknown", ":material/help:", "?", "gray")

_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "plan_id": pl.String,
    "check": pl.String,
    "fix": pl.String,
    "source": pl.String,
    "key": pl.String,
    "title": pl.String,
    "state": pl.String,
    "message": pl.String,
    "by": pl.String,
    "started_at": pl.Datetime("us", "UTC"),
    "finished_at": pl.Datetime("us", "UTC"),
    "created_at": pl.Datetime("us", "UTC"),
    "created_by": pl.String,
}


def fix_title(fix: str) -> str:
    """What the fix does, in words."""
    return FIXES[fix].title if fix in FIXES else fix


def as_frame(fixes: Sequence[Mapping[str, Any]], plans: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of `journal.fixes` with those of their plans, `at`: when something last happened, and `who`."""
    made = {
        plan["id"]: {"created_at": plan["created_at"], "created_by": plan["created_by"]} for plan in plans
    }
    rows = [{name: ({**fix, **made.get(fix["plan_id"], {})}).get(name) for name in _SCHEMA} for fix in fixes]
    at = pl.coalesce("finished_at", "started_at", "created_at")
    return pl.DataFrame(rows, schema=_SCHEMA).with_columns(at=at, who=pl.coalesce("by", "created_by"))


def chosen(fixes: pl.DataFrame, states: Sequence[str], text: str, plan: str = "") -> pl.DataFrame:
    """What the filters leave; running ones on top."""
    wanted = [pl.col("state").is_in(list(states))] if states else []
    if plan:
        wanted.append(pl.col("plan_id") == plan)
    for word in text.lower().split():
        columns = ("key", "title", "message", "who", "plan_id", "id")
        wanted.append(
            pl.any_horizontal(
                pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
                for column in columns
            )
        )
    left = fixes.filter(wanted) if wanted else fixes
    return left.sort(
        pl.col("state") == "running", "at", descending=[True, True], maintain_order=True, nulls_last=True
    )


def fix_table(
    fixes: pl.DataFrame, *, key: str, start: str | None, then: Callable[[list[str]], None] | None = None
) -> list[str]:
    """Draws the list; returns the ids of the selected fix."""
    looks = list(FIX_STATES.values())
    titles = {fix: fix_title(fix) for fix in fixes["fix"].drop_nulls().unique()}
    shown_rows = fixes.select(
        state=pl.concat_list(
            pl.col("state").replace_strict(
                {name: look.cell for name, look in FIX_STATES.items()}, default="? Unknown"
            )
        ),
        key="key",
        title="title",
        fix=pl.col("fix").replace_strict(titles, default=pl.col("fix"), return_dtype=pl.String),
        message="message",
        at="at",
        who="who",
    )
    columns = {
        "state": st.column_config.MultiselectColumn(
            "State", options=[look.cell for look in looks], color=[look.colour for look in looks], width=104
        ),
        "key": st.column_config.TextColumn("Article", width=84),
        "title": st.column_config.TextColumn("Name", width=130),
        "message": st.column_config.TextColumn("What came of it", width=180),
        "at": st.column_config.DatetimeColumn("When", format="distance", width=90),
        "who": st.column_config.TextColumn("By", width=64),
        "fix": st.column_config.TextColumn("Fix", width=170),
    }
    return selecting.table(
        fixes,
        shown_rows,
        columns,
        key=key,
        mode="single-row",
        height=table_height(fixes.height, 560),
        alt="Fixes, the newest first",
        start=start,
        then=then,
    )


def fix_panel(place: Place, fix_id: str) -> None:
    """One fix as a timeline: what was asked, what came back, when; and how it was before."""
    fix = place.store.journal.fix(fix_id)
    if fix is None:
        st.caption("This fix is not in the journal: it was removed with the retention, or the link is wrong.")
        return
    look = FIX_STATES.get(fix["state"], _UNKNOWN)
    with st.container(border=True, key="fix-panel"):
        name = plain(fix["title"] or fix["key"])
        st.markdown(f"{look.badge} {CLASSES[fix['klass']].badge}\n\n#### {name}")
        plan = place.store.journal.plan(fix["plan_id"]) or {}
        who = f"by {plain(fix['by'] or plan.get('created_by'))}"
        when = exact(fix["started_at"] or plan.get("created_at"), place.zone)
        st.caption(f"{plain(fix_title(fix['fix']))} · {plain(fix['key'])} · {who} · {when}")
        if fix["message"]:
            st.markdown(plain(fix["message"]))
        if fix.get("check"):
            st.page_link(
                "app_pages/findings.py",
                label=f"{plain(check_title(fix['check']))}: what is open for {plain(fix['key'])}",
                icon=":material/arrow_forward:",
                query_params={"text": fix["key"]},
            )
        _timeline(place.store.journal.steps(fix_id), place)
        if fix.get("consequences"):
            with st.expander("What it meant", icon=":material/info:"):
                st.markdown("\n".join(f"- {plain(words)}" for words in fix["consequences"]))
        if fix.get("before"):
            with st.expander("As it was before", icon=":material/history:"):
                _before(fix["before"], place)


def _timeline(steps: Sequence[Mapping[str, Any]], place: Place) -> None:
    st.markdown("**Step by step**")
    if not steps:
        st.caption("No step was taken: nothing was sent.")
    for step in steps:
        look = STEP_STATES.get(step["state"], _UNKNOWN)
        at = _when(step["at"], place)
        with st.container(horizontal=True, gap="small", vertical_alignment="top"):
            st.markdown(f":{look.colour}[{look.icon}]", width="content")
            with st.container(gap="xxsmall"):
                st.markdown(f"**{plain(step['title'])}** · :{look.colour}[{look.word}]{at}")
                line = request_line(step["request"])
                if line and step["kind"] != "read-back":
                    st.code(line, language=None, wrap_lines=True)
                if step["answer"]:
                    st.caption(f"{_KINDS.get(step['kind'], 'Answer')}: {plain(step['answer'])}")


def _when(at: datetime | None, place: Place) -> str:
    return "" if at is None else f" :gray[· {at.astimezone(place.zone).strftime('%H:%M:%S')}]"


def request_line(request: Mapping[str, Any] | None) -> str:
    """`DELETE /Products?WholesalerArticleNumber=A100`, as the journal keeps it."""
    return str((request or {}).get("line") or "")


def _before(before: Mapping[str, Any], place: Place) -> None:
    """What was read when the plan was made, part by part, in words instead of JSON."""
    for part, value in before.items():
        st.markdown(f"**{field_title(part)}**")
        if isinstance(value, dict):
            st.table(
                {f":gray[{plain(name)}]": plain(shown(one, place.zone)) for name, one in value.items()},
                border="horizontal",
                alt=f"{field_title(part)} before the fix",
            )
        elif isinstance(value, list):
            st.markdown("\n".join(f"- {plain(shown(one, place.zone))}" for one in value[:20]) or "none")
        else:
            st.markdown(plain(shown(value, place.zone)))
