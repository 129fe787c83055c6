"""What the checks of one source found: a row a check with count, change and age, and what was all sound beside it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import charts, check_notes, loading, shaping
from dashboard.parts.anchors import FINDINGS
from dashboard.parts.place import Place
from dashboard.parts.words import SEVERITIES, ago, exact, number, plain, plural

_WIDTHS = {"change": 64, "oldest": 96, "open": 110}


def checks_of(place: Place, source: str, wanted: Collection[str]) -> list[str]:
    """Those of `wanted` that are a question to that source, in the catalogue's order."""
    system = place.settings.source(source).system
    off = place.settings.checks.disabled
    return [
        check.id
        for check in CHECKS.values()
        if check.id in wanted and system in check.systems and check.id not in off
    ]


def by_check(place: Place, source: str, checks: Collection[str], found: pl.DataFrame) -> None:
    """Open findings by check, the gravest first, each a link to the list of them; the sound checks in a line.

    Args:
        found: open findings of `checks` in that source, as `loading.open_findings` gives them.
    """
    counts = shaping.counted(found)
    if counts.height:
        change = _changes(place, source)
        with st.container(border=True, gap="xsmall", key="by-check"):
            with st.container(horizontal=True, gap="small", key="attention-head"):
                st.caption("What is wrong", width="stretch")
                with _right("head"):
                    st.caption("Change", width=_WIDTHS["change"], text_alignment="right")
                    st.caption("Oldest", width=_WIDTHS["oldest"])
                    st.caption("", width=_WIDTHS["open"])
            for row in counts.iter_rows(named=True):
                _row(place, source, row, change.get(row["check"]))
    _sound(place, source, checks, set(counts["check"]))


def _row(place: Place, source: str, row: dict[str, Any], change: int | None) -> None:
    look = SEVERITIES[row["severity"]]
    moved = "–" if change is None else "=" if change == 0 else f"{'▲' if change > 0 else '▼'} {abs(change):,}"
    params = {"check": row["check"], "source": source}
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"attention-{row['check']}"
    ):
        st.page_link(
            FINDINGS,
            label=f":{look.colour}[{look.icon}] **{number(row['count'])}** {plain(row['title'])}",
            query_params=params,
            help=f"{look.word}. {CHECKS[row['check']].why if row['check'] in CHECKS else ''}",
            width="stretch",
        )
        with _right(row["check"]):
            st.caption(moved, width=_WIDTHS["change"], text_alignment="right")
            st.caption(
                ago(row["oldest"], place.now), width=_WIDTHS["oldest"], help=exact(row["oldest"], place.zone)
            )
            st.page_link(
                FINDINGS,
                label="Open the list",
                icon=":material/arrow_forward:",
                query_params=params,
                width=_WIDTHS["open"],
            )


def _right(of: str) -> Any:
    width = sum(_WIDTHS.values()) + 2 * 14
    return st.container(
        horizontal=True, vertical_alignment="center", gap="small", width=width, key=f"side-{of}"
    )


def _sound(place: Place, source: str, checks: Collection[str], wrong: Collection[str]) -> None:
    """The checks that were judged and found nothing; not those that could not run."""
    results = loading.results(place).filter(
        pl.col("check").is_in(list(checks))
        & (pl.col("source") == source)
        & (pl.col("status") != "could_not_run")
        & ~pl.col("check").is_in(list(wrong))
    )
    if results.is_empty():
        return
    titles = [shaping.check_title(check) for check in checks if check in set(results["check"])]
    st.caption(
        f":green[:material/check_circle:] {plural(len(titles), 'check')} all sound"
        f"{check_notes.checked_at(place)}: {plain(', '.join(titles))}."
    )


def _changes(place: Place, source: str) -> dict[str, int]:
    """Findings by check of this source in the last run, less those of the run before that judged it."""
    judged = loading.history(place).filter(
        (pl.col("source") == source) & (pl.col("status") != "could_not_run")
    )
    runs = judged["run_id"].unique(maintain_order=True).to_list()
    if len(runs) < 2:
        return {}
    last, before = (
        dict(judged.filter(pl.col("run_id") == run).select("check", "findings").iter_rows())
        for run in (runs[-1], runs[-2])
    )
    return {check: count - before[check] for check, count in last.items() if check in before}


def over_runs(place: Place, source: str, checks: Collection[str]) -> None:
    """Findings of these checks in one source over the last runs, by severity: from three runs on."""
    severities = {check: CHECKS[check].severity for check in checks}
    totals = (
        loading.history(place)
        .filter((pl.col("source") == source) & pl.col("check").is_in(list(severities)))
        .with_columns(
            severity=pl.col("check").replace_strict(severities, default=None, return_dtype=pl.String)
        )
        .group_by(at="finished_at", severity="severity")
        .agg(count=pl.col("findings").sum())
        .sort("at", "severity")
    )
    if totals["at"].n_unique() < 3:
        return
    st.subheader("Findings over the last runs", anchor="trend")
    charts.trend(totals)


def adding(system: str, about: str, toml: str) -> None:
    """What a page shows whose kind of source the settings do not have: how to add one.

    Args:
        system: as people call it; `about`: what it would tell; `toml`: a table for keurmeester.toml.
    """
    with st.container(border=True, key="no-source"):
        st.markdown(f"#### No {system} in the settings\n\n{about}")
        st.markdown("To add one, put this into `keurmeester.toml`, then run a health check:")
        st.code(toml, language="toml")
        st.caption(
            "The password stands in an environment variable (password_env) or in the keyring (password_keyring), never in "
            "the file. `keurmeester doctor` tells whether the source answers."
        )
