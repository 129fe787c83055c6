"""The upper part of the Overview: the answer in a sentence, the score with its areas, open findings, the last run."""

from __future__ import annotations

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from checks.score import Score
from dashboard.parts import loading, shaping
from dashboard.parts.anchors import FINDINGS, page_of
from dashboard.parts.place import Place
from dashboard.parts.words import (
    AREAS,
    BESIDE_AREAS,
    ENTITIES,
    SEVERITIES,
    ago,
    number,
    percent,
    plain,
    plural,
)


def answer(place: Place) -> None:
    """The sentence, the score and those of its areas with how they came about, open findings by severity."""
    now = loading.run_score(place)
    runs = loading.finished_runs(place)
    before = loading.run_score(place, runs[-2]) if len(runs) > 1 else None
    st.subheader(sentence(now, before), anchor="answer")
    asked = [*(part.check for part in now.parts), *now.not_judged]
    areas = [area for area in AREAS if any(CHECKS[check].area == area for check in asked)]
    judged = loading.results(place)["check"].unique().to_list()
    beside = [
        area
        for area in BESIDE_AREAS
        if any(check in CHECKS and CHECKS[check].area == area for check in judged)
    ]
    run_before = runs[-2] if len(runs) > 1 else None
    with st.grid(1 + len(areas), min_column_width=150, gap="small"):
        with st.container(border=True, height="stretch", gap="xsmall"):
            _metric("Health score", now, before, loading.score_trend(place))
            with st.popover("How it is made", icon=":material/help:", type="tertiary", width="content"):
                _explanation(now)
        for area in areas:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _area_card(place, area, AREAS[area], run_before)
    if beside:
        st.caption("Beside the shop, not in its score")
        with st.grid(1 + len(areas), min_column_width=150, gap="small"):
            for area in beside:
                with st.container(border=True, height="stretch", gap="xsmall"):
                    _area_card(place, area, BESIDE_AREAS[area], run_before)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="open-now"):
        _open_findings(place)
        _last_run(place)


def sentence(now: Score, before: Score | None) -> str:
    """`82 / 100, 3 below the run before: 14 more products with Missing photo.`"""
    if now.value is None:
        return _no_score(now)
    head = f"{now.value} / 100"
    if before is not None and not comparable(now, before):
        return f"{head}, {_not_comparable(now)}."
    if before is not None and before.value is not None:
        moved = now.value - before.value
        if moved == 0:
            head += ", as in the run before"
        else:
            head += f", {abs(moved)} {'above' if moved > 0 else 'below'} the run before"
            if cause := _cause(now, before, moved):
                return f"{head}: {cause}."
    if not now.raise_most:
        return f"{head}: nothing found that weighs."
    worst = now.raise_most[0]
    return f"{head}. {worst.title} costs most: {number(worst.affected)} of {_things(worst.entities, worst.check)}."


def comparable(now: Score, before: Score | None) -> bool:
    """Do both have a number, of the very same checks?"""
    return (
        before is not None
        and now.value is not None
        and before.value is not None
        and now.judged == before.judged
    )


def _not_comparable(now: Score) -> str:
    blind = len(now.not_judged)
    why = f": {plural(blind, 'check')} could not run" if blind else ": it judged other checks"
    return f"not comparable with the run before{why}"


def _no_score(now: Score) -> str:
    if not now.parts:
        return "No check could be judged in the last run, so there is no score."
    return f"Too little could be judged for a score: {plural(len(now.not_judged), 'check')} could not run."


def _cause(now: Score, before: Score, moved: int) -> str | None:
    """The check that moved the score most in the way it went; None when no check that both runs judged did."""
    was, has = _by_check(before), _by_check(now)
    changes = [
        (lost - was[check][0], check, affected - was[check][1])
        for check, (lost, affected) in has.items()
        if check in was
    ]
    changes = [change for change in changes if change[0] * moved < 0 and change[2]]
    if not changes:
        return None
    _, check, count = max(changes, key=lambda change: abs(change[0]))
    return f"{abs(count):,} {'more' if count > 0 else 'fewer'} with {shaping.check_title(check)}"


