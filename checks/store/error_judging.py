"""What a run means for the states of the problems of the error log: how many rows a day, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.frame_spec import UTC
from checks.store import bulk
from checks.store.error_days import Span, covered, known_until
from checks.store.error_state import (
    counts,
    event,
    fingerprints,
    groups,
    save_state,
    state_of,
    tell,
)
from checks.triage.states import Brought, after_run
from checks.triage.volume import judge

#: How far back a forecast looks.
_PAST = timedelta(days=32)


def judge_groups(
    connection: sa.Connection, source: str, new: pl.DataFrame, moment: datetime, now: datetime, run_id: str
) -> None:
    """Moves every group of the source on, by what is known of it at `moment` of the server's clock.

    Args:
        new: row_id, at, group_id of rows that their group had not before.
    """
    spans = covered(connection, source)
    known = connection.execute(
        sa.select(groups).where(groups.c.source == source, groups.c.merged_into.is_(None))
    ).mappings()
    live = [dict(row) for row in known]
    volume = _volume(connection, source, moment, spans)
    states = pl.DataFrame(
        {"group_id": [row["id"] for row in live], "state_at": [row["state_at"] for row in live]},
        schema={"group_id": pl.String, "state_at": UTC},
    )
    later = new.join(states, on="group_id").filter(pl.col("at") > pl.col("state_at"))
    after = dict(later.group_by("group_id").len().iter_rows())
    changed, told = [], []
    for row in live:
        ident, was = row["id"], state_of(row)
        judged = volume.get(ident, {"last_day": 0, "expected": None, "escalating": False})
        if (judged["last_day"], judged["expected"]) != (row["last_day"], row["expected"]):
            changed.append({"ident": ident, "last_day": judged["last_day"], "expected": judged["expected"]})
        brought = Brought(
            moment,
            row["rows"],
            after.get(ident, 0),
            row["first_seen"],
            judged["escalating"],
            known_until(spans, was.state_at),
        )
        if (change := after_run(was, brought)) is not None:
            state, happened = change
            save_state(connection, ident, state)
            told.append(event(ident, now, happened, run_id=run_id, before=state_of(row).as_json()))
    write_columns(connection, changed)
    tell(connection, told)


def _volume(
    connection: sa.Connection, source: str, moment: datetime, spans: list[Span]
) -> dict[str, Mapping[str, Any]]:
    hours = bulk.frame(
        connection,
        sa.select(fingerprints.c.group_id, counts.c.hour, counts.c.rows)
        .join(fingerprints, fingerprints.c.fingerprint == counts.c.fingerprint)
        .join(groups, groups.c.id == fingerprints.c.group_id)
        .where(groups.c.source == source, counts.c.hour >= moment - _PAST),
    )
    summed = hours.group_by("group_id", "hour").agg(pl.col("rows").sum())
    return {row["group_id"]: row for row in judge(summed, moment, spans).iter_rows(named=True)}


def write_columns(connection: sa.Connection, changed: list[dict[str, Any]]) -> None:
    """Writes columns of several groups; `ident` is which."""
    if changed:
        values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in changed[0] if name != "ident"}
        connection.execute(
            sa.update(groups).where(groups.c.id == sa.bindparam("ident")).values(values),
            [
                {name if name == "ident" else f"to_{name}": value for name, value in one.items()}
                for one in changed
            ],
        )
