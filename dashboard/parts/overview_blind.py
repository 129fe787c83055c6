"""What the Overview says of what did not come and of the checks that could not run for it: each reason once."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from checks.frames import FRAMES
from dashboard.parts import loading, shaping
from dashboard.parts.place import Place
from dashboard.parts.words import plain, plural


def could_not_run(place: Place) -> None:
    """What could not be collected, and the checks that had nothing to judge, with the reason."""
    blind = loading.results(place).filter(pl.col("status") == "could_not_run")
    collected = loading.collected(place)
    missing = collected.filter(pl.col("status") == "failed")
    later = collected.filter(pl.col("status") == "deferred")
    if blind.is_empty() and missing.is_empty() and later.is_empty():
        return
    st.subheader("Could not run", anchor="could-not-run")
    with st.container(border=True, gap="xsmall", key="blind-list"):
        told: list[str] = []
        for rows, look in ((later, _LATER), (missing, _MISSING)):
            for row in rows.iter_rows(named=True):
                _missing_frame(row, look, blind)
                told.append(row["message"] or "")
        for (message, source), rows in _but_of(blind, told).group_by(
            ["message", "source"], maintain_order=True
        ):
            titles = ", ".join(shaping.check_title(check) for check in rows["check"])
            st.markdown(
                f":gray[:material/block:] **{plain(titles)}** :gray[{plain(str(source))}] {plain(str(message))}"
            )
        if blind.height:
            before = len(loading.finished_runs(place)) > 1
            st.caption(
                "Findings of these checks stayed as they were: neither seen again nor fixed."
                if before
                else "These checks have judged nothing yet: this was the first health check."
            )


_LATER = (":gray[:material/schedule:]", "left for later")
_MISSING = (":red[:material/cloud_off:]", "not collected")


def _missing_frame(row: dict[str, Any], look: tuple[str, str], blind: pl.DataFrame) -> None:
    """What did not come and why, said once; beneath it the checks that could not run for this reason."""
    icon, state = look
    title = FRAMES[row["frame"]].title if row["frame"] in FRAMES else row["frame"]
    st.page_link(
        "app_pages/data.py",
        label=f"{icon} **{plain(title)}** :gray[{plain(row['source'])}, {state}] {plain(row['message'])}",
    )
    waiting = _because_of(blind, row["message"] or "")
    if waiting.height:
        titles = ", ".join(dict.fromkeys(shaping.check_title(check) for check in waiting["check"]))
        st.caption(f":material/subdirectory_arrow_right: {plural(waiting.height, 'check')}: {plain(titles)}.")


def _because_of(blind: pl.DataFrame, reason: str) -> pl.DataFrame:
    """The checks whose message quotes the reason why a frame did not come."""
    return blind.filter(pl.col("message").str.contains(reason, literal=True) & pl.lit(reason != ""))


def _but_of(blind: pl.DataFrame, reasons: list[str]) -> pl.DataFrame:
    """The checks that could not run for another reason."""
    for reason in reasons:
        blind = blind.join(
            _because_of(blind, reason), on=["check", "source"], how="anti", maintain_order="left"
        )
    return blind
