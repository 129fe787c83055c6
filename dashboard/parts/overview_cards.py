"""The upper part of the Overview: the answer in a sentence, the score with its areas, open findings, the last run."""

from __future__ import annotations

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from checks.score import Score
from dashboard.parts import loading, shaping
from dashboard.parts.anchors import FINDINGS
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, ago, number, percent, plain, plural

_AREAS = {
    "products": "Products",
    "prices": "Prices",
    "clients": "Clients",
    "orders": "Orders",
    "connection": "Connection",
}


def answer(place: Place) -> None:
    """The sentence, the score and how it came about, open findings by severity."""
    now = loading.run_score(place)
    before = _scores_before(place)
    st.subheader(sentence(now, before[-1] if before else None), anchor="answer")
    findings = loading.open_findings(place)
    counts = shaping.by_severity(findings)
    with st.grid(5, min_column_width=160, gap="small"):
        with st.container(border=True, height="stretch", gap="xsmall"):
            _score_card(now, before)
        for area in [area for area in _AREAS if any(part.area == area for part in now.parts)]:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _area_card(place, area)
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.caption("Open findings")
            for severity, count in counts.items():
                look = SEVERITIES[severity]
                st.page_link(
                    FINDINGS,
                    label=f":{look.colour}[{look.icon}] **{number(count)}** {plain(look.word.lower())}"
                    + ("s" if count != 1 and severity != "info" else ""),
                    query_params={"severity": severity},
                )
        with st.container(border=True, height="stretch", gap="xsmall"):
            _run_card(place)


def sentence(now: Score, before: int | None) -> str:
    """`82 / 100, 3 below the run before. Missing photo costs most: ...`"""
    if now.value is None:
        return "No check could be judged in the last run, so there is no score."
    change = ""
    if before is not None:
        moved = now.value - before
        change = (
            ", as in the run before"
            if moved == 0
            else f", {abs(moved)} {'above' if moved > 0 else 'below'} the run before"
        )
    costly = [part for part in now.parts if part.lost > 0]
    if not costly:
        return f"{now.value} / 100{change}: nothing found that weighs."
    worst = costly[0]
    return (
        f"{now.value} / 100{change}. {worst.title} costs most: {number(worst.affected)} of {number(worst.entities)} "
        f"{CHECKS[worst.check].entity}s."
    )


def _scores_before(place: Place) -> list[int]:
    """Scores of the runs before the last one, oldest first; runs that judged nothing are left out."""
    scores = [loading.run_score(place, run).value for run in loading.finished_runs(place)[:-1]]
    return [value for value in scores if value is not None]


def _score_card(now: Score, before: list[int]) -> None:
    moved = None if not before or now.value is None else now.value - before[-1]
    st.metric(
        "Health score",
        "–" if now.value is None else f"{now.value} / 100",
        delta=moved,
        delta_description="since the run before" if moved is not None else None,
        chart_data=_line(before, now.value),
    )
    with st.popover("How it is made", icon=":material/help:", type="tertiary", width="content"):
        _explanation(now)


def _line(before: list[int], value: int | None) -> list[int] | None:
    """The trend line: from three runs on."""
    return [*before, value] if len(before) > 1 and value is not None else None


def _explanation(now: Score) -> None:
    st.markdown(f"{now.sentence}\n\n{now.method}")
    rows = [
        {
            "Check": part.title,
            "Sound": percent(part.sound),
            "Affected": f"{part.affected:,} of {part.entities:,}",
            "Weight": f"{part.weight:.0f}",
            "Costs": f"{part.lost:.1f}" if part.weight else "–",
        }
        for part in now.parts
    ]
    st.table(rows, border="horizontal", hide_index=True, alt="The parts of the score, the costliest first")
    if now.not_judged:
        titles = ", ".join(shaping.check_title(check) for check in now.not_judged)
        st.caption(f"Left out, for they could not run: {titles}.")


def _area_card(place: Place, area: str) -> None:
    part = loading.run_score(place, area=area)
    before = [
        value
        for run in loading.finished_runs(place)[:-1]
        if (value := loading.run_score(place, run, area).value) is not None
    ]
    moved = None if not before or part.value is None else part.value - before[-1]
    st.metric(
        _AREAS[area],
        "–" if part.value is None else f"{part.value} / 100",
        delta=moved,
        delta_description="since the run before" if moved is not None else None,
        chart_data=_line(before, part.value),
    )
    checks = [check.id for check in CHECKS.values() if check.area == area]
    count = loading.open_findings(place).filter(pl.col("check").is_in(checks)).height
    st.page_link(
        FINDINGS, label=plural(count, "finding"), icon=":material/flag:", query_params={"check": checks}
    )


def _run_card(place: Place) -> None:
    run = place.run
    if run is None:
        return
    at = run["finished_at"] or run["started_at"]
    st.caption("Last health check")
    st.markdown(f"**{ago(at, place.now).capitalize()}**, by {plain(run['started_by'])}")
    results = loading.results(place)
    counts = dict(results.group_by("status").agg(pl.len()).iter_rows())
    blind = counts.get("could_not_run", 0)
    st.caption(
        f"{plural(counts.get('failed', 0), 'check')} with findings, {counts.get('passed', 0)} all sound"
        + (f", **{blind} could not run**" if blind else "")
    )
    st.page_link("app_pages/data.py", label="What was collected", icon=":material/database:")