def _by_check(score: Score) -> dict[str, tuple[float, int]]:
    """Points lost and things affected by check, over all sources."""
    sums: dict[str, tuple[float, int]] = {}
    for part in score.parts:
        lost, affected = sums.get(part.check, (0.0, 0))
        sums[part.check] = (lost + part.lost, affected + part.affected)
    return sums


def _things(count: int, check: str) -> str:
    """`1,204 products`: what a check judges."""
    return plural(count, *ENTITIES.get(CHECKS[check].entity, ("thing", "things")))


def _metric(title: str, now: Score, before: Score | None, trend: list[int]) -> None:
    """A score with its change where the run before judged the same, and from three runs on its line."""
    moved = None
    if comparable(now, before) and now.value is not None and before is not None and before.value is not None:
        moved = now.value - before.value
    st.metric(
        title,
        "not judged" if now.value is None else f"{now.value} / 100",
        delta=moved,
        delta_description="since the run before" if moved is not None else None,
        chart_data=trend if len(trend) > 2 and now.value is not None else None,
    )
    if now.value is None:
        st.caption(f"{plural(len(now.not_judged), 'check')} could not run.")
    elif before is not None and moved is None:
        st.caption(f"{_not_comparable(now).capitalize()}.")


def _explanation(now: Score) -> None:
    st.markdown(f"{now.sentence}\n\n{now.method}")
    rows = [
        {
            "Check": part.title,
            "Sound": percent(part.sound),
            "Affected": f"{part.affected:,} of {part.entities:,}",
            "Weight": f"{part.weight:.0%}",
            "Costs": f"{part.lost:.1f}" if part.weight else "–",
        }
        for part in now.parts
    ]
    st.table(rows, border="horizontal", hide_index=True, alt="The parts of the score, the costliest first")
    if now.not_judged:
        titles = ", ".join(shaping.check_title(check) for check in now.not_judged)
        st.caption(f"Left out, for they could not run: {titles}.")


def _area_card(place: Place, area: str, title: str, run_before: str | None) -> None:
    now = loading.run_score(place, area=area)
    before = None if run_before is None else loading.run_score(place, run_before, area)
    _metric(title, now, before, loading.score_trend(place, area))
    checks = [check.id for check in CHECKS.values() if check.area == area]
    count = loading.open_findings(place).filter(pl.col("check").is_in(checks)).height
    st.page_link(
        FINDINGS, label=plural(count, "finding"), icon=":material/flag:", query_params={"check": checks}
    )


def _open_findings(place: Place) -> None:
    counts = shaping.by_severity(loading.open_findings(place))
    st.markdown(f"**{number(sum(counts.values()))}** open:", width="content")
    for severity, count in counts.items():
        look = SEVERITIES[severity]
        st.page_link(
            FINDINGS,
            label=f":{look.colour}[{look.icon}] **{number(count)}** {plain(look.word.lower())}"
            + ("s" if count != 1 and severity != "info" else ""),
            query_params={"severity": severity},
            width="content",
        )


def _last_run(place: Place) -> None:
    run = place.run
    if run is None:
        return
    at = run["finished_at"] or run["started_at"]
    counts = dict(loading.results(place).group_by("status").agg(pl.len()).iter_rows())
    blind = counts.get("could_not_run", 0)
    st.caption(
        f"Checked {ago(at, place.now)} by {plain(run['started_by'])}: "
        f"{plural(counts.get('failed', 0), 'check')} with findings, {counts.get('passed', 0)} all sound"
        + (f", **{blind} could not run**" if blind else ""),
        width="content",
    )
    st.page_link("app_pages/data.py", label="What was collected", icon=":material/database:", width="content")


def raise_most(place: Place) -> None:
    """What would raise the score most, each with the points it gives back and the way to put it right."""
    parts = loading.run_score(place).raise_most
    if not parts:
        return
    st.subheader("What would raise it most", anchor="raise")
    with st.container(border=True, gap="xxsmall", key="raise-list"):
        for part in parts:
            page, params = page_of(part.check)
            st.page_link(
                page,
                label=f":green[**+{part.lost:.1f}**] {plain(part.title)} "
                f":gray[{number(part.affected)} of {_things(part.entities, part.check)}]",
                query_params=params or None,
            )
