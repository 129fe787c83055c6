"""Kept rows replaced by the same rows as they are read now, in the problems they belong to by what is known of them now.

They take the place of the kept ones first, and then all rows of the source are grouped anew, as when masks change: problems
keep their ids, states and counts wherever they can, what people merged stays one, what they split stays apart
(`error_regroup`). A problem that is left without a row, since all of its rows were counted in others already, leads there.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from checks.frame_spec import UTC
from checks.store import bulk
from checks.store.error_counting import move_fingerprints, recount
from checks.store.error_regroup import regroup_source
from checks.store.error_splits import apply, splits
from checks.store.error_state import (
    counts,
    event,
    fingerprints,
    groups,
    held,
    lead_to,
    rows,
    save_state,
    state_of,
    tell,
    things,
)
from checks.triage.states import Event, GroupState, counted

#: Rows that are new to a group: the columns of what `replace_rows` gives.
MOVED = pl.Schema([("row_id", pl.String()), ("at", UTC), ("group_id", pl.String())])

_WHY = "its rows were read with other field names"


def replace_rows(
    connection: sa.Connection,
    source: str,
    same: pl.DataFrame,
    read: pl.DataFrame,
    about: pl.DataFrame,
    moment: datetime,
    now: datetime,
    run_id: str,
) -> pl.DataFrame:
    """Replaces rows; gives those that came into a problem that was there already, from another one, as MOVED.

    Args:
        same: `error_known.SAME`; rows that are there no more are passed over.
        read: rows as kept with their fingerprint, at least all that `same` leads to.
        about: what these name.
        moment: when the log was read, by the server's clock.
    """
    old = _kept(connection, source, same["row_id"]).rename({"fingerprint": "was", "at": "was_at"})
    old = old.join(same, on="row_id").sort("seen_at", "row_id")
    if old.is_empty():
        return MOVED.to_frame()
    there = _kept(connection, source, old["to"]).join(old, on="row_id", how="anti")
    first = old.unique("to", keep="first", maintain_order=True).select(
        "was", "was_at", "seen_at", row_id="to"
    )
    come = (
        apply(read, splits(connection))
        .join(there, on="row_id", how="anti")
        .join(first, on="row_id")
        .with_columns(at=pl.when("dated").then("at").otherwise("was_at"))
        .drop("was_at")
        .sort("row_id")
    )
    home = _group_of(connection, old["was"].unique())
    known = set(_groups_there(connection, source))
    _write(connection, source, old, come.with_columns(fingerprint="was").drop("was"), about)
    recount(connection, sorted(set(home.values())))
    if (come["fingerprint"] != come["was"]).any():
        _heard_again(connection, old, come, home, moment, now, run_id)
        regroup_source(connection, source, now, _WHY)
    _drop_unused(connection, old["was"].unique())
    flows = old.select("to", home=pl.col("was").replace_strict(home, return_dtype=pl.String)).join(
        _kept(connection, source, old["to"]), left_on="to", right_on="row_id"
    )
    flows = flows.with_columns(
        group_id=pl.col("fingerprint").replace_strict(
            _group_of(connection, flows["fingerprint"].unique()), return_dtype=pl.String
        )
    )
    for ident in _emptied(connection, flows["home"].unique()):
        _led_on(connection, ident, flows.filter(pl.col("home") == ident), now, run_id)
    leads = lead_to(connection, flows["home"].unique().to_list())
    elsewhere = flows.filter(
        (pl.col("group_id") != pl.col("home").replace_strict(leads, return_dtype=pl.String))
        & pl.col("group_id").is_in(list(known))
        & pl.col("to").is_in(come["row_id"].implode())
    )
    return elsewhere.select(row_id="to", at="at", group_id="group_id").unique("row_id").cast(MOVED)


def _kept(connection: sa.Connection, source: str, ids: pl.Series) -> pl.DataFrame:
    query = sa.select(rows.c.row_id, rows.c.fingerprint, rows.c.at, rows.c.seen_at, rows.c.message)
    return bulk.frame(
        connection, query.where(rows.c.source == source, bulk.among(connection, rows.c.row_id, ids.unique()))
    )


def _group_of(connection: sa.Connection, marks: pl.Series) -> dict[str, str]:
    query = sa.select(fingerprints.c.fingerprint, fingerprints.c.group_id)
    known = bulk.frame(connection, query.where(bulk.among(connection, fingerprints.c.fingerprint, marks)))
    return dict(known.iter_rows())


def _groups_there(connection: sa.Connection, source: str) -> list[str]:
    query = sa.select(groups.c.id).where(groups.c.source == source, groups.c.merged_into.is_(None))
    return list(connection.execute(query).scalars())


def _write(
    connection: sa.Connection, source: str, old: pl.DataFrame, come: pl.DataFrame, about: pl.DataFrame
) -> None:
    """The rows, what they name and what they count for."""
    for table in (things, rows):
        gone = bulk.among(connection, table.c.row_id, old["row_id"])
        connection.execute(sa.delete(table).where(table.c.source == source, gone))
    bulk.insert(connection, rows, come.with_columns(source=pl.lit(source)))
    named = about.join(come, on="row_id", how="semi")
    bulk.insert(connection, things, named.with_columns(source=pl.lit(source)))
    by_hour = pl.concat(
        [
            old.select(fingerprint="was", hour="was_at", rows=pl.lit(-1, dtype=pl.Int64)),
            come.select("fingerprint", hour="at", rows=pl.lit(1, dtype=pl.Int64)),
        ]
    ).with_columns(pl.col("hour").dt.truncate("1h"))
    sums = by_hour.group_by("fingerprint", "hour").agg(pl.col("rows").sum())
    bulk.upsert(connection, counts, sums, ("fingerprint", "hour"), adding=True)
    connection.execute(sa.delete(counts).where(counts.c.rows == 0))


def _heard_again(
    connection: sa.Connection,
    old: pl.DataFrame,
    come: pl.DataFrame,
    home: dict[str, str],
    moment: datetime,
    now: datetime,
    run_id: str,
) -> None:
    """Says so in the history of each. One of rows that said nothing was ignored for that, not for what they turn out to say:
    where they are several problems, they are open.
    """
    changed = come.filter(pl.col("fingerprint") != pl.col("was")).with_columns(
        home=pl.col("was").replace_strict(home, return_dtype=pl.String)
    )
    marks = dict(changed.group_by("home").agg(pl.col("fingerprint").n_unique()).sort("home").iter_rows())
    silent = old.group_by(home=pl.col("was").replace_strict(home, return_dtype=pl.String)).agg(
        pl.col("message").is_null().all()
    )
    said_nothing = dict(silent.iter_rows())
    for row in held(connection, list(marks)):
        said, before = "Its rows were read again with other field names.", None
        if row["state"] == "ignored" and marks.get(row["id"], 0) > 1 and said_nothing.get(row["id"]):
            said += " They are several problems, and what they say was not known when this was ignored."
            before = state_of(row).as_json()
            save_state(connection, row["id"], GroupState("ongoing", moment))
        tell(connection, [event(row["id"], now, Event("regrouped", said), run_id=run_id, before=before)])


def _emptied(connection: sa.Connection, ids: pl.Series) -> list[str]:
    query = sa.select(groups.c.id).where(
        bulk.among(connection, groups.c.id, ids), groups.c.rows == 0, groups.c.merged_into.is_(None)
    )
    return sorted(connection.execute(query).scalars())


def _led_on(
    connection: sa.Connection,
    ident: str,
    flows: pl.DataFrame,
    now: datetime,
    run_id: str,
) -> None:
    """A group without rows leads to the one that took most of them."""
    taken = flows.group_by("group_id").len().sort("len", "group_id", descending=[True, False])
    target = taken["group_id"][0]
    [row] = held(connection, ident)
    left = sa.select(fingerprints.c.fingerprint).where(fingerprints.c.group_id == ident)
    move_fingerprints(connection, list(connection.execute(left).scalars()), target)
    connection.execute(sa.update(groups).where(groups.c.id == ident).values(merged_into=target))
    said = f"{row['title']} ({counted(flows.height)}) counts as this problem now. Its rows were read with other field names."
    nobody = sa.and_(groups.c.id == target, groups.c.assignee.is_(None))
    if (
        row["assignee"] is not None
        and connection.execute(sa.update(groups).where(nobody).values(assignee=row["assignee"])).rowcount
    ):
        said += f" {row['assignee']} looks after it."
    tell(connection, [event(target, now, Event("regrouped", said), run_id=run_id)])


def _drop_unused(connection: sa.Connection, marks: pl.Series) -> None:
    """Fingerprints in which nothing counts: rows that have one once more are a problem of their own.

    Those that people made by a text stay, as the rule that they are.
    """
    connection.execute(
        sa.delete(fingerprints).where(
            bulk.among(connection, fingerprints.c.fingerprint, marks),
            fingerprints.c.contains.is_(None),
            fingerprints.c.fingerprint.not_in(sa.select(counts.c.fingerprint)),
        )
    )
